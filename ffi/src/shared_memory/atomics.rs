//! Where the sequence lock takes its atomics from: the loom test puts a
//! module of its own in this one's place.

pub use std::hint::spin_loop;
pub use std::sync::atomic::{AtomicU64, Ordering, fence};
