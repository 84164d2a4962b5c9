import { assert, assertEquals } from "@std/assert";
import {
  rewardSignal,
  scanWeights,
  type ScriptContext,
  weightScanTables,
} from "./weight_scan.ts";

const CONTEXT = {
  progress: () => ({ update() {}, [Symbol.dispose]() {} }),
  breathe: () => Promise.resolve(),
  signal: new AbortController().signal,
} as unknown as ScriptContext;

Deno.test("scanWeights() finds equal weights slower, and rewards that tell", async () => {
  const scanned = await scanWeights(
    { ratios: [0.5, 1], episodes: 2, seed: 0 },
    CONTEXT,
  );
  const [best, equal] = scanned;
  assertEquals(best.means.length, 2);
  // The same flows: every episode is slower where 2 cores get as much as 4.
  assert(best.means.every((time, i) => time < equal.means[i]));
  const name = "minus variance of own flows / capacity";
  assert(rewardSignal(scanned, 1, name) < -0.5);
  assertEquals(rewardSignal(scanned, 0.5, name), 0);
  const [, signals] = weightScanTables(scanned);
  assertEquals(signals.rows.length, 6);
  assert(signals.rows.every(([, value]) => Number.isFinite(value)));
});
