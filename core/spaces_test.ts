import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "./random.ts";
import {
  box,
  contains,
  describeSpace,
  discrete,
  multiDiscrete,
  sample,
  type Space,
  spaceSize,
} from "./spaces.ts";

const spaces: [Space, string, number][] = [
  [discrete(3), "Discrete(3)", 1],
  [multiDiscrete([2, 5]), "MultiDiscrete(2, 5)", 2],
  [box(-1, 1, { shape: [2, 3] }), "Box(2 x 3)", 6],
  [box([0, -Infinity], [Infinity, Infinity]), "Box(2)", 2],
];

for (const [space, description, size] of spaces) {
  Deno.test(`sample() draws members of ${description}`, () => {
    const random = new Random(1);
    for (let i = 0; i < 200; i++) {
      assert(contains(space, sample(space, random)));
    }
    assertEquals(describeSpace(space), description);
    assertEquals(spaceSize(space), size);
  });
}

Deno.test("contains() refuses what lies outside or has the wrong type", () => {
  const values: [Space, unknown][] = [
    [discrete(3), 3],
    [discrete(3), 0.5],
    [discrete(3), "1"],
    [multiDiscrete([2, 5]), Int32Array.of(2, 0)],
    [multiDiscrete([2, 5]), [0, 0]],
    [box(-1, 1, { shape: [2] }), Float32Array.of(0, 2)],
    [box(-1, 1, { shape: [2] }), Float32Array.of(0, NaN)],
    [box(-1, 1, { shape: [2] }), Float32Array.of(0)],
  ];
  for (const [space, value] of values) assert(!contains(space, value));
});

Deno.test("discrete() and box() refuse what is no space", () => {
  assertThrows(() => discrete(0), RangeError, "0");
  assertThrows(() => box(1, 0, { shape: [1] }), RangeError);
  assertThrows(() => box([0, 0], [1]), TypeError);
});
