//! Uniform samples of a stream: every subset of the size is as likely.

use super::layout::{Item, NUMBER_LEVEL, Reservoir, whole_skip};
use super::random::{Random, minus_log_one_minus, shrink};

/// Takes an item by Algorithm R (Vitter, "Random sampling with a reservoir",
/// ACM TOMS 1985): item n replaces a slot with probability size / n.
/// Returns the items until the next, that one included.
#[inline(always)]
pub fn accept_by_r(reservoir: &mut Reservoir, random: &mut Random, item: Item) -> u64 {
    if reservoir.filled < reservoir.times.len() {
        reservoir.append(item);
    } else {
        let slot = random.below(item.number);
        if slot < u64::from(reservoir.capacity()) {
            reservoir.put(slot as usize, item);
        }
    }
    1
}

/// Takes an item that Algorithm L (Li, "Reservoir-sampling algorithms of time
/// complexity O(n(1 + log(N/n)))", ACM TOMS 1994) did not skip.
/// Returns the items until the next, that one included.
///
/// The level is the largest of as many uniform keys as there are slots; the
/// next item with a smaller key comes after a geometric skip.
#[inline(always)]
pub fn accept_by_l(reservoir: &mut Reservoir, random: &mut Random, item: Item) -> u64 {
    let capacity = reservoir.capacity();
    if reservoir.filled < capacity as usize {
        reservoir.append(item);
        if reservoir.filled < capacity as usize {
            return 1;
        }
        reservoir.header[NUMBER_LEVEL] = 1.0;
    } else {
        let slot = random.slot(capacity);
        reservoir.put(slot, item);
    }
    let level = reservoir.header[NUMBER_LEVEL] * shrink(random.exponential() / f64::from(capacity));
    reservoir.header[NUMBER_LEVEL] = level;
    whole_skip(random.exponential() / minus_log_one_minus(level)) + 1
}
