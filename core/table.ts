/**
 * Tables as plain text, for the end of a run.
 *
 * @module
 */

/** A value of a table; `undefined`, `null` and NaN are missing. */
export type Cell = string | number | boolean | null | undefined;

/** One column of a {@linkcode Table}. */
export interface Column {
  /** What the column holds. */
  header: string;
  /** The unit of its values, shown behind the header. */
  unit?: string;
  /** Default: right where all values are numbers, else left. */
  align?: "left" | "right";
  /** How its numbers are written. Default {@linkcode formatNumber}. */
  format?: (value: number) => string;
}

/** Rows of values under columns. */
export interface Table {
  /** A line above the table. */
  title?: string;
  /** The columns, from left to right. */
  columns: readonly Column[];
  /** The rows, each with one value a column. */
  rows: readonly (readonly Cell[])[];
}

/** Options of {@linkcode formatTable}. */
export interface FormatTableOptions {
  /**
   * Characters that a line may have. The columns of a wider table stand below
   * each other, in blocks that begin with its first column. Default: any
   * number.
   */
  width?: number;
}

const MISSING = "–";
const GAP = "  ";
const SIGNIFICANT_DIGITS = 4;

/**
 * A number for people: whole numbers in full, others with four significant
 * digits, very large and very small ones with an exponent, NaN as an en dash.
 *
 * @param value The number.
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return MISSING;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const magnitude = Math.abs(value);
  if (Number.isInteger(value) && magnitude < 1e15) return String(value + 0);
  if (magnitude >= 1e9 || magnitude < 1e-4) {
    return value.toExponential(SIGNIFICANT_DIGITS - 1);
  }
  const wholeDigits = Math.floor(Math.log10(magnitude)) + 1;
  return value.toFixed(Math.max(0, SIGNIFICANT_DIGITS - wholeDigits));
}

function cellText(cell: Cell, column: Column): string {
  if (cell === undefined || cell === null || Number.isNaN(cell)) return MISSING;
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  if (typeof cell === "string") return cell.replace(/\s+/g, " ").trim();
  return (column.format ?? formatNumber)(cell);
}

function isMissing(cell: Cell): boolean {
  return cell === undefined || cell === null;
}

function isRightAligned(column: Column, cells: readonly Cell[]): boolean {
  if (column.align !== undefined) return column.align === "right";
  return !cells.every(isMissing) &&
    cells.every((cell) => isMissing(cell) || typeof cell === "number");
}

function textWidth(text: string): number {
  return [...text].length;
}

/** One column of a table as texts. */
export interface ColumnTexts {
  /** Header, with the unit. */
  header: string;
  /** A text a row. */
  cells: string[];
  /** Whether it is aligned to the right. */
  isRight: boolean;
}

/**
 * The texts of a table, column by column, as all ways of writing it show them.
 *
 * @param table Columns and rows. Throws `TypeError` where a row has not one
 * value a column.
 */
export function tableTexts(table: Table): ColumnTexts[] {
  for (const row of table.rows) {
    if (row.length !== table.columns.length) {
      throw new TypeError(
        `Cannot write a row of ${row.length} values, expected ${table.columns.length}, one a column`,
      );
    }
  }
  return table.columns.map((column, index) => {
    const cells = table.rows.map((row) => row[index]);
    return {
      header: column.unit === undefined
        ? column.header
        : `${column.header} (${column.unit})`,
      cells: cells.map((cell) => cellText(cell, column)),
      isRight: isRightAligned(column, cells),
    };
  });
}

/** Header and cells of a column, padded to one width. */
function columnLines({ header, cells, isRight }: ColumnTexts): string[] {
  const texts = [header, ...cells];
  const width = texts.reduce(
    (most, text) => Math.max(most, textWidth(text)),
    0,
  );
  const pad = (text: string) => " ".repeat(width - textWidth(text));
  const lines = texts.map((text) =>
    isRight ? pad(text) + text : text + pad(text)
  );
  return [lines[0], "-".repeat(width), ...lines.slice(1)];
}

/**
 * Writes a table as aligned plain text, without a line break at the end.
 *
 * @param table Columns and rows. Throws `TypeError` where a row has not one
 * value a column.
 * @param options Where it has to fit in.
 *
 * @example Two policies
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatTable } from "./table.ts";
 *
 * const text = formatTable({
 *   columns: [{ header: "policy" }, { header: "response time", unit: "ms" }],
 *   rows: [["threshold", 12.5], ["random", undefined]],
 * });
 * assertEquals(text.split("\n"), [
 *   "policy     response time (ms)",
 *   "---------  ------------------",
 *   "threshold               12.50",
 *   "random                      –",
 * ]);
 * ```
 */
export function formatTable(
  table: Table,
  options: FormatTableOptions = {},
): string {
  const columns = tableTexts(table).map(columnLines);
  const blocks = fittingColumns(columns, options.width ?? Infinity);
  const lines = blocks.flatMap((block, index) => [
    ...(index > 0 ? [""] : []),
    ...Array.from(
      { length: table.rows.length + 2 },
      (_, line) => block.map((texts) => texts[line]).join(GAP).trimEnd(),
    ),
  ]);
  return [...(table.title === undefined ? [] : [table.title]), ...lines]
    .join("\n");
}

/** Columns in blocks of a width, each with the first column, which names rows. */
function fittingColumns(
  columns: readonly string[][],
  width: number,
): string[][][] {
  const blocks: string[][][] = [columns.slice(0, 1)];
  const widthWith = (column: readonly string[]) =>
    [...blocks.at(-1)!, column]
      .reduce((sum, texts) => sum + GAP.length + textWidth(texts[0]), 0) -
    GAP.length;
  for (const column of columns.slice(1)) {
    if (widthWith(column) > width && blocks.at(-1)!.length > 1) {
      blocks.push(columns.slice(0, 1));
    }
    blocks.at(-1)!.push(column);
  }
  return blocks;
}
