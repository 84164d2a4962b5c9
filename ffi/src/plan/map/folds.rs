//! Reductions of blocks: lanes within a block, totals of more bits across
//! blocks. Their order depends on the shape alone.

#![allow(unsafe_code, reason = "operands lie in one arena, where references would alias")]

use std::hint::black_box;

use super::fold_kinds::*;
use super::lanes::{LANES, lanes};
use crate::plan::opcodes::*;
use crate::simd::InstructionSet;

/// Lanes with one more element each.
#[inline(always)]
fn combined<F: Fold>(mut sums: [F::Lane; LANES], next: [u32; LANES]) -> [F::Lane; LANES] {
    for i in 0..LANES {
        sums[i] = F::combine(sums[i], F::lift(next[i]));
    }
    sums
}

/// All lanes, by halves.
#[inline(always)]
fn together<F: Fold>([even, odd]: [[F::Lane; LANES]; 2]) -> F::Lane {
    const HALF: usize = LANES / 2;
    let each =
        |i| F::combine(F::combine(even[i], odd[i]), F::combine(even[i + HALF], odd[i + HALF]));
    // Through memory: or what is left, by less than a vector, would make the
    // same of all before.
    let all: [F::Lane; HALF] = black_box(std::array::from_fn(each));
    let all: [F::Lane; 4] = std::array::from_fn(|i| F::combine(all[i], all[i + 4]));
    let all: [F::Lane; 2] = std::array::from_fn(|i| F::combine(all[i], all[i + 2]));
    F::combine(all[0], all[1])
}

/// Elements, combined.
///
/// # Safety
///
/// There are `count` of them.
#[inline(always)]
unsafe fn fold<F: Fold>(x: *const u32, count: usize) -> F::Lane {
    let mut rest = F::FIRST;
    let mut at = 0;
    if count >= LANES {
        let mut sums = [[F::FIRST; LANES]; 2];
        while at + LANES <= count {
            // SAFETY: the caller's promise.
            let next: [u32; LANES] = unsafe { lanes(x, at) };
            sums[0] = combined::<F>(sums[0], next);
            at += LANES;
            if at + LANES <= count {
                // SAFETY: likewise.
                let next: [u32; LANES] = unsafe { lanes(x, at) };
                sums[1] = combined::<F>(sums[1], next);
                at += LANES;
            }
        }
        rest = together::<F>(sums);
    }
    while at < count {
        // SAFETY: likewise.
        let bits = unsafe { x.wrapping_add(at).read() };
        rest = F::combine(rest, F::lift(bits));
        at += 1;
    }
    rest
}

/// Each row to one element of its own, `stride` after that of the row before.
///
/// # Safety
///
/// There are that many elements, and places for the results.
#[inline(always)]
unsafe fn fold_rows<F: Fold>(
    x: *const u32,
    rows: usize,
    columns: usize,
    out: *mut u32,
    stride: isize,
) {
    const GROUP: usize = 8;
    let mut row = 0;
    if columns < LANES {
        while row + GROUP <= rows {
            let mut group = [F::FIRST; GROUP];
            for j in 0..columns {
                for (i, lane) in group.iter_mut().enumerate() {
                    // SAFETY: the caller's promise.
                    let bits = unsafe { x.wrapping_add((row + i) * columns + j).read() };
                    *lane = F::combine(*lane, F::lift(bits));
                }
            }
            for (i, lane) in group.into_iter().enumerate() {
                let place = out.wrapping_offset((row + i) as isize * stride);
                // SAFETY: likewise.
                unsafe { place.write(F::lower(lane)) };
            }
            row += GROUP;
        }
    }
    while row < rows {
        // SAFETY: likewise.
        let result = unsafe { fold::<F>(x.wrapping_add(row * columns), columns) };
        // SAFETY: likewise.
        unsafe { out.wrapping_offset(row as isize * stride).write(F::lower(result)) };
        row += 1;
    }
}

/// All elements to one total.
///
/// # Safety
///
/// There are `count` elements, and nobody else uses the total.
#[inline(always)]
unsafe fn fold_all<F: Fold>(x: *const u32, count: usize, total: *mut u64) {
    // SAFETY: the caller's promise.
    let lane = unsafe { fold::<F>(x, count) };
    // SAFETY: likewise.
    unsafe { add::<F>(total, lane) };
}

/// # Safety
///
/// Nobody else uses the total.
#[inline(always)]
unsafe fn add<F: Fold>(total: *mut u64, lane: F::Lane) {
    // SAFETY: the caller's promise.
    let before = unsafe { total.read() };
    // SAFETY: likewise.
    unsafe { total.write(F::add(before, lane)) };
}

/// Sixteen neighbouring columns, combined.
///
/// # Safety
///
/// There are that many elements.
#[inline(always)]
unsafe fn fold_lanes<F: Fold>(x: *const u32, rows: usize, columns: usize) -> [F::Lane; LANES] {
    let mut sums = [F::FIRST; LANES];
    for row in 0..rows {
        // SAFETY: the caller's promise.
        let next: [u32; LANES] = unsafe { lanes(x, row * columns) };
        for i in 0..LANES {
            sums[i] = F::combine(sums[i], F::lift(next[i]));
        }
    }
    sums
}

/// Each column to its total.
///
/// # Safety
///
/// There are that many elements and totals, and nobody else uses these.
#[inline(always)]
unsafe fn fold_columns<F: Fold>(x: *const u32, rows: usize, columns: usize, totals: *mut u64) {
    if columns < LANES && rows >= 2 * LANES {
        // SAFETY: the caller's promise.
        unsafe { fold_few_columns::<F>(x, rows, columns, totals) };
        return;
    }
    let mut column = 0;
    while column + LANES <= columns {
        // SAFETY: likewise.
        let sums = unsafe { fold_lanes::<F>(x.wrapping_add(column), rows, columns) };
        for (i, lane) in sums.into_iter().enumerate() {
            // SAFETY: likewise.
            unsafe { add::<F>(totals.wrapping_add(column + i), lane) };
        }
        column += LANES;
    }
    while column < columns {
        let mut sum = F::FIRST;
        for row in 0..rows {
            // SAFETY: likewise.
            let bits = unsafe { x.wrapping_add(row * columns + column).read() };
            sum = F::combine(sum, F::lift(bits));
        }
        // SAFETY: likewise.
        unsafe { add::<F>(totals.wrapping_add(column), sum) };
        column += 1;
    }
}

/// Fewer columns than lanes: sixteen rows are taken for one.
///
/// # Safety
///
/// As of [`fold_columns`].
#[inline(always)]
unsafe fn fold_few_columns<F: Fold>(x: *const u32, rows: usize, columns: usize, totals: *mut u64) {
    let wide = columns * LANES;
    let mut sums = [F::FIRST; LANES * LANES];
    for (i, chunk) in sums.chunks_exact_mut(LANES).take(columns).enumerate() {
        // SAFETY: the caller's promise.
        let lanes = unsafe { fold_lanes::<F>(x.wrapping_add(i * LANES), rows / LANES, wide) };
        chunk.copy_from_slice(&lanes);
    }
    for column in 0..columns {
        let mut sum = F::FIRST;
        for part in sums[column..wide].iter().step_by(columns) {
            sum = F::combine(sum, *part);
        }
        for row in rows / LANES * LANES..rows {
            // SAFETY: likewise.
            let bits = unsafe { x.wrapping_add(row * columns + column).read() };
            sum = F::combine(sum, F::lift(bits));
        }
        // SAFETY: likewise.
        unsafe { add::<F>(totals.wrapping_add(column), sum) };
    }
}

/// Compiles a generic loop for each instruction set, and names the chooser.
macro_rules! compiled_folds {
    ($($chooser:ident: $body:ident($($name:ident: $kind:ty),*), $avx2:ident, $avx512:ident;)*) => {$(
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        unsafe fn $avx2<F: Fold>($($name: $kind),*) {
            // SAFETY: the caller's promise.
            unsafe { $body::<F>($($name),*) }
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma,avx512f")]
        unsafe fn $avx512<F: Fold>($($name: $kind),*) {
            // SAFETY: the caller's promise.
            unsafe { $body::<F>($($name),*) }
        }
        fn $chooser<F: Fold>(set: InstructionSet) -> unsafe fn($($kind),*) {
            match set {
                #[cfg(target_arch = "x86_64")]
                InstructionSet::Avx2 => $avx2::<F>,
                #[cfg(target_arch = "x86_64")]
                InstructionSet::Avx512 => $avx512::<F>,
                _ => $body::<F>,
            }
        }
    )*};
}

compiled_folds! {
    rows_kernel: fold_rows(
        x: *const u32, rows: usize, columns: usize, out: *mut u32, stride: isize
    ), rows_avx2, rows_avx512;
    all_kernel: fold_all(x: *const u32, count: usize, total: *mut u64), all_avx2, all_avx512;
    columns_kernel: fold_columns(
        x: *const u32, rows: usize, columns: usize, totals: *mut u64
    ), columns_avx2, columns_avx512;
}

/// How blocks are reduced.
#[derive(Clone, Copy)]
pub struct FoldKernels {
    /// The total of nothing.
    pub start: u64,
    /// What is stored for a total.
    pub finish: fn(u64) -> u32,
    /// Elements, rows, columns, results, their stride.
    pub rows: unsafe fn(*const u32, usize, usize, *mut u32, isize),
    /// Elements, their count, the total.
    pub all: unsafe fn(*const u32, usize, *mut u64),
    /// Elements, rows, columns, totals.
    pub columns: unsafe fn(*const u32, usize, usize, *mut u64),
}

fn kernels<F: Fold>(set: InstructionSet) -> FoldKernels {
    FoldKernels {
        start: F::START,
        finish: F::finish,
        rows: rows_kernel::<F>(set),
        all: all_kernel::<F>(set),
        columns: columns_kernel::<F>(set),
    }
}

/// The kernels of a kind of store; `None` where it is no reduction.
pub fn fold_kernels(kind: u32, set: InstructionSet) -> Option<FoldKernels> {
    Some(match kind {
        STORE_SUM_F32 => kernels::<Sums>(set),
        STORE_MAX_F32 => kernels::<Largest>(set),
        STORE_MIN_F32 => kernels::<Smallest>(set),
        STORE_PRODUCT_F32 => kernels::<Products>(set),
        STORE_SUM_I32 => kernels::<WholeSums>(set),
        STORE_MAX_I32 => kernels::<WholeLargest>(set),
        STORE_MIN_I32 => kernels::<WholeSmallest>(set),
        STORE_PRODUCT_I32 => kernels::<WholeProducts>(set),
        _ => return None,
    })
}
