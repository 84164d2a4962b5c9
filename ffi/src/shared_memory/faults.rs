//! Why a region could not be had.

use crate::abi::Fault;

impl Fault {
    /// RangeError: a name has 1 to 250 letters, digits, dots, hyphens or
    /// underscores, no slashes, and does not begin with a dot.
    pub const REGION_NAME: Fault = Fault(-20);
    /// Error: its owner lives, expected a new name, or the owner to close it.
    pub const REGION_LIVE: Fault = Fault(-21);
    /// Error: it has not the size of a region, expected one that this version
    /// made; unlink it if nobody needs it.
    pub const REGION_SIZE: Fault = Fault(-22);
    /// Error: it does not begin as a region does, expected one that Loadstar
    /// made; unlink it if nobody needs it.
    pub const REGION_MAGIC: Fault = Fault(-23);
    /// Error: it has another layout, expected this version's; unlink it if
    /// nobody needs it.
    pub const REGION_VERSION: Fault = Fault(-24);
    /// Error: its owner has not finished making it, expected to be asked again
    /// when that is done.
    pub const REGION_UNFINISHED: Fault = Fault(-25);
    /// Error: it belongs to another user, expected a name that is free.
    pub const REGION_USER: Fault = Fault(-26);
    /// Error: another writes this direction, expected one writer for each.
    pub const REGION_WRITER: Fault = Fault(-27);
    /// Error: what the region holds cannot be what a writer wrote, expected
    /// the region to be unlinked and made again.
    pub const REGION_DAMAGED: Fault = Fault(-28);
    /// RangeError: too many regions are open, expected 256 at most.
    pub const REGION_HANDLES: Fault = Fault(-29);
    /// Error: this system has no shared memory with locks that die with their
    /// process, expected Linux.
    pub const REGION_SYSTEM: Fault = Fault(-30);
}
