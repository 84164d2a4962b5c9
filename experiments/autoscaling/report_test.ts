import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Policy } from "../../agents/policy.ts";
import { formatTable } from "../../core/table.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";
import { withFolder } from "../_test_folder.ts";
import { TINY_DQN, TINY_TABLE } from "../training/_tiny_runs.ts";
import { comparePolicies, policyContender } from "./comparison.ts";
import {
  comparisonFigures,
  reportAutoscaling,
  reportRuns,
  reportTables,
} from "./report.ts";
import { startQLearning } from "../training/q_learning_run.ts";
import { startTraining } from "../training/training_run.ts";

const SINE: EnvironmentSpec = {
  id: "Autoscaling-v1",
  options: { pattern: "SINE_CURVE", episodeSteps: 30 },
};

/** Takes the same action always. */
function constantPolicy(action: number): Policy {
  return {
    observationSize: 8,
    actionSize: 1,
    act: (_observations, _masks, actions) => actions.fill(action),
  };
}

const AGENTS = [policyContender("agent", [constantPolicy(1)])];

interface ReportJson {
  comparisons: {
    title: string;
    noOptimum: string | null;
    policies: { name: string; return: number; returns: number[] }[];
  }[];
}

Deno.test("reportAutoscaling() puts agents beside rules and optimum", async () => {
  const { tables, lines, json } = await reportAutoscaling({
    agents: AGENTS,
    tests: [{ name: "SINE_CURVE", spec: SINE }],
    lines: ["a line"],
    json: { extra: 1 },
  });
  assertEquals(lines, ["a line"]);
  assertEquals(tables!.length, 1);
  assertMatch(formatTable(tables![0]), /^SINE_CURVE, from its beginning\n/);
  const { comparisons, extra } = json as ReportJson & { extra: number };
  assertEquals(extra, 1);
  const [{ policies, noOptimum }] = comparisons;
  assertEquals(noOptimum, null);
  assertEquals(policies[0].name, "optimum");
  const returnOf = (name: string) =>
    policies.find((policy) => policy.name === name)!.return;
  // Holds as the rule does.
  assertEquals(returnOf("agent"), returnOf("hold"));
  assertEquals(
    tables![0].rows.map(([name]) => name),
    policies.map(({ name }) => name),
  );
});

Deno.test("reportAutoscaling() says why there is no optimum", async () => {
  const poisson = {
    ...SINE,
    options: { ...SINE.options, pattern: "POISSON" },
  };
  const boot = {
    ...SINE,
    options: {
      ...SINE.options,
      bootDelay: { distribution: "exponential", meanSeconds: 97 },
    },
  };
  for (const spec of [poisson, boot]) {
    const { lines, json } = await reportAutoscaling({
      agents: AGENTS,
      tests: [{ name: "x", spec }],
    });
    const [{ policies, noOptimum }] = (json as ReportJson).comparisons;
    assertEquals(lines, [`There is no exact optimum: ${noOptimum}`]);
    assert(!policies.some(({ name }) => name === "optimum"));
  }
});

Deno.test("reportAutoscaling() means over held-out days, and adds random starts", async () => {
  const { tables, json } = await reportAutoscaling({
    agents: AGENTS,
    tests: [1, 2, 3].map((day) => ({
      name: `held-out day ${day}`,
      spec: SINE,
    })),
    randomStarts: {
      ...SINE,
      options: { ...SINE.options, randomStart: true },
    },
  });
  assertEquals(tables!.map(({ title }) => title), [
    "3 held-out days (mean of a day)",
    "10 episodes at random starts (mean)",
  ]);
  const { comparisons } = json as ReportJson;
  assertEquals(comparisons[0].policies[0].returns.length, 3);
  assertEquals(comparisons[1].policies[0].returns.length, 10);
  assertEquals(new Set(comparisons[1].policies[0].returns).size, 10);
});

Deno.test("comparisonFigures() draws the named policies whatever their rank", () => {
  const comparison = comparePolicies(
    [...AGENTS, policyContender("bad", [constantPolicy(2)])],
    { specs: [SINE] },
  );
  const [bars, capacity, queue, reward] = comparisonFigures(comparison, {
    title: "x",
    named: ["bad"],
  });
  assertEquals((bars.data[0].x as string[]).length, 3);
  const names = (figure: typeof bars) => figure.data.map(({ name }) => name);
  assertEquals(names(capacity), ["demand", "optimum", "agent", "bad"]);
  assertEquals(names(queue), ["optimum", "agent", "bad"]);
  const { y } = reward.data.find(({ name }) => name === "bad")!;
  const last = Number((y as number[]).at(-1));
  const bad = comparison.results.find(({ name }) => name === "bad")!;
  assert(Math.abs(last - bad.return) < 1e-9);
});

Deno.test("reportRuns() names models, best models and the page", async () => {
  await withFolder(async (root) => {
    const runs = [3, 4].map((seed) => ({
      ...TINY_DQN,
      name: `x_seed${seed}`,
      bestPath: `models/best/x_seed${seed}.zip`,
      totalTimesteps: 40,
      evaluationEpisodes: 1,
      seed,
    }));
    const finished = [];
    for (const run of runs) finished.push(await startTraining(run, root));
    const { lines, json, tables } = await reportRuns(finished, {
      randomStarts: true,
    });
    assertEquals(lines!.slice(0, 4), [
      `Model: ${root}/models/x_seed3.zip`,
      `Best in validation: ${root}/models/best/x_seed3.zip`,
      `Model: ${root}/models/x_seed4.zip`,
      `Best in validation: ${root}/models/best/x_seed4.zip`,
    ]);
    const page = `${root}/figures/x_seed3.html`;
    assertEquals(lines!.at(-1), `Figures: ${page}`);
    assertMatch(await Deno.readTextFile(page), /Learning curve/);
    const names = tables![0].rows.map(([name]) => name);
    assert(names.includes("DQN last (2 seeds)"), `${names}`);
    assert(names.includes("DQN best (2 seeds)"), `${names}`);
    assertEquals((json as { runs: unknown[] }).runs.length, 2);
  });
  const silent = await startTraining(
    { ...TINY_DQN, totalTimesteps: 20 },
    undefined,
  );
  const { lines } = await reportRuns([silent], { randomStarts: false });
  assert(!lines!.some((line) => /undefined|Model|Figures/.test(line)));
});

Deno.test("reportTables() shows a table with the observation that it learned on", async () => {
  await withFolder(async (root) => {
    const finished = await startQLearning({
      ...TINY_TABLE,
      environment: {
        id: "Autoscaling-v1",
        options: { ...SINE.options, mode: "reference" },
      },
      states: "original",
      tests: [{ name: "SINE_CURVE", spec: SINE }],
      episodes: 5,
    }, root);
    const { lines, tables } = await reportTables([finished], {
      randomStarts: true,
    });
    assertEquals(lines, [
      `Model: ${root}/models/tiny_table.zip`,
      `Figures: ${root}/figures/tiny_table.html`,
    ]);
    assertEquals(tables!.length, 2);
    assert(tables![0].rows.some(([name]) => name === "Q-learning"));
  });
  const { lines } = await reportTables(
    [await startQLearning({ ...TINY_TABLE, episodes: 2 }, undefined)],
    { randomStarts: false },
  );
  assert(!lines!.some((line) => /undefined|Model|Figures/.test(line)));
});
