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

Deno.test("readRows() reads several servers' rows without a header, one server after the other", () => {
  const rows = [
    "1,0.5,0.25,3,1,2,1763000000.5,3,0.125",
    "1,9.5,0.25,4,1,2,1763000000.5,3,0.125",
    "2,0.75,0.5,5,1,2,1763000000.5,2,0.25",
  ];
  withFile(rows.join("\n") + "\n", (path) => {
    const result = readRows(path, (block) => {
      assertEquals([...block.server.subarray(0, block.size)], [0, 0, 1]);
      assertEquals(
        [...block.timestamp.subarray(0, block.size)],
        [0.5, 9.5, 0.75],
      );
      assertEquals([...block.retriesLeft.subarray(0, block.size)], [3, 3, 2]);
    });
    assertEquals(result, { rows: 3, lastTime: 9.5 });
  });
  withFile(ROW + ROW, (path) => assertEquals(readRows(path, () => {}).rows, 2));
});

Deno.test("readRows() passes over columns of text that nobody asks for", () => {
  withFile(
    `${HEADER.trimEnd()},last_status\n${ROW.trimEnd()},completed\n`,
    (path) => assertEquals(readRows(path, () => {}).rows, 1),
  );
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
    [
      "0.5,0.25,3\n",
      "line 1: there are 3 numbers, expected column names, 8 num",
    ],
    [`1,${ROW}1,0.7,0.2\n`, "line 2: there are 3 fields, expected 9"],
    [`1,${ROW}2,${ROW}1,${ROW.replace("0.5", "0.4")}`, "line 3: timestamp 0.4"],
    [`server,${HEADER}0,${ROW}`, "line 2: server is 0, expected a whole"],
    [`server,${HEADER}1.5,${ROW}`, "line 2: server is 1.5, expected a whole"],
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
