//! Regions: made, taken over, opened and unlinked.

use std::sync::atomic::Ordering;

use super::layout::{LAYOUT_VERSION, MAGIC, REGION_BYTES, Region};
use super::system::{Mapping, Role, SharedFile, monotonic_ns};
use crate::abi::Fault;

/// How often `create` begins anew after somebody unlinked its file meanwhile.
const ATTEMPTS: u32 = 16;

/// What was found in place of a region, for the message to the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The file's size in bytes.
    pub bytes: u64,
    /// The layout's version.
    pub layout_version: u32,
    /// The owner's process.
    pub owner_pid: u32,
}

/// A region that is open here.
pub struct OpenRegion {
    // Fields are dropped in order: the mapping before the locks.
    mapping: Mapping,
    file: SharedFile,
    is_owner: bool,
}

fn word32(bytes: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes([bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]])
}

/// Refuses a file that is not a region of this layout. It is read, not mapped:
/// nothing is known of its size.
fn check(file: &SharedFile, found: &mut Found) -> Result<(), Fault> {
    const BEGIN: usize = 32;
    let (bytes, count) = file.begin::<BEGIN>()?;
    found.bytes = file.size()?;
    if found.bytes == 0 {
        return Err(Fault::REGION_UNFINISHED);
    }
    if count < BEGIN {
        return Err(Fault::REGION_SIZE);
    }
    if bytes[..8] == [0; 8] {
        let right = found.bytes == REGION_BYTES as u64;
        return Err(if right { Fault::REGION_UNFINISHED } else { Fault::REGION_SIZE });
    }
    if bytes[..8] != MAGIC.to_le_bytes() {
        return Err(Fault::REGION_MAGIC);
    }
    found.layout_version = word32(&bytes, 8);
    found.owner_pid = word32(&bytes, 24);
    if found.layout_version != LAYOUT_VERSION {
        return Err(Fault::REGION_VERSION);
    }
    if found.bytes != REGION_BYTES as u64 || word32(&bytes, 12) != REGION_BYTES as u32 {
        return Err(Fault::REGION_SIZE);
    }
    Ok(())
}

/// Makes the memory a region of a new epoch. Messages and their numbers stay,
/// as others may be reading and writing them.
fn begin_epoch(region: &Region) {
    let header = &region.header;
    header.layout_version.store(LAYOUT_VERSION, Ordering::Relaxed);
    header.region_bytes.store(REGION_BYTES as u32, Ordering::Relaxed);
    header.owner_pid.store(std::process::id(), Ordering::Relaxed);
    let now = monotonic_ns();
    header.owner_heartbeat_ns.store(now, Ordering::Relaxed);
    header.epoch_began_ns.store(now, Ordering::Relaxed);
    let epoch = header.epoch.load(Ordering::Relaxed);
    header.epoch.store(epoch.wrapping_add(1), Ordering::Release);
    header.magic.store(MAGIC, Ordering::Release);
}

impl OpenRegion {
    /// Makes a region and owns it, or takes over one whose owner has died.
    pub fn create(name: &[u8], found: &mut Found) -> Result<OpenRegion, Fault> {
        for _ in 0..ATTEMPTS {
            let file = SharedFile::open(name, true)?;
            if !file.is_own()? {
                return Err(Fault::REGION_USER);
            }
            if !file.take(Role::Owner)? {
                // For the message; whether it is a region does not matter.
                let _ = check(&file, found);
                return Err(Fault::REGION_LIVE);
            }
            // Between opening and locking, somebody may have unlinked it.
            if file.is_unlinked()? {
                continue;
            }
            return Self::take_over(file, found);
        }
        Err(Fault::REGION_LIVE)
    }

    /// Makes a file whose owner's lock is held here into a region.
    fn take_over(file: SharedFile, found: &mut Found) -> Result<OpenRegion, Fault> {
        match check(&file, found) {
            Ok(()) | Err(Fault::REGION_UNFINISHED) => {}
            Err(fault) => return Err(fault),
        }
        file.close_to_others()?;
        if let Err(fault) = file.allocate() {
            if found.bytes == 0 {
                file.unlink()?;
            }
            return Err(fault);
        }
        let mapping = file.map()?;
        begin_epoch(mapping.region());
        Ok(OpenRegion { mapping, file, is_owner: true })
    }

    /// Opens a region that somebody made.
    pub fn open(name: &[u8], found: &mut Found) -> Result<OpenRegion, Fault> {
        let file = SharedFile::open(name, false)?;
        check(&file, found)?;
        let mapping = file.map()?;
        // What was read above must be seen by this thread in memory, too.
        if mapping.region().header.magic.load(Ordering::Acquire) != MAGIC {
            return Err(Fault::REGION_MAGIC);
        }
        Ok(OpenRegion { mapping, file, is_owner: false })
    }

    /// The memory.
    pub fn memory(&self) -> &Region {
        self.mapping.region()
    }

    /// Whether this owns the region.
    pub fn is_owner(&self) -> bool {
        self.is_owner
    }

    /// Whether somebody owns the region, here or elsewhere.
    pub fn is_owned(&self) -> Result<bool, Fault> {
        Ok(self.is_owner || self.file.is_taken(Role::Owner)?)
    }

    /// Whether somebody else writes a direction.
    pub fn is_written_elsewhere(&self, role: Role) -> Result<bool, Fault> {
        self.file.is_taken(role)
    }

    /// Takes the right to write a direction, until the region is closed here.
    pub fn take_writer(&self, role: Role) -> Result<(), Fault> {
        if self.file.take(role)? { Ok(()) } else { Err(Fault::REGION_WRITER) }
    }

    /// Whether the region has lost its name.
    pub fn is_unlinked(&self) -> Result<bool, Fault> {
        self.file.is_unlinked()
    }

    /// Takes the region's name away, unless that was done, or the name was
    /// given to another region, or another owns it.
    pub fn unlink(&self) -> Result<(), Fault> {
        if self.file.is_unlinked()? {
            return Ok(());
        }
        // The lock is taken even where it is kept already: it holds others off.
        if !self.is_owner && !self.file.take(Role::Owner)? {
            return Err(Fault::REGION_LIVE);
        }
        self.file.unlink()
    }
}

/// Takes a name away whose owner, if there is one, has died: also that of a
/// file which is no region.
pub fn unlink(name: &[u8], found: &mut Found) -> Result<(), Fault> {
    let file = SharedFile::open(name, false)?;
    if !file.take(Role::Owner)? {
        let _ = check(&file, found);
        return Err(Fault::REGION_LIVE);
    }
    // Whoever unlinked it meanwhile may have made a new one of the same name.
    if file.is_unlinked()? {
        return Ok(());
    }
    file.unlink()
}
