/**
 * Simulations in a file that people write.
 *
 * @module
 */
import { dirname, isAbsolute, resolve } from "@std/path";
import { readJsonFile } from "../../core/json_file.ts";
import { nearestName } from "../../core/nearest_name.ts";
import { camelCase } from "../../core/parameters.ts";
import { SingleSim, type SingleSimOptions } from "./single_sim.ts";

export { SingleSim } from "./single_sim.ts";

const FIELDS: readonly (keyof SingleSimOptions)[] = [
  "simulationId",
  "agentClass",
  "agentParams",
  "envClass",
  "envParams",
  "trainingLoop",
  "trainingLoopParams",
];

/** A module's path counts from the file that names it. */
function withModuleFrom(folder: string, part: unknown): unknown {
  const { module } = Object(part);
  const isRelative = typeof module === "string" && !isAbsolute(module) &&
    !/^[a-z][a-z0-9+.-]*:/i.test(module);
  return isRelative
    ? { ...part as Record<string, unknown>, module: resolve(folder, module) }
    : part;
}

function readOne(value: unknown, folder: string): SingleSim {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SyntaxError("expected a list of simulations");
  }
  const options: Record<string, unknown> = {};
  for (const [written, entry] of Object.entries(value)) {
    const name = camelCase(written);
    if (!(FIELDS as readonly string[]).includes(name)) {
      const nearest = nearestName(name, FIELDS);
      throw new SyntaxError(
        `${JSON.stringify(written)} is unknown, expected ${
          nearest === undefined
            ? `one of ${FIELDS.join(", ")}`
            : `perhaps ${nearest}`
        }`,
      );
    }
    options[name] = withModuleFrom(folder, entry);
  }
  return new SingleSim(options as SingleSimOptions);
}

/**
 * The simulations of a JSON file: a list of objects with the fields of
 * {@linkcode SingleSim}, in camelCase or with underscores. A class or loop is a
 * registered name or `{ "module": "FILE.ts", "export": "NAME" }`, where the
 * module's path counts from the file.
 *
 * @param path The file. Throws a one-line error where it cannot be read, and
 * `SyntaxError` where it holds something else.
 */
export async function readSimulationList(path: string): Promise<SingleSim[]> {
  const value = await readJsonFile(path);
  try {
    if (!Array.isArray(value)) return [readOne(value, dirname(path))];
    return value.map((each) => readOne(each, dirname(path)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(
      `Cannot read simulations from ${JSON.stringify(path)}: ${reason}`,
      { cause: error },
    );
  }
}

/** Reads a value as JSON, or as text where it is none. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Changes one parameter of a simulation, where it has one of that name.
 *
 * @param sim The simulation.
 * @param assignment Such as `lr_td=0.001`, or `env.time_step_size=0.1` where
 * the name alone is not enough: `agent.`, `env.` and `loop.` go before it.
 * Throws `RangeError` where there is no such parameter.
 */
export function setParameter(sim: SingleSim, assignment: string): void {
  const match = /^(?:(agent|env|loop)\.)?([^=.]+)=(.*)$/.exec(assignment);
  if (match === null) {
    throw new SyntaxError(
      `Cannot set ${JSON.stringify(assignment)}: expected NAME=VALUE`,
    );
  }
  const [, group, name, text] = match;
  const groups = {
    agent: sim.agentParams,
    env: sim.envParams,
    loop: sim.trainingLoopParams,
  };
  const chosen = Object.entries(groups).filter(([key, parameters]) =>
    group === undefined ? Object.hasOwn(parameters, name) : key === group
  );
  if (chosen.length !== 1) {
    const names = Object.entries(groups).flatMap(([key, parameters]) =>
      Object.keys(parameters).map((each) => `${key}.${each}`)
    );
    throw new RangeError(
      `Cannot set ${
        JSON.stringify(name)
      } of ${sim.simulationId}: expected one of ${names.join(", ")}`,
    );
  }
  chosen[0][1][name] = readValue(text);
}
