import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { generate } from "../experiments/queueing_data/generation.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** Scripts whose tasks learn, and so load the native library. */
const NEEDS_TRAIN = [
  "learning_from_simulation_data.ts",
  "analyse_metastability.ts",
  "train_queueing_control.ts",
];

/** Runs a script as its task does: in the root, typed in a folder. */
async function run(script: string, folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      "run",
      "-q",
      "--no-check",
      NEEDS_TRAIN.includes(script) ? "-P=train" : "-P=generate",
      "--config",
      join(ROOT, "deno.json"),
      join(ROOT, "scripts", script),
      ...args,
    ],
    cwd: ROOT,
    env: { INIT_CWD: folder },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("the scripts work one after the other in one folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await generate({
      folder,
      system: {
        clients: [{ arrivalRate: 8 }],
        faults: [{
          target: "arrivalRate",
          start: 200,
          duration: 20,
          factor: 10,
        }],
        retryModel: "reference",
      },
      runs: 3,
      seed: 1,
      horizon: 600,
      step: 0.5,
      fault: [200, 220],
      rho: 0.8,
      rates: [8, 80, 8],
      multi: false,
      pickles: false,
      piEvery: 50,
      measureRuntime: false,
      jobs: 1,
      resume: false,
    });
    const learned = await run(
      "learning_from_simulation_data.ts",
      folder,
      ...["--epochs", "60", "--resamples", "0", "--stationary-runs", "0"],
    );
    assertEquals(learned.code, 0, learned.stderr);
    const simulation = await run(
      "exp_mixing_time_simulation.ts",
      folder,
      "--json",
    );
    assertEquals(simulation.code, 0, simulation.stderr);
    assertEquals(JSON.parse(simulation.stdout).settling.length, 13);
    assertEquals(JSON.parse(simulation.stdout).recovery.count, 3);
    const own = await run("exp_mixing_time_learned.ts", folder, "--json");
    assertEquals(own.code, 0, own.stderr);
    assertEquals(JSON.parse(own.stdout).settling.length, 8);
    for (const k of [1, 2]) {
      await Deno.copyFile(
        join(folder, "learned_model.zip"),
        join(folder, `learned_model_multi_${k}.zip`),
      );
    }
    const multi = await run(
      "exp_mixing_time_learned_multi.ts",
      folder,
      "--json",
    );
    assertEquals(multi.code, 0, multi.stderr);
    await Deno.copyFile(
      join(folder, "discrete_results_.npz"),
      join(folder, "discrete_results_50.npz"),
    );
    const loads = await run("compare_simulations.ts", folder);
    assertEquals(loads.code, 0, loads.stderr);
    for (
      const name of [
        "learned_model.pdf",
        "Mixing_times_simulation.pdf",
        "Mixing_times_learned.pdf",
        "Mixing_times_learned_multi.pdf",
        "plot_latency.pdf",
        "plot_qlen.pdf",
      ]
    ) assert((await Deno.stat(join(folder, name))).size > 500, name);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("compare_simulations makes what it compares where there is nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const few = ["--runs", "1", "--sim-time", "200"];
    const loads = await run("compare_simulations.ts", folder, ...few);
    assertEquals(loads.code, 0, loads.stderr);
    assert(loads.stderr.includes("nothing to compare here"), loads.stderr);
    for (const name of ["discrete_results_97.npz", "plot_qlen.pdf"]) {
      assert((await Deno.stat(join(folder, name))).size > 500, name);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the scripts say in one line what they lack", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cases: [string, number, string, ...string[]][] = [
      ["learning_from_simulation_data.ts", 1, "deno task generate-data"],
      ["exp_mixing_time_learned.ts", 1, "learned_model.zip"],
      ["compare_simulations.ts", 2, "--simulate", "--data", "."],
      ["analyse_metastability.ts", 2, "--rho", "--rho", "-1"],
      ["train_queueing_control.ts", 2, "ppo, dqn", "--agent", "sac"],
    ];
    for (const [script, code, words, ...args] of cases) {
      const result = await run(script, folder, ...args);
      assertEquals(result.code, code, script);
      assert(result.stderr.includes(words), result.stderr);
      assertEquals(result.stderr.trim().split("\n").length, 1, result.stderr);
    }
    await Deno.writeTextFile(
      join(folder, "q_seq.pkl"),
      "cos\nsystem\n(Vid\ntR.",
    );
    const hostile = await run("learning_from_simulation_data.ts", folder);
    assertEquals(hostile.code, 1);
    assert(hostile.stderr.includes("os.system"), hostile.stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
