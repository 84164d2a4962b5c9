//! Messages of both directions: the slots of `sequence_lock.rs`, with epochs,
//! heartbeats and rows of 32-bit values.

use std::sync::atomic::{AtomicU64, Ordering};

use super::layout::{
    ACTIVE_SERVERS_WORD, Direction, EPOCH_WORD, HEADER_WORDS, MAX_SERVERS, MSG_IN_COLUMNS,
    MSG_IN_SLOTS, MSG_OUT_COLUMNS, MSG_OUT_SLOTS, NUMBER_WORD, Region, SERVER_COUNT_WORD,
    TIME_NS_WORD,
};
use super::sequence_lock::{self, Newest, Slot};
use super::system::{Role, monotonic_ns};
use crate::abi::Fault;

/// Numbers of 32 bits in a message's header.
pub const HEADER_NUMBERS: usize = 2 * HEADER_WORDS;

/// Numbers of 32 bits in a message of all servers.
pub const fn numbers<C: Channel>() -> usize {
    HEADER_NUMBERS + MAX_SERVERS * C::COLUMNS
}

/// A direction: what is said once of it, its slots and their size.
pub trait Channel {
    /// Columns of a row.
    const COLUMNS: usize;
    /// Who writes.
    const WRITER: Role;

    /// What is said once.
    fn direction(region: &Region) -> &Direction;

    /// The slot of a message.
    fn slot(region: &Region, number: u64) -> Slot<'_>;

    /// Puts rows of so many servers in the order that readers get.
    fn arrange(_rows: &mut [u32], _servers: usize) {}

    /// Whether rows of so many servers can be.
    fn are_rows_sound(_rows: &[u32], _servers: usize) -> bool {
        true
    }
}

/// From the data plane to the control plane.
pub struct MsgOut;

impl Channel for MsgOut {
    const COLUMNS: usize = MSG_OUT_COLUMNS;
    const WRITER: Role = Role::MsgOutWriter;

    fn direction(region: &Region) -> &Direction {
        &region.msg_out
    }

    fn slot(region: &Region, number: u64) -> Slot<'_> {
        let slot = &region.msg_out_slots[(number % MSG_OUT_SLOTS as u64) as usize];
        Slot { sequence: &slot.sequence, words: &slot.words }
    }
}

/// From the control plane to the data plane.
pub struct MsgIn;

impl Channel for MsgIn {
    const COLUMNS: usize = MSG_IN_COLUMNS;
    const WRITER: Role = Role::MsgInWriter;

    fn direction(region: &Region) -> &Direction {
        &region.msg_in
    }

    fn slot(region: &Region, number: u64) -> Slot<'_> {
        let slot = &region.msg_in_slots[(number % MSG_IN_SLOTS as u64) as usize];
        Slot { sequence: &slot.sequence, words: &slot.words }
    }

    // Column by column.
    fn arrange(rows: &mut [u32], servers: usize) {
        let mut columns = [0; MSG_IN_COLUMNS * MAX_SERVERS];
        for (server, row) in rows.chunks_exact(Self::COLUMNS).enumerate() {
            for (column, value) in row.iter().enumerate() {
                columns[column * servers + server] = *value;
            }
        }
        rows.copy_from_slice(&columns[..rows.len()]);
    }

    // An alias is used as an index.
    fn are_rows_sound(rows: &[u32], servers: usize) -> bool {
        rows.chunks_exact(Self::COLUMNS).all(|row| {
            let [weight, odds] = [f32::from_bits(row[0]), f32::from_bits(row[1])];
            (0.0..=f32::MAX).contains(&weight)
                && (0.0..=1.0).contains(&odds)
                && (row[2] as usize) < servers
        })
    }
}

/// What a reader learns of a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing new.
    Stale = 0,
    /// A message that this reader did not have.
    Fresh = 1,
    /// The writer was faster in every attempt.
    Lapped = 2,
    /// The region has a new owner, whose epoch has no message yet.
    Restarted = 3,
    /// The region has a new owner, and this is its epoch's newest message.
    RestartedFresh = 4,
}

/// What a reader remembers of a direction.
#[derive(Clone, Copy, Debug)]
pub struct ReaderState {
    epoch: u64,
    number: u64,
    /// Words of the last message: the next one has as many, as a rule.
    words: usize,
}

impl ReaderState {
    /// Of a reader that begins now.
    pub fn begin(region: &Region) -> ReaderState {
        ReaderState { epoch: region.header.epoch.load(Ordering::Acquire), number: 0, words: 0 }
    }
}

fn load(words: &[AtomicU64], index: usize) -> u64 {
    words[index].load(Ordering::Relaxed)
}

/// The lower and the upper half.
fn halves(word: u64) -> [u32; 2] {
    [word as u32, (word >> 32) as u32]
}

/// Asks for all cache lines at once: one after the other, each would take the
/// time that a line needs from the writer's core.
fn touch_lines(words: &[AtomicU64], count: usize) {
    let lines = words.iter().take(count).step_by(8);
    std::hint::black_box(lines.fold(0, |sum, word| sum | word.load(Ordering::Relaxed)));
}

/// Copies header and rows; nothing is believed but sizes of arrays.
fn copy_message(words: &[AtomicU64], columns: usize, message: &mut [u32]) {
    let rows = (load(words, SERVER_COUNT_WORD) as u32 as usize).min(MAX_SERVERS);
    let count = HEADER_WORDS + (rows * columns).div_ceil(2);
    for (pair, word) in message.chunks_exact_mut(2).zip(words).take(count) {
        pair.copy_from_slice(&halves(word.load(Ordering::Relaxed)));
    }
}

fn header_word(message: &[u32], index: usize) -> u64 {
    u64::from(message[2 * index]) | u64::from(message[2 * index + 1]) << 32
}

/// The rows of a message that has so many servers.
fn rows_of<C: Channel>(message: &mut [u32], servers: usize) -> &mut [u32] {
    &mut message[HEADER_NUMBERS..][..servers * C::COLUMNS]
}

/// Whether a whole message has one to all servers, tells of no others, and has
/// rows that can be.
fn is_sound<C: Channel>(message: &mut [u32], number: u64) -> bool {
    let count = header_word(message, SERVER_COUNT_WORD) as u32 as usize;
    if !(1..=MAX_SERVERS).contains(&count) || header_word(message, NUMBER_WORD) != number {
        return false;
    }
    let known = u64::MAX >> (MAX_SERVERS - count);
    header_word(message, ACTIVE_SERVERS_WORD) & !known == 0
        && C::are_rows_sound(rows_of::<C>(message, count), count)
}

/// Looks for the newest message. `message` takes header and rows, and holds a
/// message afterwards only if the outcome says so.
pub fn read<C: Channel>(
    region: &Region,
    state: &mut ReaderState,
    message: &mut [u32],
) -> Result<Outcome, Fault> {
    if message.len() != numbers::<C>() {
        return Err(Fault::LENGTH);
    }
    let newest = sequence_lock::read_newest(
        &C::direction(region).published,
        state.number,
        |number| C::slot(region, number),
        |words| {
            touch_lines(words, state.words);
            copy_message(words, C::COLUMNS, message);
        },
    );
    // After the message: one that was written in this epoch is of this epoch.
    let epoch = region.header.epoch.load(Ordering::Acquire);
    let is_news = match newest {
        // A new epoch is told of with what it brings.
        Newest::Lapped => return Ok(Outcome::Lapped),
        Newest::Damaged => return Err(Fault::REGION_DAMAGED),
        Newest::Same => false,
        Newest::Message(number, ()) => {
            if !is_sound::<C>(message, number) {
                return Err(Fault::REGION_DAMAGED);
            }
            let servers = header_word(message, SERVER_COUNT_WORD) as u32 as usize;
            C::arrange(rows_of::<C>(message, servers), servers);
            state.number = number;
            state.words = HEADER_WORDS + (servers * C::COLUMNS).div_ceil(2);
            header_word(message, EPOCH_WORD) == epoch
        }
    };
    let restarted = epoch != std::mem::replace(&mut state.epoch, epoch);
    Ok(match (restarted, is_news) {
        (false, false) => Outcome::Stale,
        (false, true) => Outcome::Fresh,
        (true, false) => Outcome::Restarted,
        (true, true) => Outcome::RestartedFresh,
    })
}

/// A value of a row, as the 32 bits that are stored.
pub trait Bits: Copy {
    /// The bits.
    fn bits(self) -> u32;
}

impl Bits for u32 {
    fn bits(self) -> u32 {
        self
    }
}

impl Bits for f32 {
    fn bits(self) -> u32 {
        self.to_bits()
    }
}

/// Writes and publishes a message of 1 to [`MAX_SERVERS`] rows, whose values
/// come row by row. The caller has the right to write.
pub fn write<C: Channel>(
    region: &Region,
    active_servers: u64,
    values: &[impl Bits],
) -> Result<(), Fault> {
    let direction = C::direction(region);
    let number = sequence_lock::next_number(&direction.published).ok_or(Fault::REGION_DAMAGED)?;
    let epoch = region.header.epoch.load(Ordering::Acquire);
    let now = monotonic_ns();
    sequence_lock::write(C::slot(region, number), number, |words| {
        let store = |index: usize, word: u64| words[index].store(word, Ordering::Relaxed);
        store(EPOCH_WORD, epoch);
        store(NUMBER_WORD, number);
        store(TIME_NS_WORD, now);
        store(ACTIVE_SERVERS_WORD, active_servers);
        store(SERVER_COUNT_WORD, (values.len() / C::COLUMNS) as u64);
        let rows = &words[HEADER_WORDS..];
        let pairs = values.chunks_exact(2);
        if let [value] = pairs.remainder() {
            rows[values.len() / 2].store(u64::from(value.bits()), Ordering::Relaxed);
        }
        for (word, pair) in rows.iter().zip(pairs) {
            let high = u64::from(pair[1].bits());
            word.store(u64::from(pair[0].bits()) | high << 32, Ordering::Relaxed);
        }
    });
    sequence_lock::publish(&direction.published, number);
    direction.heartbeat_ns.store(now, Ordering::Relaxed);
    Ok(())
}
