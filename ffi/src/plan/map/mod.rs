//! Maps: what is computed element by element, block by block.
//!
//! The iteration space is flat; loads and stores alone know its dimensions.
//! A register is [`BLOCK`] elements of scratch memory, or the arena itself
//! where elements lie there one after another. Each op is a loop of its own
//! over a block (`lanes.rs`), compiled for every instruction set and chosen
//! when the plan is made.

mod access;
mod decode;
mod fold_kinds;
mod folds;
#[cfg(test)]
mod known_tests;
mod lanes;
#[cfg(test)]
mod op_tests;
mod ops;
mod registers;
mod run;
mod scalars;
#[cfg(test)]
mod tests;

pub use access::BLOCK;
pub use decode::{Class, Map, decode};
pub use run::Scratch;
