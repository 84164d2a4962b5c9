//! Looking for numbers that are none.

#![allow(unsafe_code, reason = "reads an arena that others point into")]

use super::map::BLOCK;

/// Floats in the arena.
#[derive(Clone, Debug)]
pub struct Floats {
    offset: isize,
    dims: Vec<usize>,
    strides: Vec<isize>,
}

impl Floats {
    /// In these steps along the dimensions.
    pub fn new(offset: i64, dims: &[usize], strides: &[i64]) -> Self {
        let strides = strides.iter().map(|stride| *stride as isize).collect();
        Self { offset: offset as isize, dims: dims.to_vec(), strides }
    }

    /// Whether all are finite.
    ///
    /// # Safety
    ///
    /// They lie in the arena, and nobody writes them meanwhile.
    pub unsafe fn are_finite(&self, arena: *const u32) -> bool {
        let (Some((columns, dims)), Some((inner, strides))) =
            (self.dims.split_last(), self.strides.split_last())
        else {
            // SAFETY: the caller's promise.
            return unsafe { all_finite(arena.wrapping_offset(self.offset), 1, 1) };
        };
        let rows = if *columns == 0 { 0 } else { dims.iter().product() };
        (0..rows).all(|row: usize| {
            let mut rest = row;
            let mut place = self.offset;
            for (length, stride) in dims.iter().zip(strides).rev() {
                place += stride * (rest % length) as isize;
                rest /= length;
            }
            // SAFETY: likewise.
            unsafe { all_finite(arena.wrapping_offset(place), *columns, *inner) }
        })
    }
}

/// # Safety
///
/// There are so many, in these steps.
unsafe fn all_finite(start: *const u32, count: usize, stride: isize) -> bool {
    let mut at = 0;
    while at < count {
        let end = count.min(at + BLOCK);
        let mut bad = false;
        for i in at..end {
            // SAFETY: the caller's promise.
            let bits = unsafe { start.wrapping_offset(stride * i as isize).read() };
            bad |= bits & 0x7f80_0000 == 0x7f80_0000;
        }
        if bad {
            return false;
        }
        at = end;
    }
    true
}
