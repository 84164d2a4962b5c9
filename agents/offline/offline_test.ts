import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { box, discrete } from "../../core/spaces.ts";
import {
  assertNoTensorLeak,
  assertResumes,
  trainTo,
  useBackend,
} from "../_test_trainers.ts";
import {
  createOffline,
  OFFLINE_AGENTS,
  type OfflineAgent,
  type OfflineOptions,
  type OfflineSettings,
  offlineSettings,
} from "./offline.ts";
import { holdOut, type OfflineData } from "./offline_data.ts";
import type { Trainer } from "../trainer.ts";

/** Actions of the environment lie from -2 to 4: 1 + 3 times those of agents. */
const SPACES = {
  observationSpace: box(0, 1, { shape: [1] }),
  actionSpace: box(-2, 4, { shape: [1] }),
};

/**
 * Steps of two actors, one good and one bad, as often: actions around 1 + 2 =
 * 3 with reward 1, around 1 - 2 = -1 with reward 0. No action between was ever
 * tried. Cloning gives their mean, 1; who knows what they earned, 3.
 */
function mixedData(rows = 400): OfflineData {
  const random = new Random(5);
  const good = Array.from({ length: rows }, (_, i) => i % 2);
  return {
    rows,
    observationSize: 1,
    actionSize: 1,
    observations: Float32Array.from(good, () => random.uniform()),
    actions: Float32Array.from(
      good,
      (is) => (is ? 3 : -1) + 0.3 * random.normal(),
    ),
    rewards: Float32Array.from(good),
    nextObservations: Float32Array.from(good, () => random.uniform()),
    terminals: new Uint8Array(rows).fill(1),
  };
}

const QUICK: Partial<OfflineSettings> = {
  netArch: [16],
  batchSize: 64,
  learningRate: 3e-3,
  criticLearningRate: 3e-3,
  inverseTemperature: 5,
};

function offline(
  agent: OfflineAgent,
  options: Partial<OfflineOptions> = {},
): Trainer {
  return createOffline(SPACES, {
    agent,
    data: mixedData(),
    seed: 2,
    totalTimesteps: 1000,
    ...options,
    settings: { ...QUICK, ...options.settings },
  });
}

function actionOf({ policy }: Trainer): number {
  const actions = new Float32Array(1);
  policy.act(Float32Array.of(0.5), new Uint8Array(0), actions);
  return actions[0];
}

Deno.test("createOffline() copies, or chooses what earned more", async () => {
  await useBackend("native");
  for (const agent of OFFLINE_AGENTS) {
    const trainer = offline(agent);
    await trainTo(trainer, 1000);
    if (agent === "bc") assertAlmostEquals(actionOf(trainer), 1, 0.4, agent);
    else assertGreater(actionOf(trainer), 2.3, agent);
    const { loss, updates } = trainer.statistics();
    assertEquals(updates, 1000);
    assertEquals(Number.isFinite(loss), true);
    trainer.dispose();
  }
});

for (const agent of OFFLINE_AGENTS) {
  Deno.test(`createOffline() resumes byte for byte: ${agent}`, async () => {
    await useBackend("native");
    await assertResumes(() => offline(agent), { save: 21, end: 40 });
  });
}

Deno.test("createOffline() leaves no tensors behind", async () => {
  await useBackend("wasm");
  for (const agent of OFFLINE_AGENTS) {
    await assertNoTensorLeak(() => offline(agent), { warm: 4, end: 8 });
  }
});

Deno.test("createOffline() measures itself on what is held out", async () => {
  await useBackend("native");
  const all = mixedData();
  const { training, validation } = holdOut(all, 0.5);
  const trainer = offline("bc", { data: training, validation });
  await trainTo(trainer, 600);
  // Actions of +-2/3 with their mean, 0, for a guess.
  assertAlmostEquals(trainer.statistics().validationLoss, 0.45, 0.1);
  trainer.dispose();
});

Deno.test("createOffline() refuses data that do not fit", () => {
  const data = mixedData(4);
  assertThrows(
    () => offline("iql", { data: { ...data, rewards: undefined } }),
    TypeError,
    "Cannot train iql on states and actions alone",
  );
  assertThrows(
    () =>
      createOffline({ ...SPACES, actionSpace: box(-1, 1, { shape: [2] }) }, {
        agent: "bc",
        data,
        seed: 0,
        totalTimesteps: 1,
      }),
    TypeError,
    "Cannot learn from actions of 1 values",
  );
  assertThrows(
    () =>
      createOffline({ ...SPACES, actionSpace: discrete(2) }, {
        agent: "bc",
        data,
        seed: 0,
        totalTimesteps: 1,
      }),
    TypeError,
    "expected a box of continuous actions",
  );
  const none = { rows: 0, observations: new Float32Array(0) };
  assertThrows(
    () =>
      offline("bc", {
        data: {
          ...none,
          observationSize: 1,
          actionSize: 1,
          actions: none.observations,
        },
      }),
    RangeError,
    "without rows",
  );
});

Deno.test("offlineSettings() refuses what means nothing", () => {
  assertThrows(
    () => offlineSettings("iql", { expectile: 1 }),
    RangeError,
    "the expectile 1",
  );
  assertThrows(
    () => offlineSettings("iql", { inverseTemperature: -1 }),
    RangeError,
    "advantages by -1",
  );
  assertThrows(
    () => offlineSettings("iql", { largestWeight: 0 }),
    RangeError,
    "weights to 0",
  );
  assertThrows(
    () => offlineSettings("td3-bc", { behaviourCloning: -1 }),
    RangeError,
    "values by -1",
  );
});
