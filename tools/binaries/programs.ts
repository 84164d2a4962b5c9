/**
 * What can be made a program of its own: the tasks that run a script.
 *
 * @module
 */

/** One kind of permission: all of it, or what is named. */
export type Permission = boolean | readonly string[];

/** A named set of deno.json's `permissions`. */
export type PermissionSet = Readonly<Record<string, Permission>>;

/** What a binary can do. */
export interface Program {
  /** Its name: the task's. Programs that start each other begin with `@`. */
  readonly name: string;
  /** What it does, in a few words. */
  readonly description: string;
  /** The module, from the repository's root. */
  readonly module: string;
  /** The module's function that takes the command line; none for a script. */
  readonly entry?: string;
  /** Arguments that come before the user's. */
  readonly args: readonly string[];
  /** What it may do. */
  readonly permissions: PermissionSet;
}

/** What of deno.json is read. */
export interface Configuration {
  /** Tasks by name. */
  readonly tasks: Readonly<
    Record<string, { readonly description: string; readonly command: string }>
  >;
  /** Permission sets by name. */
  readonly permissions: Readonly<Record<string, PermissionSet>>;
}

/** The name of the binary that holds every program. */
export const EVERYTHING = "loadstar";

/** The programs that are made where none is named: one or two of each field. */
export const MAIN_PROGRAMS: readonly string[] = [
  "train-qlearning",
  "train-dqn",
  "train-ppo",
  "training-pipeline",
  "train-ddpg",
  "generate-data",
  "learn-koopman",
  "simulate",
  "predict",
];

const SCRIPT_TASK =
  /^deno run -q -P=(\S+) (scripts\/\S+\.ts)((?: [\w.,=-]+)*)$/;

/** Tasks that work on the project itself. */
const OF_THE_PROJECT = /^(?:draw|reproduce)(?::|$)/;

/**
 * The programs that deno.json has: every task that runs a script, but for those
 * that serve the project itself, such as `reproduce:sdn`.
 *
 * @param configuration What deno.json says.
 */
export function readPrograms(configuration: Configuration): Program[] {
  const { tasks, permissions } = configuration;
  return Object.entries(tasks).flatMap(([name, { description, command }]) => {
    const match = SCRIPT_TASK.exec(command);
    if (match === null || OF_THE_PROJECT.test(name)) return [];
    const [, set, module, args] = match;
    return [{
      name,
      description,
      module,
      args: args.split(" ").filter((arg) => arg !== ""),
      permissions: permissions[set],
    }];
  });
}

/** What a run of a simulation or of a search may do: as `denoCommand` has it. */
const CHILD_PERMISSIONS: PermissionSet = {
  read: true,
  write: true,
  env: ["LOADSTAR_LIBRARY", "NO_COLOR"],
  ffi: true,
};

/** What programs start in processes of their own, by the starter's name. */
const CHILDREN: Readonly<Record<string, readonly Program[]>> = {
  simulate: [{
    name: "@run",
    description: "Does a run",
    module: "experiments/simulation/run_process.ts",
    entry: "runProcess",
    args: [],
    permissions: CHILD_PERMISSIONS,
  }, {
    name: "@task",
    description: "Does a run and looks after it",
    module: "experiments/simulation/task_process.ts",
    entry: "taskProcess",
    args: [],
    permissions: { ...CHILD_PERMISSIONS, run: true },
  }],
  "grid-search": [{
    name: "@cell",
    description: "Does a training of a search",
    module: "experiments/grid_search/_cell_process.ts",
    entry: "cellProcess",
    args: [],
    permissions: CHILD_PERMISSIONS,
  }],
};

/**
 * The programs with those that they start.
 *
 * @param programs What the user may call.
 */
export function withChildren(programs: readonly Program[]): Program[] {
  return [
    ...programs,
    ...programs.flatMap(({ name }) => CHILDREN[name] ?? []),
  ];
}
