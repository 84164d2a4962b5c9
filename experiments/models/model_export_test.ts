import { assert, assertEquals, assertRejects } from "@std/assert";
import { agentOf } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import { selectDevice } from "../../learning/devices.ts";
import { TEST_MODELS, testAgent } from "../../agents/exports/_test_models.ts";
import { exportModel } from "./model_export.ts";
import { tinyModel } from "./_tiny_model.ts";

const table = () =>
  agentOf(decodeArchive(encodeArchive(tinyModel()), { name: "tiny" }));
const cpu = () => selectDevice("cpu", { parameters: 1, batchSize: 1 });

Deno.test("exportModel() says what the numbers of a model are", async () => {
  const agent = table();
  const { metadata, inputs, outputs, files } = await exportModel(agent, "onnx");
  assertEquals(metadata.agent, "qlearning");
  assertEquals(metadata.action_changes_in_instances, [-1, 0, 1]);
  assert((metadata.observation_names as string[]).includes("load"));
  assertEquals(inputs.map(({ name }) => name), ["observation"]);
  assertEquals(outputs.map(({ name }) => name), ["q_values", "action"]);
  assertEquals(Object.keys(files), [""]);
});

Deno.test("exportModel() gives the same bytes each time", async () => {
  await cpu();
  const given = TEST_MODELS.find(({ name }) => name === "sac-gru")!;
  const agent = await testAgent(given);
  for (const format of ["onnx", "tfjs-layers"] as const) {
    const [first, second] = [
      await exportModel(agent, format),
      await exportModel(agent, format),
    ];
    assertEquals(first, second);
    assertEquals(
      first.metadata.memory,
      format === "onnx"
        ? { memory: "next_memory", last_action: "next_last_action" }
        : { memory: "next_memory" },
    );
  }
});

Deno.test("exportModel() refuses a table as layers", async () => {
  await cpu();
  await assertRejects(
    () => exportModel(table(), "tfjs-layers"),
    TypeError,
    "expected a network",
  );
});
