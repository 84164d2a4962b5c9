/** Options of {@linkcode parse}. */
export interface ParseOptions {
  /** Column separator. Default `","`. */
  separator?: string;
  /** Lines that start with this character are passed over. */
  comment?: string;
  /** Trims white space around unquoted fields. Default `false`. */
  trimLeadingSpace?: boolean;
  /** Allows a quote inside an unquoted field. Default `false`. */
  lazyQuotes?: boolean;
  /** Wanted number of fields; 0 takes the first row's, negative any. */
  fieldsPerRecord?: number;
}

/** Options of {@linkcode stringify}. */
export interface StringifyOptions {
  /** Whether the column names come first. Default `true`. */
  headers?: boolean;
  /** The keys of each row, in order; needed where rows are objects. */
  columns?: readonly string[];
  /** Column separator. Default `","`. */
  separator?: string;
}

/** Parses CSV text into rows of fields. Throws `SyntaxError`. */
export function parse(
  input: string,
  options?: ParseOptions & { skipFirstRow?: false },
): string[][];
/** Parses CSV text with a header row into one object a row. */
export function parse(
  input: string,
  options: ParseOptions & { skipFirstRow: true },
): Record<string, string>[];

/** Writes rows as CSV text. */
export function stringify(
  data: readonly (readonly unknown[] | Record<string, unknown>)[],
  options?: StringifyOptions,
): string;
