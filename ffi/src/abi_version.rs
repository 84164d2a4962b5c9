//! Written by `tools/write_symbols.ts`: not to be edited.

/// A digest of all that crosses the boundary.
pub const ABI_VERSION: u32 = 0x25dcb9ac;
