import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Random } from "../core/random.ts";
import {
  compilePeer,
  isWholeMsgIn,
  isWholeMsgOut,
  type Peer,
  skipReason,
  startModule,
  startProgram,
  statisticsOf,
  withName,
} from "./_shared_memory_testing.ts";
import { SharedMemoryRegion } from "./shared_memory.ts";
import type { Reading } from "./shared_memory_messages.ts";

// Not disposed of before the process ends: all tests use it.
const peer = skipReason() === "" ? await compilePeer() : undefined;
if (peer) {
  globalThis.addEventListener("unload", () => void peer.remove());
}
const skipped = skipReason() || (peer ? "" : " [skipped: no C compiler]");

function test(
  name: string,
  fn: (region: string, peer: Peer) => void | Promise<void>,
) {
  Deno.test({
    name: `${name}${skipped}`,
    ignore: skipped !== "",
    fn: () => withName((region) => fn(region, peer!)),
  });
}

async function run(program: string, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args })
    .output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return text;
}

/** Both directions: how a process reads and writes them. */
const DIRECTIONS = [
  {
    name: "out",
    read: (region: SharedMemoryRegion): Reading<unknown> => {
      const reading = region.readMsgOut();
      if (reading.message) assert(isWholeMsgOut(reading.message), "torn");
      return reading;
    },
    write: (region: SharedMemoryRegion, value: number) =>
      region.writeMsgOut(statisticsOf(value, 2)),
    first: (region: SharedMemoryRegion) =>
      region.readMsgOut().message?.statistics[0],
    module: (name: string) =>
      `import { SharedMemoryRegion } from "shared_memory.ts";
       const region = SharedMemoryRegion.open("${name}");
       const values = new Float32Array(64 * 11);
       for (let n = 0;; n++) {
         for (let i = 0; i < values.length; i++) values[i] = n % 1e6 + i;
         region.writeMsgOut(values);
         if (n === 0) console.log("ready");
       }`,
  },
  {
    name: "in",
    read: (region: SharedMemoryRegion): Reading<unknown> => {
      const reading = region.readMsgIn();
      if (reading.message) assert(isWholeMsgIn(reading.message), "torn");
      return reading;
    },
    write: (region: SharedMemoryRegion, value: number) =>
      region.writeMsgIn([value]),
    first: (region: SharedMemoryRegion) =>
      region.readMsgIn().message?.weights[0],
    module: (name: string) =>
      `import { SharedMemoryRegion } from "shared_memory.ts";
       const region = SharedMemoryRegion.open("${name}");
       const values = new Float32Array(64);
       for (let n = 1;; n++) {
         values.fill(n % 1e6);
         region.writeMsgIn(values);
         if (n === 1) console.log("ready");
       }`,
  },
];

test("a data plane in C answers what TypeScript writes", async (name, peer) => {
  using control = SharedMemoryRegion.create(name);
  const plane = await startProgram(peer.path, ["echo", name, "20"]);
  for (let round = 1; round <= 200; round++) {
    const weights = Array.from(
      { length: 1 + round % 64 },
      (_, server) => (round + server) % 5,
    );
    weights[round % weights.length] = 1;
    control.writeMsgIn(weights);
    const { message } = await control.waitForMsgOut({ timeoutSeconds: 10 });
    assertEquals(message?.servers, weights.length);
    const flows = weights.map((_, server) => message!.statistics[11 * server]);
    assertEquals(flows, weights);
    const active = weights.reduce(
      (bits, weight, server) => weight > 0 ? bits | 1n << BigInt(server) : bits,
      0n,
    );
    assertEquals(message?.activeServers, active);
  }
  await plane.kill();
});

test("a data plane in C draws servers by their weights", async (name, peer) => {
  using control = SharedMemoryRegion.create(name);
  const weights = [3, 0, 1, 4, 0, 8, 0.5];
  control.writeMsgIn(weights);
  const draws = 1_000_000;
  const counts = JSON.parse(await run(peer.path, ["draw", name, `${draws}`]));
  const sum = weights.reduce((a, b) => a + b);
  let chiSquare = 0;
  weights.forEach((weight, server) => {
    const expected = draws * weight / sum;
    if (weight === 0) assertEquals(counts[server], 0);
    else chiSquare += (counts[server] - expected) ** 2 / expected;
  });
  // The seed is fixed. 4 degrees of freedom: above 33.4 in one of a million
  // seeds. A table that maps aliases through another order, as one of the
  // servers above 0 alone, gives 10,000 and more.
  assert(chiSquare < 33.4, `chi-square ${chiSquare}`);
});

for (const { name: direction, read, write, first, module } of DIRECTIONS) {
  test(
    `msg_${direction}: a writer that dies at any store leaves the last whole message`,
    async (name, peer) => {
      using region = SharedMemoryRegion.create(name);
      // 3 servers: 25 stores of msg_out, 13 of msg_in.
      const stores = direction === "out" ? 25 : 13;
      for (let store = 0; store < stores; store++) {
        const { signal } = await new Deno.Command(peer.path, {
          args: [`die-${direction}`, name, `${store}`],
          stdout: "null",
        }).output();
        assertEquals(signal, "SIGKILL");
        using reader = SharedMemoryRegion.open(name);
        const { status } = read(reader);
        assertEquals(status, "fresh");
        const value = first(reader)!;
        // The third message is there exactly if its number was published, by the last.
        assertEquals(value, store === stores - 1 ? 2 : 1, `store ${store}`);
      }
      write(region, 77);
      using reader = SharedMemoryRegion.open(name);
      assertEquals([read(reader).status, first(reader)], ["fresh", 77]);
    },
  );

  test(
    `msg_${direction}: writers killed at random moments never stop readers or successors`,
    async (name, peer) => {
      using owner = SharedMemoryRegion.create(name);
      const random = new Random(20);
      for (let round = 0; round < 40; round++) {
        const writer = await startProgram(peer.path, [
          `write-${direction}`,
          name,
        ]);
        const end = performance.now() + random.uniform() * 4;
        using reader = SharedMemoryRegion.open(name);
        let fresh = 0;
        do if (read(reader).status === "fresh") fresh++; while (
          performance.now() < end
        );
        await writer.kill();
        assert(fresh > 0);
        assertEquals(read(reader).message !== undefined, true);
        {
          using successor = SharedMemoryRegion.open(name);
          write(successor, round + 1);
        }
        assertEquals(read(reader).status, "fresh");
        assertEquals(first(owner), round + 1);
      }
    },
  );

  test(
    `msg_${direction}: a killed writer in TypeScript stops nobody either`,
    async (name, peer) => {
      using owner = SharedMemoryRegion.create(name);
      const random = new Random(21);
      for (let round = 0; round < 4; round++) {
        const writer = await startModule(module(name));
        await new Promise((done) => setTimeout(done, random.uniform() * 20));
        await writer.kill();
        assertEquals(owner.status().msgOutWriter.isAlive, false);
        const text = await run(peer.path, [`read-${direction}`, name, "1"]);
        assertEquals(JSON.parse(text).fresh, 1);
        using successor = SharedMemoryRegion.open(name);
        write(successor, round + 1);
        assertEquals(first(owner), round + 1);
      }
    },
  );

  test(
    `msg_${direction}: C reads what TypeScript writes, never torn`,
    async (name, peer) => {
      using region = SharedMemoryRegion.create(name);
      write(region, 1);
      const reader = new Deno.Command(peer.path, {
        args: [`read-${direction}`, name, "100000"],
        stdout: "piped",
      }).spawn();
      let ended = false;
      const output = reader.output().finally(() => ended = true);
      const random = new Random(1);
      while (!ended) {
        for (let i = 1; i < 2000; i++) {
          const servers = 1 + random.integer(0, 63);
          if (direction === "out") {
            region.writeMsgOut(statisticsOf(i, servers));
          } else {
            region.writeMsgIn(
              Array.from({ length: servers }, (_, server) => i + server),
            );
          }
        }
        await new Promise((done) => setTimeout(done));
      }
      const text = new TextDecoder().decode((await output).stdout);
      const { fresh, torn } = JSON.parse(text);
      // How many depends on how often both are on a processor at once.
      assert(fresh > 0);
      assertEquals(torn, 0);
    },
  );

  test(
    `msg_${direction}: TypeScript reads what C writes, never torn`,
    async (name, peer) => {
      using region = SharedMemoryRegion.create(name);
      // A writer without any pause is faster than its lines reach another core.
      const writer = await startProgram(
        peer.path,
        [`write-${direction}`, name, "200"],
      );
      let fresh = 0;
      const end = performance.now() + 1000;
      while (fresh < 100_000 && performance.now() < end) {
        if (read(region).status === "fresh") fresh++;
      }
      await writer.kill();
      assert(fresh > 0);
    },
  );
}

test("an owner that is killed is known to be dead, and replaced", async (name) => {
  const owner = await startModule(
    `import { SharedMemoryRegion } from "shared_memory.ts";
     const region = SharedMemoryRegion.create("${name}");
     region.writeMsgIn([1]);
     console.log("ready");
     for (;;) region.writeMsgIn([1]);`,
  );
  using reader = SharedMemoryRegion.open(name);
  const alive = reader.status().owner;
  assertEquals([alive.isAlive, alive.pid], [true, owner.child.pid]);
  assertEquals(reader.readMsgIn().status, "fresh");
  await owner.kill();
  const { owner: dead, msgInWriter } = reader.status();
  assertEquals([dead.isAlive, msgInWriter.isAlive], [false, false]);
  using successor = SharedMemoryRegion.create(name);
  assertEquals(successor.status().epoch, 2);
  assertEquals(reader.readMsgIn().status, "restarted");
  successor.writeMsgIn([5]);
  assertEquals(reader.readMsgIn().message?.weights[0], 5);
});

test("C refuses what it cannot open, and says why", async (name, peer) => {
  const errorOf = async (...args: string[]) => {
    const { code, stderr } = await new Deno.Command(peer.path, { args })
      .output();
    assertEquals(code, 1);
    return new TextDecoder().decode(stderr);
  };
  assertStringIncludes(await errorOf("echo", name, "1"), "No such file");
  assertStringIncludes(await errorOf("echo", "a/b", "1"), "Invalid argument");
  using region = SharedMemoryRegion.create(name);
  region.writeMsgIn([1]);
  assertStringIncludes(await errorOf("write-in", name), "-10004");
});

const reason = skipped || (Deno.uid() === 0 ? "" : " [skipped: not root]");
Deno.test({
  name: `another user cannot open a region${reason}`,
  ignore: reason !== "",
  fn: () =>
    withName(async (name) => {
      using _region = SharedMemoryRegion.create(name);
      const { stderr } = await new Deno.Command(peer!.path, {
        args: ["echo", name, "1"],
        uid: 65534,
        gid: 65534,
      }).output();
      assertStringIncludes(
        new TextDecoder().decode(stderr),
        "Cannot open: -13 Permission denied",
      );
    }),
});
