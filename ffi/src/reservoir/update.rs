//! Whole batches of items.

use super::layout::*;
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

    #[inline]
    fn time_of(&self, item: usize, count: u64) -> f64 {
        match self.times.get(item) {
            Some(time) => *time,
            // The number of items before serves as the time.
            None if self.time.is_nan() => count as f64,
            None => self.time,
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
fn update(reservoir: &mut Reservoir, batch: &Batch) -> Result<(), Refusal> {
    batch.check_ends(reservoir.header[NUMBER_LAST_TIME], reservoir.count)?;
    let items = batch.values.len();
    let first = reservoir.count;
    let end = first + items as u64;
    let is_timed = batch.is_timed();
    let latest = if is_timed { batch.time_of(items - 1, end - 1) } else { f64::INFINITY };
    let size = reservoir.times.len();
    if reservoir.kind == KIND_WINDOW && items > size && batch.ends_well(size, first) {
        // Only the last ones can stay.
        let skipped = items - size;
        reservoir.count += skipped as u64;
        reservoir.cursor = (reservoir.cursor + skipped) % size;
    }
    while end - reservoir.count >= reservoir.remaining {
        let item = (reservoir.count + reservoir.remaining - 1 - first) as usize;
        let value = batch.values[item];
        let time = batch.time_of(item, first + item as u64);
        let weight = batch.weights.get(item).copied().unwrap_or(1.0);
        reservoir.count = first + item as u64;
        reservoir.remaining = 1;
        let reason = if !value.is_finite() {
            REFUSED_VALUE
        } else if is_timed && !(time >= reservoir.header[NUMBER_LAST_TIME] && time <= latest) {
            REFUSED_TIME
        } else if !(0.0..f64::INFINITY).contains(&weight) {
            REFUSED_WEIGHT
        } else {
            0
        };
        if reason != 0 {
            return Err(Refusal { item, reason });
        }
        reservoir.header[NUMBER_LAST_TIME] = if is_timed { time } else { latest };
        reservoir.count += 1;
        match reservoir.kind {
            KIND_UNIFORM_R => uniform::accept_by_r(reservoir, value, time),
            KIND_UNIFORM_L => uniform::accept_by_l(reservoir, value, time),
            KIND_WEIGHTED => weighted::accept(reservoir, value, time, weight),
            KIND_BIASED => biased::accept(reservoir, value, time),
            _ => accept_in_window(reservoir, value, time),
        }
    }
    reservoir.remaining -= end - reservoir.count;
    reservoir.count = end;
    reservoir.header[NUMBER_LAST_TIME] = latest;
    Ok(())
}

fn accept_in_window(reservoir: &mut Reservoir, value: f64, time: f64) {
    reservoir.put(reservoir.cursor, value, time);
    reservoir.filled = reservoir.filled.max(reservoir.cursor + 1);
    reservoir.cursor = (reservoir.cursor + 1) % reservoir.times.len();
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
