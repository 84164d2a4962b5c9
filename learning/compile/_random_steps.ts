/**
 * Random steps, compiled and eager: drawing, running, shrinking.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import * as tf from "../tensorflow.ts";
import { compile } from "./compile.ts";
import { NotCovered } from "./not_covered.ts";
import type { Known } from "./_random_drawing.ts";
import { OPERATIONS } from "./_random_operations.ts";
import { sizeOf } from "./_view.ts";

type DType = "float32" | "int32" | "bool";

/** One line of a random step; its place is what others name it by. */
export interface Line {
  /** An operation, or `input`, `constant`, `read`, `assign`. */
  op: string;
  /** Places of operands. */
  of: readonly number[];
  /** Parameters of an operation; the variable of `read` and `assign`. */
  with: readonly number[];
  /** What it results in. */
  known: Known;
}

/** A random step. */
export interface RandomStep {
  /** What it was drawn from; draws the numbers too. */
  seed: number;
  /** Shapes and types of variables. */
  variables: readonly Known[];
  /** What it does. */
  lines: readonly Line[];
  /** Places of results. */
  outputs: readonly number[];
  /** Whether variables take a step down the slope of a loss of all lines. */
  gradient: boolean;
  /** How often it is run. */
  runs: number;
}

const SHAPES = [
  [],
  [1],
  [5],
  [3, 4],
  [4, 3],
  [1, 4],
  [3, 1],
  [4, 4],
  [2, 3, 4],
  [6, 1, 2],
  [2, 1, 1],
  [0, 4],
  [17],
  [9, 70],
];

function numbers(known: Known, random: Random): number[] {
  return Array.from(
    { length: sizeOf(known.shape) },
    () =>
      known.dtype === "float32"
        // Multiples of 1/8, so that some are equal.
        ? random.integer(-16, 16) / 8
        : known.dtype === "int32"
        ? random.integer(-3, 6)
        : random.integer(0, 1),
  );
}

function tensorOf(known: Known, random: Random): tf.Tensor {
  return tf.tensor(numbers(known, random), [...known.shape], known.dtype);
}

/** Draws a step. */
export function randomStep(seed: number): RandomStep {
  const random = new Random(seed);
  const variety = random.choice([1, 3, 3]);
  const shapes = Array.from({ length: variety }, () => random.choice(SHAPES));
  const shape = () => random.choice(random.uniform() < 0.8 ? shapes : SHAPES);
  const gradient = random.uniform() < 0.35;
  const variables: Known[] = Array.from(
    { length: random.integer(gradient ? 1 : 0, 4) },
    () => ({
      shape: shape(),
      dtype: !gradient && random.uniform() < 0.15 ? "int32" : "float32",
      exact: !gradient && random.uniform() < 0.5,
    }),
  );
  const lines: Line[] = [];
  const inputs = random.integer(1, 4);
  for (let i = 0; i < inputs; i++) {
    const dtype = random.choice<DType>(["float32", "float32", "int32", "bool"]);
    const known = { shape: shape(), dtype, exact: true };
    const op = random.uniform() < 0.15 ? "constant" : "input";
    lines.push({ op, of: [], with: [], known });
  }
  const names = Object.keys(OPERATIONS);
  const length = random.integer(2, random.choice([6, 15, 15, 40, 120]));
  tf.tidy(() => {
    const values = lines.map(({ known }) => tensorOf(known, random));
    const state = variables.map((known) => tensorOf(known, random));
    while (lines.length < inputs + length) {
      const kind = random.uniform();
      if (variables.length > 0 && kind < 0.2) {
        const v = random.integer(0, variables.length - 1);
        lines.push({ op: "read", of: [], with: [v], known: variables[v] });
        values.push(state[v]);
        continue;
      }
      if (variables.length > 0 && kind < 0.4 && !gradient) {
        const v = random.integer(0, variables.length - 1);
        const fits = lines.flatMap(({ known, op }, i) =>
          op !== "assign" && `${known.shape}` === `${variables[v].shape}` &&
            known.dtype === variables[v].dtype &&
            (known.exact || !variables[v].exact)
            ? [i]
            : []
        );
        if (fits.length === 0) continue;
        const from = random.choice(fits);
        state[v] = values[from];
        lines.push({
          op: "assign",
          of: [from],
          with: [v],
          known: variables[v],
        });
        values.push(values[from]);
        continue;
      }
      const op = random.choice(names);
      const known = lines.map((line) => line.known);
      const call = OPERATIONS[op].pick({ random, known });
      if (call === undefined) continue;
      let value: tf.Tensor;
      try {
        const operands = call.of.map((i) => values[i]);
        value = OPERATIONS[op].run(operands, call.with ?? []);
      } catch {
        continue; // tfjs refuses it
      }
      if (value.size > 1000 || value.rank > 6) continue;
      lines.push({
        op,
        of: call.of,
        with: call.with ?? [],
        known: {
          shape: value.shape,
          dtype: value.dtype,
          exact: OPERATIONS[op].exact && call.of.every((i) => known[i].exact),
        },
      });
      values.push(value);
    }
  });
  const outputs = Array.from(
    { length: random.integer(1, 4) },
    () => random.integer(0, lines.length - 1),
  );
  return { seed, variables, lines, outputs, gradient, runs: 3 };
}

function inputName(i: number): string {
  return `input${i}`;
}

/** The step as a function; constants are tensors that nobody else has. */
function functionOf(
  step: RandomStep,
  state: readonly tf.Variable[],
  constants: readonly (tf.Tensor | undefined)[],
) {
  const { lines, outputs, gradient, variables } = step;
  const through = (
    inputs: Readonly<Record<string, tf.Tensor>>,
    leaves: readonly tf.Tensor[],
  ): tf.Tensor[] => {
    const values: tf.Tensor[] = [];
    lines.forEach(({ op, of, with: parameters }, i) => {
      if (op === "input") values.push(inputs[inputName(i)]);
      else if (op === "constant") values.push(constants[i]!);
      else if (op === "read") values.push(leaves[parameters[0]]);
      else if (op === "assign") {
        const variable = state[parameters[0]];
        // tfjs loses the values of what is assigned to itself.
        if (values[of[0]] !== variable) variable.assign(values[of[0]]);
        values.push(values[of[0]]);
      } else {
        const operands = of.map((each) => values[each]);
        values.push(OPERATIONS[op].run(operands, parameters));
      }
    });
    return values;
  };
  if (!gradient) {
    return (inputs: Readonly<Record<string, tf.Tensor>>) => {
      const values = through(inputs, state);
      return outputs.map((i) => values[i]);
    };
  }
  return (inputs: Readonly<Record<string, tf.Tensor>>) => {
    const loss = () => {
      let total: tf.Tensor = tf.scalar(0);
      const values = through(inputs, state);
      for (const value of [...values, ...state]) {
        if (value.dtype !== "float32" || value.size === 0) continue;
        total = tf.add(total, tf.mean(tf.tanh(value)));
      }
      return total as tf.Scalar;
    };
    const used = state.filter((_, v) => sizeOf(variables[v].shape) > 0);
    if (used.length === 0) return [loss()];
    const { value, grads } = tf.variableGrads(loss, used);
    const slopes = used.map(({ name }) => grads[name]);
    used.forEach((variable, i) =>
      variable.assign(tf.sub(variable, tf.mul(0.5, slopes[i])))
    );
    return [value, ...slopes];
  };
}

function differs(a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 2e-4) {
  let scale = 1;
  for (let i = 0; i < b.length; i++) {
    const size = Math.abs(b[i]);
    if (size > scale && size < Infinity) scale = size;
  }
  for (let i = 0; i < b.length; i++) {
    if (Object.is(a[i], b[i]) || a[i] === b[i]) continue;
    if (!(Math.abs(a[i] - b[i]) <= tolerance * scale)) return true;
  }
  return a.length !== b.length;
}

/** Everything that a step did, run after run. */
type Trace = { name: string; values: ArrayLike<number> }[];

function traceOf(
  step: RandomStep,
  how: { compiled: boolean; shift: number },
): Trace {
  const trace: Trace = [];
  const random = new Random(step.seed + 1);
  const before = tf.memory().numTensors;
  const state = step.variables.map((known) =>
    tf.tidy(() => {
      const values = tensorOf(known, random);
      return tf.variable(
        how.shift === 0 || known.dtype !== "float32"
          ? values
          : tf.mul(values, 1 + how.shift),
      );
    })
  );
  const constants = step.lines.map(({ op, known }) =>
    op === "constant" ? tensorOf(known, random) : undefined
  );
  const run = functionOf(step, state, constants);
  const inputs = step.lines.flatMap(({ op, known }, i) =>
    op === "input" ? [{ name: inputName(i), known }] : []
  );
  const compiled = how.compiled
    ? compile(run, {
      inputs: Object.fromEntries(inputs.map(({ name, known }) => [
        name,
        { shape: known.shape, dtype: known.dtype as DType },
      ])),
      variables: state,
    })
    : undefined;
  for (let i = 0; i < step.runs; i++) {
    const given = Object.fromEntries(inputs.map(({ name, known }) => {
      const values = numbers(known, random);
      const scale = known.dtype === "float32" ? 1 + how.shift : 1;
      return [name, values.map((value) => value * scale)];
    }));
    if (compiled) {
      const results = compiled(given) as unknown as tf.Tensor[];
      results.forEach((result, o) =>
        trace.push({ name: `run ${i} output ${o}`, values: result.dataSync() })
      );
    } else {
      tf.tidy(() => {
        const tensors = Object.fromEntries(inputs.map(({ name, known }) => [
          name,
          tf.tensor(given[name], [...known.shape], known.dtype),
        ]));
        run(tensors).forEach((result, o) =>
          trace.push({
            name: `run ${i} output ${o}`,
            values: result.dataSync(),
          })
        );
      });
    }
    state.forEach((variable, v) =>
      trace.push({
        name: `run ${i} variable ${v}`,
        values: variable.dataSync(),
      })
    );
    disturb(state, random);
  }
  compiled?.dispose();
  tf.dispose([state, constants.filter((each) => each !== undefined)]);
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`${left} tensors are left`);
  return trace;
}

/** What others do to variables between runs: assign them, share them. */
function disturb(state: readonly tf.Variable[], random: Random): void {
  for (const variable of state) {
    const twin = random.choice(state);
    const chance = random.uniform();
    const alike = `${twin.shape} ${twin.dtype}` ===
      `${variable.shape} ${variable.dtype}`;
    if (chance < 0.1 && alike && twin !== variable) variable.assign(twin);
    else if (chance < 0.2 && variable.dtype === "float32") {
      tf.tidy(() => variable.assign(tf.clipByValue(variable, -2, 2)));
    }
  }
}

/**
 * Compares a step with itself, compiled.
 *
 * @returns What is wrong, or `undefined`.
 */
export function failureOf(step: RandomStep): string | undefined {
  let eager: Trace;
  try {
    eager = traceOf(step, { compiled: false, shift: 0 });
  } catch {
    return undefined; // tfjs refuses it
  }
  let compiled: Trace;
  try {
    compiled = traceOf(step, { compiled: true, shift: 0 });
  } catch (error) {
    if (error instanceof NotCovered) return undefined;
    return `${(error as Error).message}`;
  }
  const wrong = eager.findIndex(({ values }, i) =>
    differs(compiled[i].values, values)
  );
  if (wrong < 0) return undefined;
  // A step may be so sensitive that rounding alone changes it.
  const shifted = traceOf(step, { compiled: false, shift: 2e-7 });
  if (differs(shifted[wrong].values, eager[wrong].values, 1e-5)) {
    return undefined;
  }
  const { name, values } = eager[wrong];
  return `${name}: ${compiled[wrong].values} in place of ${values}`;
}
