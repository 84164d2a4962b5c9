import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { commonOptions } from "../../core/script_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import { makeTopology } from "../../envs/sdn/topology.ts";
import {
  matrixFlows,
  realNetworkOptions,
  userRealNetwork,
} from "./real_network_options.ts";

function wanted(...args: string[]) {
  return userRealNetwork(
    parseOptions(args, { ...commonOptions, ...realNetworkOptions }),
  );
}

Deno.test("by default the network is seed10, its fastest link 40 Mbit/s", async () => {
  const { topology, scale, flows, bufferPackets } = await wanted();
  assertEquals([topology.name, scale, bufferPackets], ["seed10", 0.1, 32]);
  assertEquals(topology.capacities[0], 40);
  // One flow for each ordered pair of its four hosts, for a day.
  assertEquals(flows.length, 12);
  assertEquals(
    new Set(flows.map((flow) => flow.durationSeconds)),
    new Set([86400]),
  );
});

Deno.test("the same traffic, however the capacities are scaled", async () => {
  const [small, large] = await Promise.all([
    wanted("--scale", "0.01"),
    wanted("--scale", "1", "--seconds", "5"),
  ]);
  small.flows.forEach((flow, i) =>
    assertAlmostEquals(100 * flow.rate, large.flows[i].rate, 1e-9)
  );
  assertEquals(large.flows[0].durationSeconds, 5);
});

Deno.test("flows of the command line replace the traffic, --idle all", async () => {
  const { flows } = await wanted("--traffic-pairs", "h1:h2,h2:h3");
  assertEquals(flows.map(({ source }) => source), ["h1", "h2"]);
  assertEquals((await wanted("--idle")).flows, []);
});

Deno.test("matrixFlows() lets first hosts send, and leaves out what is nothing", () => {
  const topology = makeTopology({
    name: "two",
    nodes: ["a", "b"],
    links: [{ source: 0, target: 1 }],
    hosts: [
      { name: "h1", node: 0 },
      { name: "h2", node: 0 },
      { name: "h3", node: 1 },
    ],
  });
  const demands = Float64Array.of(0, 5, 1e-9, 0);
  const options = { durationSeconds: 3, most: 9 };
  assertEquals(matrixFlows(topology, demands, options), [{
    source: "h1",
    destination: "h3",
    startSeconds: 0,
    durationSeconds: 3,
    rate: 5,
  }]);
});

Deno.test("large networks are slower, and their largest demands carry all traffic", async () => {
  const [some, all] = await Promise.all([
    wanted("--topology", "nsfnet"),
    wanted("--topology", "nsfnet", "--flows", "182"),
  ]);
  // 21 links of 100 Mbit/s.
  assertAlmostEquals(some.topology.capacities[0], 400 / 21, 1e-12);
  assertEquals([some.flows.length, all.flows.length], [40, 182]);
  const total = (flows: typeof some.flows) =>
    flows.reduce((sum, { rate }) => sum + rate, 0);
  assertAlmostEquals(total(some.flows), total(all.flows), 1e-9);
});

Deno.test("what makes no sense is a usage error, before anything is built", async () => {
  await assertRejects(() => wanted("--topology", "nowhere"), UsageError);
  await assertRejects(
    () => wanted("--traffic-pairs", "h1:h9"),
    UsageError,
    '"h9" is none',
  );
});
