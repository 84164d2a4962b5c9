/**
 * Teams that learned utilities (QMIX, VDN, IQL) in other formats.
 *
 * @module
 */
import type { JsonRecord } from "../../core/state_json.ts";
import {
  type NamedArrays,
  type NetworkWriter,
  writeGruStep,
  writePerceptron,
} from "../../learning/exports/network_writer.ts";
import {
  type QmixSettings,
  qmixSettings,
  utilityShape,
} from "../qmix/qmix_settings.ts";
import { type Team, teamOf, type TeamSpaces } from "../team.ts";
import type { PolicyPlaces, WrittenPolicy } from "./_policy_parts.ts";

/** Where in a network's inputs the parts of a row go, as `writeInputs` does. */
function inputLayer(team: Team, settings: QmixSettings, agent: number) {
  const { observationSizes, observationSize, entries, actions } = team;
  const observed = observationSizes.reduce((sum, size) => sum + size, 0);
  const acted = settings.obsLastAction ? team.numAgents * entries * actions : 0;
  const { inputs } = utilityShape(team, settings);
  const weight = new Float32Array((observed + acted) * inputs);
  const bias = new Float32Array(inputs);
  const connect = (from: number, to: number) => weight[from * inputs + to] = 1;
  const start = observationSizes.slice(0, agent)
    .reduce((sum, size) => sum + size, 0);
  for (let i = 0; i < observationSizes[agent]; i++) connect(start + i, i);
  let offset = observationSize;
  if (settings.obsLastAction) {
    const width = entries * actions;
    for (let i = 0; i < width; i++) {
      connect(observed + agent * width + i, offset + i);
    }
    offset += width;
  }
  if (settings.obsAgentId) bias[offset + agent] = 1;
  return {
    weight: { shape: [observed + acted, inputs], data: weight },
    bias: { shape: [inputs], data: bias },
  };
}

/** Writes one agent's network. */
function writeUtilities<Value>(
  writer: NetworkWriter<Value>,
  given: { input: Value; memory: Value | undefined },
  { weights, prefix, layers }: {
    weights: NamedArrays;
    prefix: string;
    /** Those before the memory. */
    layers: number;
  },
): { utilities: Value; memory: Value | undefined } {
  const part = (name: string, count: number) => ({
    arrays: weights,
    prefix: `${prefix}.${name}`,
    layers: count,
    activation: "relu" as const,
  });
  const { input, memory } = given;
  if (memory === undefined) {
    // Where nothing is remembered, the memory is one layer more.
    const utilities = writePerceptron(writer, input, part("q", layers + 2));
    return { utilities, memory };
  }
  const seen = layers > 0
    ? writer.activate(
      writePerceptron(writer, input, part("in", layers)),
      "relu",
    )
    : input;
  const next = writeGruStep(
    writer,
    { input: seen, state: memory },
    { arrays: weights, prefix: `${prefix}.gru` },
  );
  return {
    utilities: writePerceptron(writer, next, part("out", 1)),
    memory: next,
  };
}

/** Writes all agents' networks: `utilities`, and the best of each. */
export function writeTeam<Value>(
  writer: NetworkWriter<Value>,
  { observation, mask }: PolicyPlaces<Value>,
  saved: { env: TeamSpaces; weights: NamedArrays; settings: JsonRecord },
): WrittenPolicy {
  const { weights } = saved;
  const { decisions } = writer;
  const team = teamOf(saved.env);
  const settings = qmixSettings(saved.settings);
  const { numAgents, entries, actions } = team;
  const { hiddenSize, recurrent, shareParameters, obsLastAction } = settings;
  const memory = recurrent
    ? writer.input(
      "memory",
      numAgents * hiddenSize,
      "next_memory of the step before",
    )
    : undefined;
  const lastAction = obsLastAction
    ? writer.input(
      "last_action",
      numAgents * entries * actions,
      "next_last_action of the step before",
    )
    : undefined;
  const row = lastAction
    ? writer.concat([observation, lastAction])
    : observation;
  const each = Array.from(
    { length: numAgents },
    (_, agent) =>
      writeUtilities(writer, {
        input: writer.dense(row, inputLayer(team, settings, agent)),
        memory: memory && writer.slice(memory, agent * hiddenSize, hiddenSize),
      }, {
        weights,
        prefix: shareParameters ? "agent" : `agent${agent}`,
        layers: settings.netArch.length,
      }),
  );
  const utilities = writer.concat(each.map((one) => one.utilities));
  writer.output(
    "utilities",
    utilities,
    "How good each action of each agent is for the team",
  );
  const next: Record<string, string> = {};
  if (memory) {
    next.memory = "next_memory";
    writer.output(
      "next_memory",
      writer.concat(each.map((one) => one.memory!)),
      "memory of the next step",
    );
  }
  if (decisions === undefined) return { memory: next };
  const chosen = decisions.choose(utilities, {
    sizes: team.choices.flat(),
    stride: actions,
    mask,
  });
  decisions.outputChoices(
    "action",
    chosen,
    "Each agent's allowed action with the largest utility",
  );
  if (lastAction) {
    next.last_action = "next_last_action";
    writer.output(
      "next_last_action",
      decisions.oneHot(chosen, actions),
      "last_action of the next step",
    );
  }
  return { memory: next };
}
