import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { box, discrete, multiDiscrete } from "../../core/spaces.ts";
import * as tf from "../../learning/tensorflow.ts";
import { useBackend } from "../_test_trainers.ts";
import { createActionHeads } from "./_sac_heads.ts";

const SIZES = [3, 2];
/** Two rows: everything, and one option less of each choice. */
const GIVEN = Uint8Array.of(1, 1, 1, 1, 1, 1, 0, 1, 0, 1);
/** As networks see them: the second choice has a third option, forbidden. */
const MASKS = [1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0];

const random = new Random(7);
const LOGITS = Float32Array.from({ length: 12 }, () => random.normal());
const VALUES = Float32Array.from({ length: 12 }, () => random.normal());

/** Probabilities of each row and head, in plain numbers. */
function probabilities(logits: ArrayLike<number>): number[] {
  const found: number[] = [];
  for (let start = 0; start < 12; start += 3) {
    const weights = [0, 1, 2].map((i) =>
      MASKS[start + i] * Math.exp(logits[start + i])
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    found.push(...weights.map((weight) => weight / total));
  }
  return found;
}

/** Entropy and expected value of a row, in plain numbers. */
function plainRow(logits: ArrayLike<number>, row: number) {
  const all = probabilities(logits);
  let entropy = 0;
  let value = 0;
  for (let i = row * 6; i < row * 6 + 6; i++) {
    if (all[i] > 0) entropy -= all[i] * Math.log(all[i]);
    value += all[i] * VALUES[i];
  }
  return { entropy, value };
}

Deno.test("choices: entropy and value are those of all combinations", async () => {
  await useBackend("wasm");
  const heads = createActionHeads(multiDiscrete(SIZES));
  const { entropy, values } = heads.evaluate(tf.tensor2d(LOGITS, [2, 6]), {
    masks: tf.tensor2d(MASKS, [2, 6]),
    noise: tf.zeros([2, 0]),
    critics: [() => tf.tensor2d(VALUES, [2, 6])],
  });
  for (let row = 0; row < 2; row++) {
    // Over all combinations of the choices, as one distribution.
    const all = probabilities(LOGITS).slice(row * 6, row * 6 + 6);
    let jointEntropy = 0;
    let jointValue = 0;
    for (let first = 0; first < 3; first++) {
      for (let second = 0; second < 3; second++) {
        const p = all[first] * all[3 + second];
        if (p > 0) jointEntropy -= p * Math.log(p);
        const start = row * 6;
        jointValue += p * (VALUES[start + first] + VALUES[start + 3 + second]);
      }
    }
    assertAlmostEquals(entropy.dataSync()[row], jointEntropy, 1e-5);
    assertAlmostEquals(values[0].dataSync()[row], jointValue, 1e-5);
  }
});

Deno.test("choices: gradients are those of plain numbers", async () => {
  await useBackend("wasm");
  const heads = createActionHeads(multiDiscrete(SIZES));
  const temperature = 0.3;
  const gradient = tf.grad((logits) => {
    const { entropy, values } = heads.evaluate(logits as tf.Tensor2D, {
      masks: tf.tensor2d(MASKS, [2, 6]),
      noise: tf.zeros([2, 0]),
      critics: [() => tf.tensor2d(VALUES, [2, 6])],
    });
    return tf.sum(tf.add(values[0], tf.mul(entropy, temperature)));
  })(tf.tensor2d(LOGITS, [2, 6])).dataSync();
  const softValue = (logits: ArrayLike<number>) =>
    [0, 1].map((row) => plainRow(logits, row))
      .reduce(
        (sum, { entropy, value }) => sum + value + temperature * entropy,
        0,
      );
  for (let i = 0; i < 12; i++) {
    const moved = (by: number) =>
      softValue(Float64Array.from(LOGITS, (x, j) => i === j ? x + by : x));
    const slope = (moved(1e-4) - moved(-1e-4)) / 2e-4;
    assertAlmostEquals(gradient[i], slope, 1e-5);
    if (!MASKS[i]) assertEquals(gradient[i], 0);
  }
});

Deno.test("choices: entropies are aimed at by what is allowed", async () => {
  await useBackend("wasm");
  const heads = createActionHeads(multiDiscrete(SIZES));
  const aims = heads.targetEntropy(tf.tensor2d(MASKS, [2, 6]), 0.5).dataSync();
  assertAlmostEquals(aims[0], 0.5 * Math.log(6), 1e-6);
  assertAlmostEquals(aims[1], 0.5 * Math.log(2), 1e-6);
});

Deno.test("choices: masks, codes and actions go between environment and agent", async () => {
  await useBackend("wasm");
  const heads = createActionHeads(multiDiscrete(SIZES));
  const masks = new Uint8Array(12);
  heads.readMasks(GIVEN, masks);
  assertEquals([...masks], MASKS);
  const actions = Float32Array.of(2, 0, 0, 1);
  const codes = heads.encode(tf.tensor2d(actions, [2, 2])).dataSync();
  const expected = [0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0];
  assertEquals([...codes], expected);
  const row = new Float32Array(6);
  heads.writeFeatures(actions, 1, row);
  assertEquals([...row], expected.slice(6));
  const value = heads.valueOf(
    tf.tensor2d(VALUES, [2, 6]),
    tf.tensor2d(expected, [2, 6]),
  ).dataSync();
  assertAlmostEquals(value[0], VALUES[2] + VALUES[3], 1e-6);
  const given = new Int32Array(4);
  heads.toSpace(actions, given);
  assertEquals([...given], [2, 0, 0, 1]);
  const back = new Float32Array(4);
  heads.fromSpace(given, back);
  assertEquals(back, actions);
});

Deno.test("choices: drawn as their probabilities say, never forbidden", () => {
  const heads = createActionHeads(multiDiscrete(SIZES));
  const masks = Uint8Array.from(MASKS);
  const draws = 20_000;
  const drawn = new Random(1);
  const actions = new Float32Array(4);
  const counts = { draw: new Float64Array(12), uniform: new Float64Array(12) };
  for (let i = 0; i < draws; i++) {
    heads.draw({ outputs: LOGITS, masks, random: drawn }, actions);
    actions.forEach((option, j) => counts.draw[j * 3 + option]++);
    heads.drawUniform({ masks, random: drawn }, actions);
    actions.forEach((option, j) => counts.uniform[j * 3 + option]++);
  }
  // Each of 24 shares lies within 5.7 of its deviations but with probability
  // 24 x 1.2e-8 = 3e-7; without the logits, the first is off by 40 and more.
  const check = (counts: Float64Array, logits: ArrayLike<number>) =>
    probabilities(logits).forEach((p, i) => {
      if (p === 0) return assertEquals(counts[i], 0);
      const deviation = Math.sqrt(draws * p * (1 - p));
      assertAlmostEquals(counts[i], draws * p, 5.7 * deviation + 1e-9);
    });
  check(counts.draw, LOGITS);
  check(counts.uniform, new Float32Array(12));
  heads.best({ outputs: LOGITS, masks }, actions);
  const most = probabilities(LOGITS);
  actions.forEach((option, j) => {
    const own = most.slice(j * 3, j * 3 + 3);
    assertEquals(option, own.indexOf(Math.max(...own)));
  });
});

Deno.test("Gaussian values: entropy and value are those of the drawn action", async () => {
  await useBackend("wasm");
  const heads = createActionHeads(box([-2, 0], [2, 10]));
  const outputs = [0.3, -0.4, 0.2, -0.1];
  const noise = [0.7, -1.1];
  const seen: Float32Array[] = [];
  const { entropy, values } = heads.evaluate(tf.tensor2d(outputs, [1, 4]), {
    masks: tf.zeros([1, 0]),
    noise: tf.tensor2d(noise, [1, 2]),
    critics: [(action) => {
      seen.push(action.dataSync() as Float32Array);
      return tf.sum(action, 1, true);
    }],
  });
  let logProbability = 0;
  const actions = [0, 1].map((i) => {
    const logStd = -1.5 + 3.5 * Math.tanh(outputs[2 + i]);
    const unsquashed = outputs[i] + Math.exp(logStd) * noise[i];
    logProbability += -0.5 * noise[i] ** 2 - logStd -
      0.5 * Math.log(2 * Math.PI) - Math.log(1 - Math.tanh(unsquashed) ** 2);
    return Math.tanh(unsquashed);
  });
  assertAlmostEquals(entropy.dataSync()[0], -logProbability, 1e-5);
  assertAlmostEquals(values[0].dataSync()[0], actions[0] + actions[1], 1e-6);
  actions.forEach((a, i) => assertAlmostEquals(seen[0][i], a, 1e-6));
  assertEquals(heads.targetEntropy(tf.zeros([1, 0]), 0.5).dataSync()[0], -2);
});

Deno.test("Gaussian values: drawn as evaluated, within the box", () => {
  const heads = createActionHeads(box([-2, 0], [2, 10]));
  const outputs = Float32Array.of(0.3, -0.4, 0.2, -0.1);
  const masks = new Uint8Array(0);
  const actions = new Float32Array(2);
  heads.best({ outputs, masks }, actions);
  assertAlmostEquals(actions[0], Math.tanh(0.3), 1e-6);
  heads.draw({ outputs, masks, random: new Random(5) }, actions);
  const same = new Random(5);
  [0, 1].forEach((i) => {
    const std = Math.exp(-1.5 + 3.5 * Math.tanh(outputs[2 + i]));
    const expected = Math.tanh(outputs[i] + std * same.normal());
    assertAlmostEquals(actions[i], expected, 1e-6);
  });
  const given = new Float32Array(2);
  heads.toSpace(Float32Array.of(-1, 1), given);
  assertEquals([...given], [-2, 10]);
  heads.toSpace(Float32Array.of(0.5, 0), given);
  assertEquals([...given], [1, 5]);
  heads.fromSpace(given, actions);
  assertEquals([...actions], [0.5, 0]);
});

Deno.test("createActionHeads() takes discrete actions as one choice, and throws without bounds", () => {
  assertEquals(createActionHeads(discrete(4)).policyOutputs, 4);
  assertEquals(createActionHeads(discrete(4)).actionSize, 1);
  assertThrows(
    () => createActionHeads(box(-Infinity, 1, { shape: [1] })),
    RangeError,
    "expected finite bounds, got [-Infinity] to [1]",
  );
  assertThrows(
    () => createActionHeads(multiDiscrete([])),
    RangeError,
    "no actions",
  );
});
