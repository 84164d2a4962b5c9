import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { agentOf } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import { tinyModel } from "../models/_tiny_model.ts";
import { closingTable, compareDemo } from "./closing.ts";
import { patternLoad } from "./load.ts";
import { modelPolicy, rulePolicy } from "./policies.ts";
import { startSession } from "./session.ts";

function policies() {
  const requests = [1000, 2000, 3000];
  const models = [{}, { pattern: { name: "day", requests } }].map(
    (environment, i) => {
      const archive = decodeArchive(
        encodeArchive(tinyModel({ environment, episodes: 5 })),
      );
      const agent = agentOf(archive);
      return modelPolicy({ path: "", name: `${i}.zip`, modified: i, agent });
    },
  );
  return [
    ...["threshold", "random", "always-remove"].map(rulePolicy),
    ...models.map((model, i) => ({
      ...model,
      name: `model ${i}`,
      contender: { ...model.contender, name: `model ${i}` },
    })),
  ];
}

Deno.test("compareDemo() ends where the live session ends", () => {
  for (const pattern of ["SINE_CURVE", "RANDOM"]) {
    const load = patternLoad(pattern, { steps: 80, seed: 5 });
    const session = startSession(policies(), load);
    while (!session.over) session.advance();
    const { results } = compareDemo(policies(), load);
    for (const { name, states } of session.rows) {
      const result = results.find((result) => result.name === name)!;
      const end = states.at(-1)!;
      assertAlmostEquals(result.return, end.reward, 1e-9, name);
      assertEquals(result.billPerSecond, end.bill, name);
      assertEquals(result.steps, states.length - 1, name);
      assertEquals(
        result.largestQueue,
        Math.max(...states.map(({ queue }) => queue)),
        name,
      );
    }
  }
});

Deno.test("compareDemo() adds the optimum where there is one, the best first", () => {
  const load = patternLoad("STEADY", { steps: 30 });
  const comparison = compareDemo([rulePolicy("hold")], load);
  assertEquals(comparison.results.map(({ name }) => name), ["optimum", "hold"]);
  const random = compareDemo(
    [rulePolicy("hold")],
    patternLoad("RANDOM", { steps: 30 }),
  );
  assertEquals(random.results.length, 1);
  assert(random.noOptimum !== undefined);
});

Deno.test("closingTable() has the known legacy cost of the threshold rule", () => {
  const load = patternLoad("SINE_CURVE", { steps: 200 });
  const table = closingTable(
    compareDemo([rulePolicy("threshold")], load),
    load,
  );
  const place = table.columns.findIndex(({ header }) =>
    header === "legacy cost"
  );
  const row = table.rows.find(([name]) => name === "threshold")!;
  assertAlmostEquals(row[place] as number, 579_889.536, 1e-3);
  assertEquals(table.title, "SINE_CURVE, 200 steps");
});
