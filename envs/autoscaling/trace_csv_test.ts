import { assertEquals } from "@std/assert";
import { assertRefused, readContent } from "./_trace_test_files.ts";

Deno.test("readTrace() reads minutes and requests", async () => {
  const texts = [
    "minute,requests\n0,42\n1,0\n2,7.5\n",
    "minute,requests\n0,42\n1,0\n2,7.5",
    "minute,requests\r\n0,42\r\n1,0\r\n2,7.5\r\n\r\n",
    "\ufeffminute,requests\n0,42\n1,0\n2,7.5\n",
    ' Minute , Requests \n 0, 42\n"1","0"\n2,75e-1\n',
    "host,requests,minute\na,42,100\nb,0,101\n,7.5,102\n\n\n",
  ];
  for (const text of texts) {
    const trace = await readContent(text);
    assertEquals(trace, {
      name: "some.trace",
      secondsPerSample: 60,
      requests: Float64Array.of(42, 0, 7.5),
    }, JSON.stringify(text));
  }
});

Deno.test("readTrace() reads CSV that is longer than a chunk", async () => {
  const count = 60_000;
  const rows = Array.from({ length: count }, (_, i) => `${i},${i % 977}`);
  const trace = await readContent(`minute,requests\n${rows.join("\n")}\n`);
  assertEquals(
    trace.requests,
    Float64Array.from({ length: count }, (_, i) => i % 977),
  );
});

Deno.test("readTrace() names file, line and fault when CSV is malformed", async () => {
  const header = "minute,requests\n";
  const cases: [string, string][] = [
    ["", "expected a load trace, got an empty file"],
    [header, "expected rows below the header, got none"],
    [
      "minute,count\n0,1\n",
      'line 1: expected a header with the columns minute,requests (or an Azure Functions 2019 file or WorldCup98 records), got "minute,count" without requests',
    ],
    [
      "0,1\n1,2\n",
      'line 1: expected a header with the columns minute,requests (or an Azure Functions 2019 file or WorldCup98 records), got "0,1" without minute and requests',
    ],
    [
      `${header}0,1\n1,1\n4,1\n`,
      "line 4: expected minute 2, got 4: a hole of 2 minutes",
    ],
    [
      `${header}0,1\n1,1\n1,2\n`,
      "line 4: expected minute 2, got 1 a second time",
    ],
    [
      `${header}5,1\n6,1\n5,2\n`,
      "line 4: expected minute 7, got 5: minutes must rise by one",
    ],
    [
      `${header}0,1\n1,many\n`,
      'line 3: expected a number from 0 as requests, got "many"',
    ],
    [
      `${header}0,1\n1,\n`,
      'line 3: expected a number from 0 as requests, got ""',
    ],
    [
      `${header}0,-1\n`,
      'line 2: expected a number from 0 as requests, got "-1"',
    ],
    [
      `${header}0,NaN\n`,
      'line 2: expected a number from 0 as requests, got "NaN"',
    ],
    [
      `${header}0,1e999\n`,
      'line 2: expected a number from 0 as requests, got "1e999"',
    ],
    [
      `${header}0,0x10\n`,
      'line 2: expected a number from 0 as requests, got "0x10"',
    ],
    [
      `${header}zero,1\n`,
      'line 2: expected a whole number from 0 as minute, got "zero"',
    ],
    [
      `${header}0.5,1\n`,
      'line 2: expected a whole number from 0 as minute, got "0.5"',
    ],
    [`${header}0,1\n1,2,3\n`, "line 3: expected 2 fields, got 3"],
    [`${header}0,1\n1\n`, "line 3: expected 2 fields, got 1"],
    [`${header}0,1\n\n1,2\n`, "line 3: expected a row, got an empty line"],
    [
      `${header}0,${"9".repeat(2 ** 21)}`,
      "line 2: expected a line of at most 1 MiB, got a longer one",
    ],
    [
      `${header}0,${"x".repeat(100)}\n`,
      `line 2: expected a number from 0 as requests, got "${
        "x".repeat(57)
      }..."`,
    ],
  ];
  for (const [text, expected] of cases) await assertRefused(text, expected);
});
