//! Instructions that move elements by index, look for one, or run along an
//! axis.

#![allow(unsafe_code, reason = "elements lie in one arena, where references would alias")]

use super::checks::Floats;
use super::opcodes::*;
use super::words::{Decoded, Words, demand_apart, place, volume};
use crate::abi::Fault;

/// destination[o, c, i] = source[o, indices[o stride + c], i].
pub struct Gather {
    outer: usize,
    count: usize,
    inner: usize,
    axis: usize,
    source: usize,
    indices: usize,
    indices_stride: usize,
    destination: usize,
}

/// destination[indices[c], i] += source[c, i], from 0.
pub struct ScatterAdd {
    count: usize,
    inner: usize,
    segments: usize,
    source: usize,
    indices: usize,
    destination: usize,
}

/// destination[o, i] = the first place of an extreme of source[o, ..., i].
pub struct Arg {
    largest: bool,
    float: bool,
    outer: usize,
    length: usize,
    inner: usize,
    source: usize,
    destination: usize,
}

/// Sums or products along rows.
pub struct Scan {
    product: bool,
    float: bool,
    exclusive: bool,
    reverse: bool,
    outer: usize,
    length: usize,
    source: usize,
    destination: usize,
}

fn flag(words: &mut Words) -> Decoded<bool> {
    Ok(words.at_most(1)? == 1)
}

/// Reads an element.
///
/// # Safety
///
/// It is in the arena.
#[inline(always)]
unsafe fn get(arena: *const u32, at: usize) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { arena.wrapping_add(at).read() }
}

/// Writes an element.
///
/// # Safety
///
/// It is in the arena.
#[inline(always)]
unsafe fn put(arena: *mut u32, at: usize, bits: u32) {
    // SAFETY: the caller's promise.
    unsafe { arena.wrapping_add(at).write(bits) };
}

impl Gather {
    /// From words.
    pub fn decode(words: &mut Words, arena: usize) -> Decoded<Self> {
        let outer = words.length()?;
        let count = words.length()?;
        let inner = words.length()?;
        let axis = words.length()?;
        let (source, indices) = (words.length()?, words.length()?);
        let (indices_stride, destination) = (words.length()?, words.length()?);
        words.end()?;
        let picked = volume(&[outer, count, inner])?;
        let all = volume(&[outer, axis, inner])?;
        let read = place(source as i64, &[all], &[1], arena)?;
        let steps = [indices_stride as i64, 1];
        let chosen = place(indices as i64, &[outer, count], &steps, arena)?;
        let written = place(destination as i64, &[picked], &[1], arena)?;
        demand_apart(read, written)?;
        demand_apart(chosen, written)?;
        Ok(Self { outer, count, inner, axis, source, indices, indices_stride, destination })
    }

    /// Runs it.
    ///
    /// # Safety
    ///
    /// The arena is that which it was decoded for, and nobody else uses it.
    pub unsafe fn run(&self, arena: *mut u32) -> Result<(), Fault> {
        let Self { inner, axis, .. } = *self;
        let mut to = self.destination;
        for outer in 0..self.outer {
            let source = self.source + outer * axis * inner;
            let indices = self.indices + outer * self.indices_stride;
            for c in 0..self.count {
                // SAFETY: the caller's promise.
                let index = unsafe { get(arena, indices + c) } as usize;
                if index >= axis {
                    // Negative ones are above all lengths.
                    return Err(Fault::PLAN_INDEX);
                }
                let from = source + index * inner;
                if inner == 1 {
                    // SAFETY: likewise.
                    let bits = unsafe { get(arena, from) };
                    // SAFETY: likewise.
                    unsafe { put(arena, to, bits) };
                } else {
                    let from = arena.wrapping_add(from);
                    // SAFETY: likewise.
                    unsafe { std::ptr::copy(from, arena.wrapping_add(to), inner) };
                }
                to += inner;
            }
        }
        Ok(())
    }
}

impl ScatterAdd {
    /// From words.
    pub fn decode(words: &mut Words, arena: usize) -> Decoded<Self> {
        let count = words.length()?;
        let inner = words.length()?;
        let segments = words.length()?;
        let (source, indices) = (words.length()?, words.length()?);
        let destination = words.length()?;
        words.end()?;
        let read = place(source as i64, &[volume(&[count, inner])?], &[1], arena)?;
        let chosen = place(indices as i64, &[count], &[1], arena)?;
        let written = place(destination as i64, &[volume(&[segments, inner])?], &[1], arena)?;
        demand_apart(read, written)?;
        demand_apart(chosen, written)?;
        Ok(Self { count, inner, segments, source, indices, destination })
    }

    /// The floats that it stores.
    pub fn floats(&self) -> Floats {
        Floats::new(self.destination as i64, &[self.segments * self.inner], &[1])
    }

    /// Runs it.
    ///
    /// # Safety
    ///
    /// As of [`Gather::run`].
    pub unsafe fn run(&self, arena: *mut u32) {
        let Self { inner, segments, .. } = *self;
        let start = arena.wrapping_add(self.destination);
        // SAFETY: the caller's promise; all bits 0 make 0.
        unsafe { start.write_bytes(0, segments * inner) };
        for c in 0..self.count {
            // SAFETY: likewise.
            let index = unsafe { get(arena, self.indices + c) } as usize;
            if index >= segments {
                continue;
            }
            let (from, to) = (self.source + c * inner, self.destination + index * inner);
            for i in 0..inner {
                // SAFETY: likewise.
                let added = f32::from_bits(unsafe { get(arena, from + i) });
                // SAFETY: likewise.
                let before = f32::from_bits(unsafe { get(arena, to + i) });
                // SAFETY: likewise.
                unsafe { put(arena, to + i, (before + added).to_bits()) };
            }
        }
    }
}

impl Arg {
    /// From words.
    pub fn decode(words: &mut Words, arena: usize) -> Decoded<Self> {
        let largest = words.at_most(1)? == ARG_MAX as usize;
        let float = words.at_most(1)? == DTYPE_F32 as usize;
        let outer = words.length()?;
        let length = words.length()?;
        let inner = words.length()?;
        let (source, destination) = (words.length()?, words.length()?);
        words.end()?;
        let read = place(source as i64, &[volume(&[outer, length, inner])?], &[1], arena)?;
        let written = place(destination as i64, &[volume(&[outer, inner])?], &[1], arena)?;
        demand_apart(read, written)?;
        Ok(Self { largest, float, outer, length, inner, source, destination })
    }

    /// Runs it.
    ///
    /// # Safety
    ///
    /// As of [`Gather::run`].
    pub unsafe fn run(&self, arena: *mut u32) {
        match (self.float, self.largest) {
            // SAFETY: the caller's promise.
            (true, true) => unsafe { self.find(arena, f32::from_bits, |a, b| a > b) },
            // SAFETY: likewise.
            (true, false) => unsafe { self.find(arena, f32::from_bits, |a, b| a < b) },
            // SAFETY: likewise.
            (false, true) => unsafe { self.find(arena, |bits| bits as i32, |a, b| a > b) },
            // SAFETY: likewise.
            (false, false) => unsafe { self.find(arena, |bits| bits as i32, |a, b| a < b) },
        }
    }

    /// # Safety
    ///
    /// As of [`Gather::run`].
    #[inline(always)]
    unsafe fn find<T: Copy>(
        &self,
        arena: *mut u32,
        lift: impl Fn(u32) -> T,
        better: impl Fn(T, T) -> bool,
    ) {
        let Self { length, inner, .. } = *self;
        for outer in 0..self.outer {
            for i in 0..inner {
                let start = self.source + outer * length * inner + i;
                let mut found = 0;
                if length > 0 {
                    // SAFETY: the caller's promise.
                    let mut best = lift(unsafe { get(arena, start) });
                    for j in 1..length {
                        // SAFETY: likewise.
                        let next = lift(unsafe { get(arena, start + j * inner) });
                        let is_better = better(next, best);
                        best = if is_better { next } else { best };
                        found = if is_better { j } else { found };
                    }
                }
                // SAFETY: likewise.
                unsafe { put(arena, self.destination + outer * inner + i, found as u32) };
            }
        }
    }
}

impl Scan {
    /// From words.
    pub fn decode(words: &mut Words, arena: usize) -> Decoded<Self> {
        let product = words.at_most(1)? == SCAN_PRODUCT as usize;
        let float = words.at_most(1)? == DTYPE_F32 as usize;
        let (exclusive, reverse) = (flag(words)?, flag(words)?);
        let outer = words.length()?;
        let length = words.length()?;
        let (source, destination) = (words.length()?, words.length()?);
        words.end()?;
        let all = [volume(&[outer, length])?];
        let read = place(source as i64, &all, &[1], arena)?;
        let written = place(destination as i64, &all, &[1], arena)?;
        if source != destination {
            demand_apart(read, written)?;
        }
        Ok(Self { product, float, exclusive, reverse, outer, length, source, destination })
    }

    /// The floats that it stores.
    pub fn floats(&self) -> Option<Floats> {
        let all = self.outer * self.length;
        self.float.then(|| Floats::new(self.destination as i64, &[all], &[1]))
    }

    /// Runs it.
    ///
    /// # Safety
    ///
    /// As of [`Gather::run`].
    pub unsafe fn run(&self, arena: *mut u32) {
        let float =
            |f: fn(f32, f32) -> f32| move |a, b| f(f32::from_bits(a), f32::from_bits(b)).to_bits();
        match (self.float, self.product) {
            // SAFETY: the caller's promise.
            (true, false) => unsafe { self.scan(arena, 0, float(|a, b| a + b)) },
            // SAFETY: likewise.
            (true, true) => unsafe { self.scan(arena, 1f32.to_bits(), float(|a, b| a * b)) },
            // SAFETY: likewise.
            (false, false) => unsafe { self.scan(arena, 0, u32::wrapping_add) },
            // SAFETY: likewise.
            (false, true) => unsafe { self.scan(arena, 1, u32::wrapping_mul) },
        }
    }

    /// # Safety
    ///
    /// As of [`Gather::run`].
    #[inline(always)]
    unsafe fn scan(&self, arena: *mut u32, first: u32, combine: impl Fn(u32, u32) -> u32) {
        for row in 0..self.outer {
            let mut before = first;
            for j in 0..self.length {
                let place = if self.reverse { self.length - 1 - j } else { j };
                let at = row * self.length + place;
                // SAFETY: the caller's promise.
                let next = unsafe { get(arena, self.source + at) };
                // The first stays as it is: -0 would not, after 0.
                let so_far = if j == 0 && !self.exclusive { next } else { combine(next, before) };
                // SAFETY: likewise.
                let stored = if self.exclusive { before } else { so_far };
                // SAFETY: likewise.
                unsafe { put(arena, self.destination + at, stored) };
                before = so_far;
            }
        }
    }
}
