//! Weighted samples without replacement, by exponential jumps: A-ExpJ of
//! Efraimidis and Spirakis ("Weighted random sampling with a reservoir", 2006).
//!
//! An item's key is an exponential variate over its weight, and the smallest
//! keys stay; minus its logarithm is the paper's key. The jump to the next
//! item that enters is a total weight, exponential with the largest key as
//! its rate.

use super::layout::{NUMBER_LEVEL, Reservoir};
use super::random::{minus_log_one_minus, one_minus_exp};

/// Takes an item of a weight that is finite and at least 0.
#[inline]
pub fn accept(reservoir: &mut Reservoir, value: f64, time: f64, weight: f64) {
    reservoir.remaining = 1;
    if weight == 0.0 {
        return;
    }
    if reservoir.filled < reservoir.times.len() {
        fill(reservoir, value, time, weight);
    } else {
        reservoir.header[NUMBER_LEVEL] -= weight;
        if reservoir.header[NUMBER_LEVEL] <= 0.0 {
            replace(reservoir, value, time, weight);
        }
    }
}

fn fill(reservoir: &mut Reservoir, value: f64, time: f64, weight: f64) {
    let key = reservoir.random.exponential() / weight;
    let slot = reservoir.filled;
    reservoir.append(value, time);
    reservoir.keys[slot] = key;
    sift_up(reservoir, slot);
    if reservoir.filled == reservoir.times.len() {
        jump(reservoir);
    }
}

fn replace(reservoir: &mut Reservoir, value: f64, time: f64, weight: f64) {
    // The key, given that it is below the largest.
    let share = one_minus_exp(weight * reservoir.keys[0]) * reservoir.random.uniform();
    reservoir.keys[0] = minus_log_one_minus(share) / weight;
    reservoir.put(0, value, time);
    sift_down(reservoir);
    jump(reservoir);
}

fn jump(reservoir: &mut Reservoir) {
    reservoir.header[NUMBER_LEVEL] = reservoir.random.exponential() / reservoir.keys[0];
}

fn swap(reservoir: &mut Reservoir, a: usize, b: usize) {
    reservoir.keys.swap(a, b);
    reservoir.times.swap(a, b);
    reservoir.values.swap(a, b);
}

fn sift_up(reservoir: &mut Reservoir, start: usize) {
    let mut slot = start;
    while slot > 0 {
        let parent = (slot - 1) / 2;
        if reservoir.keys[parent] >= reservoir.keys[slot] {
            return;
        }
        swap(reservoir, parent, slot);
        slot = parent;
    }
}

fn sift_down(reservoir: &mut Reservoir) {
    let mut slot = 0;
    loop {
        let left = 2 * slot + 1;
        if left >= reservoir.filled {
            return;
        }
        let right = left + 1;
        let larger = if right < reservoir.filled && reservoir.keys[right] > reservoir.keys[left] {
            right
        } else {
            left
        };
        if reservoir.keys[slot] >= reservoir.keys[larger] {
            return;
        }
        swap(reservoir, slot, larger);
        slot = larger;
    }
}
