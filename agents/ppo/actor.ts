/**
 * Stochastic policies on plain arrays: categorical and Gaussian.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import { type Space, spaceSize } from "../../core/spaces.ts";
import type { Perceptron } from "../../learning/perceptron.ts";
import { bestAllowed, type Policy } from "../policy.ts";

/** Where {@linkcode Actor.sample} draws from and writes to. */
export interface SampleInto {
  /** The stream to draw from. */
  random: Random;
  /** Shape [rows, action]; Gaussian actions before they are clipped. */
  actions: Float32Array;
  /** Shape [rows]. */
  logProbabilities: Float32Array;
}

/** A policy that draws its actions. */
export interface Actor {
  /** Values of an observation. */
  readonly observationSize: number;
  /** Values of an action. */
  readonly actionSize: number;
  /** Draws an action for each row. */
  sample(observations: Float32Array, masks: Uint8Array, into: SampleInto): void;
  /** The likeliest action of each row, within the space. */
  best(
    observations: Float32Array,
    masks: Uint8Array,
    actions: Int32Array | Float32Array,
  ): void;
  /** Brings drawn actions within the space. */
  clip(drawn: Float32Array, actions: Int32Array | Float32Array): void;
}

/** What an actor is made of. */
export interface ActorOptions {
  /** Its outputs are logits, or means. */
  network: Perceptron;
  /** Log standard deviations of Gaussian actions; live, not copied. Shape [action]. */
  logStd: Float32Array;
}

/**
 * An actor for a space of actions. Throws `TypeError` where the space is
 * neither discrete nor a box.
 *
 * @param space Where actions lie.
 * @param options Network and deviations.
 */
export function createActor(space: Space, options: ActorOptions): Actor {
  checkActionSpace(space);
  const { network } = options;
  let outputs = new Float32Array(0);
  const forward = (observations: Float32Array): number => {
    const rows = observations.length / network.inputs;
    if (outputs.length !== rows * network.outputs) {
      outputs = new Float32Array(rows * network.outputs);
    }
    network.forward(observations, outputs);
    return rows;
  };
  const sizes = {
    observationSize: network.inputs,
    actionSize: spaceSize(space),
  };
  if (space.kind === "discrete") {
    const { n } = space;
    return {
      ...sizes,
      sample(observations, masks, { random, actions, logProbabilities }) {
        const rows = forward(observations);
        for (let row = 0; row < rows; row++) {
          const drawn = drawCategorical(outputs, masks, {
            start: row * n,
            count: n,
            random,
          });
          actions[row] = drawn.index;
          logProbabilities[row] = drawn.logProbability;
        }
      },
      best(observations, masks, actions) {
        const rows = forward(observations);
        for (let row = 0; row < rows; row++) {
          actions[row] = bestAllowed(outputs, masks, { index: row, length: n });
        }
      },
      clip: (drawn, actions) => actions.set(drawn),
    };
  }
  const { low, high } = space as Space & { kind: "box" };
  const { logStd } = options;
  const clip = (
    drawn: Float32Array,
    actions: Int32Array | Float32Array,
  ) => {
    for (let i = 0; i < actions.length; i++) {
      const j = i % low.length;
      actions[i] = Math.min(high[j], Math.max(low[j], drawn[i]));
    }
  };
  return {
    ...sizes,
    sample(observations, _masks, { random, actions, logProbabilities }) {
      const rows = forward(observations);
      logProbabilities.fill(0);
      for (let i = 0; i < rows * low.length; i++) {
        const deviation = logStd[i % low.length];
        const noise = random.normal();
        actions[i] = outputs[i] + Math.exp(deviation) * noise;
        logProbabilities[Math.floor(i / low.length)] -= 0.5 * noise ** 2 +
          deviation + 0.5 * Math.log(2 * Math.PI);
      }
    },
    best(observations, _masks, actions) {
      forward(observations);
      clip(outputs, actions);
    },
    clip,
  };
}

/** Throws `TypeError` for actions that are neither discrete nor a box. */
export function checkActionSpace(space: Space): void {
  if (space.kind !== "discrete" && space.kind !== "box") {
    throw new TypeError(
      `Cannot act in a space of kind ${space.kind}: expected discrete or box`,
    );
  }
}

/** Draws an index by softmax over the allowed logits of a row. */
function drawCategorical(
  logits: Float32Array,
  masks: Uint8Array,
  { start, count, random }: { start: number; count: number; random: Random },
): { index: number; logProbability: number } {
  let largest = -Infinity;
  for (let i = 0; i < count; i++) {
    if (masks[start + i]) largest = Math.max(largest, logits[start + i]);
  }
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (masks[start + i]) total += Math.exp(logits[start + i] - largest);
  }
  let rest = random.uniform() * total;
  let index = -1;
  for (let i = 0; i < count; i++) {
    if (!masks[start + i]) continue;
    index = i;
    rest -= Math.exp(logits[start + i] - largest);
    if (rest < 0) break;
  }
  return {
    index,
    logProbability: logits[start + index] - largest - Math.log(total),
  };
}

/**
 * The greedy side of an actor.
 *
 * @param actor Acts.
 * @param look Writes the observations as the network sees them.
 */
export function createActorPolicy(
  actor: Actor,
  look: (from: Float32Array, into: Float32Array) => void,
): Policy {
  let seen = new Float32Array(0);
  return {
    observationSize: actor.observationSize,
    actionSize: actor.actionSize,
    act(observations, masks, actions) {
      if (seen.length !== observations.length) {
        seen = new Float32Array(observations.length);
      }
      look(observations, seen);
      actor.best(seen, masks, actions);
    },
  };
}
