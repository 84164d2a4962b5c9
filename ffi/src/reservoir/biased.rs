//! Samples that prefer the recent: ages are exponential.

use super::layout::{Item, MAX_OF_HALVES, NUMBER_RATE, Reservoir, whole_skip};
use super::random::Random;

/// Takes an item that the geometric skip ended at: it replaces a slot drawn
/// from all, or fills the next empty one where the drawn one is empty.
/// Returns the items until the next, that one included.
#[inline(always)]
pub fn accept(reservoir: &mut Reservoir, random: &mut Random, item: Item) -> u64 {
    let rate = reservoir.header[NUMBER_RATE];
    // An infinite rate means that every item is taken: nothing to skip.
    let takes_all = rate == f64::INFINITY;
    let (capacity, before) = (reservoir.capacity(), item.number - 1);
    let slot = if takes_all && reservoir.byte_shift > 0 {
        random.slot_of_byte(reservoir.byte_shift, before)
    } else if takes_all && capacity <= MAX_OF_HALVES {
        random.slot_of_half(capacity, before)
    } else {
        random.slot(capacity)
    };
    if slot < reservoir.filled {
        reservoir.put(slot, item);
    } else {
        reservoir.append(item);
    }
    if takes_all { 1 } else { whole_skip(random.exponential() / rate) + 1 }
}
