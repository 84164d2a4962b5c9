//! Features of samples, in `f64`. The twin is `_reservoir_features.ts`: sums
//! run over the same eight lanes there, so that both give the same bits
//! whatever the width of the processor's vectors.

use super::layout::*;
use super::select::{Weighted, order_statistics, weighted_percentile};
use super::top::{self, Wanted};
use crate::abi::{Fault, Outcome};
use crate::{export, shared_constants};

shared_constants! {
    /// Features of a reservoir.
    FEATURES: usize = 7;
    /// Feature: the values' mean.
    FEATURE_MEAN: usize = 0;
    /// Feature: the values' percentile.
    FEATURE_PERCENTILE: usize = 1;
    /// Feature: the values' standard deviation, as of a population.
    FEATURE_DEVIATION: usize = 2;
    /// Feature: the sum of the discounted values over the reservoir's size.
    FEATURE_DISCOUNTED_MEAN: usize = 3;
    /// Feature: the percentile of the discounted values.
    FEATURE_DISCOUNTED_PERCENTILE: usize = 4;
    /// Feature: the mean weighted by the discounts.
    FEATURE_WEIGHTED_MEAN: usize = 5;
    /// Feature: the percentile weighted by the discounts.
    FEATURE_WEIGHTED_PERCENTILE: usize = 6;
    /// One in the whole numbers that weights are rounded down to: sums of as
    /// many as the largest reservoir holds are exact in any order.
    WEIGHT_UNIT: f64 = 4294967296.0;
}

const LANES: usize = 8;

/// What the features are to be.
#[derive(Clone, Copy)]
struct Settings {
    now: f64,
    /// Logarithm to base 2 of the discount a second, 0 at most.
    rate: f64,
    share: f64,
    /// Whether empty slots are values of 0.
    zeros: bool,
}

/// Arrays as long as the largest reservoir.
struct Scratch {
    recent: Vec<f64>,
    arrays: [Vec<f64>; 4],
}

#[inline(always)]
fn sum(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += term(*value);
        }
    }
    for (lane, value) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane += term(*value);
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

#[inline(always)]
fn largest(values: &[f64]) -> f64 {
    let pick = |a: f64, b: f64| if b > a { b } else { a };
    let mut lanes = [f64::NEG_INFINITY; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = pick(*lane, *value);
        }
    }
    for (lane, value) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane = pick(*lane, *value);
    }
    lanes.into_iter().fold(f64::NEG_INFINITY, pick)
}

/// Two to a power of -1022 to 0, by the Taylor series of what is left of the
/// nearest whole number: within 2 ulp.
#[inline(always)]
pub fn power_of_two(x: f64) -> f64 {
    // Adding it rounds to a whole number, which its low bits then hold.
    const ROUND: f64 = 6755399441055744.0;
    let x = if x < -1022.0 { -1022.0 } else { x };
    let shifted = x + ROUND;
    let f = (x - (shifted - ROUND)) * std::f64::consts::LN_2;
    let tail = 1.0 / 40320.0
        + f * (1.0 / 362880.0
            + f * (1.0 / 3628800.0 + f * (1.0 / 39916800.0 + f * (1.0 / 479001600.0))));
    let middle = 1.0 / 24.0 + f * (1.0 / 120.0 + f * (1.0 / 720.0 + f * (1.0 / 5040.0 + f * tail)));
    let fraction = 1.0 + f * (1.0 + f * (1.0 / 2.0 + f * (1.0 / 6.0 + f * middle)));
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    fraction * power
}

#[inline(always)]
fn features(
    times: &[f64],
    values: &[f64],
    capacity: usize,
    settings: Settings,
    scratch: &mut Scratch,
    out: &mut [f64],
) {
    let Settings { now, rate, share, zeros } = settings;
    let filled = values.len();
    let count = if zeros { capacity } else { filled };
    if filled == 0 {
        out.fill(if zeros { 0.0 } else { f64::NAN });
        return;
    }
    let newest = largest(times);
    // Relative to the newest, so that old samples keep their proportions.
    let recent = &mut scratch.recent[..filled];
    for (weight, time) in recent.iter_mut().zip(times) {
        *weight = power_of_two(rate * (newest - time));
    }
    let scale = power_of_two(rate * (now - newest));
    let mean = sum(values, |value| value) / count as f64;
    let squares = sum(values, |value| (value - mean) * (value - mean));
    let absent = (count - filled) as f64 * (mean * mean);
    out[FEATURE_MEAN] = mean;
    out[FEATURE_DEVIATION] = ((squares + absent) / count as f64).sqrt();

    let [first, second, third, fourth] = scratch.arrays.each_mut().map(|a| &mut a[..count]);
    for ((product, weight), value) in first.iter_mut().zip(recent.iter()).zip(values) {
        // Adding zero makes a negative zero positive.
        *product = weight * value + 0.0;
    }
    first[filled..].fill(0.0);
    let products = sum(&first[..filled], |product| product);
    out[FEATURE_DISCOUNTED_MEAN] = scale * products / capacity as f64;
    out[FEATURE_WEIGHTED_MEAN] = products / sum(recent, |weight| weight);
    let rank = (count - 1) as f64 * share;
    let lower = rank as usize;
    let between = |[low, high]: [f64; 2]| low + (rank - lower as f64) * (high - low);
    let wanted = Wanted { rank: lower, total: 0.0, target: 0.0 };
    let found = match top::find::<false>(first, first, wanted) {
        Some([low, high, _]) => [low, high],
        None => order_statistics(first, second, lower),
    };
    out[FEATURE_DISCOUNTED_PERCENTILE] = scale * between(found);

    // Whole weights, and none for empty slots.
    for (weight, recent) in third.iter_mut().zip(recent.iter()) {
        *weight = (*recent * WEIGHT_UNIT).floor();
    }
    third[filled..].fill(0.0);
    let total = sum(&third[..filled], |weight| weight);
    let target = share * total;
    for (to, from) in first.iter_mut().zip(values) {
        *to = from + 0.0;
    }
    first[filled..].fill(0.0);
    let wanted = Wanted { rank: lower, total, target };
    // Empty slots have values, but must not be chosen for a weight of zero.
    let found = if count == filled { top::find::<true>(first, third, wanted) } else { None };
    let (found, weighted) = found.map_or_else(
        || {
            let first_copy = &mut fourth[..count];
            first_copy.copy_from_slice(first);
            let found = order_statistics(first_copy, second, lower);
            let weighted = weighted_percentile(
                Weighted { values: &mut first[..filled], weights: &mut third[..filled] },
                Weighted { values: &mut second[..filled], weights: &mut fourth[..filled] },
                target,
            );
            (found, weighted)
        },
        |[low, high, weighted]| ([low, high], weighted),
    );
    out[FEATURE_PERCENTILE] = between(found);
    out[FEATURE_WEIGHTED_PERCENTILE] = weighted;
}

/// The features of a row of reservoirs, each with words and numbers of its own.
#[inline(always)]
fn all_features(
    words: &[u32],
    numbers: &[f64],
    settings: Settings,
    scratch: &mut Scratch,
    out: &mut [f64],
) -> Outcome {
    let stride = numbers.len() / (words.len() / WORDS);
    let reservoirs = words.chunks_exact(WORDS).zip(numbers.chunks_exact(stride));
    for ((words, numbers), out) in reservoirs.zip(out.chunks_exact_mut(FEATURES)) {
        let (_, capacity, filled) = check_buffers(words, numbers)?;
        let (times, values) = numbers[HEADER..].split_at(capacity);
        features(&times[..filled], &values[..filled], capacity, settings, scratch, out);
    }
    Ok(0)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn all_features_avx2(
    words: &[u32],
    numbers: &[f64],
    settings: Settings,
    scratch: &mut Scratch,
    out: &mut [f64],
) -> Outcome {
    all_features(words, numbers, settings, scratch, out)
}

#[allow(unsafe_code)]
fn dispatch(
    words: &[u32],
    numbers: &[f64],
    settings: Settings,
    scratch: &mut Scratch,
    out: &mut [f64],
) -> Outcome {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has the instructions.
        return unsafe { all_features_avx2(words, numbers, settings, scratch, out) };
    }
    all_features(words, numbers, settings, scratch, out)
}

export! {
    /// Features of reservoirs of one kind and size that lie one after another.
    ///
    /// `rate` is the logarithm to base 2 of the discount a second, `share` the
    /// percentile over 100; with `zeros` other than 0 empty slots are zeros.
    /// `out` takes `FEATURES` numbers a reservoir.
    fn loadstar_reservoir_features(
        words: &[u32],
        numbers: &[f64],
        now: f64,
        rate: f64,
        share: f64,
        zeros: u32,
        out: &mut [f64]
    ) {
        let settings = Settings { now, rate, share, zeros: zeros != 0 };
        features_of_buffers(words, numbers, settings, out)
    }
}

fn features_of_buffers(
    words: &[u32],
    numbers: &[f64],
    settings: Settings,
    out: &mut [f64],
) -> Outcome {
    let reservoirs = words.len() / WORDS;
    let fits = reservoirs > 0
        && words.len().is_multiple_of(WORDS)
        && numbers.len().is_multiple_of(reservoirs)
        && out.len() == reservoirs * FEATURES;
    if !fits {
        return Err(Fault::LENGTH);
    }
    let Settings { now, rate, share, .. } = settings;
    if !(now.is_finite() && rate <= 0.0 && rate.is_finite() && (0.0..=1.0).contains(&share)) {
        return Err(Fault::ARGUMENT);
    }
    let size = (words[WORD_CAPACITY] as usize).min(MAX_CAPACITY);
    let mut scratch =
        Scratch { recent: vec![0.0; size], arrays: std::array::from_fn(|_| vec![0.0; size]) };
    dispatch(words, numbers, settings, &mut scratch, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_of_two_is_close() {
        for i in 0..10_000 {
            let x = -f64::from(i) * 0.0917;
            let ratio = power_of_two(x) / x.exp2();
            assert!((ratio - 1.0).abs() < 5e-16, "{x}: {ratio}");
        }
        assert_eq!(power_of_two(0.0), 1.0);
        assert_eq!(power_of_two(-1e300), 2f64.powi(-1022));
    }
}
