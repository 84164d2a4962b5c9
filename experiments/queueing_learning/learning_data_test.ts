import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { join } from "@std/path";
import { sampleCount } from "../../analysis/koopman/trajectories.ts";
import { UsageError } from "../../core/usage_error.ts";
import { generateSmall, inFolder } from "./_test_generation.ts";
import {
  faultOf,
  readLearningData,
  readSequencePickle,
} from "./learning_data.ts";

const OPTIONS = { features: ["q", "l"] as const, interval: 5 };

Deno.test("rows, npz and pickles of one generation say the same", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder);
    const read = (kind: "rows" | "npz" | "pickles") =>
      readLearningData({ ...OPTIONS, path: folder, kind });
    const [rows, npz, pickles] = [
      await read("rows"),
      await read("npz"),
      await read("pickles"),
    ];
    assertEquals(rows.runs?.length, 3);
    assertEquals(npz.runs, undefined);
    assertEquals(npz.mean, pickles.mean);
    assertEquals(rows.fault, { start: 200, end: 220 });
    assertEquals(rows.system, npz.system);
    // Rows are sampled at 5, 10, ...; the sequences begin at 0.5 and 220.
    assertEquals(sampleCount(rows.mean, 0), 39);
    assertEquals(sampleCount(npz.mean, 0), 40);
    const after = [rows, npz].map((
      { mean },
    ) => [...mean.series[1].subarray(0, 20)]);
    after[0].forEach((x, i) => assertAlmostEquals(x, after[1][i], 1e-9));
    // Without a kind, rows are taken.
    const any = await readLearningData({ ...OPTIONS, path: folder });
    assertEquals(any.mean, rows.mean);
  });
});

Deno.test("each server of a line has data of its own", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder, {
      multi: true,
      system: {
        clients: [{ arrivalRate: 8 }],
        servers: [{ next: [1] }, {}],
        faults: [{
          target: "arrivalRate",
          start: 200,
          duration: 20,
          factor: 10,
        }],
      },
    });
    const of = (server: number, kind: "rows" | "npz") =>
      readLearningData({ ...OPTIONS, path: folder, server, kind });
    const [first, second] = [await of(1, "rows"), await of(2, "rows")];
    assert(first.mean.series[1].some((x, i) => x !== second.mean.series[1][i]));
    const wrong = (server?: number) =>
      readLearningData({ ...OPTIONS, path: folder, server, kind: "rows" });
    await assertRejects(
      () => wrong(),
      UsageError,
      "servers 1, 2, expected one",
    );
    await assertRejects(() => wrong(3), UsageError, "by server 3");
    await assertRejects(
      () => readLearningData({ ...OPTIONS, path: folder, kind: "npz" }),
      UsageError,
      "there is sequences_1.npz, expected --server",
    );
    assertAlmostEquals(
      (await of(2, "npz")).mean.series[1][0],
      second.mean.series[1][0],
      1e-9,
    );
  });
});

Deno.test("the original's rows of several servers are read as ours", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder, {
      multi: true,
      system: {
        clients: [{ arrivalRate: 8 }],
        servers: [{ next: [1] }, {}],
        faults: [],
      },
    });
    const read = () =>
      readLearningData({ ...OPTIONS, path: folder, server: 2, kind: "rows" });
    const ours = await read();
    for (const { name } of [...Deno.readDirSync(folder)]) {
      if (!name.endsWith(".csv")) continue;
      const path = join(folder, name);
      const [, ...rows] = Deno.readTextFileSync(path).trimEnd().split("\n");
      const of = (server: string) =>
        rows.filter((row) => row.startsWith(`${server},`));
      Deno.writeTextFileSync(path, `${[...of("1"), ...of("2")].join("\n")}\n`);
    }
    assertEquals((await read()).mean, ours.mean);
  });
});

Deno.test("an original's folder needs no record of its generation", async () => {
  await inFolder(async (folder) => {
    await generateSmall(folder);
    await Deno.remove(join(folder, "generation.json"));
    const data = await readLearningData({ ...OPTIONS, path: folder });
    assertEquals(data.system, undefined);
    // The latest row of any run is taken for the horizon.
    assertAlmostEquals(data.fault!.start, 270, 5);
    const told = await readLearningData({
      ...OPTIONS,
      path: join(folder, "1_exp_results.csv"),
      fault: { start: 200, end: 220 },
      horizon: 600,
    });
    assertEquals(sampleCount(told.mean, 0), 39);
  });
});

Deno.test("what is missing or damaged is named", async () => {
  await inFolder(async (folder) => {
    const read = (changes = {}) =>
      readLearningData({ ...OPTIONS, path: folder, ...changes });
    await assertRejects(
      read,
      Deno.errors.NotFound,
      "expected 1_exp_results.csv or",
    );
    const list = (...values: number[]) =>
      new TextEncoder().encode(
        `((lF${values.join("\\naF").replaceAll("\\n", "\n")}\nal.`,
      );
    await Deno.writeFile(join(folder, "q_seq.pkl"), list(1, 2, 3));
    await assertRejects(read, Error, "l_seq.pkl");
    await Deno.writeFile(join(folder, "l_seq.pkl"), list(1, 2));
    await assertRejects(read, SyntaxError, "have 2 values, expected 3");
    await Deno.writeTextFile(
      join(folder, "l_seq.pkl"),
      "cos\nsystem\n(Vid\ntR.",
    );
    await assertRejects(read, SyntaxError, "os.system");
    await Deno.writeTextFile(join(folder, "l_seq.pkl"), "I3\n.");
    await assertRejects(read, SyntaxError, "expected a list of trajectories");
    await Deno.writeTextFile(join(folder, "l_seq.pkl"), "((lFnan\nal.");
    await assertRejects(
      () => readSequencePickle(join(folder, "l_seq.pkl")),
      SyntaxError,
      "value 0 is NaN",
    );
    await assertRejects(
      () => read({ interval: 0.7, features: ["q"] }),
      RangeError,
      "multiple of its step",
    );
    await Deno.writeTextFile(join(folder, "generation.json"), "{}");
    await Deno.writeTextFile(join(folder, "1_exp_results.csv"), "timestamp\n");
    await assertRejects(read, SyntaxError, "generation.json");
  });
});

Deno.test("faultOf() is the first fault that ends", () => {
  const fault = { target: "arrivalRate" as const, factor: 2 };
  assertEquals(
    faultOf({
      clients: [],
      faults: [
        { ...fault, start: 7, duration: Infinity },
        { ...fault, start: 3, duration: 4 },
      ],
    }),
    { start: 3, end: 7 },
  );
  assertEquals(faultOf({ clients: [] }), undefined);
});
