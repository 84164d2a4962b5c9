//! Uniform samples of a stream: every subset of the size is as likely.

use super::layout::{NUMBER_LEVEL, Reservoir, whole_skip};
use super::random::minus_log_one_minus;

/// Takes an item by Algorithm R (Vitter, "Random sampling with a reservoir",
/// ACM TOMS 1985): item n replaces a slot with probability size / n.
#[inline]
pub fn accept_by_r(reservoir: &mut Reservoir, value: f64, time: f64) {
    reservoir.remaining = 1;
    if reservoir.filled < reservoir.times.len() {
        return reservoir.append(value, time);
    }
    let slot = reservoir.random.below(reservoir.count);
    if slot < u64::from(reservoir.capacity()) {
        reservoir.put(slot as usize, value, time);
    }
}

/// Takes an item that Algorithm L (Li, "Reservoir-sampling algorithms of time
/// complexity O(n(1 + log(N/n)))", ACM TOMS 1994) did not skip.
#[inline]
pub fn accept_by_l(reservoir: &mut Reservoir, value: f64, time: f64) {
    if reservoir.filled < reservoir.times.len() {
        reservoir.append(value, time);
        reservoir.remaining = 1;
        if reservoir.filled < reservoir.times.len() {
            return;
        }
        reservoir.header[NUMBER_LEVEL] = 0.0;
    } else {
        let slot = reservoir.random.slot(reservoir.capacity());
        reservoir.put(slot, value, time);
    }
    skip_by_l(reservoir);
}

/// The level is the logarithm of the largest of as many uniform keys as there
/// are slots; the next item with a smaller key comes after a geometric skip.
#[inline]
fn skip_by_l(reservoir: &mut Reservoir) {
    let size = reservoir.times.len() as f64;
    reservoir.header[NUMBER_LEVEL] -= reservoir.random.exponential() / size;
    let threshold = libm::exp(reservoir.header[NUMBER_LEVEL]);
    let skip = reservoir.random.exponential() / minus_log_one_minus(threshold);
    reservoir.remaining = whole_skip(skip) + 1;
}
