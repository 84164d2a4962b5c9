/**
 * Tables and blocks of Markdown, as `deno fmt` writes them.
 *
 * @module
 */
import { type Table, tableTexts } from "../../core/table.ts";

export type { Table };

/**
 * A table in Markdown.
 *
 * @param header The columns' names.
 * @param rows Their cells, as they are shown. Throws `TypeError` where a row
 * has not one for each column.
 *
 * @example Two columns
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { markdownTable } from "./markdown.ts";
 *
 * assertEquals(
 *   markdownTable(["agent", "return"], [["DQN", "-5.27"]]),
 *   "| agent | return |\n| ----- | ------ |\n| DQN   | -5.27  |",
 * );
 * ```
 */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [header, ...rows];
  for (const row of rows) {
    if (row.length !== header.length) {
      throw new TypeError(
        `Cannot write a row of ${row.length} cells, expected ${header.length}: ${
          row.join(", ")
        }`,
      );
    }
  }
  const widths = header.map((_, column) =>
    Math.max(3, ...lines.map((row) => [...row[column]].length))
  );
  const line = (cells: readonly string[]) =>
    `| ${
      cells.map((cell, i) => cell + " ".repeat(widths[i] - [...cell].length))
        .join(" | ")
    } |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [header, rule, ...rows].map(line).join("\n");
}

/**
 * A script's table in Markdown, with the numbers that the script shows.
 *
 * @param table Columns and rows; its title is left out.
 */
export function tableMarkdown(table: Table): string {
  const columns = tableTexts(table);
  return markdownTable(
    columns.map(({ header }) => header),
    table.rows.map((_, row) => columns.map(({ cells }) => cells[row])),
  );
}

/** Lines `<!-- results: NAME -->` and `<!-- end of results -->`. */
const BEGIN = /^<!-- results: /gm;
const BLOCK =
  /^(<!-- results: ([\w-]+) -->\n)([\s\S]*?)(\n<!-- end of results -->)$/gm;

/**
 * The names of a page's blocks, in order.
 *
 * @param page Its text.
 */
export function blocksIn(page: string): string[] {
  return Array.from(page.matchAll(BLOCK), ([, , name]) => name);
}

/**
 * Writes a page's blocks anew.
 *
 * @param page Its text. Throws `SyntaxError` where a block has no end.
 * @param textOf What stands in the block of a name.
 */
export function withBlocks(
  page: string,
  textOf: (name: string) => string,
): string {
  const begun = page.match(BEGIN)?.length ?? 0;
  const found = blocksIn(page).length;
  if (begun !== found) {
    throw new SyntaxError(
      `Cannot read a page with ${begun} blocks of results that begin and ${found} that end`,
    );
  }
  return page.replaceAll(
    BLOCK,
    (_, begin, name, _old, end) => `${begin}\n${textOf(name)}\n${end}`,
  );
}
