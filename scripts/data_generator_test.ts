import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

async function run(script: string, folder: string, ...args: string[]) {
  const path = fromFileUrl(new URL(script, import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=generate", "--no-prompt", path, ...args],
    env: { NO_COLOR: "1", INIT_CWD: folder },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("data_generator writes its files where the command was typed", async () => {
  await inFolder(async (folder) => {
    const { code, stdout, stderr } = await run(
      "data_generator.ts",
      folder,
      ...["--sim_time", "200", "--runs=2", "--genpkl=True", "--json"],
      "--quiet",
    );
    assertEquals([code, stderr], [0, ""]);
    const result = JSON.parse(stdout);
    assertEquals([result.runs, result.kept], [2, 0]);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    for (
      const name of [
        "2_exp_results.csv",
        "discrete_results_.pkl",
        "discrete_results.pdf",
        "sequences.npz",
        "pi_seq.pkl",
      ]
    ) assert(names.includes(name), name);
    const again = await run(
      "data_generator.ts",
      folder,
      ...["--sim_time", "200", "--runs=3", "--resume", "--quiet"],
    );
    assertEquals(again.code, 0);
    assert(again.stdout.includes("3 runs (2 kept)"), again.stdout);
  });
});

Deno.test("data_generator_multi writes files of each server", async () => {
  await inFolder(async (folder) => {
    const { code, stdout } = await run(
      "data_generator_multi.ts",
      folder,
      ...["--sim-time", "100", "--runs", "1", "--num-servers", "3", "--quiet"],
    );
    assertEquals(code, 0);
    assert(stdout.includes("discrete_results_multi_3.npz"), stdout);
  });
});

Deno.test("data_generator refuses what makes no sense in one line", async () => {
  await inFolder(async (folder) => {
    const cases: [string[], string][] = [
      [["--rho", "-1"], "--rho"],
      [["--mean-t", "0"], "expected a number above 0"],
      [["--step-time", "1e-6"], "10000000001 points"],
      [["--dist", "bimodal", "--dist-variation", "0.5"], "hyperExponential"],
      [["--fault-start", "20000"], "expected it to lie within the run"],
      [["--qsize", "inf", "--rho", "1"], "a queue without bound"],
      [["--queue-type", "stack"], "fifo, lifo"],
      [["--throttel"], "--throttle"],
      [["--resume"], "generation.json"],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await run(
        "data_generator.ts",
        folder,
        "--quiet",
        ...args,
      );
      assertEquals(code, args[0] === "--resume" ? 1 : 2, stderr);
      assert(stderr.includes(message), stderr);
      assertEquals(stderr.trim().split("\n").length, 1, stderr);
    }
  });
});
