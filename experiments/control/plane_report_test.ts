import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatTable } from "../../core/table.ts";
import { createDataPlane } from "../../envs/load_balancing/data_plane.ts";
import { planeJson, planeLine, planeTables } from "./plane_report.ts";
import { planeSettings } from "./plane_settings.ts";

const SUMMARY = {
  time: 12.25,
  messages: 50,
  weightsTaken: 3,
  lostSeconds: 0,
  steered: 1,
  recent: { finished: 40, failed: 0, completionSeconds: 0.0712, jain: 0.91 },
};

Deno.test("planeLine() tells of the last interval", () => {
  assertEquals(
    planeLine(SUMMARY),
    "12.3 s  message 50  steered  40 flows in 71.20 ms  Jain 0.910",
  );
  const line = planeLine({
    ...SUMMARY,
    steered: 0,
    lostSeconds: 3,
    recent: { ...SUMMARY.recent, failed: 2 },
  });
  assertStringIncludes(line, "own weights");
  assertStringIncludes(line, "2 failed");
  assertStringIncludes(line, "stood still for 3.0 s");
});

Deno.test("tables and JSON have the same completion times", () => {
  const plane = createDataPlane(
    planeSettings({ numServers: 2, traffic: "wiki", load: 0.5 }),
    1,
  );
  plane.advanceTo(5);
  plane.look();
  const results = plane.results();
  const { completion, ended, byKind } = planeJson(SUMMARY, results);
  assertEquals(Object.keys(byKind).length, 2);
  assertEquals(ended.finished, completion.count);
  const [times, ends] = planeTables(results);
  assertEquals(times.rows.length, 3);
  assertEquals(times.rows[0].slice(1, 3), [
    completion.count,
    1000 * completion.mean,
  ]);
  assertStringIncludes(formatTable(ends), "rejected");
});
