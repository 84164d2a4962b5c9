import { assert, assertEquals, assertLess } from "@std/assert";
import { Random } from "../core/random.ts";
import { createSumTree } from "./sum_tree.ts";

Deno.test("createSumTree() finds the place in whose stretch a number falls", () => {
  const tree = createSumTree(5);
  [2, 0, 3, 0.5, 1].forEach((weight, place) => tree.set(place, weight));
  assertEquals(tree.total, 6.5);
  const cases = [
    [0, 0],
    [1.999, 0],
    [2, 2],
    [4.999, 2],
    [5, 3],
    [5.5, 4],
    [6.499, 4],
    // Rounding may ask for the total itself, which no place holds.
    [6.5, 4],
  ];
  for (const [sum, place] of cases) assertEquals(tree.find(sum), place);
  assertEquals(tree.get(2), 3);
  assertEquals(tree.leaves(3), Float64Array.of(2, 0, 3));
});

Deno.test("createSumTree() holds for any number of places", () => {
  for (const places of [1, 2, 3, 7, 8, 9]) {
    const tree = createSumTree(places);
    for (let place = 0; place < places; place++) tree.set(place, 1);
    assertEquals(tree.total, places);
    for (let place = 0; place < places; place++) {
      assertEquals(tree.find(place), place);
      assertEquals(tree.find(place + 0.999), place);
    }
  }
});

Deno.test("createSumTree() draws in proportion to the weights", () => {
  // 200,000 draws over 9 places of weights 1 to 9. Chi-square with 8 degrees
  // of freedom exceeds 42.7 with probability 1e-6. Equal chances would give
  // over 100,000.
  const tree = createSumTree(10);
  for (let place = 0; place < 10; place++) tree.set(place, place);
  const random = new Random(1);
  const counts = new Float64Array(10);
  const draws = 200_000;
  for (let i = 0; i < draws; i++) {
    counts[tree.find(random.uniform(0, tree.total))]++;
  }
  assertEquals(counts[0], 0);
  let chiSquare = 0;
  for (let place = 1; place < 10; place++) {
    const expected = draws * place / 45;
    chiSquare += (counts[place] - expected) ** 2 / expected;
  }
  assertLess(chiSquare, 42.7);
});

Deno.test("createSumTree() stays exact over many changes of any size", () => {
  // Corrected by differences rather than summed anew, the total would keep
  // the rounding of 1e12 beside 1e-6.
  const tree = createSumTree(100);
  const random = new Random(2);
  for (let i = 0; i < 50_000; i++) {
    tree.set(random.integer(0, 99), 10 ** random.uniform(-6, 12));
  }
  for (let place = 0; place < 100; place++) tree.set(place, 0);
  assertEquals(tree.total, 0);
  tree.set(37, 1e-6);
  assertEquals(tree.total, 1e-6);
  assertEquals(tree.find(random.uniform(0, tree.total)), 37);
});

Deno.test("createSumTree() never finds a place of no weight", () => {
  const tree = createSumTree(64);
  const random = new Random(3);
  for (let i = 0; i < 20_000; i++) {
    const weight = random.uniform() < 0.5 ? 0 : 10 ** random.uniform(-9, 9);
    tree.set(random.integer(0, 63), weight);
    if (tree.total === 0) continue;
    const place = tree.find(random.uniform(0, tree.total));
    assert(tree.get(place) > 0);
    assert(tree.get(tree.find(tree.total)) > 0);
  }
});
