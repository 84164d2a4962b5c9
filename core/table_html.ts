/**
 * Tables as HTML, for notebooks and pages.
 *
 * @module
 */
import { escapeHtml } from "./escape_html.ts";
import { type Table, tableTexts } from "./table.ts";

export type { Table };

/**
 * Writes a table as an HTML element, with its title as caption.
 *
 * @param table Columns and rows. Throws `TypeError` where a row has not one
 * value a column.
 *
 * @example One policy
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { tableHtml } from "./table_html.ts";
 *
 * const html = tableHtml({
 *   columns: [{ header: "policy" }, { header: "response time", unit: "ms" }],
 *   rows: [["threshold", 12.5]],
 * });
 * assertStringIncludes(html, ">policy</th>");
 * assertStringIncludes(html, "12.50</td>");
 * ```
 */
export function tableHtml(table: Table): string {
  const columns = tableTexts(table);
  const cell = (tag: "th" | "td", text: string, isRight: boolean) =>
    `<${tag} style="text-align:${isRight ? "right" : "left"}">${
      escapeHtml(text)
    }</${tag}>`;
  const row = (cells: string[]) => `<tr>${cells.join("")}</tr>`;
  const head = row(
    columns.map(({ header, isRight }) => cell("th", header, isRight)),
  );
  const body = table.rows.map((_, index) =>
    row(columns.map(({ cells, isRight }) => cell("td", cells[index], isRight)))
  );
  const caption = table.title === undefined
    ? ""
    : `<caption style="text-align:left;font-weight:bold">${
      escapeHtml(table.title)
    }</caption>\n`;
  return `<table>\n${caption}<thead>\n${head}\n</thead>\n<tbody>\n${
    body.join("\n")
  }\n</tbody>\n</table>`;
}
