import { assertEquals } from "@std/assert";
import { describeRegion } from "./shared_memory_status.ts";

Deno.test("describeRegion() gives each number its name", () => {
  const numbers = Float64Array.of(4, 1, 0, 1, 0, 1, 10, 11, 12, 7, 8, -1);
  assertEquals(describeRegion(numbers), {
    epoch: 4,
    isOwner: false,
    isUnlinked: true,
    owner: { isAlive: true, pid: 10, silentNs: 7 },
    msgOutWriter: { isAlive: true, pid: 11, silentNs: 8 },
    msgInWriter: { isAlive: false, pid: 12, silentNs: undefined },
  });
});
