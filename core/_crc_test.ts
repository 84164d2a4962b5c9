import { assertEquals } from "@std/assert";
import { crc32, crc32c } from "./_crc.ts";

const text = (value: string) => new TextEncoder().encode(value);

Deno.test("crc32() and crc32c() give the catalogue's check values", () => {
  assertEquals(crc32(text("123456789")), 0xcbf43926);
  assertEquals(crc32c(text("123456789")), 0xe3069283);
  assertEquals(crc32(text("")), 0);
  assertEquals(crc32c(text("")), 0);
});

Deno.test("crc32c() gives the test vectors of RFC 3720, appendix B.4", () => {
  for (
    const [byte, expected] of [
      [() => 0, 0x8a9136aa],
      [() => 0xff, 0x62a8ab43],
      [(i: number) => i, 0x46dd794e],
      [(i: number) => 31 - i, 0x113fdb5c],
    ] as const
  ) {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => byte(i));
    assertEquals(crc32c(bytes), expected);
  }
});
