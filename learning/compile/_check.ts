/**
 * Comparing a plan with the step that it was made of.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import * as tf from "../tensorflow.ts";
import { runEagerly, type Step } from "./_eager.ts";
import { copyOf } from "./_state.ts";
import type { FullSpec, StepInput, StepOutput } from "./specs.ts";

type Inputs = Readonly<Record<string, StepInput>>;
type Specs = Readonly<Record<string, FullSpec>>;

/** Largest difference that rounding explains, as a share of the largest value. */
const TOLERANCE = 1e-3;

/**
 * Drawn inputs: normal floats; whole numbers and bools are 0 or 1, which are
 * indices too.
 *
 * @param specs What they have to be.
 */
export function exampleInputs(specs: Specs): Inputs {
  const random = new Random(1);
  return Object.fromEntries(
    Object.entries(specs).map(([name, { size, dtype }]) => [
      name,
      Array.from(
        { length: size },
        () => dtype === "float32" ? random.normal() : random.integer(0, 1),
      ),
    ]),
  );
}

/** Values of results and variables. */
interface Effects {
  results: Float64Array[];
  variables: Float64Array[];
}

function differs(plan: Float64Array, step: Float64Array): boolean {
  const scale = step.reduce(
    (largest, value) =>
      Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest,
    1e-3,
  );
  return plan.some((value, i) =>
    !Object.is(value, step[i]) &&
    !(Math.abs(value - step[i]) <= TOLERANCE * scale)
  );
}

/** What a run did to the variables, which then get their values back. */
function effectsOf(
  variables: readonly tf.Variable[],
  run: () => Float64Array[],
): Effects {
  const before = variables.map((variable) => tf.keep(copyOf(variable)));
  try {
    const results = run();
    return {
      results,
      variables: variables.map((variable) =>
        Float64Array.from(variable.dataSync())
      ),
    };
  } finally {
    variables.forEach((variable, i) => {
      variable.assign(before[i]);
      before[i].dispose();
    });
  }
}

/**
 * Runs a plan and the step that it was made of on the same inputs. Throws
 * `Error` where they differ: then the step depends on what is neither an input
 * nor a variable, and the plan has that frozen in.
 *
 * @param subject The step, the plan's `run`, and the inputs.
 */
export function checkAgainstEager(subject: {
  step: Step;
  run: (inputs: Inputs) => unknown;
  example: Inputs;
  specs: Specs;
  variables: readonly tf.Variable[];
}): void {
  const { step, run, example, specs, variables } = subject;
  let names: string[] = [];
  const eager = effectsOf(variables, () => {
    const { tensors, restore } = runEagerly(step, example, specs);
    const named = restore(tensors.map((_, i) => i));
    names = typeof named === "object"
      ? Object.keys(named as object)
      : ["result"];
    const values = tensors.map((tensor) =>
      Float64Array.from(tensor.dataSync())
    );
    tf.dispose(tensors);
    return values;
  });
  const plan = effectsOf(variables, () => {
    const outputs = run(example);
    const list = (isOutput(outputs) ? [outputs] : Object.values(
      outputs as Record<string, StepOutput>,
    )) as StepOutput[];
    return list.map((output) => Float64Array.from(output.dataSync()));
  });
  const wrong = [
    ...names.filter((_, i) => differs(plan.results[i], eager.results[i])),
    ...variables.filter((_, i) =>
      differs(plan.variables[i], eager.variables[i])
    ).map(({ name }) => name),
  ];
  if (wrong.length === 0) return;
  throw new Error(
    `Cannot compile a step whose ${
      wrong.map((name) => `"${name}"`).join(", ")
    } came out differently on a second run: whatever changes from run to run has to be an input or a variable`,
  );
}

function isOutput(value: unknown): value is StepOutput {
  return typeof (value as StepOutput | undefined)?.dataSync === "function";
}
