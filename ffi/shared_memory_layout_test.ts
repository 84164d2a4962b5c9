import { assertEquals } from "@std/assert";
import {
  DIRECTION,
  MAGIC,
  MESSAGE_HEADER,
  MESSAGE_HEADER_BYTES,
  MSG_IN_SLOTS_OFFSET,
  MSG_OUT_COLUMNS,
  MSG_OUT_DIRECTION_OFFSET,
  MSG_OUT_SLOT_BYTES,
  MSG_OUT_SLOTS,
  MSG_OUT_SLOTS_OFFSET,
  REGION_BYTES,
  REGION_HEADER,
} from "./shared_memory_layout.ts";
import {
  SHARED_MEMORY_FOLDER,
  skipReason,
  statisticsOf,
  withName,
} from "./_shared_memory_testing.ts";
import { SharedMemoryRegion } from "./shared_memory.ts";

const skipped = skipReason();

Deno.test({
  name: `offsets are where the native library writes${skipped}`,
  ignore: skipped !== "",
  fn: () =>
    withName((name) => {
      using region = SharedMemoryRegion.create(name);
      region.writeMsgOut(statisticsOf(5, 3), { activeServers: 6n });
      const bytes = Deno.readFileSync(`${SHARED_MEMORY_FOLDER}/${name}`);
      const view = new DataView(bytes.buffer);
      const long = (offset: number) => view.getBigUint64(offset, true);
      assertEquals(new TextDecoder().decode(bytes.subarray(0, 8)), MAGIC);
      assertEquals(
        view.getUint32(REGION_HEADER.regionBytes, true),
        REGION_BYTES,
      );
      assertEquals(long(REGION_HEADER.epoch), 1n);
      assertEquals(long(MSG_OUT_DIRECTION_OFFSET + DIRECTION.published), 1n);
      const slot = MSG_OUT_SLOTS_OFFSET +
        1 % MSG_OUT_SLOTS * MSG_OUT_SLOT_BYTES;
      assertEquals(long(slot), 4n);
      const header = slot + 8;
      assertEquals(long(header + MESSAGE_HEADER.number), 1n);
      assertEquals(long(header + MESSAGE_HEADER.activeServers), 6n);
      assertEquals(
        view.getUint32(header + MESSAGE_HEADER.serverCount, true),
        3,
      );
      const row = header + MESSAGE_HEADER_BYTES + 44 * 2;
      const place = row + 4 * MSG_OUT_COLUMNS.flowDurationMean;
      assertEquals(view.getFloat32(place, true), 5 + 2 * 11 + 6);
      assertEquals(long(MSG_IN_SLOTS_OFFSET), 0n);
    }),
});
