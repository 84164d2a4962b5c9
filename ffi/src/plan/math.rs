//! Functions of one `f32`, without branches, so that loops over them become
//! vectors: within 2 ulp, and the same bits on every instruction set (nothing
//! is fused).
//!
//! The logarithms are those of FreeBSD's msun (`s_logf.c`, `s_log1pf.c`, Sun
//! Microsystems 1993); the other polynomials are minimax fits over the ranges
//! named beside them.

/// Adding it rounds to a whole number, which the low bits then hold.
const ROUND: f32 = 12_582_912.0;
const LN2_HIGH: f32 = 0.693_145_75;
const LN2_LOW: f32 = 1.428_606_8e-6;

/// Two to a power from -126 to 127.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

#[inline(always)]
fn at_most(x: f32, most: f32) -> f32 {
    // Keeps NaN.
    if x > most { most } else { x }
}

#[inline(always)]
fn at_least(x: f32, least: f32) -> f32 {
    if x < least { least } else { x }
}

#[inline(always)]
fn with_sign_of(x: f32, sign: f32) -> f32 {
    f32::from_bits(x.to_bits() | (sign.to_bits() & 0x8000_0000))
}

/// x = n ln 2 + r + tail with r from -ln 2 / 2 to ln 2 / 2.
#[inline(always)]
fn reduced(x: f32) -> (i32, f32, f32) {
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let high = x - n * LN2_HIGH;
    let low = n * LN2_LOW;
    let r = high - low;
    (shifted.to_bits().wrapping_sub(ROUND.to_bits()) as i32, r, (high - r) - low)
}

/// n and e^(x - n ln 2).
#[inline(always)]
fn split_exp(x: f32) -> (i32, f32) {
    let (n, r, tail) = reduced(x);
    // (e^r - 1 - r) / r^2, |r| <= 0.347.
    let p = 0.001_394_188_4 * r + 0.008_368_695;
    let p = p * r + 0.041_666_39;
    let p = p * r + 0.166_665_21;
    let p = p * r + 0.5;
    (n, 1.0 + (r + (tail + (r * r) * p)))
}

/// e^x.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let (n, power) = split_exp(at_least(at_most(x, 89.0), -105.0));
    // Half of n at a time: its power may be no normal number.
    let half = n >> 1;
    power * power_of_two(half) * power_of_two(n.wrapping_sub(half))
}

/// e^x for x from -87 to 88.
#[inline(always)]
fn exp_normal(x: f32) -> f32 {
    let (n, power) = split_exp(x);
    power * power_of_two(n)
}

/// e^x - 1.
#[inline(always)]
pub fn expm1(x: f32) -> f32 {
    let (n, r, tail) = reduced(at_least(at_most(x, 89.0), -20.0));
    // (e^r - 1 - r) / r^2, |r| <= 0.347.
    let p = 0.000_199_945_85 * r + 0.001_393_389_4;
    let p = p * r + 0.008_333_148;
    let p = p * r + 0.041_666_474;
    let p = p * r + 0.166_666_67;
    let p = p * r + 0.5;
    let q = r + (tail + (r * r) * p);
    // Half of 2^n, which may be above all numbers.
    let half = power_of_two(n.wrapping_sub(1));
    let result = (half * q + (half - 0.5)) * 2.0;
    if x.abs() < 2.98e-8 { x } else { result }
}

/// The logarithm of 1 + f, of mantissas from sqrt(1/2) to sqrt(2), with k ln 2
/// and a correction c.
#[inline(always)]
fn log_parts(f: f32, k: f32, c: f32) -> f32 {
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let odd = w * (0.400_009_72 + w * 0.242_790_79);
    let even = z * (0.666_666_6 + w * 0.284_987_87);
    let half_square = 0.5 * f * f;
    let small = s * (half_square + (even + odd)) + (k * 9.058_001e-6 + c);
    ((small - half_square) + f) + k * 0.693_138_1
}

/// k and m of x = 2^k m with m from sqrt(1/2) to sqrt(2).
#[inline(always)]
fn mantissa(x: f32) -> (i32, f32) {
    const SQRT_HALF: u32 = 0x3f35_04f3;
    let bits = x.to_bits().wrapping_add(0x3f80_0000 - SQRT_HALF);
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(SQRT_HALF));
    ((bits as i32 >> 23).wrapping_sub(127), m)
}

/// The natural logarithm of x.
#[inline(always)]
pub fn log(x: f32) -> f32 {
    let small = x < f32::MIN_POSITIVE;
    let (k, m) = mantissa(if small { x * 33_554_432.0 } else { x });
    let k = if small { k.wrapping_sub(25) } else { k };
    let result = log_parts(m - 1.0, k as f32, 0.0);
    let result = if x < f32::INFINITY { result } else { x };
    let result = if x < 0.0 { f32::NAN } else { result };
    if x == 0.0 { f32::NEG_INFINITY } else { result }
}

/// The natural logarithm of 1 + x.
#[inline(always)]
pub fn log1p(x: f32) -> f32 {
    let u = 1.0 + x;
    let (k, m) = mantissa(u);
    // What the sum lost, as a part of it; nothing from 2^25 on.
    let lost = if k >= 2 { 1.0 - (u - x) } else { x - (u - 1.0) };
    let lost = if k < 25 { lost / u } else { 0.0 };
    let near = k == 0;
    let f = if near { x } else { m - 1.0 };
    let c = if near { 0.0 } else { lost };
    let result = log_parts(f, k as f32, c);
    let result = if x < f32::INFINITY { result } else { x };
    let result = if u < 0.0 { f32::NAN } else { result };
    let result = if u == 0.0 { f32::NEG_INFINITY } else { result };
    if u == 1.0 { x } else { result }
}

/// The hyperbolic tangent of x.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let a = x.abs();
    // (tanh a - a) / a^3 in a^2, a <= 0.625.
    let z = a * a;
    let p = 0.002_157_238_5 * z - 0.008_210_419;
    let p = p * z + 0.021_723_771;
    let p = p * z - 0.053_953_536;
    let p = p * z + 0.133_332_91;
    let p = p * z - 0.333_333_34;
    let near = a + (a * z) * p;
    let far = 1.0 - 2.0 / (exp_normal(2.0 * at_most(a, 10.0)) + 1.0);
    with_sign_of(if a < 0.625 { near } else { far }, x)
}

/// 1 / (1 + e^-x).
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    let e = exp(-x.abs());
    let sum = 1.0 + e;
    let ratio = if x < 0.0 { e } else { 1.0 } / sum;
    // What the sum lost, over about the sum.
    let lost = (e - (sum - 1.0)) * (1.0 - 0.5 * e);
    ratio - ratio * lost
}

/// The natural logarithm of 1 + f, for f from 0 to 1.
#[inline(always)]
fn log1p_of_share(f: f32) -> f32 {
    let s = f / (2.0 + f);
    let z = s * s;
    // (ln(1 + f) - 2 s) / s^3, 0 <= f <= 1.
    let p = 0.262_105_8 * z + 0.208_906_56;
    let p = p * z + 0.286_689_07;
    let p = p * z + 0.399_969_07;
    let p = p * z + 0.666_667;
    let half_square = 0.5 * f * f;
    f - (half_square - s * (half_square + z * p))
}

/// The natural logarithm of 1 + e^x.
#[inline(always)]
pub fn softplus(x: f32) -> f32 {
    let rest = log1p_of_share(exp(-x.abs()));
    if x > 0.0 { x + rest } else { rest }
}

/// The error function of x.
#[inline(always)]
pub fn erf(x: f32) -> f32 {
    let a = at_most(x.abs(), 4.0);
    // erf(a) / a - 1 in a^2, a <= 0.93.
    let z = a * a;
    let p = 5.627_148e-5 * z - 0.000_744_806;
    let p = p * z + 0.005_135_637_6;
    let p = p * z - 0.026_831_478;
    let p = p * z + 0.112_831_76;
    let p = p * z - 0.376_126_02;
    let p = p * z + 0.128_379_17;
    let near = a + a * p;
    // -ln(1 - erf(a)), 0.91 <= a <= 3.95.
    let q = 1.990_023e-5 * a - 0.000_419_506_92;
    let q = q * a + 0.004_093_332;
    let q = q * a - 0.024_902_472;
    let q = q * a + 0.107_928_984;
    let q = q * a + 0.633_676_65;
    let q = q * a + 1.129_348_3;
    let q = q * a - 0.000_139_653_48;
    let far = 1.0 - exp_normal(-q);
    with_sign_of(if a < 0.92 { near } else { far }, x)
}

#[cfg(test)]
mod tests;
