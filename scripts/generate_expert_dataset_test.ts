import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { readNpz } from "../core/npz.ts";
import { emulatedSwitches } from "../envs/sdn/emulated_switches.ts";
import { emulatorSettings } from "../envs/sdn/emulator_options.ts";
import { FluidEmulator } from "../envs/sdn/fluid_emulator.ts";
import { restHandler } from "../envs/sdn/rest_api.ts";

const script = (name: string) =>
  fromFileUrl(new URL(`${name}.ts`, import.meta.url));

async function generate(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-P=sdn", "--no-prompt"],
      ...[script("generate_expert_dataset"), "--quiet", ...args],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/** The controller's emulator in a process of its own, on any free port. */
async function emulator(...args: string[]) {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-P=serve", "--no-prompt", script("ryu_emulator")],
      ...["--port", "0", ...args],
    ],
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = process.stderr.pipeThrough(new TextDecoderStream())
    .getReader();
  const url = /http:\S+?(?=:? )/.exec((await reader.read()).value ?? "")?.[0]
    .replace(/:$/, "");
  await reader.cancel();
  return {
    url: url!,
    async [Symbol.asyncDispose]() {
      process.kill("SIGTERM");
      await process.status;
    },
  };
}

async function inFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the same seed has the same bytes, embedded and over HTTP", () =>
  inFolder(async (folder) => {
    const [here, there] = ["here.npz", "there.npz"].map((name) =>
      join(folder, name)
    );
    const args = ["--episodes", "2", "--steps", "8", "--policy", "random"];
    const seeds = ["--seed", "5", "--seed-format"];
    const { code, stdout } = await generate(...args, ...seeds, "--out", here);
    assertEquals(code, 0);
    assert(
      stdout.includes("with 16 samples (state_dim=12, action_dim=10)"),
      stdout,
    );
    await using controller = await emulator("--seed", "5");
    const remote = await generate(
      ...args,
      ...seeds,
      ...["--out", there, "--ryu", controller.url],
    );
    assertEquals([remote.code, remote.stderr], [0, ""]);
    assertEquals(await Deno.readFile(here), await Deno.readFile(there));
  }));

Deno.test("idle networks are quiet; flows are not", () =>
  inFolder(async (folder) => {
    const path = join(folder, "data.npz");
    const run = async (...args: string[]) => {
      const { code, stderr } = await generate(
        ...["--episodes", "1", "--steps", "3", "--out", path, ...args],
      );
      assertEquals([code, stderr], [0, ""]);
      return (await readNpz(path)).states.data as Float32Array;
    };
    assert((await run("--idle")).every((entry) => entry === 0));
    const script = join(folder, "traffic.sh");
    const busy = await run(
      ...["--traffic_pairs", "h1:h2,h2:h3", "--start_traffic"],
      ...["--traffic_start_offset", "0", "--traffic_script_out", script],
    );
    assert(Math.abs(busy[11] - 0.02) < 1e-6, `${busy[11]}`);
    assert((await Deno.readTextFile(script)).includes("iperf3 -c 10.0.0.2"));
  }));

Deno.test("a controller that dies leaves its rows, and another goes on with them", () =>
  inFolder(async (folder) => {
    const [cut, whole] = ["cut.npz", "whole.npz"].map((name) =>
      join(folder, name)
    );
    const args = ["--episodes", "3", "--steps", "8", "--policy", "random"];
    const handler = restHandler(
      emulatedSwitches(new FluidEmulator(emulatorSettings())),
    );
    let answers = 0;
    // Weights, an episode of 2 + 8 x 2 requests, and three steps and a half.
    await using dying = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) =>
        answers++ < 28
          ? handler(request)
          : new Response("core dumped", { status: 500 }),
    );
    const url = `http://127.0.0.1:${dying.addr.port}`;
    const died = await generate(...args, "--out", cut, "--ryu", url);
    assertEquals(died.code, 1);
    assert(
      died.stderr.includes("answers 500 (core dumped)") &&
        died.stderr.includes("the 11 samples so far are in"),
      died.stderr,
    );
    assertEquals((await readNpz(cut)).states.shape, [11, 12]);
    answers = -Infinity;
    const resumed = await generate(
      ...args,
      ...["--out", cut, "--ryu", url, "--resume"],
    );
    assertEquals([resumed.code, resumed.stderr], [0, ""]);
    assertEquals((await generate(...args, "--out", whole)).code, 0);
    assertEquals(await Deno.readFile(cut), await Deno.readFile(whole));
  }));

Deno.test("what cannot be done is said in one line", () =>
  inFolder(async (folder) => {
    const out = ["--out", join(folder, "data.npz")];
    const cases: [string[], number, string][] = [
      [["--policy", "zero"], 2, "perhaps zeros"],
      [["--episodes", "0"], 2, "episodes"],
      [["--topology", "nsfnt"], 2, "nsfnet"],
      [["--ryu", "embeded"], 2, "expected an address"],
      [["--ryu", "http://127.0.0.1:9"], 1, "http://127.0.0.1:9/weights"],
      [["--resume"], 1, "no such file"],
    ];
    for (const [args, wanted, message] of cases) {
      const { code, stderr } = await generate(...out, ...args);
      assertEquals(code, wanted, stderr);
      assert(stderr.includes(message), stderr);
      assertEquals(stderr.trim().split("\n").length, 1);
    }
  }));
