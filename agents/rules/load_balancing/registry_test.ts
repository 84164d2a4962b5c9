import { assert, assertEquals, assertThrows } from "@std/assert";
import type { State } from "../../../core/state.ts";
import { contextOf, countChoices, poolOf } from "./_test_simulators.ts";
import type { StatefulDispatchRule } from "./dispatch_rule.ts";
import { createDispatchRule, DISPATCH_RULE_NAMES } from "./registry.ts";

/** Ends of flows of a simulator that runs on for a while. */
function endsOf(
  simulator: ReturnType<typeof poolOf>,
  until: number,
): number[] {
  const ends: number[] = [];
  simulator.observers.onEnd = ({ time, server }) => ends.push(time, server);
  simulator.advanceTo(until);
  return ends;
}

Deno.test("createDispatchRule() finds every rule by its name", () => {
  for (const name of DISPATCH_RULE_NAMES) {
    assertEquals(createDispatchRule(name).name, name);
  }
  assertEquals(createDispatchRule("ONE_PLUS beta").name, "one-plus-beta");
});

Deno.test("createDispatchRule() names the nearest rule", () => {
  assertThrows(
    () => createDispatchRule("awcpm"),
    RangeError,
    'Cannot find dispatch rule "awcpm": expected one of ecmp',
  );
  assertThrows(() => createDispatchRule("toString"), RangeError);
});

Deno.test("every rule uses the servers that are up and have weight, and refuses flows without any", () => {
  for (const name of DISPATCH_RULE_NAMES) {
    const { choose } = createDispatchRule(name);
    const servers = Int32Array.of(1, 2, 3, 4);
    const context = contextOf([1, 1, 0, 1, 2], { servers });
    context.up[3] = 0;
    const counts = countChoices(choose, context, 400);
    assertEquals([counts[0], counts[2], counts[3]], [0, 0, 0], name);
    assert(counts[1] + counts[4] === 400, name);
    const down = contextOf([1, 1], { up: Uint8Array.of(0, 0) });
    assertEquals(createDispatchRule(name).choose(0, down), -1, name);
  }
});

Deno.test("every rule follows weights that change and servers that come back", () => {
  for (const name of DISPATCH_RULE_NAMES) {
    const { choose } = createDispatchRule(name);
    const context = contextOf([1, 1]);
    context.weights[1] = 0;
    context.costs[1] = Infinity;
    assertEquals(countChoices(choose, context, 50)[1], 0, name);
    context.weights[1] = 1;
    context.costs[1] = 1;
    context.revision++;
    assert(countChoices(choose, context, 400)[1] > 0, name);
  }
});

Deno.test("a simulation under every rule is balanced, and restored it goes on with the same bytes", () => {
  for (const name of DISPATCH_RULE_NAMES) {
    const rule = createDispatchRule(name) as StatefulDispatchRule;
    const simulator = poolOf(rule.choose, {
      outages: [{ server: 5, from: 4, to: 9 }],
    });
    simulator.advanceTo(5.1);
    assert(simulator.audit().balanced, name);
    const saved: [State, State?] = [simulator.saveState(), rule.saveState?.()];
    const expected = endsOf(simulator, 12);
    assert(expected.length > 1000);
    const other = createDispatchRule(name) as StatefulDispatchRule;
    const restored = poolOf(other.choose, {
      outages: [{ server: 5, from: 4, to: 9 }],
    });
    restored.loadState(saved[0]);
    if (saved[1]) other.loadState(saved[1]);
    assertEquals(endsOf(restored, 12), expected, name);
  }
});

// 7 servers, 2 balancers, 100 s at 90 % load after 20 s, one seed: differences
// between neighbours of this order are some ten times what other seeds change.
Deno.test("rules that know more, or look at more, take less time", () => {
  const timeUnder = (name: string) => {
    const simulator = poolOf(createDispatchRule(name).choose);
    simulator.advanceTo(20);
    simulator.resetStatistics();
    simulator.advanceTo(120);
    const { meanAlive, started } = simulator.statistics();
    return meanAlive * 100 / started;
  };
  const order = ["ecmp", "wcmp", "power-of-2", "lsq", "sed", "sed-oracle"];
  const times = order.map(timeUnder);
  for (let i = 1; i < times.length; i++) {
    assert(times[i] < times[i - 1], `${order} take ${times}`);
  }
});
