import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { jointEnvironment } from "../../envs/joint_environment.ts";
import type { MultiAgentEnvironment } from "../../envs/multi_agent.ts";
import {
  matrixGame,
  NON_MONOTONIC_PAYOFFS,
} from "../../envs/reference/matrix_game.ts";
import { twoStepGame } from "../../envs/reference/two_step_game.ts";
import { teamValues } from "./_test_team_values.ts";
import {
  ENDLESS_VALUE,
  endlessTeam,
  MASKED_TEAM_VALUE,
  maskedTeam,
  memoryTeam,
  unlikeTeam,
} from "../_test_teams.ts";
import {
  assertNoTensorLeak,
  assertResumes,
  assertSeedDecides,
  trainTo,
  useBackend,
  weightsOf,
} from "../_test_trainers.ts";
import { evaluatePolicy } from "../evaluation.ts";
import type { Mixer } from "./mixing.ts";
import { createQmix } from "./qmix.ts";
import { type QmixSettings, qmixSettings } from "./qmix_settings.ts";
import { QMIX_GAMES } from "../settings/qmix.ts";
import type { Trainer } from "../trainer.ts";

/** Learns tiny tasks in a second or two, from random actions alone. */
const QUICK = QMIX_GAMES;

function qmix(
  env: MultiAgentEnvironment,
  settings: Partial<QmixSettings> = {},
  { seed = 1, totalTimesteps = 2000 } = {},
): Trainer {
  return createQmix(env, {
    seed,
    totalTimesteps,
    settings: { ...QUICK, ...settings },
  });
}

/** Return of the learned policy, and mean over some episodes. */
function greedyReturn(
  trainer: Trainer,
  env: MultiAgentEnvironment,
  episodes = 1,
): number {
  const { returns } = evaluatePolicy(trainer.policy, jointEnvironment(env), {
    episodes,
  });
  return returns.reduce((sum, value) => sum + value, 0) / episodes;
}

/** Values of the two-step game: each state's best pair, and the pairs of 2B. */
async function twoStepValues(trainer: Trainer, mixer: Mixer) {
  const saved = await trainer.save();
  const settings = qmixSettings({ ...QUICK, mixer });
  const values = (...played: number[][]) =>
    teamValues(saved, twoStepGame(), { settings, played }).total;
  const [a, b] = values().map((row) => Math.max(...row));
  return { a, b, payoffs: values([1, 0]).flat() };
}

Deno.test("createQmix() gets 8 in the two-step game, with the paper's values", async () => {
  await useBackend("native");
  for (const seed of [1, 2, 3, 4]) {
    const trainer = qmix(twoStepGame(), {}, { seed });
    await trainTo(trainer, 2000);
    assertEquals(greedyReturn(trainer, twoStepGame()), 8);
    // The paper's table: 6.93 and 7.92, then 0, 1, 1 and 8.
    const { a, b, payoffs } = await twoStepValues(trainer, "qmix");
    assertAlmostEquals(a, 0.99 * 7, 0.05);
    assertAlmostEquals(b, 0.99 * 8, 0.05);
    [0, 1, 1, 8].forEach((payoff, i) =>
      assertAlmostEquals(payoffs[i], payoff, 0.1)
    );
    trainer.dispose();
  }
});

Deno.test("createQmix() gets 7 in the two-step game where utilities are added", async () => {
  await useBackend("native");
  for (const seed of [1, 2, 3, 4]) {
    const trainer = qmix(twoStepGame(), { mixer: "vdn" }, { seed });
    await trainTo(trainer, 2000);
    assertEquals(greedyReturn(trainer, twoStepGame()), 7);
    // The best sums for pairs as likely: -1.5, 2.5, 2.5 and 6.5, discounted
    // 6.44 against 6.93. Some 500 drawn episodes are not quite as likely: a
    // share off by 0.03 moves a sum by 0.3.
    const { a, b, payoffs } = await twoStepValues(trainer, "vdn");
    assertGreater(a, b);
    assertAlmostEquals(a, 0.99 * 7, 0.3);
    assertAlmostEquals(b, 0.99 * 6.5, 0.5);
    [-1.5, 2.5, 2.5, 6.5].forEach((payoff, i) =>
      assertAlmostEquals(payoffs[i], payoff, 0.6)
    );
    trainer.dispose();
  }
});

/** Mean payoff of each row, which is that of the column too. */
const MEANS = NON_MONOTONIC_PAYOFFS.map((row) =>
  row.reduce((sum, payoff) => sum + payoff, 0) / row.length
);
const MEAN = MEANS.reduce((sum, mean) => sum + mean, 0) / MEANS.length;

/** Tables that are nearest to the payoffs, by squared errors over all pairs. */
const BEST_FITS = {
  // Sums: row + column - overall mean.
  vdn: NON_MONOTONIC_PAYOFFS.map((row, i) =>
    row.map((_, j) => MEANS[i] + MEANS[j] - MEAN)
  ),
  // Rising with both utilities, where the first choices' are the lowest: the 8
  // and the four -12 have to be alike, and are their mean.
  qmix: [[-8, -8, -8], [-8, 0, 0], [-8, 0, 0]],
};

Deno.test("createQmix() misses the 8 among -12, as theory says", async () => {
  await useBackend("native");
  // Where the first choices' utilities are the highest, the nearest table is 8
  // and else -6. It is nearer yet (288 against 320), but far from where
  // training begins: one of eight seeds gets there, none of these.
  for (const seed of [1, 2, 4]) {
    for (const mixer of ["vdn", "qmix"] as const) {
      const env = matrixGame();
      const settings = { mixer, bufferSize: 5000, batchSize: 64 };
      const trainer = qmix(env, settings, { seed, totalTimesteps: 1200 });
      await trainTo(trainer, 1200);
      assertEquals(greedyReturn(trainer, env), 0);
      const { total } = teamValues(await trainer.save(), env, {
        settings: qmixSettings({ ...QUICK, mixer }),
      });
      // The 1200 drawn pairs are not quite alike, nor are batches of 64.
      BEST_FITS[mixer].flat().forEach((value, i) =>
        assertAlmostEquals(total.flat()[i], value, 1.5, `${mixer} ${total}`)
      );
      trainer.dispose();
    }
  }
});

Deno.test("createQmix() finds the 8 where the agents' payoffs are monotonic", async () => {
  await useBackend("native");
  const payoffs = [[0, 1, 2], [1, 3, 5], [2, 5, 8]];
  const trainer = qmix(matrixGame({ payoffs }));
  await trainTo(trainer, 800);
  assertEquals(greedyReturn(trainer, matrixGame({ payoffs })), 8);
  trainer.dispose();
});

Deno.test("createQmix() remembers what it saw two steps before, with its memory alone", async () => {
  await useBackend("native");
  const returns: number[] = [];
  for (const recurrent of [true, false]) {
    const settings = { recurrent, tdLambda: 0.6 };
    const trainer = qmix(memoryTeam(), settings, { totalTimesteps: 3000 });
    await trainTo(trainer, 3000);
    returns.push(greedyReturn(trainer, memoryTeam(), 40));
    trainer.dispose();
  }
  assertEquals(returns[0], 2);
  // Guesses: 1 on average, and above 1.7 in 40 episodes with probability 3e-6
  // even if the two coins were one.
  assertLess(returns[1], 1.7);
});

/** Each option at least once. */
const VARIANTS: [string, Partial<QmixSettings>][] = [
  ["defaults", {}],
  ["vdn", { mixer: "vdn" }],
  ["none", { mixer: "none" }],
  ["own networks", { shareParameters: false }],
  ["no memory", { recurrent: false }],
  ["no layers", { netArch: [], hypernetEmbedDim: 0 }],
  ["TD(lambda)", { tdLambda: 0.6, doubleQ: false }],
  ["RMSprop", { optimizer: "rmsprop", learningRate: 5e-3 }],
  ["Polyak", { tau: 0.05, targetUpdateInterval: 1, updatesPerEpisode: 2 }],
  ["pieces", { sequenceLength: 2 }],
];

// Those that change shapes.
for (const [name, settings] of VARIANTS.slice(0, 6)) {
  Deno.test(`createQmix() learns unlike agents with several entries (${name})`, async () => {
    await useBackend("native");
    const given = { learningRate: 5e-3, ...settings, hiddenSize: 32 };
    const trainer = qmix(unlikeTeam(), given, { totalTimesteps: 1000 });
    await trainTo(trainer, 1000);
    assertEquals(greedyReturn(trainer, unlikeTeam(), 20), 4);
    trainer.dispose();
  });
}

for (const [name, settings] of VARIANTS) {
  Deno.test(`createQmix() bootstraps through a cut (${name})`, async () => {
    await useBackend("native");
    const env = endlessTeam(2);
    const given = { ...settings, gamma: 0.5 };
    const trainer = qmix(env, given, { totalTimesteps: 600 });
    await trainTo(trainer, 600);
    const { total } = teamValues(await trainer.save(), env, {
      settings: qmixSettings({ ...QUICK, ...given }),
    });
    for (const value of total.flat()) {
      assertAlmostEquals(value, ENDLESS_VALUE, 0.1);
    }
    trainer.dispose();
  });

  Deno.test(`createQmix() neither takes nor believes in forbidden actions (${name})`, async () => {
    await useBackend("native");
    // The environment throws when a mask is violated.
    const env = maskedTeam();
    const given = { ...settings, gamma: 0.5, sequenceLength: 8 };
    const trainer = qmix(env, given, { totalTimesteps: 1600 });
    await trainTo(trainer, 1600);
    const { total, utilities } = teamValues(await trainer.save(), env, {
      settings: qmixSettings({ ...QUICK, ...given }),
      played: [[0, 0], [0, 1]],
    });
    // The allowed pair, in the state after the first.
    assertAlmostEquals(total[0][1], MASKED_TEAM_VALUE, 0.4, `${utilities}`);
    assertEquals(greedyReturn(trainer, maskedTeam()), -2);
    trainer.dispose();
  });

  Deno.test(`createQmix() goes on from a saved state with the same bytes (${name})`, async () => {
    await useBackend("native");
    const few = { ...settings, batchSize: 4, bufferSize: 10 };
    await assertResumes(
      () => qmix(maskedTeam(), { ...few, sequenceLength: 5 }),
      { save: 101, end: 160 },
    );
  });
}

Deno.test("createQmix() with one seed gives the same bytes, with another others", async () => {
  await useBackend("native");
  await assertSeedDecides(
    (seed) => qmix(twoStepGame(), { batchSize: 8 }, { seed }),
    101,
  );
});

Deno.test("createQmix() learns the same on every device", async () => {
  const found: number[][] = [];
  for (const device of ["cpu", "wasm", "native"] as const) {
    await useBackend(device);
    // Actions that no rounding changes, so that all learn from the same.
    const trainer = qmix(twoStepGame(), { batchSize: 8, tdLambda: 0.6 });
    await trainTo(trainer, 60);
    found.push(weightsOf(await trainer.save()));
    trainer.dispose();
  }
  found[0].forEach((weight, i) => {
    assertAlmostEquals(found[1][i], weight, 1e-3, "wasm");
    assertAlmostEquals(found[2][i], weight, 1e-3, "native");
  });
});

Deno.test("createQmix() tells what it learns", async () => {
  await useBackend("native");
  const trainer = qmix(twoStepGame(), {
    epsilonFinish: 0.2,
    epsilonAnnealTime: 100,
    batchSize: 4,
  });
  assertEquals(trainer.statistics().epsilon, 1);
  await trainTo(trainer, 50);
  const { epsilon, updates, loss, gradientNorm } = trainer.statistics();
  assertAlmostEquals(epsilon, 0.6, 1e-9);
  // After each of 25 episodes but the first three.
  assertEquals(updates, 22);
  assertGreater(loss, 0);
  assertGreater(gradientNorm, 0);
  assertEquals([trainer.episodes.finished, trainer.episodes.meanLength], [
    25,
    2,
  ]);
  trainer.dispose();
});

Deno.test("createQmix() keeps the number of tensors", async () => {
  for (const device of ["native", "wasm"] as const) {
    await useBackend(device);
    await assertNoTensorLeak(
      () => qmix(twoStepGame(), { batchSize: 4, tau: 0.5 }),
      { warm: 60, end: 120 },
    );
  }
});

Deno.test("createQmix() throws for what it cannot train", async () => {
  await useBackend("native");
  assertThrows(
    () => qmix({ ...endlessTeam(2), maximumSteps: Infinity }),
    RangeError,
    "Cannot remember whole episodes of EndlessTeam, which have no end",
  );
  assertThrows(() => qmix(twoStepGame(), { batchSize: 0 }), RangeError);
  const small = qmix(twoStepGame());
  const large = qmix(twoStepGame(), { hiddenSize: 8 });
  const saved = await small.save();
  await large.load(saved).then(
    () => assertEquals("loaded", "refused"),
    (error) => assertEquals(error.name, "TypeError"),
  );
  small.dispose();
  large.dispose();
});
