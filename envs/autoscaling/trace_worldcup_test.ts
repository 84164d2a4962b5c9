import { assertEquals } from "@std/assert";
import {
  assertRefused,
  readContent,
  worldCupRecords,
} from "./_trace_test_files.ts";

// 1 July 1998, 08:00 GMT.
const START = 899_280_000;

Deno.test("readTrace() counts WorldCup98 records by the minute", async () => {
  const { requests, secondsPerSample } = await readContent(worldCupRecords([
    START + 30,
    START + 30,
    START + 59,
    START + 60,
    START + 240,
    START + 299,
  ]));
  assertEquals(secondsPerSample, 60);
  assertEquals(requests, Float64Array.of(3, 1, 0, 0, 2));
});

Deno.test("readTrace() reads records that lie across chunks", async () => {
  // 20 bytes do not divide the chunks that files are read in.
  const count = 50_000;
  const times = Array.from({ length: count }, (_, i) => START + i);
  const { requests } = await readContent(worldCupRecords(times));
  assertEquals(
    requests,
    Float64Array.from({ length: 834 }, (_, i) => i < 833 ? 60 : 20),
  );
});

Deno.test("readTrace() names file, record and fault when records are malformed", async () => {
  const whole = worldCupRecords([START, START + 1]);
  const cases: [Uint8Array<ArrayBuffer>, string][] = [
    [
      whole.slice(0, 33),
      "record 2: expected 20 bytes, got 13 at the end of the file",
    ],
    [
      whole.slice(0, 7),
      "record 1: expected 20 bytes, got 7 at the end of the file",
    ],
    [
      worldCupRecords([START, START + 70, START + 69]),
      "record 3: expected times that do not run backwards, got 1998-07-01T08:01:09Z after 1998-07-01T08:01:10Z",
    ],
    [
      worldCupRecords([START, START + 62 * 60]),
      "record 2: expected at most 60 minutes without a request, got 61 before 1998-07-01T09:02:00Z: is a file missing?",
    ],
  ];
  for (const [bytes, expected] of cases) await assertRefused(bytes, expected);
});

Deno.test("readTrace() allows longer gaps when asked", async () => {
  const bytes = worldCupRecords([START, START + 62 * 60]);
  const { requests } = await readContent(bytes, { longestGapMinutes: 61 });
  assertEquals(requests.length, 63);
});
