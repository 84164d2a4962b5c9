import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { withFolder } from "../experiments/_test_folder.ts";
import { runFiles } from "../experiments/training/_run_files.ts";
import { traceText } from "../experiments/autoscaling/_traces.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

interface Call {
  /** The folder that the user is in. Default the repository. */
  from?: string;
  /** Permissions. Default those of the tasks. */
  permissions?: readonly string[];
}

function command(script: string, args: readonly string[], call: Call = {}) {
  const { from = ROOT, permissions = ["-P=train"] } = call;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      ...permissions,
      join(ROOT, "scripts", `${script}.ts`),
      ...args,
    ],
    cwd: ROOT,
    env: { INIT_CWD: from, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

function decode(output: Deno.CommandOutput): Outcome {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code: output.code,
    stdout: text(output.stdout),
    stderr: text(output.stderr),
  };
}

/** Runs a script with arguments as one would type them. */
async function run(typed: string, call: Call = {}): Promise<Outcome> {
  const [script, ...args] = typed.split(" ");
  return decode(await command(script, args, call).output());
}

/** Works through items two at a time: processes of their own are many. */
async function twoAtATime<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

/** Paths of what lies in a folder. */
async function filesOf(root: string): Promise<string[]> {
  return Object.keys(await runFiles(root));
}

Deno.test("training scripts print a table and write their files", async () => {
  const table = /\npolicy +return +.*\n-+ .*\n(.*\n)*optimum +-3\.0948 /;
  const cases: [string, string, string[]][] = [
    ["train_dqn --timesteps 60 --hidden 4", "DQN best", [
      "figures/x.html",
      "logs/dqn_eval/evaluations.npz",
      "logs/x/events.out.tfevents.x",
      "logs/x/progress.csv",
      "models/best/dqn_best_model.zip",
      "models/x.zip",
    ]],
    ["train_dqn_simple --timesteps 60", "DQN last", [
      "figures/x.html",
      "logs/dqn_eval/evaluations.npz",
      "logs/x/events.out.tfevents.x",
      "logs/x/progress.csv",
      "models/best/dqn_best_model.zip",
      "models/x.zip",
    ]],
    ["train_ppo --timesteps 60 --hidden 4,4", "PPO best", [
      "figures/x.html",
      "logs/ppo_eval/evaluations.npz",
      "logs/x/events.out.tfevents.x",
      "logs/x/progress.csv",
      "models/best/best_model.zip",
      "models/x.zip",
    ]],
    ["train_qlearning --episodes 120", "Q-learning", [
      "figures/x.html",
      "logs/x/progress.csv",
      "models/x.zip",
    ]],
  ];
  await withFolder(async (folder) => {
    await twoAtATime(cases, async ([typed, agent, files]) => {
      const out = join(folder, typed.split(" ")[0]);
      const { code, stdout, stderr } = await run(
        `${typed} --name x --out ${out}`,
      );
      assertEquals(code, 0, stderr);
      assertMatch(stdout, /^SINE_CURVE, from its beginning\n/);
      assertMatch(stdout, table);
      assert(stdout.includes(`\n${agent} `), stdout);
      assert(!stdout.includes("random starts"));
      assert(stdout.includes(`\nModel: ${out}/models/x.zip\n`), stdout);
      assert(stdout.endsWith(`\nFigures: ${out}/figures/x.html\n`), stdout);
      assertEquals(await filesOf(out), files);
      // Nobody looks at a terminal: whole lines, and nothing that moves.
      for (const control of ["\x1b", "\r"]) {
        assert(!(stdout + stderr).includes(control), stderr);
      }
      assertMatch(stderr, /x: \d+% \(\d+ of \d+ (steps|episodes)\)/);
    });
  });
});

Deno.test("training scripts print one JSON document with --json, nothing else with --quiet", async () => {
  await withFolder(async (folder) => {
    await twoAtATime([
      "train_dqn --timesteps 20 --hidden 4 --seeds 2 --eval --pattern POISSON",
      "train_ppo --timesteps 20 --hidden 4",
      "train_qlearning --episodes 10 --seeds 2",
    ], async (typed) => {
      const out = join(folder, typed.split(" ")[0]);
      const { code, stdout, stderr } = await run(
        `${typed} --json --quiet --name x --out ${out}`,
      );
      assertEquals([code, stderr], [0, ""]);
      const { runs, comparisons } = JSON.parse(stdout);
      const seeds = typed.includes("--seeds 2") ? 2 : 1;
      assertEquals(runs.length, seeds);
      assertEquals(comparisons.length, typed.includes("--eval") ? 2 : 1);
      const [{ policies, title, noOptimum }] = comparisons;
      assertMatch(title, /^(SINE_CURVE|POISSON), from its beginning$/);
      assertEquals(noOptimum === null, title.startsWith("SINE_CURVE"));
      const agent = policies.find(({ name }: { name: string }) =>
        /DQN best|PPO best|Q-learning/.test(name)
      );
      assertEquals(agent.returns.length, seeds);
      assertEquals(agent.name.endsWith("(2 seeds)"), seeds === 2);
      const models = (await filesOf(out)).filter((path) =>
        /^models\/x/.test(path)
      );
      assertEquals(
        models,
        seeds === 2
          ? ["models/x_seed0.zip", "models/x_seed1.zip"]
          : ["models/x.zip"],
      );
    });
  });
});

Deno.test("training scripts give the same bytes for the same seed, and count paths from the user's folder", async () => {
  await withFolder(async (folder) => {
    const typed = [
      "train_ppo --timesteps 1100 --hidden 4 --learning-rate 0.01 --n-steps 16 --seed 5",
      "train_ppo --timesteps=1100 --hidden=4 --learning_rate=1e-2 --n_steps=16 --seed=5",
      "train_dqn --timesteps 1100 --hidden 4",
      "train_dqn --timesteps 1.1e3 --hidden 4 --no-eval --double yes",
    ];
    const files: Record<string, string>[] = [];
    const documents: string[] = [];
    await twoAtATime([0, 1, 2, 3], async (i) => {
      const [name, from] = i % 2 === 0 ? [`run${i}`, folder] : [
        `../run${i}`,
        join(folder, "elsewhere"),
      ];
      const { code, stdout, stderr } = await run(
        `${typed[i]} --name x --out ${name} --quiet --json`,
        { from },
      );
      assertEquals([code, stderr], [0, ""]);
      const out = join(folder, `run${i}`);
      files[i] = await runFiles(out);
      documents[i] = stdout.replaceAll(out, "OUT");
    });
    for (const [first, second] of [[0, 1], [2, 3]]) {
      assertEquals(files[second], files[first]);
      assertEquals(documents[second], documents[first]);
    }
    assert(files[0]["models/x.zip"] !== files[2]["models/x.zip"]);
  });
});

Deno.test("training scripts learn on a trace and are tested on its held-out days", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(
      join(folder, "my load.csv"),
      traceText({ days: 4 }),
    );
    const cases: [string[], string][] = [
      [
        ["train_dqn", "--timesteps=20", "--hidden=4"],
        "held-out day 1, from its beginning",
      ],
      [
        ["train_qlearning", "--episodes=5", "--test-days=3"],
        "3 held-out days (mean of a day)",
      ],
    ];
    await twoAtATime(cases, async ([[script, ...args], title]) => {
      const { code, stdout, stderr } = decode(
        await command(
          script,
          [...args, "--trace", "my load.csv", "--out", script],
          { from: folder },
        ).output(),
      );
      assertEquals(code, 0, stderr);
      assert(stdout.startsWith(`${title}\n`), stdout);
      assertMatch(stderr, /^my load: \d+ steps to learn on, \d+ held out/);
      // No name was asked for: agent, load and time make one.
      const models = (await filesOf(join(folder, script))).filter((path) =>
        /^models\/[^/]*$/.test(path)
      );
      assertEquals(models.length, 1);
      assertMatch(
        models[0],
        /^models\/(dqn|qlearning)_my_load_\d{8}_\d{6}\.zip$/,
      );
    });
  });
});

Deno.test("training scripts show the optimum of each service, or say why there is none", async () => {
  await withFolder(async (folder) => {
    await twoAtATime([
      "--cooldown 2 --actions -5,-1,0,1,5 --mask-actions",
      "--reward cost",
      "--boot-delay constant --boot-seconds 700",
      "--boot-delay exponential --pattern SPIKE",
      "--pattern RANDOM",
    ], async (options) => {
      const out = join(folder, options.replaceAll(/\W/g, ""));
      const { code, stdout, stderr } = await run(
        `train_dqn --timesteps 10 --hidden 4 --name x --out ${out} ${options}`,
      );
      assertEquals(code, 0, stderr);
      const hasOptimum = /^optimum /m.test(stdout);
      const says = /^There is no exact optimum: .{10}/m.test(stdout);
      assert(hasOptimum !== says, stdout);
      if (/exponential|RANDOM/.test(options)) assert(says, stdout);
      if (/cooldown/.test(options)) assert(hasOptimum, stdout);
    });
  });
});

Deno.test("training scripts refuse a wrong command line in one line, and write nothing", async () => {
  const cases: [string, string][] = [
    ["train_dqn --pattern SINE_CURV", "perhaps SINE_CURVE"],
    ["train_dqn --timestep 5", "perhaps --timesteps"],
    ["train_dqn --timesteps -5", "expected a whole number from 1"],
    ["train_dqn --timesteps 0", "expected a whole number from 1"],
    ["train_dqn --timesteps many", "expected a whole number from 1"],
    ["train_dqn --hidden 0", "expected whole numbers from 1"],
    ["train_dqn --gamma 2", "expected a number from 0 to 1"],
    ["train_dqn --seeds 0", "expected a whole number from 1"],
    [
      "train_dqn --device tpu",
      "expected one of auto, native, wasm, webgpu, cpu",
    ],
    ["train_dqn --name a/b", 'Cannot call the model "a/b"'],
    ["train_dqn --test-days 2", "Cannot hold out --test-days without --trace"],
    ["train_dqn --actions 1,2", "Cannot use the actions [1,2]"],
    ["train_dqn --boot-seconds 5", "without --boot-delay"],
    ["train_dqn stray", 'Cannot use the argument "stray"'],
    ["train_dqn --resume x.zip --seeds 2", "a checkpoint is of one run"],
    [
      "train_dqn --batch-size 1e12 --device wasm",
      "it does not fit into memory",
    ],
    ["train_ppo --n-steps 63", "expected a divisor of 504"],
    ["train_ppo --envs 1e9", "65536"],
    ["train_qlearning --episodes 1.5", "expected a whole number from 1"],
    ["train_qlearning --states orignal", "perhaps original"],
    ["train_qlearning --mask-actions", "Cannot keep a table from actions"],
  ];
  await withFolder(async (folder) => {
    await twoAtATime(cases, async ([typed, message]) => {
      const { code, stdout, stderr } = await run(
        `${typed} --quiet --out ${folder}`,
      );
      assertEquals([code, stdout], [2, ""], `${typed}: ${stderr}`);
      assertMatch(stderr, /^Cannot [^\n]+ \(see --help\)\n$/);
      assert(stderr.includes(message), stderr);
    });
    assertEquals(await filesOf(folder), []);
  });
});

Deno.test("training scripts fail in one line, and harm no file", async () => {
  await withFolder(async (folder) => {
    const write = (name: string, text: string) =>
      Deno.writeTextFile(join(folder, name), text);
    await write(
      "hole.csv",
      traceText({ days: 3, replace: { minute: 99, line: "" } }),
    );
    await write("short.csv", traceText({ days: 1.5 }));
    await write("file", "mine");
    await Deno.mkdir(join(folder, "models"));
    await write("models/x.zip", "mine");
    await Deno.chmod(join(folder, "models", "x.zip"), 0o444);
    const tiny = "--timesteps 5 --hidden 4 --name x";
    const readOnly = ["--allow-read", "--allow-env=INIT_CWD,NO_COLOR"];
    const cases: [string, string, string[]?][] = [
      ["train_dqn --trace hole.csv", "expected minute 99, got 100: a hole"],
      ["train_dqn --trace short.csv", "expected two whole days or more"],
      ["train_dqn --trace none.csv", "expected a file, found none"],
      ["train_dqn --resume none.zip", "no such file, check the path"],
      ["train_ppo --resume hole.csv", "it is not a zip file"],
      ["train_qlearning --resume file", "it is not a zip file"],
      [`train_dqn ${tiny} --out file`, "a part of the path is a file"],
      [
        `train_dqn ${tiny} --out .`,
        "expected a place where this user may write",
      ],
      [
        `train_ppo ${tiny} --device wasm --out o`,
        "Deno was not permitted to",
        readOnly,
      ],
    ];
    const mine = await runFiles(folder);
    await twoAtATime(cases, async ([typed, message, permissions]) => {
      const { code, stdout, stderr } = await run(`${typed} --quiet`, {
        from: folder,
        permissions,
      });
      assertEquals([code, stdout], [1, ""], `${typed}: ${stderr}`);
      assertMatch(stderr, /^Cannot [^\n]+\n$/);
      assert(stderr.includes(message), stderr);
    });
    const after = await runFiles(folder);
    for (const path of Object.keys(mine)) assertEquals(after[path], mine[path]);

    const { code, stderr } = await run("train_dqn --trace none.csv --debug", {
      from: folder,
    });
    assertEquals(code, 1);
    assertMatch(stderr, /^NotFound: Cannot read [^\n]+\n +at /);
  });
});

Deno.test({
  name: "training scripts end quietly when nobody reads their table",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFolder(async (out) => {
      const child = command("train_dqn", [
        "--timesteps=5",
        "--hidden=4",
        "--quiet",
        "--name=x",
        `--out=${out}`,
      ]).spawn();
      await child.stdout.cancel();
      const stderr = await new Response(child.stderr).text();
      const { code } = await child.status;
      assertEquals([code, stderr], [0, ""]);
    });
  },
});

Deno.test({
  name: "Ctrl-C prints a command that goes on to the same model",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withFolder(async (folder) => {
      const out = join(folder, "it's mine");
      const args = ["--timesteps=2500", "--hidden=4", "--name=x"];
      const child = command("train_dqn", [...args, `--out=${out}`]).spawn();
      let stderr = "";
      const decoder = new TextDecoder();
      let stopped = false;
      for await (const bytes of child.stderr) {
        stderr += decoder.decode(bytes, { stream: true });
        // Said before the first step: thousands of them are still to come.
        if (stopped || !stderr.includes("Device ")) continue;
        stopped = true;
        child.kill("SIGINT");
      }
      const { code } = await child.status;
      assertEquals([code, await new Response(child.stdout).text()], [130, ""]);
      const [, typed] = stderr.match(
        /\nInterrupted after \d+ of 2500 steps\. Go on with: (.*)\n$/,
      ) ?? [];
      assert(typed !== undefined, stderr);
      const [resumed, whole] = await Promise.all([
        new Deno.Command("sh", {
          args: ["-c", `${typed} --quiet`],
          cwd: ROOT,
          env: { NO_COLOR: "1" },
        }).output(),
        command("train_dqn", [...args, `--out=${join(folder, "whole")}`])
          .output(),
      ]);
      assertEquals([resumed.code, whole.code], [0, 0]);
      const files = await runFiles(out);
      const expected = await runFiles(join(folder, "whole"));
      for (const path of Object.keys(expected)) {
        assertEquals(files[path], expected[path], path);
      }
    });
  },
});
