//! Functions of single numbers that are no more than a few instructions, with
//! the semantics of JavaScript. Those without branches become vectors.

#![allow(unsafe_code, reason = "one conversion that is checked before")]

use crate::plan::math;

/// `Math.max`.
#[inline(always)]
pub fn larger(a: f32, b: f32) -> f32 {
    let larger = if a > b { a } else { b };
    // Zeros may differ in their sign.
    let equal = f32::from_bits(a.to_bits() & b.to_bits());
    let larger = if a == b { equal } else { larger };
    if a.is_nan() { a } else { larger }
}

/// `Math.min`.
#[inline(always)]
pub fn smaller(a: f32, b: f32) -> f32 {
    let smaller = if a < b { a } else { b };
    let equal = f32::from_bits(a.to_bits() | b.to_bits());
    let smaller = if a == b { equal } else { smaller };
    if a.is_nan() { a } else { smaller }
}

/// 1 above 0, NaN for NaN, else what is given.
#[inline(always)]
pub fn step(x: f32, below: f32) -> f32 {
    let result = if x > 0.0 { 1.0 } else { below };
    if x.is_nan() { x } else { result }
}

/// The scaled exponential linear unit (Klambauer et al. 2017).
#[inline(always)]
pub fn selu(x: f32) -> f32 {
    const SCALE: f32 = 1.050_701;
    const SCALE_ALPHA: f32 = 1.758_099_3;
    if x >= 0.0 { SCALE * x } else { SCALE_ALPHA * math::expm1(x) }
}

/// The nearest whole number, the even one of two; tfjs makes 0 of -0.5.
#[inline(always)]
pub fn round(x: f32) -> f32 {
    let rounded = x.round_ties_even();
    if x == -0.5 { 0.0 } else { rounded }
}

/// The whole number towards 0, taken modulo 2^32 as JavaScript's typed arrays
/// do; 0 for NaN and infinities.
#[inline(always)]
pub fn whole(x: f32) -> i32 {
    const END: f32 = 2_147_483_648.0;
    let inside = if x.abs() < END { x } else { 0.0 };
    // SAFETY: it is a number in the range of `i32`.
    let result = unsafe { inside.to_int_unchecked::<i32>() };
    if x.abs() < END { result } else { low_word(x) }
}

/// The lower 32 bits of a whole number from 2^31, or of its opposite.
#[inline(always)]
fn low_word(x: f32) -> i32 {
    const MANTISSA_BITS: u32 = 23;
    let bits = x.to_bits();
    let exponent = (bits >> MANTISSA_BITS) & 0xff;
    let mantissa = (bits & 0x7f_ffff) | 0x80_0000;
    // At least 8 here; infinities and NaN have the largest of all.
    let shift = exponent.wrapping_sub(127 + MANTISSA_BITS);
    let low = if shift < 32 { mantissa << (shift & 31) } else { 0 } as i32;
    if x < 0.0 { low.wrapping_neg() } else { low }
}

/// a / b rounded down, 0 where b is 0.
#[inline(always)]
pub fn floor_division(a: i32, b: i32) -> i32 {
    // Doubles are exact here: the quotient is a whole number, or further from
    // the next one than they are apart.
    let quotient = (f64::from(a) / f64::from(b)).floor();
    // Of the smallest number and -1 it is one above the largest.
    let inside = quotient.abs() < 2_147_483_648.0;
    // SAFETY: it is a number in the range of `i32`.
    let result = unsafe { if inside { quotient } else { 0.0 }.to_int_unchecked::<i32>() };
    let wrapped = if b == 0 { 0 } else { i32::MIN };
    if inside { result } else { wrapped }
}

/// The rest of [`floor_division`], 0 where b is 0.
#[inline(always)]
pub fn floor_rest(a: i32, b: i32) -> i32 {
    let rest = a.wrapping_sub(floor_division(a, b).wrapping_mul(b));
    if b == 0 { 0 } else { rest }
}

/// tfjs's `mod` of numbers.
#[inline(always)]
pub fn floor_remainder(a: f64, b: f64) -> f64 {
    let rest = libm::fmod(a, b);
    let alike = (a < 0.0 && b < 0.0) || (a >= 0.0 && b >= 0.0);
    if alike { rest } else { libm::fmod(rest + b, b) }
}

/// `Math.pow`, which unlike C's has no power of 1 that is NaN or infinite.
#[inline(always)]
pub fn power(a: f64, b: f64) -> f64 {
    if b.is_nan() || (b.is_infinite() && a.abs() == 1.0) {
        return f64::NAN;
    }
    libm::pow(a, b)
}
