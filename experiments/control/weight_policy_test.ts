import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { createDataPlane } from "../../envs/load_balancing/data_plane.ts";
import { LoadBalanceEnv } from "../../envs/load_balancing/load_balance_env.ts";
import { MultiAgentLoadBalanceEnv } from "../../envs/load_balancing/multi_agent_env.ts";
import {
  loadBalanceOptions,
  multiAgentLoadBalanceOptions,
} from "../../envs/load_balancing/env_spec.ts";
import { selectDevice } from "../../learning/devices.ts";
import { nativeLibrary } from "../../ffi/library.ts";
import {
  loadedFrom,
  writeQmixBalancer,
  writeSacBalancer,
} from "./_tiny_balancers.ts";
import { modelSettings } from "./model_settings.ts";
import { modelPolicy, rehearse, rulePolicy } from "./weight_policy.ts";

const STEPS = 60;
const SEED = 11;
const episodeSeed = () => new Random(SEED).integer(0, Number.MAX_SAFE_INTEGER);

for (const actionType of ["discrete", "weightLevels", "continuous"] as const) {
  Deno.test(`a model gives a data plane the weights that its ${actionType} actions have in the environment`, async () => {
    const options = {
      numServers: 3,
      actionType,
      equalAction: actionType === "discrete",
      baseWeights: "capacity",
      observationUnits: { flows: 0.5 },
    };
    const agent = await loadedFrom((path) => writeSacBalancer(path, options));
    const env = new LoadBalanceEnv(loadBalanceOptions(options));
    const plane = createDataPlane(modelSettings(agent), episodeSeed());
    const [view] = plane.views;
    const policy = modelPolicy(agent);
    assertEquals([policy.servers, ...policy.capacities!], [3, 2, 4, 2]);
    let { observation } = env.reset({ seed: SEED });
    const expected: number[][] = [];
    agent.reset();
    for (let step = 0; step < STEPS; step++) {
      const result = env.step(agent.act(observation));
      observation = result.observation;
      expected.push([...result.info.weights]);
    }
    policy.reset();
    const weights = new Float64Array(3);
    const up = new Uint8Array(3).fill(1);
    const given: number[][] = [];
    for (let step = 0; step < STEPS; step++) {
      plane.look();
      policy.decide(view.statistics, up, weights);
      given.push([...weights]);
      view.setWeights(weights);
      plane.advanceTo(0.25 * (step + 1));
    }
    assertEquals(given, expected);
    assert(new Set(given.map(String)).size > 1, "always the same weights");
  });
}

Deno.test("a team acts as in the environment, and its agents alone as together", async () => {
  const options = { numAgents: 2, serversPerAgent: 2, load: 0.8 };
  const write = (path: string) => writeQmixBalancer(path, options);
  const agent = await loadedFrom(write);
  const env = new MultiAgentLoadBalanceEnv(
    multiAgentLoadBalanceOptions(options),
  );
  const plane = createDataPlane(modelSettings(agent), episodeSeed());
  const [view] = plane.views;
  const team = modelPolicy(agent);
  const alone = [
    modelPolicy(await loadedFrom(write), { balancer: 0 }),
    modelPolicy(await loadedFrom(write), { balancer: 1 }),
  ];
  assertEquals([team, ...alone].map(({ servers }) => servers), [4, 2, 2]);
  env.reset({ seed: SEED });
  const up = new Uint8Array(4).fill(1);
  const seen = new Set<string>();
  for (let step = 0; step < STEPS; step++) {
    plane.look();
    const together = new Float64Array(4);
    team.decide(view.statistics, up, together);
    const apart = alone.flatMap((policy, i) => {
      const own = new Float64Array(2);
      const rows = view.statistics.slice(22 * i, 22 * (i + 1));
      policy.decide(rows, up.subarray(0, 2), own);
      return [...own];
    });
    assertEquals(apart, [...together]);
    const actions = [together[0], together[2]].map((w) => w === 2 ? 0 : 1);
    const { info } = env.step(Int32Array.from(actions));
    assertEquals(info.weights.flatMap((own) => [...own]), [...together]);
    view.setWeights(together);
    plane.advanceTo(0.25 * (step + 1));
    seen.add(String(together));
  }
  assert(seen.size > 1, "always the same weights");
});

Deno.test("servers that are down are not doubled", async () => {
  const options = { numServers: 2, outages: [{ server: 0, from: 1 }] };
  const agent = await loadedFrom((path) => writeSacBalancer(path, options));
  const policy = modelPolicy(agent);
  const weights = new Float64Array(2);
  for (const up of [[0, 1], [1, 0]]) {
    policy.decide(new Float32Array(22), Uint8Array.from(up), weights);
    assertEquals([...weights], up.map((one) => 1 + one));
  }
});

const skipped = nativeLibrary() ? "" : " [skipped: no native library]";

Deno.test({
  name: `a compiled model decides as the plain one does${skipped}`,
  ignore: skipped !== "",
  async fn() {
    const options = { numServers: 4, actionType: "continuous" };
    const team = { numAgents: 2, serversPerAgent: 2 };
    for (
      const write of [
        (path: string) => writeSacBalancer(path, options),
        (path: string) => writeQmixBalancer(path, team),
      ]
    ) {
      const plain = modelPolicy(await loadedFrom(write));
      const compiled = modelPolicy(
        await loadedFrom(async (path) => {
          await write(path);
          await selectDevice("native", { parameters: 1, batchSize: 1 });
        }, { compiled: true }),
      );
      rehearse(compiled);
      const random = new Random(5);
      const up = new Uint8Array(4).fill(1);
      const [a, b] = [new Float64Array(4), new Float64Array(4)];
      for (let step = 0; step < 50; step++) {
        const statistics = Float32Array.from(
          { length: 44 },
          () => random.uniform(0, 3),
        );
        plain.decide(statistics, up, a);
        compiled.decide(statistics, up, b);
        a.forEach((weight, i) =>
          assert(Math.abs(weight - b[i]) < 1e-3, `${a} ${b}`)
        );
      }
    }
  },
});

Deno.test("rulePolicy() has the weights of SED and LSQ", () => {
  const weights = new Float64Array(2);
  const of = (rule: "sed" | "lsq", capacities?: Float64Array) => {
    const policy = rulePolicy(rule, capacities);
    policy.decide(new Float32Array(22), new Uint8Array(2), weights);
    return [...weights];
  };
  assertEquals(of("sed", Float64Array.of(2, 4)), [2, 4]);
  assertEquals(of("lsq", Float64Array.of(2, 4)), [1, 1]);
  assertEquals(of("sed"), [1, 1]);
});

Deno.test("modelPolicy() refuses what no data plane tells", async () => {
  const sac = (options: Parameters<typeof writeSacBalancer>[1]) =>
    loadedFrom((path) => writeSacBalancer(path, options));
  const oracle = await sac({ numServers: 2, oracle: true });
  assertThrows(() => modelPolicy(oracle), RangeError, "oracle");
  const percentile = await sac({ numServers: 2, sampling: { percentile: 75 } });
  assertThrows(() => modelPolicy(percentile), RangeError, "percentile 75");
  const shared = await loadedFrom((path) =>
    writeQmixBalancer(path, { numAgents: 2, numServers: 4, sharing: "all" })
  );
  assertThrows(() => modelPolicy(shared), RangeError, "--balancer");
  assertThrows(
    () => modelPolicy(shared, { balancer: 2 }),
    RangeError,
    "from 0 to 1",
  );
  assertEquals(modelPolicy(shared, { balancer: 1 }).servers, 4);
  const central = (sharing: string) => {
    const options = { numAgents: 2, numServers: 4, sharing };
    return loadedFrom((path) =>
      writeSacBalancer(path, options, "MultiAgentLoadBalance-v1")
    );
  };
  const groups = await central("groups");
  assertEquals(modelPolicy(groups).servers, 4);
  for (const agent of [groups, await central("all")]) {
    assertThrows(
      () => modelPolicy(agent, { balancer: 0 }),
      RangeError,
      "has to see all of them",
    );
  }
});
