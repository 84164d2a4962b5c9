/**
 * Numbers and texts of pickles as protocol 0 spells them.
 *
 * @module
 */

/** Throws the error whose reason it is given. */
type Refuse = (reason: string) => never;

/** A number where it is one without loss. */
export function asNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A whole number in decimal digits. */
export function wholeNumber(text: string, refuse: Refuse): number | bigint {
  return /^[+-]?\d+$/.test(text)
    ? asNumber(BigInt(text))
    : refuse(`${JSON.stringify(text)} is no whole number`);
}

/** A number as Python writes it. */
export function floatingPoint(text: string, refuse: Refuse): number {
  const named: Record<string, number> = {
    nan: NaN,
    inf: Infinity,
    "-inf": -Infinity,
  };
  const value = named[text] ?? (text.trim() === "" ? NaN : Number(text));
  return Number.isNaN(value) && text !== "nan"
    ? refuse(`${JSON.stringify(text)} is no number`)
    : value;
}

/** A quoted text; escapes are for bytes, which data needs not. */
export function quoted(text: string, refuse: Refuse): string {
  const match = /^(['"])(.*)\1$/.exec(text);
  return match && !match[2].includes("\\")
    ? match[2]
    : refuse("a quoted text has escapes or no quotes");
}

/**
 * A text as "raw-unicode-escape" has it: latin1, with what is not, and
 * backslashes and line feeds, as escapes.
 */
export function unescaped(text: string, refuse: Refuse): string {
  return text.replaceAll(
    /\\u([\dA-Fa-f]{4})|\\U([\dA-Fa-f]{8})/g,
    (escape, short, long) => {
      const code = Number.parseInt(short ?? long, 16);
      return code <= 0x10ffff
        ? String.fromCodePoint(code)
        : refuse(`${escape} is no character`);
    },
  );
}
