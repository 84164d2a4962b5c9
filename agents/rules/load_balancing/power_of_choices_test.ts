import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Random } from "../../../core/random.ts";
import { poissonArrivals } from "../../../envs/load_balancing/arrivals.ts";
import {
  meanTimeOfChoices,
  meanTimeOfOnePlusBeta,
} from "../../../envs/load_balancing/closed_forms.ts";
import { createSimulator } from "../../../envs/load_balancing/simulator.ts";
import { contextOf, countChoices } from "./_test_simulators.ts";
import type { DispatchRule } from "./dispatch_rule.ts";
import { onePlusBeta, powerOfChoices } from "./power_of_choices.ts";

const SERVERS = 500;
const LOAD = 0.8;
const BATCHES = 32;
const BATCH_SECONDS = 30;

/** Mean times of batches, after 40 s: 30 s are 12,000 flows. */
function timesUnder({ choose }: DispatchRule): Float64Array {
  const simulator = createSimulator({
    servers: Array.from({ length: SERVERS }, () => ({ discipline: "fifo" })),
    arrivals: poissonArrivals({
      rate: SERVERS * LOAD,
      jobs: { work: { law: "exponential", mean: 1 } },
      random: new Random(11),
    }),
    choose,
  });
  simulator.advanceTo(40);
  return Float64Array.from({ length: BATCHES }, () => {
    simulator.resetStatistics();
    simulator.advanceTo(simulator.time + BATCH_SECONDS);
    const { meanAlive, started } = simulator.statistics();
    return meanAlive * BATCH_SECONDS / started;
  });
}

// 500 servers, 32 batches of 30 s, 384,000 flows a rule. |t| of 32 exceeds 6.1
// with probability 1e-6; 7 leaves room for what queues remember from batch to
// batch. 500 servers are within 0.5 % of infinitely many. Times of neighbours
// (5 for one choice, 2.60 for beta 0.5, 1.95, 1.60, 1.46 for four) are 9 %
// apart at least, and the allowance is checked to be less than 8 %.
Deno.test("of 500 servers, d choices give the times of the mean field", () => {
  for (
    const [rule, expected] of [
      [powerOfChoices({ choices: 2 }), meanTimeOfChoices(LOAD, 2)],
      [powerOfChoices({ choices: 3 }), meanTimeOfChoices(LOAD, 3)],
      [powerOfChoices({ choices: 4 }), meanTimeOfChoices(LOAD, 4)],
      [onePlusBeta({ beta: 0.5 }), meanTimeOfOnePlusBeta(LOAD, 0.5)],
    ] as const
  ) {
    const times = timesUnder(rule);
    const mean = times.reduce((sum, time) => sum + time) / BATCHES;
    const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
    const error = Math.sqrt(squares / (BATCHES - 1) / BATCHES);
    const allowed = 7 * error + 0.005 * expected;
    assertLess(Math.abs(mean - expected), allowed, `${rule.name}: ${mean}`);
    assertLess(allowed, 0.08 * expected, rule.name);
  }
});

Deno.test("powerOfChoices() of all servers is the least of all", () => {
  const counts = Int32Array.of(4, 2, 5, 3);
  for (const choices of [4, 9]) {
    const { choose } = powerOfChoices({ choices });
    const got = countChoices(choose, contextOf([1, 1, 1, 1], { counts }), 200);
    assertEquals([...got], [0, 200, 0, 0]);
  }
  const weighted = powerOfChoices({ choices: 4, weighted: true });
  const context = contextOf([1, 1, 4, 1], { counts });
  assertEquals(countChoices(weighted.choose, context, 50)[2], 50);
});

// The costliest of n is chosen by d different ones with probability 0, the next
// with that of the pair; 20,000 flows, errors of 0.0033.
Deno.test("powerOfChoices() draws different servers", () => {
  const counts = Int32Array.of(0, 1, 2);
  const { choose } = powerOfChoices({ choices: 2 });
  const got = countChoices(choose, contextOf([1, 1, 1], { counts }), 20_000);
  assertEquals(got[2], 0);
  assert(Math.abs(got[1] / 20_000 - 1 / 3) < 0.02, `${got}`);
});

Deno.test("choices that make no sense are refused", () => {
  for (const choices of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => powerOfChoices({ choices }),
      RangeError,
      `Cannot draw ${choices} servers`,
    );
  }
  for (const beta of [-0.1, 1.1, NaN]) {
    assertThrows(() => onePlusBeta({ beta }), RangeError, "Cannot make two");
  }
});
