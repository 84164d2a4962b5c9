import { assertEquals, assertThrows } from "@std/assert";
import { box, discrete, multiDiscrete, type Space } from "../core/spaces.ts";
import { jointEnvironment } from "./joint_environment.ts";
import type { MultiAgentEnvironment } from "./multi_agent.ts";
import { twoStepGame } from "./reference/two_step_game.ts";

/** Writes down the actions it is given; agents have spaces of every kind. */
function recorder(actionSpaces: readonly Space[]) {
  const taken: unknown[] = [];
  const seen = () => ({
    observations: [2, Float32Array.of(0.5, -0.5)],
    state: Float32Array.of(7),
    info: {
      actionMasks: actionSpaces.map((_, agent) => Uint8Array.of(1, agent)),
      step: taken.length,
    },
  });
  const env: MultiAgentEnvironment = {
    id: "Recorder",
    numAgents: 2,
    observationSpaces: [discrete(4), box(-1, 1, { shape: [2] })],
    actionSpaces,
    stateSpace: box(0, 9, { shape: [1] }),
    maximumSteps: Infinity,
    reset: seen,
    step(actions) {
      taken.push(Array.from(actions));
      return {
        ...seen(),
        reward: 3,
        rewards: Float64Array.of(1, 2),
        terminated: false,
        truncated: true,
      };
    },
    saveState: () => ({ taken: taken.length }),
    loadState: ({ taken: length }) => void (taken.length = length as number),
  };
  return { env, taken };
}

Deno.test("jointEnvironment() puts observations, actions and masks behind one another", () => {
  const { env, taken } = recorder([discrete(2), multiDiscrete([2, 3])]);
  const joint = jointEnvironment(env);
  assertEquals(joint.observationSpace, box([0, -1, -1], [3, 1, 1]));
  assertEquals(joint.actionSpace, multiDiscrete([2, 2, 3]));
  const { observation, info } = joint.reset();
  assertEquals(observation, Float32Array.of(2, 0.5, -0.5));
  assertEquals(info, {
    actionMask: Uint8Array.of(1, 0, 1, 1),
    state: Float32Array.of(7),
    step: 0,
  });
  const result = joint.step(Int32Array.of(1, 0, 2));
  assertEquals(taken, [[1, Int32Array.of(0, 2)]]);
  assertEquals(result, {
    observation: Float32Array.of(2, 0.5, -0.5),
    reward: 3,
    terminated: false,
    truncated: true,
    info: {
      actionMask: Uint8Array.of(1, 0, 1, 1),
      state: Float32Array.of(7),
      rewards: Float64Array.of(1, 2),
      step: 1,
    },
  });
  assertEquals(joint.saveState(), { taken: 1 });
  joint.loadState({ taken: 0 });
  assertEquals(taken, []);
});

Deno.test("jointEnvironment() joins boxes of actions", () => {
  const each = box(-1, 2, { shape: [1] });
  const { env, taken } = recorder([each, each]);
  const joint = jointEnvironment(env);
  assertEquals(joint.actionSpace, box([-1, -1], [2, 2]));
  joint.step(Float32Array.of(-0.5, 1.5));
  assertEquals(taken, [[Float32Array.of(-0.5), Float32Array.of(1.5)]]);
});

Deno.test("jointEnvironment() throws for what it cannot join or take", () => {
  const { env, taken } = recorder([discrete(2), box(0, 1, { shape: [1] })]);
  assertThrows(
    () => jointEnvironment(env),
    TypeError,
    "Cannot join the actions of Recorder, some of which lie in Box(1)",
  );
  const joint = jointEnvironment(twoStepGame());
  joint.reset();
  for (const action of [[0], [0, 2], [0, 0, 0], [-1, 0]]) {
    assertThrows(
      () => joint.step(Int32Array.from(action)),
      RangeError,
      "MultiDiscrete(2, 2)",
    );
  }
  assertEquals(taken, []);
});
