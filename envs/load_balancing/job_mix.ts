/**
 * Classes of jobs, each with its sizes, drawn in given shares.
 *
 * @module
 */
import type { Random } from "../../core/random.ts";
import type { Arrival } from "./arrival.ts";
import { type SizeLaw, sizeLaw, type SizeLawOptions } from "./job_sizes.ts";

export type { Arrival, Random, SizeLawOptions };

/** One class of jobs: processor time first, disk time after it. */
export interface JobClassOptions {
  /** For tables. Default: its place in the list. */
  name?: string;
  /** How often it comes, relative to the other classes; above 0. Default 1. */
  share?: number;
  /** Processor time, in seconds of one core of speed 1. */
  work: SizeLawOptions;
  /** Disk time, in seconds of a disk of speed 1. Default: none. */
  ioWork?: SizeLawOptions;
}

/** Jobs of one class or several. It has no state of its own. */
export interface JobMix {
  /** Names of the classes, shape [classes]. */
  readonly names: readonly string[];
  /** How often each class comes; the sum is 1. Shape [classes]. */
  readonly shares: Float64Array;
  /** Mean processor time of a job. */
  readonly meanWork: number;
  /** Mean square of the processor time; may be Infinity. */
  readonly workSecondMoment: number;
  /** Mean disk time of a job. */
  readonly meanIoWork: number;
  /**
   * Draws the next job's `work`, `ioWork` and `kind`, the place of its class.
   *
   * @param random Where it is drawn from: first the class, where there are
   * several, then processor and disk time.
   * @param into `time` is left alone.
   */
  draw(random: Random, into: Arrival): void;
}

interface JobClass {
  name: string;
  /** Share of this class and those before it. */
  upTo: number;
  work: SizeLaw;
  ioWork: SizeLaw | undefined;
}

function checkedShare(share: number, kind: number): number {
  if (share > 0 && share < Infinity) return share;
  throw new RangeError(
    `Cannot mix jobs with share ${share} of class ${kind}, expected a finite number above 0`,
  );
}

function jobClasses(options: readonly JobClassOptions[]): JobClass[] {
  const shares = options.map(({ share = 1 }, kind) =>
    checkedShare(share, kind)
  );
  const sum = shares.reduce((a, b) => a + b, 0);
  let before = 0;
  return options.map(({ name, work, ioWork }, kind) => ({
    name: name ?? String(kind),
    upTo: (before += shares[kind]) / sum,
    work: sizeLaw(work),
    ioWork: ioWork === undefined ? undefined : sizeLaw(ioWork),
  }));
}

/**
 * Jobs of one class or several. With `ioWork`, jobs have two stages, first on
 * a processor, then on the disk, of independent sizes.
 *
 * @param options One class, or a list of at least one. Throws `RangeError`
 * for an empty list, a share that is not above 0, and a law that
 * `sizeLaw` refuses.
 *
 * @example Nine light jobs for each heavy one
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { jobMix } from "./job_mix.ts";
 *
 * const jobs = jobMix([
 *   { share: 0.9, work: { law: "exponential", mean: 0.01 } },
 *   { share: 0.1, work: { law: "exponential", mean: 0.2 } },
 * ]);
 * assertAlmostEquals(jobs.meanWork, 0.029);
 * ```
 */
export function jobMix(
  options: JobClassOptions | readonly JobClassOptions[],
): JobMix {
  const list = Array.isArray(options)
    ? options as readonly JobClassOptions[]
    : [options as JobClassOptions];
  if (list.length === 0) {
    throw new RangeError("Cannot mix 0 classes of jobs, expected at least 1");
  }
  const classes = jobClasses(list);
  const shares = Float64Array.from(
    classes,
    ({ upTo }, kind) => upTo - (kind === 0 ? 0 : classes[kind - 1].upTo),
  );
  const average = (moment: (job: JobClass) => number) =>
    classes.reduce((sum, job, kind) => sum + shares[kind] * moment(job), 0);
  const last = classes.length - 1;
  return {
    names: classes.map(({ name }) => name),
    shares,
    meanWork: average(({ work }) => work.mean),
    workSecondMoment: average(({ work }) => work.secondMoment),
    meanIoWork: average(({ ioWork }) => ioWork?.mean ?? 0),
    draw(random, into): void {
      let kind = 0;
      if (last > 0) {
        const place = random.uniform();
        while (kind < last && place >= classes[kind].upTo) kind++;
      }
      const { work, ioWork } = classes[kind];
      into.work = work.draw(random);
      into.ioWork = ioWork === undefined ? 0 : ioWork.draw(random);
      into.kind = kind;
    },
  };
}
