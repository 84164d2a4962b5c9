/**
 * What models were trained in, as far as they say.
 *
 * @module
 */
import { box, discrete, multiDiscrete, type Space } from "../core/spaces.ts";
import type { JsonRecord } from "../core/state_json.ts";
import type { Environment } from "../envs/environment.ts";
import { jointEnvironment } from "../envs/joint_environment.ts";
import type { MultiAgentEnvironment } from "../envs/multi_agent.ts";
import {
  type EnvironmentSpec,
  makeEnvironment,
  makeMultiAgentEnvironment,
} from "../envs/registry.ts";
import type { TeamSpaces } from "./team.ts";

export type {
  Environment,
  EnvironmentSpec,
  JsonRecord,
  MultiAgentEnvironment,
  Space,
  TeamSpaces,
};

/**
 * The id of what a model was trained in that does not say what that was: one
 * that `SacGruAgent` or `QmixAgent` saved without an `environment`. Only its
 * spaces are known.
 */
export const UNNAMED_ENVIRONMENT = "an unnamed environment";

function refuse(): never {
  throw new Error(
    "Cannot play in an unnamed environment: the model was saved without one, so that it can only be asked and exported",
  );
}

const UNPLAYABLE = {
  id: UNNAMED_ENVIRONMENT,
  reset: refuse,
  step: refuse,
  saveState: refuse,
  loadState: refuse,
};

/** Observations of a size: any numbers. */
const anyNumbers = (size: number) =>
  box(-Infinity, Infinity, { shape: [size] });

/**
 * A space from its JSON.
 *
 * @param saved Its kind, and bounds or sizes. Throws `SyntaxError` for another
 * kind, `RangeError` and `TypeError` where they make no sense.
 */
export function savedSpace(saved: JsonRecord): Space {
  const { kind, n, sizes, low, high, shape } = saved as Record<string, unknown>;
  switch (kind) {
    case "discrete":
      return discrete(n as number);
    case "multi-discrete":
      if (!Array.isArray(sizes)) break;
      return multiDiscrete(sizes as number[]);
    case "box":
      if (![low, high, shape].every(Array.isArray)) break;
      return box(low as number[], high as number[], {
        shape: shape as number[],
      });
  }
  throw new SyntaxError(
    `Cannot read the space ${
      JSON.stringify(saved)
    }: expected a box, a discrete or a multi-discrete one`,
  );
}

/** Sizes of what a team sees and does, each a whole number from 1. */
export interface TeamSizes {
  /** Number of agents. */
  readonly numAgents: number;
  /** Values of each agent's observation. */
  readonly obsDim: number;
  /** Number of each agent's actions. */
  readonly actionDim: number;
  /** Values of the global state. */
  readonly stateDim: number;
}

/**
 * The spaces of a team of which only sizes are known.
 *
 * @param sizes Of equal agents.
 */
export function sizedTeam(
  { numAgents, obsDim, actionDim, stateDim }: TeamSizes,
): TeamSpaces {
  const each = (space: Space) => Array.from({ length: numAgents }, () => space);
  return {
    id: UNNAMED_ENVIRONMENT,
    observationSpaces: each(anyNumbers(obsDim)),
    actionSpaces: each(discrete(actionDim)),
    stateSpace: anyNumbers(stateDim),
  };
}

/** Larger ones are damage, and would fill the memory. */
const LARGEST_SIZE = 100_000;

/**
 * What stands for the environment of a model that names none; undefined where
 * its sizes are not there either.
 *
 * @param config Of `SacGruAgent` or `QmixAgent`.
 */
export function unnamedSpec(
  { sizes, space }: JsonRecord,
): EnvironmentSpec | undefined {
  const isRecord = (value: unknown) =>
    typeof value === "object" && value !== null;
  if (
    !isRecord(sizes) ||
    !Object.values(sizes as JsonRecord).every((size) =>
      Number.isSafeInteger(size) && size as number >= 1 &&
      size as number <= LARGEST_SIZE
    )
  ) return undefined;
  const options = { sizes, ...isRecord(space) && { space } } as JsonRecord;
  return { id: UNNAMED_ENVIRONMENT, options };
}

/**
 * The environment of a model, made anew. One without a name has spaces and
 * nothing else: all that is done with it throws `Error`.
 *
 * @param spec From the model's config.
 */
export function modelEnvironment(spec: EnvironmentSpec): Environment {
  if (spec.id !== UNNAMED_ENVIRONMENT) return makeEnvironment(spec);
  const { sizes, space } = spec.options as Record<string, JsonRecord>;
  if (space === undefined) return jointEnvironment(modelTeam(spec));
  return {
    ...UNPLAYABLE,
    observationSpace: anyNumbers(Number(sizes.obsDim)),
    actionSpace: savedSpace(space),
  };
}

/**
 * The environment of a team's model, made anew; see {@linkcode
 * modelEnvironment}.
 *
 * @param spec From the model's config.
 */
export function modelTeam(
  spec: EnvironmentSpec,
): MultiAgentEnvironment<Float32Array> {
  if (spec.id !== UNNAMED_ENVIRONMENT) return makeMultiAgentEnvironment(spec);
  const sizes = spec.options.sizes as unknown as TeamSizes;
  return {
    ...UNPLAYABLE,
    ...sizedTeam(sizes),
    numAgents: sizes.numAgents,
    maximumSteps: Infinity,
  };
}
