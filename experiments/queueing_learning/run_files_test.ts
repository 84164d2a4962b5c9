import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { generateSmall, inFolder } from "./_test_generation.ts";
import { readRunFiles } from "./run_files.ts";

const OPTIONS = { features: ["q"], interval: 10 };

Deno.test("readRunFiles() holds the last row's values at each time", async () => {
  await inFolder(async (folder) => {
    const header =
      "timestamp,latency,queue_length,retries,dropped,runtime,retries_left,service_time\n";
    const row = (time: number, queue: number) =>
      `${time},1,${queue},0,0,0,3,0.1\n`;
    const rows = [3, 12, 19, 20, 31, 48, 60].map((time, i) => row(time, i + 1));
    await Deno.writeTextFile(
      join(folder, "1_exp_results.csv"),
      header + rows.join(""),
    );
    const { runs, window } = await readRunFiles({
      ...OPTIONS,
      folder,
      horizon: 60,
      fault: { start: 30, end: 40 },
    });
    assertEquals(window, { start: 30, end: 40 });
    // At 10 the row of 3, at 20 that of 19 or of 20, at 40 that of 31, at 50 of 48.
    assertEquals([...runs[0].series[0]][0], 1);
    assertEquals([...runs[0].series[1]], [5, 6]);
  });
});

Deno.test("files that are damaged or end early are named with their line", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder, { pickles: false });
    const path = join(folder, "2_exp_results.csv");
    const text = await Deno.readTextFile(path);
    const lines = text.trimEnd().split("\n");
    const read = () => readRunFiles({ ...OPTIONS, folder, horizon: 600 });
    const spoil = async (text: string, message: string) => {
      await Deno.writeTextFile(path, text);
      await assertRejects(read, SyntaxError, message);
    };
    const third = lines[2].split(",");
    const withThird = (fields: string[]) =>
      [...lines.slice(0, 2), fields.join(","), ...lines.slice(3), ""].join(
        "\n",
      );
    await spoil(text.slice(0, -7), `line ${lines.length}`);
    await spoil(withThird(third.with(1, "NaN")), "line 3: latency");
    await spoil(withThird(third.slice(0, 5)), "line 3: there are 5 fields");
    await spoil(
      text.replace("queue_length", "queue"),
      "line 1: there is no column queue_length",
    );
    const half = lines.slice(0, Math.ceil(lines.length / 2));
    await spoil(
      half.join("\n") + "\n",
      `2_exp_results.csv", line ${half.length}: rows end at`,
    );
    await Deno.remove(path);
    assertEquals((await read()).runs.length, 2);
  });
});
