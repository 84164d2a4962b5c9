/**
 * Reads the reports of `deno test --junit-path`.
 *
 * @module
 */

/** A test that was not run. */
export interface Skip {
  /** The test's name. */
  name: string;
  /** Why, from the name's end: `does x [skipped: no chromium]`. */
  reason: string;
}

/** What a run of tests came to. */
export interface Counts {
  /** Tests that passed. */
  passed: number;
  /** Tests that failed, and modules that could not be loaded. */
  failed: number;
  /** Tests and steps that were not run. */
  skipped: Skip[];
}

/** The reason of a skipped test whose name tells none. */
export const NO_REASON = "no reason given";

/**
 * Why a test was skipped, from its name.
 *
 * @param name A test's name.
 */
export function skipReason(name: string): string {
  return /\[skipped: ([^\]]+)\](?: > .*)?$/.exec(name)?.[1] ?? NO_REASON;
}

/**
 * Counts the tests of a report. Steps count with their test; only skipped
 * steps are listed by themselves, so that none hides.
 *
 * @param xml The report. Throws `SyntaxError` when it is none.
 */
export function parseJUnit(xml: string): Counts {
  const total = /<testsuites [^>]*?failures="(\d+)" errors="(\d+)"/.exec(xml);
  if (total === null || !xml.includes("</testsuites>")) {
    throw new SyntaxError(
      `Cannot read ${
        JSON.stringify(xml.slice(0, 60))
      } as a test report: expected a <testsuites> element with its counts`,
    );
  }
  const counts: Counts = { passed: 0, failed: 0, skipped: [] };
  let test = "";
  for (
    const [, escaped, file, body] of xml.matchAll(
      /<testcase name="([^"]*)" classname="([^"]*)"[^>]*>([^]*?)<\/testcase>/g,
    )
  ) {
    const name = unescapeXml(escaped);
    const isStep = test !== "" && `${file} ${name}`.startsWith(`${test} > `);
    if (!isStep) test = `${file} ${name}`;
    if (body.includes("<skipped")) {
      counts.skipped.push({ name, reason: skipReason(name) });
    } else if (isStep) {
      continue;
    } else if (body.includes("<failure") || body.includes("<error")) {
      counts.failed++;
    } else {
      counts.passed++;
    }
  }
  // A module that throws while loading is in the total alone.
  counts.failed = Math.max(counts.failed, Number(total[1]) + Number(total[2]));
  return counts;
}

function unescapeXml(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"').replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
