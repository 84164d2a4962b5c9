//! High percentiles of short arrays: those above a threshold are gathered and
//! ranked by counting, all without branches that depend on data, which vectors
//! do. Where too many are above, the caller selects by partitions.

/// Most values above the threshold; a power of two.
const MOST: usize = 64;

/// Values from which the threshold is guessed.
const SAMPLES: usize = 16;

const LANES: usize = 8;

/// What is asked of an array.
#[derive(Clone, Copy)]
pub struct Wanted {
    /// A rank from 0, whose value and the next one's are wanted.
    pub rank: usize,
    /// The sum of all weights.
    pub total: f64,
    /// The weight up to which values are added up.
    pub target: f64,
}

/// The values of the rank, of the next one, and of the target weight.
pub type Found = [f64; 3];

type Lanes = [f64; LANES];

/// Eight numbers as an array, whose lanes the compiler then puts into vectors.
#[inline(always)]
fn lanes(chunk: &[f64]) -> Lanes {
    [chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]]
}

#[inline(always)]
fn map(a: Lanes, b: Lanes, join: impl Fn(f64, f64) -> f64) -> Lanes {
    std::array::from_fn(|lane| join(a[lane], b[lane]))
}

/// The smallest value whose score passes.
#[inline(always)]
fn min_where(values: &[f64], scores: &[f64], passes: impl Fn(f64) -> bool) -> f64 {
    let mut least = [f64::INFINITY; LANES];
    for (values, scores) in values.chunks_exact(LANES).zip(scores.chunks_exact(LANES)) {
        let kept =
            map(
                lanes(values),
                lanes(scores),
                |value, score| {
                    if passes(score) { value } else { f64::INFINITY }
                },
            );
        least = map(least, kept, |a, b| if b < a { b } else { a });
    }
    least.into_iter().fold(f64::INFINITY, |a, b| if b < a { b } else { a })
}

/// How many values are above each, and what they weigh.
#[inline(always)]
fn ranks<const WEIGHTED: bool>(
    values: &[f64],
    weights: &[f64],
    above: &mut [f64],
    heavier: &mut [f64],
) {
    let blocks = values.chunks_exact(LANES);
    let outs = above.chunks_exact_mut(LANES).zip(heavier.chunks_exact_mut(LANES));
    for (block, (above, heavier)) in blocks.zip(outs) {
        let block = lanes(block);
        let mut counts = [0.0; LANES];
        let mut sums = [0.0; LANES];
        for (value, weight) in values.iter().zip(weights) {
            let one = [1.0; LANES];
            counts =
                map(counts, map(block, one, |b, x| if *value > b { x } else { 0.0 }), |a, b| a + b);
            if WEIGHTED {
                let weight = [*weight; LANES];
                sums = map(
                    sums,
                    map(block, weight, |b, x| if *value > b { x } else { 0.0 }),
                    |a, b| a + b,
                );
            }
        }
        above.copy_from_slice(&counts);
        heavier.copy_from_slice(&sums);
    }
}

/// How many values reach the threshold, and what they weigh.
#[inline(always)]
fn count_from<const WEIGHTED: bool>(values: &[f64], weights: &[f64], threshold: f64) -> (f64, f64) {
    let mut counts = [0.0; LANES];
    let mut sums = [0.0; LANES];
    let value_chunks = values.chunks_exact(LANES);
    let weight_chunks = weights.chunks_exact(LANES);
    let rests = value_chunks.remainder().iter().zip(weight_chunks.remainder());
    for (value, weight) in rests {
        counts[0] += if *value >= threshold { 1.0 } else { 0.0 };
        sums[0] += if *value >= threshold { *weight } else { 0.0 };
    }
    for (values, weights) in value_chunks.zip(weight_chunks) {
        let values = lanes(values);
        let pick = |value, x| if value >= threshold { x } else { 0.0 };
        counts = map(counts, map(values, [1.0; LANES], pick), |a, b| a + b);
        if WEIGHTED {
            sums = map(sums, map(values, lanes(weights), pick), |a, b| a + b);
        }
    }
    (counts.iter().sum(), sums.iter().sum())
}

/// What is wanted of an array as long as its weights, or nothing where the array is not short, or the
/// rank not high. Weights are whole numbers whose sums are exact.
#[inline(always)]
pub fn find<const WEIGHTED: bool>(
    values: &[f64],
    weights: &[f64],
    wanted: Wanted,
) -> Option<Found> {
    let count = values.len();
    let needed = (count - wanted.rank) as f64;
    if count < 2 * SAMPLES || needed > 0.5 * MOST as f64 {
        return None;
    }
    let mut sample = [0.0; SAMPLES];
    for (i, each) in sample.iter_mut().enumerate() {
        *each = values[(2 * i + 1) * count / (2 * SAMPLES)];
    }
    let mut above = [0.0; SAMPLES];
    ranks::<false>(&sample, &[0.0; SAMPLES], &mut above, &mut [0.0; SAMPLES]);
    let mut place = needed * SAMPLES as f64 / count as f64 + 1.0;
    loop {
        // From the sample's value of about the rank downwards.
        place += 1.0;
        if place >= SAMPLES as f64 {
            return None;
        }
        let threshold = min_where(&sample, &above, |count| count <= place);
        let (found, weight) = count_from::<WEIGHTED>(values, weights, threshold);
        if found >= MOST as f64 {
            return None;
        }
        let is_enough = !WEIGHTED || wanted.total - weight < wanted.target;
        if found >= needed && is_enough {
            return Some(rank_from::<WEIGHTED>(values, weights, threshold, wanted));
        }
    }
}

#[inline(always)]
fn rank_from<const WEIGHTED: bool>(
    values: &[f64],
    weights: &[f64],
    threshold: f64,
    wanted: Wanted,
) -> Found {
    // Fewer than MOST are in, so the next place is always free.
    let mut top = [f64::NEG_INFINITY; MOST];
    let mut top_weights = [0.0; MOST];
    let mut length = 0;
    for (value, weight) in values.iter().zip(weights) {
        top[length % MOST] = *value;
        top_weights[length % MOST] = *weight;
        length += usize::from(*value >= threshold);
    }
    let padded = (length + 1).next_multiple_of(LANES).min(MOST);
    top[length..padded].fill(f64::NEG_INFINITY);
    top_weights[length..padded].fill(0.0);
    let (top, top_weights) = (&top[..padded], &top_weights[..padded]);
    let (mut above, mut heavier) = ([0.0; MOST], [0.0; MOST]);
    let (above, heavier) = (&mut above[..padded], &mut heavier[..padded]);
    ranks::<WEIGHTED>(top, top_weights, above, heavier);
    let from_top = (values.len() - 1 - wanted.rank) as f64;
    let low = min_where(top, above, |count| count <= from_top);
    let high = min_where(top, above, |count| count <= (from_top - 1.0).max(0.0));
    let reaches = |weight| wanted.total - weight >= wanted.target;
    [low, high, min_where(top, heavier, reaches)]
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    #[test]
    fn find_agrees_with_sorting() {
        let mut random = Random::new([7, 3, 2, 1]);
        let mut found_some = 0;
        for round in 0..2000u32 {
            let count = 32 + random.slot(200);
            let kinds = 1 + random.slot(1 << (round % 12));
            let draw = |random: &mut Random| random.slot(kinds as u32) as f64 - 3.0;
            let values: Vec<f64> = (0..count).map(|_| draw(&mut random)).collect();
            let weights: Vec<f64> = (0..count).map(|_| random.slot(100) as f64).collect();
            let total: f64 = weights.iter().sum();
            let rank = count - 1 - random.slot(20);
            let target = (0.8 + 0.2 * random.uniform()) * total;
            let wanted = Wanted { rank, total, target };
            let mut pairs: Vec<(f64, f64)> =
                values.iter().copied().zip(weights.iter().copied()).collect();
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut sum = 0.0;
            let reached = pairs.iter().find(|pair| {
                sum += pair.1;
                sum >= target
            });
            let high = pairs[(rank + 1).min(count - 1)].0;
            if let Some(found) = find::<true>(&values, &weights, wanted) {
                assert_eq!(found, [pairs[rank].0, high, reached.unwrap().0]);
                found_some += 1;
            }
            if let Some([low, next, _]) = find::<false>(&values, &weights, wanted) {
                assert_eq!([low, next], [pairs[rank].0, high]);
            }
        }
        assert!(found_some > 500, "{found_some}");
    }
}
