//! Features of samples, in `f64`. The twin is `_reservoir_features.ts`: sums
//! run over the same eight lanes there, so that both give the same bits
//! whatever the width of the processor's vectors.

use super::arithmetic::{largest, power_of_two, sum};
use super::layout::*;
use super::network::{self, Lanes, ROWS, Top, Vector};
use super::select::{Weighted, order_statistics, weighted_percentile};
use crate::abi::{Fault, Outcome};
use crate::simd::{InstructionSet, instruction_set};
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

/// What is known of a reservoir before its percentiles, and the arrays that
/// they are taken from; behind `count` these are padded to what networks sort.
struct Row {
    products: Vec<f64>,
    values: Vec<f64>,
    /// Whole numbers.
    weights: Vec<f64>,
    /// How many values there are, empty slots included where they are zeros.
    count: usize,
    filled: usize,
    /// The discount of the newest.
    scale: f64,
    /// The weights' sum.
    total: f64,
}

impl Row {
    fn of_size(size: usize) -> Row {
        let padded = size.next_multiple_of(network::BLOCK);
        let array = || vec![0.0; padded];
        let (products, values, weights) = (array(), array(), array());
        Row { products, values, weights, count: 0, filled: 0, scale: 0.0, total: 0.0 }
    }

    /// Fills the arrays and writes all features but the percentiles.
    #[inline(always)]
    fn prepare(
        &mut self,
        times: &[f64],
        values: &[f64],
        capacity: usize,
        settings: Settings,
        out: &mut [f64],
    ) {
        let Settings { now, rate, zeros, .. } = settings;
        let filled = values.len();
        let count = if filled == 0 {
            out.fill(if zeros { 0.0 } else { f64::NAN });
            0
        } else if zeros {
            capacity
        } else {
            filled
        };
        (self.count, self.filled) = (count, filled);
        self.products[filled..count].fill(0.0);
        self.values[filled..count].fill(0.0);
        self.products[count..].fill(f64::NEG_INFINITY);
        self.values[count..].fill(f64::NEG_INFINITY);
        self.weights[filled..].fill(0.0);
        if filled == 0 {
            return;
        }
        let newest = largest(times);
        // Relative to the newest, so that old samples keep their proportions.
        let recent = &mut self.weights[..filled];
        for (weight, time) in recent.iter_mut().zip(times) {
            *weight = power_of_two(rate * (newest - time));
        }
        self.scale = power_of_two(rate * (now - newest));
        let mean = sum(values, |value| value) / count as f64;
        let squares = sum(values, |value| (value - mean) * (value - mean));
        let absent = (count - filled) as f64 * (mean * mean);
        out[FEATURE_MEAN] = mean;
        out[FEATURE_DEVIATION] = ((squares + absent) / count as f64).sqrt();

        let products = &mut self.products[..filled];
        for ((product, weight), value) in products.iter_mut().zip(recent.iter()).zip(values) {
            // Adding zero makes a negative zero positive.
            *product = weight * value + 0.0;
        }
        let discounted = sum(products, |product| product);
        out[FEATURE_DISCOUNTED_MEAN] = self.scale * discounted / capacity as f64;
        out[FEATURE_WEIGHTED_MEAN] = discounted / sum(recent, |weight| weight);
        for (to, from) in self.values.iter_mut().zip(values) {
            *to = from + 0.0;
        }
        for weight in recent.iter_mut() {
            *weight = (*weight * WEIGHT_UNIT).floor();
        }
        self.total = sum(recent, |weight| weight);
    }

    /// Makes it a row without values.
    fn clear(&mut self) {
        self.products.fill(f64::NEG_INFINITY);
        self.values.fill(f64::NEG_INFINITY);
        self.weights.fill(0.0);
        (self.count, self.filled) = (0, 0);
    }

    /// The rank that the percentile is at, and how many values are from there
    /// on.
    #[inline(always)]
    fn rank(&self, share: f64) -> (f64, usize) {
        let rank = (self.count.max(1) - 1) as f64 * share;
        (rank, self.count - (rank as usize).min(self.count))
    }
}

/// Places among the largest values, the last up to which the weights of all
/// that are not above it reach the share: by bisection, of all rows at once,
/// because each of its steps waits for the one before.
#[inline(always)]
fn weighted_places<V: Vector>(rows: &[Row], top: &[Lanes], share: f64) -> [usize; ROWS] {
    let mut places = [0; ROWS];
    let mut step = top.len() / 2;
    while step > 0 {
        for (lane, row) in rows.iter().enumerate() {
            let place = places[lane] + step;
            let above = network::weight_above::<V>(&row.values, &row.weights, top[place][lane]);
            let reaches = place < row.count && row.total - above >= share * row.total;
            places[lane] += if reaches { step } else { 0 };
        }
        step /= 2;
    }
    places
}

/// Arrays for the reservoirs that are looked at at once.
struct Scratch {
    rows: Vec<Row>,
    spare: [Vec<f64>; 2],
}

/// Reservoirs of more samples are looked at one by one: networks find too few
/// of their largest values.
const MOST_SORTED: usize = 1024;

impl Scratch {
    fn new(size: usize) -> Scratch {
        let sorts = size <= MOST_SORTED;
        Scratch {
            rows: (0..if sorts { ROWS } else { 1 }).map(|_| Row::of_size(size)).collect(),
            spare: [vec![0.0; size], vec![0.0; size]],
        }
    }

    /// The largest of an array of each row, as many as are needed, or nothing
    /// where these are too many for a network.
    #[inline(always)]
    fn largest<V: Vector>(&self, needed: usize, array: impl Fn(&Row) -> &[f64]) -> Option<Top> {
        let [a, b, c, d] = &self.rows[..] else { return None };
        if needed > network::MOST {
            return None;
        }
        let longest = self.rows.iter().map(|row| row.count).max().unwrap_or(0);
        let length = longest.next_multiple_of(network::BLOCK);
        let rows = [a, b, c, d].map(|row| &array(row)[..length]);
        let is_block = needed <= network::BLOCK;
        Some(if is_block { network::largest_block::<V>(rows) } else { network::largest::<V>(rows) })
    }

    /// Writes the percentiles of the rows that were prepared.
    #[inline(always)]
    fn write_percentiles<V: Vector>(&mut self, share: f64, out: &mut [f64]) {
        let needed = self.rows.iter().map(|row| row.rank(share).1).max().unwrap_or(0);
        let products = self.largest::<V>(needed, |row| &row.products);
        // The weights may reach their share further down than the rank is.
        let least = network::BLOCK + 1;
        let values = self.largest::<V>(needed.max(least), |row| &row.values);
        let places = values.as_ref().map(|top| weighted_places::<V>(&self.rows, top, share));
        let [first, second] = &mut self.spare;
        for ((lane, row), out) in
            self.rows.iter_mut().enumerate().zip(out.chunks_exact_mut(FEATURES))
        {
            let (count, filled) = (row.count, row.filled);
            if count == 0 {
                continue;
            }
            let (rank, needed) = row.rank(share);
            let lower = rank as usize;
            let between = |[low, high]: [f64; 2]| low + (rank - lower as f64) * (high - low);
            let pair = |top: Top| [top[needed - 1][lane], top[needed.max(2) - 2][lane]];
            let found = match products {
                Some(top) => pair(top),
                None => order_statistics(&mut row.products[..count], &mut first[..count], lower),
            };
            out[FEATURE_DISCOUNTED_PERCENTILE] = row.scale * between(found);
            let found = match values {
                Some(top) => pair(top),
                None => {
                    first[..count].copy_from_slice(&row.values[..count]);
                    order_statistics(&mut first[..count], &mut second[..count], lower)
                }
            };
            out[FEATURE_PERCENTILE] = between(found);
            // Behind the last place may be another, and empty slots have values
            // that must not be chosen for a weight of zero.
            let is_found = |place: &usize| {
                count == filled && (place + 1 < network::MOST || count <= network::MOST)
            };
            out[FEATURE_WEIGHTED_PERCENTILE] =
                match (values, places.map(|all| all[lane]).filter(is_found)) {
                    (Some(top), Some(place)) => top[place][lane],
                    _ => weighted_percentile(
                        Weighted {
                            values: &mut row.values[..filled],
                            weights: &mut row.weights[..filled],
                        },
                        Weighted { values: &mut first[..filled], weights: &mut second[..filled] },
                        share * row.total,
                    ),
                };
        }
    }
}

/// The features of a row of reservoirs, each with words and numbers of its own.
#[inline(always)]
fn all_features<V: Vector>(
    words: &[u32],
    numbers: &[f64],
    settings: Settings,
    scratch: &mut Scratch,
    out: &mut [f64],
) -> Outcome {
    let stride = numbers.len() / (words.len() / WORDS);
    let together = scratch.rows.len();
    let groups = words.chunks(WORDS * together).zip(numbers.chunks(stride * together));
    for ((words, numbers), out) in groups.zip(out.chunks_mut(FEATURES * together)) {
        let mut reservoirs = words.chunks_exact(WORDS).zip(numbers.chunks_exact(stride));
        let mut outs = out.chunks_exact_mut(FEATURES);
        for row in &mut scratch.rows {
            let (Some((words, numbers)), Some(out)) = (reservoirs.next(), outs.next()) else {
                row.clear();
                continue;
            };
            let (_, capacity, filled) = check_buffers(words, numbers)?;
            if capacity > scratch.spare[0].len() {
                return Err(Fault::STATE);
            }
            let (times, values) = numbers[HEADER..].split_at(capacity);
            row.prepare(&times[..filled], &values[..filled], capacity, settings, out);
        }
        scratch.write_percentiles::<V>(settings.share, out);
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
    all_features::<std::arch::x86_64::__m256d>(words, numbers, settings, scratch, out)
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
    if instruction_set() != InstructionSet::Baseline {
        // SAFETY: the processor has the instructions.
        return unsafe { all_features_avx2(words, numbers, settings, scratch, out) };
    }
    all_features::<Lanes>(words, numbers, settings, scratch, out)
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
    let mut scratch = Scratch::new(size);
    dispatch(words, numbers, settings, &mut scratch, out)
}
