import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { fromFileUrl } from "@std/path";
import { createProgress } from "../../core/progress.ts";
import {
  InterruptedError,
  type ScriptContext,
  UsageError,
} from "../../core/script.ts";
import { withFolder } from "../_test_folder.ts";
import { printed } from "./_test_trees.ts";
import { runOptions, type SimulateOptions } from "./command_options.ts";
import {
  compareCommand,
  logsCommand,
  makeCommand,
  rerunCommand,
  statusCommand,
} from "./commands.ts";
import { readSimulationList, setParameter } from "./simulation_list.ts";

const MODULE = fromFileUrl(import.meta.resolve("./_test_parts.ts"));
const SIMULATIONS = [
  {
    simulation_id: "walk",
    agent_class: { module: MODULE, export: "Walker" },
    agent_params: { lr_td: "weird_learning_rate" },
    env_class: { module: MODULE, export: "Line" },
    training_loop: "default_training_loop",
    training_loop_params: { n_steps: 20 },
  },
];

function contextOf(notes: string[], signal = new AbortController().signal) {
  return {
    signal,
    note: (text: string) => void notes.push(text),
    progress: (options) => createProgress({ ...options, quiet: true }),
    breathe: () => Promise.resolve(),
  } as ScriptContext;
}

function optionsOf(tree: string): SimulateOptions {
  return {
    tree,
    simulations: undefined,
    file: undefined,
    runsPerSim: 2,
    seed: 0,
    simulation: undefined,
    logType: "error",
    follow: false,
    set: undefined,
    all: false,
    newSeeds: false,
    retryFailed: false,
    failFast: false,
    assumeLost: false,
    jobs: 2,
    timeLimit: undefined,
    memoryLimit: undefined,
    launcher: "local",
    launcherCommand: undefined,
    runsPerElement: 1,
    sbatch: undefined,
    denoFlags: undefined,
    metric: undefined,
    lastShare: 0.1,
    out: undefined,
  };
}

Deno.test("the commands run, show, mend and compare", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/simulations.json`;
    await Deno.writeTextFile(file, JSON.stringify(SIMULATIONS));
    const options = { ...optionsOf(`${folder}/tree`), follow: true };
    const notes: string[] = [];
    const context = contextOf(notes);
    await assertRejects(
      () => makeCommand(options, context),
      UsageError,
      "expected --simulations or --file",
    );
    const failed = await makeCommand({ ...options, file }, context);
    assertEquals(failed.exitCode, 1);
    assertStringIncludes(notes.join("\n"), 'lr_td "weird_learning_rate"');
    assertStringIncludes(notes.join("\n"), "] ---> Initializing models");
    await assertRejects(
      () => makeCommand({ ...options, file }, context),
      UsageError,
      "holds runs already",
    );

    const status = await statusCommand(options, context);
    assertMatch(status.lines![0], /run_0_.* {2}error {2}.*weird/);
    const logs = await logsCommand({ ...options, follow: false }, context);
    assertStringIncludes(logs.lines!.join("\n"), "weird_learning_rate");

    const mended = { ...options, simulation: "walk", set: "lr_td=0.5" };
    const rerun = await rerunCommand(mended, context);
    assertEquals(rerun.exitCode, 0);
    const followed = { ...options, simulation: "0", logType: "run" as const };
    const text = await printed(() =>
      logsCommand(followed, context).then(() => {})
    );
    assertEquals(text.match(/---> Simulation finished/g)?.length, 2);
    // A process that was killed leaves a line without its end.
    const { runs } = rerun.json as { runs: { folder: string }[] };
    const append = { append: true };
    await Deno.writeTextFile(`${runs[0].folder}/run.log`, "half a l", append);
    assertStringIncludes(
      await printed(() => logsCommand(followed, context).then(() => {})),
      "half a l",
    );
    await assertRejects(
      () => logsCommand({ ...options, simulation: "run" }, context),
      UsageError,
      "0 (walk)",
    );

    const compared = await compareCommand({
      ...options,
      metric: "error",
      out: folder,
    });
    assertEquals(compared.tables![0].rows[0][1], "2 of 2");
    assertEquals(Deno.statSync(`${folder}/comparison_error.html`).isFile, true);
    // Nothing is left to be done.
    assertEquals((await makeCommand(options, context)).exitCode, 0);
  });
});

Deno.test("following stops when it is interrupted", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/simulations.json`;
    await Deno.writeTextFile(file, JSON.stringify(SIMULATIONS));
    const options = { ...optionsOf(`${folder}/tree`), file, runsPerSim: 1 };
    const stopped = contextOf([], AbortSignal.abort());
    await assertRejects(() => makeCommand(options, stopped), InterruptedError);
    await assertRejects(
      () => logsCommand({ ...options, follow: true }, stopped),
      InterruptedError,
    );
  });
});

Deno.test("options choose the launcher", () => {
  const context = contextOf([]);
  const options = optionsOf("tree");
  assertEquals(runOptions(options, context).launcher, undefined);
  const cluster = {
    ...options,
    launcher: "slurm" as const,
    sbatch: "--account=lab",
  };
  assertEquals(runOptions(cluster, context).launcher!.name, "slurm");
  const own = { ...options, launcher: "command" as const };
  assertThrows(() => runOptions(own, context), UsageError, "{tasks}");
  const launcherCommand = "xargs -a {tasks}";
  assertEquals(
    runOptions({ ...own, launcherCommand }, context).launcher!.name,
    "sh",
  );
});

Deno.test("lists of simulations are read, and refused by name", async () => {
  await withFolder(async (folder) => {
    const file = `${folder}/list.json`;
    const write = (value: unknown) =>
      Deno.writeTextFile(file, JSON.stringify(value));
    const [one] = SIMULATIONS;
    await write({ ...one, env_class: { module: "./line.ts", export: "Line" } });
    const [sim] = await readSimulationList(file);
    assertEquals(sim.envClass, { module: `${folder}/line.ts`, export: "Line" });
    assertEquals(sim.trainingLoopParams, { n_steps: 20 });
    for (
      const [value, message] of [
        [[1], "expected a list of simulations"],
        [[{ ...one, agent_parms: {} }], "perhaps agentParams"],
        [[{ ...one, agent_class: 3 }], "agentClass"],
      ] as [unknown, string][]
    ) {
      await write(value);
      await assertRejects(() => readSimulationList(file), SyntaxError, message);
    }
    setParameter(sim, "loop.n_steps=30");
    setParameter(sim, "lr_td=fast");
    assertEquals(sim.trainingLoopParams, { n_steps: 30 });
    assertEquals(sim.agentParams, { lr_td: "fast" });
    assertThrows(
      () => setParameter(sim, "lr=1"),
      RangeError,
      "agent.lr_td, loop.n_steps",
    );
    assertThrows(() => setParameter(sim, "lr_td"), SyntaxError, "NAME=VALUE");
  });
});
