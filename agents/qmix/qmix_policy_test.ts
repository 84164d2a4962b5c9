import {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { Random } from "../../core/random.ts";
import { jointEnvironment } from "../../envs/joint_environment.ts";
import {
  parameterCount,
  parameterVariable,
} from "../../learning/parameters.ts";
import { maskedTeam, memoryTeam, unlikeTeam } from "../_test_teams.ts";
import { trainTo, useBackend } from "../_test_trainers.ts";
import type { Policy } from "../policy.ts";
import { createQmix } from "./qmix.ts";
import {
  createActingTeam,
  createTeamPolicy,
  qmixPolicy,
} from "./qmix_policy.ts";
import { qmixSettings, utilityShape } from "./qmix_settings.ts";
import { teamOf } from "../team.ts";
import {
  createUtilityNetwork,
  initialUtilityParameters,
  utilityLayout,
} from "./utility_network.ts";

const SETTINGS = qmixSettings({ netArch: [5], hiddenSize: 6 });

/** Random observations of a team that sees two values each, and no masks. */
function observed(rows: number, random: Random): Float32Array {
  return Float32Array.from({ length: 4 * rows }, () => random.normal());
}

/** Acts by the number of steps it remembers, and by what it sees. */
function memoryPolicy(): Policy {
  const team = teamOf(memoryTeam());
  const shape = utilityShape(team, SETTINGS);
  return createTeamPolicy(team, {
    shape,
    forward(inputs, memory, outputs) {
      for (let row = 0; row < outputs.length / 2; row++) {
        const steps = memory[row * shape.hiddenSize]++;
        const seen = inputs[row * shape.inputs] > 0 ? 1 : 0;
        outputs[2 * row + (steps + seen) % 2] = 1;
        outputs[2 * row + (steps + seen + 1) % 2] = 0;
      }
    },
  }, SETTINGS);
}

Deno.test("createTeamPolicy() remembers row by row and forgets when told to", () => {
  const random = new Random(2);
  const everything = new Uint8Array(12).fill(1);
  const steps = Array.from({ length: 30 }, () => observed(3, random));
  const play = (rows: readonly number[], resetAt = -1) => {
    const policy = memoryPolicy();
    return steps.map((all, step) => {
      const some = rows.flatMap((
        row,
      ) => [...all.subarray(4 * row, 4 * row + 4)]);
      const actions = new Int32Array(2 * rows.length);
      if (step === resetAt) policy.reset?.(1);
      policy.act(Float32Array.from(some), everything, actions);
      return [...actions];
    });
  };
  const all = play([0, 1, 2]);
  // Each row as if it were alone.
  for (const row of [0, 1, 2]) {
    const own = all.map((actions) => actions.slice(2 * row, 2 * row + 2));
    assertEquals(play([row]), own);
  }
  // Forgetting changes what the second row does, and only that.
  const forgotten = play([0, 1, 2], 11);
  const rowOf = (played: number[][], row: number) =>
    played.map((actions) => actions.slice(2 * row, 2 * row + 2));
  assertEquals(rowOf(forgotten, 0), rowOf(all, 0));
  assertEquals(rowOf(forgotten, 2), rowOf(all, 2));
  assertNotEquals(rowOf(forgotten, 1), rowOf(all, 1));
  assertEquals(rowOf(forgotten, 1).slice(0, 11), rowOf(all, 1).slice(0, 11));
});

Deno.test("createTeamPolicy() tells agents what they did last, until it forgets", () => {
  const team = teamOf(memoryTeam());
  const told = { obsAgentId: false, obsLastAction: true };
  const seen: number[][] = [];
  const policy = createTeamPolicy(team, {
    shape: utilityShape(team, { ...SETTINGS, ...told }),
    forward(inputs, _memory, outputs) {
      // Behind two observed values of each agent.
      seen.push([2, 3, 6, 7].map((i) => inputs[i]));
      outputs.set([0, 1, 1, 0]);
    },
  }, told);
  const step = () =>
    policy.act(
      new Float32Array(4),
      new Uint8Array(4).fill(1),
      new Int32Array(2),
    );
  for (const forget of [false, false, true]) {
    if (forget) policy.reset?.();
    step();
  }
  assertEquals(seen, [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]);
});

Deno.test("createTeamPolicy() takes no action that is masked", () => {
  const env = maskedTeam();
  const team = teamOf(env);
  const shape = utilityShape(team, SETTINGS);
  const random = new Random(3);
  for (let trial = 0; trial < 20; trial++) {
    const parameters = initialUtilityParameters(shape, random);
    const policy = createTeamPolicy(
      team,
      createUtilityNetwork(shape, parameters),
      SETTINGS,
    );
    const joint = jointEnvironment(env);
    let { observation, info } = joint.reset({ seed: trial });
    for (let over = false; !over;) {
      const actions = new Int32Array(2);
      policy.act(observation, info.actionMask!, actions);
      // The environment throws for masked ones.
      const result = joint.step(actions);
      ({ observation, info } = result);
      over = result.terminated || result.truncated;
    }
  }
});

Deno.test("createTeamPolicy() cuts rows of unlike agents where they belong", () => {
  const team = teamOf(unlikeTeam());
  const told = { obsAgentId: false, obsLastAction: false };
  const shape = utilityShape(team, { ...SETTINGS, ...told });
  const seen: number[][] = [];
  const policy = createTeamPolicy(team, {
    shape,
    forward(inputs, _memory, outputs) {
      seen.push([...inputs]);
      // Prefers the last choice, also where there is none.
      outputs.forEach((_, i) => outputs[i] = i % 3);
    },
  }, told);
  assertEquals([policy.observationSize, policy.actionSize], [6, 4]);
  const actions = new Int32Array(8);
  const row = [1, 2, 3, 4, 5, 6];
  const masks = Uint8Array.of(
    ...[1, 1, 1, 1, 1, 1, 1, 1, 1],
    ...[1, 1, 0, 1, 0, 0, 1, 1, 0],
  );
  policy.act(Float32Array.from([...row, ...row]), masks, actions);
  assertEquals([...actions], [2, 1, 1, 1, 1, 0, 1, 0]);
  const padded = [1, 2, 3, 4, 5, 6, 0, 0, 0, 0];
  assertEquals(seen, [[...padded, ...padded]]);
});

Deno.test("qmixPolicy() acts as the trainer did when it was saved", async () => {
  await useBackend("native");
  for (
    const changes of [{}, { shareParameters: false }, { recurrent: false }]
  ) {
    const settings = qmixSettings({ ...SETTINGS, ...changes, batchSize: 4 });
    const env = memoryTeam();
    const trainer = createQmix(env, { seed: 1, totalTimesteps: 100, settings });
    await trainTo(trainer, 60);
    const policy = qmixPolicy(env, settings, await trainer.save());
    const random = new Random(4);
    const masks = new Uint8Array(4).fill(1);
    const [own, saved] = [new Int32Array(2), new Int32Array(2)];
    for (let step = 0; step < 40; step++) {
      const observation = observed(1, random);
      trainer.policy.act(observation, masks, own);
      policy.act(observation, masks, saved);
      assertEquals(saved, own);
    }
    trainer.dispose();
  }
  assertThrows(
    () => qmixPolicy(memoryTeam(), SETTINGS, { tensors: {} }),
    TypeError,
    '"agent.in.0.weight": found none',
  );
});

Deno.test("createActingTeam() computes the same compiled, eagerly and for several rows", async () => {
  const team = teamOf(memoryTeam());
  for (
    const changes of [{}, { shareParameters: false }, { recurrent: false }]
  ) {
    const shape = utilityShape(team, { ...SETTINGS, ...changes });
    const parameters = initialUtilityParameters(shape, new Random(5));
    assertEquals(parameters.length, parameterCount(utilityLayout(shape)));
    const random = new Random(6);
    const draw = (length: number) =>
      Float32Array.from({ length }, () => random.normal());
    const inputs = draw(4 * shape.inputs);
    const memory = draw(4 * shape.hiddenSize);
    const found: number[][] = [];
    for (const device of ["wasm", "native"] as const) {
      await useBackend(device);
      // More may follow: the mixer's parameters lie behind.
      const variable = parameterVariable(Float32Array.of(...parameters, 9, 9));
      const network = createActingTeam(shape, { variable, parameters });
      for (const rows of [1, 2]) {
        const remembered = memory.slice(0, 2 * rows * shape.hiddenSize);
        const outputs = new Float32Array(2 * rows * shape.outputs);
        const given = inputs.slice(0, 2 * rows * shape.inputs);
        network.forward(given, remembered, outputs);
        // The first row's agents alone.
        found.push([
          ...remembered.subarray(0, 2 * shape.hiddenSize),
          ...outputs.subarray(0, 2 * shape.outputs),
        ]);
      }
      network.dispose();
      variable.dispose();
    }
    for (const other of found) {
      other.forEach((value, i) => assertAlmostEquals(value, found[0][i], 1e-5));
    }
  }
});
