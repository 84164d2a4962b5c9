import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { formatTable } from "../../core/table.ts";
import { withFolder } from "../_test_folder.ts";
import { testPart, trouble, walk, withManager } from "./_test_trees.ts";
import { Line, Walker } from "./_test_parts.ts";
import { captureConsole } from "./captured_console.ts";
import { checkParts } from "./check_parts.ts";
import {
  DOCUMENT_FORMAT,
  type RunDocument,
  writeDocument,
} from "./document.ts";
import { executeRun } from "./execute.ts";
import { localPool } from "./local_pool.ts";
import { provenanceNow } from "./provenance.ts";
import { unfinished } from "./run_all.ts";
import {
  cellCommand,
  runCommand,
  taskCommand,
  useRunPrograms,
} from "./run_command.ts";
import { runHere } from "./run_here.ts";
import { queueRun, readManifest } from "./run_tree.ts";
import { readStatus, writeStatus } from "./run_status.ts";
import {
  countStates,
  runSeconds,
  statusTable,
  statusTree,
} from "./status_text.ts";
import { superviseRun } from "./supervise.ts";
import { openSupervisor } from "./supervisor.ts";
import { runTask } from "./task_process.ts";
import type { SingleSim } from "./single_sim.ts";
import type { SimulationManager } from "./simulation_manager.ts";
import type { ObservedRun } from "./observe.ts";
import { ownIdentity, viewSystem } from "./process_identity.ts";
import { InterruptedError } from "../../core/script.ts";

async function documentOf(sim: SingleSim): Promise<RunDocument> {
  return {
    ...await sim.toDocument(),
    format: DOCUMENT_FORMAT,
    seed: 0,
    run: 0,
    attempt: 0,
    provenance: await provenanceNow(),
  };
}

/** A run in the queue, as launchers get it. */
async function queued(root: string, sim: SingleSim): Promise<string> {
  const which = { run: 0, attempt: 0, seed: 0 };
  const { folder } = queueRun(root, sim.simulationId!, which);
  await writeDocument(folder, await documentOf(sim));
  return folder;
}

Deno.test("the console is captured, and given back whatever happens", async () => {
  await withFolder((folder) => {
    const paths = { output: `${folder}/o`, errors: `${folder}/e` };
    const { log, error } = console;
    assertThrows(() => {
      using _capture = captureConsole(paths);
      console.log("a", { b: 1 });
      console.warn("c");
      throw new RangeError("d");
    }, RangeError);
    assert(console.log === log && console.error === error);
    assertEquals(Deno.readTextFileSync(paths.output), "a { b: 1 }\n");
    assertEquals(Deno.readTextFileSync(paths.errors), "c\n");
  });
});

Deno.test("a process that cannot find a part is asked before the runs", async () => {
  const command = runCommand();
  await checkParts([testPart("Walker"), { name: "Simple2D" }], command);
  await assertRejects(
    () => checkParts([testPart("Walker"), testPart("Wolf")], command),
    TypeError,
    'Cannot find "Wolf"',
  );
  await assertRejects(() => checkParts([], ["false"]), TypeError, '"false"');
});

Deno.test("a loop that returns nothing is told so", async () => {
  await withFolder(async (folder) => {
    const parts = {
      agentClass: Walker,
      envClass: Line,
      trainingLoop: () => undefined as never,
    };
    const document = await documentOf(walk("a"));
    await assertRejects(
      () => executeRun(folder, { document, parts, log: () => {} }),
      TypeError,
      "expected { agent, env, trainingHist }",
    );
  });
});

Deno.test("a run within this process is refused where one is under way", async () => {
  await withFolder(async (folder) => {
    const sim = walk("a");
    await sim.runSim(folder);
    const status = readStatus(folder)!;
    writeStatus(folder, { ...status, state: "running" });
    const simulation = await sim.toDocument();
    const parts = {
      agentClass: Walker,
      envClass: Line,
      trainingLoop: () => undefined as never,
    };
    await assertRejects(
      () => runHere(folder, { simulation, parts, seed: 0 }),
      Error,
      `a run is under way there, in process ${Deno.pid}`,
    );
  });
});

Deno.test("a program that cannot be started fails its run alone", async () => {
  await withFolder(async (root) => {
    const folder = await queued(root, walk("a"));
    const supervisor = await openSupervisor(root);
    const command = [`${root}/no such program`];
    const status = await superviseRun(folder, { command, supervisor });
    supervisor.close();
    assertEquals([status.state, status.exitCode], ["error", 127]);
    assertMatch(status.message!, /not found/);
  });
});

Deno.test("another program may do the runs", async () => {
  await withFolder(async (root) => {
    const folder = await queued(root, walk("a"));
    const supervisor = await openSupervisor(root);
    const script = `
      const [document, folder, token] = Deno.args;
      const path = folder + "/status.json";
      const status = JSON.parse(Deno.readTextFileSync(path));
      if (status.token !== token || !document.endsWith("params.json")) Deno.exit(1);
      Deno.writeTextFileSync(path, JSON.stringify({ ...status, state: "finished" }));`;
    const file = `${root}/program.ts`;
    await Deno.writeTextFile(file, script);
    const command = [
      Deno.execPath(),
      "run",
      "-q",
      "-R",
      "-W",
      "--no-config",
      file,
    ];
    const status = await superviseRun(folder, { command, supervisor });
    supervisor.close();
    assertEquals(status.state, "finished", status.message);
  });
});

Deno.test("a task looks after its run and tells by its exit code", async () => {
  await withFolder(async (root) => {
    const task = async (sim: SingleSim, isStopped = false) => {
      const folder = await queued(root, sim);
      const [program, ...args] = taskCommand({ command: runCommand() });
      const child = new Deno.Command(program, { args: [...args, folder] })
        .spawn();
      if (isStopped) {
        while (readStatus(folder)?.process === undefined) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        child.kill("SIGTERM");
      }
      const { code } = await child.status;
      return { code, state: readStatus(folder)!.state, folder };
    };
    const well = await task(walk("well"));
    assertEquals([well.code, well.state], [0, "finished"]);
    // A cluster may start a job again: what is done stays done.
    assertEquals(await runTask(well.folder, { command: ["false"] }), 0);
    const fails = await task(trouble("fails", { trouble: "throw" }));
    assertEquals([fails.code, fails.state], [1, "error"]);
    const sleeps = trouble("sleeps", { trouble: "sleep", milliseconds: 1e5 });
    const stopped = await task(sleeps, true);
    assertEquals([stopped.code, stopped.state], [130, "interrupted"]);
    assertEquals([...Deno.readDirSync(`${root}/.supervisors`)], []);
  });
});

Deno.test("a task leaves a run alone that another supervisor has", async () => {
  await withFolder(async (root) => {
    const folder = await queued(root, walk("a"));
    const command = runCommand();
    const status = { ...readStatus(folder)!, state: "running" as const };
    const job = { launcher: "slurm", id: "7_1" };
    const process = await ownIdentity();
    writeStatus(folder, { ...status, process, job });
    assertEquals(await runTask(folder, { command }), 3);
    assertEquals(readStatus(folder)!.token, status.token);
    // The same job begins anew: Slurm has seen to it that it is alone.
    assertEquals(await runTask(folder, { command, job }), 0);
    assert(readStatus(folder)!.token !== status.token);
    // Lost: nobody computes it any more.
    writeStatus(folder, { ...status, process: { ...process, start: "1" } });
    assertEquals(await runTask(folder, { command }), 0);
  });
});

Deno.test("how runs stand is a tree and a table", async () => {
  await withManager([walk("a"), walk("b")], async (manager) => {
    const runs = await manager.observe();
    assertEquals(runs.filter(unfinished({})).length, 2);
    assertEquals(countStates(runs).in_queue, 2);
    assertEquals(runSeconds(runs[0]), undefined);
    const manifest = readManifest(manager.resultsPath);
    const begun = Date.parse("2026-01-01T00:00:00Z");
    const observed = runs.map((run, i) => ({
      ...run,
      state: i === 0 ? "finished" as const : "lost" as const,
      note: i === 0 ? undefined : "its process 7 is gone",
      status: {
        ...run.status!,
        startedAt: new Date(begun).toISOString(),
        endedAt: i === 0 ? new Date(begun + 1500).toISOString() : undefined,
      },
    }));
    const lines = statusTree(manifest, observed).split("\n");
    assertEquals([lines[0], lines[1], lines[3]], ["tree", "  a", "  b"]);
    assertMatch(lines[2], /^ {4}run_0_[-\d_]+ {2}finished {2}1\.5 s$/);
    assertMatch(lines[4], / {2}lost {2}its process 7 is gone$/);
    const green = "\x1b[32mfinished\x1b[39m";
    assertStringIncludes(
      statusTree(manifest, observed, { color: true }),
      green,
    );
    assertMatch(formatTable(statusTable(manifest, observed)), /a +0 +0 +1 +0/);
  });
});

Deno.test("a binary may name itself as what does the runs", () => {
  useRunPrograms({
    run: ["loadstar", "run"],
    task: ["loadstar", "task"],
    cell: ["loadstar", "cell"],
  });
  try {
    assertEquals(runCommand({ memoryLimitMiB: 9 }), ["loadstar", "run"]);
    assertEquals(taskCommand({ command: ["x"] }), [
      ...["loadstar", "task"],
      '{"command":["x"]}',
    ]);
    assertEquals(cellCommand(), ["loadstar", "cell"]);
  } finally {
    useRunPrograms(undefined);
  }
  assertEquals(runCommand()[0], Deno.execPath());
  assertEquals(cellCommand()[0], "deno");
});

Deno.test("a damaged status is its run's misfortune alone", async () => {
  await withManager([walk("a"), walk("b")], async (manager) => {
    const [{ folder }] = await manager.observe();
    await Deno.writeTextFile(`${folder}/status.json`, "");
    const [damaged, well] = await manager.runAll();
    assertEquals([damaged.state, well.state], ["error", "finished"]);
    assertMatch(damaged.note!, /status\.json" as JSON: it is damaged/);
    const [mended] = await manager.rerunSimulation({ simulationIndex: 0 });
    assertEquals(mended.state, "finished");
  });
});

Deno.test("a run of another machine is lost only if that is assumed", async () => {
  await withManager([walk("a")], async (manager) => {
    const [{ folder, status }] = await manager.observe();
    const process = { pid: 1, start: "1", boot: "b", host: "elsewhere" };
    writeStatus(folder!, { ...status!, state: "running", process });
    const [left] = await manager.runAll();
    assertEquals([left.state, left.folder], ["running", folder]);
    const [run] = await manager.runAll({ assumeLost: true });
    assertEquals([run.state, run.status!.attempt], ["finished", 1]);
  });
});

Deno.test("a pool does at least one run at a time", () => {
  assertThrows(() => localPool({ jobs: 0 }), RangeError, "0 runs at a time");
  assertThrows(() => localPool({ jobs: 1.5 }), RangeError);
});

/** Begins a run in a process of its own, and lets its manager be killed. */
async function orphan(manager: SimulationManager): Promise<ObservedRun> {
  const module = import.meta.resolve("./simulation_manager.ts");
  const file = `${manager.resultsPath}.ts`;
  await Deno.writeTextFile(
    file,
    `import { SimulationManager } from ${JSON.stringify(module)};
    const existingSimulation = ${JSON.stringify(manager.resultsPath)};
    await new SimulationManager({ existingSimulation }).runAll({ jobs: 1 });`,
  );
  const config = new URL(import.meta.resolve("../../deno.json")).pathname;
  const args = ["run", "-q", "-A", "--no-check", "--config", config, file];
  const child = new Deno.Command(Deno.execPath(), { args }).spawn();
  for (;;) {
    const [run] = await manager.observe();
    if (run.status?.process !== undefined) {
      child.kill("SIGKILL");
      await child.status;
      return run;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("runs whose manager was killed are waited for, limited and stopped", async () => {
  const sleeps = (milliseconds: number) =>
    trouble("sleeps", { trouble: "sleep", milliseconds });
  await withManager([sleeps(2000)], async (manager) => {
    const { folder } = await orphan(manager);
    const [run] = await manager.runAll();
    assertEquals([run.state, run.folder], ["finished", folder]);
  });
  await withManager([sleeps(60_000)], async (manager) => {
    const { status } = await orphan(manager);
    const [run] = await manager.runAll({ timeLimitSeconds: 0.1 });
    assertEquals(run.state, "error");
    assertMatch(run.note!, /time limit of 0\.1 s/);
    const { processes } = await viewSystem([status!.process!.pid]);
    assertEquals(processes.size, 0);
  });
  await withManager([sleeps(60_000)], async (manager) => {
    await orphan(manager);
    const signal = AbortSignal.timeout(500);
    await assertRejects(() => manager.runAll({ signal }), InterruptedError);
    const [run] = await manager.observe();
    assertEquals(run.state, "interrupted");
  });
});
