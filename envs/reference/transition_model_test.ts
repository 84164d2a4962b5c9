import { assert, assertEquals, assertThrows } from "@std/assert";
import { cliffWalkingModel } from "./cliff_walking.ts";
import {
  frozenLake,
  type FrozenLakeMap,
  frozenLakeModel,
} from "./frozen_lake.ts";
import peer from "./gymnasium_trajectories.json" with { type: "json" };
import { type TransitionModel, transitionModel } from "./transition_model.ts";
import { numbers } from "./_trajectories.ts";

function rows(model: TransitionModel): number[][] {
  const found: number[][] = [];
  model.probabilities.forEach((probability, i) => {
    if (probability === 0) return;
    found.push([
      probability,
      model.nextStates[i],
      model.rewards[i],
      model.terminations[i],
    ]);
  });
  return found;
}

const MODELS: Record<keyof typeof peer.transitions, TransitionModel> = {
  "FrozenLake-v1": frozenLakeModel(),
  "FrozenLake8x8-v1": frozenLakeModel({ map: "8x8" }),
  "FrozenLake-v1 sure": frozenLakeModel({ slippery: false }),
  "FrozenLake-v1 0.8": frozenLakeModel({ successRate: 0.8 }),
  "CliffWalking-v1": cliffWalkingModel(),
  "CliffWalkingSlippery-v1": cliffWalkingModel({ slippery: true }),
};

Deno.test("models have Gymnasium's transitions", () => {
  for (const [name, model] of Object.entries(MODELS)) {
    const table = peer.transitions[name as keyof typeof MODELS];
    assertEquals(rows(model), table.split("\n").map(numbers), name);
    assertEquals(model.start.indexOf(1), name.startsWith("Cliff") ? 36 : 0);
  }
});

Deno.test("modelDynamics() draws outcomes as often as the model says", () => {
  // 30000 steps to the right from the corner, slippery: down, right or (up)
  // nowhere with .1, .8, .1. Six standard errors: 420 and 312 (2e-9 each).
  const environment = frozenLake({ successRate: 0.8 });
  environment.reset({ seed: 8 });
  const counts = new Map<number, number>();
  for (let i = 0; i < 30000; i++) {
    environment.reset();
    const { observation } = environment.step(2);
    counts.set(observation, (counts.get(observation) ?? 0) + 1);
  }
  assertEquals([...counts.keys()].sort(), [0, 1, 4]);
  assert(Math.abs(counts.get(1)! - 24000) < 420, `${counts.get(1)}`);
  assert(Math.abs(counts.get(0)! - 3000) < 312, `${counts.get(0)}`);
  assert(Math.abs(counts.get(4)! - 3000) < 312, `${counts.get(4)}`);
});

Deno.test("frozenLake() ends in holes and at the goal", () => {
  const environment = frozenLake({ slippery: false });
  const walk = (actions: number[]) => {
    environment.reset({ seed: 0 });
    return actions.map((action) => {
      const { observation, reward, terminated } = environment.step(action);
      return [observation, reward, terminated];
    });
  };
  assertEquals(walk([2, 1]), [[1, 0, false], [5, 0, true]]);
  assertEquals(walk([1, 1, 2, 1, 2, 2]).slice(-2), [
    [14, 0, false],
    [15, 1, true],
  ]);
});

Deno.test("frozenLake() refuses unknown lakes and rates", () => {
  assertThrows(
    () => frozenLake({ map: "5x5" as FrozenLakeMap }),
    RangeError,
    'lake "5x5", expected one of 4x4, 8x8',
  );
  for (const successRate of [-0.1, 1.1, NaN]) {
    assertThrows(() => frozenLake({ successRate }), RangeError);
  }
});

Deno.test("transitionModel() refuses probabilities that do not add up", () => {
  assertThrows(
    () =>
      transitionModel(
        () => [{ probability: 0.9, nextState: 0, reward: 0, terminated: true }],
        { states: 1, actions: 1, startStates: [0] },
      ),
    RangeError,
    "probability 0.9 in all (state 0, action 0), expected 1",
  );
});
