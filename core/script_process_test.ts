import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, fromFileUrl, join, toFileUrl } from "@std/path";

const HERE = dirname(fromFileUrl(import.meta.url));
const CONFIG = join(HERE, "..", "deno.json");

/** Behaves as its first argument says. */
const FIXTURE = `
import { runScript, InterruptedError } from "SCRIPT_URL";
import { choiceOption, integerOption } from "OPTIONS_URL";
await runScript({
  name: "fixture",
  description: "Behaves as told.",
  options: { lines: integerOption({ description: "Lines.", default: 1 }) },
  positionals: {
    mode: choiceOption(
      ["ok", "fail", "stray", "reject", "work", "deaf", "linger"],
      { description: "Behaviour.", default: "ok" },
    ),
  },
}, async ({ mode, lines }, { breathe, note, progress, signal }) => {
  console.log("printed by a library");
  note("a note");
  if (mode === "fail") throw new Error("Cannot go on");
  if (mode === "stray") {
    setTimeout(() => {
      throw new Error("Cannot fire");
    });
    await new Promise((resolve) => setTimeout(resolve, 20_000));
  }
  if (mode === "reject") {
    Promise.reject(new Error("Cannot keep a promise"));
    await new Promise((resolve) => setTimeout(resolve, 20_000));
  }
  if (mode === "linger") setInterval(() => {}, 1000);
  if (mode === "work" || mode === "deaf") {
    const shown = progress({ total: 1e12, label: "Working" });
    let done = 0;
    note("ready");
    const until = performance.now() + 20_000;
    while (performance.now() < until) {
      shown.update(++done);
      await breathe();
      if (signal.aborted && mode === "work") {
        throw new InterruptedError("Saved a.zip, go on with --resume a.zip");
      }
    }
  }
  return {
    lines: Array.from({ length: lines }, (_, i) => "line " + i),
    json: { value: NaN, seen: [1] },
  };
});
`;

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function withFixture(
  test: (
    command: (args: string[], shell?: string) => Deno.Command,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "fixture.ts");
    const url = (name: string) => toFileUrl(join(HERE, name)).href;
    await Deno.writeTextFile(
      file,
      FIXTURE.replace("SCRIPT_URL", url("script.ts"))
        .replace("OPTIONS_URL", url("options.ts")),
    );
    // Scripts need no permission for options, progress and signals.
    const flags = ["run", "--quiet", "--no-prompt", "--config", CONFIG, file];
    const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
    await test((args, shell) => {
      const call = [Deno.execPath(), ...flags, ...args];
      return shell === undefined
        ? new Deno.Command(call[0], { args: call.slice(1), ...pipes })
        : new Deno.Command("sh", { args: ["-c", shell, ...call], ...pipes });
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function decode(output: Deno.CommandOutput): Outcome {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code: output.code,
    stdout: text(output.stdout),
    stderr: text(output.stderr),
  };
}

Deno.test("runScript() sets the exit code of a process", async () => {
  await withFixture(async (command) => {
    const cases: [string[], number, string][] = [
      [["ok"], 0, "a note\n"],
      [["linger", "--quiet"], 0, ""],
      [["fail", "--quiet"], 1, "Cannot go on\n"],
      [["stray", "--quiet"], 1, "Cannot fire\n"],
      [["reject", "--quiet"], 1, "Cannot keep a promise\n"],
      [
        ["okay"],
        2,
        'Cannot read MODE "okay": expected one of ok, fail, stray, reject, work, deaf, linger (see --help)\n',
      ],
    ];
    await Promise.all(cases.map(async ([args, code, stderr]) => {
      const outcome = decode(await command(args).output());
      assertEquals([outcome.code, outcome.stderr], [code, stderr]);
      assertEquals(outcome.stdout.includes("line 0\n"), code === 0);
    }));
  });
});

Deno.test("runScript() keeps standard output pure with --json", async () => {
  await withFixture(async (command) => {
    const [ok, fail] = await Promise.all([
      command(["ok", "--json"]).output(),
      command(["fail", "--json"]).output(),
    ]);
    assertEquals(JSON.parse(decode(ok).stdout), { value: null, seen: [1] });
    assertEquals(decode(ok).stderr, "printed by a library\na note\n");
    assertEquals([decode(fail).code, decode(fail).stdout], [1, ""]);
  });
});

/** Starts a process and sends it signals once it is ready. */
async function interrupted(
  child: Deno.ChildProcess,
  signals: Deno.Signal[],
): Promise<Outcome> {
  const decoder = new TextDecoder();
  const waiting = [...signals];
  const stdout = new Response(child.stdout).text();
  let stderr = "";
  for await (const bytes of child.stderr) {
    stderr += decoder.decode(bytes, { stream: true });
    // The second one waits until the first has been heard.
    const heard = stderr.includes("Stopping");
    const sent = signals.length - waiting.length;
    if (sent === 0 ? stderr.includes("ready") : heard) {
      const signal = waiting.shift();
      if (signal !== undefined) child.kill(signal);
    }
  }
  const { code } = await child.status;
  return { code, stdout: await stdout, stderr };
}

Deno.test({
  name: "runScript() exits with 130 when it is interrupted",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFixture(async (command) => {
      const cases: [string, Deno.Signal[], RegExp][] = [
        ["work", ["SIGINT"], /\nSaved a\.zip, go on with --resume a\.zip\n$/],
        ["work", ["SIGTERM"], /\nSaved a\.zip, go on with --resume a\.zip\n$/],
        ["deaf", ["SIGINT", "SIGINT"], /press Ctrl-C again/],
        ["deaf", ["SIGTERM", "SIGINT"], /press Ctrl-C again/],
      ];
      await Promise.all(cases.map(async ([mode, signals, stderr]) => {
        const outcome = await interrupted(command([mode]).spawn(), signals);
        assertEquals(outcome.code, 130, outcome.stderr);
        assertMatch(outcome.stderr, stderr);
        assert(!outcome.stdout.includes("line 0"));
      }));
    });
  },
});

Deno.test("runScript() ends quietly when nobody reads its output", async () => {
  await withFixture(async (command) => {
    const child = command(["ok", "--quiet", "--lines", "100000"]).spawn();
    const reader = child.stdout.getReader();
    assert(!(await reader.read()).done);
    await reader.cancel();
    const stderr = await new Response(child.stderr).text();
    const { code } = await child.status;
    assertEquals([code, stderr], [0, ""]);
  });
});

Deno.test({
  name: "runScript() fails when its output cannot be written",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await withFixture(async (command) => {
      const shell = 'exec "$0" "$@" > /dev/full';
      const output = await command(["ok", "--json"], shell).output();
      const { code, stderr } = decode(output);
      assertEquals(code, 1);
      assertEquals(
        stderr.split("\n").at(-2),
        'Cannot write "standard output": the disk is full, free some space or choose another disk',
      );
    });
  },
});
