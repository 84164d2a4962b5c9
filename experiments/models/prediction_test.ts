import { assert, assertEquals } from "@std/assert";
import { TEST_MODELS, testAgent } from "../../agents/exports/_test_models.ts";
import { agentOf, type LoadedAgent } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import { Random } from "../../core/random.ts";
import { sample } from "../../core/spaces.ts";
import { selectDevice } from "../../learning/devices.ts";
import { tinyModel } from "./_tiny_model.ts";
import {
  copyAgent,
  createPredictor,
  remembers,
  rowPredictor,
} from "./prediction.ts";

/** An agent with memory, from a file. */
async function recurrent(): Promise<LoadedAgent> {
  await selectDevice("cpu", { parameters: 1, batchSize: 1 });
  const given = TEST_MODELS.find(({ name }) => name === "sac-gru-box")!;
  const { archive } = await testAgent(given);
  return agentOf(decodeArchive(encodeArchive(archive), { name: "a" }));
}

function observationsOf(agent: LoadedAgent, count: number) {
  const { observationSpace } = agent.makeEnvironment();
  const random = new Random(4);
  return Array.from({ length: count }, () => ({
    observation: sample(observationSpace, random),
  }));
}

Deno.test("createPredictor() remembers until an episode begins", async () => {
  const agent = await recurrent();
  const predictor = createPredictor(agent);
  const inputs = observationsOf(agent, 4);
  const first = inputs.map((input) => predictor.predict(input));
  assertEquals(predictor.steps, 4);
  const again = predictor.predict({ ...inputs[0], reset: true });
  assertEquals(again, first[0]);
  assertEquals(predictor.steps, 1);
  const other = predictor.predict(inputs[0]);
  assert(JSON.stringify(other) !== JSON.stringify(again));
});

Deno.test("copyAgent() gives a memory of its own", async () => {
  const agent = await recurrent();
  assertEquals(remembers(agent), true);
  const one = createPredictor(agent);
  const two = createPredictor(copyAgent(agent));
  for (const input of observationsOf(agent, 3)) {
    assertEquals(one.predict(input), two.predict(input));
  }
});

Deno.test("rowPredictor() takes each row for the first of an episode", async () => {
  const agent = await recurrent();
  const predictRows = rowPredictor(agent, agent.makeEnvironment());
  const inputs = observationsOf(agent, 3);
  const predictor = createPredictor(copyAgent(agent));
  const expected = inputs.map((input) =>
    predictor.predict({ ...input, reset: true })
  );
  assertEquals(predictRows(inputs), expected);
  assertEquals(predictRows([]), []);
});

Deno.test("rowPredictor() obeys the mask of each row", () => {
  const agent = agentOf(
    decodeArchive(encodeArchive(tinyModel()), { name: "a" }),
  );
  assertEquals(remembers(agent), false);
  const predictRows = rowPredictor(agent, agent.makeEnvironment());
  const [{ observation }] = observationsOf(agent, 1);
  assertEquals(
    predictRows([
      { observation, actionMask: Uint8Array.of(0, 0, 1) },
      { observation },
      { observation, actionMask: Uint8Array.of(1, 0, 0) },
    ]).map(({ action }) => action),
    [2, 1, 0],
  );
});
