import { assertEquals, assertThrows } from "@std/assert";
import { decodeState, encodeState } from "./state_json.ts";

function refuse(reason: string): never {
  throw new SyntaxError(reason);
}

Deno.test("encodeState() names arrays and tags what JSON lacks", () => {
  const data = Float32Array.of(1, 2);
  const { json, arrays } = encodeState({
    "a/b~": [data],
    "$c": { x: NaN, y: -0, z: -Infinity },
    d: 1.5,
  });
  assertEquals(json, {
    "a/b~": [{ $array: "/a~1b~0/0" }],
    "$$c": {
      x: { $number: "NaN" },
      y: { $number: "-0" },
      z: { $number: "-Infinity" },
    },
    d: 1.5,
  });
  assertEquals(arrays, { "/a~1b~0/0": { shape: [2], data } });
});

Deno.test("decodeState() gives back what encodeState() took apart", () => {
  const shared = [1, 2];
  const state = {
    "$": [Infinity, { "$$": [], "$array": "/x" }],
    "": Int8Array.of(1),
    twice: [shared, shared],
  };
  const { json, arrays } = encodeState(state);
  const read = JSON.parse(JSON.stringify(json));
  assertEquals(decodeState(read, { arrays, refuse }), state);
});

Deno.test("encodeState() leaves undefined properties out only when asked", () => {
  const state = { a: undefined, b: 1 };
  assertEquals(encodeState(state, { omitUndefined: true }).json, { b: 1 });
  assertThrows(
    () => encodeState(state),
    TypeError,
    'Cannot save "/a" of a state, which is undefined',
  );
  assertThrows(
    () => encodeState({ a: [undefined] }, { omitUndefined: true }),
    TypeError,
    '"/a/0"',
  );
});

Deno.test("decodeState() says what is wrong", () => {
  const array = { shape: [1], data: Int8Array.of(1) };
  for (
    const [json, message] of [
      [null, "the state is not an object"],
      [[], "the state is not an object"],
      [{ $array: "/a" }, "the state is not an object"],
      [{ $number: "NaN" }, "the state is not an object"],
      [{}, 'the array "/a" is not used'],
      [{ a: { $array: "/b" } }, 'the array "/b" is missing'],
      [{ a: { $array: 1 } }, "the array 1 is missing"],
      [
        { a: { $array: "/a" }, b: { $array: "/a" } },
        'the array "/a" is missing or named twice',
      ],
      [{ a: { $number: "toString" } }, "the tag"],
      [{ a: { $other: 1 } }, 'the tag {"$other":1} is unknown'],
      [{ a: { $array: "/a", b: 1 } }, 'the tag "$array" does not stand alone'],
    ] as const
  ) {
    assertThrows(
      () => decodeState(json, { arrays: { "/a": array }, refuse }),
      SyntaxError,
      message,
    );
  }
});

Deno.test("decodeState() refuses trees that are too deep for the stack", () => {
  const nested = (levels: number) =>
    `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
  decodeState(JSON.parse(nested(900)), { refuse });
  for (const levels of [1001, 500_000]) {
    assertThrows(
      () => decodeState(JSON.parse(nested(levels)), { refuse }),
      SyntaxError,
      "nested deeper than 1000 levels",
    );
  }
});
