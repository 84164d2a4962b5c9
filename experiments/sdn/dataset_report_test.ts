import { assertAlmostEquals, assertEquals } from "@std/assert";
import { SDNEnv } from "../../envs/sdn/sdn_env.ts";
import { datasetTable, makeTotals } from "./dataset_report.ts";

Deno.test("totals tell means of steps", () => {
  const env = new SDNEnv();
  env.reset({ seed: 1 });
  const totals = makeTotals();
  const results = [1, 2, 3].map(() => env.step(new Float32Array(10)));
  results.forEach((result) => totals.add(result));
  const { reward, throughputMbps } = totals.means();
  assertAlmostEquals(
    reward!,
    results.reduce((sum, result) => sum + result.reward, 0) / 3,
    1e-12,
  );
  assertEquals(datasetTable(totals).rows[0].slice(0, 2), [3, reward]);
  assertEquals(datasetTable(totals).rows[0][4], throughputMbps);
});

Deno.test("means of nothing, and of what is not told, are undefined", () => {
  assertEquals(makeTotals().means().reward, undefined);
  const env = new SDNEnv();
  env.reset({ seed: 1 });
  const result = env.step(new Float32Array(10));
  const totals = makeTotals();
  totals.add({
    ...result,
    info: { ...result.info, largestUtilisation: undefined },
  });
  assertEquals(totals.means().largestUtilisation, undefined);
  assertEquals(totals.means().reward, result.reward);
});
