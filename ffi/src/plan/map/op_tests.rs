//! Each op against a plain function in doubles, as tfjs's kernels for the cpu
//! have it.

#![allow(unsafe_code, reason = "calls kernels with as many elements as they take")]

use super::lanes::{LANES, possible_sets};
use super::ops::kernel;
use crate::plan::opcodes::*;
use crate::plan::testing::Noise;

/// How far a result may be off.
#[derive(Clone, Copy, PartialEq)]
enum Error {
    Bits,
    Ulps(f64),
}

fn float(bits: u32) -> f64 {
    f64::from(f32::from_bits(bits))
}

fn js_max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        return f64::NAN;
    }
    // Of zeros, the positive one.
    let first = a > b || (a == b && a.is_sign_positive());
    if first { a } else { b }
}

fn js_round(x: f64) -> f64 {
    let base = x.floor();
    if x - base < 0.5 {
        base
    } else if x - base > 0.5 {
        x.ceil()
    } else if base % 2.0 == 0.0 {
        base
    } else {
        base + 1.0
    }
}

/// JavaScript's conversion to 32 bits.
fn to_i32(x: f64) -> u32 {
    if x.is_finite() { x.trunc().rem_euclid(4_294_967_296.0) as u64 as u32 } else { 0 }
}

fn js_mod(a: f64, b: f64) -> f64 {
    let rest = a % b;
    if (a < 0.0 && b < 0.0) || (a >= 0.0 && b >= 0.0) { rest } else { (rest + b) % b }
}

fn expm1(x: f64) -> f64 {
    libm::expm1(x)
}

/// What an op gives in doubles; `None` for those of whole numbers.
fn of_floats(op: u32, [a, b, c]: [f64; 3]) -> Option<(f64, Error)> {
    use Error::{Bits, Ulps};
    let exact = match op {
        OP_ADD => a + b,
        OP_SUB => a - b,
        OP_MUL => a * b,
        OP_DIV => a / b,
        OP_MAX => js_max(a, b),
        OP_MIN => -js_max(-a, -b),
        OP_POW if b.is_nan() || b.is_infinite() && a.abs() == 1.0 => f64::NAN,
        OP_POW => a.powf(b),
        OP_ATAN2 => a.atan2(b),
        OP_MOD => js_mod(a, b),
        OP_FLOOR_DIV => (a / b).floor(),
        OP_CLIP => {
            if a > c {
                c
            } else if a < b {
                b
            } else {
                a
            }
        }
        OP_MULTIPLY_ADD => f64::from((a as f32) * (b as f32)) + c,
        OP_STEP if a.is_nan() => a,
        OP_STEP => {
            if a > 0.0 {
                1.0
            } else {
                b
            }
        }
        OP_NEG => -a,
        OP_ABS => a.abs(),
        OP_SQRT => a.sqrt(),
        OP_RECIPROCAL => 1.0 / a,
        OP_SQUARE => a * a,
        OP_RELU => js_max(0.0, a),
        OP_RELU6 => -js_max(-js_max(0.0, a), -6.0),
        OP_SIGN => f64::from(i8::from(a > 0.0) - i8::from(a < 0.0)),
        OP_FLOOR => a.floor(),
        OP_CEIL => a.ceil(),
        OP_ROUND => js_round(a),
        _ => {
            let (value, ulps) = match op {
                OP_SQUARED_DIFFERENCE => ((a - b) * (a - b), 1.5),
                OP_RSQRT => (1.0 / a.sqrt(), 1.5),
                OP_EXP => (a.exp(), 1.0),
                OP_EXPM1 => (expm1(a), 2.0),
                OP_LOG => (a.ln(), 1.0),
                OP_LOG1P => (a.ln_1p(), 1.0),
                OP_TANH => (a.tanh(), 2.0),
                OP_SIGMOID => (1.0 / (1.0 + (-a).exp()), 2.0),
                OP_SOFTPLUS => (js_max(a, 0.0) + (-a.abs()).exp().ln_1p(), 2.0),
                OP_ERF => (libm::erf(a), 2.0),
                OP_ELU => (if a >= 0.0 { a } else { expm1(a) }, 2.0),
                OP_SELU if a >= 0.0 => (1.0507009873554805 * a, 2.0),
                OP_SELU => (1.758_099_340_847_376_9 * expm1(a), 3.0),
                OP_SIN => (a.sin(), 0.501),
                OP_COS => (a.cos(), 0.501),
                OP_TAN => (a.tan(), 0.501),
                OP_ASIN => (a.asin(), 0.501),
                OP_ACOS => (a.acos(), 0.501),
                OP_ATAN => (a.atan(), 0.501),
                OP_SINH => (a.sinh(), 0.501),
                OP_COSH => (a.cosh(), 0.501),
                OP_ASINH => (libm::asinh(a), 0.501),
                OP_ACOSH => (libm::acosh(a), 0.501),
                OP_ATANH => (libm::atanh(a), 0.501),
                _ => return None,
            };
            return Some((value, Ulps(ulps)));
        }
    };
    Some((exact, Bits))
}

/// What an op gives that makes whole numbers, or takes them.
fn of_whole_numbers(op: u32, [x, y, z]: [u32; 3]) -> u32 {
    let (a, b) = (f64::from(x as i32), f64::from(y as i32));
    let (f, g) = (float(x), float(y));
    let (i, j) = (x as i32, y as i32);
    match op {
        OP_EQ => u32::from(f == g),
        OP_NE => u32::from(f != g),
        OP_LT => u32::from(f < g),
        OP_LE => u32::from(f <= g),
        OP_GT => u32::from(f > g),
        OP_GE => u32::from(f >= g),
        OP_IS_NAN => u32::from(f.is_nan()),
        OP_IS_INF => u32::from(f.is_infinite()),
        OP_IS_FINITE => u32::from(f.is_finite()),
        // Exact: every float below 2^96 is a whole number of 128 bits here.
        OP_F_TO_I if f.abs() < 2f64.powi(96) => f.trunc() as i128 as u32,
        OP_F_TO_I => 0,
        OP_F_TO_BOOL => u32::from(f != 0.0),
        OP_I_TO_F => (a as f32).to_bits(),
        OP_I_TO_BOOL => u32::from(x != 0),
        OP_ADD_I => to_i32(a + b),
        OP_SUB_I => to_i32(a - b),
        OP_MUL_I => i.wrapping_mul(j) as u32,
        OP_MAX_I => i.max(j) as u32,
        OP_MIN_I => i.min(j) as u32,
        OP_FLOOR_DIV_I => to_i32((a / b).floor()),
        OP_MOD_I => to_i32(js_mod(a, b)),
        OP_EQ_I => u32::from(i == j),
        OP_NE_I => u32::from(i != j),
        OP_LT_I => u32::from(i < j),
        OP_LE_I => u32::from(i <= j),
        OP_GT_I => u32::from(i > j),
        OP_GE_I => u32::from(i >= j),
        OP_NEG_I => to_i32(-a),
        OP_ABS_I => to_i32(a.abs()),
        OP_SQUARE_I => i.wrapping_mul(i) as u32,
        OP_SIGN_I => i.signum() as u32,
        OP_AND => u32::from(x != 0 && y != 0),
        OP_OR => u32::from(x != 0 || y != 0),
        OP_NOT => u32::from(x == 0),
        OP_SELECT => {
            if x != 0 {
                y
            } else {
                z
            }
        }
        _ => panic!("op {op} has no reference"),
    }
}

fn is_right(found: u32, truth: f64, error: Error) -> bool {
    let (found, rounded) = (f32::from_bits(found), truth as f32);
    if found.to_bits() == rounded.to_bits() || found.is_nan() && rounded.is_nan() {
        return true;
    }
    let Error::Ulps(ulps) = error else { return false };
    let low = f32::from_bits(rounded.abs().min(f32::MAX).to_bits());
    let ulp = f64::from(low) - f64::from(f32::from_bits(low.to_bits().saturating_sub(1)));
    let ulp = ulp.max(f64::from(f32::from_bits(1)));
    let found =
        if found.is_infinite() { f64::from(f32::MAX).copysign(found.into()) } else { found.into() };
    (found - truth).abs() <= (2.0 * ulps).min(ulps + 1.0) * ulp
}

/// Ends of ranges, signs of zero, numbers beside whole ones, and noise.
fn values(noise: &mut Noise) -> Vec<u32> {
    let floats = [
        0.0,
        1.0,
        0.5,
        1.5,
        2.0,
        2.5,
        3.0,
        0.1,
        1e-40,
        1e-45,
        1.175_494_4e-38,
        1e-20,
        1e20,
        3.402_823_5e38,
        88.7,
        89.0,
        103.9,
        16_777_216.0,
        2_147_483_500.0,
        2_147_483_600.0,
        4e9,
        f32::INFINITY,
        f32::NAN,
        0.999_999_94,
        6.0,
        5.9,
        7.0,
        0.499_999_97,
    ];
    let wholes = [1, 2, 3, 7, -1, -2, -7, 46_341, i32::MAX, i32::MIN, i32::MIN + 1];
    let mut all: Vec<u32> = floats.iter().flat_map(|x| [x.to_bits(), (-x).to_bits()]).collect();
    all.extend(wholes.iter().map(|whole| *whole as u32));
    all.extend((0..60).map(|_| noise.bits() as u32));
    all.extend((0..60).map(|_| (noise.float() * 10.0).to_bits()));
    all
}

#[test]
#[cfg_attr(miri, ignore = "Miri's functions of doubles err")]
fn ops_compute_what_tfjs_does() {
    let mut noise = Noise(1);
    let values = values(&mut noise);
    for set in possible_sets() {
        for (op, count) in (0..100).filter_map(|op| Some((op, operand_count(op)?))) {
            let kernel = kernel(op, set).unwrap_or_else(|| panic!("op {op} has no kernel"));
            let cases = if count == 1 { values.len() } else { values.len() * values.len() };
            for first in (0..cases).step_by(LANES) {
                let [mut a, mut b, mut c, mut d] = [[0; LANES]; 4];
                for i in 0..LANES {
                    a[i] = values[(first + i) % values.len()];
                    b[i] = values[(first + i) / values.len() % values.len()];
                    c[i] = noise.one_of(&values);
                }
                // SAFETY: there are as many elements.
                unsafe { kernel(d.as_mut_ptr(), a.as_ptr(), b.as_ptr(), c.as_ptr(), LANES) };
                for i in 0..LANES {
                    let operands = [a[i], b[i], c[i]];
                    let (right, wanted) = match of_floats(op, operands.map(float)) {
                        Some((truth, error)) => (is_right(d[i], truth, error), truth),
                        None => {
                            let wanted = of_whole_numbers(op, operands);
                            (d[i] == wanted, f64::from(wanted as i32))
                        }
                    };
                    assert!(
                        right,
                        "op {op} with {set:?} of {operands:x?} ({:?}) is {:x} ({}), not {wanted}",
                        operands.map(f32::from_bits),
                        d[i],
                        f32::from_bits(d[i]),
                    );
                }
            }
        }
    }
}

#[test]
fn operand_count_knows_the_same_ops_as_kernel() {
    for op in (0..200).chain([u32::MAX]) {
        let known = kernel(op, crate::simd::instruction_set()).is_some();
        assert_eq!(known, operand_count(op).is_some(), "op {op}");
    }
}
