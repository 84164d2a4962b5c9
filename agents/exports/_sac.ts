/**
 * SAC, with memory and without, in other formats: one agent, or several side
 * by side.
 *
 * @module
 */
import { type Space, spaceSize } from "../../core/spaces.ts";
import { actionMaskSize } from "../../envs/vector.ts";
import {
  type NamedArrays,
  type NetworkWriter,
  writeGruStep,
  writePerceptron,
} from "../../learning/exports/network_writer.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { fullSacSettings, type SacSettings } from "../sac_gru/sac_settings.ts";
import { tensorsOfLearner } from "../sac_gru/independent_sac.ts";
import type { TeamSpaces } from "../team.ts";
import type {
  PolicyPlaces,
  SavedPolicy,
  WrittenPolicy,
} from "./_policy_parts.ts";

/** What one agent takes besides observation and mask, by its sizes. */
interface MemorySizes {
  /** Values that its units remember; 0 without memory. */
  readonly units: number;
  /** Values of the last action, as networks see it; 0 without memory. */
  readonly features: number;
}

/** What one agent gives. */
interface SacOutputs<Value> {
  /** Logits, or means before they are squashed. */
  readonly outputs: Value;
  /** Whole numbers, or values within the bounds; undefined without decisions. */
  readonly action: Value | undefined;
  /** What it remembers next; undefined without memory. */
  readonly memory: Value | undefined;
  /** The action as networks see it; undefined without memory or decisions. */
  readonly lastAction: Value | undefined;
}

function choicesOf(space: Space): readonly number[] | undefined {
  if (space.kind === "box") return undefined;
  return space.kind === "discrete" ? [space.n] : space.sizes;
}

function memorySizes(
  { recurrent, gruUnits }: SacSettings,
  space: Space,
): MemorySizes {
  if (!recurrent) return { units: 0, features: 0 };
  const choices = choicesOf(space);
  const features = choices
    ? choices.length * Math.max(...choices)
    : spaceSize(space);
  return { units: gruUnits, features };
}

function writeOne<Value>(
  writer: NetworkWriter<Value>,
  { actionSpace, observation, mask }: PolicyPlaces<Value>,
  { weights, settings, memory, lastAction }: {
    weights: NamedArrays;
    settings: SacSettings;
    memory: Value | undefined;
    lastAction: Value | undefined;
  },
): SacOutputs<Value> {
  const { decisions } = writer;
  const { encoderArch, netArch } = settings;
  const network = (input: Value, part: "encoder" | "head", layers: number) =>
    writePerceptron(writer, input, {
      arrays: weights,
      prefix: `actor.${part}`,
      layers,
      activation: "relu",
    });
  let next: Value | undefined;
  let beside = observation;
  if (memory !== undefined && lastAction !== undefined) {
    const inputs = writer.concat([observation, lastAction]);
    const encoded = encoderArch.length > 0
      ? writer.activate(network(inputs, "encoder", encoderArch.length), "relu")
      : inputs;
    next = writeGruStep(writer, { input: encoded, state: memory }, {
      arrays: weights,
      prefix: "actor.memory",
    });
    beside = writer.concat([next, observation]);
  }
  const outputs = network(beside, "head", netArch.length + 1);
  if (actionSpace.kind === "box") {
    const means = writer.slice(outputs, 0, spaceSize(actionSpace));
    const squashed = writer.activate(means, "tanh");
    return {
      outputs: means,
      action: writer.scale(squashed, actionSpace),
      memory: next,
      lastAction: next && squashed,
    };
  }
  const sizes = choicesOf(actionSpace)!;
  const stride = Math.max(...sizes);
  const action = decisions?.choose(outputs, { sizes, stride, mask });
  return {
    outputs,
    action,
    memory: next,
    lastAction: next && action && decisions?.oneHot(action, stride),
  };
}

/** Writes agents that act side by side on parts of a row. */
function writeAgents<Value>(
  writer: NetworkWriter<Value>,
  { observation, mask }: PolicyPlaces<Value>,
  { agents, settings: given }: {
    agents: readonly {
      weights: NamedArrays;
      actionSpace: Space;
      observationSize: number;
    }[];
    settings: JsonRecord;
  },
): WrittenPolicy {
  const settings = fullSacSettings(given);
  const sizes = agents.map(({ actionSpace }) =>
    memorySizes(settings, actionSpace)
  );
  const sum = (of: "units" | "features") =>
    sizes.reduce((total, size) => total + size[of], 0);
  const remembers = sum("units") > 0;
  const memory = remembers
    ? writer.input("memory", sum("units"), "next_memory of the step before")
    : undefined;
  const lastAction = remembers
    ? writer.input(
      "last_action",
      sum("features"),
      "next_last_action of the step before",
    )
    : undefined;
  const places = { observation: 0, mask: 0, units: 0, features: 0 };
  const cut = (
    value: Value | undefined,
    place: keyof typeof places,
    size: number,
  ) => {
    const start = places[place];
    places[place] += size;
    return value && writer.slice(value, start, size);
  };
  const each = agents.map(({ weights, actionSpace, observationSize }, i) =>
    writeOne(writer, {
      actionSpace,
      observation: cut(observation, "observation", observationSize)!,
      mask: cut(mask, "mask", actionMaskSize(actionSpace)),
    }, {
      weights,
      settings,
      memory: cut(memory, "units", sizes[i].units),
      lastAction: cut(lastAction, "features", sizes[i].features),
    })
  );
  const all = (part: keyof SacOutputs<Value>) => {
    const parts = each.map((one) => one[part]);
    return parts.some((value) => value === undefined)
      ? undefined
      : writer.concat(parts as Value[]);
  };
  const continuous = agents[0].actionSpace.kind === "box";
  writer.output(
    continuous ? "mean" : "logits",
    all("outputs")!,
    continuous
      ? "Mean of the actions before they are squashed"
      : "Logarithms of weights of the actions",
  );
  const action = all("action");
  if (action && continuous) {
    writer.output("action", action, "The likeliest action");
  } else if (action) {
    writer.decisions?.outputChoices(
      "action",
      action,
      "The likeliest allowed actions",
    );
  }
  if (!remembers) return { memory: {} };
  writer.output("next_memory", all("memory")!, "memory of the next step");
  const next = all("lastAction");
  if (next === undefined) return { memory: { memory: "next_memory" } };
  writer.output("next_last_action", next, "last_action of the next step");
  return {
    memory: { memory: "next_memory", last_action: "next_last_action" },
  };
}

/** Writes the policy of one agent. */
export function writeSac<Value>(
  writer: NetworkWriter<Value>,
  places: PolicyPlaces<Value>,
  { weights, settings, observationSize }: SavedPolicy & {
    observationSize: number;
  },
): WrittenPolicy {
  const { actionSpace } = places;
  const agents = [{ weights, actionSpace, observationSize }];
  return writeAgents(writer, places, { agents, settings });
}

/** Writes the policies of a team's agents, which see and act apart. */
export function writeIndependentSac<Value>(
  writer: NetworkWriter<Value>,
  places: PolicyPlaces<Value>,
  { team, weights, settings }: SavedPolicy & { team: TeamSpaces },
): WrittenPolicy {
  const agents = team.actionSpaces.map((actionSpace, agent) => ({
    weights: tensorsOfLearner({ weights }, agent).weights,
    actionSpace,
    observationSize: spaceSize(team.observationSpaces[agent]),
  }));
  return writeAgents(writer, places, { agents, settings });
}
