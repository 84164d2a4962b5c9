import { assertEquals } from "@std/assert";
import { testPrograms } from "./valgrind.ts";

Deno.test("testPrograms() finds what cargo built for tests", () => {
  const messages = [
    { reason: "compiler-artifact", profile: { test: false }, executable: null },
    { reason: "compiler-artifact", profile: { test: true }, executable: "/a" },
    { reason: "compiler-artifact", profile: { test: true }, executable: "/b" },
    { reason: "build-finished", success: true },
  ];
  const output = `warning: words\n${
    messages.map((message) => JSON.stringify(message)).join("\n")
  }\n`;
  assertEquals(testPrograms(output), ["/a", "/b"]);
});
