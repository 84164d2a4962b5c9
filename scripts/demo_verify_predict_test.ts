import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { createDqn, DQN_DEFAULTS } from "../agents/dqn/dqn.ts";
import { writeArchive } from "../core/archive.ts";
import { describeSpace } from "../core/spaces.ts";
import type { JsonRecord } from "../core/state_json.ts";
import { makeVectorEnvironment } from "../envs/registry.ts";
import { tinyModel } from "../experiments/models/_tiny_model.ts";
import { selectDevice } from "../learning/devices.ts";

const HERE = dirname(fromFileUrl(import.meta.url));
const CONFIG = join(HERE, "..", "deno.json");

/** The permissions that the tasks need, and no more. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  "demo_all_models": [
    "--allow-read",
    "--allow-net=127.0.0.1",
    "--allow-env=INIT_CWD,NO_COLOR",
  ],
  "verify_all_models": ["--allow-read", "--allow-env=INIT_CWD,NO_COLOR"],
  "predict": [
    "--allow-read",
    "--allow-net=127.0.0.1",
    "--allow-env=INIT_CWD,NO_COLOR",
  ],
};

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function command(script: string, args: readonly string[], folder: string) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "--no-check",
      `--config=${CONFIG}`,
      ...PERMISSIONS[script],
      join(HERE, `${script}.ts`),
      ...args,
    ],
    cwd: folder,
    env: { NO_COLOR: "1", INIT_CWD: folder },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

async function run(
  script: string,
  args: readonly string[],
  { folder, input = "" }: { folder: string; input?: string },
): Promise<Outcome> {
  const child = command(script, args, folder).spawn();
  const writer = child.stdin.getWriter();
  // A script that does not read may be gone already.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** A DQN agent that has hardly learned, in CartPole. */
async function writeTinyDqn(path: string): Promise<void> {
  await selectDevice("cpu", { parameters: 100, batchSize: 32 });
  const environment = { id: "CartPole-v1", options: {} };
  const env = makeVectorEnvironment(environment, 1);
  const settings = { ...DQN_DEFAULTS, netArch: [4] };
  const dqn = createDqn(env, { settings, seed: 1, totalTimesteps: 110 });
  while (dqn.timesteps < 110) await dqn.step();
  const { tensors } = await dqn.save();
  dqn.dispose();
  await writeArchive(path, {
    config: {
      agent: "dqn",
      name: "tiny",
      environment,
      observationSpace: describeSpace(env.observationSpace),
      actionSpace: describeSpace(env.actionSpace),
      settings: { ...settings } as unknown as JsonRecord,
      timesteps: 110,
      seed: 1,
      device: "cpu",
    },
    tensors,
  });
}

async function withModels(
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await writeArchive(
      join(folder, "models", "table.zip"),
      tinyModel({ episodes: 300 }),
    );
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("demo --no-render prints the closing table only, with the models of ./models", async () => {
  await withModels(async (folder) => {
    const args = ["--no-render", "--policy", "all", "--steps", "200"];
    const { code, stdout, stderr } = await run("demo_all_models", args, {
      folder,
    });
    assertEquals(code, 0, stderr);
    const lines = stdout.trimEnd().split("\n");
    assertEquals(lines[0], "SINE_CURVE, 200 steps");
    assertMatch(lines[3], /^optimum +-3\.0948 /);
    assertMatch(stdout, /^threshold +-27\.9537 +182\.51 +579889\.536 +0 /m);
    assertMatch(stdout, /^qlearning +-\d/m);
    assertEquals(lines.length, 3 + 7);
    assert(stderr.includes("deno task train-dqn"));
    assert(stderr.includes("deno task train-ppo"));
  });
});

Deno.test("demo shows plain tables where there is no terminal, and --json is one document", async () => {
  await withModels(async (folder) => {
    await Deno.writeTextFile(join(folder, "models", "cut.zip"), "PK");
    const args = ["--policy", "hold,always-remove", "--steps", "40"];
    const { code, stdout, stderr } = await run(
      "demo_all_models",
      [...args, "--delay", "0", "--load-pattern", "random", "--json"],
      { folder },
    );
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /^Warning: Cannot read archive .*cut\.zip/m);
    assertMatch(stderr, /^Step 20 of 40/m);
    assert(!stderr.includes("\x1b"));
    const { policies, noOptimum } = JSON.parse(stdout);
    assertEquals(policies.length, 2);
    assertEquals(typeof noOptimum, "string");
  });
});

Deno.test("demo ends with 2 for a wrong policy and with 1 where nothing is left to show", async () => {
  await withModels(async (folder) => {
    const wrong = await run("demo_all_models", ["--policy", "dqnn"], {
      folder,
    });
    assertEquals([wrong.code, wrong.stdout], [2, ""]);
    assert(wrong.stderr.includes("did you mean dqn?"));
    const none = await run("demo_all_models", ["--policy", "ppo"], { folder });
    assertEquals(none.code, 1);
    assertMatch(
      none.stderr,
      /train one with: deno task train-ppo\nCannot show ppo/,
    );
  });
});

Deno.test("demo --web serves until it is interrupted, and refuses a port in use", async () => {
  await withModels(async (folder) => {
    const args = ["--web", "--policy", "hold", "--steps", "5", "--delay", "0"];
    const child = command("demo_all_models", args, folder).spawn();
    await child.stdin.close();
    const reader = child.stderr.pipeThrough(new TextDecoderStream())
      .getReader();
    let text = "";
    while (!text.includes("until Ctrl-C")) {
      const { value, done } = await reader.read();
      assert(!done, text);
      text += value;
    }
    const url = text.match(/http:\/\/127\.0\.0\.1:(\d+)\//)!;
    const page = await (await fetch(url[0])).text();
    assert(page.startsWith("<!DOCTYPE html>"));
    const events = await fetch(`${url[0]}events`);
    const second = await run(
      "demo_all_models",
      [...args, "--port", url[1]],
      { folder },
    );
    assertEquals([second.code, second.stdout], [1, ""]);
    assertMatch(second.stderr, /^Cannot serve on port \d+: it is in use.*\n$/m);
    child.kill("SIGINT");
    await reader.cancel();
    const stdout = await new Response(child.stdout).text();
    assertEquals((await child.status).code, 0);
    assertMatch(stdout, /^hold /m);
    await events.body?.cancel().catch(() => {});
  });
});

Deno.test("verify passes a good model, warns of a weak one and fails a damaged one", async () => {
  await withModels(async (folder) => {
    const good = await run("verify_all_models", [], { folder });
    assertEquals(good.code, 0, good.stderr);
    assertMatch(good.stdout, /^table\.zip .* ok$/m);

    await writeTinyDqn(join(folder, "models", "dqn.zip"));
    const weak = await run("verify_all_models", [], { folder });
    assertEquals(weak.code, 0, weak.stderr);
    assertMatch(weak.stdout, /^dqn\.zip .* weak$/m);
    const strict = await run("verify_all_models", ["--strict"], { folder });
    assertEquals(strict.code, 1);
    assertEquals(strict.stdout, weak.stdout);

    await Deno.writeTextFile(join(folder, "models", "sb3.zip"), "no zip");
    const damaged = await run("verify_all_models", ["--json"], { folder });
    assertEquals(damaged.code, 1);
    const found = JSON.parse(damaged.stdout);
    assertEquals([found.ok, found.weak, found.failed], [1, 1, 1]);
    assertMatch(found.models[1].failure, /^Cannot read archive/);
    assertEquals(found.models[2].rivals.length, 2);
  });
});

Deno.test("verify fails where there is no model and says what to do", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const make of [() => {}, () => Deno.mkdir(join(folder, "models"))]) {
      await make();
      const { code, stdout, stderr } = await run("verify_all_models", [], {
        folder,
      });
      assertEquals([code, stdout], [1, ""]);
      assertMatch(stderr, /^Cannot verify .*deno task train-dqn.*\n$/);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("predict prints an action for each observation", async () => {
  await withModels(async (folder) => {
    const row = "0.5,0.9,0.5,0,0,0.5,-0.5,0.1,0";
    const input = `[${row}]\n\n{"observation": [${row}]}\n${row}\n`;
    const model = join("models", "table.zip");
    const lines = await run("predict", [model], { folder, input });
    assertEquals(lines.code, 0, lines.stderr);
    assertMatch(lines.stdout, /^(\{"action":\d,"change":-?\d\}\n)\1\1$/);
    const one = await run("predict", [model, "--observation", row], { folder });
    assertEquals(one.stdout.repeat(3), lines.stdout);
    const json = await run("predict", [model, "--json"], { folder, input });
    assertEquals(JSON.parse(json.stdout).length, 3);
    const described = await run("predict", [model, "--describe"], { folder });
    assertMatch(described.stdout, /demand over committed capacity/);
  });
});

Deno.test("predict refuses wrong observations and models in one line", async () => {
  await withModels(async (folder) => {
    const model = join("models", "table.zip");
    const cases: [string[], string, number, RegExp][] = [
      [[model], "1,2\n", 1, /^Cannot use line 1: it has 2 numbers, expected 9/],
      [[model, "--observation", "1,x"], "", 2, /^Cannot read --observation/],
      [["models/none.zip", "--describe"], "", 1, /none\.zip.*no such file/],
      [[], "", 2, /MODEL/],
    ];
    for (const [args, input, expected, message] of cases) {
      const { code, stdout, stderr } = await run("predict", args, {
        folder,
        input,
      });
      assertEquals([code, stdout], [expected, ""], stderr);
      assertMatch(stderr, message);
      assertEquals(stderr.trimEnd().split("\n").length, 1);
    }
  });
});
