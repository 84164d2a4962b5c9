import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  layOut,
  layoutDigest,
  magicNumber,
  type Schema,
} from "./shared_memory_layout.ts";

const SCHEMA: Schema = {
  magic: "ABCDEFGH",
  layoutVersion: 3,
  regionBytes: 1024,
  maxServers: 2,
  regionHeader: [{ name: "magic", type: "u64", doc: "first" }],
  direction: [{ name: "published", type: "u64", doc: "newest" }],
  messageHeader: [{ name: "number", type: "u64", doc: "counts" }],
  messages: [
    {
      name: "there",
      doc: "There.",
      slots: 2,
      rowName: "row",
      row: [
        { name: "a", type: "f32", doc: "one" },
        { name: "b", type: "u32", doc: "two" },
      ],
    },
    {
      name: "back",
      doc: "Back.",
      slots: 3,
      rowName: "cell",
      row: [{ name: "c", type: "u32", doc: "three" }],
    },
  ],
};

Deno.test("layOut() places records on lines of their own", () => {
  const { messages, regionHeader } = layOut(SCHEMA);
  assertEquals(regionHeader.bytes, 8);
  assertEquals(
    messages.map((each) => [
      each.directionOffset,
      each.slotsOffset,
      each.messageBytes,
      each.slotBytes,
      each.row.fields.map(({ offset }) => offset),
    ]),
    [[64, 192, 24, 64, [0, 4]], [128, 320, 16, 64, [0]]],
  );
});

Deno.test("layOut() refuses what is not aligned or does not fit", () => {
  const unaligned: Schema = {
    ...SCHEMA,
    regionHeader: [
      { name: "version", type: "u32", doc: "" },
      { name: "epoch", type: "u64", doc: "" },
    ],
  };
  assertThrows(
    () => layOut(unaligned),
    RangeError,
    'Cannot place field "epoch" at byte 4, expected a multiple of 8',
  );
  assertThrows(
    () => layOut({ ...SCHEMA, regionBytes: 500 }),
    RangeError,
    "Cannot place slots up to byte 512, expected 500 at most",
  );
  assertThrows(
    () => layOut({ ...SCHEMA, maxServers: 1 }),
    RangeError,
    'Cannot copy message "back" of 12 bytes by words',
  );
});

Deno.test("magicNumber() has the first letter lowest", () => {
  assertEquals(magicNumber(SCHEMA), 0x4847464544434241n);
  assertThrows(
    () => magicNumber({ magic: "short" }),
    RangeError,
    'the magic "short", expected eight ASCII letters',
  );
});

Deno.test("layoutDigest() changes with layouts, not with words about them", () => {
  const digest = layoutDigest(layOut(SCHEMA));
  const [there, back] = SCHEMA.messages;
  const documented = { ...SCHEMA, messages: [{ ...there, doc: "!" }, back] };
  assertEquals(layoutDigest(layOut(documented)), digest);
  const renamed = { ...SCHEMA, messages: [{ ...there, slots: 3 }, back] };
  assertNotEquals(layoutDigest(layOut(renamed)), digest);
});
