//! Plans: compiled training steps that run over one arena.

pub mod opcodes;
pub mod product;
mod table;
