import { assert, assertEquals } from "@std/assert";
import { findPython } from "../../core/_test_python.ts";
import { activateInPlace, ACTIVATIONS } from "../activations.ts";
import { createOnnxWriter, type OnnxWriter } from "./onnx_writer.ts";

const NOTES = { name: "test", description: "", metadata: {} };

Deno.test("createOnnxWriter() names what goes in and comes out", () => {
  const writer = createOnnxWriter();
  const x = writer.input("x", 3, "three numbers");
  writer.output("first", writer.slice(x, 0, 1), "the first");
  writer.decisions.outputChoices(
    "best",
    writer.decisions.choose(x, { sizes: [3], stride: 3 }),
    "the best",
  );
  assertEquals(writer.inputs.map(({ name, shape }) => [name, shape]), [
    ["x", ["batch", 3]],
  ]);
  assertEquals(writer.outputs.map(({ name, shape }) => [name, shape]), [
    ["first", ["batch", 1]],
    ["best", ["batch"]],
  ]);
});

Deno.test("createOnnxWriter() writes an array once", () => {
  const data = new Float32Array(10_000);
  const layer = {
    weight: { shape: [100, 100], data },
    bias: { shape: [100], data: new Float32Array(100) },
  };
  const sizeOf = (layers: number) => {
    const writer = createOnnxWriter();
    let x = writer.input("x", 100, "");
    for (let i = 0; i < layers; i++) x = writer.dense(x, layer);
    writer.output("y", x, "");
    return writer.encode(NOTES).length;
  };
  assert(sizeOf(3) - sizeOf(1) < 500);
});

/** Writes a model, runs it in onnxruntime, and returns what comes out. */
async function runOnnx(
  write: (writer: OnnxWriter) => void,
  inputs: Record<string, unknown>,
): Promise<Record<string, number[][]>> {
  const writer = createOnnxWriter();
  write(writer);
  const path = await Deno.makeTempFile({ suffix: ".onnx" });
  try {
    await Deno.writeFile(path, writer.encode(NOTES));
    const text = await python!.run(RUN, path, JSON.stringify(inputs));
    return JSON.parse(text);
  } finally {
    await Deno.remove(path);
  }
}

const RUN = `
import json, sys, numpy as np, onnxruntime
s = onnxruntime.InferenceSession(sys.argv[1])
kinds = {"tensor(bool)": bool, "tensor(float)": np.float32}
types = {i.name: kinds[i.type] for i in s.get_inputs()}
given = {k: np.array(v, types[k]) for k, v in json.loads(sys.argv[2]).items()}
names = [o.name for o in s.get_outputs()]
print(json.dumps({n: v.tolist() for n, v in zip(names, s.run(None, given))}))
`;

const python = await findPython("numpy", "onnxruntime");
const skipped = python ? "" : " [skipped: no onnxruntime]";

Deno.test({
  name: `onnxruntime computes every activation${skipped}`,
  ignore: !python,
  async fn() {
    const x = [-30, -2, -0.5, -1e-3, 0, 1e-3, 0.5, 2, 30];
    const found = await runOnnx((writer) => {
      const row = writer.input("x", x.length, "");
      for (const activation of ACTIVATIONS) {
        writer.output(activation, writer.activate(row, activation), "");
      }
    }, { x: [x] });
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
  },
});

Deno.test({
  name: `onnxruntime decides as policies do${skipped}`,
  ignore: !python,
  async fn() {
    const found = await runOnnx((writer) => {
      const { decisions } = writer;
      const x = writer.input("x", 5, "");
      const mask = decisions.mask("mask", 4, "");
      // Two choices, of three options and of one; three values each.
      const sums = writer.concat([x, writer.slice(x, 0, 1)]);
      const chosen = decisions.choose(sums, { sizes: [3, 1], stride: 3, mask });
      decisions.outputChoices("chosen", chosen, "");
      writer.output("ones", decisions.oneHot(chosen, 3), "");
      const three = writer.slice(x, 0, 3);
      writer.output("shares", decisions.softmax(three), "");
      const reached = decisions.countReached(writer.slice(x, 1, 1), [
        -1,
        0.7,
        2,
      ]);
      writer.output("reached", reached, "");
      const bounds = {
        low: Float32Array.of(-1, -Infinity, 0),
        high: Float32Array.of(1, 0.5, Infinity),
      };
      writer.output("clamped", decisions.clamp(three, bounds), "");
    }, {
      // The first of equals; what is forbidden; nothing allowed.
      x: [[1, 1, 0, 9, 9], [3, 2, 1, 9, 9], [3, 2, -1, 9, 9]],
      mask: [[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 0, 0]].map((row) =>
        row.map(Boolean)
      ),
    });
    assertEquals(found.chosen, [[0, 0], [1, 0], [0, 0]]);
    assertEquals(found.ones[1], [0, 1, 0, 1, 0, 0]);
    assertEquals(found.reached, [[2], [3], [3]]);
    assertEquals(found.clamped, [[1, 0.5, 0], [1, 0.5, 1], [1, 0.5, 0]]);
    const total = found.shares[0].reduce((sum, share) => sum + share);
    assert(Math.abs(total - 1) < 1e-6);
  },
});

Deno.test({
  name: `onnxruntime normalises in 64 bits${skipped}`,
  ignore: !python,
  async fn() {
    const mean = Float64Array.of(1e6, 0);
    const deviation = Float64Array.of(0.1, 1e-4);
    const found = await runOnnx((writer) => {
      const x = writer.input("x", 2, "");
      writer.output(
        "y",
        writer.normalise(x, { mean, deviation, limit: 10 }),
        "",
      );
    }, { x: [[1e6 + 0.0625, 1e-5], [0, 5]] });
    // In 32 bits the first would be off by parts in a hundred.
    const gaps = [0.625, 0.1, -10, 10].map(
      (value, i) => Math.abs(found.y.flat()[i] - value),
    );
    assert(Math.max(...gaps) < 1e-6, String(found.y));
  },
});
