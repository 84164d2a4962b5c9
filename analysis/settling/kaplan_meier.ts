/**
 * Times of which some are only known to be longer than the observation.
 *
 * @module
 */

/** A time, or what is known of it. */
export interface ObservedTime {
  /** The time, or how long it was waited for. */
  readonly time: number;
  /** Whether the event had not come by then. */
  readonly censored: boolean;
}

/** A survival function by steps. */
export interface SurvivalCurve {
  /** Times of events, ascending. */
  readonly times: Float64Array;
  /** Share that is still waiting just after each. */
  readonly survival: Float64Array;
  /** Lower end of the 95 % interval of each share. */
  readonly low: Float64Array;
  /** Upper end. */
  readonly high: Float64Array;
}

/** What is reported of censored times. They have no mean that can be known. */
export interface SurvivalSummary {
  /** Number of times. */
  readonly count: number;
  /** Number of those that are censored. */
  readonly censored: number;
  /** Share of those that are censored. */
  readonly censoredShare: number;
  /** Kaplan and Meier's median; Infinity where fewer than half had the event. */
  readonly median: number;
  /** 95 % interval of the median (Brookmeyer and Crowley, 1982). */
  readonly medianLow: number;
  /** Upper end; Infinity where the curve's upper end stays above one half. */
  readonly medianHigh: number;
  /** The whole curve. */
  readonly curve: SurvivalCurve;
}

const NORMAL_95 = 1.959963984540054;

/**
 * The survival function of censored times (Kaplan and Meier, 1958), with
 * Greenwood's error on the scale of log(-log S), which keeps the ends between
 * 0 and 1. An event and a censoring at one time: the event is first.
 *
 * @param times At least one, each from 0. Throws `RangeError` otherwise.
 */
export function survivalSummary(
  times: readonly ObservedTime[],
): SurvivalSummary {
  const wrong = times.find(({ time }) => !(time >= 0));
  if (times.length === 0 || wrong !== undefined) {
    throw new RangeError(
      `Cannot summarise ${
        wrong === undefined ? "no times" : `the time ${wrong.time}`
      }, expected at least one, each from 0`,
    );
  }
  const curve = survivalCurve(times);
  const censored = times.filter((one) => one.censored).length;
  const firstBelow = (shares: Float64Array) => {
    const index = shares.findIndex((share) => share <= 0.5);
    return index < 0 ? Infinity : curve.times[index];
  };
  return {
    count: times.length,
    censored,
    censoredShare: censored / times.length,
    median: firstBelow(curve.survival),
    medianLow: firstBelow(curve.low),
    medianHigh: firstBelow(curve.high),
    curve,
  };
}

function survivalCurve(observed: readonly ObservedTime[]): SurvivalCurve {
  const sorted = [...observed].sort((a, b) =>
    a.time - b.time || Number(a.censored) - Number(b.censored)
  );
  const rows: { time: number; share: number; low: number; high: number }[] = [];
  let share = 1;
  let greenwood = 0;
  for (let i = 0; i < sorted.length;) {
    const { time } = sorted[i];
    const waiting = sorted.length - i;
    let events = 0;
    while (i < sorted.length && sorted[i].time === time) {
      if (!sorted[i].censored) events++;
      i++;
    }
    if (events === 0) continue;
    share *= 1 - events / waiting;
    greenwood += events / (waiting * (waiting - events));
    rows.push({ time, share, ...shareInterval(share, greenwood) });
  }
  const column = (key: "time" | "share" | "low" | "high") =>
    Float64Array.from(rows, (row) => row[key]);
  return {
    times: column("time"),
    survival: column("share"),
    low: column("low"),
    high: column("high"),
  };
}

function shareInterval(
  share: number,
  greenwood: number,
): { low: number; high: number } {
  if (share === 0) return { low: 0, high: 0 };
  const half = NORMAL_95 * Math.sqrt(greenwood) / Math.abs(Math.log(share));
  return { low: share ** Math.exp(half), high: share ** Math.exp(-half) };
}
