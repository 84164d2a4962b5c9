import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";

const ROOT = join(dirname(fromFileUrl(import.meta.url)), "..");
const MODULE = join(ROOT, "experiments", "simulation", "_test_parts.ts");

/** The command as its task runs it, with the task's permissions. */
function simulate(folder: string, ...args: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "-P=simulate",
      "--config",
      join(ROOT, "deno.json"),
      join(ROOT, "scripts", "simulate.ts"),
      ...args,
    ],
    cwd: folder,
    env: { INIT_CWD: folder, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function output(command: Deno.Command) {
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("simulate runs a default simulation with its permissions", async () => {
  const folder = await Deno.makeTempDir();
  const ran = await output(
    simulate(
      folder,
      "run",
      "--simulations=stachenfeld-in-2d",
      "--runs-per-sim=1",
      "--json",
    ),
  );
  assertEquals(ran.code, 0, ran.err);
  const [run] = JSON.parse(ran.out).runs;
  assertEquals([run.state, run.seed], ["finished", 0]);
  assert(run.folder.startsWith(`${folder}/default_comparison/`));
  const shown = await output(simulate(folder, "status"));
  assertMatch(shown.out, /run_0_.* {2}finished/);
  const wrong = await output(simulate(folder, "stop"));
  assertEquals(wrong.code, 2);
  const none = await output(simulate(folder, "run", "new", "--simulations=x"));
  assertEquals([none.code, none.out], [2, ""]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "Ctrl-C stops the runs, says how to go on, and that goes on",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    const part = (name: string) => ({ module: MODULE, export: name });
    await Deno.writeTextFile(
      `${folder}/list.json`,
      JSON.stringify({
        simulationId: "sleeps",
        agentClass: part("Walker"),
        envClass: part("Line"),
        trainingLoop: part("troubleLoop"),
        trainingLoopParams: { trouble: "sleep", milliseconds: 60_000 },
      }),
    );
    const child = simulate(
      folder,
      ...["run", "tree", "--file=list.json", "--runs-per-sim=2", "--jobs=1"],
    ).spawn();
    const status = async () => {
      const { out } = await output(
        simulate(folder, "status", "tree", "--json"),
      );
      const { runs } = JSON.parse(out || '{"runs":[{}]}');
      return runs.map(({ state }: { state: string }) => state);
    };
    while ((await status())[0] !== "running");
    child.kill("SIGINT");
    const [{ code }, err] = await Promise.all([
      child.status,
      new Response(child.stderr).text(),
      child.stdout.cancel(),
    ]);
    assertEquals(code, 130);
    assertMatch(
      err,
      /Interrupted with 0 of 2 runs finished\. Go on with: deno task simulate run .*\/tree/,
    );
    assertEquals(await status(), ["interrupted", "in_queue"]);
    const rerun = await output(
      simulate(folder, "rerun", "tree", "--set=milliseconds=1"),
    );
    assertEquals(rerun.code, 0, rerun.err);
    assertEquals(await status(), ["finished", "finished"]);
    await Deno.remove(folder, { recursive: true });
  },
});
