//! Whole batches of items.

use super::layout::*;
use super::random::Random;
use super::{biased, uniform, weighted};
use crate::abi::{Fault, Outcome};
use crate::export;

/// A batch: as many times and weights as values, or none.
struct Batch<'a> {
    values: &'a [f64],
    times: &'a [f64],
    weights: &'a [f64],
    /// The time of all where each has none; NaN for the number of items
    /// before.
    time: f64,
}

/// The item that was refused, and why.
struct Refusal {
    item: usize,
    reason: u32,
}

impl Batch<'_> {
    fn is_timed(&self) -> bool {
        !(self.times.is_empty() && self.time.is_nan())
    }

    #[inline(always)]
    fn time_of(&self, item: usize, count: u64) -> f64 {
        if !self.times.is_empty() {
            self.times[item]
        } else if self.time.is_nan() {
            // The number of items before serves as the time; processors
            // convert signed numbers at once.
            count as i64 as f64
        } else {
            self.time
        }
    }

    /// Refuses a batch that begins before the last item or ends before it
    /// begins.
    fn check_ends(&self, last_time: f64, count: u64) -> Result<(), Refusal> {
        let was_timed = last_time < f64::INFINITY;
        let is_first = last_time == f64::NEG_INFINITY;
        if !is_first && was_timed != self.is_timed() {
            return Err(Refusal { item: 0, reason: REFUSED_MIXED });
        }
        if !self.is_timed() {
            return Ok(());
        }
        let last = self.values.len() - 1;
        let begins = self.time_of(0, count);
        let ends = self.time_of(last, count + last as u64);
        for (item, time, earliest) in [(0, begins, last_time), (last, ends, begins)] {
            if !(time >= earliest && time < f64::INFINITY) {
                return Err(Refusal { item, reason: REFUSED_TIME });
            }
        }
        Ok(())
    }

    /// Whether the last items are such that none is refused.
    fn ends_well(&self, items: usize, first: u64) -> bool {
        let start = self.values.len() - items;
        let times = || (start..self.values.len()).map(|i| self.time_of(i, first + i as u64));
        self.values[start..].iter().all(|value| value.is_finite()) && times().is_sorted()
    }
}

/// Takes all items of a batch, or those before the first that is refused.
/// Only items that enter the sample are looked at, and the batch's ends.
#[inline(always)]
fn update(reservoir: &mut Reservoir, batch: &Batch) -> Result<(), Refusal> {
    batch.check_ends(reservoir.header[NUMBER_LAST_TIME], reservoir.count)?;
    match reservoir.kind {
        KIND_UNIFORM_R => offer(reservoir, batch, 0, uniform::accept_by_r),
        KIND_UNIFORM_L => offer(reservoir, batch, 0, uniform::accept_by_l),
        KIND_WEIGHTED => offer(reservoir, batch, 0, weighted::accept),
        KIND_BIASED => offer(reservoir, batch, 0, biased::accept),
        _ => offer_to_window(reservoir, batch),
    }
}

/// Takes the items of a batch from one on. What changes with each is in
/// variables, not in the reservoir: it stays in registers. Each kind has a
/// function of its own: in one for all, Algorithm L took 1.7 times as long.
#[inline(never)]
fn offer(
    reservoir: &mut Reservoir,
    batch: &Batch,
    start: usize,
    accept: impl Fn(&mut Reservoir, &mut Random, Item) -> u64,
) -> Result<(), Refusal> {
    let items = batch.values.len();
    let first = reservoir.count - start as u64;
    let is_timed = batch.is_timed();
    let latest = batch.time_of(items - 1, first + items as u64 - 1);
    let mut last_time = reservoir.header[NUMBER_LAST_TIME];
    let mut random = reservoir.random.clone();
    let mut done = start;
    let mut remaining = reservoir.remaining;
    let mut result = Ok(());
    while (items - done) as u64 >= remaining {
        done += remaining as usize - 1;
        let number = first + done as u64;
        let value = batch.values[done];
        let time = batch.time_of(done, number);
        let weight = if batch.weights.is_empty() { 1.0 } else { batch.weights[done] };
        let reason = if !value.is_finite() {
            REFUSED_VALUE
        } else if is_timed && !(time >= last_time && time <= latest) {
            REFUSED_TIME
        } else if !(0.0..f64::INFINITY).contains(&weight) {
            REFUSED_WEIGHT
        } else {
            0
        };
        if reason != 0 {
            remaining = 1;
            result = Err(Refusal { item: done, reason });
            break;
        }
        last_time = time;
        done += 1;
        remaining =
            accept(reservoir, &mut random, Item { value, time, weight, number: number + 1 });
    }
    if result.is_ok() {
        remaining -= (items - done) as u64;
        done = items;
        last_time = latest;
    }
    reservoir.random = random;
    reservoir.remaining = remaining;
    reservoir.count = first + done as u64;
    if done > start {
        reservoir.header[NUMBER_LAST_TIME] = if is_timed { last_time } else { f64::INFINITY };
    }
    result
}

fn offer_to_window(reservoir: &mut Reservoir, batch: &Batch) -> Result<(), Refusal> {
    let size = reservoir.times.len();
    let items = batch.values.len();
    // Only the last ones can stay.
    let is_long = items > size && batch.ends_well(size, reservoir.count);
    let skipped = if is_long { items - size } else { 0 };
    reservoir.count += skipped as u64;
    reservoir.cursor = (reservoir.cursor + skipped) % size;
    offer(reservoir, batch, skipped, accept_in_window)
}

/// Puts an item into the place of the oldest. Returns the items until the
/// next that is looked at: 1.
fn accept_in_window(reservoir: &mut Reservoir, _: &mut Random, item: Item) -> u64 {
    reservoir.put(reservoir.cursor, item);
    reservoir.filled = reservoir.filled.max(reservoir.cursor + 1);
    reservoir.cursor = (reservoir.cursor + 1) % reservoir.times.len();
    1
}

export! {
    /// Offers a batch of items to a reservoir.
    ///
    /// Times and weights are as many as values, or none; `time` is that of all
    /// items where there are no times, NaN for items without.
    /// Returns 0, or why an item was refused: the items before it are in.
    fn loadstar_reservoir_update(
        words: &mut [u32],
        numbers: &mut [f64],
        values: &[f64],
        times: &[f64],
        weights: &[f64],
        time: f64
    ) {
        update_buffers(words, numbers, &Batch { values, times, weights, time })
    }
}

fn update_buffers(words: &mut [u32], numbers: &mut [f64], batch: &Batch) -> Outcome {
    for optional in [batch.times, batch.weights] {
        if !optional.is_empty() && optional.len() != batch.values.len() {
            return Err(Fault::LENGTH);
        }
    }
    let mut reservoir = Reservoir::open(words, numbers)?;
    if batch.values.is_empty() {
        return Ok(0);
    }
    let result = update(&mut reservoir, batch);
    let refused = result.err().map(|Refusal { item, reason }| {
        reservoir.header[NUMBER_REFUSED] = item as f64;
        reason
    });
    reservoir.close();
    Ok(refused.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [u32; 5] =
        [KIND_UNIFORM_R, KIND_UNIFORM_L, KIND_WEIGHTED, KIND_BIASED, KIND_WINDOW];

    /// An empty reservoir's buffers.
    fn buffers(kind: u32, size: usize) -> (Vec<u32>, Vec<f64>) {
        let mut words = vec![0; WORDS];
        words[..4].copy_from_slice(&[1, 2, 3, 4]);
        words[WORD_KIND] = kind;
        words[WORD_CAPACITY] = size as u32;
        words[WORD_REMAINING] = 1;
        words[WORD_VERSION] = RESERVOIR_VERSION;
        let mut numbers = vec![0.0; number_count(kind, size)];
        numbers[NUMBER_DUE] = 1.0;
        numbers[NUMBER_LAST_TIME] = f64::NEG_INFINITY;
        numbers[NUMBER_RATE] = f64::INFINITY;
        (words, numbers)
    }

    fn untimed(values: &[f64]) -> Batch<'_> {
        Batch { values, times: &[], weights: &[], time: f64::NAN }
    }

    fn counting(count: usize) -> Vec<f64> {
        (0..count).map(|i| i as f64).collect()
    }

    #[test]
    fn batches_do_not_depend_on_where_they_are_cut() {
        let values = counting(3000);
        for kind in KINDS {
            let (mut words, mut numbers) = buffers(kind, 16);
            update_buffers(&mut words, &mut numbers, &untimed(&values)).unwrap();
            for length in [1, 7, 16, 500] {
                let (mut other_words, mut other_numbers) = buffers(kind, 16);
                for part in values.chunks(length) {
                    update_buffers(&mut other_words, &mut other_numbers, &untimed(part)).unwrap();
                }
                assert_eq!((&words, &numbers), (&other_words, &other_numbers), "kind {kind}");
            }
            let (times, values) = numbers[HEADER..].split_at(16);
            assert_eq!(times, &values[..16]);
            assert_eq!(words[WORD_FILLED], 16);
        }
    }

    #[test]
    fn windows_keep_the_last_items() {
        let (mut words, mut numbers) = buffers(KIND_WINDOW, 4);
        for part in counting(11).chunks(3) {
            update_buffers(&mut words, &mut numbers, &untimed(part)).unwrap();
        }
        assert_eq!(numbers[HEADER + 4..], [8.0, 9.0, 10.0, 7.0]);
        assert_eq!(words[WORD_CURSOR], 3);
    }

    #[test]
    fn items_that_are_refused_leave_those_before_them() {
        let good = counting(10);
        let with = |index: usize, value: f64| {
            let mut changed = good.clone();
            changed[index] = value;
            changed
        };
        let [nan, backwards, early] = [with(5, f64::NAN), with(5, 3.0), with(9, -1.0)];
        let base = Batch { values: &good, times: &good, weights: &[], time: f64::NAN };
        let cases = [
            (Batch { values: &nan, ..base }, REFUSED_VALUE, 5),
            (Batch { times: &nan, ..base }, REFUSED_TIME, 5),
            (Batch { times: &backwards, ..base }, REFUSED_TIME, 5),
            (Batch { times: &early, ..base }, REFUSED_TIME, 9),
            (Batch { weights: &nan, ..base }, REFUSED_WEIGHT, 5),
            (Batch { times: &[], time: f64::INFINITY, ..base }, REFUSED_TIME, 0),
        ];
        for (batch, reason, item) in cases {
            for kind in [KIND_UNIFORM_R, KIND_WEIGHTED, KIND_BIASED, KIND_WINDOW] {
                let (mut words, mut numbers) = buffers(kind, 20);
                let result = update_buffers(&mut words, &mut numbers, &batch);
                assert_eq!(result, Ok(reason));
                assert_eq!(numbers[NUMBER_REFUSED], f64::from(item));
                // The batch's ends are looked at first.
                let taken = if item == 5 { 5 } else { 0 };
                let keeps_all = kind == KIND_UNIFORM_R || kind == KIND_WINDOW;
                assert!(!keeps_all || words[WORD_FILLED] == taken, "kind {kind}");
                assert_eq!(numbers[NUMBER_DUE], f64::from(taken + 1));
            }
        }
        let (mut words, mut numbers) = buffers(KIND_UNIFORM_L, 4);
        update_buffers(&mut words, &mut numbers, &base).unwrap();
        let before = numbers.clone();
        let mixed = update_buffers(&mut words, &mut numbers, &untimed(&good));
        assert_eq!(mixed, Ok(REFUSED_MIXED));
        assert_eq!(numbers[HEADER..], before[HEADER..]);
    }

    #[test]
    fn buffers_that_cannot_be_are_refused() {
        let values = counting(10);
        for kind in KINDS {
            let changes: [(usize, u32); 8] = [
                (WORD_KIND, 0),
                (WORD_KIND, 6),
                (WORD_CAPACITY, 0),
                (WORD_CAPACITY, u32::MAX),
                (WORD_FILLED, 5),
                (WORD_REMAINING, 0),
                (WORD_CURSOR, 4),
                (WORD_VERSION, RESERVOIR_VERSION + 1),
            ];
            for (index, value) in changes {
                let (mut words, mut numbers) = buffers(kind, 4);
                words[index] = value;
                let result = update_buffers(&mut words, &mut numbers, &untimed(&values));
                assert_eq!(result, Err(Fault::STATE), "word {index}: {value}");
            }
            for due in [0.0, -1.0, 1e16, f64::NAN, f64::INFINITY] {
                let (mut words, mut numbers) = buffers(kind, 4);
                numbers[NUMBER_DUE] = due;
                let result = update_buffers(&mut words, &mut numbers, &untimed(&values));
                assert_eq!(result, Err(Fault::STATE), "{due} due");
            }
            let (mut words, mut numbers) = buffers(kind, 4);
            words[..4].fill(0);
            let result = update_buffers(&mut words, &mut numbers, &untimed(&values));
            assert_eq!(result, Err(Fault::STATE));
            let (mut words, mut numbers) = buffers(kind, 4);
            numbers.pop();
            let result = update_buffers(&mut words, &mut numbers, &untimed(&values));
            assert_eq!(result, Err(Fault::LENGTH));
            let (mut words, mut numbers) = buffers(kind, 4);
            let short = Batch { times: &values[..9], ..untimed(&values) };
            assert_eq!(update_buffers(&mut words, &mut numbers, &short), Err(Fault::LENGTH));
        }
    }

    /// Whatever else the numbers are, nothing but the buffers is touched and
    /// every call ends.
    #[test]
    fn other_numbers_may_be_any() {
        let values = counting(100);
        let odd = [0.0, -1.0, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324];
        for kind in KINDS {
            for number in [NUMBER_LAST_TIME, NUMBER_LEVEL, NUMBER_RATE, NUMBER_REST, HEADER] {
                for value in odd {
                    let (mut words, mut numbers) = buffers(kind, 4);
                    update_buffers(&mut words, &mut numbers, &untimed(&values)).unwrap();
                    numbers[number] = value;
                    let result = update_buffers(&mut words, &mut numbers, &untimed(&values));
                    assert!(result.is_ok() || number == NUMBER_REST, "number {number}: {value}");
                    assert_eq!(words[WORD_FILLED], 4);
                }
            }
        }
    }
}
