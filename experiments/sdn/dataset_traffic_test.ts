import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { scheduleFlows } from "../../envs/sdn/flows.ts";
import { datasetTraffic } from "./dataset_traffic.ts";

const FLOWS = scheduleFlows([["h60001", "h60002"]]);

Deno.test("flows go into the embedded network, or between hosts, when they start", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const scriptPath = join(folder, "traffic.sh");
    const common = { flows: FLOWS, scriptPath, ryu: "embedded" };
    const waiting = await datasetTraffic({ ...common, startTraffic: false });
    assertEquals(waiting.embedded, []);
    assertEquals(waiting.notes.length, 2);
    assert((await Deno.stat(scriptPath)).mode! & 0o100);
    const started = await datasetTraffic({ ...common, startTraffic: true });
    assertEquals(started.embedded, FLOWS);
    started.check();
    await using real = await datasetTraffic({
      ...common,
      startTraffic: true,
      ryu: "http://127.0.0.1:8080",
    });
    assertEquals(real.embedded, []);
    // Neither iperf3 nor a namespace called h60001 is here.
    for (let i = 0; i < 3000; i++) {
      try {
        real.check();
        await new Promise((resolve) => setTimeout(resolve, 20));
      } catch {
        break;
      }
    }
    assertThrows(() => real.check(), Error, "Cannot keep traffic running: ");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("without flows nothing is written", async () => {
  const none = await datasetTraffic({
    flows: [],
    startTraffic: true,
    scriptPath: "/proc/none",
    ryu: "embedded",
  });
  assertEquals([none.embedded, none.notes], [[], []]);
  await assertRejects(
    () =>
      datasetTraffic({
        flows: scheduleFlows([["a", "b"]]),
        startTraffic: false,
        scriptPath: "/proc/none",
        ryu: "embedded",
      }),
    RangeError,
  );
});
