import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createDataPlane } from "../../envs/load_balancing/data_plane.ts";
import {
  loadBalanceSettings,
  multiAgentSettings,
} from "../../envs/load_balancing/env_settings.ts";
import {
  SHARED_MEMORY_FOLDER,
  skipReason,
  withName,
} from "../../ffi/_shared_memory_testing.ts";
import {
  MSG_IN_SLOT_BYTES,
  MSG_IN_SLOTS_OFFSET,
} from "../../ffi/shared_memory_layout.ts";
import { SharedMemoryRegion } from "../../ffi/shared_memory.ts";
import { createDataPlaneSide } from "./data_plane_side.ts";

const skipped = skipReason();

function test(name: string, fn: (region: string) => void | Promise<void>) {
  Deno.test({
    name: `${name}${skipped}`,
    ignore: skipped !== "",
    fn: () => withName(fn),
  });
}

/** A data plane of three servers with a clock of its own. */
function sideOf(
  name: string,
  changes: Partial<Parameters<typeof createDataPlaneSide>[0]> = {},
) {
  const notes: string[] = [];
  const clock = { ms: 0 };
  const plane = createDataPlane(
    loadBalanceSettings({ numServers: 3, load: 0.5 }),
    1,
  );
  const side = createDataPlaneSide({
    plane,
    names: [name],
    note: (text) => notes.push(text),
    now: () => clock.ms,
    ...changes,
  });
  return {
    side,
    plane,
    notes,
    lastNote: () => notes.at(-1) ?? "",
    /** Steps once, some time later. */
    after(seconds: number) {
      clock.ms += 1000 * seconds;
      side.step();
    },
  };
}

test("a data plane follows the clock and speaks every interval", (name) => {
  const { side, after, plane } = sideOf(name, { speed: 2 });
  using control = SharedMemoryRegion.open(name);
  after(0);
  const first = control.readMsgOut();
  assertEquals([first.status, first.message!.servers], ["fresh", 3]);
  after(0.1);
  assertEquals([plane.time, control.readMsgOut().status], [0.2, "stale"]);
  after(0.025);
  assertEquals([plane.time, control.readMsgOut().status], [0.25, "fresh"]);
  // A step that comes late makes up for its messages.
  after(0.5);
  assertEquals([plane.time, side.summary().messages], [1.25, 6]);
  assertEquals(control.readMsgOut().missed, 3);
  side.close();
  assert(control.status().isUnlinked);
});

test("a data plane whose process was stopped stands still meanwhile", (name) => {
  const { side, after, plane } = sideOf(name);
  after(0);
  after(100);
  assertEquals([plane.time, side.summary().lostSeconds], [0, 100]);
  after(0.25);
  assertEquals([plane.time, side.summary().messages], [0.25, 2]);
  side.close();
});

test("weights are taken, and the servers' capacities once they are old", async (name) => {
  const { side, after, plane, lastNote, notes } = sideOf(name, {
    controlTimeoutSeconds: 1,
  });
  const taken: number[][] = [];
  const [view] = plane.views;
  const { setWeights } = view;
  view.setWeights = (weights) => {
    taken.push(Array.from(weights));
    return setWeights(weights);
  };
  const control = SharedMemoryRegion.open(name);
  after(0);
  control.writeMsgIn([1, 0, 3]);
  after(0.2);
  assertEquals([taken, side.summary().steered], [[[1, 0, 3]], 1]);
  assertStringIncludes(lastNote(), `Controller (process ${Deno.pid}) steers`);
  // Silence is measured by the machine's clock.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  after(0.2);
  assertEquals([taken.at(-1), side.summary().steered], [[2, 4, 2], 0]);
  assertStringIncludes(lastNote(), "has been silent");
  control.writeMsgIn([1, 1, 1]);
  after(0.2);
  assertEquals([taken.at(-1), side.summary().steered], [[1, 1, 1], 1]);
  control.writeMsgIn([1, 1]);
  after(0.05);
  assertStringIncludes(lastNote(), "Weights of 2 servers");
  assertEquals(taken.length, 3);
  control.close();
  after(0.2);
  assertEquals(taken.at(-1), [2, 4, 2]);
  assertStringIncludes(lastNote(), "has ended");
  assertEquals(notes.length, 5);
  assertEquals(side.summary().weightsTaken, 3);
  side.close();
});

test("msg_in that no writer writes is told of, and left", (name) => {
  const { side, after, notes, lastNote } = sideOf(name);
  using control = SharedMemoryRegion.open(name);
  after(0);
  control.writeMsgIn([1, 1, 1]);
  // The first message lies in slot 1: its count of servers, at byte 32.
  const countOfServers = MSG_IN_SLOTS_OFFSET + MSG_IN_SLOT_BYTES + 8 + 32;
  const file = Deno.openSync(`${SHARED_MEMORY_FOLDER}/${name}`, {
    write: true,
  });
  file.seekSync(countOfServers, Deno.SeekMode.Start);
  file.writeSync(Uint8Array.of(255, 255, 0, 0));
  file.close();
  for (let i = 0; i < 5; i++) after(0.2);
  assertEquals(notes.length, 1, String(notes));
  assertStringIncludes(lastNote(), "cannot be what a writer wrote");
  control.writeMsgIn([1, 1, 1]);
  after(0.2);
  assertStringIncludes(lastNote(), "steers");
  side.close();
});

test("a region that loses its name is made anew", (name) => {
  const { side, after, lastNote } = sideOf(name);
  after(0);
  Deno.removeSync(`${SHARED_MEMORY_FOLDER}/${name}`);
  after(0.2);
  assertStringIncludes(lastNote(), "anew, as its name was taken away");
  after(0.25);
  using control = SharedMemoryRegion.open(name);
  assertEquals(control.readMsgOut().status, "fresh");
  side.close();
});

test("balancers that share servers have a region each, and one that is taken is refused", (name) => {
  const plane = createDataPlane(
    multiAgentSettings({ preset: "moderate", load: 0.8 }),
    2,
  );
  const names = [`${name}_0`, `${name}_1`];
  const other = SharedMemoryRegion.create(names[1]);
  let refused = "";
  try {
    createDataPlaneSide({ plane, names });
  } catch (error) {
    refused = (error as Error).message;
  }
  assertStringIncludes(refused, names[1]);
  // What was made before is gone again.
  assert(!exists(names[0]));
  other.unlink();
  other.close();
  const side = createDataPlaneSide({ plane, names });
  side.step();
  for (const each of names) {
    using control = SharedMemoryRegion.open(each);
    assertEquals(control.readMsgOut().message!.servers, 7);
  }
  side.close();
  assert(!names.some(exists));
});

function exists(name: string): boolean {
  try {
    SharedMemoryRegion.open(name).close();
    return true;
  } catch {
    return false;
  }
}
