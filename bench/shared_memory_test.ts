import { assert, assertEquals } from "@std/assert";
import { skipReason, withName } from "../ffi/_shared_memory_testing.ts";
import { SharedMemoryRegion } from "../ffi/shared_memory.ts";
import { readConcurrently, startPeer } from "./shared_memory.ts";

const skipped = skipReason();

Deno.test({
  name:
    `readConcurrently() finds whole messages of another process, and torn ones where they are${skipped}`,
  ignore: skipped !== "",
  fn: () =>
    withName(async (name) => {
      using region = SharedMemoryRegion.create(name);
      {
        await using _writer = await startPeer(name, "write");
        const reads = { reads: 200_000, seconds: 1 };
        const { fresh, torn } = readConcurrently(region, reads);
        assert(fresh > 0);
        assertEquals(torn, 0);
      }
      region.writeMsgOut(new Float32Array(22));
      const { torn } = readConcurrently(region, { reads: 1, seconds: 1 });
      assertEquals(torn, 1);
    }),
});
