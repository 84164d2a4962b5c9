import { assert, assertEquals, assertThrows } from "@std/assert";
import { spaceSize } from "../core/spaces.ts";
import type { JsonRecord } from "../core/state_json.ts";
import { ARENA_IDS } from "./arena/registry.ts";
import { AutoscalingEnv } from "./autoscaling/autoscaling_env.ts";
import { checkEnv } from "./check_env.ts";
import {
  ENVIRONMENT_IDS,
  type EnvironmentSpec,
  makeEnvironment,
  makeMultiAgentEnvironment,
  makeVectorEnvironment,
} from "./registry.ts";
import { vectorBuffers } from "./vector.ts";

/** Arenas need parameters, and have a test of their own. */
const PLAIN_IDS = ENVIRONMENT_IDS.filter((id) => !ARENA_IDS.includes(id));

Deno.test("makeEnvironment() makes every environment that it names", () => {
  for (const id of PLAIN_IDS) {
    const make = () => makeEnvironment({ id, options: {} });
    assertEquals(make().id, id);
    assertEquals(checkEnv(make, { steps: 50 }), [], id);
  }
});

Deno.test("every environment names each number of an observation", () => {
  for (const id of PLAIN_IDS) {
    const { observationSpace, observationNames } = makeEnvironment({
      id,
      options: {},
    });
    assertEquals(
      new Set(observationNames).size,
      spaceSize(observationSpace),
      id,
    );
  }
  const names = (id: string, options: JsonRecord) =>
    makeEnvironment({ id, options }).observationNames;
  assertEquals(names("CartPole-v1", {}), [
    "position (m)",
    "velocity (m/s)",
    "angle (rad)",
    "angular velocity (rad/s)",
  ]);
  assertEquals(names("FrozenLake-v1", {}), ["number of the state"]);
  assertEquals(
    names("TwoStepGame-v1", {})?.at(-1),
    "agent 1: 1 in state 2, else 0",
  );
  const balancer = { numServers: 2, observationUnits: { flows: 5 } };
  assertEquals(
    names("LoadBalance-v1", balancer)?.[5],
    "server 1: flowsOn (5 flows)",
  );
  const team = { numAgents: 2, serversPerAgent: 3 };
  assertEquals(
    names("MultiAgentLoadBalance-v1", team)?.at(-1),
    "agent 1: server 5: durationPercentile (seconds)",
  );
});

Deno.test("makeVectorEnvironment() makes the same environments, together", () => {
  for (const id of PLAIN_IDS) {
    const together = makeVectorEnvironment({ id, options: {} }, 3);
    const single = makeEnvironment({ id, options: {} });
    assertEquals(together.id, id);
    assertEquals(together.count, 3);
    assertEquals(together.observationSpace, single.observationSpace);
    assertEquals(together.actionSpace, single.actionSpace);
    const buffers = vectorBuffers(together);
    together.reset(buffers, { seed: 1 });
    assert(buffers.observations.every(Number.isFinite));
  }
});

Deno.test("makeEnvironment() passes options on, as JSON gives them", () => {
  const spec: EnvironmentSpec = {
    id: "Autoscaling-v1",
    options: {
      mode: "reference",
      pattern: { name: "site", requests: [10, 20] },
      actionDeltas: [0, 5],
      service: { pricePerHour: 1 },
    },
  };
  const env = makeEnvironment(JSON.parse(JSON.stringify(spec)));
  assert(env instanceof AutoscalingEnv);
  const { mode, pattern, actionDeltas, service } = env.settings;
  assertEquals([mode, pattern.name], ["reference", "site"]);
  assertEquals([...actionDeltas, service.pricePerHour], [0, 5, 1]);
  assertEquals(env.reset().info.influx, 10);
  assertEquals(env.step(0).info.influx, 20);
});

Deno.test("makeEnvironment() names the nearest when it knows none of the name", () => {
  const error = assertThrows(
    () => makeEnvironment({ id: "autoscaling-v1", options: {} }),
    RangeError,
  );
  assertEquals(
    error.message,
    `Cannot make the environment "autoscaling-v1": expected one of ${
      ENVIRONMENT_IDS.join(", ")
    } (did you mean Autoscaling-v1?)`,
  );
  assertThrows(
    () => makeVectorEnvironment({ id: "x", options: {} }, 2),
    RangeError,
    'Cannot make the environment "x"',
  );
});

Deno.test("makeEnvironment() refuses options that the environment has not", () => {
  const cases: [object, string][] = [
    [{ pattren: "SPIKE" }, '"pattren"'],
    [{ pattern: { name: "site" } }, '"site"'],
    [{ pattern: { name: "site", requests: "no" } }, '"site"'],
    [{ pattern: 3 }, "the load pattern 3"],
    [{ pattern: null }, "the load pattern null"],
  ];
  for (const [options, message] of cases) {
    const spec = { id: "Autoscaling-v1", options } as EnvironmentSpec;
    assertThrows(() => makeEnvironment(spec), Error, message);
  }
});

Deno.test("makeMultiAgentEnvironment() makes environments of several agents", () => {
  const options = { numAgents: 2, serversPerAgent: 3 };
  const env = makeMultiAgentEnvironment({
    id: "MultiAgentLoadBalance-v1",
    options,
  });
  assertEquals([env.numAgents, env.stateSpace.low.length], [2, 30]);
  assertThrows(
    () => makeMultiAgentEnvironment({ id: "CartPole-v1", options: {} }),
    RangeError,
    "MultiAgentLoadBalance-v1",
  );
});
