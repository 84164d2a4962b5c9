/**
 * What tfjs's kernels compute, in terms of the graph.
 *
 * @module
 */
import {
  type ArrayView,
  cast,
  type DType,
  dtypeOf,
  type Graph,
  map,
} from "./_graph.ts";
import { broadcastShape } from "./_view.ts";

/** A call of a kernel. */
export interface KernelCall {
  /** Where nodes are added. */
  readonly graph: Graph;
  /** Its name in tfjs. */
  readonly name: string;
  /** Its operands in tfjs's order. */
  readonly inputs: readonly ArrayView[];
  /** Its attributes. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What tfjs says of its results. */
  readonly outputs: readonly { shape: readonly number[]; dtype: DType }[];
}

/**
 * What a kernel computes. Throws `NotCovered` for attributes that are
 * not covered.
 */
export type Lowering = (call: KernelCall) => ArrayView[];

/**
 * An operation on numbers of one type, cast to the type that tfjs gives.
 *
 * @param call Gives graph and result.
 * @param op The operation's name.
 * @param options Its operands, the type it takes and the type it gives.
 */
export function elementwise(
  call: KernelCall,
  op: string,
  options: { operands: readonly ArrayView[]; takes?: DType; gives: DType },
): ArrayView {
  const { graph, outputs: [output] } = call;
  const { takes, gives } = options;
  const operands = options.operands.map((operand) =>
    takes === undefined ? operand : cast(graph, operand, takes)
  );
  const result = map(graph, op, {
    operands,
    shape: broadcastShape(operands.map(({ shape }) => shape)),
    dtype: gives,
  });
  return cast(graph, result, output.dtype);
}

/** Whether all operands are whole numbers or bools. */
export function areWhole(operands: readonly ArrayView[]): boolean {
  return operands.every((operand) => dtypeOf(operand) !== "float32");
}
