//! What each op computes, as tfjs's kernels for the cpu do.

#![allow(unsafe_code, reason = "calls loops over raw memory")]

use super::lanes::{Kernel, binary, compiled, one_by_one, ternary, unary};
use super::scalars::*;
use crate::plan::math;
use crate::plan::opcodes::*;
use crate::simd::InstructionSet;

/// `kernels! { f32 => f32 { OP_ADD: |a, b| a + b; } }`: a function that finds
/// kernels by opcode. The number of arguments chooses the loop.
macro_rules! kernels {
    ($finder:ident: $($from:ident => $to:ident {
        $($op:ident: |$($argument:ident),*| $body:expr;)*
    })*) => {
        fn $finder(op: u32, set: InstructionSet) -> Option<Kernel> {
            Some(match op {
                $($($op => {
                    /// # Safety
                    ///
                    /// As of [`Kernel`].
                    #[inline(always)]
                    unsafe fn body(
                        d: *mut u32,
                        a: *const u32,
                        b: *const u32,
                        c: *const u32,
                        count: usize,
                    ) {
                        kernels!(@loop d a b c count, $from, $to, |$($argument),*| $body)
                    }
                    compiled!(set, body as fn(
                        d: *mut u32,
                        a: *const u32,
                        b: *const u32,
                        c: *const u32,
                        count: usize
                    ))
                })*)*
                _ => return None,
            })
        }
    };
    (@loop $d:ident $a:ident $b:ident $c:ident $count:ident, $from:ident, $to:ident,
        |$x:ident| $body:expr) => {{
        let _ = ($b, $c);
        // SAFETY: the caller's promise.
        unsafe { unary($d, $a, $count, |$x: $from| -> $to { $body }) }
    }};
    (@loop $d:ident $a:ident $b:ident $c:ident $count:ident, f64, f64,
        |$x:ident, $y:ident| $body:expr) => {{
        let _ = $c;
        // SAFETY: the caller's promise.
        unsafe { one_by_one($d, $a, $b, $count, |$x: f64, $y: f64| -> f64 { $body }) }
    }};
    (@loop $d:ident $a:ident $b:ident $c:ident $count:ident, $from:ident, $to:ident,
        |$x:ident, $y:ident| $body:expr) => {{
        let _ = $c;
        // SAFETY: the caller's promise.
        unsafe { binary($d, $a, $b, $count, |$x: $from, $y: $from| -> $to { $body }) }
    }};
    (@loop $d:ident $a:ident $b:ident $c:ident $count:ident, $from:ident, $to:ident,
        |$x:ident, $y:ident, $z:ident| $body:expr) => {
        // SAFETY: the caller's promise.
        unsafe {
            ternary($d, [$a, $b, $c], $count, |$x: $from, $y: $from, $z: $from| -> $to { $body })
        }
    };
}

kernels! { of_floats:
    f32 => f32 {
        OP_ADD: |a, b| a + b;
        OP_SUB: |a, b| a - b;
        OP_MUL: |a, b| a * b;
        OP_DIV: |a, b| a / b;
        OP_MAX: |a, b| larger(a, b);
        OP_MIN: |a, b| smaller(a, b);
        OP_FLOOR_DIV: |a, b| (f64::from(a) / f64::from(b)).floor() as f32;
        OP_SQUARED_DIFFERENCE: |a, b| (a - b) * (a - b);
        OP_CLIP: |x, low, high| if x > high { high } else if x < low { low } else { x };
        OP_MULTIPLY_ADD: |a, b, c| a * b + c;
        OP_STEP: |x, below| step(x, below);
        OP_NEG: |x| -x;
        OP_ABS: |x| x.abs();
        OP_SQRT: |x| x.sqrt();
        OP_RSQRT: |x| 1.0 / x.sqrt();
        OP_RECIPROCAL: |x| 1.0 / x;
        OP_SQUARE: |x| x * x;
        OP_EXP: |x| math::exp(x);
        OP_EXPM1: |x| math::expm1(x);
        OP_LOG: |x| math::log(x);
        OP_LOG1P: |x| math::log1p(x);
        OP_TANH: |x| math::tanh(x);
        OP_SIGMOID: |x| math::sigmoid(x);
        OP_SOFTPLUS: |x| math::softplus(x);
        OP_ERF: |x| math::erf(x);
        OP_RELU: |x| larger(0.0, x);
        OP_RELU6: |x| smaller(larger(0.0, x), 6.0);
        OP_ELU: |x| if x >= 0.0 { x } else { math::expm1(x) };
        OP_SELU: |x| selu(x);
        OP_SIGN: |x| if x < 0.0 { -1.0 } else if x > 0.0 { 1.0 } else { 0.0 };
        OP_FLOOR: |x| x.floor();
        OP_CEIL: |x| x.ceil();
        OP_ROUND: |x| round(x);
    }
    f32 => i32 {
        OP_EQ: |a, b| i32::from(a == b);
        OP_NE: |a, b| i32::from(a != b);
        OP_LT: |a, b| i32::from(a < b);
        OP_LE: |a, b| i32::from(a <= b);
        OP_GT: |a, b| i32::from(a > b);
        OP_GE: |a, b| i32::from(a >= b);
        OP_IS_NAN: |x| i32::from(x.is_nan());
        OP_IS_INF: |x| i32::from(x.abs() == f32::INFINITY);
        OP_IS_FINITE: |x| i32::from(x.abs() < f32::INFINITY);
        OP_F_TO_I: |x| whole(x);
        OP_F_TO_BOOL: |x| i32::from(x != 0.0);
    }
    i32 => f32 {
        OP_I_TO_F: |x| x as f32;
    }
}

kernels! { of_whole_numbers:
    i32 => i32 {
        OP_ADD_I: |a, b| a.wrapping_add(b);
        OP_SUB_I: |a, b| a.wrapping_sub(b);
        OP_MUL_I: |a, b| a.wrapping_mul(b);
        OP_MAX_I: |a, b| if a > b { a } else { b };
        OP_MIN_I: |a, b| if a < b { a } else { b };
        OP_FLOOR_DIV_I: |a, b| floor_division(a, b);
        OP_MOD_I: |a, b| floor_rest(a, b);
        OP_EQ_I: |a, b| i32::from(a == b);
        OP_NE_I: |a, b| i32::from(a != b);
        OP_LT_I: |a, b| i32::from(a < b);
        OP_LE_I: |a, b| i32::from(a <= b);
        OP_GT_I: |a, b| i32::from(a > b);
        OP_GE_I: |a, b| i32::from(a >= b);
        OP_NEG_I: |x| x.wrapping_neg();
        OP_ABS_I: |x| x.wrapping_abs();
        OP_SQUARE_I: |x| x.wrapping_mul(x);
        OP_SIGN_I: |x| i32::from(x > 0) - i32::from(x < 0);
        OP_AND: |a, b| i32::from(a != 0) & i32::from(b != 0);
        OP_OR: |a, b| i32::from((a | b) != 0);
        OP_NOT: |x| i32::from(x == 0);
        OP_SELECT: |test, yes, no| if test != 0 { yes } else { no };
        OP_I_TO_BOOL: |x| i32::from(x != 0);
    }
}

kernels! { of_doubles:
    f64 => f64 {
        OP_POW: |a, b| power(a, b);
        OP_ATAN2: |a, b| libm::atan2(a, b);
        OP_MOD: |a, b| floor_remainder(a, b);
        OP_SIN: |x, _y| libm::sin(x);
        OP_COS: |x, _y| libm::cos(x);
        OP_TAN: |x, _y| libm::tan(x);
        OP_ASIN: |x, _y| libm::asin(x);
        OP_ACOS: |x, _y| libm::acos(x);
        OP_ATAN: |x, _y| libm::atan(x);
        OP_SINH: |x, _y| libm::sinh(x);
        OP_COSH: |x, _y| libm::cosh(x);
        OP_ASINH: |x, _y| libm::asinh(x);
        OP_ACOSH: |x, _y| libm::acosh(x);
        OP_ATANH: |x, _y| libm::atanh(x);
    }
}

/// The kernel of an op; `None` where there is no such op.
pub fn kernel(op: u32, set: InstructionSet) -> Option<Kernel> {
    of_floats(op, set).or_else(|| of_whole_numbers(op, set)).or_else(|| of_doubles(op, set))
}
