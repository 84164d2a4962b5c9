//! Copies of operands in the order in which the loops read them.

use super::vectors::{load_four, store_four, turn};

/// A matrix in memory: its first element, and the distances to the next row
/// and column.
#[derive(Clone, Copy)]
pub struct Grid {
    pub start: *const f32,
    pub row: isize,
    pub column: isize,
}

impl Grid {
    /// Where an element lies.
    #[inline(always)]
    pub fn at(&self, row: usize, column: usize) -> *const f32 {
        self.start.wrapping_offset(row as isize * self.row + column as isize * self.column)
    }

    /// The same matrix with rows for columns.
    pub fn turned(&self) -> Self {
        Self { start: self.start, row: self.column, column: self.row }
    }
}

/// Copies `rows` rows of `columns` numbers to `to`, `stride` after one another.
///
/// # Safety
/// The elements are readable, their places at `to` writable, and nothing
/// overlaps.
pub unsafe fn copy(from: Grid, rows: usize, columns: usize, to: *mut f32, stride: isize) {
    if from.row != 1 || from.column == 1 {
        for row in 0..rows {
            let to = to.wrapping_offset(row as isize * stride);
            // SAFETY: the row is there.
            unsafe { copy_row(from, row, 0, columns, to) };
        }
        return;
    }
    // Fewer than four rows are turned too where what lies beside them is
    // theirs, but for the last columns.
    let dense = from.column == rows as isize;
    for row in (0..rows).step_by(4) {
        let count = (rows - row).min(4);
        let turned = match count {
            4 => columns / 4 * 4,
            _ if dense => columns.saturating_sub(3) / 4 * 4,
            _ => 0,
        };
        let start = from.at(row, 0);
        let to = to.wrapping_offset(row as isize * stride);
        // SAFETY: four rows are there, or four numbers from the first of them
        // on, since three columns or more follow.
        unsafe { turn_rows(start, from.column, count, turned, to, stride) };
        if turned == columns {
            continue;
        }
        for i in 0..count {
            let to = to.wrapping_offset(i as isize * stride);
            // SAFETY: the rest of these rows is there.
            unsafe { copy_row(from, row + i, turned, columns, to) };
        }
    }
}

/// Copies columns `first..last` of a row to the same places of `to`.
///
/// # Safety
/// As of [`copy`].
#[inline(always)]
unsafe fn copy_row(from: Grid, row: usize, first: usize, last: usize, to: *mut f32) {
    let mut column = first;
    while from.column == 1 && last - column >= 4 {
        // SAFETY: four more columns are there.
        let numbers = unsafe { load_four(from.at(row, column)) };
        // SAFETY: likewise.
        unsafe { store_four(numbers, to.wrapping_add(column)) };
        column += 4;
    }
    while column < last {
        // SAFETY: one more column is there.
        let number = unsafe { from.at(row, column).read() };
        // SAFETY: likewise.
        unsafe { to.wrapping_add(column).write(number) };
        column += 1;
    }
}

/// Copies `count` rows, four at most, of which the columns are contiguous.
///
/// # Safety
/// As of [`copy`]; four numbers are readable from each column's first on.
#[inline(always)]
unsafe fn turn_rows(
    start: *const f32,
    column: isize,
    count: usize,
    columns: usize,
    to: *mut f32,
    stride: isize,
) {
    let (mut start, mut to) = (start, to);
    for _ in 0..columns / 4 {
        let place = |i| start.wrapping_offset(column * i as isize);
        // SAFETY: four more columns are there.
        let block = turn(std::array::from_fn(|i| unsafe { load_four(place(i)) }));
        for (i, numbers) in block.into_iter().enumerate() {
            if i < count {
                // SAFETY: likewise.
                unsafe { store_four(numbers, to.wrapping_offset(stride * i as isize)) };
            }
        }
        start = place(4);
        to = to.wrapping_add(4);
    }
}

/// Copies rows to a panel of `width` columns, which is filled up with zeros.
///
/// # Safety
/// The elements are readable, the panel writable, and nothing overlaps.
pub unsafe fn panel(from: Grid, (rows, columns): (usize, usize), to: *mut f32, width: usize) {
    if columns < width {
        // What is there is dropped in the end, but slow if it is denormal.
        // SAFETY: the panel is writable.
        unsafe { to.write_bytes(0, rows * width) };
    }
    // SAFETY: these columns are there, and go to one panel.
    unsafe { copy(from, rows, columns, to, width as isize) };
}
