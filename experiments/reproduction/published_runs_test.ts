import { assert, assertEquals } from "@std/assert";
import { checkEnv } from "../../envs/check_env.ts";
import { makeEnvironment } from "../../envs/registry.ts";
import { PUBLISHED_RUNS, SINE_CURVE_FROM_START } from "./published_runs.ts";

/** What the algorithms of agents are called in names of runs. */
const ALGORITHMS: Record<string, RegExp> = {
  "ddpg": /-ddpg$/,
  "td3": /-td3$/,
  "dqn": /-dqn$/,
  "ppo": /-ppo$/,
  "qmix": /-(qmix|vdn)$/,
  "sac-gru": /-sac(-gru)?$/,
};

Deno.test("PUBLISHED_RUNS learn where they are evaluated, on other starts than the tests", () => {
  for (const [name, run] of Object.entries(PUBLISHED_RUNS)) {
    assert(ALGORITHMS[run.agent].test(name), name);
    assertEquals(run.environment, run.evaluationEnvironment);
    assertEquals(run.totalTimesteps % run.copies, 0, name);
    checkEnv(() => makeEnvironment(run.environment));
  }
  checkEnv(() => makeEnvironment(SINE_CURVE_FROM_START));
});
