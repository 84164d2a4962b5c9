import { assert, assertEquals, assertThrows } from "@std/assert";
import { Random } from "../../core/random.ts";
import { createArrival } from "../../envs/load_balancing/arrival.ts";
import { trafficSpec } from "../load_balancing/options.ts";
import { loadedFrom, writeQmixBalancer } from "./_tiny_balancers.ts";
import { planeSettings, regionNames } from "./plane_settings.ts";

Deno.test("planeSettings() changes what is given, and has no end otherwise", () => {
  const single = planeSettings({ numServers: 3, load: 0.5 });
  assertEquals([single.servers.length, single.groups.length], [3, 1]);
  assertEquals(single.episodeSteps, Infinity);
  const team = planeSettings({
    preset: "moderate",
    numAgents: 3,
    sharing: "all",
    load: 1.5,
    durationSeconds: 10,
  });
  assertEquals(team.groups, new Array(3).fill([0, 1, 2, 3, 4, 5, 6]));
  assertEquals(team.episodeSteps, 40);
  assertThrows(() => planeSettings({ load: 1 }), RangeError, "for ever");
  assertThrows(() => planeSettings({ numServers: 0 }), RangeError);
});

Deno.test("planeSettings() has those of a model", async () => {
  const agent = await loadedFrom((path) =>
    writeQmixBalancer(path, { numAgents: 2, serversPerAgent: 3 })
  );
  const { groups } = planeSettings({ agent });
  assertEquals(groups, [[0, 1, 2], [3, 4, 5]]);
  const other = planeSettings({ agent, traffic: "wiki", load: 0.6 });
  assertEquals(other.traffic.largestLoad, 0.6);
  assertEquals(other.traffic.kinds.length, 2);
});

Deno.test("planeSettings() plays a file from its start", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  try {
    await Deno.writeTextFile(path, "time,work\n5,0.1\n6,0.2\n");
    const traffic = await trafficSpec(path);
    const settings = planeSettings({ numServers: 2, traffic });
    const job = createArrival();
    for (const seed of [1, 2, 3]) {
      const { source } = settings.traffic.begin(new Random(seed));
      assert(source.next(job));
      assertEquals([job.time, job.work], [0, 0.1]);
    }
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("regionNames() numbers them where there are several", () => {
  assertEquals(regionNames("lb", 1), ["lb"]);
  assertEquals(regionNames("lb", 3), ["lb_0", "lb_1", "lb_2"]);
});
