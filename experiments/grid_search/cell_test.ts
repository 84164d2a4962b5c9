import { assertEquals, assertRejects } from "@std/assert";
import { InterruptedError } from "../../core/script.ts";
import { type Cell, cellPipeline, readResult, trainCell } from "./cell.ts";

function cell(folder: string, changes: Partial<Cell> = {}): Cell {
  return {
    learningRate: 1e-3,
    width: 4,
    seed: 2,
    episodes: 3,
    evaluateEvery: 1,
    pipeline: {
      agentType: "qmix",
      numAgents: 2,
      numServers: 4,
      episodeSeconds: 2,
    },
    folder,
    ...changes,
  };
}

Deno.test("a cell's width is that of all layers, whoever learns", async () => {
  const settingsOf = async (pipeline: Cell["pipeline"]) => {
    const run = await cellPipeline(cell("/x", { pipeline })).run(2);
    const { netArch, gruUnits, hiddenSize, learningRate } = run
      .settings as Record<string, unknown>;
    return [netArch, gruUnits ?? hiddenSize, learningRate];
  };
  for (
    const pipeline of [
      { agentType: "qmix" },
      { agentType: "sac-gru" },
      { agentType: "independent" },
      { agentType: "independent", learner: "q-learning" },
    ] as const
  ) {
    assertEquals(await settingsOf(pipeline), [[4], 4, 1e-3]);
  }
});

Deno.test("trainCell() goes on from its newest checkpoint to the same result", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const whole = await trainCell(cell(`${folder}/whole`));
    const stopped = cell(`${folder}/stopped`);
    const controller = new AbortController();
    await assertRejects(
      () =>
        trainCell(stopped, {
          signal: controller.signal,
          onProgress: (timesteps) => timesteps === 13 && controller.abort(),
        }),
      InterruptedError,
      "after 13 of 24 steps",
    );
    assertEquals(await readResult(stopped.folder), undefined);
    let first = NaN;
    const result = await trainCell(stopped, {
      onProgress: (timesteps) =>
        first = Number.isNaN(first) ? timesteps : first,
    });
    assertEquals(first, 14);
    assertEquals({ ...result, model: "" }, { ...whole, model: "" });
    assertEquals(await readResult(stopped.folder), result);
    assertEquals(
      await Deno.readFile(`${stopped.folder}/logs/agent_eval/evaluations.npz`),
      await Deno.readFile(`${folder}/whole/logs/agent_eval/evaluations.npz`),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
