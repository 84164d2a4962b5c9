import { assertAlmostEquals, assertGreater } from "@std/assert";
import { Random } from "../../core/random.ts";
import * as tf from "../../learning/tensorflow.ts";
import { lambdaReturns } from "./td_lambda.ts";
import { useBackend } from "../_test_trainers.ts";

/** One sequence of some length within columns of padded ones. */
interface Sequence {
  rewards: number[];
  /** Before each step and after the last. */
  values: number[];
  terminated: boolean;
}

/**
 * Lambda returns by their definition: the mean of all n-step returns, each
 * weighted by (1 - lambda) lambda^(n - 1), the longest by what is left.
 */
function expectedReturns(
  { rewards, values, terminated }: Sequence,
  { gamma, lambda }: { gamma: number; lambda: number },
): number[] {
  const length = rewards.length;
  return rewards.map((_, start) => {
    let sum = 0;
    let weightLeft = 1;
    for (let steps = 1; start + steps <= length; steps++) {
      let nStep = 0;
      for (let k = 0; k < steps; k++) nStep += gamma ** k * rewards[start + k];
      const atEnd = start + steps === length;
      if (!(atEnd && terminated)) {
        nStep += gamma ** steps * values[start + steps];
      }
      const weight = atEnd ? weightLeft : (1 - lambda) * weightLeft;
      sum += weight * nStep;
      weightLeft -= weight;
    }
    return sum;
  });
}

Deno.test("lambdaReturns() weights all lengths by their definition", async () => {
  await useBackend("cpu");
  const random = new Random(1);
  const time = 7;
  const lengths = [1, 2, 4, 6, 7, 7];
  const columns = 2 * lengths.length;
  for (const lambda of [0, 0.6, 0.95, 1]) {
    for (const gamma of [0.9, 1]) {
      const sequences = Array.from({ length: columns }, (_, i): Sequence => {
        const length = lengths[i >> 1];
        const draw = () => random.normal();
        return {
          rewards: Array.from({ length }, draw),
          values: Array.from({ length: length + 1 }, draw),
          terminated: i % 2 === 0,
        };
      });
      // Behind the ends stands what must not matter.
      const table = (rows: number, at: (t: number, i: number) => number) =>
        tf.tensor2d(
          Array.from(
            { length: rows },
            (_, t) => sequences.map((_, i) => at(t, i)),
          ),
        );
      const lastOf = (i: number) => sequences[i].rewards.length - 1;
      const found = lambdaReturns(
        table(time + 1, (t, i) => sequences[i].values[t] ?? 99),
        {
          rewards: table(time, (t, i) => sequences[i].rewards[t] ?? 77),
          discounts: table(
            time,
            (t, i) => t === lastOf(i) && sequences[i].terminated ? 0 : gamma,
          ),
          ends: table(time, (t, i) => t === lastOf(i) ? 1 : 0),
          lambda,
        },
      ).arraySync();
      sequences.forEach((sequence, i) =>
        expectedReturns(sequence, { gamma, lambda }).forEach((expected, t) =>
          assertAlmostEquals(found[t][i], expected, 1e-5)
        )
      );
    }
  }
});

Deno.test("lambdaReturns() bootstraps at a cut and not at an end", async () => {
  await useBackend("cpu");
  const returns = (discount: number) =>
    lambdaReturns(tf.tensor2d([[0], [10]]), {
      rewards: tf.tensor2d([[1]]),
      discounts: tf.tensor2d([[discount]]),
      ends: tf.tensor2d([[1]]),
      lambda: 0.6,
    }).arraySync()[0][0];
  assertAlmostEquals(returns(0.5), 6, 1e-6);
  assertAlmostEquals(returns(0), 1, 1e-6);
  assertGreater(returns(0.5), returns(0));
});
