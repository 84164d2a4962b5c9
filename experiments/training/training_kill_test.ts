import { assert, assertEquals, assertMatch } from "@std/assert";
import { basename, dirname, fromFileUrl, join, toFileUrl } from "@std/path";
import { Random } from "../../core/random.ts";
import { withFolder } from "../_test_folder.ts";
import {
  checkpoints,
  exactFiles,
  newestCheckpoint,
  runFiles,
} from "./_run_files.ts";

const HERE = dirname(fromFileUrl(import.meta.url));
const CONFIG = join(HERE, "..", "..", "deno.json");

/** Trains one of the tiny runs, as the scripts do. */
const FIXTURE = `
import { runScript } from "CORE/script.ts";
import { choiceOption, pathOption } from "CORE/options.ts";
import * as tiny from "HERE/_tiny_runs.ts";
import { resumeTraining, startTraining } from "HERE/training_run.ts";
import { resumeQLearning, startQLearning } from "HERE/q_learning_run.ts";

const RUNS = { dqn: tiny.TINY_DQN, ppo: tiny.TINY_PPO, table: tiny.TINY_TABLE };
// Rests, so that runs last half a second in which they can be killed.
const REST_MS = { dqn: 1, ppo: 4, table: 120 };
await runScript({
  name: "fixture",
  description: "Trains a tiny agent.",
  options: { resume: pathOption({ description: "Checkpoint." }) },
  positionals: {
    run: choiceOption(Object.keys(RUNS), { description: "Run.", required: true }),
  },
}, async ({ run: name, resume, out }, { note, signal, breathe }) => {
  const run = RUNS[name];
  let begun = false;
  const onProgress = () => {
    if (!begun) note("begun");
    begun = true;
  };
  const rest = async () => {
    await breathe();
    await new Promise((resolve) => setTimeout(resolve, REST_MS[name]));
  };
  const hooks = { signal, breathe: rest, onProgress };
  if (resume) await (name === "table" ? resumeQLearning : resumeTraining)(resume, out, hooks);
  else await (name === "table" ? startQLearning : startTraining)(run, out, hooks);
  note("done");
  return { json: null };
});
`;

interface Fixture {
  /** A process that trains, from the newest checkpoint on if there is one. */
  spawn(run: string, root: string): Promise<Deno.ChildProcess>;
  /** The same, where no file may grow beyond some 512-byte blocks. */
  spawnLimited(
    run: string,
    root: string,
    blocks: number,
  ): Promise<Deno.ChildProcess>;
}

async function withFixture(
  test: (fixture: Fixture, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, "fixture.ts");
    const url = (path: string) => toFileUrl(path).href;
    await Deno.writeTextFile(
      file,
      FIXTURE.replaceAll("CORE", url(join(HERE, "..", "..", "core")))
        .replaceAll("HERE", url(HERE)),
    );
    const flags = ["run", "-q", "--no-prompt", "-P=train", "--config", CONFIG];
    const call = async (run: string, root: string) => {
      const checkpoint = await newestCheckpoint(root);
      const resume = checkpoint ? ["--resume", checkpoint] : [];
      return [Deno.execPath(), ...flags, file, run, "--out", root, ...resume];
    };
    const pipes = { stdin: "null", stdout: "null", stderr: "piped" } as const;
    await test({
      async spawn(run, root) {
        const [program, ...args] = await call(run, root);
        return new Deno.Command(program, { args, ...pipes }).spawn();
      },
      async spawnLimited(run, root, blocks) {
        const limit = `trap "" XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`;
        const args = ["-c", limit, ...await call(run, root)];
        return new Deno.Command("sh", { args, ...pipes }).spawn();
      },
    }, folder);
  });
}

interface Ended {
  stderr: string;
  code: number;
  /** Milliseconds from the first step to the end. */
  lasted: number;
}

/** Waits for the end, and calls `act` as soon as training has begun. */
async function watch(
  child: Deno.ChildProcess,
  act: () => void = () => {},
): Promise<Ended> {
  const decoder = new TextDecoder();
  let stderr = "";
  let begunAt: number | undefined;
  for await (const bytes of child.stderr) {
    stderr += decoder.decode(bytes, { stream: true });
    if (begunAt !== undefined || !stderr.includes("begun\n")) continue;
    begunAt = performance.now();
    act();
  }
  const { code } = await child.status;
  const lasted = performance.now() - (begunAt ?? performance.now());
  return { stderr, code, lasted };
}

/** A process that has ended already is no longer there to be killed. */
function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** Kills as soon as something is being written that is not yet whole. */
async function killWhileWriting(
  child: Deno.ChildProcess,
  watcher: Deno.FsWatcher,
): Promise<void> {
  for await (const event of watcher) {
    if (!event.paths.some((path) => path.endsWith(".tmp"))) continue;
    kill(child, "SIGKILL");
    watcher.close();
  }
}

const KILLS = 3;

/** Kills a training again and again, and lets it come to its end. */
async function killAgainAndAgain(
  fixture: Fixture,
  { run, folder }: { run: string; folder: string },
): Promise<void> {
  const random = new Random(2);
  const whole = join(folder, `${run} whole`);
  const { code, stderr, lasted } = await watch(await fixture.spawn(run, whole));
  assertEquals(code, 0, stderr);

  const root = join(folder, run);
  let killed = 0;
  for (let i = 0; i < KILLS; i++) {
    const child = await fixture.spawn(run, root);
    const { code } = await watch(child, () => {
      setTimeout(() => kill(child, "SIGKILL"), random.uniform(0, lasted));
    });
    if (code !== 0) killed++;
  }
  assert(killed > 0, "no kill came before the end");

  const child = await fixture.spawn(run, root);
  const watcher = Deno.watchFs(root);
  await watch(child, () => void killWhileWriting(child, watcher));
  try {
    watcher.close();
  } catch {
    // Closed already: the training was killed while it wrote.
  }

  const last = await watch(await fixture.spawn(run, root));
  assertEquals(last.code, 0, last.stderr);
  assertEquals(await runFiles(root), await runFiles(whole));
}

Deno.test({
  name: "kill -9 costs a training nothing but time",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFixture(async (fixture, folder) => {
      await Promise.all(
        ["dqn", "ppo", "table"].map((run) =>
          killAgainAndAgain(fixture, { run, folder })
        ),
      );
    });
  },
});

Deno.test({
  name: "Ctrl-C saves, says how to go on, and that goes on",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFixture(async (fixture, folder) => {
      await Promise.all(["dqn", "table"].map(async (run) => {
        const whole = join(folder, `${run} whole`);
        assertEquals((await watch(await fixture.spawn(run, whole))).code, 0);
        const root = join(folder, `${run} user's`);
        const child = await fixture.spawn(run, root);
        const { code, stderr } = await watch(
          child,
          () => kill(child, "SIGINT"),
        );
        assertEquals(code, 130, stderr);
        assertMatch(
          stderr,
          /\nInterrupted after \d+ of \d+ (steps|episodes)\. Go on with: deno task train-(dqn|qlearning) --resume '.*'\n$/,
        );
        const saved = await newestCheckpoint(root);
        const quoted = `'${saved!.replaceAll("'", `'\\''`)}'`;
        assert(stderr.endsWith(`--resume ${quoted}\n`), stderr);
        const { code: last } = await watch(await fixture.spawn(run, root));
        assertEquals(last, 0);
        const files = await runFiles(root);
        // The checkpoint of the interruption is the one file more.
        const extra = Object.keys(files).filter((path) =>
          saved!.endsWith(path)
        );
        for (const path of extra) delete files[path];
        assertEquals(files, await runFiles(whole));
      }));
    });
  },
});

Deno.test({
  name:
    "a training that can write no more ends in one line, older files intact",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFixture(async (fixture, folder) => {
      const root = join(folder, "full");
      const whole = await watch(await fixture.spawn("dqn", root));
      assertEquals(whole.code, 0, whole.stderr);
      const [first, ...later] = await checkpoints(root);
      for (const path of later) await Deno.remove(path);
      const model = join(root, "models", "tiny_dqn.zip");
      const before = [await Deno.readFile(first), await Deno.readFile(model)];

      // Room for models, not for a checkpoint.
      const limited = await fixture.spawnLimited("dqn", root, 16);
      const { code, stderr } = await watch(limited);
      assertEquals(code, 1, stderr);
      assertMatch(
        stderr,
        /^begun\nCannot write "[^"]*_140_steps\.zip": [^\n]+\n$/,
      );
      // No half one lies beside the old one.
      assertEquals(Object.keys(await exactFiles(dirname(first))), [
        basename(first),
      ]);
      assertEquals(
        [await Deno.readFile(first), await Deno.readFile(model)],
        before,
      );
      const last = await watch(await fixture.spawn("dqn", root));
      assertEquals(last.code, 0, last.stderr);
    });
  },
});
