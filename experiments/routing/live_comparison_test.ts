import {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { UsageError } from "../../core/usage_error.ts";
import type { Policy } from "../../agents/policy.ts";
import type { ScriptContext } from "../../core/script.ts";
import { compareLive, liveTable } from "./live_comparison.ts";

const context = {
  signal: new AbortController().signal,
  breathe: () => Promise.resolve(),
  progress: () => ({
    update() {},
    message() {},
    finish() {},
    [Symbol.dispose]() {},
  }),
} as unknown as Pick<ScriptContext, "progress" | "breathe" | "signal">;

/** A controller with an emulated network, in a thread of its own. */
async function controller() {
  const worker = new Worker(
    new URL("../../envs/sdn/_test_controller_server.ts", import.meta.url),
    { type: "module" },
  );
  const { promise, resolve } = Promise.withResolvers<string>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.postMessage({ answers: Infinity });
  const url = await promise;
  return { url, [Symbol.dispose]: () => worker.terminate() };
}

/** Leaves weights alone. */
const still: Policy = {
  observationSize: 12,
  actionSize: 10,
  act: (_observations, _masks, actions) => void actions.fill(0),
};

Deno.test("compareLive() plays models and fixed weights in turn", async () => {
  using there = await controller();
  const scores = await compareLive(
    [{ name: "still", options: {}, policy: still }],
    { options: {}, ryu: there.url, episodes: 2, steps: 4, seed: 1 },
    context,
  );
  assertEquals(
    scores.map(({ name, episodes }) => [name, episodes.length]),
    [["still", 2], ["unit weights", 2], ["inverse capacity", 2]],
  );
  const [, unit, inverse] = scores.map(({ episodes }) => episodes[0]);
  const [first] = scores[0].episodes;
  // The same traffic, and nothing but the first step differs.
  assertAlmostEquals(first.utilisation, unit.utilisation, 1e-12);
  assertNotEquals(inverse.utilisation, unit.utilisation);
  assertEquals(unit.deliveredShare! > 0.9, true);
  assertEquals(liveTable(scores).rows.length, 3);
});

Deno.test("compareLive() refuses models that see what controllers do not tell", async () => {
  using there = await controller();
  await assertRejects(
    () =>
      compareLive(
        [{ name: "m", options: { observation: ["demands"] }, policy: still }],
        { options: {}, ryu: there.url, episodes: 1, steps: 1, seed: 1 },
        context,
      ),
    UsageError,
  );
});

Deno.test("liveTable() pairs episodes with those of unit weights", () => {
  const episodes = (...utilisations: number[]) =>
    utilisations.map((utilisation) => ({
      utilisation,
      delayMs: 2,
      throughputMbps: 30,
      deliveredShare: undefined,
    }));
  const { rows } = liveTable([
    { name: "a", episodes: episodes(0.5, 0.6) },
    { name: "unit weights", episodes: episodes(0.7, 0.8) },
  ]);
  assertAlmostEquals(rows[0][2] as number, -0.2, 1e-12);
  assertAlmostEquals(rows[0][3] as number, -0.2, 1e-12);
  assertEquals(rows[1].slice(0, 3), ["unit weights", 0.75, 0]);
  assertEquals(rows[0].at(-1), undefined);
});
