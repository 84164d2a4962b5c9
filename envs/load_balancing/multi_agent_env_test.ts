import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertThrows,
} from "@std/assert";
import type { SpaceValue } from "../../core/spaces.ts";
import { assertMultiAgentEnv } from "../check_multi_agent_env.ts";
import type { MultiAgentLoadBalanceOptions } from "./env_options.ts";
import { LoadBalanceEnv } from "./load_balance_env.ts";
import { MultiAgentLoadBalanceEnv } from "./multi_agent_env.ts";

const CHECKED: [string, MultiAgentLoadBalanceOptions][] = [
  ["the defaults", { episodeSeconds: 6 }],
  ["the moderate set-up", {
    preset: "moderate",
    actionType: "weightLevels",
    observation: "paper",
    stateView: "oracle",
    episodeSeconds: 3,
  }],
  ["continuous weights", {
    numAgents: 2,
    serversPerAgent: 2,
    actionType: "continuous",
    episodeSeconds: 3,
  }],
  ["shared servers that go down", {
    numAgents: 2,
    sharing: "all",
    numServers: 3,
    outages: [{ server: 0, from: 1, to: 2 }],
    episodeSeconds: 3,
  }],
];

for (const [name, options] of CHECKED) {
  Deno.test(`MultiAgentLoadBalanceEnv keeps the contract with ${name}`, () => {
    assertMultiAgentEnv(() => new MultiAgentLoadBalanceEnv(options), {
      steps: 30,
    });
  });
}

Deno.test("MultiAgentLoadBalanceEnv has the shapes of seed and paper", () => {
  const shapes = (options?: MultiAgentLoadBalanceOptions) => {
    const env = new MultiAgentLoadBalanceEnv(options);
    return [
      env.observationSpaces.map(({ low }) => low.length),
      env.stateSpace.low.length,
      env.maximumSteps,
      env.settings.groups,
    ];
  };
  const group = [0, 1, 2, 3];
  assertEquals(shapes(), [
    [20, 20, 20, 20],
    80,
    240,
    group.map((agent) => group.map((i) => 4 * agent + i)),
  ]);
  const all = [0, 1, 2, 3, 4, 5, 6];
  assertEquals(
    shapes({ preset: "moderate", observation: "paper", stateView: "oracle" }),
    [[42, 42], 98, 240, [all, all]],
  );
});

Deno.test("MultiAgentLoadBalanceEnv shows each agent its own flows alone", () => {
  const env = new MultiAgentLoadBalanceEnv({
    preset: "moderate",
    stateView: "oracle",
  });
  env.reset({ seed: 1 });
  let last = env.step(Int32Array.of(0, 6));
  for (let step = 0; step < 60; step++) last = env.step(Int32Array.of(0, 6));
  const { observations, state, info } = last;
  const { simulator } = env;
  let differences = 0;
  for (let server = 0; server < 7; server++) {
    const own = observations.map((row) => row[5 * server]);
    assertEquals(own, [0, 1].map((b) => simulator.counts(b)[server]));
    // No hops: what balancers have sent is inside.
    assertEquals(state[70 + 2 * server], own[0] + own[1]);
    if (own[0] !== own[1]) differences++;
  }
  assertGreater(differences, 2);
  assertEquals(info.weights.map((row) => [...row]), [
    [2, 1, 1, 1, 1, 1, 1],
    [1, 1, 1, 1, 1, 1, 2],
  ]);
});

Deno.test("MultiAgentLoadBalanceEnv sends flows of a group to its servers", () => {
  const env = new MultiAgentLoadBalanceEnv({
    numAgents: 2,
    serversPerAgent: 2,
  });
  env.reset({ seed: 1 });
  const { onFinish } = env.simulator.observers;
  const flows = new Map<string, number>();
  env.simulator.observers.onFinish = (report) => {
    onFinish!(report);
    const way = `${report.balancer} ${report.server}`;
    flows.set(way, (flows.get(way) ?? 0) + 1);
  };
  for (let step = 0; step < 40; step++) env.step([0, 1]);
  assertEquals([...flows.keys()].toSorted(), ["0 0", "0 1", "1 2", "1 3"]);
});

Deno.test("MultiAgentLoadBalanceEnv rewards the team by the agents' mean", () => {
  const seen: number[][] = [[], []];
  const env = new MultiAgentLoadBalanceEnv({
    numAgents: 2,
    rewardMetric: ({ agent, finished, counts, servers }) => {
      const on = servers.reduce((sum, server) => sum + counts[server], 0);
      seen[agent].push(finished - on);
      return finished - on;
    },
  });
  env.reset({ seed: 3 });
  for (let step = 0; step < 10; step++) {
    const { reward, rewards, info } = env.step([0, 0]);
    assertEquals([...rewards], [seen[0][step], seen[1][step]]);
    assertEquals(reward, (rewards[0] + rewards[1]) / 2);
    assert(info.finished > 0);
  }
});

Deno.test("MultiAgentLoadBalanceEnv with one agent is the single environment", () => {
  const options = { numServers: 4, load: 0.8, episodeSeconds: 3 };
  const single = new LoadBalanceEnv(options);
  const team = new MultiAgentLoadBalanceEnv({ ...options, numAgents: 1 });
  assertEquals(
    team.reset({ seed: 9 }).observations[0],
    single.reset({ seed: 9 }).observation,
  );
  for (let step = 0; step < 12; step++) {
    const one = single.step(step % 4);
    const all = team.step(Int32Array.of(step % 4));
    assertEquals(all.observations, [one.observation]);
    assertEquals(all.state, one.observation);
    assertEquals(all.reward, one.reward);
    assertEquals(all.truncated, one.truncated);
  }
});

Deno.test("MultiAgentLoadBalanceEnv has the same arrivals for every policy", () => {
  const run = (actions: number[]) => {
    const env = new MultiAgentLoadBalanceEnv({
      preset: "moderate",
      episodeSeconds: 5,
    });
    env.reset({ seed: 4 });
    const starts: number[][] = [[], []];
    const { onEnd } = env.simulator.observers;
    env.simulator.observers.onEnd = (report) => {
      onEnd!(report);
      if (report.start < 2) starts[report.balancer].push(report.start);
    };
    let sum = 0;
    for (;;) {
      const { reward, truncated } = env.step(actions);
      sum += reward;
      if (truncated) break;
    }
    return {
      starts: starts.map((each) => each.toSorted((a, b) => a - b)),
      sum,
    };
  };
  const one = run([0, 0]);
  const other = run([5, 6]);
  assertGreater(one.starts[0].length, 300);
  assertEquals(other.starts, one.starts);
  assert(Math.abs(one.sum - other.sum) > 0.05, `${one.sum}, ${other.sum}`);
});

Deno.test("MultiAgentLoadBalanceEnv goes on from every step as if it had not stopped", () => {
  const options = { numAgents: 2, actionType: "continuous" } as const;
  const actionsAt = (step: number) =>
    [0, 1].map((agent) =>
      Float32Array.from([1, 2, 3, 4], (w) => w + (step + agent) % 3)
    );
  const run = new MultiAgentLoadBalanceEnv(options);
  run.reset({ seed: 6 });
  const states = [run.saveState()];
  for (let step = 0; step < 6; step++) {
    run.step(actionsAt(step));
    states.push(run.saveState());
  }
  states.forEach((state, from) => {
    const other = new MultiAgentLoadBalanceEnv(options);
    other.loadState(state);
    for (let step = from; step < 6; step++) other.step(actionsAt(step));
    assertEquals(other.saveState(), states[6]);
  });
});

Deno.test("MultiAgentLoadBalanceEnv refuses actions before it changes anything", () => {
  const env = new MultiAgentLoadBalanceEnv({ numAgents: 2 });
  env.reset({ seed: 1 });
  const before = env.saveState();
  const cases: [SpaceValue[], typeof TypeError | typeof RangeError][] = [
    [[1], TypeError],
    [[0, 4], RangeError],
    [[0, -1], RangeError],
    [[0, 0.5], RangeError],
  ];
  for (const [actions, kind] of cases) {
    assertThrows(() => env.step(actions), kind);
  }
  assertEquals(env.saveState(), before);
});

const REFUSED: [string, MultiAgentLoadBalanceOptions, string][] = [
  ["no agents", { numAgents: 0 }, "0 agents"],
  ["agents without servers", { serversPerAgent: 0 }, "Cannot give 0 servers"],
  ["servers that do not divide", { numServers: 10 }, "2.5 servers"],
  ["numbers that contradict", {
    numServers: 10,
    serversPerAgent: 4,
  }, "10 servers among 4 agents"],
  ["groups where all share all", {
    sharing: "all",
    serversPerAgent: 2,
  }, "numServers"],
  ["an unknown sharing", { sharing: "some" as "all" }, '"some"'],
  ["an unknown state", { stateView: "all" as "oracle" }, '"all"'],
  ["a group that is overloaded for ever", {
    servers: [{ cores: 1 }, { cores: 9 }],
    numAgents: 2,
    load: 0.5,
    episodeSeconds: Infinity,
  }, "servers 0 for ever"],
];

for (const [name, options, words] of REFUSED) {
  Deno.test(`MultiAgentLoadBalanceEnv refuses ${name}`, () => {
    assertThrows(
      () => new MultiAgentLoadBalanceEnv(options),
      RangeError,
      words,
    );
  });
}

Deno.test("MultiAgentLoadBalanceEnv counts shared servers once in a load", () => {
  const env = new MultiAgentLoadBalanceEnv({
    servers: [{ cores: 1 }, { cores: 9 }],
    sharing: "all",
    load: 0.95,
    episodeSeconds: Infinity,
  });
  assertAlmostEquals(env.reset().info.load, 0.95);
  assertEquals(env.maximumSteps, Infinity);
});
