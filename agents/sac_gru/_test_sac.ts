/**
 * The soft actor-critic's losses in plain 64-bit numbers, step by step.
 *
 * @module
 */
import type { NdArray } from "../../core/nd_array.ts";

/** Arrays of a network by name, 64 bits. */
export type PlainArrays = Record<string, { shape: number[]; data: number[] }>;

/** 64-bit copies of arrays. */
export function plainArrays(arrays: Record<string, NdArray>): PlainArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: [...data as Float32Array] },
    ]),
  );
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

function dense(
  arrays: PlainArrays,
  name: string,
  input: readonly number[],
): number[] {
  const weight = arrays[`${name}.weight`];
  const [, outputs] = weight.shape;
  return arrays[`${name}.bias`].data.map((bias, j) =>
    input.reduce((sum, x, i) => sum + x * weight.data[i * outputs + j], bias)
  );
}

/** A network with memory, one row at a time. */
export function plainNetwork(arrays: PlainArrays, name: string) {
  const has = (part: string) => `${name}.${part}.weight` in arrays;
  return {
    remember(input: readonly number[], state: readonly number[]): number[] {
      if (!has("memory.reset.input")) return [];
      let x = [...input];
      for (let i = 0; has(`encoder.${i}`); i++) {
        x = dense(arrays, `${name}.encoder.${i}`, x)
          .map((value) => Math.max(0, value));
      }
      const sums = (gate: string) => ({
        input: dense(arrays, `${name}.memory.${gate}.input`, x),
        state: dense(arrays, `${name}.memory.${gate}.state`, state),
      });
      const [reset, update, candidate] = ["reset", "update", "candidate"]
        .map(sums);
      return state.map((h, i) => {
        const r = sigmoid(reset.input[i] + reset.state[i]);
        const z = sigmoid(update.input[i] + update.state[i]);
        const n = Math.tanh(candidate.input[i] + r * candidate.state[i]);
        return (1 - z) * n + z * h;
      });
    },
    respond(memory: readonly number[], beside: readonly number[]): number[] {
      let x = [...memory, ...beside];
      for (let i = 0; has(`head.${i}`); i++) {
        x = dense(arrays, `${name}.head.${i}`, x);
        if (has(`head.${i + 1}`)) x = x.map((value) => Math.max(0, value));
      }
      return x;
    },
  };
}

/** One step of a sequence. */
export interface PlainStep {
  /** What was seen. */
  observation: number[];
  /** The action before, as networks see it. */
  previous: number[];
  /** Whether an episode begins. */
  first: boolean;
  /** What was done, as networks see it. */
  action: number[];
  reward: number;
  discount: number;
  nextObservation: number[];
  mask: number[];
  nextMask: number[];
  /** Of the new action, and of the next. */
  noise: number[];
  nextNoise: number[];
}

/** A sequence with its stored states: of the actor and both critics. */
export interface PlainSequence {
  steps: PlainStep[];
  states: number[][];
}

/** The networks that a loss is computed with. */
export interface PlainAgent {
  weights: PlainArrays;
  targets: PlainArrays;
  temperature: number;
  burnIn: number;
  /** Whether actions are continuous; else one choice. */
  continuous: boolean;
}

/** What a policy's outputs and two critics amount to. */
function evaluate(
  outputs: number[],
  given: { mask: number[]; noise: number[]; continuous: boolean },
  critics: ((action: number[]) => number[])[],
): { entropy: number; values: number[] } {
  if (!given.continuous) {
    const weights = outputs.map((x, i) => given.mask[i] * Math.exp(x));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const p = weights.map((weight) => weight / total);
    return {
      entropy: -p.reduce((sum, x) => sum + (x > 0 ? x * Math.log(x) : 0), 0),
      values: critics.map((critic) =>
        critic([]).reduce((sum, q, i) => sum + p[i] * q, 0)
      ),
    };
  }
  const [mean, spread] = outputs;
  const [noise] = given.noise;
  const logStd = -1.5 + 3.5 * Math.tanh(spread);
  const unsquashed = mean + Math.exp(logStd) * noise;
  const action = Math.tanh(unsquashed);
  const logProbability = -0.5 * noise ** 2 - logStd -
    0.5 * Math.log(2 * Math.PI) - Math.log(1 - action ** 2);
  return {
    entropy: -logProbability,
    values: critics.map((critic) => critic([action])[0]),
  };
}

/** Losses over all steps behind the burn-in. */
export function plainLosses(
  agent: PlainAgent,
  sequences: PlainSequence[],
  /** Weights of the actor and of the critics that gradients go to. */
  moved: { actor?: PlainArrays; critics?: PlainArrays } = {},
): { loss: number; actorLoss: number; entropy: number } {
  const { weights, targets, temperature, burnIn, continuous } = agent;
  const names = ["actor", "critic1", "critic2"];
  const fixed = names.map((name) => plainNetwork(weights, name));
  const target = names.map((name) => plainNetwork(targets, name));
  const [movedActor] = [plainNetwork(moved.actor ?? weights, "actor")];
  const movedCritics = names.map((name) =>
    plainNetwork(moved.critics ?? weights, name)
  );
  const soft = ({ entropy, values }: { entropy: number; values: number[] }) =>
    Math.min(...values) + temperature * entropy;
  const sums = { loss: 0, actorLoss: 0, entropy: 0 };
  let count = 0;
  for (const { steps, states } of sequences) {
    // States of what is fixed, of the targets, and of what is moved; those
    // begin alike, and burn in with the weights that are fixed.
    const own = states.map((state) => state);
    const theirs = states.map((state) => state);
    const learning = states.map((state) => state);
    steps.forEach((step, t) => {
      const input = [
        ...step.observation,
        ...step.previous.map((x) => step.first ? 0 : x),
      ];
      const forgetting = (state: number[]) =>
        step.first ? state.map(() => 0) : state;
      names.forEach((_, i) => {
        own[i] = fixed[i].remember(input, forgetting(own[i]));
        theirs[i] = target[i].remember(input, forgetting(theirs[i]));
        const mover = i === 0 ? movedActor : movedCritics[i];
        learning[i] = t < burnIn
          ? own[i]
          : mover.remember(input, forgetting(learning[i]));
      });
      if (t < burnIn) return;
      count++;
      const { observation, nextObservation, action, mask, nextMask } = step;
      const beside = (seen: number[], done: number[]) =>
        continuous ? [...seen, ...done] : seen;

      const nextInput = [...nextObservation, ...action];
      const nextPolicy = evaluate(
        fixed[0].respond(fixed[0].remember(nextInput, own[0]), nextObservation),
        { mask: nextMask, noise: step.nextNoise, continuous },
        [1, 2].map((i) => (done) =>
          target[i].respond(
            target[i].remember(nextInput, theirs[i]),
            beside(nextObservation, done),
          )
        ),
      );
      const goal = step.reward + step.discount * soft(nextPolicy);
      for (const i of [1, 2]) {
        const outputs = movedCritics[i].respond(
          learning[i],
          beside(observation, action),
        );
        const q = continuous
          ? outputs[0]
          : outputs.reduce((sum, x, j) => sum + x * action[j], 0);
        sums.loss += 0.5 * (q - goal) ** 2;
      }
      const policy = evaluate(
        movedActor.respond(learning[0], observation),
        { mask, noise: step.noise, continuous },
        [1, 2].map((i) => (done) =>
          fixed[i].respond(own[i], beside(observation, done))
        ),
      );
      sums.actorLoss -= soft(policy);
      sums.entropy += policy.entropy;
    });
  }
  return {
    loss: sums.loss / count,
    actorLoss: sums.actorLoss / count,
    entropy: sums.entropy / count,
  };
}
