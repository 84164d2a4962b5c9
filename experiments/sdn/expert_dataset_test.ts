import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { routingPolicy } from "../../agents/rules/routing_policies.ts";
import { decodeNpz, encodeNpz, readNpz } from "../../core/npz.ts";
import { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import {
  collectEpisode,
  encodeDataset,
  episodeSeeds,
  makeDataset,
  resumeDataset,
  writeDataset,
} from "./expert_dataset.ts";

const STEPS = 6;
const DESCRIPTION = { seed: 9, options: '{"policy":"random"}' };
const signal = new AbortController().signal;
const breathe = () => Promise.resolve();

async function collected(episodes: number, seed = 9) {
  const env = new SDNEnv({ episodeSteps: STEPS });
  using policy = await routingPolicy("random", env);
  const dataset = makeDataset(env, 5 * STEPS);
  for (const each of episodeSeeds(seed, episodes)) {
    await collectEpisode(dataset, { env, policy }, {
      seed: each,
      breathe,
      signal,
    });
  }
  return { env, policy, dataset };
}

Deno.test("rows follow one another within an episode", async () => {
  const { dataset } = await collected(3);
  assertEquals([dataset.rows, dataset.episodes], [18, 3]);
  const row = (of: Float32Array, i: number) => of.slice(12 * i, 12 * (i + 1));
  for (let i = 0; i < 17; i++) {
    const last = i % STEPS === STEPS - 1;
    assertEquals(dataset.timeouts[i], last ? 1 : 0);
    assertEquals(dataset.episodeIds[i], Math.floor(i / STEPS));
    if (!last) {
      assertEquals(row(dataset.nextStates, i), row(dataset.states, i + 1));
    }
  }
  assert(dataset.terminals.every((terminal) => terminal === 0));
});

Deno.test("same seed, same bytes; another seed, others", async () => {
  const bytes = async (seed: number) =>
    encodeDataset((await collected(2, seed)).dataset, DESCRIPTION);
  assertEquals(await bytes(1), await bytes(1));
  const [one, other] = [await bytes(1), await bytes(2)];
  assert(one.some((byte, i) => byte !== other[i]));
});

Deno.test("a file has all arrays, or the original's two", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { dataset } = await collected(2);
    const path = join(folder, "all.npz");
    await writeDataset(path, dataset, DESCRIPTION);
    const all = await readNpz(path);
    assertEquals(
      Object.entries(all).map(([name, { shape }]) => [name, ...shape]),
      [
        ["states", 12, 12],
        ["actions", 12, 10],
        ["next_states", 12, 12],
        ["rewards", 12],
        ["terminals", 12],
        ["timeouts", 12],
        ["episode_ids", 12],
        ["seed"],
        ["options", DESCRIPTION.options.length],
      ],
    );
    await writeDataset(path, dataset, undefined);
    const two = await readNpz(path);
    assertEquals(Object.keys(two), ["states", "actions"]);
    assertEquals(two.states, all.states);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what is interrupted and gone on with has the bytes of what was not", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const whole = (await collected(4)).dataset;
    for (const description of [DESCRIPTION, undefined]) {
      const { env, policy, dataset: cut } = await collected(2);
      const controller = new AbortController();
      let steps = 0;
      await assertRejects(() =>
        collectEpisode(cut, { env, policy }, {
          seed: 1,
          breathe,
          signal: controller.signal,
          onStep: () => ++steps === 3 && controller.abort(new Error("stop")),
        })
      );
      assertEquals([cut.rows, cut.episodes, cut.timeouts[14]], [15, 2, 1]);
      const path = join(folder, "cut.npz");
      await writeDataset(path, cut, description);
      const resumed = makeDataset(env, 5 * STEPS);
      await resumeDataset(path, resumed, { steps: STEPS, description });
      assertEquals([resumed.rows, resumed.episodes], [12, 2]);
      for (const seed of episodeSeeds(9, 4).slice(2)) {
        await collectEpisode(resumed, { env, policy }, {
          seed,
          breathe,
          signal,
        });
      }
      assertEquals(
        encodeDataset(resumed, description),
        encodeDataset(whole, description),
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("files of other runs are not gone on with", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { env, dataset } = await collected(1);
    const path = join(folder, "run.npz");
    await writeDataset(path, dataset, DESCRIPTION);
    const resume = (description: typeof DESCRIPTION | undefined, to = env) =>
      resumeDataset(path, makeDataset(to, 30), { steps: STEPS, description });
    await assertRejects(
      () => resume({ ...DESCRIPTION, seed: 8 }),
      RangeError,
      "its seed is 9, expected 8",
    );
    await assertRejects(
      () => resume({ ...DESCRIPTION, options: "{}" }),
      RangeError,
      "other options",
    );
    await assertRejects(
      () => resume(undefined, new SDNEnv({ linkCount: 4 })),
      RangeError,
      "shape (6, 12), expected 32-bit floats of shape (rows, 6)",
    );
    const arrays = decodeNpz(await Deno.readFile(path));
    const { data, shape } = arrays.rewards;
    arrays.rewards = { shape: [shape[0] - 1], data: data.slice(1) };
    await Deno.writeFile(path, encodeNpz(arrays));
    await assertRejects(
      () => resume(DESCRIPTION),
      RangeError,
      "rewards has 5 rows, expected 6",
    );
    await writeDataset(path, dataset, undefined);
    await assertRejects(() => resume(DESCRIPTION), RangeError, "seed-format");
    await Deno.writeTextFile(path, "PK nonsense");
    await assertRejects(() => resume(DESCRIPTION), SyntaxError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
