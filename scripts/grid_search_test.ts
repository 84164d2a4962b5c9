import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=search", "scripts/grid_search.ts", ...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function run(...args: string[]) {
  const { code, stdout, stderr } = await start(...args).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

const tiny = (out: string) => [
  ...["--agent-type", "qmix", "--num-servers", "4", "--num-agents", "2"],
  ...["--learning-rates", "0.001,0.01", "--widths", "4", "--jobs", "2"],
  ...["--out", out],
];

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("grid_search stops at SIGINT with checkpoints, and trains what is missing", async () => {
  const out = await Deno.makeTempDir();
  try {
    const args = [...tiny(out), "--episodes", "40", "--episode-seconds", "10"];
    const child = start(...args, "--quiet");
    const ended = child.output();
    let over = false;
    ended.then(() => over = true);
    // Both trainings have written a row of their logs, and are under way.
    const logs = [0.001, 0.01].map((rate) =>
      `${out}/lr${rate}_width4_seed0/logs/agent/progress.csv`
    );
    while (!over && !(await Promise.all(logs.map(exists))).every(Boolean)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill("SIGINT");
    const stopped = await ended;
    const said = new TextDecoder().decode(stopped.stderr);
    assertEquals(stopped.code, 130, said);
    assertStringIncludes(said, "0 of 2 trainings finished");
    assert(await exists(`${out}/lr0.01_width4_seed0/models/checkpoints`));

    const again = await run(...args, "--json");
    assertEquals(again.code, 0, again.stderr);
    const { points, failed } = JSON.parse(again.stdout);
    assertEquals([points.length, failed.length], [2, 0]);
    assertEquals(points[0].seeds, 1);
    assert(await exists(points[0].model));
    assert(await exists(`${out}/grid.html`));
    const third = await run(...args);
    assertStringIncludes(third.stderr, "2 of 2 trainings are there already");
    assertStringIncludes(third.stdout, "learning rate");
    const other = await run(...tiny(out), "--episodes", "41");
    assertEquals(other.code, 2, other.stderr);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

Deno.test("grid_search tells of a training that fails, and ends the others", async () => {
  const out = await Deno.makeTempDir();
  try {
    const folder = `${out}/lr0.001_width4_seed0`;
    await Deno.mkdir(folder);
    await Deno.writeTextFile(`${folder}/logs`, "in the way");
    const { code, stdout } = await run(
      ...tiny(out),
      ...["--episodes", "1", "--episode-seconds", "1"],
    );
    assertEquals(code, 1);
    assertStringIncludes(stdout, "Best model: ");
    assertStringIncludes(stdout, "lr0.001_width4_seed0: Cannot");
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});
