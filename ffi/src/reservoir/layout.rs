//! Where things lie in a reservoir's two buffers, which TypeScript owns.
//!
//! `words`: four of the random stream, then whole numbers. `numbers`: a header,
//! then times, values, and, where the sample is weighted, keys.

use super::random::{Random, byte_shift};
use crate::abi::Fault;
use crate::shared_constants;

shared_constants! {
    /// Words of a reservoir.
    WORDS: usize = 16;
    /// Numbers before the samples.
    HEADER: usize = 8;
    /// Largest size of a reservoir.
    MAX_CAPACITY: usize = 1_048_576;

    /// Word: which kind of reservoir it is.
    WORD_KIND: usize = 4;
    /// Word: its size.
    WORD_CAPACITY: usize = 5;
    /// Word: samples that are there.
    WORD_FILLED: usize = 6;
    /// Word: items until the next that is looked at, that one included.
    WORD_REMAINING: usize = 7;
    /// Word: where a window writes next.
    WORD_CURSOR: usize = 8;
    /// Word: the version of this layout and of how its draws are made.
    WORD_VERSION: usize = 9;
    /// Words: two of the random stream as it was at first, which tell streams
    /// apart.
    WORD_ORIGIN: usize = 10;
    /// Word: what the slots of four items are drawn from.
    WORD_SPARE: usize = 12;
    /// The version.
    RESERVOIR_VERSION: u32 = 3;

    /// Number: how many items there will have been when none remains.
    NUMBER_DUE: usize = 0;
    /// Number: the time of the last item; minus infinity before the first, and
    /// infinity where items have no times of their own.
    NUMBER_LAST_TIME: usize = 1;
    /// Number: Algorithm L's threshold; the weight that a weighted sample
    /// still jumps over.
    NUMBER_LEVEL: usize = 2;
    /// Number: rate of the geometric skips of a biased reservoir.
    NUMBER_RATE: usize = 3;
    /// Number: items to skip beyond those that remain.
    NUMBER_REST: usize = 4;
    /// Number: the item of a batch that was refused.
    NUMBER_REFUSED: usize = 5;

    /// Uniform, by Algorithm R.
    KIND_UNIFORM_R: u32 = 1;
    /// Uniform, by Algorithm L.
    KIND_UNIFORM_L: u32 = 2;
    /// Weighted, by A-ExpJ.
    KIND_WEIGHTED: u32 = 3;
    /// Biased to the recent, by replacement of fixed probability.
    KIND_BIASED: u32 = 4;
    /// The most recent.
    KIND_WINDOW: u32 = 5;

    /// Most slots of a reservoir that every item enters of which halves of words
    /// are drawn, or bytes.
    MAX_OF_HALVES: u32 = 1024;

    /// Most items that are skipped at one go.
    MAX_REMAINING: u32 = 536_870_912;

    /// A batch's result: a value is not finite.
    REFUSED_VALUE: u32 = 1;
    /// A batch's result: a time is not finite, or before the last.
    REFUSED_TIME: u32 = 2;
    /// A batch's result: a weight is negative or not finite.
    REFUSED_WEIGHT: u32 = 3;
    /// A batch's result: it has times where items before had none, or none
    /// where they had.
    REFUSED_MIXED: u32 = 4;
}

/// An item that is looked at.
#[derive(Clone, Copy)]
pub struct Item {
    /// What it is: finite.
    pub value: f64,
    /// When it was.
    pub time: f64,
    /// What it weighs, at least 0.
    pub weight: f64,
    /// How many items there are with it.
    pub number: u64,
}

/// A reservoir's buffers by name.
pub struct Reservoir<'a> {
    /// Which kind it is.
    pub kind: u32,
    /// The random stream; [`Reservoir::close`] writes it back.
    pub random: Random,
    /// Samples that are there.
    pub filled: usize,
    /// Items until the next that is looked at, that one included.
    pub remaining: u64,
    /// Items so far.
    pub count: u64,
    /// The numbers before the samples.
    pub header: &'a mut [f64],
    /// When each sample was.
    pub times: &'a mut [f64],
    /// What each sample was.
    pub values: &'a mut [f64],
    /// Keys of a weighted sample, the largest first, as a heap.
    pub keys: &'a mut [f64],
    /// Where a window writes next.
    pub cursor: usize,
    /// Of its size, as [`byte_shift`] has it.
    pub byte_shift: u32,
    words: &'a mut [u32],
}

/// How many numbers a reservoir has.
pub fn number_count(kind: u32, capacity: usize) -> usize {
    HEADER + capacity * if kind == KIND_WEIGHTED { 3 } else { 2 }
}

/// Kind, size and samples there, where the buffers' lengths fit them.
pub fn check_buffers(words: &[u32], numbers: &[f64]) -> Result<(u32, usize, usize), Fault> {
    if words.len() != WORDS {
        return Err(Fault::LENGTH);
    }
    let kind = words[WORD_KIND];
    let capacity = words[WORD_CAPACITY] as usize;
    let filled = words[WORD_FILLED] as usize;
    let known =
        (KIND_UNIFORM_R..=KIND_WINDOW).contains(&kind) && words[WORD_VERSION] == RESERVOIR_VERSION;
    if !known || capacity == 0 || capacity > MAX_CAPACITY || filled > capacity {
        return Err(Fault::STATE);
    }
    if numbers.len() != number_count(kind, capacity) {
        return Err(Fault::LENGTH);
    }
    Ok((kind, capacity, filled))
}

impl<'a> Reservoir<'a> {
    /// Looks at buffers; [`Reservoir::close`] writes the whole numbers back.
    pub fn open(words: &'a mut [u32], numbers: &'a mut [f64]) -> Result<Reservoir<'a>, Fault> {
        let (kind, capacity, filled) = check_buffers(words, numbers)?;
        let (header, samples) = numbers.split_at_mut(HEADER);
        let (times, rest) = samples.split_at_mut(capacity);
        let (values, keys) = rest.split_at_mut(capacity);
        let remaining = u64::from(words[WORD_REMAINING]);
        let due = header[NUMBER_DUE];
        let cursor = words[WORD_CURSOR] as usize;
        let random = [words[0], words[1], words[2], words[3]];
        let rest = header[NUMBER_REST];
        let is_good = remaining > 0
            && (remaining as f64..=9e15).contains(&due)
            && (0.0..=9007199254740992.0).contains(&rest);
        // From zeros come zeros alone, which may be redrawn for ever.
        if !is_good || cursor >= capacity || random == [0; 4] {
            return Err(Fault::STATE);
        }
        Ok(Reservoir {
            kind,
            random: Random::with_spare(random, words[WORD_SPARE]),
            filled,
            count: due as u64 - remaining,
            remaining: remaining + rest as u64,
            header,
            times,
            values,
            keys,
            cursor,
            byte_shift: byte_shift(capacity as u32),
            words,
        })
    }

    /// Its size.
    pub fn capacity(&self) -> u32 {
        self.times.len() as u32
    }

    /// Writes the whole numbers back.
    pub fn close(self) {
        self.words[..4].copy_from_slice(&self.random.words());
        self.words[WORD_FILLED] = self.filled as u32;
        self.words[WORD_CURSOR] = self.cursor as u32;
        self.words[WORD_SPARE] = self.random.spare();
        let remaining = self.remaining.min(u64::from(MAX_REMAINING));
        self.words[WORD_REMAINING] = remaining as u32;
        self.header[NUMBER_REST] = (self.remaining - remaining) as f64;
        self.header[NUMBER_DUE] = (self.count + remaining) as f64;
    }

    /// Puts a sample into a slot.
    #[inline]
    pub fn put(&mut self, slot: usize, item: Item) {
        self.times[slot] = item.time;
        self.values[slot] = item.value;
    }

    /// Puts a sample into the first empty slot.
    #[inline]
    pub fn append(&mut self, item: Item) {
        self.put(self.filled, item);
        self.filled += 1;
    }
}

/// As many items as a skip of this many comes to: at most 2^53.
#[inline(always)]
pub fn whole_skip(skip: f64) -> u64 {
    const MOST: u64 = 1 << 53;
    // Truncates as floor does from 0 up; to signed numbers at once.
    if skip < MOST as f64 { skip as i64 as u64 } else { MOST }
}
