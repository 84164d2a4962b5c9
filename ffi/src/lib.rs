//! The native part of Loadstar: reservoir sampling over batches, features of
//! reservoirs, shared memory, compiled training steps, and synapses that learn.
//!
//! Everything that crosses the boundary goes through [`export!`], which makes
//! slices of TypeScript's buffers, catches panics and turns results into one
//! number. `tools/write_symbols.ts` reads the same text and writes the
//! TypeScript side.

pub mod abi;
mod abi_version;
pub mod plan;
pub mod plasticity;
pub mod reservoir;
pub mod shared_memory;
pub mod simd;
