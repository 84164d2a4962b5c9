//! The words of a plan: numbers that TypeScript writes and Rust reads.

use crate::abi::Fault;
use crate::shared_constants;

impl Fault {
    /// TypeError: the words are no plan, or touch what lies outside of the
    /// arena.
    pub const PLAN_WORDS: Fault = Fault(-40);
    /// RangeError: too many plans are open, expected 16384 at most.
    pub const PLAN_HANDLES: Fault = Fault(-41);
    /// RangeError: an index that is gathered lies outside of its axis.
    pub const PLAN_INDEX: Fault = Fault(-42);
    /// TypeError: the arena is not as long as the plan says.
    pub const PLAN_ARENA: Fault = Fault(-43);
}

shared_constants! {
    /// First word of a plan.
    PLAN_MAGIC: u32 = 0x4c50_414e;
    /// Second word of a plan: the version of what follows.
    PLAN_VERSION: u32 = 1;
    /// Most dimensions of a map.
    PLAN_MAX_RANK: usize = 6;
    /// Most registers of a map.
    PLAN_MAX_REGISTERS: usize = 64;

    /// Opcode: computes element by element, and may reduce.
    PLAN_MAP: u32 = 1;
    /// Opcode: multiplies matrices.
    PLAN_PRODUCT: u32 = 2;
    /// Opcode: picks slices by index.
    PLAN_GATHER: u32 = 3;
    /// Opcode: adds slices up by index.
    PLAN_SCATTER_ADD: u32 = 4;
    /// Opcode: finds the first extreme element.
    PLAN_ARG: u32 = 5;
    /// Opcode: sums or products of all elements so far.
    PLAN_SCAN: u32 = 6;

    /// Flag of a product: the next instruction is a map that runs row by row.
    PRODUCT_EPILOGUE: u32 = 1;

    /// Load of a map: elements of the arena.
    LOAD_MEMORY: u32 = 0;
    /// Load of a map: whole numbers, from the offset in steps of the strides.
    LOAD_IOTA: u32 = 1;

    /// Store of a map: floats.
    STORE_F32: u32 = 0;
    /// Store of a map: whole numbers.
    STORE_I32: u32 = 1;
    /// Store of a map: sums of floats over dimensions of stride 0.
    STORE_SUM_F32: u32 = 2;
    /// Store of a map: the largest float, or NaN where there is one.
    STORE_MAX_F32: u32 = 3;
    /// Store of a map: the smallest float, or NaN where there is one.
    STORE_MIN_F32: u32 = 4;
    /// Store of a map: products of floats.
    STORE_PRODUCT_F32: u32 = 5;
    /// Store of a map: sums of whole numbers, which wrap around.
    STORE_SUM_I32: u32 = 6;
    /// Store of a map: the largest whole number.
    STORE_MAX_I32: u32 = 7;
    /// Store of a map: the smallest whole number.
    STORE_MIN_I32: u32 = 8;
    /// Store of a map: products of whole numbers, which wrap around.
    STORE_PRODUCT_I32: u32 = 9;

    /// Kind of an argument: where the largest element is.
    ARG_MAX: u32 = 0;
    /// Kind of an argument: where the smallest element is.
    ARG_MIN: u32 = 1;
    /// Kind of a scan: sums.
    SCAN_SUM: u32 = 0;
    /// Kind of a scan: products.
    SCAN_PRODUCT: u32 = 1;
    /// Type of elements: floats.
    DTYPE_F32: u32 = 0;
    /// Type of elements: whole numbers.
    DTYPE_I32: u32 = 1;
}

shared_constants! {
    /// a + b.
    OP_ADD: u32 = 0;
    /// a - b.
    OP_SUB: u32 = 1;
    /// a b.
    OP_MUL: u32 = 2;
    /// a / b.
    OP_DIV: u32 = 3;
    /// The larger, NaN where either is, 0 rather than -0.
    OP_MAX: u32 = 4;
    /// The smaller, NaN where either is, -0 rather than 0.
    OP_MIN: u32 = 5;
    /// a to the power of b.
    OP_POW: u32 = 6;
    /// The angle of the point (b, a).
    OP_ATAN2: u32 = 7;
    /// The rest of a / b, of b's sign.
    OP_MOD: u32 = 8;
    /// a / b rounded down.
    OP_FLOOR_DIV: u32 = 9;
    /// (a - b)^2.
    OP_SQUARED_DIFFERENCE: u32 = 10;
    /// Whether a = b: 1 or 0, as all comparisons.
    OP_EQ: u32 = 11;
    /// Whether a and b differ.
    OP_NE: u32 = 12;
    /// Whether a < b.
    OP_LT: u32 = 13;
    /// Whether a <= b.
    OP_LE: u32 = 14;
    /// Whether a > b.
    OP_GT: u32 = 15;
    /// Whether a >= b.
    OP_GE: u32 = 16;

    /// a + b of whole numbers; all of these wrap around.
    OP_ADD_I: u32 = 20;
    /// a - b of whole numbers.
    OP_SUB_I: u32 = 21;
    /// a b of whole numbers.
    OP_MUL_I: u32 = 22;
    /// The larger whole number.
    OP_MAX_I: u32 = 23;
    /// The smaller whole number.
    OP_MIN_I: u32 = 24;
    /// a / b rounded down; 0 where b is 0.
    OP_FLOOR_DIV_I: u32 = 25;
    /// The rest of a / b, of b's sign; 0 where b is 0.
    OP_MOD_I: u32 = 26;
    /// Whether whole numbers are equal.
    OP_EQ_I: u32 = 27;
    /// Whether whole numbers differ.
    OP_NE_I: u32 = 28;
    /// Whether a < b, of whole numbers.
    OP_LT_I: u32 = 29;
    /// Whether a <= b, of whole numbers.
    OP_LE_I: u32 = 30;
    /// Whether a > b, of whole numbers.
    OP_GT_I: u32 = 31;
    /// Whether a >= b, of whole numbers.
    OP_GE_I: u32 = 32;
    /// -a of a whole number.
    OP_NEG_I: u32 = 33;
    /// |a| of a whole number.
    OP_ABS_I: u32 = 34;
    /// a^2 of a whole number.
    OP_SQUARE_I: u32 = 35;
    /// -1, 0 or 1, of a whole number.
    OP_SIGN_I: u32 = 36;

    /// Whether neither is 0.
    OP_AND: u32 = 40;
    /// Whether either is not 0.
    OP_OR: u32 = 41;
    /// Whether a is 0.
    OP_NOT: u32 = 42;
    /// b where a is not 0, else c: any four bytes.
    OP_SELECT: u32 = 43;
    /// a, but c where it is above that, else b where it is below that.
    OP_CLIP: u32 = 44;
    /// a b + c, rounded twice.
    OP_MULTIPLY_ADD: u32 = 45;
    /// 1 where a > 0, NaN where it is that, else b.
    OP_STEP: u32 = 46;
}

shared_constants! {
    /// -a.
    OP_NEG: u32 = 50;
    /// |a|.
    OP_ABS: u32 = 51;
    /// The square root of a.
    OP_SQRT: u32 = 52;
    /// 1 / the square root of a.
    OP_RSQRT: u32 = 53;
    /// 1 / a.
    OP_RECIPROCAL: u32 = 54;
    /// a^2.
    OP_SQUARE: u32 = 55;
    /// e^a.
    OP_EXP: u32 = 56;
    /// e^a - 1.
    OP_EXPM1: u32 = 57;
    /// The natural logarithm of a.
    OP_LOG: u32 = 58;
    /// The natural logarithm of 1 + a.
    OP_LOG1P: u32 = 59;
    /// The hyperbolic tangent of a.
    OP_TANH: u32 = 60;
    /// 1 / (1 + e^-a).
    OP_SIGMOID: u32 = 61;
    /// The natural logarithm of 1 + e^a.
    OP_SOFTPLUS: u32 = 62;
    /// The error function of a.
    OP_ERF: u32 = 63;
    /// a where it is above 0, else 0.
    OP_RELU: u32 = 64;
    /// The rectified a, 6 at most.
    OP_RELU6: u32 = 65;
    /// a from 0 on, e^a - 1 below.
    OP_ELU: u32 = 66;
    /// The scaled exponential linear unit of a.
    OP_SELU: u32 = 67;
    /// -1, 0 or 1; 0 for NaN.
    OP_SIGN: u32 = 68;
    /// a rounded down.
    OP_FLOOR: u32 = 69;
    /// a rounded up.
    OP_CEIL: u32 = 70;
    /// The nearest whole number, the even one of two.
    OP_ROUND: u32 = 71;
    /// Sine.
    OP_SIN: u32 = 72;
    /// Cosine.
    OP_COS: u32 = 73;
    /// Tangent.
    OP_TAN: u32 = 74;
    /// Inverse sine.
    OP_ASIN: u32 = 75;
    /// Inverse cosine.
    OP_ACOS: u32 = 76;
    /// Inverse tangent.
    OP_ATAN: u32 = 77;
    /// Hyperbolic sine.
    OP_SINH: u32 = 78;
    /// Hyperbolic cosine.
    OP_COSH: u32 = 79;
    /// Inverse hyperbolic sine.
    OP_ASINH: u32 = 80;
    /// Inverse hyperbolic cosine.
    OP_ACOSH: u32 = 81;
    /// Inverse hyperbolic tangent.
    OP_ATANH: u32 = 82;
    /// Whether a is NaN: 1 or 0.
    OP_IS_NAN: u32 = 83;
    /// Whether a is infinite.
    OP_IS_INF: u32 = 84;
    /// Whether a is neither NaN nor infinite.
    OP_IS_FINITE: u32 = 85;
    /// The whole number towards 0, modulo 2^32; 0 for NaN and infinities.
    OP_F_TO_I: u32 = 90;
    /// The nearest float.
    OP_I_TO_F: u32 = 91;
    /// Whether a float is not 0: 1 or 0.
    OP_F_TO_BOOL: u32 = 92;
    /// Whether a whole number is not 0: 1 or 0.
    OP_I_TO_BOOL: u32 = 93;
}

/// How many registers an op reads; `None` where there is no such op.
pub fn operand_count(op: u32) -> Option<usize> {
    match op {
        OP_SELECT | OP_CLIP | OP_MULTIPLY_ADD => Some(3),
        OP_ADD..=OP_GE | OP_ADD_I..=OP_GE_I | OP_AND | OP_OR | OP_STEP => Some(2),
        OP_NEG_I..=OP_SIGN_I | OP_NOT | OP_NEG..=OP_IS_FINITE | OP_F_TO_I..=OP_I_TO_BOOL => Some(1),
        _ => None,
    }
}
