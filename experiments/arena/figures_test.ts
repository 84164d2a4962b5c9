import { assertEquals } from "@std/assert";
import { figureSvg } from "../../analysis/figures/svg.ts";
import { ARENA_FIGURES, arenasFigure } from "./figures.ts";

Deno.test("the docs' figures are drawn", () => {
  const svg = figureSvg(arenasFigure());
  for (const id of ["ForagingArena", "CircularArena", "ConnectedRooms"]) {
    assertEquals(svg.includes(`${id}-v1`), true, id);
  }
  assertEquals(Object.keys(ARENA_FIGURES).length, 4);
});
