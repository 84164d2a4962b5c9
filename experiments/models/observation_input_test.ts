import { assertEquals, assertThrows } from "@std/assert";
import { box, discrete, multiDiscrete } from "../../core/spaces.ts";
import {
  actionMaskOf,
  observationInputOf,
  observationOf,
  quoted,
} from "./observation_input.ts";

const anything = box(-Infinity, Infinity, { shape: [2] });
const spaces = { observationSpace: anything, actionSpace: discrete(2) };

Deno.test("observationOf() takes what lies in the space", () => {
  assertEquals(observationOf([1, 2], anything, "x"), Float32Array.of(1, 2));
  assertEquals(observationOf([1], discrete(2), "x"), 1);
  assertEquals(
    observationOf([1, 0], multiDiscrete([2, 2]), "x"),
    Int32Array.of(1, 0),
  );
});

Deno.test("observationOf() refuses numbers that are not finite, or too many", () => {
  // A double that no 32-bit float holds becomes infinite.
  for (const wrong of [Infinity, -Infinity, NaN]) {
    assertThrows(() => observationOf([0, wrong], anything, "x"), RangeError);
  }
  assertThrows(
    () => observationOf([0, 0, 0], anything, "row 2"),
    SyntaxError,
    "Cannot use row 2: it has 3 numbers, expected 2 for Box(2)",
  );
  assertThrows(() => observationOf([1.5], discrete(2), "x"), RangeError);
  assertThrows(() => observationOf([1e39, 0], anything, "x"), RangeError);
});

Deno.test("actionMaskOf() reads truth values and refuses the rest", () => {
  const pairs = multiDiscrete([2, 2]);
  assertEquals(
    actionMaskOf([true, false, 0, 1], pairs, "x"),
    Uint8Array.of(1, 0, 0, 1),
  );
  for (
    const wrong of [undefined, [1, 1], [1, 1, 1, 2], "1111", [1, 1, 1, "1"]]
  ) {
    assertThrows(() => actionMaskOf(wrong, pairs, "x"), SyntaxError);
  }
  assertThrows(
    () => actionMaskOf([1, 1, 0, 0], pairs, "x"),
    RangeError,
    "it allows no action",
  );
});

Deno.test("observationInputOf() reads arrays and objects", () => {
  assertEquals(observationInputOf([1, 2], spaces, "x"), {
    observation: Float32Array.of(1, 2),
  });
  assertEquals(
    observationInputOf(
      { observation: [1, 2], actionMask: [0, 1], reset: true },
      spaces,
      "x",
    ),
    {
      observation: Float32Array.of(1, 2),
      actionMask: Uint8Array.of(0, 1),
      reset: true,
    },
  );
  for (const wrong of [null, "1,2", {}, { observation: ["1", 2] }, [[1, 2]]]) {
    assertThrows(() => observationInputOf(wrong, spaces, "x"), SyntaxError);
  }
});

Deno.test("quoted() cuts what is long", () => {
  assertEquals(quoted(undefined), "nothing");
  assertEquals(quoted("x".repeat(100)).length, 61);
});
