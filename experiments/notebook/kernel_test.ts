import { assertEquals } from "@std/assert";
import { notebookKernel, settle } from "./kernel.ts";

Deno.test("notebookKernel() finds none outside of a notebook", async () => {
  assertEquals(notebookKernel(), undefined);
  await settle();
});
