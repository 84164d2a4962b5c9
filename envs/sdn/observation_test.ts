import { assertEquals } from "@std/assert";
import { sdnSettings } from "./env_options.ts";
import { observationNames } from "./observation.ts";

Deno.test("blocks have the sizes that they say", () => {
  const sizes = (["utilisations", "demands", "node-demands", "time"] as const)
    .map((block) =>
      observationNames(
        sdnSettings({ topology: "nsfnet", observation: [block] }),
      ).length
    );
  assertEquals(sizes, [21, 182, 28, 2]);
});

Deno.test("names say what is seen, and what 1 stands for", () => {
  const names = observationNames(sdnSettings({
    topology: "ring:3",
    delayCapMs: 50,
    demandCapMbps: 20,
    observation: ["weights", "delay", "throughput", "demands", "node-demands"],
  }));
  assertEquals(names.slice(0, 6), [
    "logarithm of the weight of link 0 s1-s2 (0 lowest, 1 highest)",
    "logarithm of the weight of link 1 s2-s3 (0 lowest, 1 highest)",
    "logarithm of the weight of link 2 s3-s1 (0 lowest, 1 highest)",
    "mean delay (50 ms)",
    "throughput (1000 Mbit/s)",
    "demand from s1 to s2 (20 Mbit/s)",
  ]);
  assertEquals(names.at(-1), "demand to s3 (40 Mbit/s)");
});

Deno.test("links of a network that is asked by HTTP have no ends", () => {
  const settings = sdnSettings({
    ryuBase: "http://127.0.0.1:8080",
    linkCount: 10,
  });
  assertEquals(observationNames(settings)[9], "utilisation of link 9 (0 to 1)");
});
