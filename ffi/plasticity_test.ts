import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../core/random.ts";
import { nativeLibrary } from "./library.ts";
import { drive, type PlasticNeuron, plasticNeuron } from "./plasticity.ts";
import { rateAt, type RateTable, rateTable } from "./rate_table.ts";

/** Cells with rates in windows of their own. */
function randomTable(random: Random, cells: number, local: boolean): RateTable {
  const [width, depth] = [12, 9];
  return rateTable({
    cells,
    width,
    depth,
    largest: 1,
    ratesOf: () => {
      const x0 = local ? random.integer(0, 6) : 0;
      const y0 = local ? random.integer(0, 4) : 0;
      return {
        window: [x0, local ? x0 + 6 : width, y0, local ? y0 + 5 : depth],
        write(out) {
          for (let i = 0; i < out.length; i++) out[i] += random.uniform();
        },
      };
    },
  });
}

interface Made {
  neuron: PlasticNeuron;
  excitatory: RateTable;
  inhibitory: RateTable;
}

function make(native: boolean, local = true, target = 1): Made {
  const random = new Random(4);
  const excitatory = randomTable(random, 101, local);
  const inhibitory = randomTable(random, 40, local);
  const weights = (count: number, mean: number) =>
    Float64Array.from({ length: count }, () => mean * random.uniform(0.9, 1.1));
  const neuron = plasticNeuron({
    excitatory,
    inhibitory,
    excitatoryWeights: weights(101, 1),
    inhibitoryWeights: weights(40, 2),
    excitatoryRate: 1e-4,
    inhibitoryRate: 2e-3,
    targetRate: target,
    native,
  });
  return { neuron, excitatory, inhibitory };
}

function walk(steps: number): Uint32Array<ArrayBuffer> {
  const random = new Random(8);
  return Uint32Array.from({ length: steps }, () => random.integer(0, 107));
}

Deno.test({
  name: "Rust and TypeScript learn the same bits, in batches of any size",
  ignore: nativeLibrary() === undefined,
  fn() {
    for (const local of [true, false]) {
      const [rust, typescript] = [true, false].map((native) =>
        make(native, local).neuron
      );
      const pixels = walk(150_000);
      const outputs = new Float64Array(pixels.length);
      rust.learn(pixels, outputs);
      let start = 0;
      for (const size of [1, 2, 997, 64_536, 84_464]) {
        const part = new Float64Array(size);
        typescript.learn(pixels.slice(start, start + size), part);
        assertEquals(part, outputs.slice(start, start + size));
        start += size;
      }
      assertEquals(rust.steps, 150_000);
      assertEquals(typescript.memory.numbers, rust.memory.numbers);
      assertEquals(typescript.excitatoryWeights(), rust.excitatoryWeights());
      assertEquals(typescript.inhibitoryWeights(), rust.inhibitoryWeights());
    }
  },
});

Deno.test("steps are those of the equations, over all weights", () => {
  const { neuron, excitatory, inhibitory } = make(false);
  const wE = neuron.excitatoryWeights();
  const wI = neuron.inhibitoryWeights();
  const rates = (table: RateTable, pixel: number) =>
    Array.from(
      { length: table.cells },
      (_, cell) => rateAt(table, cell, pixel),
    );
  const product = (a: ArrayLike<number>, b: number[]) =>
    b.reduce((sum, value, i) => sum + value * a[i], 0);
  const norm = (weights: Float64Array) => Math.hypot(...weights);
  const kept = norm(wE);
  const pixels = walk(300);
  const outputs = new Float64Array(300);
  neuron.learn(pixels, outputs);
  pixels.forEach((pixel, step) => {
    const rE = rates(excitatory, pixel);
    const rI = rates(inhibitory, pixel);
    const output = Math.max(0, product(wE, rE) - product(wI, rI));
    assertAlmostEquals(outputs[step], output, 1e-10);
    rE.forEach((rate, i) => wE[i] += 1e-4 * rate * output);
    const scale = kept / norm(wE);
    wE.forEach((_, i) => wE[i] *= scale);
    rI.forEach((rate, j) =>
      wI[j] = Math.max(0, wI[j] + 2e-3 * rate * (output - 1))
    );
  });
  assert(
    outputs.some((rate) => rate > 0) && outputs.some((rate) => rate === 0),
  );
  neuron.excitatoryWeights().forEach((w, i) =>
    assertAlmostEquals(w, wE[i], 1e-12)
  );
  neuron.inhibitoryWeights().forEach((w, i) =>
    assertAlmostEquals(w, wI[i], 1e-12)
  );
});

Deno.test("inhibition stops at zero, and excitation keeps its squares", () => {
  const { neuron, excitatory } = make(true, false, 1e4);
  const before = Math.hypot(...neuron.excitatoryWeights());
  neuron.learn(walk(70_000));
  assert(neuron.inhibitoryWeights().every((weight) => weight === 0));
  assertAlmostEquals(Math.hypot(...neuron.excitatoryWeights()), before, 1e-9);
  const { memory } = neuron;
  const output = drive(memory.excitatory.weights, excitatory, 5);
  assert(output > 0);
});

Deno.test("what does not fit is refused", () => {
  const { neuron, excitatory, inhibitory } = make(true);
  assertThrows(
    () => neuron.learn(Uint32Array.of(108)),
    RangeError,
    "pixel 108: expected a whole number below 108",
  );
  const options = {
    excitatory,
    inhibitory,
    excitatoryWeights: new Float64Array(101).fill(1),
    inhibitoryWeights: new Float64Array(40),
    excitatoryRate: 1,
    inhibitoryRate: 1,
    targetRate: 1,
  };
  assertThrows(
    () => plasticNeuron({ ...options, excitatoryWeights: [1] }),
    TypeError,
    "1 weights of synapses with 101 cells",
  );
  assertThrows(
    () =>
      plasticNeuron({ ...options, excitatoryWeights: new Float64Array(101) }),
    RangeError,
    "all zero",
  );
  assertThrows(
    () =>
      plasticNeuron({ ...options, inhibitory: { ...inhibitory, pixels: 3 } }),
    TypeError,
    "3: expected as many",
  );
});
