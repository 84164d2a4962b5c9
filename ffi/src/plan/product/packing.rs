//! Copies of operands in the order in which the loops read them.

/// Turns four rows of four into columns.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn turn_four(rows: [[f32; 4]; 4]) -> [[f32; 4]; 4] {
    use std::arch::x86_64::*;

    // What LLVM makes of the plain form goes element by element.
    #[inline]
    #[target_feature(enable = "sse")]
    fn turn([a, b, c, d]: [__m128; 4]) -> [__m128; 4] {
        let (low, low_next) = (_mm_unpacklo_ps(a, b), _mm_unpacklo_ps(c, d));
        let (high, high_next) = (_mm_unpackhi_ps(a, b), _mm_unpackhi_ps(c, d));
        [
            _mm_movelh_ps(low, low_next),
            _mm_movehl_ps(low_next, low),
            _mm_movelh_ps(high, high_next),
            _mm_movehl_ps(high_next, high),
        ]
    }

    // SAFETY: four numbers and a vector are alike in memory.
    let vectors = unsafe { std::mem::transmute::<[[f32; 4]; 4], [__m128; 4]>(rows) };
    // SAFETY: SSE belongs to x86-64.
    let turned = unsafe { turn(vectors) };
    // SAFETY: as above.
    unsafe { std::mem::transmute::<[__m128; 4], [[f32; 4]; 4]>(turned) }
}

/// Turns four rows of four into columns.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub fn turn_four(rows: [[f32; 4]; 4]) -> [[f32; 4]; 4] {
    std::array::from_fn(|i| std::array::from_fn(|j| rows[j][i]))
}

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

/// # Safety
/// The first four of the row lie in memory, one beside the other.
#[inline(always)]
unsafe fn four(start: *const f32) -> [f32; 4] {
    // SAFETY: the caller's promise; arrays may lie anywhere.
    unsafe { start.cast::<[f32; 4]>().read_unaligned() }
}

/// # Safety
/// Four numbers at `start` are writable.
#[inline(always)]
unsafe fn put_four(start: *mut f32, numbers: [f32; 4]) {
    // SAFETY: the caller's promise; arrays may lie anywhere.
    unsafe { start.cast::<[f32; 4]>().write_unaligned(numbers) }
}

/// Copies `rows` rows of `columns` numbers to `to`, `stride` after one another.
///
/// # Safety
/// The elements are readable, their places at `to` writable, and nothing
/// overlaps.
pub unsafe fn copy(from: Grid, rows: usize, columns: usize, to: *mut f32, stride: usize) {
    let mut row = 0;
    if from.row == 1 && from.column != 1 {
        while rows - row >= 4 {
            // SAFETY: four more rows are there.
            unsafe { turn_rows(from, row, columns, to.wrapping_add(row * stride), stride) };
            row += 4;
        }
    }
    while row < rows {
        let to = to.wrapping_add(row * stride);
        let mut column = 0;
        if from.column == 1 {
            while columns - column >= 4 {
                // SAFETY: four more columns are there.
                let numbers = unsafe { four(from.at(row, column)) };
                // SAFETY: likewise.
                unsafe { put_four(to.wrapping_add(column), numbers) };
                column += 4;
            }
        }
        while column < columns {
            // SAFETY: one more column is there.
            let number = unsafe { from.at(row, column).read() };
            // SAFETY: likewise.
            unsafe { to.wrapping_add(column).write(number) };
            column += 1;
        }
        row += 1;
    }
}

/// Copies four rows of which the columns are contiguous.
///
/// # Safety
/// As of [`copy`], of rows `row` to `row + 4`.
#[inline(always)]
unsafe fn turn_rows(from: Grid, row: usize, columns: usize, to: *mut f32, stride: usize) {
    let mut column = 0;
    while columns - column >= 4 {
        // SAFETY: four more columns are there.
        let block = std::array::from_fn(|i| unsafe { four(from.at(row, column + i)) });
        for (i, numbers) in turn_four(block).into_iter().enumerate() {
            // SAFETY: likewise.
            unsafe { put_four(to.wrapping_add(i * stride + column), numbers) };
        }
        column += 4;
    }
    while column < columns {
        // SAFETY: one more column is there.
        let numbers = unsafe { four(from.at(row, column)) };
        for (i, number) in numbers.into_iter().enumerate() {
            // SAFETY: likewise.
            unsafe { to.wrapping_add(i * stride + column).write(number) };
        }
        column += 1;
    }
}

/// Copies `rows` rows to panels of `width` columns, one panel after the other,
/// the last filled up with zeros.
///
/// # Safety
/// The elements are readable, the panels writable, and nothing overlaps.
pub unsafe fn panels(from: Grid, rows: usize, columns: usize, to: *mut f32, width: usize) {
    let mut to = to;
    let mut first = 0;
    while first < columns {
        let part = width.min(columns - first);
        if part < width {
            // SAFETY: the panel is writable.
            unsafe { to.write_bytes(0, rows * width) };
        }
        let from = Grid { start: from.at(0, first), ..from };
        // SAFETY: these columns are there, and go to one panel.
        unsafe { copy(from, rows, part, to, width) };
        to = to.wrapping_add(rows * width);
        first += width;
    }
}
