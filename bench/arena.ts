/**
 * How fast the models of arenas learn.
 *
 * Run by itself it prints its numbers as JSON.
 *
 * @module
 */
import { Stachenfeld2018 } from "../agents/stachenfeld_2018/stachenfeld_2018.ts";
import { Weber2018 } from "../agents/weber_2018/weber_2018.ts";
import { WEBER_2018_SETS } from "../agents/weber_2018/weber_2018_parameters.ts";
import { Simple2D } from "../envs/arena/simple_2d.ts";
import { foragingPlaces } from "../experiments/arena/reproduction.ts";
import { bestRate, type Measurement } from "./measure.ts";

export type { Measurement };

/** Steps of the paper's figure 2a. */
const WEBER_STEPS = WEBER_2018_SETS.fig2a.steps;
const SUCCESSOR_STEPS = 1_000_000;

const SUCCESSOR = {
  discount: 0.99,
  lr_td: 0.01,
  room_width: 12,
  room_depth: 12,
  state_density: 1,
};

/** Seconds of so many steps, of which some are taken at a time. */
async function seconds(
  steps: number,
  part: { steps: number; repeats: number; run: () => void },
): Promise<number> {
  const rate = await bestRate(part.repeats, () => {
    part.run();
    return part.steps;
  });
  return steps / rate;
}

async function weberSeconds(native: boolean): Promise<number> {
  const agent = new Weber2018({ ...WEBER_2018_SETS.fig2a.parameters, native });
  const places = foragingPlaces(native ? 100_000 : 5000, 1);
  return await seconds(WEBER_STEPS, {
    steps: places.length / 2,
    repeats: native ? 18 : 5,
    run: () => agent.learn(places),
  });
}

async function roomSeconds(): Promise<number> {
  const agent = new Stachenfeld2018(SUCCESSOR);
  const env = new Simple2D({
    arena_x_limits: [-6, 6],
    arena_y_limits: [-6, 6],
    history_length: 0,
  });
  let { observation } = env.reset();
  return await seconds(SUCCESSOR_STEPS, {
    steps: 20_000,
    repeats: 20,
    run: () => {
      for (let i = 0; i < 20_000; i++) {
        observation = env.step(agent.act(observation)).observation;
        agent.update(observation);
      }
    },
  });
}

/** Plastic inhibition, successor matrices, and the motion of an animal. */
export async function measureArena(): Promise<Measurement[]> {
  const agent = new Stachenfeld2018(SUCCESSOR);
  const shared = { unit: "s", moreIsBetter: false };
  return [
    {
      name: "1,800,000 steps of plastic inhibition, 4900 + 1225 inputs",
      value: await weberSeconds(true),
      target: 6,
      ...shared,
    },
    {
      name: "the same, TypeScript",
      value: await weberSeconds(false),
      ...shared,
    },
    {
      name: "the way of a foraging animal, 1,800,000 steps",
      value: await seconds(WEBER_STEPS, {
        steps: 50_000,
        repeats: 10,
        run: () => void foragingPlaces(50_000, 1),
      }),
      ...shared,
    },
    {
      name: "1,000,000 steps of a successor matrix, 12 x 12 states",
      value: await seconds(SUCCESSOR_STEPS, {
        steps: 50_000,
        repeats: 20,
        run: () =>
          agent.updateSuccessorRepTdFull({ nEpisode: 500, tEpisode: 100 }),
      }),
      target: 0.6,
      ...shared,
    },
    {
      name: "the same, walking in Simple2D step by step",
      value: await roomSeconds(),
      ...shared,
    },
  ];
}

if (import.meta.main) {
  console.log(JSON.stringify(await measureArena(), null, 2));
}
