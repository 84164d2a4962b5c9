import { assertEquals } from "@std/assert";
import { hex } from "./_test_bytes.ts";
import { ByteWriter } from "./byte_writer.ts";

Deno.test("ByteWriter writes in network byte order", () => {
  const writer = new ByteWriter().u8(1).u16(0x0203).u32(0x04050607).u64(256)
    .bytes([9]).align();
  assertEquals(
    writer.finish(),
    hex("01 0203 04050607 0000000000000100 09"),
  );
  assertEquals(writer.u8(1).align().length, 24);
});

Deno.test("ByteWriter grows; padding is zero", () => {
  const writer = new ByteWriter();
  for (let i = 0; i < 1000; i++) writer.u16(i).pad(1);
  const bytes = writer.finish();
  assertEquals(bytes.length, 3000);
  assertEquals([...bytes.subarray(2997)], [999 >> 8, 999 & 255, 0]);
});
