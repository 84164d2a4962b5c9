import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { readNpz } from "../../core/npz.ts";
import { withFolder } from "../_test_folder.ts";
import { printed, testPart, trouble, walk } from "./_test_trees.ts";
import { type Line, Walker } from "./_test_parts.ts";
import { readStatus } from "./run_status.ts";
import { SingleSim } from "./single_sim.ts";
import { episodeBasedTrainingLoop } from "./training_loops.ts";

Deno.test("a simulation prints seven lines", () => {
  const sim = new SingleSim({
    simulationId: "SR_custom_sim",
    agentClass: Walker,
    agentParams: { lr_td: 1e-2, twoD: true, name: "it's" },
    envClass: testPart("Line"),
    envParams: { arena_x_limits: [-6, 6] },
    trainingLoop: episodeBasedTrainingLoop,
    trainingLoopParams: { t_episode: 100, n_episode: 10 },
  });
  const lines = sim.toString().split("\n");
  assertEquals(lines.length, 8);
  assertEquals(lines.slice(0, 3), [
    "Simulation: SR_custom_sim",
    "Agent: Walker",
    `Agent params: {'lr_td': 0.01, 'twoD': True, 'name': "it's"}`,
  ]);
  assertMatch(lines[3], /^Environment: Line of .*_test_parts\.ts$/);
  assertEquals(lines.slice(4), [
    "Environment params: {'arena_x_limits': [-6, 6]}",
    "Training loop: episodeBasedTrainingLoop",
    "Training loop params: {'t_episode': 100, 'n_episode': 10}",
    "",
  ]);
  assertEquals(Deno.inspect(sim), sim.toString());
});

Deno.test("runSim leaves eight files, which loadResults reads", async () => {
  await withFolder(async (folder) => {
    const sim = walk("walk", 20);
    const { agent, env } = await sim.runSim(folder, { seed: 3 });
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "agent.zip",
      "arena.json",
      "error.log",
      "params.json",
      "run.log",
      "state.log",
      "status.json",
      "training_hist.npz",
    ]);
    assertEquals(
      (await Deno.readTextFile(`${folder}/run.log`)).split("\n"),
      [
        "---> Saving simulation parameters",
        "---> Initializing models",
        "---> Training loop",
        "---> Saving models",
        "---> Simulation finished",
        "",
      ],
    );
    assertEquals(await Deno.readTextFile(`${folder}/state.log`), "finished");
    assertEquals(await printed(() => sim.showLogs(folder)), "");
    const loaded = await sim.loadResults(folder);
    assertEquals(
      (loaded.agent as Walker).estimate,
      (agent as Walker).estimate,
    );
    assertEquals((loaded.env as Line).place, (env as Line).place);
    // It goes on just where it stood.
    assertEquals(
      loaded.agent.act(Float32Array.of(1)),
      agent.act(Float32Array.of(1)),
    );
    const estimates = loaded.trainingHist.estimate as Float64Array[];
    assertEquals(estimates.length, 20);
    assertEquals(estimates[19][0], (agent as Walker).estimate);
    const arrays = await readNpz(`${folder}/training_hist.npz`);
    assertEquals(arrays.estimate.shape, [20, 2]);
  });
});

Deno.test("parameters are loaded, changed, and leave the first run alone", async () => {
  await withFolder(async (folder) => {
    const first = walk("walk");
    await first.runSim(folder);
    const second = new SingleSim();
    await second.loadParams(folder);
    assertEquals(
      second.toString(),
      first.toString().replaceAll(/of \//g, "of file:///"),
    );
    second.agentParams.lr_td = 0.001;
    await second.runSim(`${folder}/small`);
    assertEquals(first.agentParams, { lr_td: 0.1 });
    // Results of another run do not change the simulation's own parameters.
    await second.loadResults(folder);
    assertEquals(second.agentParams, { lr_td: 0.001 });
  });
});

Deno.test("classes of this process alone run in it", async () => {
  await withFolder(async (folder) => {
    class Still {
      act = () => new Float32Array(1);
    }
    const sim = walk("still");
    sim.agentClass = Still;
    const { agent } = await sim.runSim(folder);
    assert(agent instanceof Still);
    assertStringIncludes(
      await Deno.readTextFile(`${folder}/run.log`),
      "The agent has no saveState()",
    );
    assert((await sim.loadResults(folder)).agent instanceof Still);
    await assertRejects(
      () => new SingleSim().loadResults(folder),
      RangeError,
      'Cannot find "Still"',
    );
  });
});

Deno.test("a failing run throws, and says so in its files", async () => {
  await withFolder(async (folder) => {
    const sim = trouble("throws", { trouble: "throw" });
    const { log } = console;
    await assertRejects(() => sim.runSim(folder), RangeError, "asked for");
    assertEquals(console.log, log);
    const status = readStatus(folder)!;
    assertEquals([status.state, status.message], ["error", "asked for"]);
    assertMatch(
      await printed(() => sim.showLogs(folder)),
      /^RangeError: asked for\n {4}at /,
    );
    assertEquals(
      await printed(() => sim.showLogs(folder, { logType: "run" })),
      "---> Saving simulation parameters\n---> Initializing models\n---> Training loop\ntrouble: throw\n",
    );
    assertThrows(
      () => sim.showLogs(folder, { logType: "other" as "run" }),
      RangeError,
      "expected one of error, run, state",
    );
    await assertRejects(() => sim.loadResults(folder), Error, "agent.zip");
    // The failure gives way to a run that works, not to mixed results.
    await walk("well").runSim(folder);
    assertEquals(readStatus(folder)!.state, "finished");
  });
});

Deno.test("a simulation refuses what it cannot be made of", async () => {
  await withFolder(async (folder) => {
    assertThrows(
      () => new SingleSim({ agentClass: 3 as unknown as string }),
      TypeError,
      "Cannot use 3 as agentClass",
    );
    assertThrows(
      () => new SingleSim({ agentParams: [] as unknown as { a: 1 } }),
      TypeError,
      "agentParams",
    );
    assertThrows(
      () => new SingleSim({ envParams: { policy: () => 0 } }),
      TypeError,
      "Cannot copy envParams",
    );
    const first = walk("a").runSim(`${folder}/first`);
    await assertRejects(
      () => walk("b").runSim(`${folder}/second`),
      Error,
      "two simulations at once",
    );
    await first;
    await assertRejects(
      () => new SingleSim().runSim(folder),
      TypeError,
      "without agentClass",
    );
    const misspelt = walk("a");
    misspelt.trainingLoopParams = { n_step: 3 };
    await assertRejects(
      () => misspelt.runSim(folder),
      TypeError,
      "did you mean n_steps?",
    );
    await assertRejects(
      () => walk("a").runSim(folder, { seed: -1 }),
      RangeError,
    );
    const foreign = await Deno.makeTempDir({ dir: folder });
    await Deno.writeTextFile(`${foreign}/params.json`, "{}");
    await assertRejects(
      () => walk("a").runSim(foreign),
      Error,
      "is there already and no run's",
    );
    await assertRejects(() => walk("a").loadParams(foreign), SyntaxError);
  });
});

Deno.test("parameters given to a simulation are copied", () => {
  const shared = { lr_td: 0.1 };
  const sim = new SingleSim({ agentParams: shared });
  assert(sim.agentParams !== shared);
});
