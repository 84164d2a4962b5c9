import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { box } from "../../core/spaces.ts";
import { makeVectorEnvironment } from "../../envs/registry.ts";
import type { VectorEnvironment } from "../../envs/environment.ts";
import { recall } from "../../envs/reference/recall.ts";
import {
  CUT_VALUES,
  cutEnv,
  identityEnv,
  MASKED_CUT_VALUE,
  maskedCutEnv,
  maskedEnv,
  targetEnv,
} from "../_test_envs.ts";
import { BEST_LEVELS, levelsEnv, recallEnv } from "./_test_memory_envs.ts";
import {
  assertNoTensorLeak,
  assertResumes,
  assertSeedDecides,
  greedyActions,
  row,
  trainTo,
  useBackend,
} from "../_test_trainers.ts";
import { evaluatePolicy } from "../evaluation.ts";
import { createSacGru, sacGruPolicy } from "./sac_gru.ts";
import type { SacSettings } from "./sac_settings.ts";
import type { Trainer } from "../trainer.ts";

const QUICK: Partial<SacSettings> = {
  netArch: [24],
  gruUnits: 8,
  batchSize: 24,
  sequenceLength: 4,
  burnIn: 1,
  learningRate: 3e-3,
  tau: 0.05,
  learningStarts: 100,
  gamma: 0.9,
  bufferSize: 5000,
  targetEntropyFraction: 0.3,
};

function sac(
  env: VectorEnvironment,
  settings: Partial<SacSettings> = {},
  options: { seed?: number; totalTimesteps?: number } = {},
): Trainer {
  return createSacGru(env, {
    seed: 3,
    totalTimesteps: 2000,
    ...options,
    settings: { ...QUICK, ...settings },
  });
}

const KINDS: [string, Partial<SacSettings>][] = [
  ["without memory", { recurrent: false }],
  ["with memory", { trainFreq: 2 }],
];

Deno.test("createSacGru() finds the right action of each state", async () => {
  await useBackend("native");
  for (const [kind, settings] of KINDS) {
    const trainer = sac(identityEnv(), { ...settings, gamma: 0.5 });
    await trainTo(trainer, 1000);
    assertEquals(greedyActions(trainer, 4, 4), [0, 1, 2, 3], kind);
    const statistics = trainer.statistics();
    assertAlmostEquals(statistics.targetEntropy, 0.3 * Math.log(4), 1e-5);
    // Tuned there: without it, this temperature leaves about 0.
    assertAlmostEquals(statistics.entropy, statistics.targetEntropy, 0.25);
    assertLess(statistics.temperature, 0.9);
    assertEquals(
      statistics.updates,
      settings.trainFreq === 2 ? 450 : 900,
    );
    trainer.dispose();
  }
});

Deno.test("createSacGru() finds continuous actions", async () => {
  await useBackend("native");
  for (const [kind, settings] of KINDS) {
    const trainer = sac(targetEnv(), settings);
    await trainTo(trainer, 1200);
    const actions = new Float32Array(1);
    [0.5, -0.25].forEach((expected, state) => {
      trainer.policy.reset!();
      trainer.policy.act(row(state, 2), new Uint8Array(0), actions);
      assertAlmostEquals(actions[0], expected, 0.1, kind);
    });
    assertEquals(trainer.statistics().targetEntropy, -1);
    trainer.dispose();
  }
});

Deno.test("createSacGru() makes several choices at once, none forbidden", async () => {
  await useBackend("native");
  const settings = { recurrent: false };
  // Choices that are forbidden throw, in training too.
  const trainer = sac(levelsEnv(2), settings);
  await trainTo(trainer, 1600);
  const actions = new Int32Array(6);
  trainer.policy.act(
    Float32Array.of(1, 0, 0, 1),
    Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1),
    actions,
  );
  assertEquals([...actions.subarray(0, 3)], BEST_LEVELS[0]);
  assertEquals([...actions.subarray(3, 5)], BEST_LEVELS[1].slice(0, 2));
  assertNotEquals(actions[5], 1);
  trainer.dispose();
  const masked = sac(maskedEnv(3), { trainFreq: 30 });
  await trainTo(masked, 600);
  masked.dispose();
});

Deno.test("createSacGru() goes on beyond where episodes are cut, not beyond their end", async () => {
  await useBackend("native");
  // Without entropy, values are those of the task. Bootstrapping from the
  // next episode's first state gives 1.5, taking the cut for an end 1.25.
  const settings = { gamma: 0.5, tuneTemperature: false, temperature: 1e-4 };
  const mean = (CUT_VALUES[0] + CUT_VALUES[1]) / 2;
  for (const [kind, more] of KINDS) {
    const trainer = sac(cutEnv(), { ...settings, ...more });
    await trainTo(trainer, 900);
    assertLess(trainer.statistics().loss, 2e-3, kind);
    // The mean over a batch, half of which is in each state: with 24 rows or
    // more its deviation is below 0.07.
    assertAlmostEquals(trainer.statistics().meanQ, mean, 0.35, kind);
    trainer.dispose();
    // Rewards of 1 at most, at the end: whoever goes on gives more than 1.
    const ending = sac(targetEnv(), { ...settings, ...more });
    await trainTo(ending, 500);
    assertLess(ending.statistics().meanQ, 0.02, kind);
    assertGreater(ending.statistics().meanQ, -0.7, kind);
    ending.dispose();
  }
});

Deno.test("createSacGru() minds the mask of where an episode was cut", async () => {
  await useBackend("native");
  // A memory of what followed the only step is one that is never learned.
  const trainer = sac(maskedCutEnv(), {
    recurrent: false,
    gamma: 0.5,
    tuneTemperature: false,
    temperature: 1e-4,
  });
  await trainTo(trainer, 900);
  assertAlmostEquals(trainer.statistics().meanQ, MASKED_CUT_VALUE, 0.3);
  trainer.dispose();
});

/** Share of episodes in which the cue was recalled. */
function recalled(trainer: Trainer, length: number): number {
  const { returns } = evaluatePolicy(
    trainer.policy,
    recall({ steps: length }),
    {
      episodes: 64,
      firstSeed: 1000,
    },
  );
  return returns.reduce((sum, value) => sum + value, 0) / 64;
}

Deno.test("createSacGru() recalls a cue, which it cannot without memory", async () => {
  await useBackend("native");
  const length = 5;
  const settings = { trainFreq: 8, sequenceLength: 6, burnIn: 0, gruUnits: 16 };
  const memory = sac(recallEnv(length, 8), settings);
  await trainTo(memory, 6000);
  // All 64; a coin would have it so with probability 5e-20.
  assertEquals(recalled(memory, length), 1);
  memory.dispose();
  const none = sac(recallEnv(length, 8), { ...settings, recurrent: false });
  await trainTo(none, 6000);
  // 64 fair coins: above 52 heads with probability 3e-7.
  assertLess(recalled(none, length), 53 / 64);
  none.dispose();
});

Deno.test("createSacGru() gives the same bytes for the same seed", async () => {
  await useBackend("native");
  for (const [, settings] of KINDS) {
    await assertSeedDecides(
      (seed) => sac(identityEnv(2), settings, { seed }),
      160,
    );
  }
});

Deno.test("createSacGru() goes on from a checkpoint as if never stopped", async () => {
  const cases: [() => VectorEnvironment, Partial<SacSettings>][] = [
    [() => maskedEnv(), { bufferSize: 90 }],
    [() => recallEnv(7, 3), { bufferSize: 120, trainFreq: 5 }],
    [() => levelsEnv(2), { recurrent: false, bufferSize: 100 }],
    [() => targetEnv(2), { learningRateSchedule: "linear" }],
  ];
  for (const device of ["native", "wasm"] as const) {
    await useBackend(device);
    for (const [env, settings] of device === "wasm" ? [cases[1]] : cases) {
      const create = () =>
        sac(env(), { learningStarts: 30, batchSize: 4, ...settings }, {
          totalTimesteps: 300,
        });
      await assertResumes(create, { save: 123, end: 210 });
    }
  }
});

Deno.test("createSacGru() learns the same on every device", async () => {
  const weights: Float32Array[] = [];
  for (const device of ["native", "cpu", "wasm"] as const) {
    await useBackend(device);
    const trainer = sac(recallEnv(5), { learningStarts: 60, burnIn: 2 });
    await trainTo(trainer, 80);
    const { tensors } = await trainer.save();
    weights.push(tensors.weights["actor.head.0.weight"].data as Float32Array);
    trainer.dispose();
  }
  weights[0].forEach((value, i) => {
    assertAlmostEquals(weights[1][i], value, 1e-4, "cpu");
    assertAlmostEquals(weights[2][i], value, 1e-4, "wasm");
  });
});

Deno.test("sacGruPolicy() acts as the trainer, and remembers by rows", async () => {
  await useBackend("native");
  const env = makeVectorEnvironment({
    id: "PendulumPosition-v1",
    options: {},
  }, 1);
  const trainer = sac(env, { encoderArch: [6] });
  await trainTo(trainer, 120);
  const { tensors } = await trainer.save();
  const settings = { ...QUICK, encoderArch: [6] };
  const policy = sacGruPolicy(env, settings, { tensors });
  const act = (chosen: typeof policy, observations: Float32Array) => {
    const actions = new Float32Array(observations.length / 2);
    chosen.act(observations, new Uint8Array(0), actions);
    return [...actions];
  };
  const seen = [0.1, 0.4, -0.3, 0.2].map((angle) =>
    Float32Array.of(Math.cos(angle), Math.sin(angle))
  );
  const episode = (chosen: typeof policy) => {
    chosen.reset!();
    return seen.map((each) => act(chosen, each)[0]);
  };
  const first = episode(policy);
  episode(trainer.policy).forEach((action, i) =>
    assertAlmostEquals(action, first[i], 1e-5)
  );
  assertEquals(episode(policy), first);
  // Without a reset, what was seen before makes a difference.
  assertNotEquals(act(policy, seen[0])[0], first[0]);
  // Two rows, of which one begins anew in between.
  policy.reset!();
  const both = (a: number, b: number) =>
    act(policy, Float32Array.of(...seen[a], ...seen[b]));
  assertEquals(both(0, 0), [first[0], first[0]]);
  policy.reset!(1);
  assertEquals(both(1, 0), [first[1], first[0]]);
  assertEquals(both(2, 1), [first[2], first[1]]);
  trainer.dispose();
  assertThrows(
    () => sacGruPolicy(env, settings, { tensors: {} }),
    TypeError,
    "found none",
  );
});

Deno.test("createSacGru() keeps the number of tensors", async () => {
  for (const backend of ["wasm", "native"] as const) {
    await useBackend(backend);
    await assertNoTensorLeak(
      () => sac(identityEnv(), { learningStarts: 30, trainFreq: 10 }),
      { warm: 60, end: 120 },
    );
  }
});

Deno.test("createSacGru() throws for settings that mean nothing", async () => {
  await useBackend("native");
  const cases: [Partial<SacSettings>, string][] = [
    [{ targetEntropyFraction: 1 }, "Cannot aim at 1 of the largest entropy"],
    [{ temperature: 0 }, "a temperature of 0"],
    [{ sequenceLength: 0 }, "from 0 steps after 1"],
    [{ burnIn: -1 }, "after -1"],
    [{ gruUnits: 0.5 }, "0.5 recurrent units"],
    [{ bufferSize: 3 }, "sequences of 5 steps"],
  ];
  for (const [settings, message] of cases) {
    assertThrows(() => sac(identityEnv(), settings), RangeError, message);
  }
  const unbounded = {
    ...targetEnv(),
    actionSpace: box(-1, Infinity, { shape: [1] }),
  };
  assertThrows(() => sac(unbounded), RangeError, "finite bounds");
});

Deno.test("statistics are NaN before the first update, finite after", async () => {
  await useBackend("native");
  const trainer = sac(identityEnv(), { recurrent: false });
  await trainTo(trainer, 50);
  assert(Number.isNaN(trainer.statistics().loss));
  await trainTo(trainer, 110);
  for (const [name, value] of Object.entries(trainer.statistics())) {
    assert(Number.isFinite(value), name);
  }
  trainer.dispose();
});
