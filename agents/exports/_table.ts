/**
 * Q-tables in other formats.
 *
 * @module
 */
import type { Discrete } from "../../core/spaces.ts";
import type {
  DecisionWriter,
  NamedArrays,
  NdArray,
  NetworkWriter,
} from "../../learning/exports/network_writer.ts";
import {
  type Discretiser,
  discretiser,
  identityDiscretiser,
} from "../q_learning/discretisers.ts";
import type { PolicyPlaces, WrittenPolicy } from "./_policy_parts.ts";

/** What of a model is written. */
interface SavedTable {
  readonly weights: NamedArrays;
  /** Name of the discretiser. */
  readonly states: string;
}

/** The number of the state, shape [batch, 1]. */
function writeState<Value>(
  writer: NetworkWriter<Value>,
  decisions: DecisionWriter<Value>,
  { observation, states }: { observation: Value; states: Discretiser },
): Value {
  const { digits } = states;
  if (digits === undefined) return decisions.toWhole(observation);
  const numbers = writer.concat(
    digits.map(({ index, bounds }) =>
      decisions.countReached(writer.slice(observation, index, 1), bounds)
    ),
  );
  const factors = digits.map((_, i) =>
    digits.slice(i + 1).reduce((n, { bounds }) => n * (bounds.length + 1), 1)
  );
  return decisions.weigh(numbers, factors);
}

/** The table, in which states that were never met prefer their own action. */
function preferences(
  { table, visits }: NamedArrays,
  { actions, unseenAction }: { actions: number; unseenAction: number },
): NdArray {
  const data = (table.data as Float64Array).slice();
  (visits.data as Uint32Array).forEach((count, state) => {
    if (count > 0) return;
    const row = data.subarray(state * actions, (state + 1) * actions);
    row[unseenAction] = Math.max(...row) + 1;
  });
  return { shape: table.shape, data };
}

/**
 * Writes a table and what makes states of observations: `q_values`, and the
 * best of them. Throws `TypeError` in formats without decisions.
 */
export function writeTable<Value>(
  writer: NetworkWriter<Value>,
  { actionSpace, observation, mask }: PolicyPlaces<Value>,
  saved: SavedTable,
): WrittenPolicy {
  const { decisions } = writer;
  if (decisions === undefined) {
    throw new TypeError(
      "Cannot write a table of Q-values as layers, expected a network (ONNX takes both)",
    );
  }
  const { table } = saved.weights;
  // Checked when the model was loaded.
  const { n } = actionSpace as Discrete;
  const states = saved.states === "identity"
    ? identityDiscretiser(table.shape[0])
    : discretiser(saved.states);
  const state = writeState(writer, decisions, { observation, states });
  writer.output(
    "q_values",
    decisions.toFloat(decisions.lookUp(table, state)),
    "Discounted sum of rewards expected of each action; zeros in states never met",
  );
  const preferred = decisions.lookUp(
    preferences(saved.weights, {
      actions: n,
      unseenAction: states.unseenAction,
    }),
    state,
  );
  decisions.outputChoices(
    "action",
    decisions.choose(preferred, { sizes: [n], stride: n, mask }),
    "The allowed action with the largest value",
  );
  return { memory: {} };
}
