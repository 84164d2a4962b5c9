import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { encodeNpz } from "../../core/npz.ts";
import { selectDevice } from "../../learning/devices.ts";
import { tinyRun } from "./_tiny_runs.ts";
import { createAskedTrainer } from "./run_trainer.ts";
import { startTraining, type TrainingRun } from "./training_run.ts";
import { readMaterial } from "./training_material.ts";

const PENDULUM = { id: "Pendulum-v1", options: {} };

function run(changes: Partial<TrainingRun>): TrainingRun {
  return {
    ...tinyRun({
      name: "tiny_offline",
      agent: "bc",
      copies: 1,
      environment: PENDULUM,
      settings: { netArch: [8], batchSize: 8 },
    }),
    evaluationEpisodes: 1,
    evaluateEvery: 20,
    checkpointEvery: 20,
    totalTimesteps: 40,
    ...changes,
  };
}

async function recorded(folder: string, push: number): Promise<string> {
  const path = `${folder}/steps_${push}.npz`;
  const rows = 16;
  const states = new Float32Array(rows * 3).fill(0.1);
  await Deno.writeFile(
    path,
    encodeNpz({
      states: { shape: [rows, 3], data: states },
      actions: {
        shape: [rows, 1],
        data: new Float32Array(rows).fill(push),
      },
    }),
  );
  return path;
}

Deno.test("a policy is cloned, saved, gone on with, and begun with", async () => {
  const folder = await Deno.makeTempDir();
  const data = await recorded(folder, 1);
  const asked = run({ data });
  const { paths, policy } = await startTraining(asked, folder);
  const action = new Float32Array(1);
  policy.act(Float32Array.of(0.1, 0.1, 0.1), new Uint8Array(0), action);

  const agent = "td3" as const;
  const settings = { netArch: [8], batchSize: 8, randomStart: false };
  const next = run({ agent, settings, pretrained: paths!.model });
  await selectDevice("native", { parameters: 1, batchSize: 1 });
  const { material } = await readMaterial(next, { begins: true });
  const trainer = createAskedTrainer(next, material);
  const begun = new Float32Array(1);
  trainer.policy.act(Float32Array.of(0.1, 0.1, 0.1), new Uint8Array(0), begun);
  assertAlmostEquals(begun[0], action[0], 1e-6);
  trainer.dispose();
  assertEquals(await readMaterial(next, { begins: false }), {
    material: { data: undefined, validation: undefined, pretrained: undefined },
    dataDigest: undefined,
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("readMaterial() refuses what does not belong to a run", async () => {
  const folder = await Deno.makeTempDir();
  const data = await recorded(folder, 1);
  const { dataDigest } = await readMaterial(run({ data }), { begins: true });
  const refused: [Partial<TrainingRun>, string][] = [
    [{}, "Cannot train bc without recorded steps"],
    [{ agent: "td3", data }, "Cannot train td3 on recorded steps"],
    [
      { data: await recorded(folder, 2), dataDigest },
      "is not the file that it began with",
    ],
    [
      { agent: "td3", pretrained: data },
      data,
    ],
  ];
  for (const [changes, message] of refused) {
    await assertRejects(
      () => readMaterial(run(changes), { begins: true }),
      Error,
      message,
    );
  }
  await Deno.remove(folder, { recursive: true });
});
