// The simulator against a second one that is slow and plain: it steps from
// event to event of one server and lowers what is left of every flow.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../core/random.ts";
import { givenArrivals, type GivenFlow } from "./_simulator_testing.ts";
import type { ServerOptions } from "./simulator_options.ts";
import { createSimulator } from "./simulator.ts";

interface Job {
  flow: number;
  work: number;
  ioWork: number;
}

/** When each flow ends; NaN where it was reset. */
function endsOfTwin(
  flows: readonly GivenFlow[],
  server: ServerOptions,
): number[] {
  const { cores = 1, speed = 1, diskSpeed = 1, discipline } = server;
  const { maximumFlows = Infinity } = server;
  const workers = discipline === "fifo"
    ? cores
    : discipline === "lps"
    ? server.workers!
    : Infinity;
  const ends = new Array<number>(flows.length).fill(NaN);
  const line: Job[] = [];
  let processor: Job[] = [];
  let disk: Job[] = [];
  let now = 0;
  let next = 0;
  for (;;) {
    const taken = () =>
      processor.length + (discipline === "lps" ? disk.length : 0);
    while (line.length > 0 && taken() < workers) processor.push(line.shift()!);
    const rate = speed * Math.min(1, cores / processor.length);
    const diskRate = diskSpeed / disk.length;
    const step = Math.min(
      ...processor.map(({ work }) => work / rate),
      ...disk.map(({ ioWork }) => ioWork / diskRate),
      next < flows.length ? flows[next][0] - now : Infinity,
    );
    if (step === Infinity) return ends;
    now += step;
    for (const job of processor) job.work -= step * rate;
    for (const job of disk) job.ioWork -= step * diskRate;
    const done = (left: number) => left < 1e-9;
    for (const job of disk.filter(({ ioWork }) => done(ioWork))) {
      ends[job.flow] = now;
    }
    disk = disk.filter(({ ioWork }) => !done(ioWork));
    for (const job of processor.filter(({ work }) => done(work))) {
      if (job.ioWork > 0) disk.push(job);
      else ends[job.flow] = now;
    }
    processor = processor.filter(({ work }) => !done(work));
    if (next < flows.length && now >= flows[next][0] - 1e-12) {
      const [, work, ioWork = 0] = flows[next];
      if (line.length + processor.length + disk.length < maximumFlows) {
        line.push({ flow: next, work, ioWork });
      }
      next++;
    }
  }
}

const SERVERS: readonly ServerOptions[] = [
  { discipline: "fifo" },
  { discipline: "fifo", cores: 3, speed: 1.7, maximumFlows: 9 },
  { discipline: "ps" },
  { discipline: "ps", cores: 3, speed: 0.6 },
  { discipline: "ps", cores: 2, diskSpeed: 3, maximumFlows: 7 },
  { discipline: "lps", cores: 2, workers: 5 },
  { discipline: "lps", cores: 4, workers: 2, diskSpeed: 0.7 },
  { discipline: "lps", cores: 1, workers: 3, maximumFlows: 6, speed: 2 },
];

Deno.test("flows end when a plain simulation of the same server says", () => {
  const random = new Random(11);
  for (const server of SERVERS) {
    for (let run = 0; run < 12; run++) {
      let time = 0;
      const flows = Array.from({ length: 120 }, (): GivenFlow => {
        time += random.exponential(1.1 * (server.cores ?? 1));
        const ioWork = random.uniform() < 0.5 ? 0 : random.exponential(2);
        return [time, random.exponential(), ioWork];
      });
      const ends = new Array<number>(flows.length).fill(NaN);
      const simulator = createSimulator({
        servers: [server],
        arrivals: givenArrivals(flows),
        observers: {
          onFinish({ kind, time }) {
            ends[kind] = time;
          },
        },
      });
      simulator.advanceTo(time / 2);
      assert(simulator.audit().balanced);
      simulator.advanceTo(1e5);
      const expected = endsOfTwin(flows, server);
      ends.forEach((end, flow) => {
        assertEquals(isNaN(end), isNaN(expected[flow]));
        if (!isNaN(end)) assertAlmostEquals(end, expected[flow], 1e-8);
      });
    }
  }
});
