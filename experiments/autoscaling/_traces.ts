/**
 * Small recorded loads, for tests.
 *
 * @module
 */

/** What {@linkcode traceText} is told. */
export interface TraceTextOptions {
  /** Length of the trace. */
  days: number;
  /** Puts another line in place of a minute's, or none for "". */
  replace?: { minute: number; line: string };
}

/**
 * A load of `minute,requests` that rises and falls once a day, higher every
 * day.
 *
 * @param options Its length, and what is wrong with it.
 */
export function traceText({ days, replace }: TraceTextOptions): string {
  let text = "minute,requests\n";
  for (let minute = 0; minute < days * 1440; minute++) {
    const phase = 2 * Math.PI * minute / 1440;
    const requests = Math.round(
      (100 + minute / 1440) * (1 - 0.8 * Math.cos(phase)),
    );
    const line = `${minute},${requests}`;
    const written = replace?.minute === minute ? replace.line : line;
    if (written !== "") text += `${written}\n`;
  }
  return text;
}
