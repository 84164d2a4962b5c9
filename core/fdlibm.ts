/**
 * Logarithm and exponential with the same bits everywhere.
 *
 * `Math.log` and `Math.exp` may differ in the last bit between engines and
 * from Rust's standard library; random variates that must agree between
 * TypeScript and Rust are made with these: the same operations, in the same
 * order, as the `libm` crate, which follows FreeBSD's msun (`e_log.c`,
 * `e_exp.c`, Sun Microsystems 1993).
 *
 * @module
 */

const LN2_HIGH = 6.93147180369123816490e-01;
const LN2_LOW = 1.90821492927058770002e-10;
const TWO_POW_54 = 2 ** 54;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
/** Place of a double's upper word; not the same on all machines. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

function highWord(x: number): number {
  double[0] = x;
  return words[HIGH];
}

/** 2^(i - 1023). */
const POWERS = Float64Array.from({ length: 2048 }, (_, i) => 2 ** (i - 1023));

/** x 2^-shift; a product is faster than writing the exponent's bits. */
function scaleDown(x: number, shift: number): number {
  const half = shift >> 1;
  return shift >= -1023 && shift <= 1022
    ? x * POWERS[1023 - shift]
    : x * POWERS[1023 - half] * POWERS[1023 - (shift - half)];
}

/**
 * Natural logarithm, within 1 ulp.
 *
 * @param x Argument; negative values give NaN, zero -Infinity.
 */
export function log(x: number): number {
  if (x === 0) return -Infinity;
  if (x < 0 || x !== x) return NaN;
  if (x === Infinity) return x;
  let exponent = 0;
  let high = highWord(x);
  if (high < 0x00100000) { // subnormal
    exponent -= 54;
    x *= TWO_POW_54;
    high = highWord(x);
  }
  if (x === 1) return 0;
  // Reduce x to [sqrt(2)/2, sqrt(2)), exactly.
  const shift = ((high + (0x3ff00000 - 0x3fe6a09e)) >> 20) - 0x3ff;
  exponent += shift;
  const f = scaleDown(x, shift) - 1;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (3.999999999940941908e-01 +
    w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const odd = z * (6.666666666666735130e-01 +
    w * (2.857142874366239149e-01 +
        w * (1.818357216161805012e-01 + w * 1.479819860510658591e-01)));
  return s * (halfSquare + (odd + even)) + exponent * LN2_LOW - halfSquare +
    f + exponent * LN2_HIGH;
}

/**
 * Exponential, within 1 ulp.
 *
 * @param x Argument; above 709.78 gives Infinity, below -745.13 zero.
 */
export function exp(x: number): number {
  if (x !== x) return NaN;
  if (x > 7.09782712893383973096e+02) return Infinity;
  if (x < -7.45133219101941108420e+02) return 0;
  const magnitude = highWord(x) & 0x7fffffff;
  let high = 0;
  let low = 0;
  let k = 0;
  if (magnitude > 0x3fd62e42) { // |x| > 0.5 ln 2
    if (magnitude < 0x3ff0a2b2) { // |x| < 1.5 ln 2
      k = x < 0 ? -1 : 1;
    } else {
      k = Math.trunc(1.44269504088896338700 * x + (x < 0 ? -0.5 : 0.5));
    }
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
    x = high - low;
  } else if (magnitude < 0x3e300000) { // |x| < 2^-28
    return 1 + x;
  }
  const t = x * x;
  const c = x - t * (1.66666666666666019037e-01 +
        t * (-2.77777777770155933842e-03 +
            t * (6.61375632143793436117e-05 +
                t * (-1.65339022054652515390e-06 +
                    t * 4.13813679705723846039e-08))));
  if (k === 0) return 1 - ((x * c) / (c - 2) - x);
  const y = 1 - ((low - (x * c) / (2 - c)) - high);
  if (k === 1024) return y * 2 * 2 ** 1023;
  return k >= -1021 ? y * 2 ** k : y * 2 ** (k + 1000) * 2 ** -1000;
}
