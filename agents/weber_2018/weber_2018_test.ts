import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { lineSpacing } from "../../analysis/spatial/line_spacing.ts";
import { mean } from "../../analysis/statistics.ts";
import { Random } from "../../core/random.ts";
import { Simple2D } from "../../envs/arena/simple_2d.ts";
import { Weber2018 } from "./weber_2018.ts";
import {
  WEBER_2018_PARAMETERS,
  WEBER_2018_SETS,
} from "./weber_2018_parameters.ts";
import { weberSpacing } from "./weber_spacing.ts";

const SMALL = {
  room_width: 10,
  room_depth: 10,
  Ne: 400,
  Ni: 100,
  resolution: 25,
  agent_step_size: 1,
};

function walk(agent: Weber2018, steps: number) {
  const env = new Simple2D({
    arena_x_limits: [-5, 5],
    arena_y_limits: [-5, 5],
  });
  let { observation } = env.reset({ seed: 2 });
  const updates = [];
  for (let i = 0; i < steps; i++) {
    observation = env.step(agent.act(observation)).observation;
    updates.push(agent.update(observation));
  }
  return updates;
}

Deno.test("a neuron whose inhibition is balanced fires near its target", () => {
  const agent = new Weber2018(SMALL);
  const before = mean(agent.outputRates());
  assert(before > 0.3 && before < 4, `mean rate ${before}`);
  walk(agent, 3000);
  assertEquals(agent.steps, 3000);
  assertAlmostEquals(mean(agent.outputRates()), 1, 0.5);
});

Deno.test("update() tells the rate and how much weights changed", () => {
  const agent = new Weber2018(SMALL);
  const rates = agent.outputRates();
  const [wE, wI] = [agent.excitatoryWeights, agent.inhibitoryWeights];
  const { rate, delta_we, delta_wi } = agent.update([1, 2]) as Record<
    string,
    number
  >;
  const pixel = agent.pixelAt(1, 2);
  assertEquals(pixel, 17 * 25 + 15);
  assertAlmostEquals(rate, rates[pixel], 1e-12);
  const distance = (a: Float64Array, b: Float64Array) =>
    Math.hypot(...a.map((value, i) => value - b[i]));
  assertAlmostEquals(delta_wi, distance(agent.inhibitoryWeights, wI), 1e-12);
  // Excitatory ones were rescaled after.
  assertAlmostEquals(
    delta_we,
    distance(agent.excitatoryWeights, wE),
    0.03 * delta_we,
  );
});

Deno.test("learning in one call is learning step by step", () => {
  const [one, many] = [new Weber2018(SMALL), new Weber2018(SMALL)];
  const random = new Random(1);
  const places = Float64Array.from(
    { length: 400 },
    () => random.uniform(-6, 6),
  );
  const outputs = new Float64Array(200);
  many.learn(places, outputs);
  for (let i = 0; i < 200; i++) {
    const { rate } = one.update(places.subarray(2 * i, 2 * i + 2));
    assertEquals(rate, outputs[i]);
  }
  assertEquals(one.excitatoryWeights, many.excitatoryWeights);
});

Deno.test("the spacing on a periodic line is that of the law", () => {
  // Inputs as dense as in the paper's figure 7b, 24 spacings long. Single runs
  // differ by some 3 %, the mean of four by 1.5 %. With squares for the law's
  // fourth powers it would be 31 % off.
  const set = {
    sigmaExc: 0.04,
    sigmaInh: 0.12,
    Ne: 1000,
    Ni: 250,
    excEta: 5e-5,
    inhEta: 5e-4,
  };
  const spacing = weberSpacing(set);
  const length = 24 * spacing;
  const ratios = [1, 2, 3, 4].map((seed) => {
    const agent = new Weber2018({
      room_width: length,
      room_depth: length,
      twoD: false,
      periodic: true,
      sigma_exc: [0.04 / length, 0.04 / length],
      sigma_inh: [0.12 / length, 0.12 / length],
      Ne: Math.round(set.Ne * length),
      Ni: Math.round(set.Ni * length),
      exc_eta: set.excEta,
      inh_eta: set.inhEta,
      resolution: 24 * 40,
      seed,
    });
    const random = new Random(seed);
    agent.learn(Float64Array.from(
      { length: 800_000 },
      () => random.uniform(-length / 2, length / 2),
    ));
    return lineSpacing(agent.outputRates()) / 40;
  });
  assertAlmostEquals(mean(ratios), 1, 0.05);
});

Deno.test("reference mode does not rectify, and tells all changes", () => {
  const agent = new Weber2018({ ...SMALL, wi_init: 3, mode: "reference" });
  const [update] = walk(agent, 1);
  const { rate, delta_we, delta_wi } = update as unknown as {
    rate: number;
    delta_we: Float64Array;
    delta_wi: Float64Array;
  };
  assert(rate < 0);
  assertEquals([delta_we.length, delta_wi.length], [400, 100]);
  assert(Math.min(...delta_we) < 0);
  assert(agent.outputRates().every((output) => output >= 0));
  walk(agent, 50);
  const silent = new Weber2018({ ...SMALL, wi_init: 3 });
  const updates = walk(silent, 50);
  assert(updates.every(({ delta_we }) => delta_we === 0));
});

Deno.test("seeds draw other inputs, and the same ones again", () => {
  const rates = (seed: number) =>
    new Weber2018({ ...SMALL, seed }).outputRates();
  assertEquals(rates(1), rates(1));
  assert(rates(1)[0] !== rates(2)[0]);
});

Deno.test("an agent is saved, loaded, and goes on as it would have", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const agent = new Weber2018({ ...SMALL, seed: 5 });
    walk(agent, 100);
    await agent.save(`${folder}/agent.zip`);
    const loaded = await Weber2018.load(`${folder}/agent.zip`);
    assertEquals(loaded.outputRates(), agent.outputRates());
    assertEquals(walk(loaded, 20), walk(agent, 20));
    assertEquals(
      Object.keys(agent.parameters),
      Object.keys(WEBER_2018_PARAMETERS),
    );
    const other = new Weber2018({ ...SMALL, Ne: 100 });
    assertThrows(
      () => other.loadState(agent.saveState()),
      TypeError,
      "100 and 100",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("figures show rates of a room and of a line", () => {
  const agent = new Weber2018(SMALL);
  assertEquals(agent.plotRateMap().data[0].type, "heatmap");
  assertEquals(agent.plotAllRates().data.length, 3);
  assertThrows(
    () => agent.plotAllRates({ excitatory: 400 }),
    RangeError,
    "0 to 399",
  );
  const line = new Weber2018({ ...SMALL, twoD: false });
  assertEquals(line.plotRateMap().data[0].type, "scatter");
  assertEquals(line.act([0, 0])[1], 0);
});

Deno.test("wrong parameters are named, and the paper's sets are right", () => {
  assertThrows(
    () => new Weber2018({ ...SMALL, exc_eta: "fast" as never }),
    TypeError,
    'exc_eta "fast"',
  );
  assertThrows(
    () => new Weber2018({ ...SMALL, sigma_exc: [0.1] }),
    RangeError,
    "sigma_exc [0.1]",
  );
  for (const { parameters } of Object.values(WEBER_2018_SETS)) {
    new Weber2018({
      ...parameters,
      Ne: 9,
      Ni: 4,
      Nef: 2,
      Nif: 2,
      resolution: 10,
    });
  }
});
