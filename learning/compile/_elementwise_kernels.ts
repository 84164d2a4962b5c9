/**
 * Kernels that compute element by element.
 *
 * @module
 */
import {
  type ArrayView,
  cast,
  constant,
  type DType,
  dtypeOf,
  map,
  reshape,
} from "./_graph.ts";
import {
  areWhole,
  elementwise,
  type KernelCall,
  type Lowering,
} from "./_lowering.ts";
import { NotCovered } from "./not_covered.ts";

/** Functions of one number. */
const UNARY: Readonly<Record<string, string>> = {
  Acos: "ACOS",
  Acosh: "ACOSH",
  Asin: "ASIN",
  Asinh: "ASINH",
  Atan: "ATAN",
  Atanh: "ATANH",
  Ceil: "CEIL",
  Cos: "COS",
  Cosh: "COSH",
  Elu: "ELU",
  Erf: "ERF",
  Exp: "EXP",
  Expm1: "EXPM1",
  Floor: "FLOOR",
  Log: "LOG",
  Log1p: "LOG1P",
  Reciprocal: "RECIPROCAL",
  Relu: "RELU",
  Relu6: "RELU6",
  Round: "ROUND",
  Rsqrt: "RSQRT",
  Selu: "SELU",
  Sigmoid: "SIGMOID",
  Sin: "SIN",
  Sinh: "SINH",
  Softplus: "SOFTPLUS",
  Sqrt: "SQRT",
  Tan: "TAN",
  Tanh: "TANH",
};

/** Functions of one number that whole numbers have their own of. */
const UNARY_WHOLE: Readonly<Record<string, string>> = {
  Abs: "ABS",
  Neg: "NEG",
  Sign: "SIGN",
  Square: "SQUARE",
};

const TESTS: Readonly<Record<string, string>> = {
  IsFinite: "IS_FINITE",
  IsInf: "IS_INF",
  IsNan: "IS_NAN",
};

/** Functions of two numbers. */
const BINARY: Readonly<Record<string, string>> = {
  Atan2: "ATAN2",
  RealDiv: "DIV",
};

/** Functions of two numbers that whole numbers have their own of. */
const BINARY_WHOLE: Readonly<Record<string, string>> = {
  Add: "ADD",
  FloorDiv: "FLOOR_DIV",
  Maximum: "MAX",
  Minimum: "MIN",
  Mod: "MOD",
  Multiply: "MUL",
  Sub: "SUB",
};

const COMPARISONS: Readonly<Record<string, string>> = {
  Equal: "EQ",
  Greater: "GT",
  GreaterEqual: "GE",
  Less: "LT",
  LessEqual: "LE",
  NotEqual: "NE",
};

const LOGICAL: Readonly<Record<string, string>> = {
  LogicalAnd: "AND",
  LogicalNot: "NOT",
  LogicalOr: "OR",
};

function of(
  op: string,
  types: { takes: DType; gives?: DType },
): Lowering {
  const { takes, gives = takes } = types;
  return (call) => [elementwise(call, op, {
    operands: call.inputs,
    takes,
    gives,
  })];
}

function ofWhole(op: string, gives?: DType): Lowering {
  return (call) => {
    const whole = areWhole(call.inputs);
    const takes = whole ? "int32" : "float32";
    return [elementwise(call, whole ? `${op}_I` : op, {
      operands: call.inputs,
      takes,
      gives: gives ?? takes,
    })];
  };
}

function number(call: KernelCall, value: number): ArrayView {
  return constant(call.graph, [value], { shape: [], dtype: "float32" });
}

/** Float operations in a row, on operands of one broadcast shape. */
function chain(call: KernelCall): (
  op: string,
  ...operands: (ArrayView | number)[]
) => ArrayView {
  return (op, ...operands) =>
    map(call.graph, op, {
      operands: operands.map((operand) =>
        typeof operand === "number"
          ? number(call, operand)
          : cast(call.graph, operand, "float32")
      ),
      shape: call.outputs[0].shape,
      dtype: "float32",
    });
}

/** alpha x below 0, x from 0. */
function leak(call: KernelCall, x: ArrayView, alpha: ArrayView | number) {
  const { graph, outputs: [{ shape }] } = call;
  const negative = map(graph, "LT", {
    operands: [cast(graph, x, "float32"), number(call, 0)],
    shape,
    dtype: "bool",
  });
  const below = chain(call)("MUL", x, alpha);
  return map(graph, "SELECT", {
    operands: [negative, below, cast(graph, x, "float32")],
    shape,
    dtype: "float32",
  });
}

/**
 * An activation by the name that tfjs's fused kernels have for it.
 *
 * @param call Whose result it is; gives `leakyreluAlpha` too.
 * @param name The activation.
 * @param operands What is activated, and the slopes of a `prelu`.
 */
export function activation(
  call: KernelCall,
  name: string,
  operands: { x: ArrayView; slopes: ArrayView | undefined },
): ArrayView {
  const { x, slopes } = operands;
  switch (name) {
    case "linear":
      return x;
    case "prelu":
      return leak(call, x, slopes!);
    case "leakyrelu":
      return leak(call, x, call.attributes.leakyreluAlpha as number);
  }
  const op = { elu: "ELU", relu: "RELU", relu6: "RELU6", sigmoid: "SIGMOID" };
  if (name in op) return chain(call)(op[name as keyof typeof op], x);
  throw new NotCovered(`the activation "${name}"`);
}

const SPECIAL: Readonly<Record<string, Lowering>> = {
  AddN(call) {
    const { graph, inputs, outputs: [{ shape, dtype }] } = call;
    const op = dtype === "float32" ? "ADD" : "ADD_I";
    return [
      inputs.reduce((sum, term) =>
        map(graph, op, { operands: [sum, term], shape, dtype })
      ),
    ];
  },
  Cast(call) {
    const { graph, inputs: [x], outputs: [{ dtype }] } = call;
    return [cast(graph, x, dtype)];
  },
  ClipByValue(call) {
    const { clipValueMin, clipValueMax } = call.attributes;
    const limits = [clipValueMin, clipValueMax] as number[];
    return [elementwise(call, "CLIP", {
      operands: [call.inputs[0], ...limits.map((value) => number(call, value))],
      takes: "float32",
      gives: "float32",
    })];
  },
  EluGrad(call) {
    const { graph, inputs: [dy, y], outputs: [{ shape }] } = call;
    const above = map(graph, "GE", {
      operands: [y, number(call, 0)],
      shape,
      dtype: "bool",
    });
    const apply = chain(call);
    const below = apply("MUL", dy, apply("ADD", y, 1));
    return [map(graph, "SELECT", {
      operands: [above, dy, below],
      shape,
      dtype: "float32",
    })];
  },
  LeakyRelu(call) {
    return [leak(call, call.inputs[0], call.attributes.alpha as number)];
  },
  Pow(call) {
    // A float has not all digits of a whole number's power.
    const { dtype } = call.outputs[0];
    if (dtype !== "float32") throw new NotCovered(`elements of type ${dtype}`);
    return of("POW", { takes: "float32" })(call);
  },
  Prelu(call) {
    return [leak(call, call.inputs[0], call.inputs[1])];
  },
  Select(call) {
    const { graph, inputs: [condition, yes, no], outputs: [output] } = call;
    const { shape, dtype } = output;
    // A vector of conditions picks rows.
    const rows = condition.shape.length === 1 && shape.length > 1;
    const conditions = rows
      ? reshape(graph, condition, [
        ...condition.shape,
        ...shape.slice(1).map(() => 1),
      ])
      : condition;
    return [map(graph, "SELECT", {
      operands: [
        cast(graph, conditions, "bool"),
        cast(graph, yes, dtype),
        cast(graph, no, dtype),
      ],
      shape,
      dtype,
    })];
  },
  SquaredDifference(call) {
    const { graph, inputs, outputs: [{ shape, dtype }] } = call;
    if (!areWhole(inputs)) {
      return of("SQUARED_DIFFERENCE", { takes: "float32" })(call);
    }
    const operands = inputs.map((input) => cast(graph, input, "int32"));
    const difference = map(graph, "SUB_I", { operands, shape, dtype: "int32" });
    const square = map(graph, "SQUARE_I", {
      operands: [difference],
      shape,
      dtype: "int32",
    });
    return [cast(graph, square, dtype)];
  },
  Step(call) {
    const { alpha } = call.attributes;
    return [elementwise(call, "STEP", {
      operands: [call.inputs[0], number(call, alpha as number)],
      takes: "float32",
      gives: "float32",
    })];
  },
};

function entries(
  table: Readonly<Record<string, string>>,
  lowering: (op: string) => Lowering,
): Record<string, Lowering> {
  return Object.fromEntries(
    Object.entries(table).map(([kernel, op]) => [kernel, lowering(op)]),
  );
}

/** Kernels that compute element by element. */
export const ELEMENTWISE_KERNELS: Readonly<Record<string, Lowering>> = {
  ...entries(UNARY, (op) => of(op, { takes: "float32" })),
  ...entries(UNARY_WHOLE, (op) => ofWhole(op)),
  ...entries(TESTS, (op) => of(op, { takes: "float32", gives: "bool" })),
  ...entries(BINARY, (op) => of(op, { takes: "float32" })),
  ...entries(BINARY_WHOLE, (op) => ofWhole(op)),
  ...entries(COMPARISONS, (op) => ofWhole(op, "bool")),
  ...entries(LOGICAL, (op) => of(op, { takes: "bool" })),
  ...SPECIAL,
};

/** The type that a kernel's numbers are computed in. */
export function computingType(view: ArrayView): DType {
  return dtypeOf(view) === "float32" ? "float32" : "int32";
}
