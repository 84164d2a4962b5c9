/**
 * Values as Python prints them, as the original's summaries show them.
 *
 * @module
 */

function quoted(text: string): string {
  return text.includes("'") && !text.includes('"')
    ? `"${text}"`
    : `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/**
 * A value as Python's `repr` writes it: `{'lr_td': 0.01, 'twoD': True}`.
 *
 * @param value Null, truth values, numbers, text, arrays and objects of these.
 */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const entries = Array.from(value as unknown as ArrayLike<unknown>);
    return `[${entries.map(pythonText).join(", ")}]`;
  }
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([key, entry]) =>
      `${quoted(key)}: ${pythonText(entry)}`
    );
    return `{${entries.join(", ")}}`;
  }
  return String(value);
}
