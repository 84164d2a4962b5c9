import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { Simple2D } from "../../envs/arena/simple_2d.ts";
import { mean, standardDeviation } from "../../analysis/statistics.ts";
import { Stachenfeld2018 } from "./stachenfeld_2018.ts";
import { STACHENFELD_2018_PARAMETERS } from "./stachenfeld_2018_parameters.ts";
import { transposed } from "./successor_matrix.ts";

const NOTEBOOK = {
  discount: 0.99,
  threshold: 1e-6,
  lr_td: 1e-2,
  state_density: 1,
  room_width: 12,
  room_depth: 12,
  twoD: true,
};

const ROOM = { arena_x_limits: [-6, 6], arena_y_limits: [-6, 6] };

function meanAbsolute(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) /
    values.length;
}

/** Errors of a walk in a room, and the agent. */
function walk(agent: Stachenfeld2018, steps: number, env = new Simple2D(ROOM)) {
  let { observation } = env.reset({ seed: 5 });
  const errors: number[] = [];
  const visited: number[] = [agent.observationToState(observation)];
  for (let i = 0; i < steps; i++) {
    observation = env.step(agent.act(observation)).observation;
    errors.push(meanAbsolute(agent.update(observation).state_td_error));
    visited.push(agent.observationToState(observation));
  }
  return { errors, visited };
}

Deno.test("the first errors of the notebook's run are gamma / states", () => {
  const agent = new Stachenfeld2018(NOTEBOOK);
  const { errors } = walk(agent, 1000);
  assertAlmostEquals(errors[0], 0.99 / 144, 1e-15);
  // As the matrix fills, errors rise.
  assertAlmostEquals(mean(errors.slice(0, 50)), 0.00701, 3e-4);
  assertAlmostEquals(mean(errors.slice(-100)), 0.00735, 3e-4);
});

Deno.test("the walk in a room is the chain of the closed form", () => {
  const agent = new Stachenfeld2018(NOTEBOOK);
  const { visited } = walk(agent, 40_000);
  const transitions = agent.transitionMatrix();
  for (let i = 1; i < visited.length; i++) {
    assert(transitions[visited[i - 1] * 144 + visited[i]] > 0, `step ${i}`);
  }
  // Corners, edges and the middle are visited as often as they have
  // neighbours: 2, 3, 4 of 528.
  const corners = visited.filter((s) => [0, 11, 132, 143].includes(s)).length;
  const share = corners / visited.length;
  // 40,000 correlated steps, some 300 of each corner: standard error 0.0015;
  // a walk that waits at walls would be there 0.028 of the time.
  assertAlmostEquals(share, 4 * 2 / 528, 0.0075);
});

Deno.test("a room that is not square is learned as it is numbered", () => {
  const agent = new Stachenfeld2018({
    ...NOTEBOOK,
    room_width: 20,
    room_depth: 2,
  });
  const env = new Simple2D({
    arena_x_limits: [-10, 10],
    arena_y_limits: [-1, 1],
  });
  walk(agent, 2000, env);
  assertEquals([agent.grid.width, agent.grid.depth], [20, 2]);
  const transitions = agent.transitionMatrix();
  const learned = agent.successorRepresentation;
  // After short learning only a state's near ones are foretold.
  for (let s = 0; s < 40; s++) {
    const nearest = [...Array(40).keys()].filter((u) => u !== s)
      .reduce(
        (best, u) => learned[s * 40 + u] > learned[s * 40 + best] ? u : best,
        s === 0 ? 1 : 0,
      );
    assert(transitions[s * 40 + nearest] > 0, `${s} foretells ${nearest}`);
  }
});

Deno.test("learning reaches the closed form within its standard error", () => {
  // 8 runs on 5 x 5 states whose step size falls to 2e-4; each entry's mean
  // over the runs differs from the closed form by Student's t with 7 degrees
  // of freedom: of 625, the mean square is 1.4 on average, and above 2.2 less
  // than once in a million (entries of a row are correlated: 25 rows count).
  const parameters = {
    ...NOTEBOOK,
    discount: 0.9,
    room_width: 5,
    room_depth: 5,
  };
  const runs = Array.from({ length: 8 }, (_, seed) => {
    const agent = new Stachenfeld2018({ ...parameters, seed });
    for (const lrTd of [0.1, 0.01, 0.002, 0.0004]) {
      agent.lrTd = lrTd;
      agent.updateSuccessorRepTdFull({ nEpisode: 150, tEpisode: 1000 });
    }
    return agent.successorRepresentation;
  });
  const exact = new Stachenfeld2018(parameters).successorRepSolution();
  const meanSquare = (expected: Float64Array) =>
    mean([...expected.keys()].map((i) => {
      const values = runs.map((run) => run[i]);
      const error = standardDeviation(values) / Math.sqrt(runs.length);
      return ((mean(values) - expected[i]) / error) ** 2;
    }));
  const found = meanSquare(exact);
  assert(found < 2.2, `mean square of t is ${found}`);
  const largest = Math.max(
    ...exact.map((value, i) =>
      Math.abs(mean(runs.map((run) => run[i])) - value)
    ),
  );
  assert(largest < 0.03, `entries are ${largest} off`);
  // The transposed matrix, which the original reaches, is told apart.
  assert(meanSquare(transposed(exact)) > 100);
});

Deno.test("reference mode has the original's states, walk and first step", () => {
  const agent = new Stachenfeld2018({ ...NOTEBOOK, mode: "reference" });
  // 13 places of a walk of unit steps fall on 12 states: two share one.
  const states = Array.from(
    { length: 13 },
    (_, i) => agent.observationToState([i - 6, -6]),
  );
  assertEquals(new Set(states).size, 12);
  assertEquals(agent.observationToState([-6, 6]), 0);
  assertEquals(agent.observationToState([-6, -6]), 11);
  assertEquals(agent.observationToState([6, 6]), 132);
  // Steps are as long whatever the density.
  const dense = new Stachenfeld2018({
    ...NOTEBOOK,
    mode: "reference",
    state_density: 2,
  });
  assertEquals(Math.hypot(...dense.act([0, 0])), 1);
  agent.act([0, 0]);
  const { state_td_error } = agent.update();
  const state = agent.observationToState([0, 0]);
  assertAlmostEquals(state_td_error[state], 0.99, 1e-12);
  assertAlmostEquals(meanAbsolute(state_td_error), 0.006875, 1e-12);
  // Columns are learned.
  const matrix = agent.successorRepresentation;
  assertAlmostEquals(matrix[state * 145], 1 + 0.01 * 0.99, 1e-12);
  agent.act([-6, 6]);
  agent.update();
  const after = agent.successorRepresentation;
  assert(after[0 * 144 + state] > 0);
  assertEquals(after[state * 144 + 0], 0);
});

Deno.test("reference mode is as far from the closed form as the original", () => {
  // After 10,000 and 1,000,000 steps of the original's default simulation: 68 %
  // and 21 %, by walls that are walked into, 13 places on 12 states and the
  // transposed matrix.
  const reference = { mode: "reference" as const, history_length: 0 };
  const agent = new Stachenfeld2018({
    ...NOTEBOOK,
    discount: 0.9,
    mode: "reference",
  });
  const env = new Simple2D({ ...ROOM, ...reference });
  const exact = agent.successorRepSolution();
  const distance = () => {
    const learned = agent.successorRepresentation;
    return Math.hypot(...learned.map((value, i) => value - exact[i])) /
      Math.hypot(...exact);
  };
  let { observation } = env.reset();
  for (let step = 1; step <= 1_000_000; step++) {
    observation = env.step(agent.act(observation)).observation;
    agent.update();
    if (step === 10_000) assertAlmostEquals(distance(), 0.68, 0.01);
  }
  assertAlmostEquals(distance(), 0.21, 0.01);
});

Deno.test("without what was seen next, learning is one step late", () => {
  const agent = new Stachenfeld2018(NOTEBOOK);
  agent.act([0, 0]);
  assertEquals(meanAbsolute(agent.update().state_td_error), 0);
  agent.act([1, 0]);
  const { state_td_error } = agent.update();
  assertEquals(state_td_error[agent.observationToState([1, 0])], 0.99);
  agent.reset();
  assertEquals(meanAbsolute(agent.update().state_td_error), 0);
});

Deno.test("eigenmaps of the learned matrix are near those of the closed form", () => {
  const agent = new Stachenfeld2018({
    ...NOTEBOOK,
    discount: 0.9,
    room_width: 6,
    room_depth: 4,
    lr_td: 0.02,
  });
  agent.updateSuccessorRepTdFull({ nEpisode: 400, tEpisode: 1000 });
  agent.lrTd = 0.001;
  agent.updateSuccessorRepTdFull({ nEpisode: 400, tEpisode: 1000 });
  const learned = agent.eigenmaps();
  const exact = agent.eigenmaps("closed-form");
  // The fourth and fifth eigenvalue are nearly the same.
  for (let i = 0; i < 3; i++) {
    assertAlmostEquals(learned.values[i], exact.values[i], 0.1);
    const product = learned.maps[i].reduce(
      (sum, value, s) => sum + value * exact.maps[i][s],
      0,
    );
    assert(Math.abs(product) > 0.98, `map ${i}: ${product}`);
  }
  assertAlmostEquals(agent.learnedTransitions()[1], 0.5, 0.1);
  assertEquals(agent.placeField(3).length, 24);
});

Deno.test("figures show maps, fields and transitions", () => {
  const agent = new Stachenfeld2018({
    ...NOTEBOOK,
    room_width: 5,
    room_depth: 4,
  });
  walk(
    agent,
    50,
    new Simple2D({ arena_x_limits: [-2.5, 2.5], arena_y_limits: [-2, 2] }),
  );
  assertEquals(agent.plotRateMap({ eigenVectors: [1, 2] }).data.length, 2);
  assertEquals(agent.plotPlaceFields().data.length, 3);
  assertEquals(agent.plotTransition().data.length, 2);
  assertThrows(
    () => agent.plotRateMap({ eigenVectors: [20] }),
    RangeError,
    "0 to 19",
  );
  assertThrows(() => agent.placeField(20), RangeError, "0 to 19");
});

Deno.test("a wrong parameter is named", () => {
  assertThrows(
    () =>
      new Stachenfeld2018({
        ...NOTEBOOK,
        lr_td: "weird_learning_rate" as never,
      }),
    TypeError,
    'Cannot make Stachenfeld2018 with lr_td "weird_learning_rate": expected a number above 0 and at most 1',
  );
  assertThrows(
    () => new Stachenfeld2018({ ...NOTEBOOK, state_density: 0.01 }),
    RangeError,
    "state_density 0.01",
  );
  const agent = new Stachenfeld2018(NOTEBOOK);
  assertThrows(() => agent.act([8, 0]), RangeError, "room_center");
  assertThrows(() => agent.act([NaN, 0]), TypeError, "finite numbers");
});

Deno.test("an agent is saved, loaded, and goes on as it would have", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const agent = new Stachenfeld2018({ ...NOTEBOOK, seed: 3 });
    walk(agent, 100);
    const path = `${folder}/agent.zip`;
    await agent.save(path);
    const loaded = await Stachenfeld2018.load(path);
    assertEquals(loaded.parameters, agent.parameters);
    assertEquals(
      Object.keys(agent.parameters),
      Object.keys(STACHENFELD_2018_PARAMETERS),
    );
    walk(agent, 100);
    walk(loaded, 100);
    assertEquals(loaded.saveState(), agent.saveState());
    await Deno.writeTextFile(`${folder}/other.zip`, "no");
    await assertRejects(
      () => Stachenfeld2018.load(`${folder}/other.zip`),
      SyntaxError,
      "other.zip",
    );
    const small = new Stachenfeld2018({ ...NOTEBOOK, room_width: 3 });
    assertThrows(() => small.loadState(agent.saveState()), TypeError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
