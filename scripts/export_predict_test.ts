import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { writeArchive } from "../core/archive.ts";
import { writeNpz } from "../core/npz.ts";
import { tinyModel } from "../experiments/models/_tiny_model.ts";

const HERE = dirname(fromFileUrl(import.meta.url));
/** The permissions that the tasks need, and no more. */
const PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  export_minari: ["--allow-read", "--allow-write"],
  export_model: ["--allow-read", "--allow-write"],
  import_model: ["--allow-read", "--allow-write"],
  predict: ["--allow-read", "--allow-net=127.0.0.1"],
};
const SEEN = [0.5, 0.9, 0.5, 0, 0, 0.5, -0.5, 0.1, 0];

function command(script: string, args: readonly string[], folder: string) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "--no-check",
      `--config=${join(HERE, "..", "deno.json")}`,
      "--allow-env=INIT_CWD,NO_COLOR",
      ...PERMISSIONS[script],
      join(HERE, `${script}.ts`),
      ...args,
    ],
    cwd: folder,
    env: { NO_COLOR: "1", INIT_CWD: folder },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function run(script: string, args: readonly string[], folder: string) {
  const { code, stdout, stderr } = await command(script, args, folder).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

async function withModel(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await writeArchive(join(folder, "table.zip"), tinyModel({ episodes: 20 }));
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("export-model writes ONNX beside, and says what goes in and comes out", async () => {
  await withModel(async (folder) => {
    const { code, stdout, stderr } = await run(
      "export_model",
      ["table.zip"],
      folder,
    );
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^in +observation +\[batch, 9\] +float$/m);
    assertMatch(stdout, /^out +action +\[batch\] +int64$/m);
    assert((await Deno.stat(join(folder, "table.onnx"))).size > 1000);
    const refused = await run(
      "export_model",
      ["table.zip", "--format", "tfjs-layers"],
      folder,
    );
    assertEquals([refused.code, refused.stdout], [1, ""]);
    assertMatch(refused.stderr, /^Cannot write a table of Q-values as layers/);
    const wrong = await run(
      "export_model",
      ["table.zip", "--format", "h5"],
      folder,
    );
    assertEquals(wrong.code, 2);
    assertMatch(wrong.stderr, /expected one of onnx, tfjs-layers/);
  });
});

Deno.test("predict --data answers the rows of NumPy's files", async () => {
  await withModel(async (folder) => {
    await writeNpz(join(folder, "seen.npz"), {
      observations: {
        shape: [2, 9],
        data: Float64Array.from([...SEEN, ...SEEN]),
      },
    });
    const args = ["table.zip", "--data", "seen.npz"];
    const { code, stdout, stderr } = await run("predict", args, folder);
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^(\{"action":\d,"change":-?\d\}\n)\1$/);
    const wrong = await run("predict", [...args, "--serve"], folder);
    assertEquals(wrong.code, 2);
    assertMatch(wrong.stderr, /^Cannot use --data with --serve/);
  });
});

Deno.test("predict --serve answers until it is interrupted", async () => {
  await withModel(async (folder) => {
    const child = command(
      "predict",
      ["table.zip", "--serve", "--port", "0"],
      folder,
    )
      .spawn();
    const reader = child.stderr.pipeThrough(new TextDecoderStream())
      .getReader();
    let text = "";
    while (!text.includes("Ctrl-C")) {
      const { value, done } = await reader.read();
      assert(!done, text);
      text += value;
    }
    const url = text.match(/http:\/\/127\.0\.0\.1:\d+\//)![0];
    const response = await fetch(`${url}predict`, {
      method: "POST",
      body: JSON.stringify({ observation: SEEN }),
    });
    const answer = await response.json();
    assertEquals(Object.keys(answer), ["action", "change"]);
    const second = await run("predict", [
      "table.zip",
      "--serve",
      "--port",
      new URL(url).port,
    ], folder);
    assertEquals(second.code, 1);
    assertMatch(second.stderr, /^Cannot serve on port \d+: it is in use.*\n$/);
    child.kill("SIGINT");
    await reader.cancel();
    assertEquals((await child.status).code, 0);
    assertEquals(await new Response(child.stdout).text(), "");
  });
});

Deno.test("import-model makes a model that plays for export-minari", async () => {
  await withModel(async (folder) => {
    const weights = join(folder, "weights.npz");
    await writeNpz(weights, {
      w0: { shape: [4, 2], data: Float64Array.of(0, 0, 0, 0, -1, 1, 0, 0) },
      b0: { shape: [2], data: new Float64Array(2) },
    });
    const args = ["weights.npz", "--environment", "CartPole-v1"];
    const made = await run("import_model", args, folder);
    assertEquals(made.code, 0, made.stderr);
    const again = await run(
      "import_model",
      [...args, "--out", weights],
      folder,
    );
    assertEquals(again.code, 2);
    assertMatch(again.stderr, /^Cannot write .*which holds the weights/);
    const played = await run(
      "export_minari",
      ["weights.zip", "--episodes", "2", "--max-steps", "5", "--quiet"],
      folder,
    );
    assertEquals([played.code, played.stderr], [0, ""]);
    assertMatch(
      played.stdout,
      /^Saved 2 episodes of 10 steps to .*weights-v0$/m,
    );
    const text = await Deno.readTextFile(
      join(folder, "minari_datasets/loadstar/weights-v0/data/metadata.json"),
    );
    assertEquals(JSON.parse(text).algorithm_name, "dqn");
  });
});
