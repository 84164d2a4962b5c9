import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { parseOptions } from "../../core/parse_options.ts";
import { UsageError } from "../../core/usage_error.ts";
import {
  flowOptions,
  networkOptions,
  userFlows,
  userNetwork,
} from "./options.ts";

const parse = (...args: string[]) =>
  parseOptions(args, { ...networkOptions, ...flowOptions });

Deno.test("the command line says which network and traffic", async () => {
  const options = parse(
    "--topology",
    "ring:5",
    "--load",
    "0.8",
    "--noise",
    "0",
  );
  assertEquals(await userNetwork(options, { trafficSeed: 3 }), {
    topology: "ring:5",
    linkCount: undefined,
    splitting: "ecmp",
    sharing: "queues",
    bufferPackets: 32,
    flows: [],
    traffic: { type: "gravity", load: 0.8, amplitude: 0.5, noise: 0, seed: 3 },
  });
  const idle = await userNetwork(parse("--idle"), { trafficSeed: 0 });
  assertEquals(idle.traffic, { type: "idle" });
});

Deno.test("flows are those of the pairs", () => {
  const options = parse(
    ...["--traffic_pairs", "h1:h2,h2:h3", "--traffic_bw", "500K"],
    ...["--traffic_duration", "3", "--traffic_start_offset", "0.25"],
  );
  assertEquals(userFlows(options), [
    {
      source: "h1",
      destination: "h2",
      startSeconds: 0,
      durationSeconds: 3,
      rate: 0.5,
    },
    {
      source: "h2",
      destination: "h3",
      startSeconds: 0.25,
      durationSeconds: 3,
      rate: 0.5,
    },
  ]);
  assertEquals(userFlows(parse()), []);
});

Deno.test("what makes no sense is a usage error", async () => {
  const cases: [string[], string][] = [
    [["--topology", "nsfnt"], "did you mean nsfnet"],
    [["--topology", "nsfnet", "--link-count", "10"], "10 links"],
    [["--idle", "--matrices", "/tmp"], "expected one"],
  ];
  for (const [args, message] of cases) {
    await assertRejects(
      () => userNetwork(parse(...args), { trafficSeed: 0 }),
      UsageError,
      message,
    );
  }
  assertThrows(() => parse("--traffic-pairs", "h1"), Error, "h1");
  assertThrows(() => parse("--traffic-bw", "fast"), Error, "fast");
  assertThrows(() => parse("--load", "0"), Error, "0");
  const flows = userFlows(parse("--traffic-pairs", "h1:h7"));
  await assertRejects(
    () => userNetwork(parse(), { trafficSeed: 0, flows }),
    UsageError,
    "h7",
  );
});
