/**
 * A controller: reads what a data plane says, decides, and writes weights;
 * where it cannot, it falls back to the weights of SED until it can again.
 *
 * @module
 */
import type { MsgOut, Reading } from "../../ffi/shared_memory_messages.ts";
import { SharedMemoryRegion } from "../../ffi/shared_memory.ts";
import { createLatencies, type LatencySummary } from "./latencies.ts";
import type { WeightPolicy } from "./weight_policy.ts";
import { areWeights, spread, withoutDown, writeSedWeights } from "./weights.ts";

export type { LatencySummary, WeightPolicy };

/**
 * What a controller is doing:
 *
 * - `waiting`: there is no data plane yet;
 * - `steering`: the policy decides;
 * - `stalled`: the data plane lives and says nothing;
 * - `dead`: the data plane has died;
 * - `misfit`: the data plane has another number of servers than the policy;
 * - `failing`: the policy gives weights that are none;
 * - `standby`: another controller steers;
 * - `unreadable`: what lies under the name is no region, or not whole.
 */
export type ControlState =
  | "waiting"
  | "steering"
  | "stalled"
  | "dead"
  | "misfit"
  | "failing"
  | "standby"
  | "unreadable";

/** Options of {@linkcode createController}. */
export interface ControllerOptions {
  /** The region's name. */
  name: string;
  /** Who decides. */
  policy: WeightPolicy;
  /**
   * Work that each server does a second, for SED. Default: what the policy
   * knows; where that does not fit, equal weights.
   */
  capacities?: Float64Array;
  /** Time between two decisions, in seconds. Default 0.25. */
  intervalSeconds?: number;
  /** Silence of the data plane that is a stall. Default 4 intervals, 1 s at least. */
  stallSeconds?: number;
  /** Is told whenever the state changes. */
  note?: (text: string) => void;
  /** The time in milliseconds. Default `performance.now`. */
  now?: () => number;
}

/** What a controller has done. */
export interface ControlSummary {
  /** What it is doing. */
  readonly state: ControlState;
  /** Number of the newest message; 0 before the first. */
  readonly message: number;
  /** Servers of the newest message. */
  readonly servers: number;
  /** Decisions of the policy that were written. */
  readonly decisions: number;
  /** How often weights of SED were written instead. */
  readonly fallbacks: number;
  /** Messages that went by unread. */
  readonly missed: number;
  /** Data planes that were heard of, one after the other. */
  readonly dataPlanes: number;
  /** From having read a message to having written weights. */
  readonly latency: LatencySummary;
  /** Smallest and largest weight that was written last, over their mean. */
  readonly weights: readonly [number, number];
}

/** A controller. */
export interface Controller {
  /**
   * Looks once, and decides where there is a new message. Waits for nothing.
   *
   * @returns Whether weights were written.
   */
  step(): boolean;
  /** Time between two looks, in milliseconds. */
  readonly pauseMs: number;
  /** What was done so far. */
  summary(): ControlSummary;
  /** Leaves the weights of SED behind. */
  close(): void;
}

/** Time between two looks for a region, in milliseconds. */
const RETRY_MS = 250;
/** Time between two looks at who lives, and two heartbeats. */
const CHECK_MS = 100;
/** Looks a step: what comes waits for a fiftieth of it at most. */
const LOOKS = 50;
const LONGEST_PAUSE_MS = 10;
/** A message may come this much before its time, as a share of the interval. */
const TOLERANCE = 0.2;

const oneLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).replaceAll(
    /\s*\n\s*/g,
    " ",
  );

function isNews({ status, message }: Reading<MsgOut>): boolean {
  return status === "fresh" ||
    (status === "restarted" && message !== undefined);
}

/**
 * A controller of the data plane under a name, which need not be there yet.
 *
 * @param options Name and policy.
 */
export function createController(options: ControllerOptions): Controller {
  const { name, policy, note = () => {} } = options;
  const { intervalSeconds = 0.25, now = () => performance.now() } = options;
  const { stallSeconds = Math.max(1, 4 * intervalSeconds) } = options;
  const intervalMs = 1000 * intervalSeconds;
  const latencies = createLatencies();
  const shown = JSON.stringify(name);
  let region: SharedMemoryRegion | undefined;
  let state: ControlState = "waiting";
  let told = "";
  let sinceMs = now();
  let retryAt = -Infinity;
  let checkAt = -Infinity;
  let dueAt = -Infinity;
  let heardAt = now();
  let message: MsgOut | undefined;
  let weights = new Float64Array(0);
  let up = new Uint8Array(0);
  let [decisions, fallbacks, missed, dataPlanes] = [0, 0, 0, 0];
  let range: readonly [number, number] = [NaN, NaN];

  /** Says what changed, once. */
  function enter(next: ControlState, text: string): void {
    if (next === state && text === told) return;
    if (next !== state) sinceMs = now();
    state = next;
    told = text;
    note(text);
  }

  function forget(): void {
    region?.close();
    region = undefined;
    message = undefined;
  }

  function unreadable(error: unknown): void {
    forget();
    enter("unreadable", `${oneLine(error)}; looking again until it is mended`);
    retryAt = now() + RETRY_MS;
  }

  /** Opens what is under the name now. */
  function open(): SharedMemoryRegion | undefined {
    try {
      return SharedMemoryRegion.open(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  function connect(): void {
    if (now() < retryAt) return;
    retryAt = now() + RETRY_MS;
    try {
      region = open();
    } catch (error) {
      return unreadable(error);
    }
    if (region) {
      heardAt = now();
      policy.reset();
      enter("waiting", `Opened shared memory ${shown}`);
    } else {
      enter(
        "waiting",
        `Waiting for a data plane to make shared memory ${shown}`,
      );
    }
  }

  /** Writes weights; whether nobody else does. */
  function write(): boolean {
    try {
      region!.writeMsgIn(weights);
    } catch (error) {
      enter("standby", `Standing by: ${oneLine(error)}`);
      return false;
    }
    range = spread(weights);
    return true;
  }

  function fit(servers: number): void {
    if (weights.length === servers) return;
    weights = new Float64Array(servers);
    up = new Uint8Array(servers).fill(1);
  }

  function sedWeights(servers: number): string {
    fit(servers);
    const words = writeSedWeights(weights, [
      options.capacities,
      policy.capacities,
    ]);
    withoutDown(weights, up);
    return words;
  }

  /** Writes the weights of SED; whether that was done. */
  function fallBack(next: ControlState, problem: string): boolean {
    const servers = message?.servers ?? policy.servers;
    if (servers === undefined) {
      enter(next, problem);
      return false;
    }
    const what = sedWeights(servers);
    if (!write()) return false;
    fallbacks++;
    enter(next, `${problem}: ${what}`);
    return true;
  }

  function readUp({ activeServers, servers }: MsgOut): void {
    fit(servers);
    for (let i = 0; i < servers; i++) {
      up[i] = Number((activeServers >> BigInt(i)) & 1n);
    }
  }

  /** Lets the policy decide; what is wrong with that, if anything is. */
  function askPolicy({ statistics }: MsgOut): string | undefined {
    try {
      policy.decide(statistics, up, weights);
    } catch (error) {
      return `${policy.name} failed, ${oneLine(error)}`;
    }
    withoutDown(weights, up);
    if (!areWeights(weights)) {
      return `${policy.name} gave weights that are none, ${weights}`;
    }
  }

  /**
   * Whether a message comes when a decision is due. One that came late does
   * not make the next one early.
   */
  function isDue(time: number): boolean {
    const late = time - dueAt;
    if (late < -TOLERANCE * intervalMs) return false;
    dueAt = late < intervalMs ? dueAt + intervalMs : time + intervalMs;
    return true;
  }

  function decide(given: MsgOut): boolean {
    const started = now();
    // The same as before, as nearly always: bigints are slow.
    if (
      given.activeServers !== message?.activeServers ||
      given.servers !== weights.length
    ) readUp(given);
    if (message === undefined) dataPlanes++;
    message = given;
    if (policy.servers !== undefined && policy.servers !== given.servers) {
      return fallBack(
        "misfit",
        `${policy.name} is for ${policy.servers} servers, the data plane has ${given.servers}`,
      );
    }
    const problem = askPolicy(given);
    if (problem !== undefined) {
      policy.reset();
      return fallBack("failing", problem);
    }
    if (!write()) return false;
    latencies.add(now() - started);
    decisions++;
    if (state !== "steering") {
      const seconds = ((now() - sinceMs) / 1000).toFixed(1);
      const again = decisions > 1 ? ` again, after ${seconds} s` : "";
      enter(
        "steering",
        `Steering ${given.servers} servers by ${policy.name}${again}`,
      );
    }
    return true;
  }

  /**
   * Looks whether the data plane is silent, dead, or somewhere else; whether
   * the weights of SED were written.
   */
  function check(opened: SharedMemoryRegion): boolean {
    const { isUnlinked, msgOutWriter, owner } = opened.status();
    if (isUnlinked && moved()) return false;
    const silentMs = now() - heardAt;
    const who = `The data plane (process ${msgOutWriter.pid || owner.pid})`;
    if (!msgOutWriter.isAlive && (message || !owner.isAlive)) {
      if (isUnlinked) {
        forget();
        enter(
          "waiting",
          `${who} has ended and taken shared memory ${shown} with it`,
        );
        return false;
      }
      return state !== "dead" && fallBack("dead", `${who} has died`);
    }
    const stalled = silentMs > 1000 * stallSeconds && state !== "stalled";
    return stalled && fallBack(
      "stalled",
      `${who} lives but has said nothing for ${(silentMs / 1000).toFixed(1)} s`,
    );
  }

  /** Whether another region stands under the name by now. */
  function moved(): boolean {
    let other: SharedMemoryRegion | undefined;
    try {
      other = open();
    } catch (error) {
      unreadable(error);
      return true;
    }
    if (!other) return false;
    forget();
    region = other;
    heardAt = now();
    policy.reset();
    enter("waiting", `Shared memory ${shown} was made anew`);
    return true;
  }

  return {
    pauseMs: Math.min(LONGEST_PAUSE_MS, intervalMs / LOOKS),
    step() {
      if (!region) connect();
      if (!region) return false;
      try {
        const reading = region.readMsgOut();
        if (reading.status === "restarted") {
          message = undefined;
          policy.reset();
          heardAt = now();
          enter("waiting", "The data plane has begun anew");
        }
        const fresh = isNews(reading) &&
          (message !== undefined || region.status().msgOutWriter.isAlive);
        if (now() >= checkAt) {
          checkAt = now() + CHECK_MS;
          region.beat();
          if (!fresh) return check(region);
        }
        if (!fresh) return false;
        if (state === "stalled" || state === "dead") policy.reset();
        missed += reading.missed;
        heardAt = now();
        const due = isDue(heardAt);
        if (state === "steering" && !due) return false;
        return decide(reading.message!);
      } catch (error) {
        unreadable(error);
        return false;
      }
    },
    summary: () => ({
      state,
      message: message?.number ?? 0,
      servers: message?.servers ?? 0,
      decisions,
      fallbacks,
      missed,
      dataPlanes,
      latency: latencies.summary(),
      weights: range,
    }),
    close() {
      if (region && message && state !== "standby") {
        sedWeights(message.servers);
        write();
      }
      forget();
    },
  };
}
