import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  assertRefused,
  AZURE_HEADER,
  azureRow,
  gzip,
  readContent,
  withFiles,
  worldCupRecords,
} from "./_trace_test_files.ts";
import { readTrace } from "./traces.ts";

const CSV = "minute,requests\n0,1\n1,2\n";
const START = 899_280_000;

Deno.test("readTrace() unpacks gzip of each format", async () => {
  const azure = `${AZURE_HEADER}\n${azureRow({}, () => 2)}\n`;
  for (const content of [CSV, azure, worldCupRecords([START, START + 60])]) {
    assertEquals(
      await readContent(await gzip(content)),
      await readContent(content),
    );
  }
});

Deno.test("readTrace() refuses gzip that breaks off or holds nothing", async () => {
  const packed = await gzip(CSV);
  const error = await assertRejects(() =>
    readContent(packed.slice(0, packed.length - 9))
  );
  assert(error instanceof SyntaxError && !error.message.includes("\n"));
  await assertRefused(
    await gzip(""),
    "expected a load trace, got an empty file",
  );
});

Deno.test("readTrace() refuses archives and other binary data", async () => {
  for (
    const [bytes, expected] of [
      [
        Uint8Array.of(0x50, 0x4b, 3, 4, 0),
        "expected an unpacked or gzip file, got a zip archive",
      ],
      [
        Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
        "expected an unpacked or gzip file, got a xz archive",
      ],
      [
        Uint8Array.of(0, 1, 2, 3, 4),
        "expected CSV with the columns minute,requests, invocations_per_function files of Azure Functions 2019 or WorldCup98 records, got other binary data",
      ],
    ] as const
  ) await assertRefused(bytes, expected);
});

Deno.test("readTrace() names the file when there is none", async () => {
  const error = await assertRejects(
    () => readTrace("/nowhere/load.csv"),
    Deno.errors.NotFound,
  );
  assertEquals(
    error.message,
    'Cannot read trace "/nowhere/load.csv": expected a file, found none',
  );
});

Deno.test("readTrace() concatenates the days of a folder or list", async () => {
  const day = (count: number) =>
    `${AZURE_HEADER}\n${azureRow({}, () => count)}\n`;
  const prefix = "invocations_per_function_md.anon";
  const days = Object.fromEntries(
    Array.from({ length: 11 }, (_, i) => [
      `${prefix}.d${String(i + 1).padStart(2, "0")}.csv`,
      day(i + 1),
    ]),
  );
  const other = {
    "function_durations_percentiles.anon.d01.csv": "HashOwner,HashApp\n",
    "README.md": "# Traces\n",
    ".hidden": "nothing",
  };
  await withFiles({ ...days, ...other }, async (folder) => {
    const { name, requests } = await readTrace(folder);
    assertEquals(name, `${prefix}.d01 to ${prefix}.d11`);
    assertEquals(
      requests,
      Float64Array.from(
        { length: 11 * 1440 },
        (_, i) => Math.floor(i / 1440) + 1,
      ),
    );
    const list = [7, 2].map((d) => join(folder, `${prefix}.d0${d}.csv`));
    const two = await readTrace(list.join(","));
    assertEquals([two.requests.length, two.requests[0]], [2880, 7]);
    assertEquals(two.requests[2879], 2);

    await Deno.remove(join(folder, `${prefix}.d04.csv`));
    const error = await assertRejects(() => readTrace(folder), SyntaxError);
    assertEquals(
      error.message.replace(folder, "F"),
      `Cannot read trace "F": expected the days in order, got none between "${prefix}.d03" and "${prefix}.d05"`,
    );
  });
});

Deno.test("readTrace() takes parts of WorldCup98 days in their order", async () => {
  await withFiles({
    "wc_day9_1.gz": await gzip(worldCupRecords([START, START + 60])),
    "wc_day10_1.gz": await gzip(worldCupRecords([START + 61, START + 62])),
    "wc_day10_2.gz": await gzip(worldCupRecords([START + 180])),
  }, async (folder) => {
    const { name, requests } = await readTrace(folder);
    assertEquals(name, "wc_day9_1 to wc_day10_2");
    assertEquals(requests, Float64Array.of(1, 3, 0, 1));
  });
});

Deno.test("readTrace() goes on counting minutes across CSV files", async () => {
  await withFiles({
    "a.csv": CSV,
    "b.csv": "minute,requests\n2,3\n",
    "c,d.csv": CSV,
  }, async (folder) => {
    const [a, b] = [join(folder, "a.csv"), join(folder, "b.csv")];
    assertEquals(
      (await readTrace(`${a}, ${b}`)).requests,
      Float64Array.of(1, 2, 3),
    );
    await assertRejects(
      () => readTrace(`${b},${a}`),
      SyntaxError,
      "expected minute 3, got 0",
    );
    // A comma in a file's own name is no list.
    assertEquals((await readTrace(join(folder, "c,d.csv"))).name, "c,d");
  });
});

Deno.test("readTrace() refuses formats that do not go together", async () => {
  await withFiles({
    "a.csv": CSV,
    "b.csv": worldCupRecords([START]),
  }, async (folder) => {
    await assertRejects(
      () => readTrace(folder),
      SyntaxError,
      "got WorldCup98",
    );
  });
  await withFiles({}, async (folder) => {
    await assertRejects(() => readTrace(folder), SyntaxError, "got none");
  });
  await assertRejects(
    () => readContent(CSV, { functionHash: "f" }),
    RangeError,
    "expected Azure Functions 2019, got CSV with minute,requests",
  );
});

Deno.test("readTrace() closes its files when it fails", async () => {
  // Deno's leak check fails this test if one stays open.
  const rows = Array.from({ length: 50_000 }, (_, i) => `${i},x`).join("\n");
  await assertRejects(
    () => readContent(`minute,requests\n${rows}`),
    SyntaxError,
  );
});
