//! Regions as TypeScript uses them, through what is exported. The tests beside
//! `ffi/shared_memory.ts` hold the rest; these also run under Valgrind.

#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU32, Ordering};

use super::exports::*;
use super::layout::{MSG_IN_COLUMNS, MSG_OUT_COLUMNS};
use super::messages::{HEADER_NUMBERS, MsgIn, MsgOut, numbers};
use super::region::{Found, OpenRegion, unlink};
use super::sequence_lock::{self, Slot};
use super::system::{Role, SharedFile};
use crate::abi::Fault;

/// A name that nobody has, unlinked at the end.
struct Name(String);

impl Name {
    fn new() -> Name {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Name(format!("loadstar_rust_{}_{count}", std::process::id()))
    }

    fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(format!("/dev/shm/{}", self.0));
    }
}

fn call_with_name(
    name: &Name,
    function: unsafe extern "C" fn(*const u8, u32, *mut f64, u32) -> i32,
) -> i32 {
    let mut details = [0.0; 3];
    let bytes = name.bytes();
    // SAFETY: both arrays have the lengths that are passed.
    unsafe { function(bytes.as_ptr(), bytes.len() as u32, details.as_mut_ptr(), 3) }
}

fn create(name: &Name) -> u32 {
    u32::try_from(call_with_name(name, loadstar_shared_memory_create)).unwrap()
}

fn open(name: &Name) -> u32 {
    u32::try_from(call_with_name(name, loadstar_shared_memory_open)).unwrap()
}

fn close(handle: u32) -> i32 {
    // SAFETY: it takes no pointers.
    unsafe { loadstar_shared_memory_close(handle) }
}

fn write_out(handle: u32, statistics: &[f32], active: u64) -> i32 {
    let (low, high) = (active as u32, (active >> 32) as u32);
    let length = statistics.len() as u32;
    // SAFETY: the array has the length that is passed.
    unsafe { loadstar_shared_memory_write_msg_out(handle, statistics.as_ptr(), length, low, high) }
}

fn write_in(handle: u32, weights: &[f32]) -> i32 {
    // SAFETY: the array has the length that is passed.
    unsafe { loadstar_shared_memory_write_msg_in(handle, weights.as_ptr(), weights.len() as u32) }
}

fn read_out(handle: u32, buffer: &mut [u32], offset: u32) -> i32 {
    let length = buffer.len() as u32;
    // SAFETY: the array has the length that is passed.
    unsafe { loadstar_shared_memory_read_msg_out(handle, buffer.as_mut_ptr(), length, offset) }
}

fn read_in(handle: u32, buffer: &mut [u32]) -> i32 {
    let length = buffer.len() as u32;
    // SAFETY: the array has the length that is passed.
    unsafe { loadstar_shared_memory_read_msg_in(handle, buffer.as_mut_ptr(), length, 0) }
}

#[test]
fn messages_cross_with_all_their_rows() {
    let name = Name::new();
    let (owner, other) = (create(&name), open(&name));
    let mut message = vec![0; numbers::<MsgOut>()];
    for servers in 1..=64 {
        let values: Vec<f32> = (0..servers * MSG_OUT_COLUMNS).map(|i| i as f32).collect();
        assert_eq!(write_out(owner, &values, 1), 0);
        assert_eq!(read_out(other, &mut message, 0), 1);
        let read = message[HEADER_NUMBERS..].iter().map(|bits| f32::from_bits(*bits));
        assert!(read.take(values.len()).eq(values.iter().copied()), "{servers} servers");
        assert_eq!(message[8], servers as u32);
    }
    assert_eq!(read_out(other, &mut message, 0), 0);
    assert_eq!([close(other), close(owner)], [0, 0]);
    assert_eq!(close(owner), Fault::HANDLE.code());
}

#[test]
fn weights_come_column_by_column() {
    let name = Name::new();
    let owner = create(&name);
    let mut message = vec![0; numbers::<MsgIn>()];
    for servers in 1..=64 {
        let weights: Vec<f32> = (1..=servers).map(|i| i as f32).collect();
        assert_eq!(write_in(owner, &weights), 0);
        assert_eq!(read_in(owner, &mut message), 1);
        let columns = &message[HEADER_NUMBERS..][..MSG_IN_COLUMNS * servers];
        assert!(columns[..servers].iter().map(|bits| f32::from_bits(*bits)).eq(weights));
        assert!(columns[2 * servers..].iter().all(|alias| *alias < servers as u32));
    }
    close(owner);
}

#[test]
fn reading_touches_nothing_outside_of_its_place() {
    let name = Name::new();
    let owner = create(&name);
    let size = numbers::<MsgOut>();
    let mut buffer = vec![7; size + 20];
    assert_eq!(write_out(owner, &[0.5; 64 * MSG_OUT_COLUMNS], u64::MAX), 0);
    assert_eq!(read_out(owner, &mut buffer, 10), 1);
    assert!(buffer[..10].iter().chain(&buffer[size + 10..]).all(|word| *word == 7));
    for offset in [21, size as u32, u32::MAX] {
        assert_eq!(read_out(owner, &mut buffer, offset), Fault::LENGTH.code());
    }
    assert_eq!(read_out(owner, &mut [], 0), Fault::LENGTH.code());
    close(owner);
}

#[test]
fn writing_refuses_what_cannot_be() {
    let name = Name::new();
    let owner = create(&name);
    let (length, argument) = (Fault::LENGTH.code(), Fault::ARGUMENT.code());
    assert_eq!(write_out(owner, &[], 0), length);
    assert_eq!(write_out(owner, &[0.0; MSG_OUT_COLUMNS + 1], 0), length);
    assert_eq!(write_out(owner, &[0.0; MSG_OUT_COLUMNS * 65], 0), length);
    assert_eq!(write_out(owner, &[f32::NAN; MSG_OUT_COLUMNS], 0), argument);
    assert_eq!(write_out(owner, &[0.0; MSG_OUT_COLUMNS], 2), argument);
    assert_eq!(write_in(owner, &[]), length);
    assert_eq!(write_in(owner, &[1.0; 65]), length);
    assert_eq!(write_in(owner, &[0.0]), argument);
    let mut message = vec![0; numbers::<MsgOut>()];
    assert_eq!(read_out(owner, &mut message, 0), 0);
    for handle in [0, 1, u32::MAX, owner + 256] {
        assert_eq!(write_in(handle, &[1.0]), Fault::HANDLE.code());
    }
    close(owner);
}

#[test]
fn a_writer_that_dies_leaves_the_last_message_and_a_place_to_go_on() {
    let name = Name::new();
    let owner = create(&name);
    let mut message = vec![0; numbers::<MsgOut>()];
    assert_eq!(write_out(owner, &[1.0; MSG_OUT_COLUMNS], 1), 0);
    let mut found = Found::default();
    for round in 0..10 {
        // Sequence and some words are stored, and then nothing any more.
        let half = OpenRegion::open(name.bytes(), &mut found).unwrap();
        let number = sequence_lock::next_number(&half.memory().msg_out.published).unwrap();
        let slot = &half.memory().msg_out_slots[number as usize % 3];
        slot.sequence.store(2 * number + 1, Ordering::Relaxed);
        slot.words[round].store(u64::MAX, Ordering::Relaxed);
        let reader = open(&name);
        assert_eq!(read_out(reader, &mut message, 0), 1);
        assert_eq!(message[2], number as u32 - 1);
        if round % 3 == 2 {
            assert_eq!(write_out(owner, &[round as f32; MSG_OUT_COLUMNS], 1), 0);
            assert_eq!(read_out(reader, &mut message, 0), 1);
            assert_eq!(message[2], number as u32);
        }
        close(reader);
    }
    close(owner);
}

#[test]
fn readers_end_where_a_writer_never_does() {
    let name = Name::new();
    let owner = create(&name);
    assert_eq!(write_in(owner, &[1.0]), 0);
    let region = OpenRegion::open(name.bytes(), &mut Found::default()).unwrap();
    region.memory().msg_in_slots[1].sequence.store(5, Ordering::Relaxed);
    assert_eq!(read_in(owner, &mut vec![0; numbers::<MsgIn>()]), 2);
    close(owner);
}

#[test]
fn roles_are_for_one_and_end_with_it() {
    let name = Name::new();
    let first = SharedFile::open(name.bytes(), true).unwrap();
    let second = SharedFile::open(name.bytes(), false).unwrap();
    for role in [Role::Owner, Role::MsgOutWriter, Role::MsgInWriter] {
        assert_eq!(second.is_taken(role), Ok(false));
        assert_eq!(first.take(role), Ok(true));
        assert_eq!(second.take(role), Ok(false));
        assert_eq!((second.is_taken(role), first.is_taken(role)), (Ok(true), Ok(false)));
    }
    drop(first);
    assert_eq!(second.take(Role::Owner), Ok(true));
}

#[test]
fn many_that_create_at_once_get_one_owner() {
    for _ in 0..20 {
        let name = Name::new();
        let results = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| OpenRegion::create(name.bytes(), &mut Found::default())))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        for result in &results {
            assert!(result.as_ref().err().is_none_or(|fault| *fault == Fault::REGION_LIVE));
        }
        let found = &mut Found::default();
        assert_eq!(unlink(name.bytes(), found), Err(Fault::REGION_LIVE));
        assert_eq!(found.owner_pid, std::process::id());
    }
}

#[test]
fn readers_never_get_torn_messages_of_threads() {
    let name = Name::new();
    let (owner, other) = (create(&name), open(&name));
    let done = AtomicU32::new(0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0..2000 {
                let servers = 1 + number % 64;
                let values = vec![number as f32; servers * MSG_OUT_COLUMNS];
                assert_eq!(write_out(owner, &values, 1), 0);
            }
            done.store(1, Ordering::Release);
        });
        let mut message = vec![0; numbers::<MsgOut>()];
        let mut fresh = 0;
        while fresh == 0 || done.load(Ordering::Acquire) == 0 {
            if read_out(other, &mut message, 0) == 1 {
                let rows = &message[HEADER_NUMBERS..][..message[8] as usize * MSG_OUT_COLUMNS];
                assert!(rows.iter().all(|value| *value == rows[0]), "torn");
                fresh += 1;
            }
        }
    });
    close(other);
    close(owner);
}

#[test]
fn sequence_lock_tells_older_from_newer() {
    let sequence = super::atomics::AtomicU64::new(2 * 5 + 2);
    let slot = Slot { sequence: &sequence, words: &[] };
    assert_eq!(sequence_lock::read(slot, 5, |_| 1), Ok(1));
    assert_eq!(sequence_lock::read(slot, 6, |_| 1), Err(sequence_lock::Mismatch::Older));
    assert_eq!(sequence_lock::read(slot, 4, |_| 1), Err(sequence_lock::Mismatch::Newer));
    let overtaken = |_: &[super::atomics::AtomicU64]| sequence.store(2 * 8 + 1, Ordering::Relaxed);
    assert_eq!(sequence_lock::read(slot, 5, overtaken), Err(sequence_lock::Mismatch::Newer));
}
