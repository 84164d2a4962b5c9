import { assertEquals, assertNotEquals } from "@std/assert";
import { discrete, multiDiscrete } from "../../core/spaces.ts";
import { jointEnvironment } from "../../envs/joint_environment.ts";
import type { MultiAgentEnvironment } from "../../envs/multi_agent.ts";
import {
  endlessTeam,
  maskedTeam,
  memoryTeam,
  unlikeTeam,
} from "../_test_teams.ts";
import {
  assertNoTensorLeak,
  assertResumes,
  trainTo,
  useBackend,
} from "../_test_trainers.ts";
import { evaluatePolicy } from "../evaluation.ts";
import {
  createIndependentSac,
  independentSacPolicy,
  jointPolicy,
} from "./independent_sac.ts";
import type { Policy } from "../policy.ts";
import type { SacSettings } from "./sac_settings.ts";

/** Learns tiny tasks in a few seconds. */
const QUICK: Partial<SacSettings> = {
  learningRate: 1e-2,
  learningStarts: 100,
  trainFreq: 2,
  batchSize: 16,
  sequenceLength: 4,
  burnIn: 0,
  tau: 0.1,
  targetEntropyFraction: 0.3,
  netArch: [16],
  gruUnits: 8,
  gamma: 0.9,
};

function independent(
  env: MultiAgentEnvironment,
  settings: Partial<SacSettings> = {},
) {
  return createIndependentSac(env, {
    seed: 2,
    totalTimesteps: 2000,
    settings: { ...QUICK, ...settings },
  });
}

function meanReturn(policy: Policy, env: MultiAgentEnvironment): number {
  const { returns } = evaluatePolicy(policy, jointEnvironment(env), {
    episodes: 20,
  });
  return returns.reduce((sum, value) => sum + value, 0) / 20;
}

Deno.test("createIndependentSac() lets each agent remember what it was shown", async () => {
  await useBackend("native");
  const trainer = independent(memoryTeam());
  await trainTo(trainer, 2000);
  assertEquals(meanReturn(trainer.policy, memoryTeam()), 2);
  // What is saved acts alike, without a device.
  const { tensors } = await trainer.save();
  const saved = independentSacPolicy(memoryTeam(), QUICK, { tensors });
  assertEquals(meanReturn(saved, memoryTeam()), 2);
  trainer.dispose();
});

Deno.test("createIndependentSac() serves agents that see and do different things", async () => {
  await useBackend("native");
  const trainer = independent(unlikeTeam(), { recurrent: false, gamma: 0 });
  await trainTo(trainer, 2000);
  assertEquals(meanReturn(trainer.policy, unlikeTeam()), 4);
  trainer.dispose();
});

Deno.test("createIndependentSac() keeps to masks", async () => {
  await useBackend("native");
  // Forbidden actions throw.
  const trainer = independent(maskedTeam());
  await trainTo(trainer, 300);
  assertEquals(trainer.episodes.finished > 0, true);
  trainer.dispose();
});

Deno.test("an independent agent learns nothing from another's reward", async () => {
  await useBackend("native");
  const weightsWith = async (factor: number) => {
    const env = endlessTeam(5);
    const trainer = independent({
      ...env,
      step(actions) {
        const result = env.step(actions);
        return {
          ...result,
          rewards: result.rewards.map((r, i) => i * factor * r),
        };
      },
    });
    await trainTo(trainer, 200);
    const { tensors } = await trainer.save();
    trainer.dispose();
    return [0, 1].map((agent) =>
      Object.entries(tensors.weights)
        .filter(([name]) => name.startsWith(`agent${agent}/`))
        .map(([, { data }]) => data)
    );
  };
  const one = await weightsWith(1);
  const other = await weightsWith(-3);
  assertEquals(one[0], other[0]);
  assertNotEquals(one[1], other[1]);
});

Deno.test("independent learners go on with the same bytes, and leave no tensors behind", async () => {
  await useBackend("native");
  await assertResumes(() => independent(memoryTeam()), { save: 131, end: 170 });
  await assertNoTensorLeak(() => independent(memoryTeam()), {
    warm: 120,
    end: 160,
  });
});

Deno.test("jointPolicy() gives each agent its part of every row", () => {
  const seen: number[][] = [];
  const resets: (number | undefined)[] = [];
  const policy = (size: number, width: number): Policy => ({
    observationSize: size,
    actionSize: width,
    act(observations, masks, actions) {
      seen.push([...observations], [...masks]);
      actions.fill(observations[0]);
    },
    reset: (row) => resets.push(row),
  });
  const joint = jointPolicy([policy(2, 1), policy(1, 2)], [
    discrete(2),
    multiDiscrete([1, 2]),
  ]);
  assertEquals([joint.observationSize, joint.actionSize], [3, 3]);
  const actions = new Int32Array(6);
  joint.act(
    Float32Array.of(1, 2, 3, 4, 5, 6),
    Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0, 1, 0),
    actions,
  );
  assertEquals(seen, [
    [1, 2, 4, 5],
    [1, 0, 0, 1],
    [3, 6],
    [1, 0, 1, 0, 1, 0],
  ]);
  assertEquals([...actions], [1, 3, 3, 1, 3, 3]);
  joint.reset!(1);
  joint.reset!();
  assertEquals(resets, [1, 1, undefined, undefined]);
});
