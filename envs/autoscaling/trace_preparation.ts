/**
 * Makes a recorded load fit a service: longer samples, another scale, and a
 * part held out for testing.
 *
 * @module
 */
import type { LoadTrace } from "./traces.ts";

export type { LoadTrace };

const SECONDS_PER_DAY = 86_400;

/**
 * A trace with longer samples, each the sum of whole ones. Samples at the end
 * that do not fill a step are left out.
 *
 * @param trace Left as it is.
 * @param secondsPerStep A multiple of `trace.secondsPerSample`, at most the
 * trace's length. Throws `RangeError` otherwise.
 */
export function resampleTrace(
  trace: LoadTrace,
  secondsPerStep: number,
): LoadTrace {
  const width = secondsPerStep / trace.secondsPerSample;
  if (!Number.isSafeInteger(width) || width < 1) {
    throw new RangeError(
      `Cannot resample trace "${trace.name}" to steps of ${secondsPerStep} s: expected a multiple of its ${trace.secondsPerSample} s`,
    );
  }
  const steps = Math.floor(trace.requests.length / width);
  if (steps === 0) {
    throw new RangeError(
      `Cannot resample trace "${trace.name}" to steps of ${secondsPerStep} s: expected at most its length of ${
        trace.requests.length * trace.secondsPerSample
      } s`,
    );
  }
  const requests = new Float64Array(steps);
  for (let i = 0; i < steps * width; i++) {
    requests[Math.floor(i / width)] += trace.requests[i];
  }
  return { name: trace.name, secondsPerSample: secondsPerStep, requests };
}

/** Options of {@linkcode scaleTrace}. */
export interface ScaleTraceOptions {
  /**
   * Requests in a sample that the quantile is mapped to; above 0. Default
   * 4350, the largest influx of the reference service in a step of 300 s.
   */
  peak?: number;
  /**
   * Which quantile, from 0 to 1; 1 is the largest sample. Default 0.999, for
   * the largest sample is often an accident.
   */
  quantile?: number;
  /**
   * The trace whose quantile is taken: the training part, so that nothing is
   * known of the test. Default: the trace itself.
   */
  reference?: LoadTrace;
}

/** A trace in units of the service's capacity. */
export interface ScaledTrace extends LoadTrace {
  /** What samples were multiplied by before they were rounded. */
  factor: number;
  /** Samples above `peak`, which are kept as they are. */
  samplesAbovePeak: number;
}

/**
 * A quantile with linear interpolation between samples (type 7 of Hyndman and
 * Fan, "Sample Quantiles in Statistical Packages", 1996).
 */
function quantileOf(values: Float64Array, quantile: number): number {
  const sorted = values.toSorted();
  const position = quantile * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

function checkPositive(value: number, name: string): void {
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(
      `Cannot scale a trace to a ${name} of ${value}: expected a finite number above 0`,
    );
  }
}

/**
 * A trace whose samples are multiplied so that a quantile becomes a wanted
 * peak, and rounded to whole requests. Nothing is clipped.
 *
 * @param trace Left as it is; resample it to the service's step first.
 * @param options Throws `RangeError` for values outside their range, for a
 * reference with samples of another length, and when its quantile is 0.
 */
export function scaleTrace(
  trace: LoadTrace,
  options: ScaleTraceOptions = {},
): ScaledTrace {
  const { peak = 4350, quantile = 0.999, reference = trace } = options;
  checkPositive(peak, "peak");
  if (!(quantile >= 0 && quantile <= 1)) {
    throw new RangeError(
      `Cannot scale a trace by its ${quantile} quantile: expected a number from 0 to 1`,
    );
  }
  if (reference.secondsPerSample !== trace.secondsPerSample) {
    throw new RangeError(
      `Cannot scale trace "${trace.name}" by a reference of ${reference.secondsPerSample} s a sample: expected its ${trace.secondsPerSample} s`,
    );
  }
  const level = quantileOf(reference.requests, quantile);
  if (!(level > 0)) {
    throw new RangeError(
      `Cannot scale trace "${reference.name}" by its ${quantile} quantile: expected requests there, got ${level}`,
    );
  }
  const factor = peak / level;
  const requests = trace.requests.map((count) => Math.round(count * factor));
  let samplesAbovePeak = 0;
  for (const count of requests) if (count > peak) samplesAbovePeak++;
  return { ...trace, requests, factor, samplesAbovePeak };
}

/** Options of {@linkcode splitTrace}; one of them at most. */
export interface SplitTraceOptions {
  /** Fraction of the samples to train on, above 0 and below 1. */
  trainFraction?: number;
  /**
   * Whole days at the end that are held out. Default: a fifth of the whole
   * days, at least one; of a trace under two days, a fifth of its samples.
   */
  testDays?: number;
}

/** A trace in two parts. */
export interface TraceParts {
  /** The earlier part. */
  train: LoadTrace;
  /** The later part, held out. */
  test: LoadTrace;
}

/** How many samples come before the part that is held out. */
function samplesToTrainOn(
  trace: LoadTrace,
  options: SplitTraceOptions,
): number {
  const { trainFraction, testDays } = options;
  const total = trace.requests.length;
  if (trainFraction !== undefined) return Math.round(total * trainFraction);
  const samplesPerDay = SECONDS_PER_DAY / trace.secondsPerSample;
  const days = Math.floor(total / samplesPerDay);
  if (testDays === undefined && days < 2) return Math.round(total * 0.8);
  if (!Number.isSafeInteger(samplesPerDay)) {
    throw new RangeError(
      `Cannot split trace "${trace.name}" by days: expected samples that fill a day, got ${trace.secondsPerSample} s`,
    );
  }
  const heldOut = testDays ?? Math.max(1, Math.round(days / 5));
  return (days - heldOut) * samplesPerDay;
}

/**
 * Cuts a trace in time: agents train on the earlier part and are tested on
 * the later one, which they have not seen. Days count from the trace's start;
 * the samples behind its last whole day go to the test.
 *
 * @param trace Left as it is; the parts have memory of their own.
 * @param options Where to cut. Throws `TypeError` when both are given, and
 * `RangeError` when one of the parts would be empty.
 */
export function splitTrace(
  trace: LoadTrace,
  options: SplitTraceOptions = {},
): TraceParts {
  const { trainFraction, testDays } = options;
  if (trainFraction !== undefined && testDays !== undefined) {
    throw new TypeError(
      `Cannot split trace "${trace.name}" by trainFraction ${trainFraction} and testDays ${testDays}: expected one of them`,
    );
  }
  if (
    testDays !== undefined && !(Number.isSafeInteger(testDays) && testDays > 0)
  ) {
    throw new RangeError(
      `Cannot hold out ${testDays} days of trace "${trace.name}": expected a whole number from 1`,
    );
  }
  const cut = samplesToTrainOn(trace, options);
  const total = trace.requests.length;
  if (!(cut > 0 && cut < total)) {
    const asked = trainFraction !== undefined
      ? `a train fraction of ${trainFraction}`
      : `${testDays ?? 1} test days`;
    throw new RangeError(
      `Cannot split trace "${trace.name}" of ${total} samples (${
        (total * trace.secondsPerSample / SECONDS_PER_DAY).toFixed(1)
      } days) with ${asked}: expected something left on both sides`,
    );
  }
  return {
    train: part(trace, "train", trace.requests.slice(0, cut)),
    test: part(trace, "test", trace.requests.slice(cut)),
  };
}

function part(
  trace: LoadTrace,
  role: string,
  requests: Float64Array,
): LoadTrace {
  return { ...trace, name: `${trace.name} (${role})`, requests };
}

/** Options of {@linkcode prepareTrace}. */
export interface PrepareTraceOptions
  extends SplitTraceOptions, Omit<ScaleTraceOptions, "reference"> {
  /** Length of the service's step in seconds. Default 300. */
  secondsPerStep?: number;
}

/** A trace ready for a service: both parts on the training part's scale. */
export interface PreparedTrace {
  /** The earlier part. */
  train: ScaledTrace;
  /** The later part, held out. */
  test: ScaledTrace;
}

/**
 * {@linkcode resampleTrace}, {@linkcode splitTrace} and
 * {@linkcode scaleTrace} in one: the scale is the training part's.
 *
 * @param trace Left as it is.
 * @param options Throws as those functions do.
 */
export function prepareTrace(
  trace: LoadTrace,
  options: PrepareTraceOptions = {},
): PreparedTrace {
  const { secondsPerStep = 300, peak, quantile } = options;
  const { train, test } = splitTrace(
    resampleTrace(trace, secondsPerStep),
    options,
  );
  const scale = { peak, quantile, reference: train };
  return { train: scaleTrace(train, scale), test: scaleTrace(test, scale) };
}
