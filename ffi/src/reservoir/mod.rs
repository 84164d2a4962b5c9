//! Reservoirs: samples of a stream, in memory that TypeScript owns.
//!
//! TypeScript offers items one at a time; here are whole batches and features.
//! Both sides make the same draws in the same order.

mod arithmetic;
mod biased;
pub mod features;
pub mod layout;
mod network;
pub mod random;
mod select;
mod uniform;
pub mod update;
mod weighted;
