import { assertEquals, assertThrows } from "@std/assert";
import { type ProtoField, protoFields } from "./_protobuf.ts";
import { findPython } from "./_test_python.ts";
import { encodeOnnx, type OnnxModel } from "./onnx.ts";

/** y = LeakyRelu(x w), and the larger place of y. */
const MODEL: OnnxModel = {
  name: "tiny",
  description: "A test",
  producer: ["test", "1.2"],
  opset: 13,
  metadata: { "what for": "tests" },
  inputs: [{ name: "x", type: "float", shape: ["batch", 2] }],
  outputs: [
    { name: "y", type: "float", shape: ["batch", 3], description: "sums" },
    { name: "best", type: "int64", shape: ["batch"] },
  ],
  tensors: [{
    name: "w",
    shape: [2, 3],
    data: Float32Array.of(1, 2, 3, 4, 5, 6),
  }],
  nodes: [
    { operator: "MatMul", inputs: ["x", "w"], outputs: ["sums"] },
    {
      operator: "LeakyRelu",
      inputs: ["sums"],
      outputs: ["y"],
      attributes: { alpha: { float: 0.5 } },
    },
    {
      operator: "ArgMax",
      inputs: ["y"],
      outputs: ["best"],
      attributes: { axis: 1, keepdims: 0 },
    },
  ],
};

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const of = (fields: readonly ProtoField[], number: number) =>
  fields.filter((field) => field.number === number);

Deno.test("encodeOnnx() writes the fields of onnx.proto", () => {
  const model = protoFields(encodeOnnx(MODEL));
  assertEquals(of(model, 1)[0].value, 7);
  assertEquals(textOf(of(model, 2)[0].bytes), "test");
  const graph = protoFields(of(model, 7)[0].bytes);
  const operators = of(graph, 1).map(({ bytes }) =>
    textOf(of(protoFields(bytes), 4)[0].bytes)
  );
  assertEquals(operators, ["MatMul", "LeakyRelu", "ArgMax"]);
  const tensor = protoFields(of(graph, 5)[0].bytes);
  assertEquals(of(tensor, 1).map(({ value }) => value), [2, 3]);
  assertEquals(
    new Float32Array(of(tensor, 9)[0].bytes.buffer),
    Float32Array.of(1, 2, 3, 4, 5, 6),
  );
});

Deno.test("encodeOnnx() throws where names or shapes do not fit", () => {
  const broken: [Partial<OnnxModel>, string][] = [
    [{ tensors: [{ ...MODEL.tensors[0], shape: [2, 2] }] }, "expected 4"],
    [{ tensors: [] }, 'takes "w" before'],
    [{ nodes: MODEL.nodes.toReversed() }, 'takes "y" before'],
    [{ nodes: [...MODEL.nodes, MODEL.nodes[0]] }, 'are called "sums"'],
    [
      { outputs: [{ name: "z", type: "float", shape: [1] }] },
      'output takes "z"',
    ],
  ];
  for (const [change, reason] of broken) {
    assertThrows(
      () => encodeOnnx({ ...MODEL, ...change }),
      TypeError,
      reason,
    );
  }
});

const python = await findPython("numpy", "onnxruntime");

const CHECK = `
import json, sys, numpy as np, onnxruntime
s = onnxruntime.InferenceSession(sys.argv[1])
y, best = s.run(None, {"x": np.array([[1, -1], [0, 1]], np.float32)})
meta = s.get_modelmeta()
print(json.dumps([y.tolist(), best.tolist(), meta.producer_name, meta.graph_name,
  meta.description, meta.custom_metadata_map]))
`;

Deno.test({
  name: `onnxruntime runs what encodeOnnx() writes${
    python ? "" : " [skipped: no onnxruntime]"
  }`,
  ignore: !python,
  async fn() {
    const path = await Deno.makeTempFile({ suffix: ".onnx" });
    try {
      await Deno.writeFile(path, encodeOnnx(MODEL));
      assertEquals(JSON.parse(await python!.run(CHECK, path)), [
        [[-1.5, -1.5, -1.5], [4, 5, 6]],
        [0, 2],
        "test",
        "tiny",
        "A test",
        { "what for": "tests" },
      ]);
    } finally {
      await Deno.remove(path);
    }
  },
});
