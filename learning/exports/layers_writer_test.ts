import { assert, assertEquals } from "@std/assert";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { activateInPlace, ACTIVATIONS } from "../activations.ts";
import { selectDevice } from "../devices.ts";
import * as tf from "../tensorflow.ts";
import { createLayersWriter, type LayersWriter } from "./layers_writer.ts";

/** Writes a model, reads it over HTTP as a page would, and runs it. */
async function runLayers(
  write: (writer: LayersWriter) => void,
  rows: number[][],
): Promise<Record<string, number[][]>> {
  await selectDevice("cpu", { parameters: 1, batchSize: 1 });
  const writer = createLayersWriter();
  write(writer);
  const { model, weights } = await writer.encode({ purpose: "a test" });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) =>
      new Response(
        url.endsWith("model.json") ? model : weights as BodyInit,
      ),
  );
  try {
    const loaded = await loadLayersModel(
      `http://127.0.0.1:${server.addr.port}/model.json`,
    );
    assertEquals(loaded.getUserDefinedMetadata(), { purpose: "a test" });
    const results = [loaded.predict(tf.tensor2d(rows))].flat() as tf.Tensor2D[];
    return Object.fromEntries(
      writer.outputs.map(({ name }, i) => [name, results[i].arraySync()]),
    );
  } finally {
    await server.shutdown();
  }
}

Deno.test("tf.loadLayersModel computes every activation", async () => {
  const x = [-30, -2, -0.5, 0, 0.5, 2, 30];
  const found = await runLayers((writer) => {
    const row = writer.input("x", x.length, "");
    for (const activation of ACTIVATIONS) {
      writer.output(activation, writer.activate(row, activation), "");
    }
  }, [x]);
  for (const activation of ACTIVATIONS) {
    const expected = Float64Array.from(x);
    activateInPlace(expected, activation, { count: x.length });
    found[activation][0].forEach((value, i) =>
      assert(
        Math.abs(value - expected[i]) < 2e-6,
        `${activation}(${x[i]}): ${value}`,
      )
    );
  }
});

Deno.test("tf.loadLayersModel cuts, scales and normalises rows", async () => {
  const found = await runLayers((writer) => {
    const x = writer.input("x", 3, "");
    writer.output("cut", writer.slice(x, 1, 2), "");
    const bounds = {
      low: Float32Array.of(-2, 0, 5),
      high: Float32Array.of(2, 1, 7),
    };
    writer.output("scaled", writer.scale(x, bounds), "");
    const statistics = { mean: [1, 0, 0], deviation: [2, 1, 1e-2], limit: 10 };
    writer.output("normal", writer.normalise(x, statistics), "");
  }, [[-1, 0.5, 1], [3, -20, 0.05]]);
  assertEquals(found.cut[1], [-20, Math.fround(0.05)]);
  assertEquals(found.scaled[0], [-2, 0.75, 7]);
  const expected = [[-1, 0.5, 10], [1, -10, 5]];
  found.normal.flat().forEach((value, i) =>
    assert(Math.abs(value - expected.flat()[i]) < 1e-3, String(found.normal))
  );
});
