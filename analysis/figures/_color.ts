/** Colours as numbers. */

/** Red, green and blue from 0 to 255, alpha from 0 to 1. */
export type Rgba = readonly [number, number, number, number];

const NAMED: Record<string, Rgba> = {
  black: [0, 0, 0, 1],
  white: [255, 255, 255, 1],
  red: [255, 0, 0, 1],
  green: [0, 128, 0, 1],
  blue: [0, 0, 255, 1],
  orange: [255, 165, 0, 1],
  purple: [128, 0, 128, 1],
  gray: [128, 128, 128, 1],
  grey: [128, 128, 128, 1],
  lightgray: [211, 211, 211, 1],
  lightgrey: [211, 211, 211, 1],
  transparent: [0, 0, 0, 0],
};

function parseHex(digits: string): Rgba | undefined {
  const long = digits.length <= 4
    ? [...digits].map((digit) => digit + digit).join("")
    : digits;
  if (long.length !== 6 && long.length !== 8) return undefined;
  const value = (i: number) => parseInt(long.slice(2 * i, 2 * i + 2), 16);
  return [value(0), value(1), value(2), long.length === 8 ? value(3) / 255 : 1];
}

/** Reads `#rgb`, `#rrggbb`, `rgb(...)`, `rgba(...)` and a few names. */
export function parseColor(text: string): Rgba {
  const trimmed = text.trim().toLowerCase();
  if (trimmed in NAMED) return NAMED[trimmed];
  const hex = /^#([0-9a-f]+)$/.exec(trimmed);
  const fromHex = hex && parseHex(hex[1]);
  if (fromHex) return fromHex;
  const call = /^rgba?\(([^)]*)\)$/.exec(trimmed);
  const parts = call ? call[1].split(",").map(Number) : [];
  if (
    (parts.length === 3 || parts.length === 4) && parts.every(Number.isFinite)
  ) {
    return [parts[0], parts[1], parts[2], parts[3] ?? 1];
  }
  throw new SyntaxError(
    `Cannot read the colour ${
      JSON.stringify(text)
    }, expected #rrggbb, rgb(r, g, b), rgba(r, g, b, a) or a name such as black`,
  );
}

/** The same colour with its alpha multiplied. */
export function fade(color: Rgba, opacity: number): Rgba {
  return [color[0], color[1], color[2], color[3] * opacity];
}

/** `#rrggbb`, without the alpha. */
export function hexColor(color: Rgba): string {
  const byte = (value: number) =>
    Math.max(0, Math.min(255, Math.round(value))).toString(16).padStart(2, "0");
  return `#${byte(color[0])}${byte(color[1])}${byte(color[2])}`;
}

/** `rgba(r,g,b,a)`, as plotly reads it. */
export function rgbaText(color: string, opacity: number): string {
  const [red, green, blue] = parseColor(color);
  return `rgba(${red},${green},${blue},${opacity})`;
}

/** The colour at a position from 0 to 1 of a scale of stops. */
export function scaleColor(
  stops: ReadonlyArray<readonly [number, Rgba]>,
  position: number,
): Rgba {
  const clamped = Math.max(0, Math.min(1, position));
  let i = 1;
  while (i < stops.length - 1 && stops[i][0] < clamped) i++;
  const [from, low] = stops[i - 1];
  const [to, high] = stops[i];
  const share = to > from ? (clamped - from) / (to - from) : 0;
  const mix = (k: 0 | 1 | 2 | 3) => low[k] + (high[k] - low[k]) * share;
  return [mix(0), mix(1), mix(2), mix(3)];
}

/** Whether black text on the colour is harder to read than white. */
export function isDark([red, green, blue]: Rgba): boolean {
  return 0.299 * red + 0.587 * green + 0.114 * blue < 140;
}
