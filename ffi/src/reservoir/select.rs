//! Order statistics by partitions without branches that depend on data:
//! mispredicted ones would cost more than all other arithmetic of the features.

/// Moves what is below the pivot to the front of `to`, the rest to its back.
#[inline(always)]
fn partition(from: &[f64], to: &mut [f64], is_low: impl Fn(f64) -> bool) -> usize {
    let to = &mut to[..from.len()];
    let mut low = 0;
    let mut high = to.len();
    for &value in from {
        let step = usize::from(is_low(value));
        to[low] = value;
        to[high - 1] = value;
        low += step;
        high -= 1 - step;
    }
    low
}

/// An element that about the wanted share of the others are below.
#[inline(always)]
fn pivot_of(values: &[f64], rank: usize) -> f64 {
    const SAMPLES: usize = 8;
    let count = values.len();
    if count < 4 * SAMPLES {
        return values[count / 2];
    }
    let mut sample = [0.0; SAMPLES];
    for (i, each) in sample.iter_mut().enumerate() {
        *each = values[(2 * i + 1) * count / (2 * SAMPLES)];
    }
    let wanted = (rank * SAMPLES + count / 2) / count;
    // The order by counting needs no branches.
    let mut pivot = sample[0];
    for (i, each) in sample.iter().enumerate() {
        let below: usize = sample
            .iter()
            .enumerate()
            .map(|(j, other)| usize::from(other < each || (other == each && j < i)))
            .sum();
        pivot = if below == wanted.min(SAMPLES - 1) { *each } else { pivot };
    }
    pivot
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(f64::NEG_INFINITY, |a, b| if *b > a { *b } else { a })
}

fn smallest(values: &[f64]) -> f64 {
    values.iter().fold(f64::INFINITY, |a, b| if *b < a { *b } else { a })
}

/// The values of a rank and of the next one, counted from 0; of the last rank
/// twice the same. `first` holds the values, `second` is as long; both change.
#[inline(always)]
pub fn order_statistics(first: &mut [f64], second: &mut [f64], rank: usize) -> [f64; 2] {
    let (mut from, mut to) = (first, second);
    let mut rank = rank;
    while from.len() > 1 {
        let pivot = pivot_of(from, rank);
        let mut lows = partition(from, to, |value| value < pivot);
        if lows == 0 {
            lows = partition(from, to, |value| value <= pivot);
            if rank + 1 < lows || lows == from.len() {
                return [pivot, pivot];
            }
        }
        let (low, high) = to[..from.len()].split_at_mut(lows);
        if rank + 1 == lows {
            return [largest(low), smallest(high)];
        }
        let (spare, _) = from.split_at_mut(low.len().max(high.len()));
        if rank < lows {
            (from, to) = (low, spare);
        } else {
            rank -= lows;
            (from, to) = (high, spare);
        }
    }
    [from[0], from[0]]
}

/// Values and their weights, side by side.
pub struct Weighted<'a> {
    /// What is ordered.
    pub values: &'a mut [f64],
    /// Whole numbers, whose sums are exact in any order.
    pub weights: &'a mut [f64],
}

/// As [`partition`]; the weight of the lows as well.
#[inline(always)]
fn partition_weighted(
    from: &Weighted,
    to: &mut Weighted,
    is_low: impl Fn(f64) -> bool,
) -> (usize, f64) {
    let count = from.values.len();
    let (values, weights) = (&mut to.values[..count], &mut to.weights[..count]);
    let mut low = 0;
    let mut high = count;
    let mut sum = 0.0;
    for (&value, &weight) in from.values.iter().zip(from.weights.iter()) {
        let is_low = is_low(value);
        let step = usize::from(is_low);
        values[low] = value;
        values[high - 1] = value;
        weights[low] = weight;
        weights[high - 1] = weight;
        sum += if is_low { weight } else { 0.0 };
        low += step;
        high -= 1 - step;
    }
    (low, sum)
}

/// The smallest value up to which the weights come to `target` or more. The
/// first is not empty, the second as long; both change.
#[inline(always)]
pub fn weighted_percentile(first: Weighted, second: Weighted, target: f64) -> f64 {
    let (mut from, mut to) = (first, second);
    let mut target = target;
    let mut total: f64 = from.weights.iter().sum();
    while from.values.len() > 1 {
        let count = from.values.len();
        let wanted = (target / total * count as f64) as usize;
        let pivot = pivot_of(from.values, wanted.min(count - 1));
        let (mut lows, mut sum) = partition_weighted(&from, &mut to, |value| value < pivot);
        if lows == 0 {
            (lows, sum) = partition_weighted(&from, &mut to, |value| value <= pivot);
            if sum >= target || lows == count {
                return pivot;
            }
        }
        let goes_low = sum >= target;
        let (low_values, high_values) = to.values[..count].split_at_mut(lows);
        let (low_weights, high_weights) = to.weights[..count].split_at_mut(lows);
        let (values, weights) = if goes_low {
            total = sum;
            (low_values, low_weights)
        } else {
            target -= sum;
            total -= sum;
            (high_values, high_weights)
        };
        let spare = Weighted { values: &mut from.values[..], weights: &mut from.weights[..] };
        (from, to) = (Weighted { values, weights }, spare);
    }
    from.values[0]
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    fn arrays() -> Vec<Vec<f64>> {
        let mut random = Random::new([1, 2, 3, 4]);
        let mut all = vec![vec![1.0; 40], (0..200).map(f64::from).collect()];
        for count in (1..40).chain([64, 127, 128, 129, 1000]) {
            all.push((0..count).map(|_| random.exponential()).collect());
            all.push((0..count).map(|_| random.slot(5) as f64).collect());
        }
        all
    }

    #[test]
    fn order_statistics_agree_with_sorting() {
        for values in arrays() {
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            for rank in 0..values.len() {
                let next = sorted[(rank + 1).min(values.len() - 1)];
                let mut scratch = vec![0.0; values.len()];
                let found = order_statistics(&mut values.clone(), &mut scratch, rank);
                assert_eq!(found, [sorted[rank], next]);
            }
        }
    }

    #[test]
    fn weighted_percentile_agrees_with_sorting() {
        let mut random = Random::new([4, 3, 2, 1]);
        for values in arrays() {
            let mut pairs: Vec<(f64, f64)> =
                values.iter().map(|value| (*value, (random.slot(100) + 1) as f64)).collect();
            let total: f64 = pairs.iter().map(|pair| pair.1).sum();
            let (mut a, mut b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
            pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
            for share in [0.0, 0.1, 0.5, 0.9, 1.0] {
                let mut sum = 0.0;
                let expected = pairs.iter().find(|pair| {
                    sum += pair.1;
                    sum >= share * total
                });
                let (mut c, mut d) = (a.clone(), b.clone());
                let (mut first, mut second) = (a.clone(), b.clone());
                let found = weighted_percentile(
                    Weighted { values: &mut first, weights: &mut second },
                    Weighted { values: &mut c, weights: &mut d },
                    share * total,
                );
                assert_eq!(found, expected.unwrap().0);
            }
            a.clear();
            b.clear();
        }
    }
}
