import { assertEquals, assertRejects } from "@std/assert";
import { writeArchive } from "../../core/archive.ts";
import { MODEL } from "./_test_model.ts";
import { readKoopmanModel, writeKoopmanModel } from "./model_file.ts";

Deno.test("a model's file gives it back", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/learned_model.zip`;
  await writeKoopmanModel(path, MODEL, { seed: 4 });
  const read = await readKoopmanModel(path);
  assertEquals(read.data, MODEL.data);
  assertEquals(read.matrix, MODEL.matrix);
  assertEquals(
    read.encode(MODEL.data.series[0]),
    MODEL.encode(MODEL.data.series[0]),
  );
  await writeArchive(path, { config: { agent: "dqn" } });
  await assertRejects(
    () => readKoopmanModel(path),
    SyntaxError,
    'model of "dqn"',
  );
  await writeArchive(path, {
    config: { model: "koopman", encoderSizes: [2, 2], features: ["q", "l"] },
  });
  await assertRejects(() => readKoopmanModel(path), SyntaxError, "missing");
  await Deno.writeTextFile(path, "PK");
  await assertRejects(() => readKoopmanModel(path), SyntaxError, path);
  await Deno.remove(folder, { recursive: true });
});
