import { assert, assertEquals } from "@std/assert";
import { figureSvg } from "../../analysis/figures/svg.ts";
import type { ScriptContext } from "../../core/script.ts";
import { readPublishedRun } from "./documents.ts";
import { FRONT_FIGURES } from "./front_figures.ts";

const docs = new URL("../../docs/", import.meta.url);

/** Figures that take no training: they are drawn again. */
const QUICK = ["load_balancing", "queue_with_retries", "routing"];

Deno.test("the README's figures are those that the published numbers give", async () => {
  for (const name of QUICK) {
    const figure = await FRONT_FIGURES[name]({
      context: {} as ScriptContext,
      document: async (part) => {
        const path = new URL(`results/${part}.json`, docs).pathname;
        return (await readPublishedRun(path)).document;
      },
    });
    const svg = await Deno.readTextFile(new URL(`figures/${name}.svg`, docs));
    assertEquals(figureSvg([figure]), svg, name);
  }
});

Deno.test("every figure has its file", async () => {
  for (const name of Object.keys(FRONT_FIGURES)) {
    const { isFile } = await Deno.stat(new URL(`figures/${name}.svg`, docs));
    assert(isFile);
  }
});
