import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { join } from "@std/path";
import { readNpz } from "../../core/npz.ts";
import { UsageError } from "../../core/usage_error.ts";
import { generate, type GenerationOptions } from "./generation.ts";
import { readRows } from "./read_rows.ts";

function optionsFor(
  folder: string,
  changes: Partial<GenerationOptions> = {},
): GenerationOptions {
  const rate = 9;
  return {
    folder,
    system: {
      clients: [{ arrivalRate: rate }],
      faults: [{ target: "arrivalRate", start: 45, duration: 5, factor: 10 }],
    },
    runs: 5,
    seed: 3,
    horizon: 100,
    step: 0.5,
    fault: [45, 50],
    rho: 0.9,
    rates: [rate, 10 * rate, rate],
    multi: false,
    pickles: true,
    piEvery: 10,
    measureRuntime: false,
    jobs: 2,
    resume: false,
    ...changes,
  };
}

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Names and contents of a folder's files. */
function contentOf(folder: string): Record<string, Uint8Array> {
  return Object.fromEntries(
    [...Deno.readDirSync(folder)].map(({ name }) => name).sort()
      .map((name) => [name, Deno.readFileSync(join(folder, name))]),
  );
}

Deno.test("generate() writes the same bytes with one job and with two", async () => {
  await inFolder(async (one) => {
    await inFolder(async (two) => {
      await generate(optionsFor(one, { jobs: 1 }));
      await generate(optionsFor(two, { jobs: 2 }));
      const files = contentOf(one);
      assertEquals(Object.keys(files), [
        "1_exp_results.csv",
        "2_exp_results.csv",
        "3_exp_results.csv",
        "4_exp_results.csv",
        "5_exp_results.csv",
        "d_seq.pkl",
        "discrete_results.pdf",
        "discrete_results_.npz",
        "discrete_results_.pkl",
        "generation.json",
        "l_seq.pkl",
        "o_seq.pkl",
        "pi_seq.pkl",
        "q_seq.pkl",
        "r_seq.pkl",
        "s_seq.pkl",
        "sequences.npz",
      ]);
      assertEquals(contentOf(two), files);
      await generate(optionsFor(two, { seed: 4 }));
      assert(
        contentOf(two)["1_exp_results.csv"].length !==
          files["1_exp_results.csv"].length,
      );
    });
  });
});

Deno.test("generate() resumes: what is missing is made, the rest is kept", async () => {
  await inFolder(async (folder) => {
    await generate(optionsFor(folder));
    const whole = contentOf(folder);
    const kept = join(folder, "3_exp_results.csv");
    for (const run of [1, 2, 4]) {
      await Deno.remove(join(folder, `${run}_exp_results.csv`));
    }
    await Deno.remove(join(folder, "sequences.npz"));
    // As an interrupted run leaves it.
    await Deno.writeTextFile(
      join(folder, "1_exp_results.csv.123.tmp"),
      "timest",
    );
    const { mtime } = await Deno.stat(kept);
    const { reports } = await generate(optionsFor(folder, { resume: true }));
    assertEquals(
      reports.map(({ reused }) => reused),
      [false, false, true, false, true],
    );
    assertEquals((await Deno.stat(kept)).mtime, mtime);
    assertEquals(contentOf(folder), whole);

    await assertRejects(
      () => generate(optionsFor(folder, { resume: true, seed: 4 })),
      UsageError,
      "its seed was 3",
    );
    // Cut at the end of a row it looks whole.
    const text = await Deno.readTextFile(kept);
    await Deno.writeTextFile(
      kept,
      text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1),
    );
    await assertRejects(
      () => generate(optionsFor(folder, { resume: true })),
      Error,
      `Cannot read "${kept}": it has `,
    );
    await Deno.truncate(kept, 1000);
    const error = await assertRejects(
      () => generate(optionsFor(folder, { resume: true })),
      Error,
      `Cannot read "${kept}", line`,
    );
    assertMatch(
      error.message,
      /; take the file away to have the run made anew/,
    );
    // Fewer runs: files of the others would mix with them.
    await generate(optionsFor(folder, { runs: 2, pickles: false }));
    assertEquals(
      Object.keys(contentOf(folder)).filter((name) => name.endsWith(".csv")),
      ["1_exp_results.csv", "2_exp_results.csv"],
    );
  });
});

Deno.test("generate() summarises runs by means and population variances", async () => {
  await inFolder(async (folder) => {
    await generate(optionsFor(folder, { runs: 3 }));
    const summary = await readNpz(join(folder, "discrete_results_.npz"));
    const sequences = await readNpz(join(folder, "sequences.npz"));
    // By hand at t = 60: the last row of each run before it.
    const queues = [1, 2, 3].map((run) => {
      let queue = 0;
      readRows(join(folder, `${run}_exp_results.csv`), (block) => {
        for (let i = 0; i < block.size; i++) {
          if (block.timestamp[i] <= 60) queue = block.queueLength[i];
        }
      });
      return queue;
    });
    const mean = (queues[0] + queues[1] + queues[2]) / 3;
    const variance = queues.reduce((sum, q) => sum + (q - mean) ** 2, 0) / 3;
    const numbers = (name: string) => summary[name].data as Float64Array;
    assertAlmostEquals(numbers("qlen_ave")[120], mean, 1e-12);
    assertAlmostEquals(numbers("qlen_var")[120], variance, 1e-9);
    assertAlmostEquals(numbers("qlen_std")[120], Math.sqrt(variance), 1e-9);
    assertEquals(numbers("qlen_ave").length, 201);
    assertEquals(numbers("rho")[0], 0.9);
    // The fault's end, 50, is point 100, the first of the second trajectory.
    assertEquals([...sequences.lengths.data as Float64Array], [89, 100]);
    const q = sequences.q.data as Float64Array;
    assertAlmostEquals(q[89 + 20], mean, 1e-12);
    assertEquals(q[0], numbers("qlen_ave")[1]);
    const pi = sequences.pi.data as Float32Array;
    assertEquals(sequences.pi.shape, [9 + 10, 3000]);
    const entry = pi.subarray((9 + 2) * 3000, (9 + 3) * 3000);
    assertAlmostEquals(entry.reduce((sum, value) => sum + value, 0), 1, 1e-6);
    const meanOfPi = entry.reduce(
      (sum, value, i) => sum + value * (i % 100),
      0,
    );
    assertAlmostEquals(
      meanOfPi,
      queues.reduce((sum, value) => sum + Math.min(value, 99), 0) / 3,
      1e-4,
    );
  });
});

Deno.test("generate() writes files for each of several servers", async () => {
  await inFolder(async (folder) => {
    const { files } = await generate(optionsFor(folder, {
      system: {
        clients: [{ arrivalRate: 5 }],
        servers: [{ next: [1] }, {}],
      },
      runs: 2,
      multi: true,
    }));
    const names = files.map((path) => path.slice(folder.length + 1));
    for (
      const name of [
        "discrete_results_multi_2.npz",
        "discrete_results_multi_1.pdf",
        "discrete_results_multi_2.pkl",
        "sequences_1.npz",
        "pi_seq_2.pkl",
      ]
    ) assert(names.includes(name), name);
    const servers = new Set<number>();
    readRows(join(folder, "2_exp_results.csv"), (block) => {
      block.server.subarray(0, block.size).forEach((each) => servers.add(each));
    });
    assertEquals([...servers], [0, 1]);
  });
});

Deno.test("generate() stops when it is told to, and leaves finished runs", async () => {
  await inFolder(async (folder) => {
    const controller = new AbortController();
    await assertRejects(
      () =>
        generate(optionsFor(folder, {
          runs: 200,
          signal: controller.signal,
          onRun: ({ index }) => index > 3 && controller.abort(),
        })),
      DOMException,
    );
    const names = Object.keys(contentOf(folder));
    assert(names.length < 100 && names.includes("1_exp_results.csv"));
    assert(!names.some((name) => name.endsWith(".tmp")));
  });
});
