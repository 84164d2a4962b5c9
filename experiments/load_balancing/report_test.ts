import { assert, assertEquals, assertMatch } from "@std/assert";
import { recordingContext } from "../training/_recording_context.ts";
import { withFolder } from "../_test_folder.ts";
import { reportLoadBalancing } from "./report.ts";
import { TrainingPipeline } from "./training_pipeline.ts";

Deno.test("reportLoadBalancing() shows agents beside every rule, and writes figures", async () => {
  await withFolder(async (root) => {
    const finished = await new TrainingPipeline({
      root,
      numServers: 4,
      numAgents: 2,
      episodeSeconds: 1,
      device: "native",
      settings: { netArch: [4], hiddenSize: 4 },
    }).train({ episodes: 2 });
    const { tables, lines, json } = await reportLoadBalancing([finished], {
      episodes: 2,
      context: recordingContext().context,
    });
    const names = tables![0].rows.map(([name]) => name);
    assert(
      ["qmix last", "qmix best", "sed", "maglev"].every((name) =>
        names.includes(name)
      ),
    );
    assertEquals(tables!.length, 2);
    assertMatch(lines!.at(-1)!, /Figures: .*figures\/qmix\.html/);
    const page = await Deno.readTextFile(`${root}/figures/qmix.html`);
    assert(page.includes("Completion time (ms)"));
    JSON.stringify(json);
  });
});
