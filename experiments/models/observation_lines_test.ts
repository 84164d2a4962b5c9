import { assertEquals, assertThrows } from "@std/assert";
import { box, discrete } from "../../core/spaces.ts";
import { readObservationLine } from "./observation_lines.ts";

const actionSpace = discrete(3);
const pair = { observationSpace: box(-1, 1, { shape: [2] }), actionSpace };
const three = { observationSpace: discrete(3), actionSpace };
const place = { name: "line 1" };
const halves = Float32Array.of(0.5, -0.5);

Deno.test("readObservationLine() reads arrays, objects and CSV", () => {
  for (
    const line of [
      "[0.5, -0.5]",
      ' {"observation": [0.5, -0.5]} ',
      "0.5,-0.5",
      " 5e-1 , -.5\r",
    ]
  ) {
    assertEquals(readObservationLine(line, pair, place)?.observation, halves);
  }
  assertEquals(readObservationLine("2", three, place)?.observation, 2);
  assertEquals(
    readObservationLine('{"observation":2}', three, place)?.observation,
    2,
  );
});

Deno.test("readObservationLine() reads the mask", () => {
  assertEquals(
    readObservationLine(
      '{"observation": [0, 0], "actionMask": [1, 0, 1]}',
      pair,
      place,
    )?.actionMask,
    Uint8Array.of(1, 0, 1),
  );
});

Deno.test("readObservationLine() passes over blank lines and a first line of names", () => {
  const first = { ...place, mayBeHeader: true };
  assertEquals(readObservationLine("  ", pair, place), undefined);
  assertEquals(readObservationLine("load,queue", pair, first), undefined);
  assertThrows(
    () => readObservationLine("load,queue", pair, place),
    SyntaxError,
    'Cannot read line 1: expected numbers, not "load"',
  );
  for (const line of ["nan,NaN", "-inf,Infinity"]) {
    assertThrows(() => readObservationLine(line, pair, first), Error);
  }
});

Deno.test("readObservationLine() refuses what is no observation", () => {
  const cases: [string, string][] = [
    ["[0.5", "is not JSON"],
    ["[0.5, null]", "no array of numbers"],
    ["{}", 'it has no observation, expected {"observation": [...]}'],
    ['{"other": 1}', 'it has the field "other"'],
    ['{"observation": [0, 0], "actionmask": [1]}', 'the field "actionmask"'],
    ["0.5", "it has 1 numbers, expected 2"],
    ["[1,2,3]", "it has 3 numbers, expected 2"],
    ["0.5,", "expected numbers"],
    ["0.5,2", "does not lie in"],
    ["0.5,Infinity", "its number 1 is Infinity"],
    ['{"observation": [0, 0], "reset": 1}', "expected true or false"],
    ['{"observation": [0, 0], "actionMask": [1]}', "expected 3 times 0 or 1"],
    ["NaN,0", "expected numbers"],
  ];
  for (const [line, expected] of cases) {
    assertThrows(() => readObservationLine(line, pair, place), Error, expected);
  }
  assertThrows(
    () => readObservationLine("1.5", three, place),
    RangeError,
    "does not lie in",
  );
});
