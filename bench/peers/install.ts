/**
 * Installs the peers that Loadstar's speed is compared with, in the versions
 * of `requirements.txt`, into a virtual environment beside this file.
 *
 * @module
 */
import { join } from "@std/path";
import { runScript } from "../../core/script.ts";
import {
  lastLine,
  PEERS_ENVIRONMENT,
  PEERS_FOLDER,
  PEERS_PYTHON,
  type ProgramResult,
  runProgram,
} from "./python.ts";

/** Oldest Python that the pinned versions run on. */
const OLDEST = [3, 11];

const REQUIREMENTS = join(PEERS_FOLDER, "requirements.txt");

async function systemPython(args: string[]): Promise<ProgramResult> {
  try {
    return await runProgram("python3", { args });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      "Cannot install the peers: there is no python3 (on Debian: apt-get install python3 python3-venv)",
    );
  }
}

async function checkPython(): Promise<void> {
  const code = "import sys; print(*sys.version_info[:2])";
  const { stdout } = await systemPython(["-c", code]);
  const [major, minor] = stdout.trim().split(" ").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Error(
    `Cannot install the peers with Python ${major}.${minor}: expected ${
      OLDEST.join(".")
    } or newer as python3`,
  );
}

async function createEnvironment(): Promise<void> {
  const { success, stdout, stderr } = await systemPython([
    "-m",
    "venv",
    PEERS_ENVIRONMENT,
  ]);
  if (success) return;
  // venv writes its hint on standard output.
  throw new Error(
    `Cannot make ${PEERS_ENVIRONMENT} (on Debian: apt-get install python3-venv): ${
      lastLine(stderr) || lastLine(stdout)
    }`,
  );
}

await runScript({
  name: "install",
  task: "install-peers",
  description:
    "Installs Stable-Baselines3, PyTorch, SBX and JAX into bench/peers/.venv, in the versions of bench/peers/requirements.txt.",
  options: {},
}, async (_, context) => {
  await checkPython();
  context.note(`Making ${PEERS_ENVIRONMENT}`);
  await createEnvironment();
  context.note("Installing; PyTorch alone is 4 GB with its CUDA libraries");
  const { success, stderr } = await runProgram(PEERS_PYTHON, {
    args: ["-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS],
    signal: context.signal,
  });
  if (!success) {
    throw new Error(`Cannot install the peers: ${lastLine(stderr)}`);
  }
  const listed = await runProgram(PEERS_PYTHON, {
    args: ["-m", "pip", "list", "--format=json"],
  });
  const packages: { name: string; version: string }[] = JSON.parse(
    listed.stdout,
  );
  return {
    lines: [`Installed ${packages.length} packages in ${PEERS_ENVIRONMENT}`],
    json: { environment: PEERS_ENVIRONMENT, packages },
  };
});
