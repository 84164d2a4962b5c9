//! Where a map's elements lie, seen as rows of columns: the last dimension is
//! the columns, the others are counted through for the rows.

#![allow(unsafe_code, reason = "elements lie in one arena, where references would alias")]

use std::ops::Range;

use super::lanes::{LANES, compiled, lanes, put_lanes};
use crate::plan::opcodes::PLAN_MAX_RANK;
use crate::simd::InstructionSet;

/// Elements of a block.
pub const BLOCK: usize = 512;

/// A part of the iteration space: some whole rows, or a piece of one.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// The row-major index of its first element.
    pub start: usize,
    /// Its first row.
    pub row: usize,
    /// How many rows it has.
    pub rows: usize,
    /// The column that it begins at: 0 where there are several rows.
    pub column: usize,
    /// Elements of a row, or of the piece.
    pub columns: usize,
}

impl Block {
    /// How many elements it has.
    pub fn length(&self) -> usize {
        self.rows * self.columns
    }

    fn row_range(&self) -> Range<usize> {
        self.row..self.row + self.rows
    }
}

/// Where rows begin.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outer {
    /// So far apart.
    Linear(isize),
    /// By several dimensions.
    General { dims: Vec<usize>, strides: Vec<isize> },
}

/// Places of elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    offset: isize,
    inner: isize,
    outer: Outer,
}

/// Copies a block's elements to a register.
///
/// # Safety
///
/// They lie in the arena; the register has room for a block and [`LANES`].
pub type Loader = unsafe fn(&Access, *const u32, Block, *mut u32);

/// What copies elements to registers.
pub fn loader(set: InstructionSet) -> Loader {
    compiled!(
        set,
        Access::load as fn(access: &Access, arena: *const u32, block: Block, to: *mut u32)
    )
}

/// Writes the places themselves, as whole numbers.
pub fn counter(set: InstructionSet) -> Loader {
    compiled!(
        set,
        Access::count as fn(access: &Access, arena: *const u32, block: Block, to: *mut u32)
    )
}

impl Access {
    /// Of elements in these steps along the dimensions. None of them is 0.
    pub fn new(offset: i64, dims: &[usize], strides: &[i64]) -> Self {
        let strides: Vec<isize> = strides.iter().map(|stride| *stride as isize).collect();
        let offset = offset as isize;
        let (Some((_, dims)), Some((inner, strides))) = (dims.split_last(), strides.split_last())
        else {
            return Self { offset, inner: 1, outer: Outer::Linear(1) };
        };
        let regular = |i: usize| strides[i] == strides[i + 1] * dims[i + 1] as isize;
        let outer = match strides.last() {
            None => Outer::Linear(0),
            Some(last) if (0..dims.len() - 1).all(regular) => Outer::Linear(*last),
            _ => Outer::General { dims: dims.to_vec(), strides: strides.to_vec() },
        };
        Self { offset, inner: *inner, outer }
    }

    /// The step from column to column.
    pub fn inner(&self) -> isize {
        self.inner
    }

    /// The step from row to row, where it is always the same.
    pub fn row_stride(&self) -> Option<isize> {
        match self.outer {
            Outer::Linear(stride) => Some(stride),
            Outer::General { .. } => None,
        }
    }

    /// The place of the first element.
    pub fn first(&self) -> isize {
        self.offset
    }

    /// The place of an element.
    #[inline]
    pub fn at(&self, row: usize, column: usize) -> isize {
        let base = match &self.outer {
            Outer::Linear(stride) => self.offset + *stride * row as isize,
            Outer::General { dims, strides } => {
                let mut rest = row;
                let mut place = self.offset;
                for (length, stride) in dims.iter().zip(strides).rev() {
                    place += stride * (rest % length) as isize;
                    rest /= length;
                }
                place
            }
        };
        base + self.inner * column as isize
    }

    /// Calls with the place of each row's first column, in order.
    #[inline(always)]
    fn each_row(&self, rows: Range<usize>, mut body: impl FnMut(isize)) {
        match &self.outer {
            Outer::Linear(stride) => {
                let mut place = self.offset + *stride * rows.start as isize;
                for _ in rows {
                    body(place);
                    place += stride;
                }
            }
            Outer::General { dims, strides } => {
                let mut digits = [0; PLAN_MAX_RANK];
                let mut rest = rows.start;
                for (digit, length) in digits.iter_mut().zip(dims).rev() {
                    *digit = rest % length;
                    rest /= length;
                }
                let mut place = self.at(rows.start, 0);
                for _ in rows {
                    body(place);
                    for i in (0..dims.len()).rev() {
                        digits[i] += 1;
                        place += strides[i];
                        if digits[i] < dims[i] {
                            break;
                        }
                        place -= strides[i] * dims[i] as isize;
                        digits[i] = 0;
                    }
                }
            }
        }
    }

    /// Calls with the place of each row of a block, and its number there.
    #[inline(always)]
    pub fn rows_of(&self, block: Block, mut body: impl FnMut(usize, isize)) {
        let shift = self.inner * block.column as isize;
        let mut row = 0;
        self.each_row(block.row_range(), |place| {
            body(row, place + shift);
            row += 1;
        });
    }

    /// # Safety
    ///
    /// As of [`Loader`].
    #[inline(always)]
    unsafe fn load(&self, arena: *const u32, block: Block, to: *mut u32) {
        let count = block.columns;
        match self.inner {
            1 => self.rows_of(block, |row, place| {
                let from = arena.wrapping_offset(place);
                // SAFETY: the caller's promise; registers are not in the arena.
                unsafe { copy(from, to.wrapping_add(row * count), count) };
            }),
            0 => self.rows_of(block, |row, place| {
                // SAFETY: the caller's promise.
                let bits = unsafe { arena.wrapping_offset(place).read() };
                // SAFETY: a row begins before the block's end.
                unsafe { splat(bits, to.wrapping_add(row * count), count) };
            }),
            stride => self.rows_of(block, |row, place| {
                for column in 0..count {
                    let from = arena.wrapping_offset(place + stride * column as isize);
                    // SAFETY: the caller's promise.
                    let bits = unsafe { from.read() };
                    // SAFETY: likewise.
                    unsafe { to.wrapping_add(row * count + column).write(bits) };
                }
            }),
        }
    }

    /// # Safety
    ///
    /// As of [`Loader`], but nothing is read.
    #[inline(always)]
    unsafe fn count(&self, _arena: *const u32, block: Block, to: *mut u32) {
        let count = block.columns;
        self.rows_of(block, |row, place| {
            let mut value = place as u32;
            for column in 0..count {
                // SAFETY: the caller's promise.
                unsafe { to.wrapping_add(row * count + column).write(value) };
                value = value.wrapping_add(self.inner as u32);
            }
        });
    }

    /// Copies a register to a block's elements.
    ///
    /// # Safety
    ///
    /// They lie in the arena, and the register has as many.
    pub unsafe fn store(&self, arena: *mut u32, block: Block, from: *const u32) {
        let count = block.columns;
        self.rows_of(block, |row, place| {
            let from = from.wrapping_add(row * count);
            if self.inner == 1 {
                // SAFETY: the caller's promise. Both may be the same place.
                unsafe { std::ptr::copy(from, arena.wrapping_offset(place), count) };
                return;
            }
            for column in 0..count {
                let to = arena.wrapping_offset(place + self.inner * column as isize);
                // SAFETY: the caller's promise.
                let bits = unsafe { from.wrapping_add(column).read() };
                // SAFETY: likewise.
                unsafe { to.write(bits) };
            }
        });
    }
}

/// Copies a row, without a call: most are short.
///
/// # Safety
///
/// Both have that many elements, and do not overlap.
#[inline(always)]
unsafe fn copy(from: *const u32, to: *mut u32, count: usize) {
    let mut at = 0;
    while at + LANES <= count {
        // SAFETY: the caller's promise.
        let sixteen: [u32; LANES] = unsafe { lanes(from, at) };
        // SAFETY: likewise.
        unsafe { put_lanes(to, at, sixteen) };
        at += LANES;
    }
    while at + 4 <= count {
        // SAFETY: likewise.
        let four = unsafe { from.wrapping_add(at).cast::<[u32; 4]>().read() };
        // SAFETY: likewise.
        unsafe { to.wrapping_add(at).cast::<[u32; 4]>().write(four) };
        at += 4;
    }
    while at < count {
        // SAFETY: likewise.
        let one = unsafe { from.wrapping_add(at).read() };
        // SAFETY: likewise.
        unsafe { to.wrapping_add(at).write(one) };
        at += 1;
    }
}

/// Repeats the first elements of a register until there are so many.
///
/// # Safety
///
/// There are `period` elements, and room for `count`.
pub unsafe fn repeat(register: *mut u32, period: usize, count: usize) {
    let mut done = period;
    while done < count {
        let more = done.min(count - done);
        // SAFETY: the caller's promise.
        unsafe { copy(register, register.wrapping_add(done), more) };
        done += more;
    }
}

/// Copies elements that lie one after another to a register.
///
/// # Safety
///
/// There are as many; the register has room for them, rounded up to [`LANES`].
#[inline]
pub unsafe fn gather(from: *const u32, to: *mut u32, count: usize) {
    if count == 1 {
        // SAFETY: the caller's promise.
        let bits = unsafe { from.read() };
        // A whole vector, which the next op can read before it is in the cache.
        // SAFETY: likewise.
        unsafe { splat(bits, to, 1) };
    } else {
        // SAFETY: likewise; registers are not in the arena.
        unsafe { copy(from, to, count) };
    }
}

/// Copies a register to elements that lie one after another, maybe itself.
///
/// # Safety
///
/// There are as many in both.
#[inline]
pub unsafe fn scatter(from: *const u32, to: *mut u32, count: usize) {
    if count == 1 {
        // SAFETY: the caller's promise.
        let bits = unsafe { from.read() };
        // SAFETY: likewise.
        unsafe { to.write(bits) };
    } else {
        // SAFETY: likewise.
        unsafe { std::ptr::copy(from, to, count) };
    }
}

/// Fills a row with one element.
///
/// # Safety
///
/// There is room for that many elements, rounded up to [`LANES`].
#[inline(always)]
pub unsafe fn splat(bits: u32, to: *mut u32, count: usize) {
    let mut at = 0;
    while at < count {
        // SAFETY: the caller's promise.
        unsafe { put_lanes(to, at, [bits; LANES]) };
        at += LANES;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_counts_through_dimensions() {
        let access = Access::new(100, &[2, 3, 4], &[50, -10, 2]);
        assert_eq!(access.row_stride(), None);
        let mut places = Vec::new();
        access.each_row(0..6, |place| places.push(place));
        assert_eq!(places, [100, 90, 80, 150, 140, 130]);
        for (row, place) in places.iter().enumerate() {
            assert_eq!(access.at(row, 3), place + 6);
        }
        places.clear();
        access.each_row(4..6, |place| places.push(place));
        assert_eq!(places, [140, 130]);
    }

    #[test]
    fn access_knows_regular_rows() {
        assert_eq!(Access::new(0, &[2, 3, 4], &[30, 10, 1]).row_stride(), Some(10));
        assert_eq!(Access::new(0, &[2, 3, 4], &[0, 0, 1]).row_stride(), Some(0));
        assert_eq!(Access::new(0, &[4], &[1]).row_stride(), Some(0));
        assert_eq!(Access::new(7, &[], &[]).at(0, 0), 7);
    }
}
