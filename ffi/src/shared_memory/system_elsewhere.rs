//! What stands for `system.rs` where locks do not die with their process, or
//! shared memory cannot be locked: nothing can be opened.

use super::layout::Region;
use crate::abi::Fault;

/// As in `system.rs`.
#[derive(Clone, Copy)]
pub enum Role {
    /// Owns the region.
    Owner,
    /// Writes msg_out.
    MsgOutWriter,
    /// Writes msg_in.
    MsgInWriter,
}

enum Never {}

/// As in `system.rs`; there is none.
pub struct SharedFile(Never);

/// As in `system.rs`; there is none.
pub struct Mapping(Never);

/// As in `system.rs`.
pub fn monotonic_ns() -> u64 {
    0
}

impl SharedFile {
    /// As in `system.rs`.
    pub fn open(_name: &[u8], _create: bool) -> Result<SharedFile, Fault> {
        Err(Fault::REGION_SYSTEM)
    }
    /// As in `system.rs`.
    pub fn size(&self) -> Result<u64, Fault> {
        match self.0 {}
    }
    /// As in `system.rs`.
    pub fn is_own(&self) -> Result<bool, Fault> {
        match self.0 {}
    }
    /// As in `system.rs`.
    pub fn is_unlinked(&self) -> Result<bool, Fault> {
        match self.0 {}
    }
    /// As in `system.rs`.
    pub fn begin<const N: usize>(&self) -> Result<([u8; N], usize), Fault> {
        match self.0 {}
    }
    /// As in `system.rs`.
    pub fn allocate(&self) -> Result<(), Fault> {
        match self.0 {}
    }
    /// As in `system.rs`.
    pub fn close_to_others(&self) -> Result<(), Fault> {
        match self.0 {}
    }
    /// As in `system.rs`.
    pub fn take(&self, _role: Role) -> Result<bool, Fault> {
        match self.0 {}
    }
    /// As in `system.rs`.
    pub fn is_taken(&self, _role: Role) -> Result<bool, Fault> {
        match self.0 {}
    }
    /// As in `system.rs`.
    pub fn unlink(&self) -> Result<(), Fault> {
        match self.0 {}
    }
    /// As in `system.rs`.
    pub fn map(&self) -> Result<Mapping, Fault> {
        match self.0 {}
    }
}

impl Mapping {
    /// As in `system.rs`.
    pub fn region(&self) -> &Region {
        match self.0 {}
    }
}
