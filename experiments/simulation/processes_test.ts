import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { withFolder } from "../_test_folder.ts";
import { observeRuns } from "./observe.ts";
import {
  endProcess,
  identifiedCommand,
  identityOf,
  ownIdentity,
  presenceOf,
  viewSystem,
} from "./process_identity.ts";
import {
  readStatus,
  type RunStatus,
  STATUS_FORMAT,
  writeStatus,
} from "./run_status.ts";
import { RUN_EXIT_CODES, runProcess } from "./run_process.ts";
import {
  heartbeatAge,
  openSupervisor,
  SUPERVISORS_FOLDER,
} from "./supervisor.ts";
import { lockTree } from "./tree_lock.ts";

function statusOf(state: RunStatus["state"]): RunStatus {
  return {
    format: STATUS_FORMAT,
    state,
    simulationId: "a",
    run: 0,
    attempt: 0,
    token: "t",
    seed: 0,
    queuedAt: new Date(0).toISOString(),
  };
}

Deno.test("a process is there, and gone once it has ended", async () => {
  const own = await ownIdentity();
  assertEquals(presenceOf(own, await viewSystem([own.pid])), "alive");
  const child = new Deno.Command("sleep", { args: ["60"] }).spawn();
  const before = await viewSystem([child.pid]);
  const identity = {
    ...own,
    pid: child.pid,
    start: before.processes.get(child.pid)!.start,
  };
  // Whatever the size of pages is.
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "rss=", "-p", String(child.pid)],
  }).output();
  const bytes = 1024 * Number(new TextDecoder().decode(stdout));
  const { residentBytes } = (await viewSystem([child.pid])).processes
    .get(child.pid)!;
  assert(bytes > 1e4 && residentBytes > bytes / 3 && residentBytes < bytes * 3);
  assertEquals(presenceOf(identity, before), "alive");
  assertEquals(await endProcess({ ...identity, start: "1" }), false);
  assertEquals(await endProcess(identity), true);
  assertEquals((await child.status).signal, "SIGKILL");
  assertEquals(presenceOf(identity, await viewSystem([child.pid])), "gone");
  assertEquals(await endProcess(identity), false);
});

Deno.test("a process that took over a number, or another boot's, is another one", async () => {
  const own = await ownIdentity();
  const view = await viewSystem([own.pid]);
  assertEquals(presenceOf({ ...own, start: "1" }, view), "gone");
  assertEquals(presenceOf({ ...own, boot: "an earlier one" }, view), "gone");
  assertEquals(presenceOf({ ...own, host: "elsewhere" }, view), "unknown");
  assertEquals(presenceOf({ ...own, host: "" }, view), "unknown");
  assertEquals(presenceOf({ ...own, start: "" }, view), "alive");
});

Deno.test("a program is told who it is, and writes to files", async () => {
  await withFolder(async (folder) => {
    const logs = { output: `${folder}/o`, errors: `${folder}/e` };
    const script = 'echo "$$"; printf "%s\\n" "$@"; echo oh >&2';
    const [program, ...args] = identifiedCommand(
      ["sh", "-c", script, "sh", "an argument"],
      logs,
    );
    const child = new Deno.Command(program, { args }).spawn();
    await child.status;
    const [pid, own, ...told] = Deno.readTextFileSync(logs.output).split("\n");
    assertEquals([Number(pid), own], [child.pid, "an argument"]);
    const identity = identityOf(told);
    const { host, boot } = await ownIdentity();
    assertEquals([identity.host, identity.boot], [host, boot]);
    assertMatch(identity.start, /^\d+$|:/);
    assertEquals(Deno.readTextFileSync(logs.errors), "oh\n");
  });
});

Deno.test("a status is written whole, with its message cut", async () => {
  await withFolder((folder) => {
    assertEquals(readStatus(folder), undefined);
    const status = { ...statusOf("error"), message: "x".repeat(5000) };
    writeStatus(folder, status);
    const { size } = Deno.statSync(`${folder}/status.json`);
    writeStatus(folder, statusOf("in_queue"));
    assertEquals(Deno.statSync(`${folder}/status.json`).size, size);
    assertEquals(Deno.readTextFileSync(`${folder}/state.log`), "in_queue");
    assertEquals(readStatus(folder), statusOf("in_queue"));
    for (
      const [text, message] of [
        ["{", "damaged"],
        ['{"format":2}', "of format 2: expected 1"],
        ['{"format":1,"state":"lost"}', "expected a state"],
      ]
    ) {
      Deno.writeTextFileSync(`${folder}/status.json`, text);
      assertThrows(() => readStatus(folder), SyntaxError, message);
    }
  });
});

Deno.test("running, lost and unknown are told apart", async () => {
  await withFolder(async (root) => {
    const own = await ownIdentity();
    const gone = { ...own, start: "1" };
    const elsewhere = { ...own, host: "elsewhere" };
    using supervisor = { ...await openSupervisor(root), [Symbol.dispose]() {} };
    const alive = supervisor.reference;
    const dead = { ...gone, id: "dead" };
    const fresh = { ...gone, id: "fresh" };
    Deno.writeTextFileSync(`${root}/${SUPERVISORS_FOLDER}/fresh`, "");
    Deno.writeTextFileSync(`${root}/${SUPERVISORS_FOLDER}/dead`, "");
    const old = new Date(Date.now() - 3_600_000);
    Deno.utimeSync(`${root}/${SUPERVISORS_FOLDER}/dead`, old, old);
    assert(heartbeatAge(root, "dead") > 3.5e6);
    assertEquals(heartbeatAge(root, "none"), Infinity);
    const cases: [Partial<RunStatus>, string, RegExp | undefined][] = [
      [{ process: own, supervisor: alive }, "running", undefined],
      [{ process: own, supervisor: dead }, "running", /goes on though/],
      [{ process: own }, "running", undefined],
      // It has just ended: who looks after it will say how.
      [{ process: gone, supervisor: alive }, "running", undefined],
      [{ process: gone, supervisor: fresh }, "running", undefined],
      [{ process: gone, supervisor: dead }, "lost", /process \d+ is gone/],
      [{ process: gone }, "lost", /is gone/],
      // Who looked after it does something else now.
      [
        { process: gone, supervisor: { ...own, id: "none" } },
        "lost",
        /is gone/,
      ],
      // Claimed, and then neither process nor supervisor.
      [{ supervisor: dead }, "lost", /is gone/],
      [{ process: elsewhere, supervisor: dead }, "running", /"elsewhere"/],
      [
        {
          process: elsewhere,
          supervisor: dead,
          job: { launcher: "slurm", id: "7_1" },
        },
        "lost",
        /job 7_1/,
      ],
      [
        {
          process: elsewhere,
          supervisor: dead,
          job: { launcher: "slurm", id: "7_2" },
        },
        "running",
        /elsewhere/,
      ],
    ];
    const places = cases.map(([part]) => ({
      simulationIndex: 0,
      run: 0,
      folder: root,
      status: { ...statusOf("running"), ...part },
      stale: [],
    }));
    const runs = await observeRuns(root, places, {
      jobsGone: () => Promise.resolve(new Set(["7_1"])),
    });
    cases.forEach(([, state, note], i) => {
      assertEquals(runs[i].state, state, `case ${i}`);
      assertEquals(
        runs[i].isUnreachable,
        /elsewhere/.test(String(note)),
        `case ${i}`,
      );
      if (note === undefined) assertEquals(runs[i].note, undefined);
      else assertMatch(runs[i].note!, note);
    });
    supervisor.close();
    assertEquals(heartbeatAge(root, alive.id), Infinity);
  });
});

Deno.test("a late process does not touch a run that was given to another", async () => {
  await withFolder(async (folder) => {
    const queued = { ...statusOf("running"), token: "the new one" };
    writeStatus(folder, queued);
    const code = await runProcess([`${folder}/params.json`, folder, "old"]);
    assertEquals(code, RUN_EXIT_CODES.superseded);
    assertEquals(readStatus(folder), queued);
  });
});

Deno.test("the system frees a tree's lock whatever becomes of its holder", async () => {
  await withFolder(async (root) => {
    {
      using _lock = lockTree(root, { pid: 12, host: "here" });
      assertThrows(
        () => lockTree(root, { pid: 13, host: "here" }),
        Error,
        "process 12 on here",
      );
    }
    const script = `
      const file = Deno.openSync(${
      JSON.stringify(`${root}/.lock`)
    }, { write: true });
      file.lockSync(true);
      console.log("locked");
      setInterval(() => {}, 1000);`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-config", script],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    assertThrows(() => lockTree(root, { pid: 1, host: "" }));
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    lockTree(root, { pid: 1, host: "" })[Symbol.dispose]();
  });
});
