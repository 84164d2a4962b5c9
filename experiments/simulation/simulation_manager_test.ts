import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { InterruptedError } from "../../core/script.ts";
import {
  printed,
  states,
  testPart,
  trouble,
  walk,
  withManager,
} from "./_test_trees.ts";
import { readDocument } from "./document.ts";
import { SimulationManager } from "./simulation_manager.ts";
import type { SingleSim } from "./single_sim.ts";

Deno.test("the notebook: one simulation is broken, mended and rerun", async () => {
  const broken = walk("broken");
  broken.agentParams.lr_td = "weird_learning_rate";
  await withManager(
    [walk("first"), walk("second"), broken],
    async (manager) => {
      assertEquals(
        states(await manager.observe()),
        new Array(6).fill("in_queue"),
      );
      const runs = await manager.runAll({ jobs: 2 });
      assertEquals(states(runs), [
        ...new Array(4).fill("finished"),
        "error",
        "error",
      ]);
      const log = await printed(() => manager.showLogs({ simulationIndex: 2 }));
      assertStringIncludes(log, 'with lr_td "weird_learning_rate"');

      manager.simulationList[2].agentParams.lr_td = 0.001;
      const mended = await manager.rerunSimulation({ simulationIndex: 2 });
      assertEquals(states(mended), new Array(6).fill("finished"));
      // What had finished is the very same.
      assertEquals(
        mended.slice(0, 4).map(({ folder }) => folder),
        runs.slice(0, 4).map(({ folder }) => folder),
      );
      const document = await readDocument(`${mended[4].folder}/params.json`);
      assertEquals(document.agentParams, { lr_td: 0.001 });
      assertEquals(document.attempt, 1);
      const tree = await printed(async () =>
        void await manager.checkRunStatus()
      );
      assertEquals(tree.match(/ {2}finished/g)?.length, 6);
    },
    2,
  );
});

Deno.test("a second manager sees the runs, also in a moved tree", async () => {
  await withManager([walk("a")], async (manager) => {
    await manager.runAll();
    const moved = `${manager.resultsPath} moved`;
    await Deno.rename(manager.resultsPath, moved);
    const second = new SimulationManager({ existingSimulation: moved });
    assertEquals(states(await second.observe()), ["finished", "finished"]);
    assertEquals(second.simulationList[0].agentParams, { lr_td: 0.1 });
    assertEquals(second.runsPerSim, 2);
    const [{ folder }] = await second.observe();
    const { trainingHist, agent } = await second.simulationList[0]
      .loadResults(folder);
    assertEquals(trainingHist.error.length, 10);
    assert("estimate" in agent);
  }, 2);
});

Deno.test("runs differ by their seeds, and reruns keep or change them", async () => {
  await withManager([walk("a")], async (manager) => {
    const histories = async () => {
      const found = [];
      for (const { folder } of await manager.observe()) {
        const sim = manager.simulationList[0];
        const { trainingHist } = await sim.loadResults(folder);
        found.push(Array.from(trainingHist.error as Float64Array));
      }
      return found;
    };
    const seeds = async () =>
      (await manager.observe()).map(({ status }) => status!.seed);
    await manager.runAll();
    const first = await histories();
    assertNotEquals(first[0], first[1]);
    assertEquals(await seeds(), [0, 1]);
    await manager.rerunSimulation({ all: true });
    assertEquals(await histories(), first);
    await manager.rerunSimulation({ all: true, newSeeds: true });
    assertEquals(await seeds(), [4, 5]);
    assertNotEquals((await histories())[0], first[0]);
  }, 2);
});

Deno.test("a crash, an exit and a kill are errors, and leave the others alone", async () => {
  const simulations = [
    trouble("throws", { trouble: "throw" }),
    trouble("exits", { trouble: "exit", code: 0 }),
    // The code of a process that was told to leave the run alone.
    trouble("exits like others", { trouble: "exit", code: 3 }),
    trouble("killed", { trouble: "kill" }),
    walk("well"),
  ];
  await withManager(simulations, async (manager) => {
    const runs = await manager.runAll({ jobs: 2 });
    assertEquals(states(runs), [
      ...new Array(4).fill("error"),
      "finished",
    ]);
    const messages = runs.map(({ status }) => status?.message ?? "");
    assertEquals(messages[0], "RangeError: asked for");
    assertMatch(messages[1], /exit code 0 before/);
    assertMatch(messages[2], /exit code 3 before/);
    assertMatch(messages[3], /SIGKILL/);
    // To be tried again only where that is asked for.
    const again = await manager.runAll();
    assertEquals(again[0].folder, runs[0].folder);
    const retried = await manager.runAll({ retryFailed: true });
    assertEquals(retried[0].status!.attempt, 1);
    assertEquals(retried[4].folder, runs[4].folder);
    await assertRejects(
      () => manager.runAll({ timeLimitSeconds: NaN }),
      RangeError,
      "timeLimitSeconds NaN",
    );
  });
});

Deno.test("an endless loop meets its time limit", async () => {
  const endless = trouble("endless", { trouble: "endless" });
  await withManager([endless], async (manager) => {
    const [run] = await manager.runAll({ timeLimitSeconds: 1 });
    assertEquals(run.state, "error");
    assertMatch(run.note!, /time limit of 1 s/);
  });
});

Deno.test("a greedy run meets its memory limit", async () => {
  const greedy = trouble("greedy", { trouble: "memory" });
  await withManager([greedy], async (manager) => {
    const [run] = await manager.runAll({ memoryLimitMiB: 200 });
    assertEquals(run.state, "error");
    assertMatch(run.note!, /memory limit of 200 MiB/);
  });
});

Deno.test("fail-fast stops the others; they are left to be run", async () => {
  const simulations = [
    trouble("fails", { trouble: "throw" }),
    trouble("sleeps", { trouble: "sleep", milliseconds: 60_000 }),
    walk("waits"),
  ];
  await withManager(simulations, async (manager) => {
    const runs = await manager.runAll({ jobs: 2, failFast: true });
    assertEquals(states(runs).slice(0, 2), ["error", "interrupted"]);
    assertNotEquals(runs[2].state, "finished");
  });
});

Deno.test("stopped runs are interrupted, and the next call goes on", async () => {
  const sleeps = trouble("sleeps", { trouble: "sleep", milliseconds: 60_000 });
  await withManager([sleeps, walk("waits")], async (manager) => {
    const controller = new AbortController();
    await assertRejects(
      () =>
        manager.runAll({
          jobs: 1,
          signal: controller.signal,
          onChange: (_, { state }) => {
            if (state === "running") controller.abort();
          },
        }),
      InterruptedError,
      "Interrupted with 0 of 2 runs finished",
    );
    assertEquals(states(await manager.observe()), ["interrupted", "in_queue"]);
    manager.simulationList[0].trainingLoopParams.milliseconds = 1;
    assertEquals(states(await manager.runAll()), ["finished", "finished"]);
  });
});

Deno.test("what cannot be run is refused before anything is made", async () => {
  const folder = await Deno.makeTempDir();
  const manager = (sim: SingleSim, managerId = `${folder}/tree`) =>
    new SimulationManager({ simulationList: [sim], managerId, runsPerSim: 1 });
  const refused = async (
    change: (sim: SingleSim) => void,
    message: RegExp,
  ) => {
    const sim = walk("a");
    change(sim);
    const error = await assertRejects(() => manager(sim).generateSimPaths());
    assertMatch((error as Error).message, message);
    assertEquals([...Deno.readDirSync(folder)], []);
  };
  class Local {
    act = () => 0;
  }
  await refused((sim) => sim.agentClass = Local, /put it in a file/);
  await refused((sim) => {
    sim.agentClass = { module: `${folder}/missing.ts`, export: "Agent" };
  }, /Cannot load .*missing\.ts/);
  await refused(
    (sim) => sim.agentClass = testPart("Wolker"),
    /perhaps Walker/,
  );
  await refused((sim) => sim.trainingLoop = "no_such_loop", /one of .*Loop/);
  await refused((sim) => sim.envClass = undefined, /without envClass/);
  assertThrows(
    () => new SimulationManager({ simulationList: [walk("a"), walk("a")] }),
    RangeError,
    'two simulations of one id, "a"',
  );
  assertThrows(() => manager(walk("a/b")), RangeError, '"a/b"');
  assertThrows(() => manager(walk("..")), RangeError);
  assertThrows(() => new SimulationManager({ runsPerSim: 0 }), RangeError);
  await assertRejects(
    () => manager(walk("a"), "/proc/tree").generateSimPaths(),
    Error,
    "/proc/tree",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a tree of another version, and none, are refused", async () => {
  await withManager([walk("a")], async (manager) => {
    await assertRejects(
      () => manager.generateSimPaths(),
      Error,
      "holds runs already",
    );
    const path = `${manager.resultsPath}/simulation.json`;
    const text = await Deno.readTextFile(path);
    const open = () =>
      new SimulationManager({ existingSimulation: manager.resultsPath });
    await Deno.writeTextFile(path, text.replace('"format": 1', '"format": 9'));
    assertThrows(open, SyntaxError, "its format is 9, expected 1");
    await Deno.writeTextFile(path, text.slice(0, 100));
    assertThrows(open, SyntaxError, "is not JSON");
    await Deno.remove(path);
    assertThrows(open, SyntaxError, "it has no simulation.json");
    await assertRejects(() => manager.runAll(), Error, "generateSimPaths");
  });
});

Deno.test("two managers do not run one tree at once", async () => {
  const sleeps = trouble("sleeps", { trouble: "sleep", milliseconds: 1500 });
  await withManager([sleeps], async (manager) => {
    const running = manager.runAll();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const second = new SimulationManager({
      existingSimulation: manager.resultsPath,
    });
    await assertRejects(
      () => second.runAll(),
      Error,
      `process ${Deno.pid}`,
    );
    await running;
    assertEquals(states(await second.runAll()), ["finished"]);
  });
});

Deno.test("a manager prints its name, simulations and runs", async () => {
  const manager = new SimulationManager({
    simulationList: [walk("a"), walk("b")],
    managerId: "comparison",
  });
  const text =
    'SimulationManager "comparison"\nSimulations: a, b\nRuns per simulation: 5';
  assertEquals(String(manager), text);
  assertEquals(Deno.inspect(manager), text);
  assertThrows(() => manager.showLogs({ simulationIndex: 2 }), RangeError);
  await assertRejects(() => manager.observe(), Error, "generateSimPaths");
});
