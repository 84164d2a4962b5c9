import { assertEquals, assertThrows } from "@std/assert";
import type { ResetOptions } from "../../envs/environment.ts";
import {
  defaultTrainingLoop,
  episodeBasedTrainingLoop,
} from "./training_loops.ts";

/** Notes in which order it is called. */
function recorders(endsAfter = Infinity) {
  const calls: string[] = [];
  let count = 0;
  const agent = {
    act(observation: unknown) {
      calls.push(`act ${observation}`);
      return 0;
    },
    update(next?: unknown) {
      calls.push(`update ${next}`);
      return { loss: count, pair: [count, -count] };
    },
    reset() {
      calls.push("forget");
    },
  };
  const env = {
    reset(options: ResetOptions = {}) {
      calls.push(`reset ${options.seed ?? ""}`.trim());
      count = 0;
      return { observation: count, info: {} };
    },
    step() {
      calls.push("step");
      count++;
      return {
        observation: count,
        reward: 0,
        terminated: count === endsAfter,
        truncated: false,
        info: {},
      };
    },
  };
  return { calls, agent, env };
}

Deno.test("defaultTrainingLoop() acts, steps and updates", () => {
  const { calls, agent, env } = recorders();
  const result = defaultTrainingLoop(agent, env, { n_steps: 2 }, { seed: 7 });
  assertEquals(calls, [
    "reset 7",
    ...["act 0", "step", "update 1"],
    ...["act 1", "step", "update 2"],
  ]);
  assertEquals(result.trainingHist.loss, Float64Array.of(1, 2));
  assertEquals(result.trainingHist.pair, [
    Float64Array.of(1, -1),
    Float64Array.of(2, -2),
  ]);
});

Deno.test("episodeBasedTrainingLoop() goes on without resets", () => {
  const { calls, agent, env } = recorders();
  episodeBasedTrainingLoop(agent, env, { tEpisode: 1, nEpisode: 2 });
  assertEquals(calls, [
    "reset",
    ...["act 0", "step", "update 1"],
    ...["act 1", "step", "update 2"],
  ]);
});

Deno.test("episodeBasedTrainingLoop() resets where that is asked for", () => {
  const { calls, agent, env } = recorders();
  const parameters = { t_episode: 1, n_episode: 2, reset_episodes: true };
  episodeBasedTrainingLoop(agent, env, parameters);
  assertEquals(calls.slice(4), [
    "forget",
    "reset",
    "act 0",
    "step",
    "update 1",
  ]);
});

Deno.test("an arena that ends an episode is reset", () => {
  const { calls, agent, env } = recorders(1);
  defaultTrainingLoop(agent, env, { n_steps: 1 });
  assertEquals(calls, [
    "reset",
    "act 0",
    "step",
    "update 1",
    "forget",
    "reset",
  ]);
});

Deno.test("histories are thinned, progress is told", () => {
  const { agent, env } = recorders();
  const told: number[][] = [];
  const { trainingHist } = defaultTrainingLoop(
    agent,
    env,
    { n_steps: 600, record_every: 200 },
    { onProgress: (...progress) => told.push(progress) },
  );
  assertEquals(trainingHist.loss, Float64Array.of(1, 201, 401));
  assertEquals(told, [[256, 600], [512, 600], [600, 600]]);
});

Deno.test("loops name the parameter that is wrong", () => {
  const { agent, env } = recorders();
  assertThrows(
    () => defaultTrainingLoop(agent, env, { n_steps: "many" }),
    TypeError,
    'n_steps "many"',
  );
  assertThrows(
    () => episodeBasedTrainingLoop(agent, env, { t_episode: 1 }),
    TypeError,
    "without n_episode",
  );
});
