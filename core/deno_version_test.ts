import { assertEquals, assertThrows } from "@std/assert";
import { checkDenoVersion, OLDEST_DENO } from "./deno_version.ts";

Deno.test("checkDenoVersion() takes this Deno and later ones", () => {
  checkDenoVersion();
  checkDenoVersion(`${OLDEST_DENO.join(".")}.0`);
  checkDenoVersion("2.10.1");
  checkDenoVersion("3.0.0-rc.1");
});

Deno.test("checkDenoVersion() refuses older ones in one line", () => {
  for (const version of ["1.46.3", "2.0.0", "2.8.9"]) {
    const { message } = assertThrows(() => checkDenoVersion(version), Error);
    assertEquals(message.split("\n").length, 1);
    assertEquals(message.includes(version), true);
  }
});
