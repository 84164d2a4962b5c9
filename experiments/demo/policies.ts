/**
 * The policies that a demonstration shows: hand-written rules and models.
 *
 * @module
 */
import { commandOf } from "../../core/command_names.ts";
import { AGENT_NAMES, type AgentName } from "../../agents/model.ts";
import type { Policy } from "../../agents/policy.ts";
import { RULE_NAMES } from "../../agents/rules/registry.ts";
import { nearestName } from "../../core/nearest_name.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import {
  type Contender,
  policyContender,
  ruleContender,
} from "../autoscaling/comparison.ts";
import {
  type ModelFile,
  newestOfEachFamily,
  TRAINING_TASKS,
} from "../models/model_files.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";
import type { DemoLoad } from "./load.ts";

export type { Contender, DemoLoad, EnvironmentSpec, ModelFile };

/** One policy of a demonstration. */
export interface DemoPolicy {
  /** As it is called on the command line and in tables. */
  readonly name: string;
  /** A model's file below its folder; empty for a rule. */
  readonly file: string;
  /** What chooses actions. */
  readonly contender: Contender;
  /** The service that it steers, under any load. */
  readonly options: JsonRecord;
}

/** Policies, and what is to be said about those that are not there. */
export interface ChosenPolicies {
  /** Those to show, rules first. */
  readonly policies: readonly DemoPolicy[];
  /** What is to be said to the user, a line each. */
  readonly notes: readonly string[];
}

/** Rules that stand for all rules; the others are shown when named. */
const USUAL_RULES = [
  "threshold",
  "hold",
  "kubernetes-hpa",
  "target-tracking",
  "pending-aware",
];

/** Agents that are trained to autoscale; others are shown when named. */
const USUAL_AGENTS: readonly AgentName[] = ["dqn", "ppo", "qlearning"];

/** What `--policy` accepts. */
export const DEMO_POLICY_NAMES: readonly string[] = [
  "all",
  ...RULE_NAMES,
  ...AGENT_NAMES,
];

/**
 * Reads the names of policies, separated by commas. Case does not matter, and
 * underscores count as hyphens. Throws `RangeError` for an unknown one.
 *
 * @param text What the user typed.
 */
export function readPolicyNames(text: string): string[] {
  return [...new Set(text.split(",").map(readPolicyName))];
}

function readPolicyName(text: string): string {
  const name = text.trim().toLowerCase().replaceAll("_", "-");
  const plain = name.replaceAll("-", "");
  const known = DEMO_POLICY_NAMES.find((known) =>
    known.replaceAll("-", "") === plain
  );
  if (known !== undefined) return known;
  const nearest = nearestName(name, DEMO_POLICY_NAMES);
  throw new RangeError(
    `expected one of ${
      DEMO_POLICY_NAMES.join(", ")
    }, or several with commas between them${
      nearest ? ` (did you mean ${nearest}?)` : ""
    }`,
  );
}

/**
 * A hand-written rule, in the reference service.
 *
 * @param name From the registry. Throws `RangeError` for an unknown one.
 */
export function rulePolicy(name: string): DemoPolicy {
  return { name, file: "", contender: ruleContender(name), options: {} };
}

/**
 * A trained model in the service that it was trained for.
 *
 * @param model Of the autoscaling environment.
 */
export function modelPolicy(model: ModelFile): DemoPolicy {
  const { config, policy } = model.agent;
  const { options } = config.environment;
  const mode = options.mode === "reference" ? "reference" : "default";
  return {
    name: config.agent,
    file: model.name,
    contender: policyContender(config.agent, [ownFeatures(policy)], mode),
    options,
  };
}

/**
 * Shows a policy as many features as it knows. The time of day, which only
 * recorded loads have, comes last.
 */
function ownFeatures(policy: Policy): Policy {
  return {
    ...policy,
    act: (observations, masks, actions) =>
      policy.act(
        observations.subarray(0, policy.observationSize),
        masks,
        actions,
      ),
  };
}

/**
 * The environment of one policy under the load of all.
 *
 * @param policy Gives the service.
 * @param load What arrives.
 */
export function environmentSpec(
  policy: Pick<DemoPolicy, "options">,
  load: DemoLoad,
): EnvironmentSpec {
  const { options } = policy;
  const sawDays = typeof options.pattern === "object";
  return {
    id: "Autoscaling-v1",
    options: {
      ...options,
      ...load.options,
      // Who was trained on a recorded load expects a time of day.
      ...sawDays
        ? { pattern: { name: load.name, requests: [...load.demand] } }
        : {},
      service: {
        ...options.service as JsonRecord | undefined,
        ...load.options.service as JsonRecord | undefined,
      },
      episodeSteps: load.demand.length - 1,
      randomStart: false,
      metrics: true,
    },
  };
}

/**
 * The policies of some names: rules as they are, of each family of models the
 * newest that steers a service.
 *
 * @param names From {@linkcode readPolicyNames}.
 * @param models Those that were found.
 */
export function choosePolicies(
  names: readonly string[],
  models: readonly ModelFile[],
): ChosenPolicies {
  const newest = newestOfEachFamily(
    models.filter(({ agent }) =>
      agent.config.environment.id === "Autoscaling-v1"
    ),
  );
  const wanted = new Set(
    names.flatMap((name) =>
      name === "all" ? [...USUAL_RULES, ...USUAL_AGENTS] : [name]
    ),
  );
  const policies: DemoPolicy[] = [];
  const notes: string[] = [];
  for (const name of wanted) {
    const model = newest.get(name);
    if (RULE_NAMES.includes(name)) policies.push(rulePolicy(name));
    else if (model) policies.push(modelPolicy(model));
    else {
      const task = TRAINING_TASKS[name as AgentName];
      notes.push(`No ${name} model yet; train one with: ${commandOf(task)}`);
    }
  }
  return { policies, notes };
}
