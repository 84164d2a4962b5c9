/**
 * How long a cache line takes from one core to another: what the two cores of
 * a virtual machine are worth to each other differs from one minute to the
 * next, and messages in shared memory cannot be faster.
 *
 * @module
 */
const ROUNDS = 20;
const ROUND_TRIPS = 20_000;
/** Integers of 32 bits in two lines: one never shares its own with another. */
const LINES = 32;
const [PING, PONG] = [0, 16];

/** Answers each number with itself, until the number is -1. */
const ECHO = `
self.onmessage = ({ data }) => {
  const lines = new Int32Array(data);
  self.postMessage("ready");
  for (let seen = 0; seen !== -1;) {
    const number = Atomics.load(lines, ${PING});
    if (number === seen) continue;
    Atomics.store(lines, ${PONG}, number);
    seen = number;
  }
  self.close();
};
`;

/** Nanoseconds of the way from one core to another, half of there and back. */
export async function cacheLineNanoseconds(): Promise<number> {
  const lines = new Int32Array(new SharedArrayBuffer(4 * LINES));
  const worker = new Worker(
    `data:application/javascript,${encodeURIComponent(ECHO)}`,
    { type: "module" },
  );
  const ready = new Promise((resolve) => worker.onmessage = resolve);
  worker.postMessage(lines.buffer);
  await ready;
  const times = new Float64Array(ROUNDS);
  for (let round = 0, number = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    for (let i = 0; i < ROUND_TRIPS; i++) {
      Atomics.store(lines, PING, ++number);
      while (Atomics.load(lines, PONG) !== number);
    }
    times[round] = (performance.now() - begun) * 1e6 / ROUND_TRIPS / 2;
  }
  Atomics.store(lines, PING, -1);
  return times.sort()[ROUNDS / 2];
}
