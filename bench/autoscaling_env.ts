/**
 * How fast the autoscaling environment steps.
 *
 * Run by itself it prints its numbers as JSON.
 *
 * @module
 */
import { Random } from "../core/random.ts";
import { AutoscalingVectorEnv } from "../envs/autoscaling/autoscaling_vector_env.ts";
import type { AutoscalingOptions } from "../envs/autoscaling/options.ts";
import { vectorBuffers } from "../envs/vector.ts";
import { bestRate, type Measurement } from "./measure.ts";

export type { Measurement };

const COPIES = 64;
const STEPS = 8000;
const REPEATS = 12;
/** Rounds of actions that are drawn once and taken again and again. */
const ROUNDS = 997;

const CASES: readonly [string, AutoscalingOptions, number?][] = [
  ["reference mode", { mode: "reference", episodeSteps: 200 }, 10e6],
  ["default mode", {}, 3e6],
  ["default mode, no waits counted", { metrics: false }],
  ["default mode, cost reward", { reward: "cost" }],
  [
    "default mode, exponential boots",
    { bootDelay: { distribution: "exponential", meanSeconds: 97 } },
  ],
];

/** Steps a second of one core, all copies counted. */
function measureSteps(options: AutoscalingOptions): Promise<number> {
  const env = new AutoscalingVectorEnv(options, COPIES);
  const buffers = vectorBuffers(env);
  const random = new Random(1);
  const rounds = Array.from(
    { length: ROUNDS },
    () =>
      Int32Array.from(
        { length: COPIES },
        () => random.integer(0, env.actionSpace.n - 1),
      ),
  );
  env.reset(buffers, { seed: 1 });
  return bestRate(REPEATS, () => {
    for (let step = 0; step < STEPS; step++) {
      env.step(rounds[step % ROUNDS], buffers);
    }
    return COPIES * STEPS;
  });
}

/** Each mode with 64 copies and random actions. */
export async function measureAutoscalingEnv(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const [name, options, target] of CASES) {
    measurements.push({
      name: `autoscaling, ${COPIES} copies, ${name}`,
      value: await measureSteps(options),
      unit: "steps/s",
      target,
    });
  }
  return measurements;
}

if (import.meta.main) {
  console.log(JSON.stringify(await measureAutoscalingEnv(), undefined, 2));
}
