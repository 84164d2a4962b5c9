import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { largestDifference } from "./_test_backends.ts";
import { TORCH_GRU, torchGruParameters } from "./_test_gru.ts";
import { numbers, TORCH, wave } from "./_torch_values.ts";
import { createGruCell } from "./gru_cell.ts";

const { batch, time, inputs, units } = TORCH_GRU;

/** Inputs of all rows at one step. */
function inputsAt(step: number): Float32Array {
  const sequence = wave(batch * time * inputs, 5.1);
  return Float32Array.from(
    { length: batch * inputs },
    (_, i) =>
      sequence[(Math.floor(i / inputs) * time + step) * inputs + i % inputs],
  );
}

Deno.test("createGruCell() gives PyTorch's states, step by step", () => {
  const cell = createGruCell(inputs, units, {
    parameters: torchGruParameters(),
  });
  const cases: [keyof typeof TORCH.gru, [number, number][]][] = [
    ["plain", []],
    ["masked", [[0, 0], [1, 2]]],
  ];
  for (const [name, starts] of cases) {
    const expected = numbers(TORCH.gru[name].outputs);
    const state = wave(batch * units, 6.2);
    for (let step = 0; step < time; step++) {
      for (const [row, at] of starts) {
        if (at === step) state.fill(0, row * units, (row + 1) * units);
      }
      cell.forward(inputsAt(step), state);
      for (let row = 0; row < batch; row++) {
        const start = (row * time + step) * units;
        const difference = largestDifference(
          state.subarray(row * units, (row + 1) * units),
          expected.slice(start, start + units),
        );
        assertLess(difference, 3e-7, `${name} row ${row} step ${step}`);
      }
    }
  }
});

Deno.test("createGruCell() keeps and gives out half of its state by zeros", () => {
  const cell = createGruCell(1, 2);
  const state = Float32Array.of(0.5, -1, 8, 0);
  cell.forward(Float32Array.of(3, -4), state);
  // Both gates are half open, and there is nothing new.
  assertEquals([...state], [0.25, -0.5, 4, 0]);
  assertEquals([cell.inputs, cell.units], [1, 2]);
  assertEquals(cell.parameters.length, 3 * (1 + 2 + 2) * 2);
});

Deno.test("createGruCell() follows parameters that are overwritten", () => {
  const cell = createGruCell(1, 1);
  // The candidate's bias; both gates stay half open.
  cell.parameters[2 * 4 + 1] = 100;
  const state = Float32Array.of(0);
  cell.forward(Float32Array.of(0), state);
  assertEquals(state[0], 0.5);
});

Deno.test("createGruCell() throws for parameters and widths it has no use for", () => {
  assertThrows(
    () => createGruCell(3, 2, { parameters: new Float32Array(41) }),
    TypeError,
    "2 recurrent units with 3 inputs from 41 parameters: expected 42",
  );
  assertThrows(() => createGruCell(0, 2), RangeError, "expected whole numbers");
});
