/** Where axes are marked, and what is written there. */

/** One mark of an axis. */
export interface Tick {
  /** Position along the axis: a number, a decimal logarithm or an index. */
  at: number;
  /** With plotly's tags; empty for marks between. */
  label: string;
}

const MINUS = "\u2212";
/** Steps that are easy to read, in the first decade. */
const NICE = [1, 2, 5, 10];
const SUFFIXES = ["", "k", "M", "G", "T"];

/** The step of 1, 2 or 5 times a power of ten that is at least `rough`. */
export function niceStep(rough: number): number {
  const power = Math.floor(Math.log10(rough));
  const factor =
    NICE.find((nice) => nice * 10 ** power >= rough * (1 - 1e-9)) ?? 10;
  return power < 0 ? factor / 10 ** -power : factor * 10 ** power;
}

/** Power of ten as plotly writes it, such as 10<sup>−3</sup>. */
function powerLabel(exponent: number): string {
  return `10<sup>${exponent < 0 ? MINUS : ""}${Math.abs(exponent)}</sup>`;
}

function withMinus(text: string): string {
  return text.replace("-", MINUS);
}

function decimals(step: number): number {
  for (let digits = 0; digits < 15; digits++) {
    const scaled = step * 10 ** digits;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return digits;
  }
  return 15;
}

/** Labels of evenly spaced values: plain, with k M G T, or with a power. */
export function formatTicks(values: readonly number[], step: number): string[] {
  const largest = Math.max(...values.map(Math.abs), 0);
  if (largest >= 1e15 || (largest > 0 && largest < 1e-3)) {
    const exponent = Math.floor(Math.log10(largest) + 1e-9);
    const unit = 10 ** exponent;
    const digits = decimals(step / unit);
    return values.map((value) =>
      value === 0
        ? "0"
        : `${withMinus((value / unit).toFixed(digits))}×${powerLabel(exponent)}`
    );
  }
  const thousands = largest >= 1e4
    ? Math.min(4, Math.floor(Math.log10(largest) / 3 + 1e-9))
    : 0;
  const unit = 1000 ** thousands;
  const digits = decimals(step / unit);
  return values.map((value) =>
    value === 0
      ? (0).toFixed(thousands > 0 ? 0 : digits)
      : withMinus((value / unit).toFixed(digits)) + SUFFIXES[thousands]
  );
}

/** Ticks of a linear axis; at most about `count` of them. */
export function linearTicks(low: number, high: number, count: number): Tick[] {
  const step = niceStep((high - low) / Math.max(1, count));
  const slack = step * 1e-6;
  const first = Math.ceil((low - slack) / step);
  const last = Math.floor((high + slack) / step);
  const values: number[] = [];
  for (let i = first; i <= last; i++) {
    // Rounding keeps 0.3 from turning into 0.30000000000000004.
    values.push(Number((i * step).toPrecision(12)));
    if (values.length > 1000) break;
  }
  const labels = formatTicks(values, step);
  return values.map((at, i) => ({ at, label: labels[i] }));
}

function plainNumber(value: number): string {
  return withMinus(String(Number(value.toPrecision(12))));
}

/**
 * Ticks of a logarithmic axis.
 *
 * @param low Decimal logarithm of the first value.
 * @param high That of the last.
 * @param count About how many labels fit.
 */
export function logTicks(low: number, high: number, count: number): Tick[] {
  const first = Math.ceil(low - 1e-9);
  const last = Math.floor(high + 1e-9);
  if (last - first < 1) return fineLogTicks(low, high, count);
  const stride = Math.max(
    1,
    Math.ceil((last - first + 1) / Math.max(1, count)),
  );
  const plain = first >= -3 && last <= 4;
  const ticks: Tick[] = [];
  for (let decade = first - 1; decade <= last; decade++) {
    const labelled = ((decade % stride) + stride) % stride === 0;
    if (decade >= first) {
      ticks.push({
        at: decade,
        label: !labelled
          ? ""
          : plain
          ? plainNumber(Number(`1e${decade}`))
          : powerLabel(decade),
      });
    }
    if (last - first > 8) continue;
    for (let digit = 2; digit <= 9; digit++) {
      const at = decade + Math.log10(digit);
      if (at >= low && at <= high) ticks.push({ at, label: "" });
    }
  }
  return ticks;
}

/** Less than two decades are in view: 1, 2, 5, or even steps. */
function fineLogTicks(low: number, high: number, count: number): Tick[] {
  const from = 10 ** low;
  const to = 10 ** high;
  const ticks: Tick[] = [];
  for (let decade = Math.floor(low); decade <= Math.ceil(high); decade++) {
    for (let digit = 1; digit <= 9; digit++) {
      const at = decade + Math.log10(digit);
      if (at < low - 1e-9 || at > high + 1e-9) continue;
      const shown = digit === 1 || digit === 2 || digit === 5;
      const value = Number(`${digit}e${decade}`);
      ticks.push({ at, label: shown ? shortNumber(value) : "" });
    }
  }
  if (ticks.filter(({ label }) => label !== "").length >= 2) return ticks;
  return linearTicks(from, to, count)
    .filter(({ at }) => at > 0)
    .map(({ at, label }) => ({ at: Math.log10(at), label }));
}

/** A number in few characters: plain, or with a power of ten. */
export function shortNumber(value: number): string {
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(value)) + 1e-12);
  if (exponent >= -3 && exponent < 5) return plainNumber(value);
  const factor = Number((value / 10 ** exponent).toPrecision(3));
  return factor === 1
    ? powerLabel(exponent)
    : `${withMinus(String(factor))}×${powerLabel(exponent)}`;
}
