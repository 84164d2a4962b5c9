import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../core/usage_error.ts";
import { makeEnvironment } from "../../envs/registry.ts";
import { withFolder } from "../_test_folder.ts";
import {
  type AgentViewValues,
  changedSpec,
  loadBalancingSpec,
  type LoadValues,
} from "./options.ts";

const AGENTS: AgentViewValues & { single: boolean } = {
  actionType: "weightLevels",
  observation: "seed",
  reward: "variance",
  rewardOn: "flows",
  single: false,
};

const specOf = (values: Partial<LoadValues>, agents = AGENTS) =>
  loadBalancingSpec(
    { preset: "seed", episodeSeconds: 5, ...values },
    agents,
  );

/** Writes a file and gives what becomes of it as traffic. */
async function trafficFrom(
  text: string,
  packed = false,
): Promise<Record<string, unknown>> {
  let traffic: Record<string, unknown> = {};
  await withFolder(async (folder) => {
    const path = join(folder, "trace.csv");
    const plain = new Blob([text]).stream();
    await Deno.writeFile(
      path,
      packed ? plain.pipeThrough(new CompressionStream("gzip")) : plain,
    );
    const { options } = await specOf({ traceType: path });
    traffic = options.traffic as Record<string, unknown>;
  });
  return traffic;
}

Deno.test("loadBalancingSpec() makes the environment of one agent or of a team", async () => {
  const team = await specOf({ numServers: 8, numAgents: 2 });
  assertEquals(team.id, "MultiAgentLoadBalance-v1");
  assertEquals(makeEnvironment(team).actionSpace.kind, "multi-discrete");
  const one = await specOf({ numServers: 8 }, { ...AGENTS, single: true });
  assertEquals(one.id, "LoadBalance-v1");
  // What is written into a model makes the same environment again.
  assertEquals(JSON.parse(JSON.stringify(one)), one);
});

Deno.test("files of flows and of counts are told apart by their headers", async () => {
  for (const packed of [false, true]) {
    const flows = await trafficFrom("time,work\n0,0.1\n0.5,0.2\n", packed);
    assertEquals([flows.type, flows.start], ["recorded", "random"]);
    const counts = await trafficFrom("minute,requests\n0,600\n1,900\n", packed);
    assertEquals(counts.type, "counted");
    assertEquals((counts.trace as { requests: number[] }).requests, [600, 900]);
  }
  const queries = await trafficFrom("time\tquery\n0\t/?n=1000\n1\t/?n=2000\n");
  assertEquals(queries.type, "recorded");
});

Deno.test("traces out of order are refused with their line", async () => {
  const error = await assertRejects(
    () => trafficFrom("time,work\n0,0.1\n5,0.1\n4,0.1\n"),
    SyntaxError,
  ) as Error;
  assert(
    /trace\.csv.*line 4.*a time from 5/.test(error.message),
    error.message,
  );
});

Deno.test("values that do not fit together are usage errors", async () => {
  const refused: [Partial<LoadValues>, string, boolean?][] = [
    [{ numServers: 0 }, "Cannot balance load with 0 servers"],
    [{ traceType: "wikipedia" }, 'Cannot play the traffic "wikipedia"'],
    [{ load: -1 }, "Cannot offer a load of -1"],
    [{ numServers: 5 }, "Cannot give 1.25 servers to each of 4 agents"],
    [{ numAgents: 2 }, "Cannot give 2 balancers to one agent", true],
  ];
  for (const [values, message, single = false] of refused) {
    await assertRejects(
      () => specOf(values, { ...AGENTS, single }),
      UsageError,
      message,
    );
  }
});

Deno.test("changedSpec() changes traffic alone, and keeps to the model's servers", async () => {
  const spec = await specOf({ numServers: 8, numAgents: 2 });
  const changed = await changedSpec(spec, {
    numServers: 8,
    traceType: "wiki",
    load: 0.5,
    episodeSeconds: 3,
  });
  assertEquals(changed.options, {
    ...spec.options,
    traffic: "wiki",
    load: 0.5,
    episodeSeconds: 3,
  });
  assertEquals(await changedSpec(spec, {}), spec);
  await assertRejects(
    () => changedSpec(spec, { numServers: 9 }),
    UsageError,
    "Cannot balance load over 9 servers with a model for 8",
  );
  await assertRejects(() => changedSpec(spec, { load: 0 }), UsageError);
});
