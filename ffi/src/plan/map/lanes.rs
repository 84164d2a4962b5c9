//! Loops over registers, sixteen elements at a time, each compiled once for
//! every instruction set.

#![allow(unsafe_code, reason = "operands lie in one arena, where references would alias")]

/// Elements that are computed at once. Registers are padded to it.
pub const LANES: usize = 16;

/// One op over `count` elements: destination, three operands and the count.
///
/// # Safety
///
/// Each operand that the op has, and the destination, have `count` elements,
/// rounded up to [`LANES`]. They are equal or do not overlap.
pub type Kernel = unsafe fn(*mut u32, *const u32, *const u32, *const u32, usize);

/// Compiles a function for each instruction set and takes that for `$set`.
/// `$body` must be inlined always.
macro_rules! compiled {
    ($set:expr, $body:path as fn($($name:ident: $kind:ty),*)) => {{
        #[allow(clippy::too_many_arguments)]
        unsafe fn baseline($($name: $kind),*) {
            // SAFETY: the caller's promise.
            unsafe { $body($($name),*) }
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        unsafe fn avx2($($name: $kind),*) {
            // SAFETY: the caller's promise.
            unsafe { $body($($name),*) }
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma,avx512f")]
        unsafe fn avx512($($name: $kind),*) {
            // SAFETY: the caller's promise.
            unsafe { $body($($name),*) }
        }
        let chosen: unsafe fn($($kind),*) = match $set {
            #[cfg(target_arch = "x86_64")]
            $crate::simd::InstructionSet::Avx2 => avx2,
            #[cfg(target_arch = "x86_64")]
            $crate::simd::InstructionSet::Avx512 => avx512,
            _ => baseline,
        };
        chosen
    }};
}
pub(crate) use compiled;

/// The sets that this machine can run.
#[cfg(test)]
pub fn possible_sets() -> Vec<crate::simd::InstructionSet> {
    use crate::simd::InstructionSet;
    let best = crate::simd::instruction_set();
    let all = [InstructionSet::Baseline, InstructionSet::Avx2, InstructionSet::Avx512];
    let count = all.iter().position(|set| *set == best).unwrap_or(0) + 1;
    all[..count].to_vec()
}

/// Sixteen elements from the `at`th on.
///
/// # Safety
///
/// They are there.
#[inline(always)]
pub unsafe fn lanes<T: Copy>(from: *const u32, at: usize) -> [T; LANES] {
    const { assert!(size_of::<T>() == 4 && align_of::<T>() == 4) };
    let place = from.wrapping_add(at).cast::<[T; LANES]>();
    // SAFETY: the caller's promise.
    unsafe { place.read() }
}

/// Writes sixteen elements from the `at`th on.
///
/// # Safety
///
/// There is room.
#[inline(always)]
pub unsafe fn put_lanes<T: Copy>(to: *mut u32, at: usize, lanes: [T; LANES]) {
    const { assert!(size_of::<T>() == 4 && align_of::<T>() == 4) };
    let place = to.wrapping_add(at).cast::<[T; LANES]>();
    // SAFETY: the caller's promise.
    unsafe { place.write(lanes) }
}

/// Of one operand.
///
/// # Safety
///
/// As of [`Kernel`].
#[inline(always)]
pub unsafe fn unary<A: Copy, D: Copy + Default>(
    d: *mut u32,
    a: *const u32,
    count: usize,
    function: impl Fn(A) -> D,
) {
    let mut at = 0;
    while at < count {
        // SAFETY: the caller's promise.
        let a: [A; LANES] = unsafe { lanes(a, at) };
        let mut result = [D::default(); LANES];
        for i in 0..LANES {
            result[i] = function(a[i]);
        }
        // SAFETY: the caller's promise.
        unsafe { put_lanes(d, at, result) };
        at += LANES;
    }
}

/// Of two operands.
///
/// # Safety
///
/// As of [`Kernel`].
#[inline(always)]
pub unsafe fn binary<A: Copy, D: Copy + Default>(
    d: *mut u32,
    a: *const u32,
    b: *const u32,
    count: usize,
    function: impl Fn(A, A) -> D,
) {
    let mut at = 0;
    while at < count {
        // SAFETY: the caller's promise.
        let a: [A; LANES] = unsafe { lanes(a, at) };
        // SAFETY: likewise.
        let b: [A; LANES] = unsafe { lanes(b, at) };
        let mut result = [D::default(); LANES];
        for i in 0..LANES {
            result[i] = function(a[i], b[i]);
        }
        // SAFETY: likewise.
        unsafe { put_lanes(d, at, result) };
        at += LANES;
    }
}

/// Of three operands.
///
/// # Safety
///
/// As of [`Kernel`].
#[inline(always)]
pub unsafe fn ternary<A: Copy, D: Copy + Default>(
    d: *mut u32,
    [a, b, c]: [*const u32; 3],
    count: usize,
    function: impl Fn(A, A, A) -> D,
) {
    let mut at = 0;
    while at < count {
        // SAFETY: the caller's promise.
        let a: [A; LANES] = unsafe { lanes(a, at) };
        // SAFETY: likewise.
        let b: [A; LANES] = unsafe { lanes(b, at) };
        // SAFETY: likewise.
        let c: [A; LANES] = unsafe { lanes(c, at) };
        let mut result = [D::default(); LANES];
        for i in 0..LANES {
            result[i] = function(a[i], b[i], c[i]);
        }
        // SAFETY: likewise.
        unsafe { put_lanes(d, at, result) };
        at += LANES;
    }
}

/// Of up to two operands, one element after the other and none beyond the
/// count: for functions that take long and become no vectors.
///
/// # Safety
///
/// As of [`Kernel`].
#[inline(always)]
pub unsafe fn one_by_one(
    d: *mut u32,
    a: *const u32,
    b: *const u32,
    count: usize,
    function: impl Fn(f64, f64) -> f64,
) {
    let float = |bits: u32| f64::from(f32::from_bits(bits));
    for at in 0..count {
        // SAFETY: the caller's promise.
        let a = unsafe { a.wrapping_add(at).read() };
        // SAFETY: likewise.
        let b = unsafe { b.wrapping_add(at).read() };
        let result = function(float(a), float(b)) as f32;
        // SAFETY: likewise.
        unsafe { d.wrapping_add(at).write(result.to_bits()) };
    }
}
