import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertThrows,
} from "@std/assert";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { box } from "../../core/spaces.ts";
import { mlpLayout } from "../../learning/networks.ts";
import { vectorOf } from "../../learning/parameters.ts";
import { createPerceptron } from "../../learning/perceptron.ts";
import { CUT_VALUES, cutEnv, identityEnv, targetEnv } from "../_test_envs.ts";
import {
  assertNoTensorLeak,
  assertResumes,
  assertSeedDecides,
  row,
  trainTo,
  useBackend,
} from "../_test_trainers.ts";
import { createDdpg, type DdpgOptions, ddpgPolicy } from "./ddpg.ts";
import {
  type DdpgName,
  type DdpgSettings,
  ddpgSettings,
} from "./ddpg_settings.ts";
import type { Trainer } from "../trainer.ts";

const QUICK: Partial<DdpgSettings> = {
  netArch: [32],
  batchSize: 32,
  learningRate: 3e-3,
  criticLearningRate: 3e-3,
  tau: 0.05,
  actionNoise: 0.3,
};

function ddpg(
  agent: DdpgName,
  env: VectorEnvironment,
  options: Partial<DdpgOptions> = {},
): Trainer {
  return createDdpg(env, {
    agent,
    seed: 3,
    totalTimesteps: 2000,
    ...options,
    settings: { ...QUICK, ...options.settings },
  });
}

const AGENTS = ["ddpg", "td3"] as const;

/** The action of each state that `targetEnv` shows as a row. */
function targets({ policy }: Pick<Trainer, "policy">): number[] {
  const actions = new Float32Array(1);
  return [0, 1].map((state) => {
    policy.act(row(state, 2), new Uint8Array(0), actions);
    return actions[0];
  });
}

for (const agent of AGENTS) {
  Deno.test(`createDdpg() finds continuous actions: ${agent}`, async () => {
    await useBackend("native");
    for (const copies of [1, 4]) {
      const trainer = ddpg(agent, targetEnv(copies), {
        settings: { learningRateSchedule: "linear" },
      });
      await trainTo(trainer, 2000);
      const [first, second] = targets(trainer);
      assertAlmostEquals(first, 0.5, 0.1);
      assertAlmostEquals(second, -0.25, 0.1);
      const { updates, loss, actorLoss } = trainer.statistics();
      assertEquals(updates, 1900);
      assertLess(loss, 0.01);
      assertLess(Math.abs(actorLoss), 0.1);
      trainer.dispose();
    }
  });

  Deno.test(`createDdpg() resumes byte for byte: ${agent}`, async () => {
    await useBackend("native");
    await assertResumes(() => ddpg(agent, targetEnv(2)), {
      save: 221,
      end: 300,
    });
  });

  Deno.test(`createDdpg() leaves no tensors behind: ${agent}`, async () => {
    for (const backend of ["cpu", "wasm"] as const) {
      await useBackend(backend);
      await assertNoTensorLeak(() => ddpg(agent, targetEnv()), {
        warm: 110,
        end: 130,
      });
    }
  });
}

Deno.test("createDdpg() goes on beyond where episodes are cut", async () => {
  await useBackend("native");
  for (const agent of AGENTS) {
    const actionSpace = box(-1, 1, { shape: [1] });
    const trainer = ddpg(agent, cutEnv(1, actionSpace), {
      settings: { gamma: 0.5 },
    });
    await trainTo(trainer, 1200);
    const { tensors } = await trainer.save();
    const sizes = [3, 32, 1];
    const critic = createPerceptron(sizes, "relu", {
      parameters: vectorOf(tensors.weights, mlpLayout("critic1", sizes)),
    });
    const value = new Float32Array(1);
    CUT_VALUES.forEach((expected, state) => {
      critic.forward(Float32Array.of(...row(state, 2), 0), value);
      assertAlmostEquals(value[0], expected, 0.08, agent);
    });
    trainer.dispose();
  }
});

Deno.test("createDdpg() gives the same bytes for the same seed alone", async () => {
  await useBackend("native");
  await assertSeedDecides((seed) => ddpg("td3", targetEnv(), { seed }), 150);
});

Deno.test("createDdpg() lowers its noise, and begins with a policy given", async () => {
  await useBackend("native");
  const teacher = ddpg("ddpg", targetEnv());
  await trainTo(teacher, 1500);
  const { tensors } = await teacher.save();
  const settings = {
    finalActionNoise: 0.1,
    noiseFraction: 0.5,
    randomStart: false,
    policyStarts: 200,
  };
  const student = ddpg("ddpg", targetEnv(), {
    settings,
    pretrained: tensors.weights,
  });
  assertEquals(targets(student), targets(teacher));
  assertAlmostEquals(student.statistics().noise, 0.3);
  await trainTo(student, 250);
  assertEquals(targets(student), targets(teacher));
  await trainTo(student, 500);
  assertEquals(targets(student)[0] === targets(teacher)[0], false);
  assertAlmostEquals(student.statistics().noise, 0.2);
  await trainTo(student, 1100);
  assertAlmostEquals(student.statistics().noise, 0.1);
  // The first actions were its teacher's, but for the noise of 0.3.
  assertLess(-0.5, student.episodes.meanReturn);
  teacher.dispose();
  student.dispose();
});

Deno.test("ddpgPolicy() acts as the agent that was saved", async () => {
  await useBackend("native");
  const env = targetEnv();
  const trainer = ddpg("td3", env);
  await trainTo(trainer, 300);
  const { tensors } = await trainer.save();
  const policy = ddpgPolicy(env, { netArch: [32] }, { tensors });
  targets({ policy }).forEach((action, i) =>
    assertAlmostEquals(action, targets(trainer)[i], 1e-6)
  );
  trainer.dispose();
});

Deno.test("createDdpg() refuses choices and settings that mean nothing", () => {
  assertThrows(
    () => ddpg("td3", identityEnv()),
    TypeError,
    "Cannot train td3 on actions in",
  );
  assertThrows(
    () => ddpgPolicy(identityEnv(), ddpgSettings("td3"), { tensors: {} }),
    TypeError,
    "expected a box of continuous actions",
  );
});
