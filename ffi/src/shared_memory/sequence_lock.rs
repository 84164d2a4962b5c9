//! Slots with a sequence lock each, and the index of the newest: one writer,
//! any number of readers, nobody waits for anybody.
//!
//! Message `n` lies in slot `n % slots`. Its slot's sequence is `2n + 1` while
//! it is written and `2n + 2` when it is whole, so the sequence also says
//! *which* message a slot holds. `published` is the number of the newest whole
//! message.
//!
//! Why nothing torn is ever read, in the terms of the C++20 memory model that
//! Rust and C share. The writer does
//!
//! 1. `sequence = 2n + 1` (relaxed), 2. `fence(release)`, 3. the words
//!    (relaxed), 4. `sequence = 2n + 2` (release), 5. `published = n` (release)
//!
//! and a reader
//!
//! a. `n = published` (acquire), b. `s = sequence` (acquire), c. the words
//!    (relaxed), d. `fence(acquire)`, e. `t = sequence` (relaxed)
//!
//! and takes the words only if `s == t == 2n + 2`.
//!
//! - Not older: b reads what 4 wrote, so 4 synchronizes with b, and the words
//!   of message `n` happen before c. No word is from before `n`.
//! - Not newer: say c read a word that a later message `m` wrote at 3. Then
//!   the fence 2 of `m` synchronizes with the fence d (both are fences around
//!   the relaxed accesses of that word), so 1 of `m` happens before e, and e
//!   reads `2m + 1` or something later in the sequence's order. That is never
//!   `2n + 2` again: see below. So the reader refuses.
//!
//! The fences are what weaker machines need: without 2 an ARM may show words
//! of `m` before the odd sequence, without d it may read them after e. On x86
//! both are free, and tests there would pass without; `tests/loom_*.rs` shows
//! that the model does not. Words are relaxed atomics, because a plain copy
//! that races is undefined even if its result is thrown away.
//!
//! A writer that dies leaves `published = n - 1` and slot `n % slots`
//! somewhere between its old message and `2n + 2`. Nobody reads that slot, as
//! nothing points there, and message `n - 1` lies in another. The next writer
//! begins at `published + 1`, which is `n` in the same slot: the last whole
//! message is never the one that is overwritten, however often writers die.
//! Thus the sequence may go `2n + 1, 2n + 2, 2n + 1, 2n + 2`. A reader of
//! message `n` has seen `published = n` of the last of these, so it sees that
//! one or later ones; a reader of an older message compares with a smaller
//! number, which does not come back. Numbers never start again, not even
//! where the owner restarts, and 2^62 of them last for centuries.

use super::atomics::{AtomicU64, Ordering, fence, spin_loop};

/// Larger numbers are damage: at one a nanosecond they take 146 years.
pub const LAST_NUMBER: u64 = 1 << 62;

/// How often a reader begins anew before it says that it was lapped.
pub const ATTEMPTS: u32 = 64;

/// A slot in shared memory.
#[derive(Clone, Copy)]
pub struct Slot<'a> {
    /// Its sequence lock.
    pub sequence: &'a AtomicU64,
    /// Its message.
    pub words: &'a [AtomicU64],
}

/// What a reader found in place of the message it looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// A newer message, or one that is being written.
    Newer,
    /// An older message, which a right writer never leaves there.
    Older,
}

/// What looking for the newest message came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newest<T> {
    /// The message that was read, with its number.
    Message(u64, T),
    /// Nothing newer than what the reader has.
    Same,
    /// The writer was faster in every attempt.
    Lapped,
    /// The index or the sequence cannot be what a writer wrote.
    Damaged,
}

/// Writes message `number` into its slot: `fill` stores the words, relaxed.
pub fn write(slot: Slot, number: u64, fill: impl FnOnce(&[AtomicU64])) {
    slot.sequence.store(2 * number + 1, Ordering::Relaxed);
    fence(Ordering::Release);
    fill(slot.words);
    slot.sequence.store(2 * number + 2, Ordering::Release);
}

/// Reads message `number` from its slot: `copy` loads the words, relaxed, and
/// must bear any values, as they count only if this returns them.
pub fn read<T>(
    slot: Slot,
    number: u64,
    copy: impl FnOnce(&[AtomicU64]) -> T,
) -> Result<T, Mismatch> {
    let whole = 2 * number + 2;
    match slot.sequence.load(Ordering::Acquire) {
        found if found == whole => {}
        found if found < whole => return Err(Mismatch::Older),
        _ => return Err(Mismatch::Newer),
    }
    let copied = copy(slot.words);
    fence(Ordering::Acquire);
    if slot.sequence.load(Ordering::Relaxed) == whole { Ok(copied) } else { Err(Mismatch::Newer) }
}

/// Says that message `number`, which is whole, is the newest.
pub fn publish(published: &AtomicU64, number: u64) {
    published.store(number, Ordering::Release);
}

/// The number that a writer continues with; none if the index is damaged.
pub fn next_number(published: &AtomicU64) -> Option<u64> {
    let number = published.load(Ordering::Acquire);
    (number < LAST_NUMBER).then_some(number + 1)
}

/// Reads the newest message, if it is another than `last`.
pub fn read_newest<'a, T>(
    published: &AtomicU64,
    last: u64,
    slot_of: impl Fn(u64) -> Slot<'a>,
    mut copy: impl FnMut(&[AtomicU64]) -> T,
) -> Newest<T> {
    for _ in 0..ATTEMPTS {
        let number = published.load(Ordering::Acquire);
        if number == last || number == 0 {
            return Newest::Same;
        }
        if number > LAST_NUMBER {
            return Newest::Damaged;
        }
        match read(slot_of(number), number, &mut copy) {
            Ok(message) => return Newest::Message(number, message),
            Err(Mismatch::Older) => return Newest::Damaged,
            Err(Mismatch::Newer) => spin_loop(),
        }
    }
    Newest::Lapped
}
