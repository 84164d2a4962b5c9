import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import type { Policy } from "../../agents/policy.ts";
import { RULE_NAMES } from "../../agents/rules/registry.ts";
import { formatTable } from "../../core/table.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import type { EnvironmentSpec } from "../../envs/registry.ts";
import {
  allRules,
  comparePolicies,
  type Comparison,
  comparisonJson,
  comparisonTable,
  policyContender,
  ruleContender,
  runContender,
} from "./comparison.ts";

function autoscaling(options: JsonRecord = {}): EnvironmentSpec {
  return { id: "Autoscaling-v1", options };
}

function resultOf({ results }: Comparison, name: string) {
  const result = results.find((result) => result.name === name);
  assert(result, `${name} among ${results.map(({ name }) => name)}`);
  return result;
}

/** Always takes one action, and counts the values that it is shown. */
function constantPolicy(action: number, seen: number[] = []): Policy {
  return {
    observationSize: 9,
    actionSize: 1,
    act(observations, _masks, actions) {
      seen.push(observations.length);
      actions[0] = action;
    },
  };
}

Deno.test("comparePolicies() gives the reference system's numbers and the optimum", () => {
  const compared = comparePolicies(allRules(), { specs: [autoscaling()] });
  const wanted: Record<string, number> = {
    "optimum": -3.0948,
    "pending-aware": -4.3175,
    "hold": -14.025,
    "threshold": -27.9537,
    "always-add": -115.5955,
  };
  for (const [name, value] of Object.entries(wanted)) {
    assertAlmostEquals(resultOf(compared, name).return, value, 5e-5, name);
  }
  assertEquals(compared.results.length, RULE_NAMES.length + 1);
  assertEquals(compared.results[0].name, "optimum");
  assertEquals(compared.noOptimum, undefined);

  const { steps, largestQueue } = resultOf(compared, "always-remove");
  assertEquals(steps, 50);
  assert(largestQueue > 43_500);
  const threshold = resultOf(compared, "threshold");
  assertEquals(threshold.actionCounts, [1, 184, 15]);
  assertAlmostEquals(threshold.legacyCost, 579_889.536, 1e-6);
  assertAlmostEquals(threshold.meanInstances, 57.105, 1e-9);
  assertAlmostEquals(threshold.meanLoad, 75.06, 1e-9);
  const hold = resultOf(compared, "hold");
  assertAlmostEquals(hold.billPerSecond, 160, 1e-9);
  assertAlmostEquals(hold.billPerStartedHour, 50 * 17 * 0.192, 1e-9);
  assert(Number.isNaN(hold.halfWidth), "one episode has no interval");
});

Deno.test("comparePolicies() gives rules the same returns whatever they are shown", () => {
  const specs = [autoscaling({ pattern: "SPIKE", episodeSteps: 100 })];
  const modes = (["default", "reference"] as const).map((mode) =>
    comparePolicies([{ ...ruleContender("threshold"), mode }], {
      specs,
      optimum: false,
    }).results[0]
  );
  assertEquals(modes[0].returns, modes[1].returns);
});

Deno.test("comparePolicies() shows a policy what it was trained to see", () => {
  for (const [mode, size] of [["default", 9], ["reference", 5]] as const) {
    const seen: number[] = [];
    const policy = { ...constantPolicy(2, seen), observationSize: size };
    const { results: [added] } = comparePolicies(
      [policyContender("add", [policy], mode)],
      { specs: [autoscaling()], optimum: false },
    );
    assertAlmostEquals(added.return, -115.5955, 5e-5);
    assertEquals(new Set(seen), new Set([size]));
    assertEquals(added.actionCounts, [0, 0, 200]);
  }
});

Deno.test("comparePolicies() starts every policy alike, and gives intervals", () => {
  const options = { pattern: "RANDOM", randomStart: true, episodeSteps: 20 };
  const seeds = [3, 4, 5];
  const compared = comparePolicies(
    [
      ruleContender("hold"),
      policyContender("also hold", [constantPolicy(1)]),
      policyContender("several", [constantPolicy(1), constantPolicy(0)]),
    ],
    { specs: [autoscaling(options)], seeds },
  );
  const hold = resultOf(compared, "hold");
  assertEquals(new Set(hold.returns).size, 3);
  assertEquals(resultOf(compared, "also hold").returns, hold.returns);
  const several = resultOf(compared, "several (2 seeds)");
  assertEquals(several.returns.length, 6);
  assertEquals(several.returns.slice(0, 3), hold.returns);
  // Student's t with two degrees of freedom: 4.302653.
  const [a, b, c] = hold.returns;
  const mean = (a + b + c) / 3;
  const deviation = Math.hypot(a - mean, b - mean, c - mean) / Math.sqrt(2);
  const wanted = 4.302653 * deviation / Math.sqrt(3);
  assertAlmostEquals(hold.halfWidth, wanted, 1e-5);
  assertEquals(compared.noOptimum, "the load RANDOM is drawn at random");
});

Deno.test("comparePolicies() plans anew for every start", () => {
  const specs = [autoscaling({ randomStart: true, episodeSteps: 15 })];
  const seeds = [1, 2, 3];
  const compared = comparePolicies(allRules(), { specs, seeds });
  const { returns } = resultOf(compared, "optimum");
  assertEquals(returns.length, 3);
  for (const { returns: others, name } of compared.results) {
    others.forEach((value, i) => assert(value <= returns[i] + 1e-12, name));
  }
});

Deno.test("ruleContender() takes the allowed change nearest to the wanted one", () => {
  const spec = autoscaling({ actionDeltas: [-7, 0, 3], episodeSteps: 1 });
  // At 50 instances and 2197 items pending-aware wants 26.
  const wanted: [string, readonly number[]][] = [
    ["pending-aware", [1, 0, 0]],
    ["hold", [0, 1, 0]],
    ["always-add", [0, 1, 0]], // 1 is nearer to 0 than to 3
  ];
  for (const [name, counts] of wanted) {
    const { actionCounts } = runContender(ruleContender(name), spec, {
      seed: 0,
    });
    assertEquals(actionCounts, counts, name);
  }
  assertThrows(() => ruleContender("treshold"), RangeError, "threshold");
});

Deno.test("runContender() keeps a series of each episode", () => {
  const spec = autoscaling({ episodeSteps: 30 });
  const episode = runContender(ruleContender("threshold"), spec, { seed: 0 });
  assertEquals(episode.infos.length, 30);
  assertEquals(episode.rewards.length, 30);
  assertEquals(episode.infos.map(({ step }) => step)[29], 30);
  assertEquals(episode.infos[0].influx, 2197);
  assertEquals(episode.end, episode.infos[29]);
});

Deno.test("comparisonTable() and comparisonJson() hold what was compared", () => {
  const pattern = { name: "site", requests: [100, 500, 300] };
  const compared = comparePolicies([ruleContender("hold")], {
    specs: [autoscaling({ pattern, episodeSteps: 12 })],
  });
  const text = formatTable(comparisonTable(compared, "Site"));
  assertEquals(text.split("\n")[0], "Site");
  assert(text.includes("optimum") && text.includes("hold"));
  const json = JSON.parse(JSON.stringify(comparisonJson(compared)));
  assertEquals(json.noOptimum, null);
  assertEquals(json.policies.length, 2);
  assertEquals(json.policies[1].name, "hold");
  assertEquals(json.policies[1].steps, 12);
  assertEquals(json.policies[1].firstEpisode, undefined);
});

Deno.test("a policy that remembers forgets as each episode begins", () => {
  let steps = 0;
  const lengths: number[] = [];
  const policy: Policy = {
    ...constantPolicy(1),
    act(_observations, _masks, actions) {
      steps++;
      actions[0] = 1;
    },
    reset() {
      lengths.push(steps);
      steps = 0;
    },
  };
  const contender = policyContender("remembers", [policy]);
  const spec = autoscaling({ pattern: "STEADY", episodeSteps: 7 });
  for (const seed of [1, 2, 3]) runContender(contender, spec, { seed });
  assertEquals(lengths, [0, 7, 7]);
});
