//! Plans: compiled training steps that run over one arena.

mod checks;
mod decode;
mod map;
pub mod math;
mod moves;
pub mod opcodes;
pub mod product;
mod run;
mod table;
#[cfg(test)]
mod testing;
mod words;
