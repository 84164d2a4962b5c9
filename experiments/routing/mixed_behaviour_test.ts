import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import { readRecordedSteps } from "../training/offline_files.ts";
import { mixedActor, recordMixed } from "./mixed_behaviour.ts";

const OPTIONS = {
  topology: "ring:4",
  actionMode: "absolute",
  episodeSteps: 6,
} as const;
const WEIGHTS = [new Float64Array(4).fill(1)];

Deno.test("episodes take sizes of noise in turn", () => {
  const env = new SDNEnv(OPTIONS);
  env.reset({ seed: 1 });
  const actor = mixedActor({ weights: WEIGHTS, noise: [0, 0.1], seed: 1 });
  const isStill = [0, 1, 2].map(() => {
    actor.begin();
    return actor.act(env).every((action) => action === 0);
  });
  assertEquals(isStill, [true, false, true]);
});

Deno.test("recordMixed() writes steps that agents learn from", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "mixed.npz");
    await recordMixed(path, { weights: WEIGHTS, noise: [0.1], seed: 2 }, {
      options: OPTIONS,
      episodes: 3,
      breathe: () => Promise.resolve(),
      signal: new AbortController().signal,
    });
    const { data, options, episodeIds } = await readRecordedSteps(path);
    assertEquals(data.rows, 18);
    assertEquals(options, { ...OPTIONS });
    assertEquals(episodeIds?.at(-1), 2);
    assert(data.rewards && data.nextObservations);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
