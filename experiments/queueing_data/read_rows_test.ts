import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { Random } from "../../core/random.ts";
import { createRowBlock } from "../../envs/queueing/rows.ts";
import {
  formatRows,
  headerLine,
  roundTimes,
  ROW_COLUMNS,
  rowBuffer,
} from "./row_format.ts";
import { readRows, type RowBlock } from "./read_rows.ts";

const HEADER = `${ROW_COLUMNS.join(",")}\n`;
const ROW = "0.5,0.25,3,1,2,0,3,0.125\n";

function withFile(content: string | Uint8Array, test: (path: string) => void) {
  const folder = Deno.makeTempDirSync();
  try {
    const path = join(folder, "1_exp_results.csv");
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else Deno.writeFileSync(path, content);
    test(path);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

// 20,000 random rows of every size of number, through five blocks.
Deno.test("readRows() gives the numbers that were written", () => {
  const random = new Random(1);
  const block = createRowBlock();
  const format = { decimals: 11, withServer: false };
  const pieces = [new TextEncoder().encode(headerLine(format))];
  const bytes = rowBuffer();
  const timestamps: number[] = [];
  const latencies: number[] = [];
  let time = 0;
  for (let round = 0; round < 5; round++) {
    for (block.size = 0; block.size < 4000; block.size++) {
      time += random.exponential(2);
      block.timestamp[block.size] = time;
      block.latency[block.size] = random.exponential() ** 4;
      block.serviceTime[block.size] = random.uniform();
    }
    roundTimes(block, 11);
    timestamps.push(...block.timestamp.subarray(0, 4000));
    latencies.push(...block.latency.subarray(0, 4000));
    const length = formatRows(block, bytes, { ...format, runtime: 0 });
    pieces.push(bytes.slice(0, length));
  }
  withFile(
    Uint8Array.from(pieces.flatMap((piece) => [...piece])),
    (path) => {
      const read = { timestamps: [] as number[], latencies: [] as number[] };
      const result = readRows(
        path,
        ({ size, timestamp, latency }: RowBlock) => {
          read.timestamps.push(...timestamp.subarray(0, size));
          read.latencies.push(...latency.subarray(0, size));
        },
      );
      assertEquals(result.rows, 20_000);
      assertEquals(read.timestamps, timestamps);
      assertEquals(read.latencies, latencies);
    },
  );
});

Deno.test("readRows() reads what the original wrote", () => {
  const line = "1.0370917e-05,9.99e-06,0,0,0,0.00018,3,9.99e-06\r\n";
  withFile(HEADER.replace("\n", "\r\n") + line, (path) => {
    readRows(path, (block) => {
      assertEquals(block.size, 1);
      assertEquals(block.timestamp[0], 1.0370917e-05);
      assertEquals(block.serviceTime[0], 9.99e-06);
    });
  });
});

Deno.test("readRows() counts servers from 0 where there are several", () => {
  withFile(`server,${HEADER}2,${ROW}1,${ROW}`, (path) => {
    readRows(
      path,
      (block) =>
        assertEquals([...block.server.subarray(0, block.size)], [1, 0]),
    );
  });
});

Deno.test("readRows() refuses damaged files by name and line", () => {
  const cases: [string, string][] = [
    ["", "line 1: the file is empty"],
    [
      "timestamp,latency\n0.5,1\n",
      "line 1: there is no column queue_length, r",
    ],
    [HEADER, "line 1: there are no rows"],
    [HEADER + ROW + "0.7,0.2", "line 3: the file ends in the middle of a row"],
    [
      HEADER + ROW + "0.7,0.2\n" + ROW,
      "line 3: there are 2 fields, expected 8",
    ],
    [HEADER + ROW.replace("0.25", "nan"), 'line 2: latency is "nan"'],
    [HEADER + ROW.replace("0.25", "NaN"), 'line 2: latency is "NaN"'],
    [HEADER + ROW.replace("0.25", ""), 'line 2: latency is ""'],
    [HEADER + ROW.replace("0.25", "inf"), 'line 2: latency is "inf"'],
    [HEADER + ROW + "\n", "line 3: timestamp is"],
    [HEADER + ROW + ROW.replace("0.5", "0.4"), "line 3: timestamp 0.4 follows"],
    [HEADER + "x".repeat(1e6), "line 2: the line is too long"],
  ];
  for (const [content, message] of cases) {
    withFile(content, (path) => {
      assertThrows(
        () => readRows(path, () => {}),
        SyntaxError,
        `Cannot read "${path}", ${message}`,
      );
    });
  }
  withFile(HEADER + ROW, (path) => {
    assertThrows(() => readRows(`${path}x`, () => {}), Error, "no such file");
  });
});
