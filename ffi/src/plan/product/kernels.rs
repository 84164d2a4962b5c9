//! The innermost loops, written once over any vector and blocks of constant
//! size, which LLVM keeps in registers, and compiled for each instruction set.
//!
//! An element is one sum in the order of `k` in strips, and one sum a lane in
//! dots, wherever it lies in a block: blocks and threads do not change it.

use super::vectors::{Vector, plus, store_four, turn};
use crate::simd::InstructionSet;

/// Rows of C: a few rows of A times panels of B.
#[derive(Clone, Copy)]
pub struct Strip {
    /// Terms of each sum.
    pub depth: usize,
    /// A's first element, and its distance to the next row and column.
    pub a: *const f32,
    pub a_row: isize,
    pub a_column: isize,
    /// B's first element, and its distance to the next row and panel.
    pub b: *const f32,
    pub b_row: isize,
    pub b_panel: isize,
    /// Whether the last panel of B is filled up with zeros. If not, panels are
    /// neighbours, and columns at least as many as lanes.
    pub filled: bool,
    /// Columns of C.
    pub columns: usize,
    /// C's first element, and its distance to the next row.
    pub c: *mut f32,
    pub c_row: isize,
    /// Whether to add to what C holds. Panels must be filled.
    pub resume: bool,
}

/// Products of rows with at most four others, along which memory is contiguous.
#[derive(Clone, Copy)]
pub struct Dots {
    /// Terms of each sum.
    pub depth: usize,
    /// The first row, the distance to the next, and how many there are.
    pub a: *const f32,
    pub a_row: isize,
    pub rows: usize,
    /// The first of the others, and the distance to the next.
    pub b: *const f32,
    pub b_column: isize,
    /// C's first element, and its distance to the next row and column.
    pub c: *mut f32,
    pub c_row: isize,
    pub c_column: isize,
}

type StripKernel = unsafe fn(&Strip);
type DotsKernel = unsafe fn(&Dots);

/// The loops for one instruction set.
pub struct Kernels {
    /// Numbers in a vector.
    pub lanes: usize,
    /// Columns of a panel.
    pub panel: usize,
    /// For strips of 1, 2, ... rows.
    pub strips: &'static [StripKernel],
    /// For dots with 1, 2, ... others.
    pub dots: &'static [DotsKernel],
}

impl Kernels {
    /// The loops for an instruction set, which the processor must have.
    pub fn of(set: InstructionSet) -> &'static Self {
        match set {
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => &avx512::KERNELS,
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => &avx2::KERNELS,
            _ => &baseline::KERNELS,
        }
    }
}

/// Copies fewer than 64 numbers, where a call would take longer.
///
/// # Safety
/// As many are readable and writable, and do not overlap.
#[inline(always)]
unsafe fn copy_short(from: *const f32, to: *mut f32, count: usize) {
    // SAFETY: the caller's promise: pieces of 32, 16, 8, 4, 2 and 1 make up
    // the count.
    let (from, to) = unsafe { copy_piece::<32>(from, to, count) };
    // SAFETY: likewise.
    let (from, to) = unsafe { copy_piece::<16>(from, to, count) };
    // SAFETY: likewise.
    let (from, to) = unsafe { copy_piece::<8>(from, to, count) };
    // SAFETY: likewise.
    let (from, to) = unsafe { copy_piece::<4>(from, to, count) };
    // SAFETY: likewise.
    let (from, to) = unsafe { copy_piece::<2>(from, to, count) };
    // SAFETY: likewise.
    unsafe { copy_piece::<1>(from, to, count) };
}

/// Copies a piece if it is part of the count, and goes on behind it.
///
/// # Safety
/// The piece is readable and writable if it is part of the count.
#[inline(always)]
unsafe fn copy_piece<const LENGTH: usize>(
    from: *const f32,
    to: *mut f32,
    count: usize,
) -> (*const f32, *mut f32) {
    if count & LENGTH == 0 {
        return (from, to);
    }
    // SAFETY: the caller's promise; numbers may lie anywhere.
    let piece = unsafe { from.cast::<[f32; LENGTH]>().read_unaligned() };
    // SAFETY: likewise.
    unsafe { to.cast::<[f32; LENGTH]>().write_unaligned(piece) };
    (from.wrapping_add(LENGTH), to.wrapping_add(LENGTH))
}

/// `ROWS` by `VECTORS` vectors of elements, held in registers.
///
/// # Safety
/// As of [`Strip`], from these places on, and of [`Vector`].
#[inline(always)]
unsafe fn tile<V: Vector, const ROWS: usize, const VECTORS: usize>(
    strip: &Strip,
    b: *const f32,
    c: *mut f32,
    c_row: isize,
) {
    let place = |i, v| c.wrapping_offset(c_row * i as isize).wrapping_add(v * V::LANES);
    // SAFETY: the caller's promise.
    let mut sums = [[unsafe { V::splat(0.0) }; VECTORS]; ROWS];
    if strip.resume {
        for (i, row) in sums.iter_mut().enumerate() {
            for (v, sum) in row.iter_mut().enumerate() {
                // SAFETY: the tile lies in C.
                *sum = unsafe { V::load(place(i, v)) };
            }
        }
    }
    let (mut a, mut b) = (strip.a, b);
    for _ in 0..strip.depth {
        // SAFETY: the panel's row lies in B.
        let right: [V; VECTORS] =
            std::array::from_fn(|v| unsafe { V::load(b.wrapping_add(v * V::LANES)) });
        for (i, row) in sums.iter_mut().enumerate() {
            // SAFETY: the row's element lies in A.
            let left = unsafe { a.wrapping_offset(strip.a_row * i as isize).read() };
            // SAFETY: the caller's promise.
            let left = unsafe { V::splat(left) };
            for (sum, right) in row.iter_mut().zip(right) {
                // SAFETY: likewise.
                *sum = unsafe { left.multiply_add(right, *sum) };
            }
        }
        a = a.wrapping_offset(strip.a_column);
        b = b.wrapping_offset(strip.b_row);
    }
    for (i, row) in sums.into_iter().enumerate() {
        for (v, sum) in row.into_iter().enumerate() {
            // SAFETY: the tile lies in C.
            unsafe { sum.store(place(i, v)) };
        }
    }
}

/// A tile of which only the first columns are C's.
///
/// # Safety
/// As of [`Strip`], from these places on, and of [`Vector`].
#[inline(always)]
unsafe fn edge<V: Vector, const ROWS: usize, const VECTORS: usize>(
    strip: &Strip,
    b: *const f32,
    c: *mut f32,
    columns: usize,
) {
    // SAFETY: the caller's promise.
    let mut whole = [[unsafe { V::splat(0.0) }; VECTORS]; ROWS];
    if strip.resume {
        for (i, row) in whole.iter_mut().enumerate() {
            let c = c.wrapping_offset(strip.c_row * i as isize);
            // SAFETY: the columns lie in C, and are fewer than the row's.
            unsafe { copy_short(c, row.as_mut_ptr().cast(), columns) };
        }
    }
    let start = whole.as_mut_ptr().cast();
    // SAFETY: a whole tile lies there; panels are filled.
    unsafe { tile::<V, ROWS, VECTORS>(strip, b, start, (VECTORS * V::LANES) as isize) };
    for (i, row) in whole.iter().enumerate() {
        let c = c.wrapping_offset(strip.c_row * i as isize);
        // SAFETY: the columns lie in C, and are fewer than the row's.
        unsafe { copy_short(row.as_ptr().cast(), c, columns) };
    }
}

/// All columns of `ROWS` rows: tiles of `WIDE` vectors while B is contiguous,
/// which keeps as many sums under way as hide the latency of few rows, then of
/// `VECTORS`.
///
/// # Safety
/// As of [`Strip`] and [`Vector`].
#[inline(always)]
unsafe fn strip<V: Vector, const ROWS: usize, const WIDE: usize, const VECTORS: usize>(
    strip: &Strip,
) {
    if strip.filled {
        // SAFETY: the caller's promise.
        unsafe { filled_strip::<V, ROWS, VECTORS>(strip) };
        return;
    }
    let columns = strip.columns;
    let (wide, panel) = (WIDE * V::LANES, VECTORS * V::LANES);
    let place = |column| (strip.b.wrapping_add(column), strip.c.wrapping_add(column));
    let mut done = 0;
    while WIDE > VECTORS && columns - done >= wide {
        let (b, c) = place(done);
        // SAFETY: as many columns are left.
        unsafe { tile::<V, ROWS, WIDE>(strip, b, c, strip.c_row) };
        done += wide;
    }
    while columns - done > V::LANES && columns >= panel {
        // The last tile reaches back over columns that are done already, and
        // gives them the same values.
        let start = done.min(columns - panel);
        let (b, c) = place(start);
        // SAFETY: there are as many columns.
        unsafe { tile::<V, ROWS, VECTORS>(strip, b, c, strip.c_row) };
        done = start + panel;
    }
    while done < columns {
        let start = done.min(columns - V::LANES);
        let (b, c) = place(start);
        // SAFETY: there are as many columns.
        unsafe { tile::<V, ROWS, 1>(strip, b, c, strip.c_row) };
        done = start + V::LANES;
    }
}

/// # Safety
/// As of [`strip`], where panels are filled.
#[inline(always)]
unsafe fn filled_strip<V: Vector, const ROWS: usize, const VECTORS: usize>(strip: &Strip) {
    let (mut b, mut c, mut left) = (strip.b, strip.c, strip.columns);
    while left >= VECTORS * V::LANES {
        // SAFETY: as many columns are left.
        unsafe { tile::<V, ROWS, VECTORS>(strip, b, c, strip.c_row) };
        b = b.wrapping_offset(strip.b_panel);
        c = c.wrapping_add(VECTORS * V::LANES);
        left -= VECTORS * V::LANES;
    }
    if left > V::LANES {
        // SAFETY: as many columns are left, and the panel is filled.
        unsafe { edge::<V, ROWS, VECTORS>(strip, b, c, left) };
    } else if left > 0 {
        // SAFETY: likewise.
        unsafe { edge::<V, ROWS, 1>(strip, b, c, left) };
    }
}

/// Adds as many terms as lanes to each of `ROWS` times `COLUMNS` dots.
///
/// # Safety
/// As of [`Vector`]; vectors are readable at these places.
#[inline(always)]
unsafe fn add_terms<V: Vector, const ROWS: usize, const COLUMNS: usize>(
    sums: &mut [[V; COLUMNS]; ROWS],
    left: impl Fn(usize) -> *const f32,
    right: impl Fn(usize) -> *const f32,
) {
    // SAFETY: the caller's promise.
    let right: [V; COLUMNS] = std::array::from_fn(|j| unsafe { V::load(right(j)) });
    for (i, row) in sums.iter_mut().enumerate() {
        // SAFETY: likewise.
        let left = unsafe { V::load(left(i)) };
        for (sum, right) in row.iter_mut().zip(right) {
            // SAFETY: likewise.
            *sum = unsafe { left.multiply_add(right, *sum) };
        }
    }
}

/// `ROWS` times `COLUMNS` dots.
///
/// # Safety
/// As of [`Dots`], from these places on, and of [`Vector`].
#[inline(always)]
unsafe fn block_of_dots<V: Vector, const ROWS: usize, const COLUMNS: usize>(
    dots: &Dots,
    a: *const f32,
    c: *mut f32,
) {
    // SAFETY: the caller's promise.
    let zero = unsafe { V::splat(0.0) };
    let mut sums = [[zero; COLUMNS]; ROWS];
    let (mut a, mut b) = (a, dots.b);
    for _ in 0..dots.depth / V::LANES {
        let left = |i| a.wrapping_offset(dots.a_row * i as isize);
        let right = |j| b.wrapping_offset(dots.b_column * j as isize);
        // SAFETY: as many terms are left.
        unsafe { add_terms(&mut sums, left, right) };
        a = a.wrapping_add(V::LANES);
        b = b.wrapping_add(V::LANES);
    }
    let rest = dots.depth % V::LANES;
    if rest > 0 {
        let (mut lefts, mut rights) = ([zero; ROWS], [zero; COLUMNS]);
        for (i, left) in lefts.iter_mut().enumerate() {
            let from = a.wrapping_offset(dots.a_row * i as isize);
            // SAFETY: as many terms are left, and fewer than lanes.
            unsafe { copy_short(from, (&raw mut *left).cast(), rest) };
        }
        for (j, right) in rights.iter_mut().enumerate() {
            let from = b.wrapping_offset(dots.b_column * j as isize);
            // SAFETY: likewise.
            unsafe { copy_short(from, (&raw mut *right).cast(), rest) };
        }
        let left = |i: usize| (&raw const lefts[i]).cast();
        let right = |j: usize| (&raw const rights[j]).cast();
        // SAFETY: whole vectors lie there.
        unsafe { add_terms(&mut sums, left, right) };
    }
    let sums = sums.as_flattened();
    let mut first = 0;
    while first < ROWS * COLUMNS {
        // SAFETY: the caller's promise.
        let four = |i| unsafe { sums.get(first + i).unwrap_or(&zero).fours() };
        let [one, two, three, four] = turn(std::array::from_fn(four));
        let mut found = [0.0; 4];
        // SAFETY: there is room for four.
        unsafe { store_four(plus(plus(one, two), plus(three, four)), found.as_mut_ptr()) };
        for (i, sum) in found.into_iter().enumerate().take(ROWS * COLUMNS - first) {
            let (row, column) = ((first + i) / COLUMNS, (first + i) % COLUMNS);
            let c = c.wrapping_offset(dots.c_row * row as isize + dots.c_column * column as isize);
            // SAFETY: the element lies in C.
            unsafe { c.write(sum) };
        }
        first += 4;
    }
}

/// All rows with `COLUMNS` others, `ROWS` at a time.
///
/// # Safety
/// As of [`Dots`] and [`Vector`].
#[inline(always)]
unsafe fn dots<V: Vector, const ROWS: usize, const COLUMNS: usize>(dots: &Dots) {
    let mut row = 0;
    while row < dots.rows {
        let a = dots.a.wrapping_offset(dots.a_row * row as isize);
        let c = dots.c.wrapping_offset(dots.c_row * row as isize);
        if dots.rows - row >= ROWS {
            // SAFETY: as many rows are left.
            unsafe { block_of_dots::<V, ROWS, COLUMNS>(dots, a, c) };
            row += ROWS;
        } else {
            // SAFETY: one more row is left.
            unsafe { block_of_dots::<V, 1, COLUMNS>(dots, a, c) };
            row += 1;
        }
    }
}

/// Compiles the loops for an instruction set: its vector, vectors of a panel,
/// for each number of rows the vectors of its widest tile, and for each number
/// of dots' columns the rows at a time.
macro_rules! compile {
    (
        $name:ident, $vector:ty, $vectors:literal,
        [$($rows:literal: $wide:literal),*], [$($columns:literal: $height:literal),*]
        $(, #[$feature:meta])?
    ) => {
        pub(super) mod $name {
            use super::{Dots, Kernels, Strip, Vector};

            pub static KERNELS: Kernels = Kernels {
                lanes: <$vector>::LANES,
                panel: $vectors * <$vector>::LANES,
                strips: &[$(strip::<$rows, $wide>),*],
                dots: &[$(dots::<$height, $columns>),*],
            };

            $(#[$feature])?
            unsafe fn strip<const ROWS: usize, const WIDE: usize>(strip: &Strip) {
                // SAFETY: the caller's promise.
                unsafe { super::strip::<$vector, ROWS, WIDE, $vectors>(strip) }
            }

            $(#[$feature])?
            unsafe fn dots<const ROWS: usize, const COLUMNS: usize>(dots: &Dots) {
                // SAFETY: the caller's promise.
                unsafe { super::dots::<$vector, ROWS, COLUMNS>(dots) }
            }
        }
    };
}

// 16 registers, of which a product and a broadcast take some.
#[cfg(not(target_arch = "aarch64"))]
compile!(
    baseline, crate::plan::product::vectors::Four, 2,
    [1: 6, 2: 4, 3: 2, 4: 2], [1: 4, 2: 4, 3: 3, 4: 2]
);
// 32 registers.
#[cfg(target_arch = "aarch64")]
compile!(
    baseline, crate::plan::product::vectors::Four, 4,
    [1: 8, 2: 8, 3: 6, 4: 4, 5: 4, 6: 4], [1: 8, 2: 4, 3: 4, 4: 4]
);
// 16 registers.
#[cfg(target_arch = "x86_64")]
compile!(
    avx2, std::arch::x86_64::__m256, 2,
    [1: 8, 2: 4, 3: 3, 4: 2, 5: 2, 6: 2], [1: 8, 2: 4, 3: 4, 4: 2],
    #[target_feature(enable = "avx2,fma")]
);
// 32 registers.
#[cfg(target_arch = "x86_64")]
compile!(
    avx512, std::arch::x86_64::__m512, 2,
    [1: 8, 2: 4, 3: 4, 4: 4, 5: 4, 6: 4, 7: 3, 8: 3, 9: 2, 10: 2, 11: 2, 12: 2],
    [1: 8, 2: 4, 3: 4, 4: 4],
    #[target_feature(enable = "avx512f,avx2,fma")]
);
// AVX-512's shapes for processors without it.
#[cfg(all(test, target_arch = "x86_64"))]
compile!(
    avx512_by_halves, [std::arch::x86_64::__m256; 2], 2,
    [1: 8, 2: 4, 3: 4, 4: 4, 5: 4, 6: 4, 7: 3, 8: 3, 9: 2, 10: 2, 11: 2, 12: 2],
    [1: 8, 2: 4, 3: 4, 4: 4],
    #[target_feature(enable = "avx2,fma")]
);
