import { assertEquals } from "@std/assert";
import { openControllerLog, openPlaneLog } from "./side_logs.ts";

Deno.test("logs have a row for each message, with empty fields for nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const clock = { ms: 500 };
    {
      using controller = openControllerLog(`${folder}/a`, () => clock.ms);
      using plane = openPlaneLog(`${folder}/a`);
      clock.ms = 750;
      const latency = {
        count: 1,
        mean: 20,
        p50: 20,
        p99: 20,
        longest: 20,
        latest: 20,
      };
      const summary = {
        message: 3,
        servers: 2,
        decisions: 1,
        fallbacks: 0,
        missed: 0,
        dataPlanes: 1,
        latency,
        weights: [0.5, 1.5],
      } as const;
      controller.add({ ...summary, state: "steering" });
      controller.add({ ...summary, state: "stalled", weights: [NaN, NaN] });
      plane.add({
        time: 0.25,
        messages: 2,
        weightsTaken: 0,
        lostSeconds: 0,
        steered: 1,
        recent: { finished: 0, failed: 1, completionSeconds: NaN, jain: 0.5 },
      });
    }
    assertEquals(
      await Deno.readTextFile(`${folder}/a/controller.csv`),
      "seconds,state,message,servers,latency_us,lowest_weight,highest_weight\n" +
        "0.25,steering,3,2,20,0.5,1.5\n0.25,stalled,3,2,,,\n",
    );
    assertEquals(
      await Deno.readTextFile(`${folder}/a/dataplane.csv`),
      "time,message,steered,finished,failed,completion_seconds,jain\n" +
        "0.25,2,1,0,1,,0.5\n",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
