import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { Random } from "../core/random.ts";
import {
  discrete,
  multiDiscrete,
  type Space,
  type SpaceValue,
} from "../core/spaces.ts";
import { useBackend } from "./_test_trainers.ts";
import { loadAgent } from "./model.ts";
import {
  modelEnvironment,
  modelTeam,
  savedSpace,
  UNNAMED_ENVIRONMENT,
  unnamedSpec,
} from "./model_environment.ts";
import { QmixAgent } from "./qmix/qmix_agent.ts";
import { SacGruAgent } from "./sac_gru/sac_gru_agent.ts";

const SPACES: Record<string, Space | undefined> = {
  box: undefined,
  discrete: discrete(3),
  "multi-discrete": multiDiscrete([3, 2]),
};

/** What was saved, loaded again. */
async function savedAndLoaded(agent: { save(path: string): Promise<void> }) {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "model.zip");
    await agent.save(path);
    return await loadAgent(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const numbersOf = (action: SpaceValue) =>
  typeof action === "number" ? [action] : [...action];

for (const [kind, actionSpace] of Object.entries(SPACES)) {
  Deno.test(`loadAgent() loads a SacGruAgent of ${kind} actions that names no environment`, async () => {
    await useBackend("cpu");
    const agent = new SacGruAgent({
      obsDim: 4,
      actionDim: 2,
      actionSpace,
      settings: { gruUnits: 8, netArch: [8], bufferSize: 100 },
    });
    const loaded = await savedAndLoaded(agent);
    const random = new Random(1);
    agent.resetPolicy();
    for (let step = 0; step < 3; step++) {
      const seen = Float32Array.from(
        { length: 4 },
        () => random.uniform(-1, 1),
      );
      const acted = numbersOf(loaded.act(seen));
      const wanted = numbersOf(agent.bestAction(seen));
      acted.forEach((value, i) =>
        assertEquals(Math.abs(value - wanted[i]) < 1e-5, true)
      );
    }
    assertThrows(
      () => loaded.makeEnvironment().reset(),
      Error,
      "Cannot play in an unnamed environment",
    );
    agent.dispose();
  });
}

Deno.test("loadAgent() loads a QmixAgent that names no environment", async () => {
  await useBackend("cpu");
  const agent = new QmixAgent({
    numAgents: 2,
    obsDim: 3,
    actionDim: 4,
    settings: { netArch: [8], hiddenSize: 8 },
  });
  const loaded = await savedAndLoaded(agent);
  assertEquals(loaded.config.environment.id, UNNAMED_ENVIRONMENT);
  const random = new Random(1);
  agent.resetPolicy();
  for (let step = 0; step < 3; step++) {
    const seen = Float32Array.from({ length: 6 }, () => random.uniform(-1, 1));
    assertEquals(loaded.act(seen), agent.bestActions(seen));
  }
  agent.dispose();
});

Deno.test("unnamedSpec() asks for sizes that are whole numbers", () => {
  for (
    const sizes of [null, 3, { obsDim: 0 }, { obsDim: 1e9 }, { obsDim: 1.5 }, {
      obsDim: "4",
    }]
  ) {
    assertEquals(unnamedSpec({ sizes }), undefined);
  }
  const sizes = { numAgents: 2, obsDim: 3, actionDim: 4, stateDim: 5 };
  const spec = unnamedSpec({ sizes })!;
  assertEquals(modelTeam(spec).stateSpace.shape, [5]);
  assertEquals(modelEnvironment(spec).observationSpace.kind, "box");
  assertEquals(
    modelEnvironment({ id: "CartPole-v1", options: {} }).id,
    "CartPole-v1",
  );
});

Deno.test("savedSpace() throws for what is no space", () => {
  assertThrows(() => savedSpace({ kind: "text" }), SyntaxError, '"text"');
  assertThrows(() => savedSpace({ kind: "discrete", n: 0 }), RangeError);
  const [low, high] = [[0], [1]];
  for (
    const saved of [
      { kind: "multi-discrete" },
      { kind: "box", low, high },
      { kind: "box", low, high, shape: {} },
    ]
  ) assertThrows(() => savedSpace(saved), SyntaxError);
});
