import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  SHARED_MEMORY_FOLDER,
  skipReason,
  withName,
} from "../../ffi/_shared_memory_testing.ts";
import { SharedMemoryRegion } from "../../ffi/shared_memory.ts";
import { createController, type WeightPolicy } from "./controller.ts";

const skipped = skipReason();

/** A policy that counts, and doubles the server with most flows. */
function countingPolicy(servers: number | undefined) {
  const policy = {
    name: "busiest",
    servers,
    capacities: servers === undefined
      ? undefined
      : Float64Array.from({ length: servers }, (_, i) => i + 1),
    resets: 0,
    answer: undefined as number | undefined,
    decide(statistics: Float32Array, _up: Uint8Array, weights: Float64Array) {
      if (policy.answer === undefined) {
        const flows = Array.from(weights, (_, i) => statistics[11 * i]);
        weights.fill(1);
        weights[flows.indexOf(Math.max(...flows))] = 2;
      } else weights.fill(policy.answer);
    },
    reset: () => void policy.resets++,
  };
  return policy satisfies WeightPolicy;
}

/** A controller with a clock of its own. */
function controllerOf(name: string, policy: WeightPolicy) {
  const notes: string[] = [];
  const clock = { ms: 0 };
  const controller = createController({
    name,
    policy,
    intervalSeconds: 0.25,
    note: (text) => notes.push(text),
    now: () => clock.ms,
  });
  return {
    controller,
    notes,
    /** Steps once, some time later. */
    after(seconds: number) {
      clock.ms += 1000 * seconds;
      return controller.step();
    },
    state: () => controller.summary().state,
    lastNote: () => notes.at(-1) ?? "",
  };
}

function statistics(...flows: number[]) {
  const rows = new Float32Array(11 * flows.length);
  flows.forEach((count, i) => rows[11 * i] = count);
  return rows;
}

function test(name: string, fn: (region: string) => void) {
  Deno.test({
    name: `${name}${skipped}`,
    ignore: skipped !== "",
    fn: () => withName(fn),
  });
}

const weightsOf = (region: SharedMemoryRegion) => [
  ...region.readMsgIn().message!.weights,
];

test("a controller waits for a data plane, steers it, and leaves SED behind", (name) => {
  const policy = countingPolicy(3);
  const { controller, after, state, notes, lastNote } = controllerOf(
    name,
    policy,
  );
  assert(!after(0));
  assert(!after(1));
  assertEquals([state(), notes.length], ["waiting", 1]);
  assertStringIncludes(lastNote(), name);
  using plane = SharedMemoryRegion.create(name);
  assert(!after(1));
  plane.writeMsgOut(statistics(1, 5, 2));
  assert(after(0.01));
  assertEquals(weightsOf(plane), [1, 2, 1]);
  assertStringIncludes(lastNote(), "Steering 3 servers by busiest");
  // Twice within an interval is once.
  plane.writeMsgOut(statistics(9, 5, 2));
  assert(!after(0.05));
  plane.writeMsgOut(statistics(9, 5, 2));
  assert(after(0.2));
  assertEquals(weightsOf(plane), [2, 1, 1]);
  const { decisions, fallbacks, message, weights } = controller.summary();
  assertEquals([decisions, fallbacks, message], [2, 0, 3]);
  assertEquals(weights, [0.75, 1.5]);
  controller.close();
  assertEquals(weightsOf(plane), [1, 2, 3]);
  assert(!plane.status().msgInWriter.isAlive);
});

test("a message that comes late does not make the next one early", (name) => {
  using plane = SharedMemoryRegion.create(name);
  const { controller, after } = controllerOf(name, countingPolicy(1));
  const decidedAfter = (seconds: number) => {
    plane.writeMsgOut(statistics(1));
    return after(seconds);
  };
  // At 0, 0.25, 0.6, 0.75 and 1 s, then ten times an interval.
  for (const gap of [0, 0.25, 0.35, 0.15, 0.25]) assert(decidedAfter(gap));
  const often = Array.from({ length: 40 }, () => decidedAfter(0.025));
  assertEquals(often.filter((decided) => decided).length, 4);
  // After a pause, too, not more often than asked for.
  assert(decidedAfter(0.9));
  assert(!decidedAfter(0.1));
  controller.close();
});

test("a silent data plane gets SED's weights until it speaks again", (name) => {
  using plane = SharedMemoryRegion.create(name);
  const policy = countingPolicy(2);
  const { controller, after, state, lastNote, notes } = controllerOf(
    name,
    policy,
  );
  plane.writeMsgOut(statistics(4, 0));
  assert(after(0));
  const { resets } = policy;
  assert(!after(0.9));
  assertEquals(state(), "steering");
  assert(after(0.2));
  assertEquals([state(), ...weightsOf(plane)], ["stalled", 1, 2]);
  assertStringIncludes(
    lastNote(),
    "has said nothing for 1.1 s: weights of SED",
  );
  for (let i = 0; i < 50; i++) after(0.1);
  assertEquals([notes.length, controller.summary().fallbacks], [3, 1]);
  plane.writeMsgOut(statistics(4, 0));
  assert(after(0.1));
  assertEquals([state(), ...weightsOf(plane)], ["steering", 2, 1]);
  assertStringIncludes(lastNote(), "again, after 5.1 s");
  assertEquals(policy.resets, resets + 1);
  controller.close();
});

test("a data plane that dies and begins anew is steered again", (name) => {
  const first = SharedMemoryRegion.create(name);
  const policy = countingPolicy(2);
  const { controller, after, state, lastNote } = controllerOf(name, policy);
  first.writeMsgOut(statistics(4, 0));
  assert(after(0));
  // As a killed process does: locks go, name and messages stay.
  first.close();
  assert(after(0.2));
  assertEquals(state(), "dead");
  assertStringIncludes(lastNote(), "has died: weights of SED");
  const { resets } = policy;
  using second = SharedMemoryRegion.create(name);
  after(0.2);
  assertStringIncludes(lastNote(), "begun anew");
  assert(policy.resets > resets);
  second.writeMsgOut(statistics(0, 4));
  assert(after(0.2));
  assertEquals([state(), ...weightsOf(second)], ["steering", 1, 2]);
  assertEquals(controller.summary().dataPlanes, 2);
  controller.close();
});

test("what a dead data plane said last is not acted upon", (name) => {
  const plane = SharedMemoryRegion.create(name);
  plane.writeMsgOut(statistics(4, 0));
  plane.close();
  const { controller, after, state } = controllerOf(name, countingPolicy(2));
  const wrote = [1, 2, 3].map(() => after(0.2));
  assertEquals(wrote, [true, false, false]);
  assertEquals([state(), controller.summary().decisions], ["dead", 0]);
  controller.close();
});

test("a region that was removed, and made anew, is followed", (name) => {
  const first = SharedMemoryRegion.create(name);
  const { controller, after, state, lastNote } = controllerOf(
    name,
    countingPolicy(2),
  );
  first.writeMsgOut(statistics(4, 0));
  assert(after(0));
  Deno.removeSync(`${SHARED_MEMORY_FOLDER}/${name}`);
  // Who has it open goes on with it.
  first.writeMsgOut(statistics(4, 0));
  assert(after(0.25));
  using second = SharedMemoryRegion.create(name);
  after(0.25);
  assertStringIncludes(lastNote(), "made anew");
  second.writeMsgOut(statistics(0, 4));
  assert(after(0.25));
  assertEquals([state(), ...weightsOf(second)], ["steering", 1, 2]);
  first.close();
  second.unlink();
  second.close();
  after(0.25);
  assertEquals(state(), "waiting");
  assertStringIncludes(lastNote(), "taken shared memory");
  controller.close();
});

test("another number of servers, and weights that are none, are told of", (name) => {
  using plane = SharedMemoryRegion.create(name);
  const policy = countingPolicy(2);
  const { controller, after, state, lastNote, notes } = controllerOf(
    name,
    policy,
  );
  plane.writeMsgOut(statistics(1, 2, 3));
  assert(after(0));
  assertEquals([state(), ...weightsOf(plane)], ["misfit", 1, 1, 1]);
  assertStringIncludes(
    lastNote(),
    "busiest is for 2 servers, the data plane has 3: equal weights",
  );
  plane.writeMsgOut(statistics(1, 2, 3));
  assert(after(0.25));
  assertEquals(notes.length, 2);
  plane.writeMsgOut(statistics(1, 2));
  assert(after(0.25));
  assertEquals([state(), ...weightsOf(plane)], ["steering", 1, 2]);
  for (const answer of [NaN, -1, 0, Infinity]) {
    policy.answer = answer;
    plane.writeMsgOut(statistics(1, 2));
    assert(after(0.25));
    assertEquals([state(), ...weightsOf(plane)], ["failing", 1, 2]);
  }
  assertStringIncludes(lastNote(), "busiest gave weights that are none");
  policy.answer = undefined;
  plane.writeMsgOut(statistics(1, 2));
  assert(after(0.25));
  assertEquals(state(), "steering");
  controller.close();
});

test("servers that are down get no flows", (name) => {
  using plane = SharedMemoryRegion.create(name);
  const { controller, after } = controllerOf(name, countingPolicy(3));
  const step = (activeServers: bigint) => {
    plane.writeMsgOut(statistics(1, 5, 2), { activeServers });
    assert(after(0.25));
    return weightsOf(plane);
  };
  assertEquals(step(0b101n), [1, 0, 1]);
  assertEquals(step(0b000n), [1, 2, 1]);
  assertEquals(step(0b111n), [1, 2, 1]);
  controller.close();
});

test("a second controller stands by and takes over", (name) => {
  using plane = SharedMemoryRegion.create(name);
  const first = controllerOf(name, countingPolicy(2));
  const second = controllerOf(name, countingPolicy(2));
  const say = () => plane.writeMsgOut(statistics(4, 0));
  say();
  assert(first.after(0));
  assert(!second.after(0));
  assertEquals(second.state(), "standby");
  assertStringIncludes(second.lastNote(), "Standing by");
  first.controller.close();
  say();
  assert(second.after(0.25));
  assertEquals(second.state(), "steering");
  second.controller.close();
});

test("something else under the name is told of, and left once it is gone", (name) => {
  const path = `${SHARED_MEMORY_FOLDER}/${name}`;
  Deno.writeTextFileSync(path, "x".repeat(12_288));
  const { controller, after, state, notes, lastNote } = controllerOf(
    name,
    countingPolicy(2),
  );
  for (let i = 0; i < 5; i++) after(0.3);
  assertEquals([state(), notes.length], ["unreadable", 1]);
  assertStringIncludes(lastNote(), name);
  Deno.removeSync(path);
  using plane = SharedMemoryRegion.create(name);
  plane.writeMsgOut(statistics(4, 0));
  assert(after(0.3));
  assertEquals(state(), "steering");
  controller.close();
});

test("a controller of any number of servers takes capacities that are given", (name) => {
  using plane = SharedMemoryRegion.create(name);
  const clock = { ms: 0 };
  const controller = createController({
    name,
    policy: countingPolicy(undefined),
    capacities: Float64Array.of(2, 4),
    now: () => clock.ms,
  });
  plane.writeMsgOut(statistics(3, 0));
  assert(controller.step());
  clock.ms = 2000;
  controller.step();
  assertEquals(weightsOf(plane), [2, 4]);
  controller.close();
});
