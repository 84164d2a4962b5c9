import { assert, assertEquals } from "@std/assert";
import { QUEUEING_CONTROL_FEATURES } from "../../envs/queueing/control_info.ts";
import { QueueingControlEnv } from "../../envs/queueing/control_env.ts";
import { controlRules, FIXED_THROTTLE } from "./control_rules.ts";

const SETTINGS = new QueueingControlEnv().settings;

/** What the environment reports after an action. */
function leversOf(action: number) {
  const env = new QueueingControlEnv({ warmUp: 0, triggerDuration: [1, 1] });
  env.reset({ seed: 1 });
  const { admission, budget, extraThreads } = env.step(action).info;
  return { admission, budget, extraThreads };
}

const seen = (waiting: number) => {
  const observation = new Float32Array(QUEUEING_CONTROL_FEATURES.length);
  observation[QUEUEING_CONTROL_FEATURES.indexOf("waiting")] = waiting;
  return observation;
};

Deno.test("rules pull the levers that their names say", () => {
  const rules = controlRules(SETTINGS);
  const named = (start: string) =>
    rules.find(({ name }) => name.startsWith(start))!;
  const nothing = { admission: 1, budget: 3, extraThreads: 0 };
  assertEquals(leversOf(named("no action").act(seen(1))), nothing);
  const throttle = named(FIXED_THROTTLE);
  assertEquals(leversOf(throttle.act(seen(0.89))), nothing);
  assertEquals(leversOf(throttle.act(seen(0.95))), {
    ...nothing,
    admission: 0.6,
  });
  assertEquals(leversOf(named("30 % admitted always").act(seen(0))), {
    ...nothing,
    admission: 0.3,
  });
  assertEquals(leversOf(named("no retries").act(seen(0))), {
    ...nothing,
    budget: 0,
  });
  assertEquals(leversOf(named("shed").act(seen(0.5))), {
    admission: 0.3,
    budget: 0,
    extraThreads: 0,
  });
  assert(new Set(rules.map(({ name }) => name)).size === rules.length);
});
