//! Memory shared with another process: one region, two directions, no locks
//! that anybody waits for. `docs/shared_memory.md` has the protocol.

mod alias_table;
mod atomics;
mod exports;
mod faults;
pub mod layout;
mod messages;
mod region;
pub mod sequence_lock;
#[cfg(target_os = "linux")]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "system_elsewhere.rs"]
mod system;
#[cfg(all(test, target_os = "linux"))]
mod tests;
