//! What TypeScript calls. A handle is an index and a count of its uses, so
//! that one which is closed is known, and no address crosses the boundary.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, TryLockError};

use super::alias_table::alias_table;
use super::layout::{Direction, MAX_SERVERS, MSG_IN_COLUMNS, MSG_OUT_COLUMNS};
use super::messages::{self, Channel, MsgIn, MsgOut, ReaderState};
use super::region::{self, Found, OpenRegion};
use super::system::{Role, monotonic_ns};
use crate::abi::{Fault, Outcome};
use crate::export;

const HANDLES: usize = 256;
const USES: u32 = 1 << 22;

/// A region with what this handle remembers and may do.
struct Session {
    region: OpenRegion,
    msg_out: ReaderState,
    msg_in: ReaderState,
    writes_msg_out: bool,
    writes_msg_in: bool,
}

struct Entry {
    uses: u32,
    session: Option<Session>,
}

static TABLE: [Mutex<Entry>; HANDLES] =
    [const { Mutex::new(Entry { uses: 0, session: None }) }; HANDLES];

/// Never waits: nobody but the handle's only user has its entry.
fn lock(entry: &'static Mutex<Entry>) -> Option<MutexGuard<'static, Entry>> {
    match entry.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

fn entry_of(handle: u32) -> Result<MutexGuard<'static, Entry>, Fault> {
    let index = handle as usize % HANDLES;
    match lock(&TABLE[index]) {
        Some(entry) if entry.uses == handle / HANDLES as u32 => Ok(entry),
        _ => Err(Fault::HANDLE),
    }
}

fn with_session<T>(
    handle: u32,
    body: impl FnOnce(&mut Session) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut entry = entry_of(handle)?;
    body(entry.session.as_mut().ok_or(Fault::HANDLE)?)
}

fn give_handle(region: OpenRegion) -> Outcome {
    let state = ReaderState::begin(region.memory());
    let session = Session {
        region,
        msg_out: state,
        msg_in: state,
        writes_msg_out: false,
        writes_msg_in: false,
    };
    for (index, entry) in TABLE.iter().enumerate() {
        let Some(mut entry) = lock(entry).filter(|entry| entry.session.is_none()) else {
            continue;
        };
        entry.session = Some(session);
        // Never 0, so that no handle is.
        entry.uses = entry.uses % (USES - 1) + 1;
        return Ok(entry.uses * HANDLES as u32 + index as u32);
    }
    Err(Fault::REGION_HANDLES)
}

fn report(found: Found, details: &mut [f64]) {
    details[0] = found.bytes as f64;
    details[1] = f64::from(found.layout_version);
    details[2] = f64::from(found.owner_pid);
}

fn with_details<T>(
    details: &mut [f64],
    body: impl FnOnce(&mut Found) -> Result<T, Fault>,
) -> Result<T, Fault> {
    if details.len() != 3 {
        return Err(Fault::LENGTH);
    }
    let mut found = Found::default();
    let result = body(&mut found);
    report(found, details);
    result
}

export! {
    /// Makes a region and owns it, or takes over that of a dead owner; a
    /// handle. `details` tell what was found: bytes, layout version, owner.
    fn loadstar_shared_memory_create(name: &[u8], details: &mut [f64]) {
        give_handle(with_details(details, |found| OpenRegion::create(name, found))?)
    }
}

export! {
    /// Opens a region; a handle. `details` as for a new one.
    fn loadstar_shared_memory_open(name: &[u8], details: &mut [f64]) {
        give_handle(with_details(details, |found| OpenRegion::open(name, found))?)
    }
}

export! {
    /// Takes a name away, unless its owner lives. `details` as for a new one.
    fn loadstar_shared_memory_unlink(name: &[u8], details: &mut [f64]) {
        with_details(details, |found| region::unlink(name, found))?;
        Ok(0)
    }
}

export! {
    /// Takes an open region's name away.
    fn loadstar_shared_memory_unlink_open(handle: u32) {
        with_session(handle, |session| session.region.unlink())?;
        Ok(0)
    }
}

export! {
    /// Ends the use of a region, and with it all that this handle owns there.
    fn loadstar_shared_memory_close(handle: u32) {
        let session = entry_of(handle)?.session.take();
        session.map(|_| 0).ok_or(Fault::HANDLE)
    }
}

/// Where a message is to be copied to.
fn message_at<C: Channel>(buffer: &mut [u32], offset: u32) -> Result<&mut [u32], Fault> {
    buffer
        .get_mut(offset as usize..)
        .and_then(|rest| rest.get_mut(..messages::numbers::<C>()))
        .ok_or(Fault::LENGTH)
}

export! {
    /// Looks for a message of the data plane: 0 stale, 1 fresh, 2 lapped,
    /// 3 restarted without a message, 4 restarted with one. Header and rows
    /// begin at `offset` in the buffer.
    fn loadstar_shared_memory_read_msg_out(handle: u32, buffer: &mut [u32], offset: u32) {
        let message = message_at::<MsgOut>(buffer, offset)?;
        with_session(handle, |session| {
            let region = session.region.memory();
            Ok(messages::read::<MsgOut>(region, &mut session.msg_out, message)? as u32)
        })
    }
}

export! {
    /// Looks for a message of the control plane: results as for the other.
    fn loadstar_shared_memory_read_msg_in(handle: u32, buffer: &mut [u32], offset: u32) {
        let message = message_at::<MsgIn>(buffer, offset)?;
        with_session(handle, |session| {
            let region = session.region.memory();
            Ok(messages::read::<MsgIn>(region, &mut session.msg_in, message)? as u32)
        })
    }
}

fn begin_writing<C: Channel>(session: &mut Session) -> Result<(), Fault> {
    session.region.take_writer(C::WRITER)?;
    let direction = C::direction(session.region.memory());
    direction.writer_pid.store(std::process::id(), Ordering::Relaxed);
    Ok(())
}

export! {
    /// Writes statistics of servers, row by row, as the data plane does. Bits
    /// of active servers are given by halves.
    fn loadstar_shared_memory_write_msg_out(handle: u32, statistics: &[f32], active_low: u32, active_high: u32) {
        let servers = statistics.len() / MSG_OUT_COLUMNS;
        if servers == 0 || servers > MAX_SERVERS || statistics.len() % MSG_OUT_COLUMNS != 0 {
            return Err(Fault::LENGTH);
        }
        let active = u64::from(active_low) | u64::from(active_high) << 32;
        let known = u64::MAX >> (MAX_SERVERS - servers);
        // One pass without branches: it is done at every write.
        let all_finite = statistics.iter().fold(true, |all, value| all & value.is_finite());
        if active & !known != 0 || !all_finite {
            return Err(Fault::ARGUMENT);
        }
        with_session(handle, |session| {
            if !session.writes_msg_out {
                begin_writing::<MsgOut>(session)?;
                session.writes_msg_out = true;
            }
            messages::write::<MsgOut>(session.region.memory(), active, statistics)
        })?;
        Ok(0)
    }
}

export! {
    /// Writes weights with their alias table, as the control plane does.
    fn loadstar_shared_memory_write_msg_in(handle: u32, weights: &[f32]) {
        if weights.is_empty() || weights.len() > MAX_SERVERS {
            return Err(Fault::LENGTH);
        }
        let table = alias_table(weights).ok_or(Fault::ARGUMENT)?;
        let mut rows = [0; MSG_IN_COLUMNS * MAX_SERVERS];
        let mut active = 0;
        for (server, (weight, entry)) in weights.iter().zip(table).enumerate() {
            active |= u64::from(*weight > 0.0) << server;
            rows[MSG_IN_COLUMNS * server..][..MSG_IN_COLUMNS]
                .copy_from_slice(&[weight.to_bits(), entry.odds.to_bits(), entry.alias]);
        }
        with_session(handle, |session| {
            if !session.writes_msg_in {
                begin_writing::<MsgIn>(session)?;
                session.writes_msg_in = true;
            }
            let values = &rows[..MSG_IN_COLUMNS * weights.len()];
            messages::write::<MsgIn>(session.region.memory(), active, values)
        })?;
        Ok(0)
    }
}

export! {
    /// Gives a sign of life for all that this handle owns or writes.
    fn loadstar_shared_memory_beat(handle: u32) {
        with_session(handle, |session| {
            let memory = session.region.memory();
            let now = monotonic_ns();
            if session.region.is_owner() {
                memory.header.owner_heartbeat_ns.store(now, Ordering::Relaxed);
            }
            if session.writes_msg_out {
                memory.msg_out.heartbeat_ns.store(now, Ordering::Relaxed);
            }
            if session.writes_msg_in {
                memory.msg_in.heartbeat_ns.store(now, Ordering::Relaxed);
            }
            Ok(0)
        })
    }
}

/// Nanoseconds since a sign of life; -1 where there was none.
fn age(now: u64, heartbeat: u64) -> f64 {
    // Another process may have written one after `now` was taken.
    if heartbeat == 0 { -1.0 } else { now.saturating_sub(heartbeat) as f64 }
}

fn writer_lives(session: &Session, own: bool, role: Role) -> Result<f64, Fault> {
    Ok(f64::from(own || session.region.is_written_elsewhere(role)?))
}

export! {
    /// Tells of a region: epoch, whether owned, owned here, written (msg_out,
    /// msg_in), unlinked; processes of owner and writers; ages of their signs
    /// of life in nanoseconds, -1 for none.
    fn loadstar_shared_memory_status(handle: u32, status: &mut [f64]) {
        if status.len() != 12 {
            return Err(Fault::LENGTH);
        }
        with_session(handle, |session| {
            let region = &session.region;
            let memory = region.memory();
            let now = monotonic_ns();
            let pid = |direction: &Direction| direction.writer_pid.load(Ordering::Relaxed);
            let heartbeat = |direction: &Direction| direction.heartbeat_ns.load(Ordering::Relaxed);
            status.copy_from_slice(&[
                memory.header.epoch.load(Ordering::Acquire) as f64,
                f64::from(region.is_owned()?),
                f64::from(region.is_owner()),
                writer_lives(session, session.writes_msg_out, Role::MsgOutWriter)?,
                writer_lives(session, session.writes_msg_in, Role::MsgInWriter)?,
                f64::from(region.is_unlinked()?),
                f64::from(memory.header.owner_pid.load(Ordering::Relaxed)),
                f64::from(pid(&memory.msg_out)),
                f64::from(pid(&memory.msg_in)),
                age(now, memory.header.owner_heartbeat_ns.load(Ordering::Relaxed)),
                age(now, heartbeat(&memory.msg_out)),
                age(now, heartbeat(&memory.msg_in)),
            ]);
            Ok(0)
        })
    }
}
