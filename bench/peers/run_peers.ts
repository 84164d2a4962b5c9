/**
 * Trains with Loadstar and with its peers, one after the other in one run, and
 * compares their speed.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import {
  choiceOption,
  integerListOption,
  integerOption,
} from "../../core/options.ts";
import { InterruptedError, runScript } from "../../core/script.ts";
import {
  comparePeers,
  differenceLines,
  parsePeerResult,
  type PeerRun,
  peerTable,
} from "./measurements.ts";
import {
  lastLine,
  PEERS_FOLDER,
  PEERS_PYTHON,
  type ProgramResult,
  runProgram,
} from "./python.ts";
import { createPeerReference } from "./reference.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const BASELINE = "Stable-Baselines3";

/** What all trainings of a run have in common. */
interface Session {
  /** Environment steps of each. */
  readonly steps: number;
  /** The file of settings, starts and trajectories. */
  readonly reference: string;
  /** A folder for files of trainings. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** One training that is measured again and again. */
interface Contender {
  readonly name: string;
  readonly train: (seed: number, session: Session) => Promise<PeerRun>;
}

type Algorithm = "dqn" | "ppo";

/** Runs a training; throws where it fails or was interrupted. */
async function train(
  name: string,
  command: readonly string[],
  { signal }: Session,
): Promise<ProgramResult> {
  const [program, ...args] = command;
  const result = await runProgram(program, { args, cwd: ROOT, signal });
  if (signal.aborted) {
    throw new InterruptedError(`Interrupted while ${name} trained`);
  }
  if (!result.success) {
    throw new Error(`Cannot train ${name}: ${lastLine(result.stderr)}`);
  }
  return result;
}

function deno(script: string, args: readonly string[]): string[] {
  return ["deno", "run", "--quiet", "-P=train", script, ...args];
}

function python(script: string, args: readonly string[]): string[] {
  return [PEERS_PYTHON, join(PEERS_FOLDER, script), ...args];
}

/** A training that says how long it took. */
function timed(
  name: string,
  command: (seed: number, session: Session) => string[],
): Contender {
  return {
    name,
    train: async (seed, session) => {
      const { stdout, seconds } = await train(
        name,
        command(seed, session),
        session,
      );
      return { ...parsePeerResult(stdout), processSeconds: seconds };
    },
  };
}

function ours(algorithm: Algorithm): Contender {
  return timed(
    `Loadstar ${algorithm}`,
    (seed, { steps }) =>
      deno("bench/peers/train_loadstar.ts", [
        `--algorithm=${algorithm}`,
        `--steps=${steps}`,
        `--seed=${seed}`,
        "--quiet",
        "--json",
      ]),
  );
}

/** Our task as users run it: evaluations, logs, checkpoints, tables, figures. */
function ourTask(algorithm: Algorithm): Contender {
  const name = `deno task train-${algorithm}`;
  return {
    name,
    train: async (seed, session) => {
      const { seconds } = await train(
        name,
        deno(`scripts/train_${algorithm}.ts`, [
          `--timesteps=${session.steps}`,
          `--seed=${seed}`,
          `--out=${session.scratch}`,
          "--name=peer",
          "--quiet",
          "--json",
        ]),
        session,
      );
      return {
        library: name,
        versions: {},
        algorithm,
        threads: null,
        seed,
        steps: session.steps,
        seconds: NaN,
        stepsPerSecond: NaN,
        processSeconds: seconds,
        meanReturn: null,
        differences: [],
      };
    },
  };
}

/** Scripts of the peers, by library; CleanRL has one for each algorithm. */
const SCRIPTS: Readonly<Record<string, (algorithm: Algorithm) => string>> = {
  [BASELINE]: () => "train_sb3.py",
  CleanRL: (algorithm) => `train_cleanrl_${algorithm}.py`,
  SBX: () => "train_sbx.py",
};

function peer(
  library: string,
  algorithm: Algorithm,
  threads: number,
): Contender {
  return timed(
    `${library} ${algorithm}, threads: ${threads}`,
    (seed, { steps, reference }) =>
      python(SCRIPTS[library](algorithm), [
        `--algorithm=${algorithm}`,
        `--reference=${reference}`,
        `--steps=${steps}`,
        `--seed=${seed}`,
        `--threads=${threads}`,
      ]),
  );
}

/** Ends with an error where the peers' environment is not ours. */
async function checkEnvironment(session: Session): Promise<string> {
  const [program, ...args] = python("autoscaling.py", [
    "--check",
    session.reference,
  ]);
  let result: ProgramResult;
  try {
    result = await runProgram(program, { args });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `Cannot find the peers in ${PEERS_PYTHON}: run deno task install-peers`,
    );
  }
  const { success, stdout, stderr } = result;
  if (success) return stdout.trim();
  throw new Error(
    `Cannot compare speeds, for the peers' environment is not ours: ${
      lastLine(stdout) || lastLine(stderr)
    }`,
  );
}

await runScript({
  name: "run_peers",
  task: "bench-peers",
  description:
    "Trains with Loadstar, Stable-Baselines3, CleanRL and SBX on the same environment with the same settings, and compares their speed. Run it with nothing else running.",
  options: {
    steps: integerOption({
      description: "Environment steps of each training.",
      default: 100_000,
      minimum: 1,
      unit: "steps",
    }),
    repeats: integerOption({
      description: "Repetitions; medians are shown. Seeds count from --seed.",
      default: 3,
      minimum: 1,
    }),
    algorithm: choiceOption(["all", "dqn", "ppo"], {
      description: "What learns.",
      default: "all",
    }),
    library: choiceOption(["all", "loadstar", "sb3", "cleanrl", "sbx"], {
      description: "Who is compared with Stable-Baselines3.",
      default: "all",
    }),
    threads: integerListOption({
      description: "Threads that the peers are limited to, one after another.",
      default: [1, 2],
      minimum: 1,
    }),
  },
  examples: ["", "--steps 5000 --repeats 1", "--library sbx --threads 2"],
}, async (options, context) => {
  const { steps, repeats, seed, threads } = options;
  const algorithms: Algorithm[] = options.algorithm === "all"
    ? ["dqn", "ppo"]
    : [options.algorithm];
  const libraries = Object.keys(SCRIPTS).filter((name) =>
    name === BASELINE || options.library === "all" ||
    name.toLowerCase() === options.library
  );
  const withOurs = ["all", "loadstar"].includes(options.library);
  const contenders = algorithms.flatMap((algorithm) => [
    ...withOurs ? [ours(algorithm), ourTask(algorithm)] : [],
    ...libraries.flatMap((library) =>
      threads.map((count) => peer(library, algorithm, count))
    ),
  ]);
  const scratch = await Deno.makeTempDir();
  try {
    const reference = join(scratch, "reference.json");
    await Deno.writeTextFile(reference, JSON.stringify(createPeerReference()));
    const session = { steps, reference, scratch, signal: context.signal };
    context.note(`Same environment: ${await checkEnvironment(session)}`);
    const runs: PeerRun[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const contender of contenders) {
        context.note(`${repeat + 1} of ${repeats}: ${contender.name}`);
        runs.push(await contender.train(seed + repeat, session));
      }
    }
    const rows = comparePeers(runs, { baseline: BASELINE });
    const title =
      `${steps} steps, ${repeats} repetitions, ${navigator.hardwareConcurrency} cores`;
    return {
      tables: [peerTable(rows, { title, baseline: "SB3" })],
      lines: differenceLines(rows),
      json: {
        steps,
        repeats,
        seed,
        cores: navigator.hardwareConcurrency,
        rows,
        runs,
      },
    };
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
});
