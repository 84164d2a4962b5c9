import { assert, assertEquals } from "@std/assert";
import { QueueingControlEnv } from "../../envs/queueing/control_env.ts";
import type { Policy } from "../../agents/policy.ts";
import { controlRules } from "./control_rules.ts";
import {
  agentPolicy,
  controlTable,
  evaluateControl,
  soonerShare,
} from "./recovery_evaluation.ts";

const EPISODES = { episodes: 3, firstSeed: 5, options: { episodeSteps: 60 } };

Deno.test("doing nothing is censored, forbidding retries is not", () => {
  const rules = controlRules(new QueueingControlEnv(EPISODES.options).settings);
  const rule = (start: string) =>
    rules.find(({ name }) => name.startsWith(start))!;
  const nothing = evaluateControl(rule("no action"), EPISODES);
  const forbidding = evaluateControl(rule("no retries"), EPISODES);
  assertEquals(nothing.recovery.censoredShare, 1);
  assertEquals(nothing.times[0], { time: 300, censored: true });
  assertEquals(forbidding.recovery.censoredShare, 0);
  assert(forbidding.onTimeShare > nothing.onTimeShare);
  assertEquals(nothing.refusedShare, 0);
  assertEquals(soonerShare(forbidding, nothing), 1);
  assertEquals(soonerShare(nothing, forbidding), 0);
  assertEquals(soonerShare(nothing, nothing), 0);
  const { rows } = controlTable([nothing, forbidding], "both");
  assertEquals(rows[0].slice(0, 4), [
    "no action",
    "beyond",
    "beyond to beyond",
    1,
  ]);
  // The same seeds give the same episodes.
  assertEquals(evaluateControl(rule("no action"), EPISODES), nothing);
});

Deno.test("agentPolicy() asks a policy for one row", () => {
  const last: Policy = {
    observationSize: 11,
    actionSize: 1,
    act(_observations, masks, actions) {
      actions[0] = masks.length - 1;
    },
  };
  const policy = agentPolicy("agent", last, 18);
  assertEquals(policy.act(new Float32Array(11)), 17);
});

Deno.test("evaluateControl() has agents forget between episodes", () => {
  let steps = 0;
  const begun: number[] = [];
  const counting: Policy = {
    observationSize: 11,
    actionSize: 1,
    act: (_observations, _masks, actions) => {
      actions[0] = 0;
      steps++;
    },
    reset: () => void begun.push(steps),
  };
  evaluateControl(agentPolicy("agent", counting, 18), EPISODES);
  assertEquals(begun, [0, 60, 120]);
});
