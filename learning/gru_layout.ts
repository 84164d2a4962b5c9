/**
 * Gated recurrent units: layout and first weights.
 *
 * @module
 */
import type { Random } from "../core/random.ts";
import { parameterCount, type ParameterLayout } from "./parameters.ts";

/** A unit's gates, in the order that PyTorch stacks them. */
export const GRU_GATES = ["reset", "update", "candidate"] as const;

/**
 * The arrays of a layer of gated recurrent units. For each of the gates
 * `reset`, `update` and `candidate`: `PREFIX.GATE.input.weight` of shape
 * [inputs, units], `PREFIX.GATE.input.bias` of shape [units], and the same of
 * `state`, shapes [units, units] and [units].
 *
 * Gates have arrays of their own, for what lies side by side must be cut apart
 * in every step, and tfjs cuts columns slowly.
 *
 * @param prefix What the layer is called.
 * @param inputs Values that go in at each step. Throws `RangeError` unless this
 * and `units` are whole numbers from 1.
 * @param units Values that the layer remembers, and gives out.
 */
export function gruLayout(
  prefix: string,
  inputs: number,
  units: number,
): ParameterLayout {
  if (![inputs, units].every((n) => Number.isInteger(n) && n >= 1)) {
    throw new RangeError(
      `Cannot lay out ${units} recurrent units with ${inputs} inputs, expected whole numbers from 1`,
    );
  }
  return GRU_GATES.flatMap((gate) =>
    [["input", inputs] as const, ["state", units] as const].flatMap((
      [source, length],
    ) => [
      { name: `${prefix}.${gate}.${source}.weight`, shape: [length, units] },
      { name: `${prefix}.${gate}.${source}.bias`, shape: [units] },
    ])
  );
}

/**
 * First values of a recurrent layer's parameters: uniform within 1 /
 * sqrt(units), biases too, as `torch.nn.GRU` draws them.
 *
 * @param layout Of one layer, from {@linkcode gruLayout}.
 * @param random The stream to draw from.
 */
export function initialGruParameters(
  layout: ParameterLayout,
  random: Random,
): Float32Array {
  const [units] = layout[1].shape;
  const bound = 1 / Math.sqrt(units);
  return Float32Array.from(
    { length: parameterCount(layout) },
    () => random.uniform(-bound, bound),
  );
}
