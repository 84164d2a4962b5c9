import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "@std/path";
import { parseOptions } from "../../core/parse_options.ts";
import { InterruptedError, UsageError } from "../../core/script.ts";
import { generateSmall, inFolder, SILENT } from "./_test_generation.ts";
import { dataDigest, readLearningCheckpoint } from "./learning_checkpoint.ts";
import { readLearningData } from "./learning_data.ts";
import { dataOptionsOf, dataScriptOptions } from "./learning_options.ts";
import { type LearningValues, runLearning } from "./learning_run.ts";

const values = (folder: string, mode: LearningValues["mode"]) => ({
  ...parseOptions(["--data", folder], dataScriptOptions),
  mode,
  epochs: mode === "reference" ? 6 : 30,
  fromMeans: false,
  resamples: 3,
  stationaryRuns: 0,
  stationaryTime: 2000,
  checkpointEvery: 4,
  device: "native" as const,
  seed: 0,
});

for (const mode of ["default", "reference"] as const) {
  Deno.test(`a ${mode} training that is stopped and resumed has the bytes of one that was not`, async () => {
    await inFolder(async (folder) => {
      await generateSmall(folder);
      const out = (name: string) => join(folder, name);
      for (const name of ["whole", "stopped"]) await Deno.mkdir(out(name));
      const asked = values(folder, mode);
      const whole = await runLearning({ ...asked, out: out("whole") }, SILENT);

      const stop = new AbortController();
      let steps = 0;
      const stopped = await assertRejects(
        () =>
          runLearning({ ...asked, out: out("stopped") }, {
            ...SILENT,
            signal: stop.signal,
            breathe() {
              if (++steps === 5) stop.abort();
              return Promise.resolve();
            },
          }),
        InterruptedError,
        "--resume",
      );
      const checkpoint = stopped.message.split("--resume ")[1];
      assertEquals(dirname(checkpoint), out("stopped"));
      assertEquals((await readLearningCheckpoint(checkpoint)).state.step, 5);
      const resumed = await runLearning({
        ...asked,
        // The checkpoint's settings count.
        epochs: 1,
        seed: 9,
        resume: checkpoint,
      }, SILENT);

      for (const name of ["learned_model.zip", "learned_model.pdf"]) {
        assertEquals(
          await Deno.readFile(join(out("stopped"), name)),
          await Deno.readFile(join(out("whole"), name)),
        );
      }
      const numbers = ({ json }: typeof whole) => ({
        ...json as object,
        model: "",
      });
      assertEquals(numbers(resumed), numbers(whole));
      // Nothing to go on from is left behind.
      await assertRejects(() => Deno.stat(checkpoint), Deno.errors.NotFound);
    });
  });
}

Deno.test("resuming refuses other files, and data that have changed", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder);
    const asked = { ...values(folder, "default"), out: folder };
    const stop = new AbortController();
    await assertRejects(
      () =>
        runLearning(asked, {
          ...SILENT,
          signal: stop.signal,
          breathe: () => Promise.resolve(stop.abort()),
        }),
      InterruptedError,
    );
    const checkpoint = join(folder, "learned_model.checkpoint.zip");
    const typed = (key: string, value: unknown) => ({
      ...SILENT,
      commandLine: {
        values: { [key]: value },
        given: new Map([[key, `--${key}`]]),
      },
    });
    for (const [key, value] of [["seed", 9], ["resamples", 9], ["epochs", 0]]) {
      await assertRejects(
        () =>
          runLearning(
            { ...asked, resume: checkpoint },
            typed(`${key}`, value),
          ),
        UsageError,
        `--${key} ${value}`,
      );
    }
    const { digest } = await readLearningCheckpoint(checkpoint);
    const data = await readLearningData(dataOptionsOf(asked));
    assertEquals(digest, await dataDigest(data));
    assert(digest !== await dataDigest({ ...data, runs: undefined }));
    // More updates than it began with.
    const further = join(folder, "further");
    await Deno.mkdir(further);
    let shown = 0;
    await runLearning({ ...asked, out: further, resume: checkpoint }, {
      ...typed("epochs", 40),
      progress: (options) => ({
        ...SILENT.progress(options),
        update(step) {
          if (options.label === "Learning") shown = step;
        },
      }),
    });
    assertEquals(shown, 40);
    await Deno.remove(join(folder, "3_exp_results.csv"));
    await assertRejects(
      () => runLearning({ ...asked, resume: checkpoint }, SILENT),
      Error,
      "no longer holds the data",
    );
    const other = join(folder, "1_exp_results.csv");
    await assertRejects(
      () => runLearning({ ...asked, resume: other }, SILENT),
      SyntaxError,
      "1_exp_results.csv",
    );
  });
});
