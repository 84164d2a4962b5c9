//! Samples that prefer the recent: ages are exponential.

use super::layout::{NUMBER_RATE, Reservoir, whole_skip};

/// Takes an item that the geometric skip ended at: it replaces a slot drawn
/// from all, or fills the next empty one where the drawn one is empty.
#[inline]
pub fn accept(reservoir: &mut Reservoir, value: f64, time: f64) {
    let slot = reservoir.random.slot(reservoir.capacity());
    if slot < reservoir.filled {
        reservoir.put(slot, value, time);
    } else {
        reservoir.append(value, time);
    }
    let rate = reservoir.header[NUMBER_RATE];
    // An infinite rate means that every item is taken: nothing to draw.
    reservoir.remaining = if rate == f64::INFINITY {
        1
    } else {
        whole_skip(reservoir.random.exponential() / rate) + 1
    };
}
