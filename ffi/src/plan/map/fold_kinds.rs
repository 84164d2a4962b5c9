//! How elements are reduced: each kind within blocks and across them.

use super::scalars::{larger, smaller};

/// How elements are combined.
pub trait Fold {
    /// What elements are within a block.
    type Lane: Copy;
    /// Changes nothing when combined.
    const FIRST: Self::Lane;
    /// The total of nothing.
    const START: u64;
    /// An element.
    fn lift(bits: u32) -> Self::Lane;
    /// What is stored.
    fn lower(lane: Self::Lane) -> u32;
    /// Two of them as one.
    fn combine(a: Self::Lane, b: Self::Lane) -> Self::Lane;
    /// A total with a block's lane.
    fn add(total: u64, lane: Self::Lane) -> u64;
    /// What is stored of a total.
    fn finish(total: u64) -> u32;
}

/// Sums of floats.
pub struct Sums;
impl Fold for Sums {
    type Lane = f32;
    const FIRST: f32 = 0.0;
    const START: u64 = 0;
    #[inline(always)]
    fn lift(bits: u32) -> f32 {
        f32::from_bits(bits)
    }
    #[inline(always)]
    fn lower(lane: f32) -> u32 {
        lane.to_bits()
    }
    #[inline(always)]
    fn combine(a: f32, b: f32) -> f32 {
        a + b
    }
    #[inline(always)]
    fn add(total: u64, lane: f32) -> u64 {
        (f64::from_bits(total) + f64::from(lane)).to_bits()
    }
    #[inline(always)]
    fn finish(total: u64) -> u32 {
        (f64::from_bits(total) as f32).to_bits()
    }
}

/// In doubles throughout: a product passes by where no float is.
pub struct Products;
impl Fold for Products {
    type Lane = f64;
    const FIRST: f64 = 1.0;
    const START: u64 = 1f64.to_bits();
    #[inline(always)]
    fn lift(bits: u32) -> f64 {
        f64::from(f32::from_bits(bits))
    }
    #[inline(always)]
    fn lower(lane: f64) -> u32 {
        (lane as f32).to_bits()
    }
    #[inline(always)]
    fn combine(a: f64, b: f64) -> f64 {
        a * b
    }
    #[inline(always)]
    fn add(total: u64, lane: f64) -> u64 {
        (f64::from_bits(total) * lane).to_bits()
    }
    #[inline(always)]
    fn finish(total: u64) -> u32 {
        (f64::from_bits(total) as f32).to_bits()
    }
}

/// Folds whose totals are as their lanes.
macro_rules! plain_folds {
    ($($(#[$meta:meta])* $name:ident: $lane:ty, $first:expr, $lift:expr, $lower:expr, $combine:expr;)*) => {$(
        $(#[$meta])*
        pub struct $name;
        impl Fold for $name {
            type Lane = $lane;
            const FIRST: $lane = $first;
            const START: u64 = $lower($first) as u64;
            #[inline(always)]
            fn lift(bits: u32) -> $lane {
                $lift(bits)
            }
            #[inline(always)]
            fn lower(lane: $lane) -> u32 {
                $lower(lane)
            }
            #[inline(always)]
            fn combine(a: $lane, b: $lane) -> $lane {
                $combine(a, b)
            }
            #[inline(always)]
            fn add(total: u64, lane: $lane) -> u64 {
                u64::from(Self::lower(Self::combine(Self::lift(total as u32), lane)))
            }
            #[inline(always)]
            fn finish(total: u64) -> u32 {
                total as u32
            }
        }
    )*};
}

const fn to_bits(whole: i32) -> u32 {
    whole as u32
}

#[inline(always)]
fn from_bits(bits: u32) -> i32 {
    bits as i32
}

plain_folds! {
    /// The largest float.
    Largest: f32, f32::NEG_INFINITY, f32::from_bits, f32::to_bits, larger;
    /// The smallest float.
    Smallest: f32, f32::INFINITY, f32::from_bits, f32::to_bits, smaller;
    /// Sums of whole numbers.
    WholeSums: i32, 0, from_bits, to_bits, i32::wrapping_add;
    /// Products of whole numbers.
    WholeProducts: i32, 1, from_bits, to_bits, i32::wrapping_mul;
    /// The largest whole number.
    WholeLargest: i32, i32::MIN, from_bits, to_bits, i32::max;
    /// The smallest whole number.
    WholeSmallest: i32, i32::MAX, from_bits, to_bits, i32::min;
}
