import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  SHARED_MEMORY_FOLDER,
  skipReason,
  statisticsOf,
  withName,
} from "./_shared_memory_testing.ts";
import { SharedMemoryRegion } from "./shared_memory.ts";
import {
  DIRECTION,
  MSG_IN_SLOTS_OFFSET,
  MSG_OUT_DIRECTION_OFFSET,
  MSG_OUT_SLOT_BYTES,
  MSG_OUT_SLOTS,
  MSG_OUT_SLOTS_OFFSET,
  REGION_BYTES,
  REGION_HEADER,
} from "./shared_memory_layout.ts";
import type { MessageHeader, Reading } from "./shared_memory_messages.ts";

const skipped = skipReason();

function test(name: string, fn: (region: string) => void | Promise<void>) {
  Deno.test({
    name: `SharedMemoryRegion ${name}${skipped}`,
    ignore: skipped !== "",
    fn: () => withName(fn),
  });
}

function pathOf(name: string): string {
  return `${SHARED_MEMORY_FOLDER}/${name}`;
}

/** The bytes of a region with messages of three servers both ways. */
function makeBytes(name: string): Uint8Array<ArrayBuffer> {
  using region = SharedMemoryRegion.create(name);
  for (let number = 1; number <= 4; number++) {
    region.writeMsgOut(statisticsOf(number, 3));
    region.writeMsgIn([number, 0, 2]);
  }
  return Deno.readFileSync(pathOf(name));
}

/** Reads, which must end in a message that can be, none, or an error. */
function readAnything(
  read: () => Reading<MessageHeader & { aliases?: Uint32Array }>,
): string {
  try {
    const { status, message } = read();
    if (message !== undefined) {
      const { servers, activeServers, aliases } = message;
      assert(servers >= 1 && servers <= 64, `${servers} servers`);
      assertEquals(activeServers >> BigInt(servers), 0n);
      assert(aliases === undefined || aliases.every((each) => each < servers));
    }
    return status;
  } catch (error) {
    assert(error instanceof Error && !(error instanceof RangeError));
    assert(
      /what the region holds cannot be/.test(error.message),
      error.message,
    );
    return "damaged";
  }
}

test("bears any byte of a region changed, before and after it is opened", (name) => {
  const bytes = makeBytes(name);
  using file = Deno.openSync(pathOf(name), { write: true });
  const put = (offset: number, value: number) => {
    file.seekSync(offset, Deno.SeekMode.Start);
    file.writeSync(Uint8Array.of(value));
  };
  const seen = new Set<string>();
  const readBoth = (region: SharedMemoryRegion) => {
    seen.add(readAnything(() => region.readMsgOut()));
    seen.add(readAnything(() => region.readMsgIn()));
  };
  for (let offset = 0; offset < REGION_BYTES; offset++) {
    for (const change of [0xff, 0x01]) {
      using early = SharedMemoryRegion.open(name);
      put(offset, bytes[offset] ^ change);
      readBoth(early);
      try {
        using late = SharedMemoryRegion.open(name);
        if (offset < MSG_OUT_SLOTS_OFFSET) readBoth(late);
      } catch (error) {
        assert(error instanceof Error && offset < 16, `${offset}: ${error}`);
        seen.add("refused");
      }
      put(offset, bytes[offset]);
    }
  }
  assertEquals([...seen].sort(), [
    "damaged",
    "fresh",
    "lapped",
    "refused",
    "restarted",
    "stale",
  ]);
  using region = SharedMemoryRegion.open(name);
  assertEquals(region.readMsgOut().message?.statistics, statisticsOf(4, 3));
});

/** Words that are set to values no writer writes, and what reading says. */
const DAMAGES: [string, number, bigint, string][] = [
  [
    "an index beyond all numbers",
    MSG_OUT_DIRECTION_OFFSET + DIRECTION.published,
    2n ** 63n,
    "damaged",
  ],
  [
    "an index of a message that is not there",
    MSG_OUT_DIRECTION_OFFSET + DIRECTION.published,
    7n,
    "damaged",
  ],
  [
    "an index of an older message",
    MSG_OUT_DIRECTION_OFFSET + DIRECTION.published,
    1n,
    "lapped",
  ],
  [
    "a sequence that says that it is being written",
    MSG_OUT_SLOTS_OFFSET + 4 % MSG_OUT_SLOTS * MSG_OUT_SLOT_BYTES,
    9n + 2n,
    "lapped",
  ],
  [
    "no servers",
    MSG_OUT_SLOTS_OFFSET + 4 % MSG_OUT_SLOTS * MSG_OUT_SLOT_BYTES + 40,
    0n,
    "damaged",
  ],
  [
    "too many servers",
    MSG_OUT_SLOTS_OFFSET + 4 % MSG_OUT_SLOTS * MSG_OUT_SLOT_BYTES + 40,
    65n,
    "damaged",
  ],
  [
    "active servers beyond the rows",
    MSG_OUT_SLOTS_OFFSET + 4 % MSG_OUT_SLOTS * MSG_OUT_SLOT_BYTES + 32,
    8n,
    "damaged",
  ],
];

for (const [what, offset, value, expected] of DAMAGES) {
  test(`reads ${expected} for ${what}, and goes on after the next message`, (name) => {
    const bytes = makeBytes(name);
    new DataView(bytes.buffer).setBigUint64(offset, value, true);
    Deno.writeFileSync(pathOf(name), bytes);
    using region = SharedMemoryRegion.open(name);
    assertEquals(readAnything(() => region.readMsgOut()), expected);
    assertEquals(region.readMsgIn().status, "fresh");
    if (value >= 2n ** 62n) {
      assertThrows(
        () => region.writeMsgOut(statisticsOf(9, 1)),
        Error,
        "expected the region to be unlinked and made again",
      );
      return;
    }
    region.writeMsgOut(statisticsOf(9, 1));
    assertEquals(region.readMsgOut().message?.statistics, statisticsOf(9, 1));
  });
}

test("refuses weights of others that cannot be", (name) => {
  const bytes = makeBytes(name);
  // Message 4 lies in slot 0, its second row after sequence and header.
  const row = MSG_IN_SLOTS_OFFSET + 8 + 40 + 12;
  const damages: [number, number][] = [
    [0, NaN],
    [0, -1],
    [0, Infinity],
    [4, NaN],
    [4, 1.5],
    [4, -0.5],
  ];
  const check = (change: (view: DataView) => void) => {
    const copy = bytes.slice();
    change(new DataView(copy.buffer));
    Deno.writeFileSync(pathOf(name), copy);
    using region = SharedMemoryRegion.open(name);
    assertEquals(readAnything(() => region.readMsgIn()), "damaged");
  };
  for (const [offset, value] of damages) {
    check((view) => view.setFloat32(row + offset, value, true));
  }
  check((view) => view.setUint32(row + 8, 3, true));
});

test("refuses other sizes, letters and layouts, and says which", (name) => {
  const bytes = makeBytes(name);
  const reject = (content: Uint8Array, found: string, message: string) => {
    Deno.writeFileSync(pathOf(name), content);
    for (const action of ["open", "create"] as const) {
      if (action === "create" && message.startsWith("its owner")) continue;
      assertThrows(
        () => SharedMemoryRegion[action](name),
        Error,
        `Cannot ${action} shared memory "${name}"${found} in /dev/shm: ${message}`,
      );
    }
  };
  const size = "it has not the size of a region";
  for (const length of [1, 15, 16, 31]) {
    reject(bytes.slice(0, length), ` (${length} bytes)`, size);
  }
  for (const length of [32, 4096, REGION_BYTES - 1]) {
    reject(
      bytes.slice(0, length),
      ` (${length} bytes, layout 1, owner is process ${Deno.pid})`,
      size,
    );
  }
  const longer = new Uint8Array(REGION_BYTES + 1);
  longer.set(bytes);
  reject(
    longer,
    ` (12289 bytes, layout 1, owner is process ${Deno.pid})`,
    size,
  );
  const changed = (offset: number, value: number) => {
    const copy = bytes.slice();
    copy[offset] = value;
    return copy;
  };
  reject(
    changed(REGION_HEADER.magic, 66),
    " (12288 bytes)",
    "it does not begin as a region does",
  );
  reject(
    changed(REGION_HEADER.layoutVersion, 9),
    ` (12288 bytes, layout 9, owner is process ${Deno.pid})`,
    "it has another layout",
  );
  reject(
    changed(REGION_HEADER.regionBytes + 1, 0x20),
    ` (12288 bytes, layout 1, owner is process ${Deno.pid})`,
    size,
  );
  const unfinished = "its owner has not finished making it";
  reject(new Uint8Array(), "", unfinished);
  reject(new Uint8Array(REGION_BYTES), " (12288 bytes)", unfinished);
  // What an owner left unfinished is finished by the next.
  using region = SharedMemoryRegion.create(name);
  assertEquals(region.status().epoch, 1);
});

test("takes away what is no region, if asked to", (name) => {
  Deno.writeTextFileSync(pathOf(name), "a note to myself");
  assertThrows(() => SharedMemoryRegion.create(name), Error, "(16 bytes)");
  SharedMemoryRegion.unlink(name);
  using region = SharedMemoryRegion.create(name);
  assertEquals(region.status().epoch, 1);
});
