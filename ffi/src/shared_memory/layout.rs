//! The layout of a region, written by `tools/write_shared_memory_layout.ts`
//! from `ffi/shared_memory_schema.json`.

use std::mem::offset_of;
use std::sync::atomic::{AtomicU32, AtomicU64};

use crate::shared_constants;

#[cfg(not(target_endian = "little"))]
compile_error!("shared memory is laid out for little-endian machines");

shared_constants! {
    /// A digest of the layout of shared memory: a library of another layout is
    /// one of another interface.
    SHARED_MEMORY_DIGEST: u32 = 0xac382495;
}

/// The letters LOADSTAR.
pub const MAGIC: u64 = 0x5241545344414f4c;
/// Which layout this is.
pub const LAYOUT_VERSION: u32 = 1;
/// The size of a region.
pub const REGION_BYTES: usize = 12288;
/// The most rows of a message.
pub const MAX_SERVERS: usize = 64;
/// Words of a message's header.
pub const HEADER_WORDS: usize = 5;
/// The header's word that holds, in its lower bits: the region's epoch when the message was written.
pub const EPOCH_WORD: usize = 0;
/// The header's word that holds, in its lower bits: counts the direction's messages, never starts again.
pub const NUMBER_WORD: usize = 1;
/// The header's word that holds, in its lower bits: when the message was written, CLOCK_MONOTONIC.
pub const TIME_NS_WORD: usize = 2;
/// The header's word that holds, in its lower bits: bit i for server i.
pub const ACTIVE_SERVERS_WORD: usize = 3;
/// The header's word that holds, in its lower bits: how many rows follow, 1 to 64; row i is server i.
pub const SERVER_COUNT_WORD: usize = 4;
/// How many slots msg_out has.
pub const MSG_OUT_SLOTS: usize = 3;
/// Bytes of a row of msg_out.
pub const MSG_OUT_ROW_BYTES: usize = 44;
/// Columns of msg_out, of 32 bits each.
pub const MSG_OUT_COLUMNS: usize = 11;
/// How many slots msg_in has.
pub const MSG_IN_SLOTS: usize = 4;
/// Bytes of a row of msg_in.
pub const MSG_IN_ROW_BYTES: usize = 12;
/// Columns of msg_in, of 32 bits each.
pub const MSG_IN_COLUMNS: usize = 3;

/// What a region begins with.
#[repr(C, align(64))]
pub struct Header {
    /// The letters LOADSTAR; written last, when all else is in place.
    pub magic: AtomicU64,
    /// Which layout this is.
    pub layout_version: AtomicU32,
    /// The size of the region.
    pub region_bytes: AtomicU32,
    /// One more each time an owner takes the region; the first is 1.
    pub epoch: AtomicU64,
    /// The owner's process, for messages to people.
    pub owner_pid: AtomicU32,
    /// Zero.
    pub reserved: AtomicU32,
    /// When the owner last gave a sign of life, CLOCK_MONOTONIC.
    pub owner_heartbeat_ns: AtomicU64,
    /// When the epoch began, CLOCK_MONOTONIC.
    pub epoch_began_ns: AtomicU64,
}

/// What is said once of each direction.
#[repr(C, align(64))]
pub struct Direction {
    /// The number of the newest whole message, 0 for none; it lies in the slot number % slots.
    pub published: AtomicU64,
    /// When the writer last gave a sign of life, CLOCK_MONOTONIC.
    pub heartbeat_ns: AtomicU64,
    /// The writer's process, for messages to people.
    pub writer_pid: AtomicU32,
    /// Zero.
    pub reserved: AtomicU32,
}

/// A slot of msg_out.
#[repr(C, align(64))]
pub struct MsgOutSlot {
    /// Its sequence lock.
    pub sequence: AtomicU64,
    /// The message, word by word.
    pub words: [AtomicU64; 357],
}

/// A slot of msg_in.
#[repr(C, align(64))]
pub struct MsgInSlot {
    /// Its sequence lock.
    pub sequence: AtomicU64,
    /// The message, word by word.
    pub words: [AtomicU64; 101],
}

/// All of a region that is used.
#[repr(C, align(64))]
pub struct Region {
    /// What the region begins with.
    pub header: Header,
    /// What is said once of msg_out.
    pub msg_out: Direction,
    /// What is said once of msg_in.
    pub msg_in: Direction,
    /// The slots of msg_out.
    pub msg_out_slots: [MsgOutSlot; 3],
    /// The slots of msg_in.
    pub msg_in_slots: [MsgInSlot; 4],
}

const _: () = {
    assert!(offset_of!(Header, magic) == 0);
    assert!(offset_of!(Header, layout_version) == 8);
    assert!(offset_of!(Header, region_bytes) == 12);
    assert!(offset_of!(Header, epoch) == 16);
    assert!(offset_of!(Header, owner_pid) == 24);
    assert!(offset_of!(Header, reserved) == 28);
    assert!(offset_of!(Header, owner_heartbeat_ns) == 32);
    assert!(offset_of!(Header, epoch_began_ns) == 40);
    assert!(offset_of!(Direction, published) == 0);
    assert!(offset_of!(Direction, heartbeat_ns) == 8);
    assert!(offset_of!(Direction, writer_pid) == 16);
    assert!(offset_of!(Direction, reserved) == 20);
    assert!(offset_of!(MsgOutSlot, words) == 8);
    assert!(size_of::<MsgOutSlot>() == 2880);
    assert!(offset_of!(Region, msg_out) == 64);
    assert!(offset_of!(Region, msg_out_slots) == 192);
    assert!(offset_of!(MsgInSlot, words) == 8);
    assert!(size_of::<MsgInSlot>() == 832);
    assert!(offset_of!(Region, msg_in) == 128);
    assert!(offset_of!(Region, msg_in_slots) == 8832);
    assert!(size_of::<Region>() <= REGION_BYTES);
};
