import { assertEquals, assertThrows } from "@std/assert";
import type { JsonRecord } from "../../core/state_json.ts";
import {
  loadBalanceOptions,
  multiAgentLoadBalanceOptions,
} from "./env_spec.ts";
import { loadBalanceSettings, multiAgentSettings } from "./env_settings.ts";
import { LoadBalanceEnv } from "./load_balance_env.ts";

function throughJson(options: unknown): JsonRecord {
  return JSON.parse(JSON.stringify(options));
}

Deno.test("loadBalanceOptions() makes the same environment from JSON", () => {
  const trace = {
    name: "three",
    times: [0, 1, 2],
    work: [1, 1, 1],
    ioWork: [0, 0, 0],
    kinds: [0, 1, 0],
  };
  const env = new LoadBalanceEnv(loadBalanceOptions(throughJson({
    servers: [{ cores: 2 }, { cores: 4 }],
    traffic: { type: "recorded", trace },
    actionType: "weightLevels",
    weightLevels: [1, 3],
    episodeSeconds: Infinity,
    observationUnits: { flows: 5 },
  })));
  const { settings } = env;
  assertEquals(settings.episodeSteps, Infinity);
  assertEquals([...settings.traffic.kinds], ["0", "1"]);
  assertEquals(env.actionSpace, { kind: "multi-discrete", sizes: [2, 2] });
  const { observation } = env.reset({ seed: 1 });
  assertEquals(observation.length, 10);
  const counted = loadBalanceOptions(throughJson({
    traffic: {
      type: "counted",
      trace: { name: "c", secondsPerSample: 1, requests: [3, 4] },
    },
  }));
  assertEquals(new LoadBalanceEnv(counted).reset().info.load > 0, true);
});

Deno.test("multiAgentLoadBalanceOptions() has the options of teams", () => {
  const options = throughJson({ numAgents: 2, serversPerAgent: 3 });
  const { groups } = multiAgentSettings(multiAgentLoadBalanceOptions(options));
  assertEquals(groups, [[0, 1, 2], [3, 4, 5]]);
  assertThrows(() => loadBalanceOptions(options), RangeError, '"numAgents"');
});

const REFUSED: [JsonRecord, typeof RangeError | typeof TypeError, string][] = [
  [{ numServer: 3 }, RangeError, "did you mean numServers?"],
  [{ choose: "sed" }, RangeError, '"choose"'],
  [{ traffic: { type: "custom" } }, RangeError, '"custom"'],
  [
    { traffic: { type: "recorded", trace: { name: "t", times: 3 } } },
    TypeError,
    'as "times"',
  ],
  [
    { traffic: { type: "counted", trace: { name: "t" } } },
    TypeError,
    'as "requests"',
  ],
];

for (const [options, kind, words] of REFUSED) {
  Deno.test(`loadBalanceOptions() refuses ${JSON.stringify(options)}`, () => {
    assertThrows(() => loadBalanceOptions(options), kind, words);
  });
}

Deno.test("loadBalanceSettings() refuses values of another kind", () => {
  const make = (options: unknown) => () =>
    loadBalanceSettings(options as Record<string, never>);
  assertThrows(make({ servers: 3 }), TypeError, "numServers");
  assertThrows(make({ traffic: 700 }), TypeError, "700");
  assertThrows(make({ warmUpSeconds: -1 }), RangeError, "-1");
});
