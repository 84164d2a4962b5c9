import { assertEquals, assertThrows } from "@std/assert";
import { createRowBlock } from "../../envs/queueing/rows.ts";
import {
  decimalsFor,
  formatRows,
  headerLine,
  roundTimes,
  rowBuffer,
} from "./row_format.ts";

Deno.test("decimalsFor() keeps times whole below 2^53", () => {
  assertEquals(decimalsFor(1), 12);
  assertEquals(decimalsFor(10_000), 11);
  assertEquals(decimalsFor(1e6), 9);
  assertEquals(decimalsFor(9e9), 6);
  assertThrows(() => decimalsFor(1e10), RangeError, "up to 10000000000");
});

Deno.test("formatRows() writes the original's columns", () => {
  const block = createRowBlock();
  block.size = 2;
  block.timestamp.set([0.25, 4503.999999999]);
  block.latency.set([1e-7, 18.5]);
  block.queueLength.set([0, 99]);
  block.retries.set([0, 46_000]);
  block.dropped.set([0, 3_000_000_000]);
  block.retriesLeft.set([3, 0]);
  block.serviceTime.set([0.1, 2 / 3]);
  roundTimes(block, 9);
  const bytes = rowBuffer();
  const format = { decimals: 9, withServer: false };
  const write = (options: object) =>
    new TextDecoder().decode(
      bytes.subarray(
        0,
        formatRows(block, bytes, { ...format, runtime: 0, ...options }),
      ),
    );
  assertEquals(
    headerLine(format),
    "timestamp,latency,queue_length,retries,dropped,runtime,retries_left,service_time\n",
  );
  assertEquals(
    write({}),
    "0.250000000,0.000000100,0,0,0,0,3,0.100000000\n" +
      "4503.999999999,18.500000000,99,46000,3000000000,0,0,0.666666667\n",
  );
  assertEquals(
    write({ withServer: true, runtime: 1.5 }).split("\n")[0],
    "1,0.250000000,0.000000100,0,0,0,1.500000,3,0.100000000",
  );
});
