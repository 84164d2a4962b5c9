import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  SHARED_MEMORY_FOLDER,
  skipReason,
  startModule,
  statisticsOf,
  withName,
} from "./_shared_memory_testing.ts";
import { builtLibraryPath, nativeLibrary } from "./library.ts";
import { SharedMemoryRegion } from "./shared_memory.ts";
import { REGION_BYTES } from "./shared_memory_layout.ts";

const skipped = skipReason();

function test(name: string, fn: (region: string) => void | Promise<void>) {
  Deno.test({
    name: `SharedMemoryRegion ${name}${skipped}`,
    ignore: skipped !== "",
    fn: () => withName(fn),
  });
}

test("carries statistics out and weights in", (name) => {
  using control = SharedMemoryRegion.create(name);
  using dataPlane = SharedMemoryRegion.open(name);
  assertEquals(control.readMsgOut(), {
    status: "stale",
    message: undefined,
    missed: 0,
  });
  for (const servers of [1, 2, 3, 16, 31, 32, 33, 63, 64]) {
    const statistics = statisticsOf(servers, servers);
    dataPlane.writeMsgOut(statistics);
    const { status, message } = control.readMsgOut();
    assertEquals([status, message?.servers], ["fresh", servers]);
    assertEquals(message?.statistics, statistics);
    assertEquals(message?.activeServers, (1n << BigInt(servers)) - 1n);
    const weights = Float32Array.from({ length: servers }, (_, i) => i + 1);
    control.writeMsgIn(weights);
    assertEquals(dataPlane.readMsgIn().message?.weights, weights);
  }
});

test("tells news from what is known, and what was missed", (name) => {
  using writer = SharedMemoryRegion.create(name);
  using reader = SharedMemoryRegion.open(name);
  writer.writeMsgOut(statisticsOf(1, 1));
  const first = reader.readMsgOut();
  assertEquals([first.status, first.missed], ["fresh", 0]);
  const again = reader.readMsgOut();
  assertEquals([again.status, again.message], ["stale", first.message]);
  for (let i = 2; i <= 9; i++) writer.writeMsgOut(statisticsOf(i, 1));
  const later = reader.readMsgOut();
  assertEquals([later.status, later.missed], ["fresh", 7]);
  assertEquals(later.message?.number, 9);
  assertEquals(first.message?.statistics, statisticsOf(1, 1));
  assert(later.message!.timeNs > first.message!.timeNs);
});

test("gives messages that stay as they are", (name) => {
  using writer = SharedMemoryRegion.create(name);
  using reader = SharedMemoryRegion.open(name);
  const kept = Array.from({ length: 100 }, (_, i) => {
    writer.writeMsgOut(statisticsOf(i, 1 + i % 64));
    writer.writeMsgIn(new Float32Array(1 + i % 64).fill(i + 1));
    return [reader.readMsgOut().message, reader.readMsgIn().message] as const;
  });
  kept.forEach(([out, weights], i) => {
    assertEquals(out?.statistics, statisticsOf(i, 1 + i % 64));
    assertEquals(weights?.weights, new Float32Array(1 + i % 64).fill(i + 1));
  });
});

test("carries the bits of active servers", (name) => {
  using region = SharedMemoryRegion.create(name);
  const all = 2n ** 64n - 1n;
  for (const activeServers of [0n, 5n, 2n ** 63n, 2n ** 52n - 1n, all]) {
    region.writeMsgOut(statisticsOf(0, 64), { activeServers });
    assertEquals(region.readMsgOut().message?.activeServers, activeServers);
  }
  region.writeMsgIn([0, 3, 0, 4]);
  assertEquals(region.readMsgIn().message?.activeServers, 0b1010n);
});

test("builds a table that draws by weight", (name) => {
  using region = SharedMemoryRegion.create(name);
  const weights = [3, 0, 1, 4, 0, 8];
  region.writeMsgIn(weights);
  const { odds, aliases } = region.readMsgIn().message!;
  const shares = Array.from(odds, (each) => each / 6);
  aliases.forEach((alias, i) => shares[alias] += (1 - odds[i]) / 6);
  weights.forEach((weight, i) => {
    assertAlmostEquals(shares[i], weight / 16, 1e-7);
    if (weight === 0) assertEquals(shares[i], 0);
  });
});

test("refuses a second writer, until the first has closed", (name) => {
  using first = SharedMemoryRegion.create(name);
  const second = SharedMemoryRegion.open(name);
  second.writeMsgOut(statisticsOf(1, 1));
  assertThrows(
    () => first.writeMsgOut(statisticsOf(2, 1)),
    Error,
    `Cannot write msg_out of shared memory "${name}": another writes this`,
  );
  first.writeMsgIn([1]);
  assertThrows(() => second.writeMsgIn([1]), Error, "another writes");
  second.close();
  first.writeMsgOut(statisticsOf(2, 1));
  assertEquals(first.readMsgOut().message?.number, 2);
});

test("has one owner, is kept by closing, and taken over", (name) => {
  const owner = SharedMemoryRegion.create(name);
  using reader = SharedMemoryRegion.open(name);
  using writer = SharedMemoryRegion.open(name);
  writer.writeMsgOut(statisticsOf(1, 1));
  assertEquals(reader.readMsgOut().status, "fresh");
  assertThrows(
    () => SharedMemoryRegion.create(name),
    Error,
    `Cannot create shared memory "${name}" (12288 bytes, layout 1, owner is process ${Deno.pid}) in /dev/shm: its owner lives`,
  );
  assertThrows(() => SharedMemoryRegion.unlink(name), Error, "its owner lives");
  assertThrows(() => reader.unlink(), Error, "its owner lives");
  owner.close();
  assertEquals(reader.status().owner.isAlive, false);
  using successor = SharedMemoryRegion.create(name);
  assertEquals(successor.status().epoch, 2);
  const { status, message } = reader.readMsgOut();
  assertEquals([status, message], ["restarted", undefined]);
  assertEquals(reader.readMsgOut().status, "stale");
  writer.writeMsgOut(statisticsOf(7, 1));
  assertEquals(reader.readMsgOut().message?.epoch, 2);
  assertEquals(successor.readMsgOut().status, "fresh");
});

test("tells of a restart together with the first message after", (name) => {
  const owner = SharedMemoryRegion.create(name);
  using reader = SharedMemoryRegion.open(name);
  owner.writeMsgIn([1]);
  reader.readMsgIn();
  owner.close();
  using successor = SharedMemoryRegion.create(name);
  successor.writeMsgIn([2, 3]);
  const { status, message } = reader.readMsgIn();
  assertEquals([status, message?.servers], ["restarted", 2]);
  assertEquals(reader.readMsgIn().status, "stale");
});

test("does not hand messages of a dead owner to who comes later", (name) => {
  const owner = SharedMemoryRegion.create(name);
  owner.writeMsgOut(statisticsOf(1, 1));
  owner.close();
  using successor = SharedMemoryRegion.create(name);
  assertEquals(successor.readMsgOut(), {
    status: "stale",
    message: undefined,
    missed: 0,
  });
});

test("unlinks once, and never a successor's name", (name) => {
  using owner = SharedMemoryRegion.create(name);
  owner.unlink();
  assertEquals(owner.status().isUnlinked, true);
  using successor = SharedMemoryRegion.create(name);
  owner.unlink();
  assertEquals(successor.status().isUnlinked, false);
  using reader = SharedMemoryRegion.open(name);
  successor.writeMsgIn([1]);
  assertEquals(reader.readMsgIn().status, "fresh");
  successor.unlink();
  assertThrows(() => SharedMemoryRegion.unlink(name), Deno.errors.NotFound);
});

test("is for its user alone, and has its size", async (name) => {
  using _region = SharedMemoryRegion.create(name);
  const info = await Deno.stat(`${SHARED_MEMORY_FOLDER}/${name}`);
  assertEquals([info.size, info.mode! & 0o777], [REGION_BYTES, 0o600]);
});

test("closes once, and refuses all afterwards", (name) => {
  const region = SharedMemoryRegion.create(name);
  region.close();
  region.close();
  region[Symbol.dispose]();
  assertEquals(region.isClosed, true);
  // Another region now has the place of the closed one's handle.
  using other = SharedMemoryRegion.create(name);
  const uses: (() => unknown)[] = [
    () => region.readMsgOut(),
    () => region.readMsgIn(),
    () => region.writeMsgIn([1]),
    () => region.writeMsgOut(statisticsOf(0, 1)),
    () => region.beat(),
    () => region.status(),
    () => region.unlink(),
  ];
  for (const use of uses) assertThrows(use, TypeError, "the handle is closed");
  assertEquals(other.readMsgIn().status, "stale");
});

test("refuses more regions than there are handles", (name) => {
  const regions = [SharedMemoryRegion.create(name)];
  try {
    assertThrows(
      () => {
        for (;;) regions.push(SharedMemoryRegion.open(name));
      },
      RangeError,
      "too many regions are open, expected 256 at most",
    );
  } finally {
    for (const region of regions) region.close();
  }
});

test("tells who lives, and how long they have been silent", async (name) => {
  using owner = SharedMemoryRegion.create(name);
  using other = SharedMemoryRegion.open(name);
  owner.writeMsgIn([1]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  const before = other.status();
  assertEquals(before.isOwner, false);
  assertEquals(before.owner.pid, Deno.pid);
  assertEquals(before.msgInWriter.isAlive, true);
  assertEquals(before.msgOutWriter, {
    isAlive: false,
    pid: 0,
    silentNs: undefined,
  });
  assert(before.owner.silentNs! >= 4e6 && before.msgInWriter.silentNs! >= 4e6);
  const begun = performance.now();
  owner.beat();
  const { owner: after, msgInWriter } = other.status();
  const elapsedNs = (performance.now() - begun) * 1e6 + 1e6;
  assert(after.silentNs! <= elapsedNs && msgInWriter.silentNs! <= elapsedNs);
});

test("waits until a message comes, and no longer than asked", async (name) => {
  using region = SharedMemoryRegion.create(name);
  assertEquals(
    (await region.waitForMsgOut({ timeoutSeconds: 0.01 })).status,
    "stale",
  );
  setTimeout(() => region.writeMsgIn([1]), 5);
  assertEquals(
    (await region.waitForMsgIn({ timeoutSeconds: 60 })).status,
    "fresh",
  );
  for (const timeoutSeconds of [NaN, -1, Infinity]) {
    await assertRejects(
      () => region.waitForMsgIn({ timeoutSeconds }),
      RangeError,
      `Cannot wait ${timeoutSeconds} seconds`,
    );
  }
});

test("needs no permission but to open the library", async (name) => {
  const library = nativeLibrary()!.path;
  const child = await startModule(
    `import { SharedMemoryRegion } from "shared_memory.ts";
     using region = SharedMemoryRegion.create("${name}");
     region.writeMsgOut(new Float32Array(11));
     region.writeMsgIn([1, 2]);
     console.log(region.readMsgOut().status, region.readMsgIn().status);`,
    ["--no-prompt", `--allow-ffi=${library}`, "--allow-env=LOADSTAR_LIBRARY"],
  );
  assertEquals(child.line, "fresh fresh");
  await child.child.status;
});

test("is closed when it is forgotten", async (name) => {
  const child = await startModule(
    `import { SharedMemoryRegion } from "shared_memory.ts";
     (() => { SharedMemoryRegion.create("${name}").beat(); })();
     for (let i = 0; i < 1000; i++) {
       globalThis.gc();
       await new Promise((resolve) => setTimeout(resolve, 1));
       try { SharedMemoryRegion.create("${name}"); } catch { continue; }
       console.log("closed");
       break;
     }`,
    ["-A", "--v8-flags=--expose-gc"],
  );
  assertEquals(child.line, "closed");
  await child.child.status;
});

Deno.test("SharedMemoryRegion says how to build the library it lacks", async () => {
  const child = await startModule(
    `import { SharedMemoryRegion } from "shared_memory.ts";
     try { SharedMemoryRegion.create("unused"); }
     catch (error) { console.log(error.message); }`,
    ["-A"],
    { LOADSTAR_LIBRARY: "none" },
  );
  assertEquals(
    child.line,
    `Cannot share memory without the native library, expected it at ${builtLibraryPath()}: run "deno task build:native" (it needs cargo, from https://rustup.rs)`,
  );
  await child.child.status;
});
