import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { withFolder } from "../experiments/_test_folder.ts";
import { runFiles } from "../experiments/training/_run_files.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** Runs a script with arguments as one would type them, in a folder. */
async function run(typed: string, from: string = ROOT) {
  const [script, ...args] = typed.split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "-P=train",
      join(ROOT, "scripts", `${script}.ts`),
      ...args,
    ],
    cwd: ROOT,
    env: { INIT_CWD: from, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const QUICK =
  "--num-servers 4 --num-agents 2 --episode-seconds 3 --test-episodes 2 --hidden 4";

Deno.test("models of training_pipeline are evaluated and compared, and bad input is told in one line", async () => {
  await withFolder(async (folder) => {
    const trained = await run(
      `training_pipeline --agent-type qmix --trace-type wiki --episodes 3 --save-path checkpoints/qmix_best.zip ${QUICK}`,
      folder,
    );
    assertEquals(trained.code, 0, trained.stderr);
    assertMatch(trained.stdout, /^who +mean \(ms\)/m);
    assertMatch(trained.stdout, /^qmix last {2}sed +/m);
    assertEquals(Object.keys(await runFiles(folder)), [
      "checkpoints/qmix_best.zip",
      "figures/qmix.html",
      "logs/qmix/events.out.tfevents.qmix",
      "logs/qmix/progress.csv",
      "logs/qmix_eval/evaluations.npz",
      "models/qmix.zip",
    ]);

    const evaluated = await run(
      "evaluate_agent --model checkpoints/qmix_best.zip --episodes 2 --load 0.5",
      folder,
    );
    assertEquals(evaluated.code, 0, evaluated.stderr);
    assertMatch(evaluated.stdout, /^qmix_best +\d/m);
    assertMatch(evaluated.stdout, /^least-work-oracle \(knows all\) +\d/m);
    assertMatch(evaluated.stdout, /^Average reward: -\d\.\d+ a step$/m);
    assertMatch(evaluated.stdout, /^Latency: [\d.]+ ms avg, [\d.]+ ms P95$/m);

    const compared = await run(
      "compare_agents --models checkpoints/qmix_best.zip,models/qmix.zip --episodes 2 --json",
      folder,
    );
    const { outcomes } = JSON.parse(compared.stdout);
    assertEquals(
      outcomes.slice(0, 2).map(({ name }: { name: string }) => name),
      ["qmix_best", "qmix"],
    );
    assert(
      outcomes.every(({ episodes }: { episodes: unknown[] }) =>
        episodes.length === 2
      ),
    );

    await Deno.writeTextFile(join(folder, "late.csv"), "time,work\n2,1\n1,1\n");
    await Deno.writeTextFile(join(folder, "cut.zip"), "PK");
    const refused: [string, number, RegExp][] = [
      [
        "evaluate_agent --model checkpoints/qmix_best.zip --num-servers 16",
        2,
        /^Cannot balance load over 16 servers with a model for 4: /,
      ],
      ["evaluate_agent", 2, /^Cannot evaluate an agent without a model/],
      ["evaluate_agent --model cut.zip", 1, /^Cannot read .*cut\.zip/],
      [
        "training_pipeline --num-servers 0",
        2,
        /^Cannot .*--num-servers.*0.*a whole number from 1/,
      ],
      [
        "training_pipeline --trace-type late.csv",
        1,
        /late\.csv.*line 3: expected a time from 2/,
      ],
      [
        "training_pipeline --num-servers 10",
        2,
        /^Cannot give 2\.5 servers to each of 4 agents/,
      ],
      [
        "training_pipeline --agent-type sacgru",
        2,
        /sac-gru, qmix, independent/,
      ],
      [
        "training_pipeline --action-type continuous",
        2,
        /^Cannot learn utilities of /m,
      ],
      ["compare_agents --models none.zip", 1, /^Cannot read .*none\.zip/],
    ];
    for (const [typed, code, message] of refused) {
      const outcome = await run(typed, folder);
      assertMatch(outcome.stderr, message);
      assertEquals([outcome.code, outcome.stdout], [code, ""], typed);
    }
  });
});
