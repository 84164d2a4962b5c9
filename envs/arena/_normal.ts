/** The standard normal distribution. */
import { exp, log } from "../../core/fdlibm.ts";

/** Coefficients of a rational fit of the tail, within 1.2e-7 of its value. */
// deno-fmt-ignore
const TAIL = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806,
  0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277,
];

/** Probability of a standard normal number above z, within 1.2e-7 of itself. */
export function normalTail(z: number): number {
  const x = Math.abs(z) * Math.SQRT1_2;
  const t = 1 / (1 + 0.5 * x);
  let sum = 0;
  for (let i = TAIL.length - 1; i >= 0; i--) sum = TAIL[i] + t * sum;
  const tail = 0.5 * t * exp(-x * x + sum);
  return z >= 0 ? tail : 1 - tail;
}

/** Number above which a standard normal one lies with a probability. */
export function normalTailInverse(probability: number): number {
  const tail = Math.min(Math.max(probability, 1e-12), 1 - 1e-12);
  const small = Math.min(tail, 1 - tail);
  // Abramowitz and Stegun 26.2.23, within 4.5e-4, then Newton's steps.
  const t = Math.sqrt(-2 * log(small));
  let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let i = 0; i < 2; i++) {
    const density = exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    z += (normalTail(z) - small) / density;
  }
  return tail <= 0.5 ? z : -z;
}
