//! The largest values of four rows at once, by sorting networks: comparisons
//! that do not depend on the data run in vectors, one row in each lane, and no
//! branch is mispredicted.

/// Rows that are sorted at once.
pub const ROWS: usize = 4;

/// The number of values that are found of each row.
pub const MOST: usize = 32;

/// The number that is found faster.
pub const BLOCK: usize = 16;

/// One value of each row.
pub type Lanes = [f64; ROWS];

/// The largest values of each row, the largest first.
pub type Top = [Lanes; MOST];

/// A vector of one value of each row.
pub trait Vector: Copy {
    /// Takes the values.
    fn of(lanes: Lanes) -> Self;
    /// Gives the values.
    fn lanes(self) -> Lanes;
    /// The larger ones.
    fn larger(self, other: Self) -> Self;
    /// The smaller ones.
    fn smaller(self, other: Self) -> Self;
    /// The sums.
    fn plus(self, other: Self) -> Self;
    /// These where others are above a bound, else 0.
    fn where_above(self, others: Self, bound: Self) -> Self;
}

impl Vector for Lanes {
    #[inline(always)]
    fn of(lanes: Lanes) -> Lanes {
        lanes
    }

    #[inline(always)]
    fn lanes(self) -> Lanes {
        self
    }

    #[inline(always)]
    fn larger(self, other: Lanes) -> Lanes {
        std::array::from_fn(|row| if other[row] > self[row] { other[row] } else { self[row] })
    }

    #[inline(always)]
    fn smaller(self, other: Lanes) -> Lanes {
        std::array::from_fn(|row| if other[row] < self[row] { other[row] } else { self[row] })
    }

    #[inline(always)]
    fn plus(self, other: Lanes) -> Lanes {
        std::array::from_fn(|row| self[row] + other[row])
    }

    #[inline(always)]
    fn where_above(self, others: Lanes, bound: Lanes) -> Lanes {
        std::array::from_fn(|row| if others[row] > bound[row] { self[row] } else { 0.0 })
    }
}

/// Vectors of AVX. The compiler makes none of arrays in variables.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx {
    use super::{Lanes, Vector};
    use std::arch::x86_64::*;

    /// Made in functions alone that run where the instructions are.
    impl Vector for __m256d {
        #[inline(always)]
        fn of([a, b, c, d]: Lanes) -> __m256d {
            // SAFETY: the instructions are there, as said above.
            unsafe { _mm256_setr_pd(a, b, c, d) }
        }

        #[inline(always)]
        fn lanes(self) -> Lanes {
            // SAFETY: both are four numbers, and all bits are a value.
            unsafe { std::mem::transmute(self) }
        }

        #[inline(always)]
        fn larger(self, other: __m256d) -> __m256d {
            // SAFETY: the instructions are there, as said above.
            unsafe { _mm256_max_pd(other, self) }
        }

        #[inline(always)]
        fn smaller(self, other: __m256d) -> __m256d {
            // SAFETY: the instructions are there, as said above.
            unsafe { _mm256_min_pd(other, self) }
        }

        #[inline(always)]
        fn plus(self, other: __m256d) -> __m256d {
            // SAFETY: the instructions are there, as said above.
            unsafe { _mm256_add_pd(self, other) }
        }

        #[inline(always)]
        fn where_above(self, others: __m256d, bound: __m256d) -> __m256d {
            // SAFETY: the instructions are there, as said above.
            let mask = unsafe { _mm256_cmp_pd::<_CMP_GT_OQ>(others, bound) };
            // SAFETY: as above.
            unsafe { _mm256_and_pd(self, mask) }
        }
    }
}

/// Puts the larger ones first.
#[inline(always)]
fn exchange<V: Vector>(keys: &mut [V], first: usize, second: usize) {
    let (a, b) = (keys[first], keys[second]);
    keys[first] = a.larger(b);
    keys[second] = a.smaller(b);
}

/// Compares each key of the first half of a run of `2 * STEP` with the one
/// `STEP` further on.
#[inline(always)]
fn halve<const STEP: usize, V: Vector>(keys: &mut [V; BLOCK]) {
    for i in 0..BLOCK {
        if i & STEP == 0 {
            exchange(keys, i, i + STEP);
        }
    }
}

/// Compares each key of the first half of a run of `SIZE` with the one at the
/// same distance from the run's other end: of two halves that fall, the first
/// gets the larger keys.
#[inline(always)]
fn fold<const SIZE: usize, V: Vector>(keys: &mut [V; BLOCK]) {
    for start in (0..BLOCK).step_by(SIZE) {
        for i in 0..SIZE / 2 {
            exchange(keys, start + i, start + SIZE - 1 - i);
        }
    }
}

/// Sorts what rises and then falls, or the reverse.
#[inline(always)]
fn settle<V: Vector>(keys: &mut [V; BLOCK]) {
    halve::<8, V>(keys);
    halve::<4, V>(keys);
    halve::<2, V>(keys);
    halve::<1, V>(keys);
}

/// Sorts a block of each row, the largest first (Batcher, "Sorting networks
/// and their applications", 1968).
#[inline(always)]
fn sorted_block<V: Vector>(rows: [&[f64]; ROWS], start: usize) -> [V; BLOCK] {
    let [a, b, c, d] = rows.map(|row| &row[start..start + BLOCK]);
    let mut keys: [V; BLOCK] = std::array::from_fn(|i| V::of([a[i], b[i], c[i], d[i]]));
    fold::<2, V>(&mut keys);
    fold::<4, V>(&mut keys);
    halve::<1, V>(&mut keys);
    fold::<8, V>(&mut keys);
    halve::<2, V>(&mut keys);
    halve::<1, V>(&mut keys);
    fold::<16, V>(&mut keys);
    halve::<4, V>(&mut keys);
    halve::<2, V>(&mut keys);
    halve::<1, V>(&mut keys);
    keys
}

/// Makes of two sorted blocks the one of the larger keys, sorted, and the one
/// of the smaller ones, which [`settle`] sorts.
#[inline(always)]
fn part<V: Vector>(first: &mut [V; BLOCK], second: &mut [V; BLOCK]) {
    for i in 0..BLOCK {
        let (a, b) = (first[i], second[BLOCK - 1 - i]);
        first[i] = a.larger(b);
        second[BLOCK - 1 - i] = a.smaller(b);
    }
    settle(first);
}

/// The [`BLOCK`] largest values of each row, and nothing behind them. All rows
/// have the same multiple of as many.
#[inline(always)]
pub fn largest_block<V: Vector>(rows: [&[f64]; ROWS]) -> Top {
    let mut top = [V::of([f64::NEG_INFINITY; ROWS]); BLOCK];
    for start in (0..rows[0].len()).step_by(BLOCK) {
        part(&mut top, &mut sorted_block(rows, start));
    }
    std::array::from_fn(|i| if i < BLOCK { top[i].lanes() } else { [f64::NEG_INFINITY; ROWS] })
}

/// The [`MOST`] largest values of each row. All rows have the same multiple of
/// [`BLOCK`].
#[inline(always)]
pub fn largest<V: Vector>(rows: [&[f64]; ROWS]) -> Top {
    let mut first = [V::of([f64::NEG_INFINITY; ROWS]); BLOCK];
    let mut second = first;
    for start in (0..rows[0].len()).step_by(BLOCK) {
        let mut block = sorted_block(rows, start);
        part(&mut first, &mut block);
        settle(&mut block);
        // Of what is not among the first, only the larger ones stay.
        part(&mut second, &mut block);
    }
    std::array::from_fn(|i| if i < BLOCK { first[i].lanes() } else { second[i - BLOCK].lanes() })
}

/// What those values weigh that are above a bound: weights are whole numbers,
/// whose sums are exact in any order. Of both there is a multiple of [`BLOCK`].
#[inline(always)]
pub fn weight_above<V: Vector>(values: &[f64], weights: &[f64], bound: f64) -> f64 {
    let bound = V::of([bound; ROWS]);
    let mut sums = [V::of([0.0; ROWS]); BLOCK / ROWS];
    for (values, weights) in values.chunks_exact(BLOCK).zip(weights.chunks_exact(BLOCK)) {
        for (i, sum) in sums.iter_mut().enumerate() {
            let four = |from: &[f64]| {
                let from = &from[ROWS * i..][..ROWS];
                V::of([from[0], from[1], from[2], from[3]])
            };
            *sum = sum.plus(four(weights).where_above(four(values), bound));
        }
    }
    let [a, b, c, d] = sums;
    a.plus(c).plus(b.plus(d)).lanes().iter().sum()
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    fn rows(random: &mut Random, length: usize) -> [Vec<f64>; ROWS] {
        std::array::from_fn(|row| {
            let kinds = [5u32, 100, 1 << 20, 1][row];
            (0..length).map(|_| random.slot(kinds) as f64 - 3.0).collect()
        })
    }

    fn check<V: Vector>() {
        let mut random = Random::new([1, 2, 3, 4]);
        for round in 0..200 {
            let length = BLOCK * (1 + round % 9);
            let rows = rows(&mut random, length);
            let slices = rows.each_ref().map(Vec::as_slice);
            let (few, many) = (largest_block::<V>(slices), largest::<V>(slices));
            for (lane, row) in rows.iter().enumerate() {
                let mut sorted = row.clone();
                sorted.sort_by(|a, b| b.total_cmp(a));
                sorted.resize(length + MOST, f64::NEG_INFINITY);
                for i in 0..MOST {
                    assert_eq!(many[i][lane], sorted[i], "{i} of {length}");
                    assert!(i >= BLOCK || few[i][lane] == sorted[i], "{i} of {length}");
                }
                let weights: Vec<f64> = row.iter().map(|_| random.slot(100) as f64).collect();
                for bound in [f64::NEG_INFINITY, row[0], row[1], f64::INFINITY] {
                    let above = row.iter().zip(&weights).filter(|(value, _)| **value > bound);
                    let expected: f64 = above.map(|(_, weight)| weight).sum();
                    assert_eq!(weight_above::<V>(row, &weights, bound), expected);
                }
            }
        }
    }

    #[test]
    fn networks_agree_with_sorting() {
        check::<Lanes>();
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx") {
            check::<std::arch::x86_64::__m256d>();
        }
    }
}
