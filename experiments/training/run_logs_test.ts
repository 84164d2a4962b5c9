import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { createEpisodeRecord, type Trainer } from "../../agents/trainer.ts";
import { readEvents } from "../../core/tensorboard.ts";
import { withFolder } from "../_test_folder.ts";
import { exactFiles } from "./_run_files.ts";
import { checkLog, openRunLogs } from "./run_logs.ts";

/** As much of a trainer as logs look at. */
function trainerAt(
  timesteps: number,
  statistics: Record<string, number>,
  returns: readonly number[] = [],
): Trainer {
  const episodes = createEpisodeRecord(1);
  for (const value of returns) episodes.add(0, value, true);
  const trainer: Partial<Trainer> = {
    timesteps,
    episodes,
    statistics: () => statistics,
  };
  return trainer as Trainer;
}

function pathsIn(folder: string) {
  return {
    progress: join(folder, "x", "progress.csv"),
    events: join(folder, "x", "events.out.tfevents.x"),
  };
}

Deno.test("openRunLogs() writes a row and events of every number", async () => {
  await withFolder(async (folder) => {
    const paths = pathsIn(folder);
    const logs = openRunLogs(paths, trainerAt(0, { loss: NaN, updates: 0 }));
    logs.progress(trainerAt(10, { loss: NaN, updates: 0 }));
    logs.evaluation(10, -4.5);
    logs.progress(trainerAt(20, { loss: 0.25, updates: 3 }, [1, 4]));
    logs.close();

    const lines = (await Deno.readTextFile(paths.progress)).split("\n");
    assertEquals(
      lines[0],
      "timesteps,episodes,mean_return,mean_length,loss,updates,seconds",
    );
    // Empty is what is not known yet; seconds are as wide at any time.
    assertMatch(lines[1], /^10,0,,,,0,0{6}\.\d{3}$/);
    assertMatch(lines[2], /^20,2,2\.5,1,0\.25,3,0{6}\.\d{3}$/);
    assertEquals(lines.slice(3), [""]);

    const events = readEvents(await Deno.readFile(paths.events)).slice(1);
    assertEquals(
      events.map(({ step, scalars }) => [step, ...scalars]),
      [
        [10, { tag: "train/updates", value: 0 }],
        [10, { tag: "eval/mean_reward", value: -4.5 }],
        [20, { tag: "rollout/ep_rew_mean", value: 2.5 }],
        [20, { tag: "rollout/ep_len_mean", value: 1 }],
        [20, { tag: "train/loss", value: 0.25 }],
        [20, { tag: "train/updates", value: 3 }],
      ],
    );
  });
});

Deno.test("openRunLogs() goes on where the checkpoint was saved", async () => {
  await withFolder(async (folder) => {
    const paths = pathsIn(folder);
    const trainer = trainerAt(10, { loss: 1 });
    const first = openRunLogs(paths, trainer);
    first.progress(trainer);
    first.flush();
    const lengths = first.lengths();
    first.progress(trainerAt(20, { loss: 2 }));
    first.close();

    const second = openRunLogs(paths, trainer, lengths);
    assertEquals(second.lengths(), lengths);
    second.progress(trainerAt(30, { loss: 3 }));
    second.close();
    const rows = (await Deno.readTextFile(paths.progress)).trim().split("\n");
    assertEquals(rows.map((row) => row.split(",")[0]), [
      "timesteps",
      "10",
      "30",
    ]);
    const events = readEvents(await Deno.readFile(paths.events));
    assertEquals(events.map(({ step }) => step), [0, 10, 30]);
  });
});

Deno.test("openRunLogs() cuts no log back where one is missing or shorter", async () => {
  await withFolder(async (folder) => {
    const paths = pathsIn(folder);
    const trainer = trainerAt(10, { loss: 1 });
    const logs = openRunLogs(paths, trainer);
    const lengths = logs.lengths();
    logs.progress(trainer);
    logs.close();
    for (const file of ["events", "progress"] as const) {
      Deno.truncateSync(paths[file], 3);
      const before = await exactFiles(folder);
      assertThrows(
        () => openRunLogs(paths, trainer, lengths),
        RangeError,
        `got 3: put the run's own log back, or begin anew`,
      );
      assertEquals(await exactFiles(folder), before);
      Deno.removeSync(paths[file]);
      assertThrows(
        () => openRunLogs(paths, trainer, lengths),
        RangeError,
        `Cannot resume without ${lengths[file]} bytes of log in "${
          paths[file]
        }", got 0`,
      );
    }
  });
});

Deno.test("checkLog() accepts a log as long as it was, or longer", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "log");
    await Deno.writeTextFile(path, "four");
    checkLog(path, 3);
    checkLog(path, 4);
    assertThrows(() => checkLog(path, 5), RangeError, "got 4");
    await Deno.writeTextFile(join(folder, "file"), "");
    assertThrows(
      () => checkLog(join(folder, "file", "log"), 1),
      Error,
      "a part of the path is a file, expected a folder",
    );
  });
});
