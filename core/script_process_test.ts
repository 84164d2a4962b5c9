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
        // Saving keeps the event loop busy, and then waits for the disk.
        const encoded = performance.now() + 400;
        while (performance.now() < encoded);
        await new Promise((resolve) => setTimeout(resolve, 100));
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

/** Collects what a process writes, and calls `act` once it is ready. */
async function watch(
  child: Deno.ChildProcess,
  act: (child: Deno.ChildProcess) => void,
): Promise<Outcome> {
  const decoder = new TextDecoder();
  const stdout = new Response(child.stdout).text();
  let stderr = "";
  let acted = false;
  for await (const bytes of child.stderr) {
    stderr += decoder.decode(bytes, { stream: true });
    if (acted || !stderr.includes("ready")) continue;
    acted = true;
    act(child);
  }
  const { code } = await child.status;
  return { code, stdout: await stdout, stderr };
}

Deno.test({
  name: "runScript() lets an interrupted script save",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFixture(async (command) => {
      const cases: Deno.Signal[][] = [
        ["SIGINT"],
        ["SIGTERM"],
        // As deno task delivers one Ctrl-C.
        ["SIGINT", "SIGINT"],
      ];
      await Promise.all(cases.map(async (signals) => {
        const outcome = await watch(command(["work"]).spawn(), (child) => {
          child.kill(signals[0]);
          const copy = signals[1];
          // Later than one breath, so that the two are heard apart.
          if (copy) setTimeout(() => child.kill(copy), 120);
        });
        assertEquals(outcome.code, 130, outcome.stderr);
        assertMatch(
          outcome.stderr,
          /\nSaved a\.zip, go on with --resume a\.zip\n$/,
        );
        assert(!outcome.stdout.includes("line 0"));
      }));
    });
  },
});

Deno.test({
  name: "runScript() ends at once at the second Ctrl-C",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFixture(async (command) => {
      let timer: ReturnType<typeof setInterval> | undefined;
      const outcome = await watch(command(["deaf"]).spawn(), (child) => {
        child.kill("SIGINT");
        timer = setInterval(() => child.kill("SIGINT"), 200);
        child.status.finally(() => clearInterval(timer));
      });
      assertEquals(outcome.code, 130);
      assertMatch(outcome.stderr, /press Ctrl-C again/);
      assert(!outcome.stdout.includes("line 0"));
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
