//! Plans: compiled training steps that run over one arena.

pub mod product;
