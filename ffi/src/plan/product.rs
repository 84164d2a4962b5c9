//! Products of matrices.

#![allow(unsafe_code, reason = "operands lie in one arena, where references would alias")]

mod kernels;
mod packing;
mod single;
#[cfg(test)]
mod tests;
mod vectors;

use super::hands::Hands;
use crate::simd::instruction_set;
use kernels::Kernels;
use packing::Grid;
use single::Single;
use std::ops::Range;

/// A product of matrices, `C[batch][m][n] = A[batch][m][k] B[batch][k][n]`, in
/// one arena of `f32`. Offsets and strides count elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Matrices of each operand.
    pub batch: usize,
    /// Rows of A and C.
    pub m: usize,
    /// Columns of B and C.
    pub n: usize,
    /// Columns of A, rows of B.
    pub k: usize,
    /// A's first element.
    pub a: usize,
    /// From one matrix of A to the next.
    pub a_batch: isize,
    /// From one row of A to the next.
    pub a_row: isize,
    /// From one column of A to the next.
    pub a_column: isize,
    /// B's first element.
    pub b: usize,
    /// From one matrix of B to the next.
    pub b_batch: isize,
    /// From one row of B to the next.
    pub b_row: isize,
    /// From one column of B to the next.
    pub b_column: isize,
    /// C's first element.
    pub c: usize,
    /// From one matrix of C to the next.
    pub c_batch: isize,
    /// From one row of C to the next; its columns are neighbours.
    pub c_row: isize,
}

impl Product {
    /// Multiplications that a helper may take a part of.
    pub fn shared_work(&self) -> usize {
        let folded = self.folded();
        let size = folded.m.saturating_mul(folded.n).saturating_mul(folded.k);
        if size < MIN_SHARED { 0 } else { size.saturating_mul(folded.batch) }
    }

    /// The same product with as many rows in one matrix as can be.
    fn folded(&self) -> Self {
        let (m, row) = (self.m as isize, |stride: isize| stride.checked_mul(self.m as isize));
        if self.batch < 2
            || self.b_batch != 0
            || Some(self.a_batch) != row(self.a_row)
            || Some(self.c_batch) != row(self.c_row)
        {
            return *self;
        }
        Self { batch: 1, m: self.batch * m as usize, ..*self }
    }
}

/// Memory as the cache has it: a line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([f32; 16]);

/// Space that operands are packed into. One serves any number of products, one
/// after the other.
#[derive(Debug, Default)]
pub struct Scratch {
    lines: Vec<Line>,
}

impl Scratch {
    /// Space that suffices for a product.
    pub fn for_product(product: &Product) -> Self {
        let mut scratch = Self::default();
        scratch.grow_for(product);
        scratch
    }

    /// Grows to what a product needs, so that its run allocates nothing.
    pub fn grow_for(&mut self, product: &Product) {
        let kernels = Kernels::of(instruction_set());
        let product = product.folded();
        self.at_least(Way::of(&product, kernels).scratch(&product, kernels));
    }

    fn at_least(&mut self, numbers: usize) -> *mut f32 {
        let lines = numbers.div_ceil(16);
        if self.lines.len() < lines {
            self.lines.resize(lines, Line([0.0; 16]));
        }
        self.lines.as_mut_ptr().cast()
    }
}

/// How a product is computed, which follows from its shape and strides alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// There is nothing to add up.
    Zeros,
    /// Along `k`: C has few columns.
    Dots,
    /// Along `k`: C has few rows.
    TurnedDots,
    /// Along columns of C.
    Direct,
    /// Along rows of C, which has few columns.
    TurnedDirect,
    /// Along columns of C, with a copy of B.
    Packed,
    /// The same, panel by panel: C has no more rows than A's in the second cache.
    Panels,
}

/// Most rows or columns of C that go by dots where one operand must be copied.
const MAX_DOTS: usize = 7;
/// Most where none must, but B would be for strips.
const MAX_TURNED_DOTS: usize = 12;
/// Most numbers of B that are read where they are.
const MAX_DIRECT: usize = 16_384;
/// Multiplications of a matrix from which on a helper who is awake pays.
const MIN_SHARED: usize = 1_000_000;
/// Most rows of C that go by panels.
const MAX_PANEL_ROWS: usize = 256;
/// Fewest rows between two calls of `after_rows`.
const MIN_HOT_ROWS: usize = 16;

impl Way {
    fn of(p: &Product, kernels: &Kernels) -> Self {
        if p.k == 0 {
            return Self::Zeros;
        }
        let long = p.k >= 2 * kernels.lanes;
        let turned = p.b_row == 1 && p.b_column != 1;
        let most = if turned { MAX_TURNED_DOTS } else { MAX_DOTS };
        if p.n <= most && p.a_column == 1 && long {
            return Self::Dots;
        }
        if p.m <= most && turned && long {
            return Self::TurnedDots;
        }
        if p.n < kernels.lanes && p.a_row == 1 && p.m >= kernels.lanes {
            return Self::TurnedDirect;
        }
        let few = p.m <= 2 * kernels.strips.len() || p.n.saturating_mul(p.k) <= MAX_DIRECT;
        if p.b_column == 1 && p.n >= kernels.lanes && few {
            Self::Direct
        } else if p.m <= MAX_PANEL_ROWS {
            Self::Panels
        } else {
            Self::Packed
        }
    }

    /// Numbers of scratch space.
    fn scratch(self, p: &Product, kernels: &Kernels) -> usize {
        match self {
            Self::Zeros | Self::Direct => 0,
            Self::Dots => p.n.saturating_mul(p.k),
            Self::TurnedDots => p.m.saturating_mul(p.k),
            Self::TurnedDirect => p.n.saturating_mul(p.m),
            Self::Panels => single::panels_scratch(p, kernels),
            Self::Packed => p.n.next_multiple_of(kernels.panel).saturating_mul(p.k),
        }
    }
}

/// Multiplies, and calls `after_rows` with ranges of rows of C (of all `batch *
/// m`) in order, as soon as they are final. A helper does a part of a large one,
/// with the same bytes and the same ranges.
///
/// # Safety
/// Every element that the product names lies in `arena`, nobody else uses
/// them meanwhile, and C overlaps neither A nor B nor itself.
pub unsafe fn multiply(
    product: &Product,
    arena: *mut f32,
    scratch: &mut Scratch,
    hands: Hands,
    after_rows: impl FnMut(Range<usize>),
) {
    let hands = if product.shared_work() > 0 { hands } else { Hands::Caller };
    let kernels = Kernels::of(instruction_set());
    // SAFETY: the caller's promise, and the processor has the set.
    unsafe { multiply_with(kernels, hands, product, arena, scratch, after_rows) }
}

/// # Safety
/// As of [`multiply`]; the processor runs these kernels.
unsafe fn multiply_with(
    kernels: &Kernels,
    hands: Hands,
    product: &Product,
    arena: *mut f32,
    scratch: &mut Scratch,
    mut after_rows: impl FnMut(Range<usize>),
) {
    let p = product.folded();
    let rows = p.batch * p.m;
    if rows == 0 || p.n == 0 {
        return;
    }
    let way = Way::of(&p, kernels);
    let space = scratch.at_least(way.scratch(&p, kernels));
    let mut reported = 0;
    for index in 0..p.batch {
        let place = |offset: usize, stride: isize| {
            arena.wrapping_add(offset).wrapping_offset(stride * index as isize)
        };
        let single = Single {
            m: p.m,
            n: p.n,
            k: p.k,
            a: Grid { start: place(p.a, p.a_batch), row: p.a_row, column: p.a_column },
            b: Grid { start: place(p.b, p.b_batch), row: p.b_row, column: p.b_column },
            c: place(p.c, p.c_batch),
            c_row: p.c_row,
        };
        let mut report = |done: usize| {
            let done = index * p.m + done;
            if done - reported >= MIN_HOT_ROWS || done == rows {
                after_rows(reported..done);
                reported = done;
            }
        };
        // SAFETY: the caller's promise, and there is space enough.
        unsafe { single.run(way, kernels, hands, space, &mut report) };
    }
}
