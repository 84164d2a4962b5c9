import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { SacGruAgent } from "../agents/sac_gru/sac_gru_agent.ts";
import { findPython } from "../core/_test_python.ts";
import { writeArchive } from "../core/archive.ts";
import { writeNpz } from "../core/npz.ts";
import { tinyModel } from "../experiments/models/_tiny_model.ts";
import { readRecordedSteps } from "../experiments/training/offline_files.ts";
import { selectDevice } from "../learning/devices.ts";

const ROOT = join(dirname(fromFileUrl(import.meta.url)), "..");
const python = await findPython("numpy", "onnxruntime", "minari");

/** Runs a documented command, and throws with what it says where it fails. */
async function run(folder: string, script: string, ...args: string[]) {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-check",
      "--no-prompt",
      `--config=${join(ROOT, "deno.json")}`,
      "--allow-env=INIT_CWD,NO_COLOR",
      "--allow-read",
      "--allow-write",
      join(ROOT, "scripts", `${script}.ts`),
      ...args,
    ],
    env: { INIT_CWD: folder, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

/** What the page takes for granted: two models, and recorded steps. */
async function writeInputs(folder: string): Promise<void> {
  await Deno.mkdir(join(folder, "models"));
  await writeArchive(join(folder, "models", "mine.zip"), tinyModel());
  await selectDevice("cpu", { parameters: 1, batchSize: 1 });
  const agent = new SacGruAgent({ obsDim: 20, actionDim: 4 });
  await agent.save(join(folder, "sac_gru.zip"));
  agent.dispose();
  const rows = 40;
  const wave = (width: number) => ({
    shape: width === 1 ? [rows] : [rows, width],
    data: Float32Array.from(
      { length: rows * width },
      (_, i) => (1 + Math.sin(i)) / 2,
    ),
  });
  await writeNpz(join(folder, "expert_dataset.npz"), {
    states: wave(12),
    actions: wave(10),
    next_states: wave(12),
    rewards: wave(1),
    episode_ids: {
      shape: [rows],
      data: Int32Array.from({ length: rows }, (_, i) => Math.floor(i / 10)),
    },
  });
}

Deno.test({
  name: `the Python of docs/interchange.md runs as printed${
    python ? "" : " [skipped: no onnxruntime or minari]"
  }`,
  ignore: !python,
  async fn() {
    const page = await Deno.readTextFile(
      join(ROOT, "docs", "interchange.md"),
    );
    const blocks = Array.from(
      page.matchAll(/^```python\n(.*?)^```/gms),
      ([, code]) => code,
    );
    assertEquals(blocks.length, 6);
    const folder = await Deno.makeTempDir();
    try {
      await writeInputs(folder);
      await run(folder, "export_model", "models/mine.zip");
      await run(folder, "export_model", "sac_gru.zip");
      await run(
        folder,
        "export_minari",
        "expert_dataset.npz",
        "--dataset-id=loadstar/sdn/expert-v0",
      );
      for (const block of blocks) {
        const code = `import os, sys\nos.chdir(sys.argv[1])\n${block}`;
        await python!.run(code, folder);
      }
      const { data } = await readRecordedSteps(join(folder, "steps.npz"));
      assertEquals([data.rows, data.observationSize], [40, 12]);
      const theirs = await readRecordedSteps(join(folder, "mine.npz"));
      assertEquals(theirs.data.rows, 200);
      await run(
        folder,
        "import_model",
        "weights.npz",
        "--agent=dqn",
        "--environment=CartPole-v1",
        "--out=models/theirs.zip",
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
