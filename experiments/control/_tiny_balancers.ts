/**
 * Small models that balance load, for tests: of random weights, which differ
 * from what any rule does.
 *
 * @module
 */
import {
  agentOf,
  type LoadedAgent,
  type LoadOptions,
} from "../../agents/model.ts";
import { QmixAgent } from "../../agents/qmix/qmix_agent.ts";
import { SacGruAgent } from "../../agents/sac_gru/sac_gru_agent.ts";
import { readArchive } from "../../core/archive.ts";
import { spaceSize } from "../../core/spaces.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import {
  makeEnvironment,
  makeMultiAgentEnvironment,
} from "../../envs/registry.ts";
import { selectDevice } from "../../learning/devices.ts";

/**
 * Writes a model of SAC-GRU.
 *
 * @param path Where to.
 * @param options Of its environment.
 * @param id Which environment; one agent acts for a team.
 */
export async function writeSacBalancer(
  path: string,
  options: JsonRecord,
  id: string = "LoadBalance-v1",
): Promise<void> {
  await selectDevice("cpu", { parameters: 1, batchSize: 1 });
  const environment = { id, options };
  const { observationSpace, actionSpace } = makeEnvironment(environment);
  const agent = new SacGruAgent({
    obsDim: spaceSize(observationSpace),
    actionDim: spaceSize(actionSpace),
    actionSpace,
    seed: 3,
    settings: { gruUnits: 8, netArch: [8], bufferSize: 1000 },
    environment,
  });
  await agent.save(path);
}

/**
 * Writes a model of QMIX.
 *
 * @param path Where to.
 * @param options Of `MultiAgentLoadBalance-v1`, with discrete actions.
 */
export async function writeQmixBalancer(
  path: string,
  options: JsonRecord,
): Promise<void> {
  await selectDevice("cpu", { parameters: 1, batchSize: 1 });
  const environment = { id: "MultiAgentLoadBalance-v1", options };
  const env = makeMultiAgentEnvironment(environment);
  const agent = new QmixAgent({
    numAgents: env.numAgents,
    obsDim: spaceSize(env.observationSpaces[0]),
    actionDim: env.actionSpaces[0].kind === "discrete"
      ? env.actionSpaces[0].n
      : 0,
    seed: 3,
    settings: { netArch: [8], hiddenSize: 8 },
    environment,
  });
  await agent.save(path);
}

/**
 * A model that is written and loaded.
 *
 * @param write Writes it.
 * @param load How it is loaded.
 */
export async function loadedFrom(
  write: (path: string) => Promise<void>,
  load?: LoadOptions,
): Promise<LoadedAgent> {
  const path = await Deno.makeTempFile({ suffix: ".zip" });
  try {
    await write(path);
    return agentOf(await readArchive(path), load);
  } finally {
    await Deno.remove(path);
  }
}
