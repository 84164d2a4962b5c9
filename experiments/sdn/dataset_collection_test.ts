import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { routingPolicy } from "../../agents/rules/routing_policies.ts";
import { readNpz } from "../../core/npz.ts";
import { InterruptedError, type Progress } from "../../core/script.ts";
import { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import { collectDataset } from "./dataset_collection.ts";

const progress: Progress = {
  update() {},
  message() {},
  finish() {},
  [Symbol.dispose]() {},
};

/** A context that is interrupted at a breath. */
function context(breaths = Infinity) {
  const controller = new AbortController();
  let count = 0;
  return {
    signal: controller.signal,
    breathe() {
      if (++count === breaths) {
        controller.abort(new InterruptedError("Stopped"));
      }
      return Promise.resolve();
    },
    progress: () => progress,
  };
}

Deno.test("a run that is interrupted keeps its rows, and goes on to the same bytes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const env = new SDNEnv({ episodeSteps: 5 });
    using policy = await routingPolicy("random", env);
    const plan = {
      path: join(folder, "whole.npz"),
      seed: 1,
      episodes: 4,
      steps: 5,
      description: { seed: 1, options: "{}" },
      resume: false,
    };
    const whole = await collectDataset({ env, policy }, plan, context());
    assertEquals([whole.dataset.rows, whole.totals.count], [20, 20]);
    const path = join(folder, "cut.npz");
    await assertRejects(
      () => collectDataset({ env, policy }, { ...plan, path }, context(13)),
      InterruptedError,
      `Stopped; the 13 samples so far are in ${path}, go on with --resume`,
    );
    assertEquals((await readNpz(path)).states.shape, [13, 12]);
    const rest = await collectDataset(
      { env, policy },
      { ...plan, path, resume: true },
      context(),
    );
    assertEquals([rest.resumedRows, rest.totals.count], [10, 10]);
    assertEquals(
      await Deno.readFile(path),
      await Deno.readFile(plan.path),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("where nothing was gathered, nothing is written", async () => {
  const env = new SDNEnv({ episodeSteps: 5 });
  using policy = await routingPolicy("zeros", env);
  const path = join(await Deno.makeTempDir(), "none.npz");
  const plan = {
    path,
    seed: 1,
    episodes: 1,
    steps: 5,
    description: undefined,
    resume: false,
  };
  const broken = {
    env: Object.assign(Object.create(env), {
      observationSpace: env.observationSpace,
      actionSpace: env.actionSpace,
      reset: () => {
        throw new Error("no controller");
      },
    }),
    policy,
  };
  await assertRejects(
    () => collectDataset(broken, plan, context()),
    Error,
    "no controller",
  );
  assert(!(await Array.fromAsync(Deno.readDir(join(path, "..")))).length);
});
