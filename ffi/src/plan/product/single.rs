//! One product of two matrices, in each of the ways to compute it.

use super::kernels::{Dots, Kernels, Strip};
use super::packing::{self, Grid};
use super::{Product, Way};
use crate::plan::hands::Hands;
use crate::plan::threads::{Hand, Shift, share};
use std::mem::MaybeUninit;

/// Most rows of B that strips run over at once: their panel and A's rows stay in
/// the first cache.
const MAX_DEPTH: usize = 384;
/// Numbers of B, once packed, that a panel of rows runs over: they stay in the
/// second cache.
const MAX_GROUP: usize = 65_536;
/// Numbers of C between two calls of `after_rows`: they stay in the first cache.
const MAX_HOT: usize = 4096;
/// Most rows of a strip, whatever the instruction set.
const MAX_STRIP: usize = 12;
/// Distance of columns of A from which on each lies in a line of its own.
const FAR: usize = 16;
/// Fewest columns of C that make it worth while to copy far columns of A.
const MANY_COLUMNS: usize = 128;

/// Most rows of a panel that is copied by itself.
const MAX_PANEL_DEPTH: usize = 256;

/// Whether each column of A lies in lines of its own, and is read so often that
/// they are worth a copy.
fn has_far_columns(a_column: isize, columns: usize) -> bool {
    a_column.unsigned_abs() >= FAR && columns >= MANY_COLUMNS
}

/// Numbers of one hand's panel.
fn panel_room(k: usize, kernels: &Kernels) -> usize {
    kernels.panel * k.min(MAX_PANEL_DEPTH)
}

/// Numbers of scratch space for a product by panels.
pub fn panels_scratch(p: &Product, kernels: &Kernels) -> usize {
    let copies = if has_far_columns(p.a_column, p.n) { p.m * p.k } else { 0 };
    2 * panel_room(p.k, kernels) + copies
}

/// One product of two matrices.
#[derive(Clone, Copy)]
pub struct Single {
    pub m: usize,
    pub n: usize,
    pub k: usize,
    pub a: Grid,
    pub b: Grid,
    pub c: *mut f32,
    pub c_row: isize,
}

impl Single {
    /// # Safety
    /// As of [`multiply_with`]; `space` is as much as the way needs.
    #[inline]
    pub unsafe fn run(
        &self,
        way: Way,
        kernels: &Kernels,
        hands: Hands,
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
                return unsafe { self.panels(kernels, hands, rows, report) };
            }
            // SAFETY: likewise.
            Way::Panels => unsafe { self.by_panels(kernels, hands.shift(), space) },
            Way::Packed => {
                // SAFETY: likewise.
                unsafe { self.pack(kernels, hands.shift(), space) };
                // SAFETY: likewise, and B is packed.
                let rows = |first, count| unsafe { self.packed_rows(kernels, space, first, count) };
                // SAFETY: panels have nothing in common but what they read.
                return unsafe { self.panels(kernels, hands, rows, report) };
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
        hands: Hands,
        rows: impl Fn(usize, usize),
        report: &mut impl FnMut(usize),
    ) {
        let height = self.panel_rows(kernels, hands);
        let end = |index: usize| ((index + 1) * height).min(self.m);
        let panel = |_, index: usize| rows(index * height, end(index) - index * height);
        let count = self.m.div_ceil(height);
        // SAFETY: the caller's promise.
        unsafe { share(hands.shift(), count, panel, |index| report(end(index))) };
    }

    /// Rows of a panel: as even as can be, and of some ten panels where two
    /// threads share them.
    fn panel_rows(&self, kernels: &Kernels, hands: Hands) -> usize {
        let most = kernels.strips.len();
        let least = match hands {
            Hands::Caller => 4 * most,
            Hands::Both(_) => most * (self.m / (10 * most)).max(1),
        };
        if self.m <= least {
            return self.m;
        }
        (MAX_HOT / self.n).clamp(least, least.max(64)).next_multiple_of(most)
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

    /// Panels of B, each multiplied while its copy is in the first cache.
    ///
    /// # Safety
    /// As of [`Single::run`].
    unsafe fn by_panels(&self, kernels: &Kernels, shift: Option<&Shift>, space: *mut f32) {
        let width = kernels.panel;
        let room = panel_room(self.k, kernels);
        let copies = space.wrapping_add(2 * room);
        let far = has_far_columns(self.a.column, self.n);
        if far {
            for (first, rows) in even_parts(self.m, kernels.strips.len()) {
                let columns = Grid { start: self.a.at(first, 0), ..self.a }.turned();
                let to = copies.wrapping_add(first * self.k);
                // SAFETY: these rows lie in A, and there is space for them.
                unsafe { packing::copy(columns, self.k, rows, to, rows as isize) };
            }
        }
        let panel = |hand: Hand, index: usize| {
            let column = index * width;
            let columns = width.min(self.n - column);
            let b = space.wrapping_add(room * hand as usize);
            for (start, depth) in even_parts(self.k, MAX_PANEL_DEPTH) {
                let from = Grid { start: self.b.at(start, column), ..self.b };
                // SAFETY: this part lies in B, and there is space for it.
                unsafe { packing::panel(from, (depth, columns), b, width) };
                for (first, rows) in even_parts(self.m, kernels.strips.len()) {
                    let (a, a_row, a_column) = if far {
                        let copy = copies.wrapping_add(first * self.k + start * rows);
                        (copy.cast_const(), 1, rows as isize)
                    } else {
                        (self.a.at(first, start), self.a.row, self.a.column)
                    };
                    let strip = Strip {
                        depth,
                        a,
                        a_row,
                        a_column,
                        b,
                        b_row: width as isize,
                        b_panel: 0,
                        filled: true,
                        columns,
                        c: self.c.wrapping_offset(self.c_row * first as isize).wrapping_add(column),
                        c_row: self.c_row,
                        resume: start > 0,
                    };
                    // SAFETY: these rows are there.
                    unsafe { kernels.strips[rows - 1](&strip) };
                }
            }
        };
        // SAFETY: panels have nothing in common but what they read.
        unsafe { share(shift, self.n.div_ceil(width), panel, |_| {}) };
    }

    /// # Safety
    /// As of [`Single::run`].
    unsafe fn pack(&self, kernels: &Kernels, shift: Option<&Shift>, space: *mut f32) {
        let width = kernels.panel;
        let panels = self.n.div_ceil(width);
        for (first, depth) in depths(self.k) {
            let panel = |_, index: usize| {
                let column = index * width;
                let from = Grid { start: self.b.at(first, column), ..self.b };
                let to = space.wrapping_add(width * (first * panels + index * depth));
                let columns = width.min(self.n - column);
                // SAFETY: this part lies in B, and there is space for it.
                unsafe { packing::panel(from, (depth, columns), to, width) };
            };
            // SAFETY: panels lie apart.
            unsafe { share(shift, panels, panel, |_| {}) };
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
                if has_far_columns(self.a.column, self.n) {
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
