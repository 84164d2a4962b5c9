/**
 * How fast two processes tell each other of servers, and that no message is
 * ever torn.
 *
 * @module
 */
import { SharedMemoryRegion } from "../ffi/shared_memory.ts";
import { cacheLineNanoseconds } from "./cache_line.ts";
import type { Measurement } from "./measure.ts";

const SERVERS = 16;
const COLUMNS = 11;
/** Calls between two looks at the clock, which is coarser than one call. */
const BATCH = 50;
const BATCHES = 4000;
const CONCURRENT_READS = 100_000_000;

/** The other process: writes, or reads, until it is ended. */
const PEER = `
import { SharedMemoryRegion } from ${
  JSON.stringify(new URL("../ffi/shared_memory.ts", import.meta.url).href)
};
const region = SharedMemoryRegion.open(Deno.args[0]);
const values = new Float32Array(${SERVERS * COLUMNS});
console.log("ready");
for (let number = 0;; number = (number + 1) % 1e6) {
  if (Deno.args[1] === "write") {
    for (let i = 0; i < values.length; i++) values[i] = number + i;
    region.writeMsgOut(values);
  } else {
    region.readMsgOut();
  }
}
`;

/**
 * Starts the other process and waits until it is at work.
 *
 * @param name The region.
 * @param mode What it does without end, until it is disposed of.
 */
export async function startPeer(
  name: string,
  mode: "read" | "write",
): Promise<AsyncDisposable> {
  const child = new Deno.Command("deno", {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-ffi",
      "--allow-env=LOADSTAR_LIBRARY",
      `--config=${new URL("../deno.json", import.meta.url).pathname}`,
      `data:application/typescript,${encodeURIComponent(PEER)}`,
      name,
      mode,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}

/** The median of microseconds a call. */
function medianMicroseconds(call: () => void): number {
  const times = new Float64Array(BATCHES);
  for (let batch = 0; batch < BATCHES; batch++) {
    const begun = performance.now();
    for (let i = 0; i < BATCH; i++) call();
    times[batch] = (performance.now() - begun) * 1000 / BATCH;
  }
  return times.sort()[BATCHES / 2];
}

/** What concurrent reading came to. */
export interface ConcurrentReads {
  /** Messages that were read. */
  readonly fresh: number;
  /** Of these, the ones of which a part was another message's. */
  readonly torn: number;
  /** Readings in which the writer was faster in every attempt. */
  readonly lapped: number;
}

/**
 * Reads while the other process writes, and looks at every value.
 *
 * @param region Where the other process writes.
 * @param options How many readings bring a message, and the most seconds.
 */
export function readConcurrently(
  region: SharedMemoryRegion,
  options: { reads: number; seconds: number },
): ConcurrentReads {
  const { reads, seconds } = options;
  const end = performance.now() + 1000 * seconds;
  let [fresh, torn, lapped] = [0, 0, 0];
  while (fresh < reads && performance.now() < end) {
    for (let i = 0; i < 1000; i++) {
      const { status, message } = region.readMsgOut();
      if (status === "lapped") lapped++;
      if (status !== "fresh") continue;
      fresh++;
      const { statistics } = message!;
      const first = statistics[0];
      for (let k = 1; k < statistics.length; k++) {
        if (statistics[k] !== first + k) {
          torn++;
          break;
        }
      }
    }
  }
  return { fresh, torn, lapped };
}

/** Microseconds of a reading that brings a message of the other process. */
function medianFreshRead(region: SharedMemoryRegion): number {
  const times: number[] = [];
  const end = performance.now() + 5000;
  while (times.length < 20_000 && performance.now() < end) {
    const begun = performance.now();
    const { status } = region.readMsgOut();
    const time = (performance.now() - begun) * 1000;
    if (status === "fresh") times.push(time);
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
  return median - medianMicroseconds(() => performance.now());
}

/**
 * Statistics of 16 servers written and read from TypeScript, each while
 * another process does the other, and 100 million messages looked at.
 */
export async function measureSharedMemory(): Promise<Measurement[]> {
  const name = `loadstar_bench_${Deno.pid}`;
  using region = SharedMemoryRegion.create(name);
  try {
    return await measure(region, name);
  } finally {
    region.unlink();
  }
}

async function measure(region: SharedMemoryRegion, name: string) {
  const statistics = Float32Array.from(
    { length: SERVERS * COLUMNS },
    (_, i) => i,
  );
  let write: number;
  {
    using writer = SharedMemoryRegion.open(name);
    await using _reader = await startPeer(name, "read");
    write = medianMicroseconds(() => writer.writeMsgOut(statistics));
  }
  let writeAndRead: number;
  {
    using writer = SharedMemoryRegion.open(name);
    writeAndRead = medianMicroseconds(() => {
      writer.writeMsgOut(statistics);
      region.readMsgOut();
    });
  }
  const line = await cacheLineNanoseconds();
  await using _writer = await startPeer(name, "write");
  const read = medianFreshRead(region);
  const reads = readConcurrently(region, {
    reads: CONCURRENT_READS,
    seconds: 600,
  });
  const microseconds = { unit: "us", target: 0.4, moreIsBetter: false };
  return [
    {
      name: "shared memory, write of 16 servers while another process reads",
      value: write,
      ...microseconds,
    },
    {
      name: "shared memory, write and read of 16 servers in one process",
      value: writeAndRead,
      ...microseconds,
      target: 0.8,
    },
    {
      name: "shared memory, read of 16 servers that another process wrote",
      value: read,
      ...microseconds,
    },
    {
      name: "a cache line from one core to another: a read waits for two",
      value: line / 1000,
      unit: "us",
      moreIsBetter: false,
    },
    {
      name: "shared memory, messages read while another process writes",
      value: reads.fresh / 1e6,
      unit: "million",
      target: CONCURRENT_READS / 1e6,
    },
    {
      name: "shared memory, torn messages of these",
      value: reads.torn,
      unit: "messages",
      target: 0,
      moreIsBetter: false,
    },
  ];
}
