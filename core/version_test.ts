import { assertEquals } from "@std/assert";
import { LOADSTAR_VERSION } from "./version.ts";

Deno.test("LOADSTAR_VERSION is the version in deno.json", async () => {
  const url = new URL("../deno.json", import.meta.url);
  const { version } = JSON.parse(await Deno.readTextFile(url));
  assertEquals(LOADSTAR_VERSION, version);
});
