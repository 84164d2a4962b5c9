/**
 * Networks of an agent that are trained side by side, each with an optimizer
 * of its own.
 *
 * @module
 */
import type { NdArray } from "../core/nd_array.ts";
import {
  adam,
  assignOptimizerState,
  clipByNorm,
  createAdamState,
  readOptimizerState,
} from "../learning/optimizers.ts";
import {
  assignArrays,
  type ParameterLayout,
  parameterVariable,
  readArrays,
  vectorOf,
} from "../learning/parameters.ts";
import * as tf from "../learning/tensorflow.ts";

/** Networks by the names of their parts. */
export interface NetworkParts<Part extends string> {
  /** Parameters of each part. */
  readonly variables: Readonly<Record<Part, tf.Variable<tf.Rank.R1>>>;
  /** Parameters and optimizer state of some parts, for `compile`. */
  variablesOf(...parts: Part[]): tf.Variable[];
  /**
   * One step of Adam; the variable is assigned to.
   *
   * @param part Which.
   * @param gradient Shape [parameters].
   * @param step The result of `adamCorrection`, and the largest norm of the
   * gradient.
   */
  move(
    part: Part,
    gradient: tf.Tensor,
    step: { correction: tf.Tensor; maximumNorm?: number | null },
  ): tf.Tensor1D;
  /** Weights and optimizer as an archive takes them. */
  save(): Promise<Record<"weights" | "optimizer", Record<string, NdArray>>>;
  /** Goes on from saved arrays; all are read before any is used. */
  load(
    tensors: Readonly<Record<string, Readonly<Record<string, NdArray>>>>,
  ): void;
  /** Frees the tensors. */
  dispose(): void;
}

/**
 * Parts with their first weights.
 *
 * @param given Layout and first weights of each.
 */
export function createNetworkParts<Part extends string>(
  given: Readonly<
    Record<Part, { layout: ParameterLayout; first: Float32Array }>
  >,
): NetworkParts<Part> {
  const parts = Object.keys(given) as Part[];
  const each = <T>(make: (part: Part) => T) =>
    Object.fromEntries(parts.map((part) => [part, make(part)])) as Record<
      Part,
      T
    >;
  const variables = each((part) => parameterVariable(given[part].first));
  const optimizers = each((part) => createAdamState(given[part].first.length));
  const variablesOf = (...asked: Part[]) =>
    asked.flatMap((part) => [
      variables[part],
      optimizers[part].mean,
      optimizers[part].square,
    ]);
  return {
    variables,
    variablesOf,
    move(part, gradient, { correction, maximumNorm }) {
      const limited = clipByNorm(gradient, maximumNorm ?? Infinity);
      const moved = adam(variables[part], limited, {
        state: optimizers[part],
        correction,
      }) as tf.Tensor1D;
      variables[part].assign(moved);
      return moved;
    },
    async save() {
      const weights: Record<string, NdArray> = {};
      const optimizer: Record<string, NdArray> = {};
      for (const part of parts) {
        const { layout } = given[part];
        Object.assign(weights, await readArrays(variables[part], layout));
        Object.assign(
          optimizer,
          await readOptimizerState(optimizers[part], layout),
        );
      }
      return { weights, optimizer };
    },
    load({ weights, optimizer }) {
      for (const part of parts) vectorOf(weights ?? {}, given[part].layout);
      for (const part of parts) {
        assignArrays(variables[part], weights, given[part].layout);
        assignOptimizerState(optimizers[part], optimizer, given[part].layout);
      }
    },
    dispose: () => tf.dispose(variablesOf(...parts)),
  };
}
