//! Weighted samples without replacement, by exponential jumps: A-ExpJ of
//! Efraimidis and Spirakis ("Weighted random sampling with a reservoir", 2006).
//!
//! An item's key is an exponential variate over its weight, and the smallest
//! keys stay; minus its logarithm is the paper's key. The jump to the next
//! item that enters is a total weight, exponential with the largest key as
//! its rate.

use super::layout::{Item, NUMBER_LEVEL, Reservoir};
use super::random::{Random, minus_log_one_minus, one_minus_exp};

/// Takes an item. Returns the items until the next that is looked at: 1.
#[inline(always)]
pub fn accept(reservoir: &mut Reservoir, random: &mut Random, item: Item) -> u64 {
    if item.weight == 0.0 {
        return 1;
    }
    if reservoir.filled < reservoir.times.len() {
        fill(reservoir, random, item);
    } else {
        let level = reservoir.header[NUMBER_LEVEL] - item.weight;
        reservoir.header[NUMBER_LEVEL] = level;
        if level <= 0.0 {
            replace(reservoir, random, item);
        }
    }
    1
}

#[inline(always)]
fn fill(reservoir: &mut Reservoir, random: &mut Random, item: Item) {
    let slot = reservoir.filled;
    reservoir.keys[slot] = random.exponential() / item.weight;
    reservoir.append(item);
    sift_up(reservoir, slot);
    if reservoir.filled == reservoir.times.len() {
        jump(reservoir, random);
    }
}

#[inline(always)]
fn replace(reservoir: &mut Reservoir, random: &mut Random, item: Item) {
    // The key, given that it is below the largest.
    let share = one_minus_exp(item.weight * reservoir.keys[0]) * random.uniform();
    reservoir.keys[0] = minus_log_one_minus(share) / item.weight;
    reservoir.put(0, item);
    sift_down(reservoir);
    jump(reservoir, random);
}

#[inline(always)]
fn jump(reservoir: &mut Reservoir, random: &mut Random) {
    reservoir.header[NUMBER_LEVEL] = random.exponential() / reservoir.keys[0];
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
