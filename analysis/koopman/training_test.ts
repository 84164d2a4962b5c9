import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { selectDevice } from "../../learning/devices.ts";
import { parameterVariable } from "../../learning/parameters.ts";
import {
  assignValues,
  autoencoderLayout,
  firstParameters,
  type KoopmanTrainingState,
  pairedCounts,
  trainSteps,
} from "./training.ts";
import { trajectoriesOf } from "./trajectories.ts";

await selectDevice("cpu", { parameters: 10, batchSize: 1 });

/** Each step adds a draw to a variable; its loss is the number of the step. */
function loop(options: Partial<Parameters<typeof trainSteps>[0]> = {}) {
  const random = new Random(4);
  const variable = parameterVariable(Float32Array.of(0));
  const losses = trainSteps({
    steps: 10,
    unit: "update",
    lossesEvery: 4,
    random,
    variables: [variable],
    async update(step) {
      const [value] = await variable.data();
      assignValues(variable, Float32Array.of(value + random.uniform()));
      return step;
    },
    ...options,
  });
  return losses.then((losses) => ({ losses, value: variable.dataSync()[0] }));
}

Deno.test("trainSteps() goes on from each of its checkpoints to the same end", async () => {
  const states: KoopmanTrainingState[] = [];
  const whole = await loop({
    checkpointEvery: 3,
    onCheckpoint: (state) => void states.push(state),
  });
  assertEquals([...whole.losses], [2.5, 6.5]);
  assertEquals(states.map(({ step }) => step), [3, 6, 9, 10]);
  for (const from of states) assertEquals(await loop({ from }), whole);
});

Deno.test("trainSteps() saves where it is stopped", async () => {
  const stop = new AbortController();
  const states: KoopmanTrainingState[] = [];
  await loop({
    signal: stop.signal,
    onStep: (step) => step === 5 ? stop.abort() : undefined,
    onCheckpoint: (state) => void states.push(state),
  });
  assertEquals(states.map(({ step }) => step), [5]);
  assertEquals(await loop({ from: states[0] }), await loop());
});

Deno.test("trainSteps() refuses a loss that is no number, and another's state", async () => {
  await assertRejects(
    () => loop({ update: () => Promise.resolve(NaN) }),
    Error,
    "the loss is NaN in update 1",
  );
  const from = {
    step: 1,
    random: new Random(0).saveState(),
    variables: [new Float32Array(2)],
    losses: [],
    sum: 0,
  };
  await assertRejects(() => loop({ from }), TypeError, "another training");
});

Deno.test("parameters are encoder, decoder and operator", () => {
  const networks = autoencoderLayout(
    { encoderSizes: [2, 3, 4], decoderSizes: [4, 2] },
    [{ name: "operator", shape: [4] }],
  );
  assertEquals(networks.encoderSize, 9 + 16);
  assertEquals(networks.networkSize, 25 + 10);
  const first = firstParameters(networks, [1, 2, 3, 4], new Random(0));
  assertEquals([...first.slice(-4)], [1, 2, 3, 4]);
  assertEquals(first.length, 39);
});

Deno.test("pairedCounts() refuses series without a pair", () => {
  assertEquals(pairedCounts(trajectoriesOf({ q: [[1, 2], [3, 4, 5]] }, 1)), [
    2,
    3,
  ]);
  assertThrows(
    () => pairedCounts(trajectoriesOf({ q: [[1, 2], [3]] }, 1)),
    RangeError,
    "series 2 of 2: it has 1 sample",
  );
  assertThrows(
    () => pairedCounts(trajectoriesOf({ q: [[3, 3], [3, 3]] }, 1)),
    RangeError,
    "q changes: it never does",
  );
});
