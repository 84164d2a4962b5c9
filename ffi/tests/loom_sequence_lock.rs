//! The sequence lock in every order that the memory model allows:
//! `RUSTFLAGS="--cfg loom" cargo test --release --test loom_sequence_lock`.
#![cfg(loom)]
#![allow(missing_docs)]

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use loom::sync::Arc;
use loom::thread;

// The source file itself, with loom's atomics in place of std's.
#[path = "../src/shared_memory/sequence_lock.rs"]
#[allow(dead_code)]
mod sequence_lock;
mod atomics {
    pub use loom::hint::spin_loop;
    pub use loom::sync::atomic::{AtomicU64, Ordering, fence};
}

use atomics::{AtomicU64, fence};
use sequence_lock::{Newest, Slot, next_number, publish, read_newest, write};

const WORDS: usize = 2;

struct Lane<const SLOTS: usize> {
    published: AtomicU64,
    slots: [(AtomicU64, [AtomicU64; WORDS]); SLOTS],
}

impl<const SLOTS: usize> Lane<SLOTS> {
    fn new() -> Self {
        let word = |_| AtomicU64::new(0);
        Lane {
            published: AtomicU64::new(0),
            slots: std::array::from_fn(|_| (AtomicU64::new(0), std::array::from_fn(word))),
        }
    }

    fn slot(&self, number: u64) -> Slot<'_> {
        let (sequence, words) = &self.slots[number as usize % SLOTS];
        Slot { sequence, words }
    }

    fn write(&self, value: u64) {
        let number = next_number(&self.published).unwrap();
        write(self.slot(number), number, |words| store_all(words, value));
        publish(&self.published, number);
    }

    /// What a process does that dies in the middle of a message.
    fn write_half(&self, value: u64) {
        let slot = self.slot(next_number(&self.published).unwrap());
        let number = next_number(&self.published).unwrap();
        slot.sequence.store(2 * number + 1, Relaxed);
        fence(Release);
        slot.words[0].store(value, Relaxed);
    }

    fn read(&self, last: u64) -> Newest<[u64; WORDS]> {
        read_newest(
            &self.published,
            last,
            |number| self.slot(number),
            |words| std::array::from_fn(|i| words[i].load(Relaxed)),
        )
    }
}

fn store_all(words: &[AtomicU64], value: u64) {
    for word in words {
        word.store(value, Relaxed);
    }
}

/// Reads twice while another thread does something: messages are whole, are
/// those of their numbers, and never older than the one before.
fn check<const SLOTS: usize>(
    prepare: impl Fn(&Lane<SLOTS>) + Sync + Send + 'static,
    disturb: impl Fn(&Lane<SLOTS>) + Sync + Send + Copy + 'static,
) {
    loom::model(move || {
        let lane = Arc::new(Lane::<SLOTS>::new());
        prepare(&lane);
        let writer = {
            let lane = lane.clone();
            thread::spawn(move || disturb(&lane))
        };
        let mut last = 0;
        for _ in 0..2 {
            match lane.read(last) {
                Newest::Message(number, words) => {
                    assert_eq!(words, [10 * number; WORDS], "torn");
                    assert!(number > last, "went back");
                    last = number;
                }
                Newest::Damaged => panic!("damaged"),
                Newest::Same | Newest::Lapped => {}
            }
        }
        writer.join().unwrap();
    });
}

#[test]
fn readers_get_whole_messages() {
    check::<2>(
        |lane| lane.write(10),
        |lane| {
            lane.write(20);
            lane.write(30);
        },
    );
}

#[test]
fn readers_get_whole_messages_of_a_slot_that_is_used_again() {
    // One slot is fewer than there are, so that every message laps.
    check::<1>(|lane| lane.write(10), |lane| lane.write(20));
}

#[test]
fn readers_pass_over_what_a_dead_writer_left() {
    check::<2>(
        |lane| {
            lane.write(10);
            lane.write_half(77);
        },
        |lane| lane.write(20),
    );
    check::<2>(
        |lane| lane.write(10),
        |lane| {
            lane.write_half(77);
            lane.write(20);
            lane.write_half(78);
        },
    );
}

/// A lock without one of its fences: the model must find the torn message.
fn broken(writer_fence: bool, reader_fence: bool) {
    loom::model(move || {
        let lane = Arc::new(Lane::<1>::new());
        lane.write(10);
        let writer = {
            let lane = lane.clone();
            thread::spawn(move || {
                let slot = lane.slot(2);
                slot.sequence.store(5, Relaxed);
                if writer_fence {
                    fence(Release);
                }
                store_all(slot.words, 20);
                slot.sequence.store(6, Release);
            })
        };
        let slot = lane.slot(1);
        if slot.sequence.load(Acquire) == 4 {
            let words: [u64; WORDS] = std::array::from_fn(|i| slot.words[i].load(Relaxed));
            if reader_fence {
                fence(Acquire);
            }
            if slot.sequence.load(Relaxed) == 4 {
                assert_eq!(words, [10; WORDS], "torn");
            }
        }
        writer.join().unwrap();
    });
}

#[test]
fn both_fences_suffice() {
    broken(true, true);
}

#[test]
#[should_panic(expected = "torn")]
fn the_writer_needs_its_fence() {
    broken(false, true);
}

#[test]
#[should_panic(expected = "torn")]
fn the_reader_needs_its_fence() {
    broken(true, false);
}
