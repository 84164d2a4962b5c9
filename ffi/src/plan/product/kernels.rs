//! The innermost loops, written once over arrays of constant size, which LLVM
//! keeps in vector registers, and compiled for each instruction set.
//!
//! An element is one sum in the order of `k` in strips, and one sum a lane in
//! dots, wherever it lies in a block: blocks and threads do not change it.

use super::packing::turn_four;
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

/// Whether the target always has fused multiply-add. Elsewhere it is a call.
const BASELINE_FUSED: bool = cfg!(any(target_arch = "aarch64", target_feature = "fma"));

#[inline(always)]
fn multiply_add<const FUSED: bool>(a: f32, b: f32, sum: f32) -> f32 {
    if FUSED { a.mul_add(b, sum) } else { sum + a * b }
}

/// # Safety
/// `LENGTH` numbers from `from` on are readable.
#[inline(always)]
unsafe fn load<const LENGTH: usize>(from: *const f32) -> [f32; LENGTH] {
    // SAFETY: the caller's promise; arrays may lie anywhere.
    unsafe { from.cast::<[f32; LENGTH]>().read_unaligned() }
}

/// # Safety
/// `LENGTH` numbers from `to` on are writable.
#[inline(always)]
unsafe fn store<const LENGTH: usize>(to: *mut f32, numbers: [f32; LENGTH]) {
    // SAFETY: the caller's promise; arrays may lie anywhere.
    unsafe { to.cast::<[f32; LENGTH]>().write_unaligned(numbers) }
}

/// Copies fewer numbers than make a call worth while.
///
/// # Safety
/// As many are readable and writable, and do not overlap.
#[inline(always)]
unsafe fn copy_short(from: *const f32, to: *mut f32, count: usize) {
    let mut done = 0;
    while count - done >= 4 {
        // SAFETY: four more are there.
        let four = unsafe { load::<4>(from.wrapping_add(done)) };
        // SAFETY: likewise.
        unsafe { store(to.wrapping_add(done), four) };
        done += 4;
    }
    while done < count {
        // SAFETY: one more is there.
        let one = unsafe { load::<1>(from.wrapping_add(done)) };
        // SAFETY: likewise.
        unsafe { store(to.wrapping_add(done), one) };
        done += 1;
    }
}

/// `ROWS` by `VECTORS * LANES` elements, held in registers.
///
/// # Safety
/// As of [`Strip`], from these places on.
#[inline(always)]
unsafe fn tile<const ROWS: usize, const VECTORS: usize, const LANES: usize, const FUSED: bool>(
    strip: &Strip,
    b: *const f32,
    c: *mut f32,
    c_row: isize,
) {
    let mut sums = [[[0.0f32; LANES]; VECTORS]; ROWS];
    if strip.resume {
        for (i, row) in sums.iter_mut().enumerate() {
            for (v, vector) in row.iter_mut().enumerate() {
                // SAFETY: the tile lies in C.
                *vector =
                    unsafe { load(c.wrapping_offset(c_row * i as isize).wrapping_add(v * LANES)) };
            }
        }
    }
    let (mut a, mut b) = (strip.a, b);
    for _ in 0..strip.depth {
        let mut right = [[0.0f32; LANES]; VECTORS];
        for (v, vector) in right.iter_mut().enumerate() {
            // SAFETY: the panel's row lies in B.
            *vector = unsafe { load(b.wrapping_add(v * LANES)) };
        }
        for (i, row) in sums.iter_mut().enumerate() {
            // SAFETY: the row's element lies in A.
            let left = unsafe { a.wrapping_offset(strip.a_row * i as isize).read() };
            for (vector, right) in row.iter_mut().zip(&right) {
                for (sum, right) in vector.iter_mut().zip(right) {
                    *sum = multiply_add::<FUSED>(left, *right, *sum);
                }
            }
        }
        a = a.wrapping_offset(strip.a_column);
        b = b.wrapping_offset(strip.b_row);
    }
    for (i, row) in sums.iter().enumerate() {
        for (v, vector) in row.iter().enumerate() {
            // SAFETY: the tile lies in C.
            unsafe {
                store(c.wrapping_offset(c_row * i as isize).wrapping_add(v * LANES), *vector)
            };
        }
    }
}

/// A tile of which only the first columns are C's.
///
/// # Safety
/// As of [`Strip`], from these places on.
#[inline(always)]
unsafe fn edge<const ROWS: usize, const VECTORS: usize, const LANES: usize, const FUSED: bool>(
    strip: &Strip,
    b: *const f32,
    c: *mut f32,
    columns: usize,
) {
    let mut whole = [[[0.0f32; LANES]; VECTORS]; ROWS];
    if strip.resume {
        for (i, row) in whole.iter_mut().enumerate() {
            let c = c.wrapping_offset(strip.c_row * i as isize);
            // SAFETY: the columns lie in C, and are fewer than the row's.
            unsafe { copy_short(c, row.as_mut_ptr().cast(), columns) };
        }
    }
    let start = whole.as_mut_ptr().cast();
    // SAFETY: a whole tile lies there; panels are filled.
    unsafe { tile::<ROWS, VECTORS, LANES, FUSED>(strip, b, start, (VECTORS * LANES) as isize) };
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
/// As of [`Strip`].
#[inline(always)]
unsafe fn strip<
    const ROWS: usize,
    const WIDE: usize,
    const VECTORS: usize,
    const LANES: usize,
    const FUSED: bool,
>(
    strip: &Strip,
) {
    let Strip { columns, c, c_row, .. } = *strip;
    let panel = VECTORS * LANES;
    let mut done = 0;
    if strip.filled {
        let mut b = strip.b;
        while columns - done >= panel {
            // SAFETY: as many columns are left.
            unsafe { tile::<ROWS, VECTORS, LANES, FUSED>(strip, b, c.wrapping_add(done), c_row) };
            b = b.wrapping_offset(strip.b_panel);
            done += panel;
        }
        let left = columns - done;
        if left > LANES {
            // SAFETY: as many columns are left, and the panel is filled.
            unsafe { edge::<ROWS, VECTORS, LANES, FUSED>(strip, b, c.wrapping_add(done), left) };
        } else if left > 0 {
            // SAFETY: likewise.
            unsafe { edge::<ROWS, 1, LANES, FUSED>(strip, b, c.wrapping_add(done), left) };
        }
        return;
    }
    while WIDE > VECTORS && columns - done >= WIDE * LANES {
        let b = strip.b.wrapping_add(done);
        // SAFETY: as many columns are left.
        unsafe { tile::<ROWS, WIDE, LANES, FUSED>(strip, b, c.wrapping_add(done), c_row) };
        done += WIDE * LANES;
    }
    while columns - done >= panel {
        let b = strip.b.wrapping_add(done);
        // SAFETY: as many columns are left.
        unsafe { tile::<ROWS, VECTORS, LANES, FUSED>(strip, b, c.wrapping_add(done), c_row) };
        done += panel;
    }
    if columns >= panel && columns - done > LANES {
        // The last tile reaches back over columns that are done already, and
        // gives them the same values.
        done = columns - panel;
        let b = strip.b.wrapping_add(done);
        // SAFETY: columns are at least a panel.
        unsafe { tile::<ROWS, VECTORS, LANES, FUSED>(strip, b, c.wrapping_add(done), c_row) };
        return;
    }
    while done < columns {
        let start = done.min(columns - LANES);
        let b = strip.b.wrapping_add(start);
        // SAFETY: columns are at least as many as lanes.
        unsafe { tile::<ROWS, 1, LANES, FUSED>(strip, b, c.wrapping_add(start), c_row) };
        done = start + LANES;
    }
}

/// Sums of four vectors.
#[inline(always)]
fn four_sums<const LANES: usize>(vectors: [[f32; LANES]; 4]) -> [f32; 4] {
    let fours = vectors.map(|vector| {
        let mut sums = [0.0; 4];
        sums.copy_from_slice(&vector[..4]);
        for four in vector[4..].chunks_exact(4) {
            for (sum, number) in sums.iter_mut().zip(four) {
                *sum += number;
            }
        }
        sums
    });
    let [first, second, third, fourth] = turn_four(fours);
    std::array::from_fn(|i| (first[i] + second[i]) + (third[i] + fourth[i]))
}

/// `ROWS` times `COLUMNS` dots.
///
/// # Safety
/// As of [`Dots`], from these places on.
#[inline(always)]
unsafe fn block_of_dots<
    const ROWS: usize,
    const COLUMNS: usize,
    const LANES: usize,
    const FUSED: bool,
>(
    dots: &Dots,
    a: *const f32,
    c: *mut f32,
) {
    let mut sums = [[[0.0f32; LANES]; COLUMNS]; ROWS];
    let mut done = 0;
    while done < dots.depth {
        let length = (dots.depth - done).min(LANES);
        let take = |from: *const f32| {
            if length == LANES {
                // SAFETY: as many are left.
                return unsafe { load::<LANES>(from) };
            }
            let mut some = [0.0; LANES];
            // SAFETY: as many are left, and fewer than lanes.
            unsafe { copy_short(from, some.as_mut_ptr(), length) };
            some
        };
        let mut right = [[0.0f32; LANES]; COLUMNS];
        for (j, vector) in right.iter_mut().enumerate() {
            *vector = take(dots.b.wrapping_offset(dots.b_column * j as isize).wrapping_add(done));
        }
        for (i, row) in sums.iter_mut().enumerate() {
            let left = take(a.wrapping_offset(dots.a_row * i as isize).wrapping_add(done));
            for (sums, right) in row.iter_mut().zip(&right) {
                for ((sum, left), right) in sums.iter_mut().zip(&left).zip(right) {
                    *sum = multiply_add::<FUSED>(*left, *right, *sum);
                }
            }
        }
        done += LANES;
    }
    let sums = sums.as_flattened();
    for (first, group) in sums.chunks(4).enumerate() {
        let vectors =
            std::array::from_fn(|i| if i < group.len() { group[i] } else { [0.0; LANES] });
        for (i, sum) in four_sums(vectors).into_iter().enumerate().take(group.len()) {
            let (row, column) = ((4 * first + i) / COLUMNS, (4 * first + i) % COLUMNS);
            let c = c.wrapping_offset(dots.c_row * row as isize + dots.c_column * column as isize);
            // SAFETY: the element lies in C.
            unsafe { c.write(sum) };
        }
    }
}

/// All rows with `COLUMNS` others, `ROWS` at a time.
///
/// # Safety
/// As of [`Dots`].
#[inline(always)]
unsafe fn dots<const ROWS: usize, const COLUMNS: usize, const LANES: usize, const FUSED: bool>(
    dots: &Dots,
) {
    let mut row = 0;
    while row < dots.rows {
        let a = dots.a.wrapping_offset(dots.a_row * row as isize);
        let c = dots.c.wrapping_offset(dots.c_row * row as isize);
        if dots.rows - row >= ROWS {
            // SAFETY: as many rows are left.
            unsafe { block_of_dots::<ROWS, COLUMNS, LANES, FUSED>(dots, a, c) };
            row += ROWS;
        } else {
            // SAFETY: one more row is left.
            unsafe { block_of_dots::<1, COLUMNS, LANES, FUSED>(dots, a, c) };
            row += 1;
        }
    }
}

/// Compiles the loops for an instruction set: lanes and vectors of a panel,
/// whether to fuse, for each number of rows the vectors of its widest tile, and
/// for each number of dots' columns the rows at a time.
macro_rules! compile {
    (
        $name:ident, $lanes:literal, $vectors:literal, $fused:expr,
        [$($rows:literal: $wide:literal),*], [$($columns:literal: $height:literal),*]
        $(, #[$feature:meta])?
    ) => {
        pub(super) mod $name {
            use super::{Dots, Kernels, Strip};

            pub static KERNELS: Kernels = Kernels {
                lanes: $lanes,
                panel: $vectors * $lanes,
                strips: &[$(strip::<$rows, $wide>),*],
                dots: &[$(dots::<$height, $columns>),*],
            };

            $(#[$feature])?
            unsafe fn strip<const ROWS: usize, const WIDE: usize>(strip: &Strip) {
                // SAFETY: the caller's promise.
                unsafe { super::strip::<ROWS, WIDE, $vectors, $lanes, { $fused }>(strip) }
            }

            $(#[$feature])?
            unsafe fn dots<const ROWS: usize, const COLUMNS: usize>(dots: &Dots) {
                // SAFETY: the caller's promise.
                unsafe { super::dots::<ROWS, COLUMNS, $lanes, { $fused }>(dots) }
            }
        }
    };
}

// 16 registers, of which a product and a broadcast take some; NEON has 32.
#[cfg(not(target_arch = "aarch64"))]
compile!(
    baseline, 4, 2, super::BASELINE_FUSED,
    [1: 6, 2: 4, 3: 2, 4: 2], [1: 4, 2: 4, 3: 4, 4: 2]
);
#[cfg(target_arch = "aarch64")]
compile!(
    baseline, 4, 4, super::BASELINE_FUSED,
    [1: 8, 2: 8, 3: 6, 4: 4, 5: 4, 6: 4], [1: 8, 2: 4, 3: 4, 4: 4]
);
// 16 registers.
#[cfg(target_arch = "x86_64")]
compile!(
    avx2, 8, 2, true,
    [1: 8, 2: 4, 3: 3, 4: 3, 5: 2, 6: 2], [1: 8, 2: 4, 3: 4, 4: 3],
    #[target_feature(enable = "avx2,fma")]
);
// 32 registers.
#[cfg(target_arch = "x86_64")]
compile!(
    avx512, 16, 2, true,
    [1: 8, 2: 4, 3: 4, 4: 4, 5: 4, 6: 4, 7: 3, 8: 3, 9: 2, 10: 2, 11: 2, 12: 2],
    [1: 8, 2: 8, 3: 8, 4: 6],
    #[target_feature(enable = "avx512f,avx2,fma")]
);
// AVX-512's shapes for processors without it.
#[cfg(all(test, target_arch = "x86_64"))]
compile!(
    avx512_by_halves, 16, 2, true,
    [1: 8, 2: 4, 3: 4, 4: 4, 5: 4, 6: 4, 7: 3, 8: 3, 9: 2, 10: 2, 11: 2, 12: 2],
    [1: 8, 2: 8, 3: 8, 4: 6],
    #[target_feature(enable = "avx2,fma")]
);
