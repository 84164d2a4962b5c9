//! Products of matrices.

#![allow(unsafe_code, reason = "operands lie in one arena, where references would alias")]

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

/// Space that operands are packed into. One serves any number of products, one
/// after the other.
#[derive(Debug, Default)]
pub struct Scratch {}

impl Scratch {
    /// Space that suffices for a product.
    pub fn for_product(product: &Product) -> Self {
        let mut scratch = Self::default();
        scratch.grow_for(product);
        scratch
    }

    /// Grows to what a product needs, so that its run allocates nothing.
    pub fn grow_for(&mut self, _product: &Product) {}
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
    _scratch: &mut Scratch,
    mut after_rows: impl FnMut(Range<usize>),
) {
    let p = product;
    if p.batch == 0 || p.m == 0 || p.n == 0 {
        return;
    }
    for batch in 0..p.batch as isize {
        for i in 0..p.m as isize {
            for j in 0..p.n as isize {
                let mut sum = 0.0f32;
                for l in 0..p.k as isize {
                    let a = p.a as isize + batch * p.a_batch + i * p.a_row + l * p.a_column;
                    let b = p.b as isize + batch * p.b_batch + l * p.b_row + j * p.b_column;
                    // SAFETY: A's elements lie in the arena.
                    let left = unsafe { arena.wrapping_offset(a).read() };
                    // SAFETY: B's elements lie in the arena.
                    let right = unsafe { arena.wrapping_offset(b).read() };
                    sum += left * right;
                }
                let c = p.c as isize + batch * p.c_batch + i * p.c_row + j;
                // SAFETY: C's elements lie in the arena.
                unsafe { arena.wrapping_offset(c).write(sum) };
            }
        }
    }
    after_rows(0..p.batch * p.m);
}
