import { assertAlmostEquals, assertThrows } from "@std/assert";
import type { QueueingOptions } from "./options.ts";
import { createQueueingSimulator } from "./simulator.ts";

const LINE: QueueingOptions = {
  clients: [{ arrivalRate: 9.5 }],
  servers: [{ next: [1] }, {}],
  retryModel: "reference",
  referenceVersion: "first",
  faults: [{ target: "arrivalRate", start: 4500, duration: 100, factor: 10 }],
};

// Without a queue to speak of, every service at the second server begins one
// more service time late: an M/G/1 queue whose busy periods begin with a
// set-up (Welch 1964), of which the mean time in system is 1/mu + Wq of M/G/1
// with exceptional first service. 20 runs of 1000: a missing delay is 30
// standard errors off.
Deno.test("what is passed on begins one service time later", () => {
  const lambda = 1;
  const runs = 20;
  let time = 0;
  let count = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const simulator = createQueueingSimulator({
      ...LINE,
      faults: [],
      clients: [{ arrivalRate: lambda }],
      seed,
    }, {
      rows({ size, server, latency }) {
        for (let i = 0; i < size; i++) {
          time += server[i] === 1 ? latency[i] : 0;
          count += server[i];
        }
      },
    });
    simulator.advanceTo(1000);
    simulator.flushRows();
  }
  const first = 1 / (10 - lambda);
  const [mean, square] = [0.1, 0.02]; // of a service
  const [setUpMean, setUpSquare] = [0.2, 0.06]; // of one that begins late
  // Welch: wait of M/G/1 with an exceptional first service of the busy period.
  const wait = lambda * square / (2 * (1 - lambda * mean)) +
    lambda * (setUpSquare - square) /
      (2 * (1 - lambda * (mean - setUpMean)));
  const busyBefore = lambda * setUpMean / (1 - lambda * (mean - setUpMean));
  const second = wait + busyBefore * mean + (1 - busyBefore) * setUpMean;
  assertAlmostEquals(time / count, first + second, 0.01);
});

Deno.test("the first version is refused where there is no line, or no reference", () => {
  const refused = (options: Partial<QueueingOptions>, message: string) =>
    assertThrows(
      () => createQueueingSimulator({ ...LINE, ...options }),
      Error,
      message,
    );
  refused({ retryModel: "attempt" }, 'expected the retry model "reference"');
  refused({
    servers: [{ next: [1, 2] }, {}, {}],
  }, "server 0 in the reference's first version followed by [1,2]");
  refused(
    { referenceVersion: "second" as "first" },
    'the reference version "second": expected one of later, first',
  );
});
