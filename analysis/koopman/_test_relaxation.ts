/**
 * Series of a system that is known.
 *
 * @module
 */
import { Random } from "../../core/random.ts";
import { type Trajectories, trajectoriesOf } from "./trajectories.ts";

/** Time constants of {@linkcode relaxation}: slow and fast. */
export const TIMESCALES = { slow: 200, fast: 20 };

/**
 * Two modes that decay to (50, 8), seen through a nonlinear feature, from
 * below and from above.
 *
 * @param noise Standard deviation added to the first feature; a tenth of it to
 * the second.
 */
export function relaxation(
  options: { noise: number; seed: number },
): Trajectories {
  const random = new Random(options.seed);
  const interval = 5;
  const series = [[-50, 5], [45, -10]].map(([a, b]) => {
    const q: number[] = [];
    const l: number[] = [];
    for (let t = 0; t < 200 * interval; t += interval) {
      const slow = a * Math.exp(-t / TIMESCALES.slow);
      const fast = b * Math.exp(-t / TIMESCALES.fast);
      q.push(50 + slow + fast + random.normal(0, options.noise));
      l.push(
        8 + slow / 8 + (slow / 30) ** 2 + random.normal(0, options.noise / 10),
      );
    }
    return { q, l };
  });
  return trajectoriesOf({
    q: series.map(({ q }) => q),
    l: series.map(({ l }) => l),
  }, interval);
}
