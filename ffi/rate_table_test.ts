import { assertEquals } from "@std/assert";
import { rateAt, rateTable, SMALLEST_PART } from "./rate_table.ts";

Deno.test("a table keeps the blocks that are not silent, pixel by pixel", () => {
  // Ten cells on 4 x 3 pixels: cell c is active in the pixel c alone, with rate
  // c / 8; the last one everywhere, below what counts.
  const table = rateTable({
    cells: 10,
    width: 4,
    depth: 3,
    largest: 1,
    ratesOf: (cell) => ({
      window: cell === 9 ? [0, 4, 0, 3] : [
        cell % 4,
        cell % 4 + 1,
        Math.floor(cell / 4),
        Math.floor(cell / 4) + 1,
      ],
      write: (out) => {
        out.forEach((_, i) =>
          out[i] += cell === 9 ? SMALLEST_PART / 2 : cell / 8
        );
      },
    }),
  });
  assertEquals([table.cells, table.pixels], [10, 12]);
  // Cell 0 has rate 0, so that pixel 0 is silent, too.
  assertEquals([...table.starts], [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8]);
  assertEquals([...table.blocks], [0, 0, 0, 0, 0, 0, 0, 1]);
  for (let cell = 0; cell < 10; cell++) {
    for (let pixel = 0; pixel < 12; pixel++) {
      const expected = cell === pixel && cell < 9 ? cell / 8 : 0;
      assertEquals(rateAt(table, cell, pixel), expected, `${cell} at ${pixel}`);
    }
  }
  assertEquals(table.squares[4], 0.25);
});
