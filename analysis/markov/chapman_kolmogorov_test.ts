import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { METASTABLE, visit } from "./_test_chain.ts";
import { chapmanKolmogorov, impliedTimescales } from "./chapman_kolmogorov.ts";

const random = new Random(11);
const SERIES = Array.from(
  { length: 20 },
  () =>
    visit(METASTABLE, {
      steps: 5000,
      random: random.split(),
      start: random.integer(0, 3),
    }),
);

Deno.test("a Markov chain passes the Chapman-Kolmogorov test", () => {
  // 20 lines, each beyond six standard errors by chance with 2e-9 for a normal
  // error and 1e-5 for Student's t of 19; the seed is fixed.
  const lines = chapmanKolmogorov(SERIES, { states: 4, lag: 2 });
  assertEquals(lines.length, 20);
  for (const { predicted, estimated, standardError, multiple } of lines) {
    if (multiple === 1) assertAlmostEquals(predicted, estimated, 1e-12);
    else assert(Math.abs(predicted - estimated) < 6 * standardError);
  }
});

Deno.test("a chain seen through too few states fails it", () => {
  // States 0 and 2 in one, 1 and 3 in the other hide the slow pair; a cycle
  // of three seen as two states remembers where it is.
  const cycle = Array.from(
    { length: 20 },
    () => Int32Array.from({ length: 500 }, (_, t) => t % 3 === 0 ? 0 : 1),
  );
  const lines = chapmanKolmogorov(cycle, { states: 2, lag: 1, multiples: [2] });
  assert(Math.abs(lines[0].predicted - lines[0].estimated) > 0.2);
});

Deno.test("impliedTimescales() are flat for a Markov chain", () => {
  const lags = impliedTimescales(SERIES, {
    states: 4,
    interval: 5,
    lags: [1, 5, 20],
    count: 1,
  });
  const truth = -5 / Math.log(0.98);
  for (const [slowest] of lags) {
    // About 2,000 crossings of 1,000 expected between the pairs.
    assert(Math.abs(slowest / truth - 1) < 0.2);
  }
});
