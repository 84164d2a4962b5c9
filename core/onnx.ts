/**
 * ONNX models as files: protocol buffers that onnxruntime and others read.
 *
 * Field numbers are those of onnx.proto, which comes with the Python package
 * `onnx`.
 *
 * @module
 */
import { concatBytes } from "./_bytes.ts";
import { elementCount } from "./nd_array.ts";
import {
  floatField,
  lengthField,
  textField,
  varintField,
} from "./_protobuf.ts";

/** Element types of tensors, by their numbers in the format. */
export const ONNX_TYPES = {
  float: 1,
  int64: 7,
  boolean: 9,
  double: 11,
} as const;

/** Name of an element type. */
export type OnnxType = keyof typeof ONNX_TYPES;

/** An axis: its length, or the name of one that is not known. */
export type OnnxAxis = number | string;

/** A constant. */
export interface OnnxTensor {
  /** What nodes call it. */
  readonly name: string;
  /** Length along each axis; empty for a single number. */
  readonly shape: readonly number[];
  /** The elements; a Uint8Array holds truth values. */
  readonly data: Float32Array | Float64Array | BigInt64Array | Uint8Array;
}

/** A whole number, a float where written `{ float }`, a text, or numbers. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number };

/** An operation. */
export interface OnnxNode {
  /** Name of the operator, such as `Gemm`. */
  readonly operator: string;
  /** Names of what it takes. */
  readonly inputs: readonly string[];
  /** Names of what it gives. */
  readonly outputs: readonly string[];
  /** The operator's attributes by name. */
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** What goes in or comes out. */
export interface OnnxValue {
  /** What it is called. */
  readonly name: string;
  /** Type of its elements. */
  readonly type: OnnxType;
  /** Its axes. */
  readonly shape: readonly OnnxAxis[];
  /** What it is, in words. */
  readonly description?: string;
}

/** A model. */
export interface OnnxModel {
  /** What it is called. */
  readonly name: string;
  /** What it is, in words. */
  readonly description?: string;
  /** The program that wrote it, and its version. */
  readonly producer: readonly [name: string, version: string];
  /** Version of the standard operators, such as 13. */
  readonly opset: number;
  /** What goes in. */
  readonly inputs: readonly OnnxValue[];
  /** What comes out. */
  readonly outputs: readonly OnnxValue[];
  /** Constants. */
  readonly tensors: readonly OnnxTensor[];
  /** Operations, each behind those whose results it takes. */
  readonly nodes: readonly OnnxNode[];
  /** What else is to be said, as text. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Version of the format itself; opsets up to 13 have been part of it since. */
const IR_VERSION = 7;

const MODEL = {
  irVersion: 1,
  producerName: 2,
  producerVersion: 3,
  description: 6,
  graph: 7,
  opset: 8,
  metadata: 14,
};
const GRAPH = {
  node: 1,
  name: 2,
  tensor: 5,
  input: 11,
  output: 12,
};
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 };
const ATTRIBUTE = {
  name: 1,
  float: 2,
  whole: 3,
  text: 4,
  wholes: 8,
  type: 20,
};
/** Numbers of attribute types. */
const ATTRIBUTE_TYPE = { float: 1, whole: 2, text: 3, wholes: 7 };
const TENSOR = { axis: 1, type: 2, name: 8, bytes: 9 };
const VALUE = { name: 1, type: 2, description: 3 };

function typeOf({ data }: OnnxTensor): OnnxType {
  if (data instanceof Float32Array) return "float";
  if (data instanceof Float64Array) return "double";
  return data instanceof BigInt64Array ? "int64" : "boolean";
}

function encodeTensor(tensor: OnnxTensor): Uint8Array {
  const { name, shape, data } = tensor;
  const length = elementCount(shape);
  if (length !== data.length) {
    throw new TypeError(
      `Cannot write the tensor "${name}": it has ${data.length} elements, expected ${length} for the shape [${shape}]`,
    );
  }
  const { buffer, byteOffset, byteLength } = data;
  return concatBytes([
    ...shape.map((axis) => varintField(TENSOR.axis, axis)),
    varintField(TENSOR.type, ONNX_TYPES[typeOf(tensor)]),
    textField(TENSOR.name, name),
    lengthField(TENSOR.bytes, new Uint8Array(buffer, byteOffset, byteLength)),
  ]);
}

function encodeAttribute(name: string, value: OnnxAttribute): Uint8Array {
  const content: Uint8Array[] = [];
  let type: number;
  if (typeof value === "number") {
    type = ATTRIBUTE_TYPE.whole;
    content.push(varintField(ATTRIBUTE.whole, value));
  } else if (typeof value === "string") {
    type = ATTRIBUTE_TYPE.text;
    content.push(textField(ATTRIBUTE.text, value));
  } else if ("float" in value) {
    type = ATTRIBUTE_TYPE.float;
    content.push(floatField(ATTRIBUTE.float, value.float));
  } else {
    type = ATTRIBUTE_TYPE.wholes;
    content.push(...value.map((n) => varintField(ATTRIBUTE.wholes, n)));
  }
  return concatBytes([
    textField(ATTRIBUTE.name, name),
    ...content,
    varintField(ATTRIBUTE.type, type),
  ]);
}

function encodeNode(node: OnnxNode): Uint8Array {
  const { operator, inputs, outputs, attributes = {} } = node;
  return concatBytes([
    ...inputs.map((name) => textField(NODE.input, name)),
    ...outputs.map((name) => textField(NODE.output, name)),
    textField(NODE.name, `${operator}:${outputs[0]}`),
    textField(NODE.operator, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      lengthField(NODE.attribute, encodeAttribute(name, value))
    ),
  ]);
}

function encodeValue({ name, type, shape, description }: OnnxValue) {
  const axes = shape.map((axis) =>
    lengthField(
      1,
      typeof axis === "number" ? varintField(1, axis) : textField(2, axis),
    )
  );
  const tensorType = concatBytes([
    varintField(1, ONNX_TYPES[type]),
    lengthField(2, concatBytes(axes)),
  ]);
  return concatBytes([
    textField(VALUE.name, name),
    lengthField(VALUE.type, lengthField(1, tensorType)),
    ...(description ? [textField(VALUE.description, description)] : []),
  ]);
}

function encodeGraph(model: OnnxModel): Uint8Array {
  const all = <T>(
    field: number,
    parts: readonly T[],
    encode: (part: T) => Uint8Array,
  ) => parts.map((part) => lengthField(field, encode(part)));
  return concatBytes([
    ...all(GRAPH.node, model.nodes, encodeNode),
    textField(GRAPH.name, model.name),
    ...all(GRAPH.tensor, model.tensors, encodeTensor),
    ...all(GRAPH.input, model.inputs, encodeValue),
    ...all(GRAPH.output, model.outputs, encodeValue),
  ]);
}

/**
 * The bytes of an `.onnx` file.
 *
 * @param model What it holds. Throws `TypeError` for a tensor whose shape does
 * not fit its elements, and for a name that is taken before anything has it or
 * that two things have.
 */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  checkNames(model);
  const pair = (key: string, value: string) =>
    concatBytes([textField(1, key), textField(2, value)]);
  const { producer: [producerName, producerVersion], description } = model;
  return concatBytes([
    varintField(MODEL.irVersion, IR_VERSION),
    textField(MODEL.producerName, producerName),
    textField(MODEL.producerVersion, producerVersion),
    ...(description ? [textField(MODEL.description, description)] : []),
    lengthField(MODEL.graph, encodeGraph(model)),
    lengthField(
      MODEL.opset,
      concatBytes([textField(1, ""), varintField(2, model.opset)]),
    ),
    ...Object.entries(model.metadata ?? {}).map(([key, value]) =>
      lengthField(MODEL.metadata, pair(key, value))
    ),
  ]);
}

function checkNames({ inputs, outputs, tensors, nodes }: OnnxModel): void {
  const known = new Set<string>();
  const add = (name: string) => {
    if (known.has(name)) {
      throw new TypeError(
        `Cannot write an ONNX model in which two things are called "${name}"`,
      );
    }
    known.add(name);
  };
  const demand = (name: string, by: string) => {
    if (!known.has(name)) {
      throw new TypeError(
        `Cannot write an ONNX model whose ${by} takes "${name}" before anything has that name`,
      );
    }
  };
  for (const { name } of [...inputs, ...tensors]) add(name);
  for (const node of nodes) {
    for (const name of node.inputs) demand(name, node.operator);
    for (const name of node.outputs) add(name);
  }
  for (const { name } of outputs) demand(name, "output");
}
