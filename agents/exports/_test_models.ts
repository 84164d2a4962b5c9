/**
 * A model of every kind that there is, with weights of chance.
 *
 * @module
 */
import { describeSpace, sample, type Space } from "../../core/spaces.ts";
import { Random } from "../../core/random.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import {
  type EnvironmentSpec,
  makeEnvironment,
  makeMultiAgentEnvironment,
  makeVectorEnvironment,
} from "../../envs/registry.ts";
import { createDdpg } from "../ddpg/ddpg.ts";
import { createDqn } from "../dqn/dqn.ts";
import { type AgentName, agentOf, type LoadedAgent } from "../model.ts";
import type { ModelContent } from "../model.ts";
import { createPpo, PPO_DEFAULTS } from "../ppo/ppo.ts";
import { discretiser } from "../q_learning/discretisers.ts";
import { createQmix } from "../qmix/qmix.ts";
import { createIndependentSac } from "../sac_gru/independent_sac.ts";
import { createSacGru } from "../sac_gru/sac_gru.ts";
import type { Trainer } from "../trainer.ts";
import { trainTo } from "../_test_trainers.ts";

/** A model to be made. */
export interface TestModel {
  /** What it is called. */
  readonly name: string;
  readonly agent: AgentName;
  readonly environment: EnvironmentSpec;
  readonly settings: JsonRecord;
}

const OUTAGES = [{ server: 0, from: 1, to: 2 }];
const spec = (id: string, options: JsonRecord = {}) => ({ id, options });
const CHOICE = spec("LoadBalance-v1", { numServers: 3, outages: OUTAGES });
const TEAM = spec("MultiAgentLoadBalance-v1", {
  numAgents: 2,
  numServers: 6,
  serversPerAgent: 3,
});
const WIDTHS = { netArch: [16, 12] };
const SAC = { ...WIDTHS, gruUnits: 8, encoderArch: [10], bufferSize: 200 };

const model = (
  name: string,
  agent: AgentName,
  environment: EnvironmentSpec,
  settings: JsonRecord,
): TestModel => ({ name, agent, environment, settings });

/** All kinds of models. */
export const TEST_MODELS: readonly TestModel[] = [
  model("dqn", "dqn", spec("Autoscaling-v1"), WIDTHS),
  model("dqn-dueling", "dqn", spec("Acrobot-v1"), { ...WIDTHS, dueling: true }),
  model("dqn-masked", "dqn", CHOICE, { ...WIDTHS, dueling: true }),
  model("ppo", "ppo", CHOICE, WIDTHS),
  model("ppo-normalised", "ppo", spec("CartPole-v1"), {
    ...WIDTHS,
    normalizeObservations: true,
    activation: "gelu",
  }),
  ...["relu", "elu", "sigmoid", "softplus", "leakyRelu", "silu"].map((
    activation,
  ) =>
    model(`ppo-${activation}`, "ppo", spec("Pendulum-v1"), {
      ...WIDTHS,
      normalizeRewards: true,
      activation,
    })
  ),
  model("queueing-control", "dqn", spec("QueueingControl-v1"), WIDTHS),
  ...(["ddpg", "td3", "bc", "iql", "td3-bc"] as const).map((agent) =>
    model(agent, agent, spec("SDN-v1"), WIDTHS)
  ),
  model("sac-gru", "sac-gru", CHOICE, SAC),
  model("sac-gru-box", "sac-gru", spec("Pendulum-v1"), SAC),
  model("sac-gru-no-encoder", "sac-gru", spec("Pendulum-v1"), {
    ...SAC,
    encoderArch: [],
  }),
  model("sac", "sac-gru", CHOICE, { ...SAC, recurrent: false }),
  model("independent-sac", "independent-sac", {
    ...TEAM,
    options: { ...TEAM.options, outages: OUTAGES },
  }, SAC),
  model("qmix", "qmix", {
    ...TEAM,
    options: { ...TEAM.options, outages: OUTAGES },
  }, { ...WIDTHS, hiddenSize: 8 }),
  model("vdn-apart", "qmix", TEAM, {
    netArch: [],
    hiddenSize: 8,
    mixer: "vdn",
    shareParameters: false,
    obsAgentId: false,
  }),
  model("vdn-plain", "qmix", TEAM, {
    ...WIDTHS,
    mixer: "vdn",
    recurrent: false,
    obsLastAction: false,
  }),
  model("table", "qlearning", spec("Autoscaling-v1"), {
    states: "demand-ratio",
  }),
  model(
    "table-original",
    "qlearning",
    spec("Autoscaling-v1", { mode: "reference" }),
    { states: "original" },
  ),
  model("table-states", "qlearning", spec("CliffWalking-v1"), {
    states: "identity",
  }),
];

function trainerOf({ agent, environment, settings }: TestModel): Trainer {
  const run = { seed: 5, totalTimesteps: 100, settings };
  const copies = () => makeVectorEnvironment(environment, 1);
  const team = () => makeMultiAgentEnvironment(environment);
  switch (agent) {
    case "dqn":
      return createDqn(copies(), run);
    case "ppo":
      return createPpo(copies(), {
        ...run,
        settings: { ...settings, nSteps: 16, batchSize: 16, nEpochs: 1 },
      });
    case "sac-gru":
      return createSacGru(copies(), run);
    case "independent-sac":
      return createIndependentSac(team(), run);
    case "qmix":
      return createQmix(team(), {
        ...run,
        settings: { ...settings, bufferSize: 8, batchSize: 4 },
      });
    default:
      return createDdpg(copies(), run);
  }
}

/** A table of chance, in which some states were never met. */
function tableOf(states: number, actions: number): ModelContent["tensors"] {
  const random = new Random(3);
  const visits = Uint32Array.from(
    { length: states },
    () => random.integer(0, 2),
  );
  const data = Float64Array.from(
    { length: states * actions },
    (_, i) => visits[Math.floor(i / actions)] && random.uniform(-5, 5),
  );
  return {
    weights: {
      table: { shape: [states, actions], data },
      visits: { shape: [states], data: visits },
    },
  };
}

/** What a file of the model would hold; needs a backend. */
export async function contentOf(given: TestModel): Promise<ModelContent> {
  const { name, agent, environment, settings } = given;
  const { observationSpace, actionSpace } = makeEnvironment(environment);
  const config = {
    agent,
    name,
    environment,
    observationSpace: describeSpace(observationSpace),
    actionSpace: describeSpace(actionSpace),
    settings: agent === "ppo" ? { ...PPO_DEFAULTS, ...settings } : settings,
    timesteps: 100,
    seed: 5,
    device: "cpu",
  } as unknown as JsonRecord;
  if (agent === "qlearning") {
    const states = observationSpace.kind === "discrete"
      ? observationSpace.n
      : discretiser(String(settings.states)).states;
    const actions = actionSpace.kind === "discrete" ? actionSpace.n : 0;
    return { config, tensors: tableOf(states, actions) };
  }
  const trainer = trainerOf(given);
  // Statistics of observations come with steps.
  if (settings.normalizeObservations) await trainTo(trainer, 16);
  const { tensors } = await trainer.save();
  trainer.dispose();
  return { config, tensors };
}

/** The agent of {@linkcode contentOf}. */
export async function testAgent(
  given: TestModel,
): Promise<LoadedAgent<ModelContent>> {
  return agentOf(await contentOf(given));
}

/** Rows of observations of chance. */
export function randomRows(
  space: Space,
  rows: number,
  random: Random,
): Float32Array {
  return Float32Array.from(
    Array.from({ length: rows }, () => sample(space, random)).flatMap((value) =>
      typeof value === "number" ? [value] : [...value]
    ),
  );
}

/** Rows of masks of chance, with one allowed action at least. */
export function randomMasks(
  space: Space,
  rows: number,
  random: Random,
): Uint8Array {
  const sizes = space.kind === "box"
    ? []
    : space.kind === "discrete"
    ? [space.n]
    : space.sizes;
  return Uint8Array.from(
    Array.from({ length: rows }, () => sizes).flat().flatMap((size) => {
      const allowed = random.integer(0, size - 1);
      return Array.from(
        { length: size },
        (_, i) => i === allowed || random.uniform() < 0.5 ? 1 : 0,
      );
    }),
  );
}
