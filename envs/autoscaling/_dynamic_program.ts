/**
 * Backward induction over the autoscaled service's states.
 *
 * A state is (step, instances, pending change, queue, cooldown). What a step
 * pays depends on the pending change, not on the action taken in it, so that
 * the pending change is maximised over instead of stored.
 *
 * @module
 */
import type { AutoscalingSettings } from "./options.ts";
import { createStepWaits } from "./service_level.ts";

/** Penalty of an action that is refused. */
const REFUSED_PENALTY = -0.1;
/** Intervals into which queues above the cap are gathered. */
const COARSE_BINS = 128;

/** A finite piece of the service's life. */
export interface Program {
  /** Dynamics and reward. */
  readonly settings: AutoscalingSettings;
  /** Items that arrive in each step. Shape [steps]. */
  readonly influx: Float64Array;
  /** Where it begins. */
  readonly start: {
    /** Instances that run. */
    readonly instances: number;
    /** Change that the first step carries out. */
    readonly pending: number;
    /** Items that wait. */
    readonly queue: number;
    /** Steps until another change is allowed. */
    readonly cooldown: number;
  };
}

/** What {@linkcode solveProgram} finds. */
export interface Plan {
  /** No plan returns more. */
  readonly bound: number;
  /** Places in `actionDeltas`. Shape [steps]. */
  readonly actions: Int32Array;
}

/**
 * Queue lengths in order: one bin each up to the cap, intervals up to the
 * limit, and one for a service that has failed.
 */
interface Bins {
  readonly count: number;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  of(queue: number): number;
}

/** The longest queue of a service that has not failed. */
function longestQueue({ settings, influx, start }: Program): number {
  const everything = influx.reduce((sum, items) => sum + items, start.queue);
  return Math.min(Math.floor(settings.service.queueLimit), everything);
}

function createBins(program: Program, queueCap: number): Bins {
  const limit = longestQueue(program);
  const cap = Math.min(queueCap, limit);
  const width = Math.max(1, Math.ceil((limit - cap) / COARSE_BINS));
  const count = cap + 1 + Math.ceil((limit - cap) / width) + 1;
  const lowestOf = (bin: number) =>
    bin <= cap ? bin : Math.min(limit, cap + (bin - cap - 1) * width) + 1;
  const lowest = Float64Array.from({ length: count }, (_, i) => lowestOf(i));
  return {
    count,
    lowest,
    highest: lowest.map((_, bin) => lowestOf(bin + 1) - 1),
    of(queue) {
      if (queue <= cap) return queue;
      if (queue > limit) return count - 1;
      return cap + 1 + Math.floor((queue - cap - 1) / width);
    },
  };
}

/**
 * What one step pays: `fixed + perInstance x instances after it`. Written for
 * a queue that lies between two bounds, so that no queue between them pays
 * more.
 */
interface Payment {
  fixed: number;
  perInstance: number;
}

type PaymentOf = (
  step: { influx: number; capacity: number },
  queue: { lowest: number; highest: number },
  payment: Payment,
) => void;

function loadOf(total: number, capacity: number): number {
  return Math.ceil(Math.min(total, capacity) / capacity * 100) / 100;
}

function createPayment(settings: AutoscalingSettings): PaymentOf {
  const { service, violationPrice } = settings;
  if (settings.reward === "reference") {
    return ({ influx, capacity }, { lowest, highest }, payment) => {
      const left = Math.max(0, influx + lowest - capacity);
      payment.fixed = -left / (1 + left);
      payment.perInstance = (loadOf(influx + highest, capacity) - 1) /
        service.maximumInstances;
    };
  }
  const waitsOf = createStepWaits(settings);
  const price = service.pricePerHour * service.stepSeconds / 3600;
  return ({ influx, capacity }, { lowest }, payment) => {
    // Among queues that are not empty the shortest violates least.
    const { shareOverLimit } = waitsOf(influx, capacity, lowest);
    payment.fixed = -violationPrice * shareOverLimit * influx;
    payment.perInstance = -price;
  };
}

/** Sizes that can run when a step begins. */
function reachableSizes(
  { settings, start }: Program,
  step: number,
): [number, number] {
  const { minimumInstances, maximumInstances } = settings.service;
  const first = sizeAfter(settings, start.instances, start.pending);
  const changes = Math.max(0, step - 1);
  return [
    Math.max(
      minimumInstances,
      first + changes * Math.min(...settings.actionDeltas),
    ),
    Math.min(
      maximumInstances,
      first + changes * Math.max(...settings.actionDeltas),
    ),
  ];
}

function isAllowed(settings: AutoscalingSettings, size: number): boolean {
  const { minimumInstances, maximumInstances } = settings.service;
  return size >= minimumInstances && size <= maximumInstances;
}

function sizeAfter(
  settings: AutoscalingSettings,
  instances: number,
  change: number,
): number {
  const size = instances + change;
  return isAllowed(settings, size) ? size : instances;
}

/** How many values {@linkcode solveProgram} would keep. */
export function programSize(program: Program, queueCap: number): number {
  const steps = program.influx.length;
  const [fewest, most] = reachableSizes(program, steps);
  return steps * (most - fewest + 1) * (program.settings.cooldownSteps + 1) *
    createBins(program, queueCap).count;
}

/**
 * The best plan, where queues above the cap are taken to be whatever queue of
 * their interval is best. Where the plan returns `bound` in truth, it is
 * optimal.
 *
 * @param program Whole numbers of items, one step at least.
 * @param queueCap Longest queue that has a state of its own; at least that of
 * the start.
 */
export function solveProgram(program: Program, queueCap: number): Plan {
  const { settings, influx, start } = program;
  const { actionDeltas, cooldownSteps, service } = settings;
  const steps = influx.length;
  const bins = createBins(program, queueCap);
  const [fewest, most] = reachableSizes(program, steps);
  const sizes = most - fewest + 1;
  const layerLength = (cooldownSteps + 1) * sizes * bins.count;
  /** Where the row of a size begins; cooldown as before the last action. */
  const rowOf = (cooldown: number, instances: number) =>
    (cooldown * sizes + instances - fewest) * bins.count;
  // The smallest change first: it is the one taken among equals.
  const byChange = actionDeltas.map((_, i) => i).sort((a, b) =>
    Math.abs(actionDeltas[a]) - Math.abs(actionDeltas[b])
  );
  const holdOnly = [actionDeltas.indexOf(0)];
  const failure = -settings.failurePenalty;
  const choices = new Uint8Array(steps * layerLength);
  // Nothing is paid after the last step.
  let laterValues = new Float64Array(layerLength);
  for (let i = bins.count - 1; i < layerLength; i += bins.count) {
    laterValues[i] = failure;
  }
  let values = laterValues.slice();

  const paymentOf = createPayment(settings);
  const payment: Payment = { fixed: 0, perInstance: 0 };
  const fixed = new Float64Array(bins.count);
  const perInstance = new Float64Array(bins.count);
  const firstNext = new Int32Array(bins.count);
  const lastNext = new Int32Array(bins.count);

  /** Payments and next bins of all queues, for one step and size. */
  function payForStep(items: number, instances: number): void {
    const step = {
      influx: items,
      capacity: instances * service.capacityPerInstance,
    };
    const queue = { lowest: 0, highest: 0 };
    for (let bin = 0; bin < bins.count - 1; bin++) {
      queue.lowest = bins.lowest[bin];
      queue.highest = bins.highest[bin];
      paymentOf(step, queue, payment);
      fixed[bin] = payment.fixed;
      perInstance[bin] = payment.perInstance;
      const arrived = items - step.capacity;
      firstNext[bin] = bins.of(Math.max(0, queue.lowest + arrived));
      lastNext[bin] = bins.of(Math.max(0, queue.highest + arrived));
    }
  }

  /** Takes a choice wherever it is better than those before it. */
  function improve(
    row: number,
    choice: { action: number; after: number; nextRow: number },
    choicesOfStep: Uint8Array,
  ): void {
    const { action, after, nextRow } = choice;
    const best = values;
    const next = laterValues;
    for (let bin = 0; bin < bins.count - 1; bin++) {
      const last = nextRow + lastNext[bin];
      let i = nextRow + firstNext[bin];
      let later = next[i];
      while (i < last) later = Math.max(later, next[++i]);
      const value = fixed[bin] + perInstance[bin] * after + later;
      if (value > best[row + bin]) {
        best[row + bin] = value;
        choicesOfStep[row + bin] = action;
      }
    }
  }

  function solveStep(step: number): void {
    const choicesOfStep = choices.subarray(
      step * layerLength,
      (step + 1) * layerLength,
    );
    const [smallest, largest] = reachableSizes(program, step);
    for (let instances = smallest; instances <= largest; instances++) {
      payForStep(influx[step], instances);
      for (let cooldown = 0; cooldown <= cooldownSteps; cooldown++) {
        const row = rowOf(cooldown, instances);
        values.fill(-Infinity, row, row + bins.count - 1);
        for (const action of cooldown > 0 ? holdOnly : byChange) {
          const after = instances + actionDeltas[action];
          // A refused change is never better than none.
          if (!isAllowed(settings, after)) continue;
          const left = cooldownAfter(cooldown, actionDeltas[action], settings);
          const nextRow = rowOf(left, after);
          improve(row, { action, after, nextRow }, choicesOfStep);
        }
      }
    }
  }

  for (let step = steps - 1; step > 0; step--) {
    solveStep(step);
    [values, laterValues] = [laterValues, values];
  }

  const capacity = start.instances * service.capacityPerInstance;
  const exact = { lowest: start.queue, highest: start.queue };
  paymentOf({ influx: influx[0], capacity }, exact, payment);
  const wanted = start.instances + start.pending;
  const after = sizeAfter(settings, start.instances, start.pending);
  const refused = !isAllowed(settings, wanted) &&
    settings.reward === "reference";
  const queue = Math.max(0, start.queue + influx[0] - capacity);
  const row = rowOf(start.cooldown, steps === 1 ? fewest : after);
  return {
    bound: payment.fixed + payment.perInstance * after +
      (refused ? REFUSED_PENALTY : 0) + laterValues[row + bins.of(queue)],
    actions: followChoices(program, (step, at) =>
      choices[
        step * layerLength + rowOf(at.cooldown, at.instances) +
        bins.of(at.queue)
      ]),
  };
}

/** Steps until another change, once one was chosen. */
function cooldownAfter(
  cooldown: number,
  change: number,
  settings: AutoscalingSettings,
): number {
  if (cooldown > 0) return cooldown - 1;
  return change === 0 ? 0 : settings.cooldownSteps;
}

/** The actions along the one path that begins at the start. */
function followChoices(
  { settings, influx, start }: Program,
  choiceAt: (step: number, at: Program["start"]) => number,
): Int32Array {
  const { actionDeltas, service } = settings;
  const hold = actionDeltas.indexOf(0);
  const actions = new Int32Array(influx.length).fill(hold);
  let { instances, pending, queue, cooldown } = start;
  for (let step = 0; step < influx.length; step++) {
    if (step > 0) {
      const action = choiceAt(step, { instances, pending, queue, cooldown });
      actions[step - 1] = action;
      pending = actionDeltas[action];
      cooldown = cooldownAfter(cooldown, pending, settings);
    }
    queue = Math.max(
      0,
      queue + influx[step] - instances * service.capacityPerInstance,
    );
    if (queue > service.queueLimit) break;
    instances = sizeAfter(settings, instances, pending);
  }
  return actions;
}
