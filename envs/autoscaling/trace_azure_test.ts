import { assertEquals } from "@std/assert";
import {
  assertRefused,
  AZURE_HEADER,
  azureRow,
  readContent,
} from "./_trace_test_files.ts";

const DAY = [
  AZURE_HEADER,
  azureRow({ app: "a1", function: "f11" }, (minute) => minute),
  azureRow({ app: "a1", function: "f12" }, () => 3),
  azureRow({ app: "a2", function: "f2" }, (minute) => minute === 1440 ? 9 : 0),
].join("\n");

Deno.test("readTrace() sums the functions of an Azure file", async () => {
  const { requests, secondsPerSample } = await readContent(`${DAY}\n`);
  assertEquals(secondsPerSample, 60);
  assertEquals(
    requests,
    Float64Array.from(
      { length: 1440 },
      (_, i) => i + 1 + 3 + (i === 1439 ? 9 : 0),
    ),
  );
  assertEquals(
    (await readContent(DAY.replaceAll("\n", "\r\n"))).requests,
    requests,
  );
});

Deno.test("readTrace() counts one function or app when a hash is given", async () => {
  const cases = [
    [{ functionHash: "f12" }, 3 * 1440],
    [{ functionHash: "f2" }, 9],
    [{ appHash: "a1" }, 1440 * 1441 / 2 + 3 * 1440],
    [{ appHash: "a1", functionHash: "f12" }, 3 * 1440],
  ] as const;
  for (const [options, expected] of cases) {
    const { requests } = await readContent(DAY, options);
    assertEquals(requests.reduce((a, b) => a + b), expected);
  }
});

Deno.test("readTrace() refuses a hash when it names no or several functions", async () => {
  await assertRefused(
    DAY,
    'expected the beginning of one HashFunction, got "f1", with which 2 begin',
    { functionHash: "f1" },
  );
  await assertRefused(
    DAY,
    'expected the beginning of one HashApp, got "b", with which none begins',
    { appHash: "b" },
  );
  await assertRefused(
    DAY,
    'expected the beginning of one HashApp, got "a2", with which none begins',
    { appHash: "a2", functionHash: "f12" },
  );
});

Deno.test("readTrace() names file, line and fault when an Azure file is malformed", async () => {
  const row = azureRow({}, () => 1);
  const cases: [string, string][] = [
    [AZURE_HEADER, "expected rows below the header, got none"],
    [
      `${AZURE_HEADER.replace(",700,", ",")}\n${row}`,
      'line 1: expected HashOwner,HashApp,HashFunction,Trigger and the minutes 1 to 1440, got "701" as column 704 instead of 700',
    ],
    [
      `${AZURE_HEADER.replace(",1440", "")}\n${row}`,
      "line 1: expected HashOwner,HashApp,HashFunction,Trigger and the minutes 1 to 1440, got no column as column 1444 instead of 1440",
    ],
    [
      `${AZURE_HEADER},1441\n${row}`,
      'line 1: expected HashOwner,HashApp,HashFunction,Trigger and the minutes 1 to 1440, got "1441" as column 1445',
    ],
    [
      "HashOwner,HashApp,HashFunction,Average,Count\na,b,c,1,2\n",
      'line 1: expected HashOwner,HashApp,HashFunction,Trigger and the minutes 1 to 1440, got "Average" as column 4 instead of Trigger',
    ],
    [
      `${AZURE_HEADER}\n${row}\n${row.slice(0, -2)}`,
      "line 3: expected 1444 fields, got 1443",
    ],
    [`${AZURE_HEADER}\n${row},5`, "line 2: expected 1444 fields, got 1445"],
    [`${AZURE_HEADER}\na,b\n`, "line 2: expected 1444 fields, got 2"],
    ...["x", "-1", "NaN", "", "1.5"].map((field): [string, string] => [
      `${AZURE_HEADER}\n${row}\n${
        azureRow({}, (minute) => minute === 77 ? field : 0)
      }`,
      `line 3: expected a whole number from 0 in minute 77, got "${field}"`,
    ]),
  ];
  for (const [text, expected] of cases) await assertRefused(text, expected);
});
