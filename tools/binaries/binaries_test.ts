import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import configuration from "../../deno.json" with { type: "json" };
import { makeBinaries } from "./make.ts";
import { type Configuration, EVERYTHING, readPrograms } from "./programs.ts";
import { TARGETS } from "./targets.ts";

const target = TARGETS.find((each) => each === Deno.build.target);
const IS_UNIX = target !== undefined && Deno.build.os !== "windows";
const NAMES = ["simulate", EVERYTHING];
/** What a machine has on which nothing is installed; no Deno. */
const TOOLS =
  "sh uname id mkdir mktemp rm mv find tail head gzip tar sha256sum df ps wc"
    .split(" ");

const work = await Deno.makeTempDir({ prefix: "binaries " });
const binary = (name: string) => join(work, "programs", name);
const home = join(work, "home");
const path = join(work, "path");

async function find(tool: string): Promise<string | undefined> {
  for (const folder of ["/usr/bin", "/bin", "/sbin", "/usr/sbin"]) {
    const place = join(folder, tool);
    if (await Deno.stat(place).then(() => true, () => false)) return place;
  }
}

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** How programs are called: with nothing but what is named here. */
interface Surroundings {
  cwd: string;
  env?: Record<string, string>;
}

function command(program: string, args: string[], at: Surroundings) {
  return new Deno.Command(program, {
    args,
    cwd: at.cwd,
    clearEnv: true,
    env: { PATH: path, HOME: home, ...at.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function run(
  name: string,
  args: string[],
  at: Surroundings,
): Promise<Ended> {
  const { code, stdout, stderr } = await command(
    name.includes("/") ? name : binary(name),
    args,
    at,
  ).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** The names of a folder, sorted. */
async function list(folder: string): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .map(({ name }) => name);
  return names.sort();
}

/** A new empty folder. */
async function emptyFolder(name: string): Promise<string> {
  const folder = join(work, name);
  await Deno.mkdir(folder);
  return folder;
}

/** The first KiB of a binary, changed: all that is read before unpacking. */
async function changedHead(name: string, line: RegExp, by: string) {
  const bytes = await Deno.readFile(binary("simulate"));
  const end = bytes.indexOf(0x1f);
  const text = new TextDecoder().decode(bytes.subarray(0, end));
  assertMatch(text, line);
  const file = join(work, name);
  await Deno.writeTextFile(file, text.replace(line, by), { mode: 0o755 });
  return file;
}

async function isDone(command: string[]): Promise<boolean> {
  const [program, ...args] = command;
  return await new Deno.Command(program, { args, stderr: "null" }).output()
    .then(({ success }) => success, () => false);
}

function unixTest(name: string, fn: () => Promise<void>): void {
  const reason = IS_UNIX ? "" : " [skipped: no shell to unpack with]";
  Deno.test({ name: `${name}${reason}`, ignore: !IS_UNIX, fn });
}

Deno.test.beforeAll(async () => {
  if (!IS_UNIX) return;
  await Deno.mkdir(home);
  await Deno.mkdir(path);
  for (const tool of TOOLS) {
    const place = await find(tool);
    if (place !== undefined) await Deno.symlink(place, join(path, tool));
  }
  const made = await makeBinaries(
    NAMES,
    readPrograms(configuration as unknown as Configuration),
    {
      root: join(import.meta.dirname!, "../.."),
      folder: join(work, "programs"),
      target: target!,
      form: "self-extracting",
      note: () => {},
    },
  );
  assertEquals(made.map(({ name }) => name), NAMES);
  // Nobody needs to write where the binaries are.
  await Deno.chmod(join(work, "programs"), 0o555);
});

Deno.test.afterAll(async () => {
  if (IS_UNIX) await Deno.chmod(join(work, "programs"), 0o755);
  await Deno.remove(work, { recursive: true });
});

unixTest("several first starts at once unpack once", async () => {
  const at = { cwd: work };
  const starts = await Promise.all(
    [1, 2].map(() => run("simulate", ["--version"], at)),
  );
  for (const { code, out, err } of starts) {
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^Loadstar \S+ \(Deno \S+, \S+\)\n$/);
  }
  const place = join(home, ".cache/loadstar");
  const unpacked = await list(place);
  const kinds = new Set(unpacked.map((name) => name.replace(/-.*/, "-")));
  assertEquals([...kinds], ["deno", "deno-", "programs-"]);
  // Neither does a later start.
  const folders = () =>
    Promise.all(
      unpacked.map(async (name) => (await Deno.stat(join(place, name))).ino),
    );
  const before = await folders();
  await run("simulate", ["--version"], at);
  assertEquals(await folders(), before);
  assertEquals(await list(home), [".cache"]);
  assertEquals(await list(join(work, "programs")), NAMES.toSorted());
});

/** Stops a training by a signal, as it begins; the checkpoint that it names. */
async function stopTraining(
  [program, ...args]: string[],
  signal: Deno.Signal,
  at: Surroundings,
): Promise<string> {
  const child = command(program, args, at).spawn();
  let said = "";
  let isStopped = false;
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    said += text;
    // Said before the first step: thousands of them are still to come.
    if (isStopped || !said.includes("Device ")) continue;
    isStopped = true;
    child.kill(signal);
  }
  await child.stdout.cancel();
  assertEquals((await child.status).code, 130, said);
  const typed = / Go on with: '(.*)' train-dqn --resume '(.*\.zip)'\n$/
    .exec(said);
  assert(typed !== null, said);
  assertEquals(typed[1], binary(EVERYTHING));
  return typed[2];
}

unixTest(
  "a binary trains, saves, stops and resumes without a network",
  async () => {
    const at = { cwd: await emptyFolder("training") };
    // A folder's own settings are no business of the binary's.
    await Deno.writeTextFile(join(at.cwd, "deno.json"), "{ none");
    await Deno.writeTextFile(join(at.cwd, "package.json"), "{ none");
    const lonely = await isDone(["unshare", "--net", "true"]);
    const train = [
      ...(lonely ? [(await find("unshare"))!, "--net"] : []),
      ...[binary(EVERYTHING), "train-dqn"],
    ];
    const begin = [...train, "--timesteps=2500", "--hidden=4", "--name=m"];
    const first = await stopTraining(begin, "SIGINT", at);
    const resume = (path: string) => [...train, `--resume=${path}`];
    const second = await stopTraining(resume(first), "SIGTERM", at);
    const [program, ...args] = resume(second);
    const ended = await run(program, [...args, "--json"], at);
    assertEquals(ended.code, 0, ended.err);
    assert(Object.keys(JSON.parse(ended.out)).length > 0);
    const observation = "--observation=0.5,0.8,0.6,0,0,0.5,0.2,0.1,0";
    const action = await run(
      EVERYTHING,
      ["predict", "models/m.zip", observation],
      at,
    );
    assertMatch(action.out, /^\{"action":\d,"change":-?\d\}\n$/, action.err);
  },
);

unixTest("a binary passes on exit codes and says what is wrong", async () => {
  const at = { cwd: work };
  const missing = await run(EVERYTHING, ["train-dqn", "--resume=none.zip"], at);
  assertEquals([missing.code, missing.out], [1, ""]);
  assertMatch(missing.err, /^Cannot read ".*none\.zip": no such file.*\n$/);
  const unknown = await run(EVERYTHING, ["train-dqn", "--patern=SPIKE"], at);
  assertEquals([unknown.code, unknown.out], [2, ""]);
  assertStringIncludes(unknown.err, "perhaps --pattern");
  const help = await run("simulate", ["--help"], at);
  assertStringIncludes(help.out, `Usage: '${binary("simulate")}' [options]`);
});

unixTest("one binary holds every program", async () => {
  const at = { cwd: work };
  const bare = await run(EVERYTHING, [], at);
  assertEquals([bare.code, bare.out], [2, ""]);
  assertMatch(bare.err, /\ntrain-dqn +Trains DQN/);
  const help = await run(EVERYTHING, ["--help"], at);
  assertEquals([help.code, help.out, help.err], [0, bare.err, ""]);
  const unknown = await run(EVERYTHING, ["trian-dqn"], at);
  assertEquals(unknown.code, 2);
  assertMatch(
    unknown.err,
    /^Cannot run "trian-dqn": expected the name of a program, perhaps train-dqn .*\n$/,
  );
  const qmix = await run(EVERYTHING, ["train-qmix", "--agent-type=qmix"], at);
  assertEquals([qmix.code, qmix.out], [2, ""]);
  assertStringIncludes(qmix.err, "Cannot read --agent-type twice");
});

unixTest("a binary's simulations are run by itself", async () => {
  const cwd = await emptyFolder("simulations");
  const made = await run("simulate", [
    ...["run", "tree", "--simulations=stachenfeldIn2d", "--runs-per-sim=2"],
    ...["--jobs=2", "--json"],
  ], { cwd });
  assertEquals(made.code, 0, made.err);
  const { runs } = JSON.parse(made.out);
  assertEquals(
    runs.map(({ state }: { state: string }) => state),
    ["finished", "finished"],
  );
});

unixTest("a binary's workers are found in it", async () => {
  const cwd = await emptyFolder("data");
  const { code, err } = await run(EVERYTHING, [
    ...["generate-data", "--runs=2", "--jobs=2", "--sim-time=200"],
    "--quiet",
  ], { cwd });
  assertEquals([code, err], [0, ""]);
});

unixTest("a binary needs no home, and trusts no folder of others", async () => {
  const temporary = await emptyFolder("temporary");
  const user = Deno.uid();
  const at = {
    cwd: work,
    env: { HOME: join(work, "nobody"), TMPDIR: temporary },
  };
  const place = join(temporary, `loadstar-${user}`);
  await Deno.symlink(work, place);
  const refused = await run("simulate", ["--version"], at);
  assertEquals([refused.code, refused.out], [1, ""]);
  assertMatch(
    refused.err,
    /^Cannot run .*: it could not be unpacked into \S.* \(it belongs to somebody else\), which takes \d+ MiB; .*\n$/,
  );
  await Deno.remove(place);
  const ended = await run("simulate", ["--version"], at);
  assertEquals([ended.code, ended.err], [0, ""]);
  assert((await list(work)).includes("temporary"));
  assert(!(await list(work)).includes("nobody"));
  // A folder that lost a file, or the end of one, is mended.
  const [deno, programs] = await Promise.all(
    ["deno-", "programs-"].map(async (kind) =>
      (await list(place)).find((name) => name.startsWith(kind))!
    ),
  );
  await Deno.remove(join(place, programs, "main.js"));
  await Deno.truncate(join(place, programs, "LICENSE"), 100);
  await Deno.truncate(join(place, deno, "deno"), 1e6);
  const again = await run("simulate", ["--version"], at);
  assertEquals([again.code, again.err, again.out], [0, "", ended.out]);
  await Deno.remove(temporary, { recursive: true });
});

unixTest(
  "a start that is stopped while it unpacks leaves nothing",
  async () => {
    const temporary = await emptyFolder("stopped");
    const tools = await emptyFolder("tools");
    // Stops all that belongs to the start, as a terminal does.
    const stop = "#!/bin/sh\nkill -TERM 0\n";
    await Deno.writeTextFile(join(tools, "gzip"), stop, { mode: 0o755 });
    const { signal } = await new Deno.Command(binary("simulate"), {
      cwd: work,
      clearEnv: true,
      env: { PATH: `${tools}:${path}`, TMPDIR: temporary },
      stdout: "null",
      stderr: "null",
      detached: true,
    }).spawn().status;
    assertEquals(signal, "SIGTERM");
    const place = join(temporary, `loadstar-${Deno.uid()}`);
    // The shell that tidies up goes on for a moment.
    for (let i = 0; i < 100 && (await list(place)).length > 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assertEquals(await list(place), []);
  },
);

unixTest("a damaged binary is told from a sound one", async () => {
  const env = { HOME: join(work, "nobody"), TMPDIR: work };
  const file = join(work, "damaged");
  const bytes = await Deno.readFile(binary("simulate"));
  const expected = {
    code: 1,
    out: "",
    err: `Cannot run ${file}: it is damaged, copy it again\n`,
  };
  for (const length of [bytes.length, bytes.length - 1, 100_000]) {
    bytes[50_000] ^= 1;
    await Deno.writeFile(file, bytes.subarray(0, length), { mode: 0o755 });
    assertEquals(await run(file, [], { cwd: work, env }), expected);
  }
  await Deno.remove(file);
});

unixTest("a binary says that it was made for another machine", async () => {
  const at = { cwd: work };
  const system = await changedHead(
    "other",
    /^SYSTEM=.*$/m,
    "SYSTEM='Plan9 68k'",
  );
  const other = await run(system, [], at);
  assertEquals([other.code, other.out], [1, ""]);
  assertMatch(
    other.err,
    /^Cannot run .*: it is made for Plan9 68k, and this is \w+ \w+\n$/,
  );
  const loader = await changedHead(
    "musl",
    /^LOADER=.*$/m,
    "LOADER=/lib/ld-none.so",
  );
  const library = await run(loader, [], at);
  assertEquals([library.code, library.out], [1, ""]);
  assertMatch(
    library.err,
    /^Cannot run .*: it is made for another C library, and there is no \/lib\/ld-none\.so here\n$/,
  );
});

unixTest("a full disk is one line, and leaves nothing behind", async () => {
  const full = await emptyFolder("full");
  const mounted = await isDone(
    ["mount", "-t", "tmpfs", "-o", "size=20m", "none", full],
  );
  try {
    const env = { HOME: join(work, "nobody"), TMPDIR: full };
    // Where nothing can be mounted, no file may grow beyond 10 MiB.
    const limit = mounted ? "" : "ulimit -f 20480; ";
    const { code, out, err } = await run("/bin/sh", [
      ...["-c", `${limit}exec "$@"`, "sh"],
      binary("simulate"),
      "--version",
    ], { cwd: work, env });
    assertEquals([code, out], [1, ""], err);
    assertMatch(err, /^Cannot run .*: it could not be unpacked into .*\n$/);
    if (mounted) assertStringIncludes(err, "(no space: 20 MiB are left)");
    assertEquals(await list(join(full, `loadstar-${Deno.uid()}`)), []);
  } finally {
    if (mounted) await isDone(["umount", full]);
  }
});
