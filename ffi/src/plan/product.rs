//! Products of matrices.

#![allow(unsafe_code, reason = "operands lie in one arena, where references would alias")]

mod kernels;
mod packing;
#[cfg(test)]
mod tests;
mod threads;
mod vectors;

use crate::simd::instruction_set;
use kernels::{Dots, Kernels, Strip};
use packing::Grid;
use std::mem::MaybeUninit;
use std::ops::Range;
pub use threads::set_threads;
use threads::{Helper, helper, share};

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
}

/// Most rows or columns of C that go by dots where one operand must be copied.
const MAX_DOTS: usize = 7;
/// Most where none must, but B would be for strips.
const MAX_TURNED_DOTS: usize = 12;
/// Most numbers of B that are read where they are.
const MAX_DIRECT: usize = 16_384;
/// Most rows of B that strips run over at once: their panel and A's rows stay in
/// the first cache.
const MAX_DEPTH: usize = 384;
/// Multiplications from which on another thread helps even if it must be woken
/// first: measured at 4 to 8 million.
const MIN_SHARED: usize = 6_000_000;
/// Most rows of a strip, whatever the instruction set.
const MAX_STRIP: usize = 12;
/// Distance of columns of A from which on each lies in a line of its own.
const FAR: usize = 16;
/// Fewest columns of C that make it worth while to copy far columns of A.
const MANY_COLUMNS: usize = 128;
/// Numbers of B, once packed, that a panel of rows runs over: they stay in the
/// second cache.
const MAX_GROUP: usize = 65_536;
/// Numbers of C between two calls of `after_rows`: they stay in the first cache.
const MAX_HOT: usize = 4096;
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
        if p.b_column == 1 && p.n >= kernels.lanes && few { Self::Direct } else { Self::Packed }
    }

    /// Numbers of scratch space.
    fn scratch(self, p: &Product, kernels: &Kernels) -> usize {
        match self {
            Self::Zeros | Self::Direct => 0,
            Self::Dots => p.n * p.k,
            Self::TurnedDots => p.m * p.k,
            Self::TurnedDirect => p.n * p.m,
            Self::Packed => p.n.next_multiple_of(kernels.panel) * p.k,
        }
    }
}

/// One product of two matrices.
#[derive(Clone, Copy)]
struct Single {
    m: usize,
    n: usize,
    k: usize,
    a: Grid,
    b: Grid,
    c: *mut f32,
    c_row: isize,
}

/// Multiplies, and calls `after_rows` with ranges of rows of C (of all `batch *
/// m`) in order, as soon as they are final.
///
/// # Safety
/// Every element that the product names lies in `arena`, nobody else uses
/// them meanwhile, and C overlaps neither A nor B nor itself.
pub unsafe fn multiply(
    product: &Product,
    arena: *mut f32,
    scratch: &mut Scratch,
    after_rows: impl FnMut(Range<usize>),
) {
    let size = product.batch.saturating_mul(product.m).saturating_mul(product.n);
    let helper = if size.saturating_mul(product.k) < MIN_SHARED { None } else { helper() };
    let kernels = Kernels::of(instruction_set());
    // SAFETY: the caller's promise, and the processor has the set.
    unsafe { multiply_with(kernels, helper, product, arena, scratch, after_rows) }
}

/// # Safety
/// As of [`multiply`]; the processor runs these kernels.
unsafe fn multiply_with(
    kernels: &Kernels,
    helper: Option<&Helper>,
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
        unsafe { single.run(way, kernels, helper, space, &mut report) };
    }
}

impl Single {
    /// # Safety
    /// As of [`multiply_with`]; `space` is as much as the way needs.
    #[inline]
    unsafe fn run(
        &self,
        way: Way,
        kernels: &Kernels,
        helper: Option<&Helper>,
        space: *mut f32,
        report: &mut impl FnMut(usize),
    ) {
        match way {
            // SAFETY: the caller's promise.
            Way::Zeros => unsafe { self.zeros() },
            // SAFETY: likewise.
            Way::Dots => unsafe { self.dots(kernels, space) },
            // SAFETY: likewise.
            Way::TurnedDots => unsafe { self.turned_dots(kernels, space) },
            // SAFETY: likewise.
            Way::TurnedDirect => unsafe { self.turned_direct(kernels, space) },
            Way::Direct => {
                // SAFETY: likewise.
                let rows = |first, count| unsafe { self.direct_rows(kernels, first, count) };
                // SAFETY: panels have nothing in common but what they read.
                return unsafe { self.panels(kernels, helper, rows, report) };
            }
            Way::Packed => {
                // SAFETY: likewise.
                unsafe { self.pack(kernels, space) };
                // SAFETY: likewise, and B is packed.
                let rows = |first, count| unsafe { self.packed_rows(kernels, space, first, count) };
                // SAFETY: panels have nothing in common but what they read.
                return unsafe { self.panels(kernels, helper, rows, report) };
            }
        }
        report(self.m);
    }

    /// # Safety
    /// As of [`Single::run`].
    unsafe fn zeros(&self) {
        for i in 0..self.m as isize {
            // SAFETY: the row lies in C. All bits 0 make 0.
            unsafe { self.c.wrapping_offset(self.c_row * i).write_bytes(0, self.n) };
        }
    }

    /// # Safety
    /// As of [`Single::run`].
    unsafe fn dots(&self, kernels: &Kernels, space: *mut f32) {
        let mut others = self.b.turned();
        if others.column != 1 {
            // SAFETY: the elements lie in B, and space is as large.
            unsafe { packing::copy(others, self.n, self.k, space, self.k as isize) };
            others = Grid { start: space, row: self.k as isize, column: 1 };
        }
        let c = Grid { start: self.c, row: self.c_row, column: 1 };
        // SAFETY: rows of A and columns of B are contiguous along `k`.
        unsafe { dots_by_fours(kernels, (self.a, self.m), (others, self.n), self.k, c) };
    }

    /// # Safety
    /// As of [`Single::run`].
    unsafe fn turned_dots(&self, kernels: &Kernels, space: *mut f32) {
        let mut others = self.a;
        if others.column != 1 {
            // SAFETY: the elements lie in A, and space is as large.
            unsafe { packing::copy(others, self.m, self.k, space, self.k as isize) };
            others = Grid { start: space, row: self.k as isize, column: 1 };
        }
        let c = Grid { start: self.c, row: 1, column: self.c_row };
        // SAFETY: columns of B and rows of A are contiguous along `k`.
        unsafe { dots_by_fours(kernels, (self.b.turned(), self.n), (others, self.m), self.k, c) };
    }

    /// # Safety
    /// As of [`Single::run`].
    unsafe fn turned_direct(&self, kernels: &Kernels, space: *mut f32) {
        // One column of C may lie as one row would.
        let in_place = self.n == 1 && self.c_row == 1;
        let turned = Single {
            m: self.n,
            n: self.m,
            k: self.k,
            a: self.b.turned(),
            b: self.a.turned(),
            c: if in_place { self.c } else { space },
            c_row: self.m as isize,
        };
        // SAFETY: the result has space of its own or C's; rows of the turned A
        // are contiguous and as long as a vector.
        unsafe { turned.direct_rows(kernels, 0, turned.m) };
        if !in_place {
            let result = Grid { start: space, row: 1, column: self.m as isize };
            // SAFETY: the result is as large as C.
            unsafe { packing::copy(result, self.m, self.n, self.c, self.c_row) };
        }
    }

    /// Runs over panels of rows, and reports each.
    ///
    /// # Safety
    /// Panels may be done at the same time, and on another thread.
    #[inline]
    unsafe fn panels(
        &self,
        kernels: &Kernels,
        helper: Option<&Helper>,
        rows: impl Fn(usize, usize),
        report: &mut impl FnMut(usize),
    ) {
        let height = self.panel_rows(kernels);
        let end = |index: usize| ((index + 1) * height).min(self.m);
        let panel = |index: usize| rows(index * height, end(index) - index * height);
        let count = self.m.div_ceil(height);
        if let Some(helper) = helper
            && count > 1
        {
            // SAFETY: the caller's promise.
            return unsafe { share(helper, count, panel, |index| report(end(index))) };
        }
        for index in 0..count {
            panel(index);
            report(end(index));
        }
    }

    /// Rows of a panel: as even as can be.
    fn panel_rows(&self, kernels: &Kernels) -> usize {
        let most = kernels.strips.len();
        if self.m <= 4 * most {
            return self.m;
        }
        (MAX_HOT / self.n).clamp(4 * most, 64).next_multiple_of(most)
    }

    /// # Safety
    /// As of [`Single::run`]; rows of B are contiguous, and as long as a vector.
    #[inline]
    unsafe fn direct_rows(&self, kernels: &Kernels, first: usize, rows: usize) {
        let strip = Strip {
            depth: self.k,
            a: self.a.at(first, 0),
            a_row: self.a.row,
            a_column: self.a.column,
            b: self.b.start,
            b_row: self.b.row,
            b_panel: kernels.panel as isize,
            filled: false,
            columns: self.n,
            c: self.c.wrapping_offset(self.c_row * first as isize),
            c_row: self.c_row,
            resume: false,
        };
        // SAFETY: the caller's promise.
        unsafe { strip_rows(kernels, strip, rows) };
    }

    /// # Safety
    /// As of [`Single::run`].
    unsafe fn pack(&self, kernels: &Kernels, space: *mut f32) {
        let columns = self.n.next_multiple_of(kernels.panel);
        for (first, depth) in depths(self.k) {
            let from = Grid { start: self.b.at(first, 0), ..self.b };
            let to = space.wrapping_add(first * columns);
            // SAFETY: these rows lie in B, and there is space for them.
            unsafe { packing::panels(from, depth, self.n, to, kernels.panel) };
        }
    }

    /// # Safety
    /// As of [`Single::run`]; B is packed.
    unsafe fn packed_rows(&self, kernels: &Kernels, space: *const f32, first: usize, rows: usize) {
        let columns = self.n.next_multiple_of(kernels.panel);
        for (start, depth) in depths(self.k) {
            let group = (MAX_GROUP / depth).next_multiple_of(kernels.panel);
            let mut column = 0;
            while column < self.n {
                let strip = Strip {
                    depth,
                    a: self.a.at(first, start),
                    a_row: self.a.row,
                    a_column: self.a.column,
                    b: space.wrapping_add(start * columns + depth * column),
                    b_row: kernels.panel as isize,
                    b_panel: (depth * kernels.panel) as isize,
                    filled: true,
                    columns: group.min(self.n - column),
                    c: self.c.wrapping_offset(self.c_row * first as isize).wrapping_add(column),
                    c_row: self.c_row,
                    resume: start > 0,
                };
                if self.a.column.unsigned_abs() >= FAR && self.n >= MANY_COLUMNS {
                    // SAFETY: the caller's promise.
                    unsafe { gathered_strip_rows(kernels, strip, rows) };
                } else {
                    // SAFETY: likewise.
                    unsafe { strip_rows(kernels, strip, rows) };
                }
                column += group;
            }
        }
    }
}

/// Parts of `k` that strips run over.
fn depths(k: usize) -> impl Iterator<Item = (usize, usize)> {
    even_parts(k, MAX_DEPTH)
}

/// Dots of rows with others, at most four of these at a time.
///
/// # Safety
/// As of [`Dots`], for every one of the others.
unsafe fn dots_by_fours(
    kernels: &Kernels,
    (a, rows): (Grid, usize),
    (b, others): (Grid, usize),
    depth: usize,
    c: Grid,
) {
    for (first, count) in even_parts(others, kernels.dots.len()) {
        let dots = Dots {
            depth,
            a: a.start,
            a_row: a.row,
            rows,
            b: b.at(first, 0),
            b_column: b.row,
            c: c.at(0, first).cast_mut(),
            c_row: c.row,
            c_column: c.column,
        };
        // SAFETY: the caller's promise.
        unsafe { kernels.dots[count - 1](&dots) };
    }
}

/// Parts of a length, none longer than `most`, as even as can be: where they
/// start, and their lengths.
fn even_parts(length: usize, most: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = length.div_ceil(most);
    let (part, longer) = (length / count.max(1), length % count.max(1));
    (0..count).map(move |i| (i * part + i.min(longer), part + usize::from(i < longer)))
}

/// Strips of rows, as even as can be.
///
/// # Safety
/// As of [`Strip`], of `rows` rows.
#[inline]
unsafe fn strip_rows(kernels: &Kernels, strip: Strip, rows: usize) {
    for (first, count) in even_parts(rows, kernels.strips.len()) {
        let strip = Strip {
            a: strip.a.wrapping_offset(strip.a_row * first as isize),
            c: strip.c.wrapping_offset(strip.c_row * first as isize),
            ..strip
        };
        // SAFETY: these rows are there.
        unsafe { kernels.strips[count - 1](&strip) };
    }
}

/// As [`strip_rows`], with A's columns side by side.
///
/// # Safety
/// As of [`strip_rows`], at most [`MAX_DEPTH`] deep.
unsafe fn gathered_strip_rows(kernels: &Kernels, strip: Strip, rows: usize) {
    let mut block = [MaybeUninit::<f32>::uninit(); MAX_STRIP * MAX_DEPTH];
    let block = block.as_mut_ptr().cast::<f32>();
    let a = Grid { start: strip.a, row: strip.a_row, column: strip.a_column };
    for (first, count) in even_parts(rows, kernels.strips.len()) {
        let columns = Grid { start: a.at(first, 0), ..a }.turned();
        // SAFETY: these rows are there, and the block has room for them.
        unsafe { packing::copy(columns, strip.depth, count, block, count as isize) };
        let c = strip.c.wrapping_offset(strip.c_row * first as isize);
        let strip = Strip { a: block, a_row: 1, a_column: count as isize, c, ..strip };
        // SAFETY: likewise.
        unsafe { kernels.strips[count - 1](&strip) };
    }
}
