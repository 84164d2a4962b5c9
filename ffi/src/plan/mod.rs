//! Plans: compiled training steps that run over one arena.
//!
//! A plan is a list of `u32` words (`opcodes.rs` has their values): magic,
//! version, words of the arena, how many instructions; then the instructions,
//! each its opcode, its length with these two, and what follows. Offsets,
//! lengths and strides count words of the arena; strides have a sign. Elements
//! are `f32` or `i32`.
//!
//! - A map: `rank, loads, constants, ops, stores, registers`, each a count;
//!   `dims`; loads `register, kind, offset, strides`; constants `register,
//!   bits`; ops `op, destination, a, b, c`; stores as loads. A reduction is a
//!   store: dimensions of stride 0 are reduced. A store may have the very place
//!   of a load.
//! - A product: `flags, batch, m, n, k`, then `offset, batch, row, column` of A
//!   and B, and `offset, batch, row` of C. With `PRODUCT_EPILOGUE` the next
//!   instruction is a map over C's elements, row-major, and runs over rows as
//!   they are done.
//! - A gather: `outer, count, inner, axis, source, indices, steps of indices,
//!   destination`; a scatter: `count, inner, segments, source, indices,
//!   destination`.
//! - An argument: `kind, type, outer, length, inner, source, destination`; a
//!   scan: `kind, type, exclusive, reverse, outer, length, source, destination`.
//!
//! `decode` proves once that all of it lies in the arena, so that a run checks
//! nothing but the arena's length and gathered indices. What a program computes
//! is the same on all instruction sets but for products.

mod checks;
mod decode;
mod hands;
mod map;
pub mod math;
mod moves;
pub mod opcodes;
pub mod product;
mod run;
mod table;
#[cfg(test)]
mod testing;
mod threads;
mod words;
