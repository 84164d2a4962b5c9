import { assert, assertEquals } from "@std/assert";
import { trajectoriesOf } from "../../analysis/koopman/trajectories.ts";
import { Random } from "../../core/random.ts";
import { selectDevice } from "../../learning/devices.ts";
import {
  claimTable,
  studyTimescale,
  timescaleClaims,
} from "./timescale_study.ts";

await selectDevice("native", { parameters: 5000, batchSize: 1024 });

Deno.test("a study of few updates has claims with what was found", async () => {
  const random = new Random(3);
  const runs = Array.from({ length: 20 }, () => {
    const relax = (from: number) =>
      Array.from(
        { length: 80 },
        (_, t) => 50 + from * Math.exp(-t / 12) + random.normal(0, 2),
      );
    return trajectoriesOf({ q: [relax(-40), relax(40)] }, 1);
  });
  const study = await studyTimescale(runs, {
    seed: 1,
    updates: 60,
    resamples: 2,
    epsilons: [0.1, 5, 10],
  });
  assertEquals(study.settling.rows.map(({ resolvable }) => resolvable), [
    false,
    true,
    true,
  ]);
  // From 90 into 50 +- 5 in 12 ln 8 = 25 steps.
  assert(Math.abs(study.settling.rows[1].empirical.time - 25) < 6);
  const claims = timescaleClaims(study, {
    integrated: { estimate: 12, low: 11, high: 13 },
    exponential: { estimate: 12, low: 11, high: 13 },
  });
  assertEquals(claims.length, 5);
  assertEquals(claimTable(claims).rows.length, 5);
});
