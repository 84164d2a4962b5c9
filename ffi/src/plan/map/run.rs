//! Running maps, block by block.

#![allow(unsafe_code, reason = "operands lie in one arena, where references would alias")]

use super::access::{BLOCK, Block, gather, repeat, scatter, splat};
use super::decode::{Class, Load, Map, Reduction, Store};
use super::lanes::LANES;
use super::registers::{SLOT, SLOTS};
use crate::plan::opcodes::PLAN_MAX_RANK;
use crate::plan::threads::{Hand, Shift, share};

/// Memory as the cache has it: a line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([u32; LANES]);

/// Registers and totals, for any number of maps one after the other.
#[derive(Debug)]
pub struct Scratch {
    /// What the pointers are into.
    _lines: Vec<Line>,
    /// Where slots are: those of scratch memory first, which stay.
    pointers: [*mut u32; SLOTS],
    totals: Vec<u64>,
}

// SAFETY: the pointers are into `_lines`, or written anew in each run.
unsafe impl Send for Scratch {}

impl Scratch {
    /// Room for all of these maps.
    pub fn for_maps<'a>(maps: impl Iterator<Item = &'a Map>) -> Self {
        let (mut slots, mut totals) = (0, 0);
        for map in maps {
            slots = slots.max(map.scratch_slots);
            totals = totals.max(map.totals);
        }
        let mut lines = vec![Line([0; LANES]); slots * SLOT / LANES];
        let start: *mut u32 = lines.as_mut_ptr().cast();
        let mut pointers = [std::ptr::null_mut(); SLOTS];
        for (slot, pointer) in pointers.iter_mut().take(slots).enumerate() {
            *pointer = start.wrapping_add(slot * SLOT);
        }
        Self { _lines: lines, pointers, totals: vec![0; totals] }
    }

    #[inline(always)]
    fn pointer(&self, slot: u8) -> *mut u32 {
        self.pointers[slot as usize]
    }
}

/// Elements times ops from which on a helper who is awake pays.
const MIN_SHARED: usize = 200_000;
/// Elements that one thread takes at a time.
const PART: usize = 8 * BLOCK;

impl Map {
    /// Elements times ops that a helper may take a part of. Reductions are added
    /// up in one order, and stores must not meet.
    pub fn shared_work(&self) -> usize {
        let apart = self.reductions.is_empty() && self.stores.iter().all(|store| store.contiguous);
        let work = self.total().saturating_mul(self.ops.len());
        if apart && work >= MIN_SHARED { work } else { 0 }
    }

    /// Runs over all elements; a helper takes a part of many.
    ///
    /// # Safety
    ///
    /// As of [`Map::begin`], for each hand's scratch memory.
    pub unsafe fn run_all(&self, arena: *mut u32, hands: &mut [Scratch; 2], shift: Option<&Shift>) {
        let Some(shift) = shift.filter(|_| self.shared_work() > 0) else {
            let [scratch, _] = hands;
            // SAFETY: the caller's promise.
            unsafe { self.begin(arena, scratch) };
            // SAFETY: likewise.
            unsafe { self.run(0..self.total(), arena, scratch) };
            // SAFETY: likewise.
            return unsafe { self.finish(arena, scratch) };
        };
        for scratch in hands.iter_mut() {
            // SAFETY: likewise.
            unsafe { self.begin(arena, scratch) };
        }
        let length = PART.next_multiple_of(self.columns.min(PART));
        let hands = hands.as_mut_ptr();
        let part = |hand: Hand, index: usize| {
            // SAFETY: each hand has scratch memory of its own.
            let scratch = unsafe { &mut *hands.wrapping_add(hand as usize) };
            let part = index * length..((index + 1) * length).min(self.total());
            // SAFETY: likewise; without reductions, blocks have nothing in common.
            unsafe { self.run(part, arena, scratch) };
        };
        // SAFETY: likewise.
        unsafe { share(Some(shift), self.total().div_ceil(length), part, |_| {}) };
    }

    /// What comes before the first element: values that stay for all blocks,
    /// totals of nothing.
    ///
    /// # Safety
    ///
    /// The arena is as long as that which the map was decoded for, nobody else
    /// uses it meanwhile, and the scratch memory is for this map.
    pub unsafe fn begin(&self, arena: *mut u32, scratch: &mut Scratch) {
        for reduction in &self.reductions {
            let totals = &mut scratch.totals[reduction.start..][..reduction.count];
            totals.fill(reduction.kernels.start);
        }
        if self.total() == 0 {
            return;
        }
        let length = (self.block_rows.clamp(1, self.rows) * self.columns).min(BLOCK);
        let row = Block { start: 0, row: 0, rows: 1, column: 0, columns: self.columns };
        for (slot, bits) in &self.constants {
            // SAFETY: slots have room for a block.
            unsafe { splat(*bits, scratch.pointer(*slot), length) };
        }
        for load in self.loads.iter().filter(|load| load.class == Class::Repeated) {
            let spare = scratch.pointer(load.spare);
            // SAFETY: the caller's promise. There are such loads only where a
            // row fits into a block.
            unsafe { (load.fill)(&load.access, arena, row, spare) };
            // SAFETY: likewise.
            unsafe { repeat(spare, self.columns, length) };
        }
    }

    /// Runs over elements by their row-major index. Parts must come in order,
    /// and leave none out.
    ///
    /// # Safety
    ///
    /// As of [`Map::begin`], after it.
    pub unsafe fn run(&self, part: std::ops::Range<usize>, arena: *mut u32, scratch: &mut Scratch) {
        let columns = self.columns;
        let mut start = part.start;
        while start < part.end {
            let (row, column) =
                if self.rows == 1 { (0, start) } else { (start / columns, start % columns) };
            let left = part.end - start;
            let block = if column == 0 && self.block_rows > 0 && left >= columns {
                let rows = if left >= self.block_rows * columns {
                    self.block_rows
                } else {
                    left / columns
                };
                Block { start, row, rows, column, columns }
            } else {
                let mut length = left.min(columns - column).min(BLOCK);
                if length > LANES {
                    length -= length % LANES;
                }
                Block { start, row, rows: 1, column, columns: length }
            };
            // SAFETY: the caller's promise; the block lies in the map.
            unsafe { self.run_block(block, arena, scratch) };
            start += block.length();
        }
    }

    /// # Safety
    ///
    /// As of [`Map::run`].
    unsafe fn run_block(&self, block: Block, arena: *mut u32, scratch: &mut Scratch) {
        let length = block.length();
        // Ops run over whole vectors, beyond the end where there is no such.
        let ragged = !length.is_multiple_of(LANES);
        for load in &self.loads {
            // SAFETY: the caller's promise.
            let pointer = unsafe { load.prepare(block, ragged, arena, scratch) };
            if let Some(slot) = load.direct {
                scratch.pointers[slot as usize] = pointer;
            }
        }
        for store in &self.stores {
            if let Some(spare) = store.direct {
                let place = arena.wrapping_offset(store.access.first()).wrapping_add(block.start);
                scratch.pointers[store.slot as usize] =
                    if ragged { scratch.pointer(spare) } else { place };
            }
        }
        for op in &self.ops {
            let [a, b, c] = op.operands.map(|slot| scratch.pointer(slot));
            // SAFETY: slots are scratch memory with room for whole vectors, or
            // elements of the arena of which whole vectors are in the block.
            // Elements of one op are the same or do not overlap.
            unsafe { (op.kernel)(scratch.pointer(op.to), a, b, c, length) };
        }
        for store in &self.stores {
            // SAFETY: the caller's promise.
            unsafe { store.finish(block, ragged, arena, scratch) };
        }
        for reduction in &self.reductions {
            // SAFETY: likewise.
            unsafe { reduction.add(block, arena, scratch) };
        }
    }

    /// What comes after the last element: totals are stored.
    ///
    /// # Safety
    ///
    /// As of [`Map::begin`], after all parts.
    pub unsafe fn finish(&self, arena: *mut u32, scratch: &mut Scratch) {
        for reduction in self.reductions.iter().filter(|each| each.totals.is_some()) {
            let (dims, strides) = &reduction.kept;
            let mut place = reduction.access.first();
            let mut digits = [0; PLAN_MAX_RANK];
            for total in &scratch.totals[reduction.start..][..reduction.count] {
                let bits = (reduction.kernels.finish)(*total);
                // SAFETY: the caller's promise.
                unsafe { arena.wrapping_offset(place).write(bits) };
                for axis in (0..dims.len()).rev() {
                    digits[axis] += 1;
                    place += strides[axis] as isize;
                    if digits[axis] < dims[axis] {
                        break;
                    }
                    place -= strides[axis] as isize * dims[axis] as isize;
                    digits[axis] = 0;
                }
            }
        }
    }
}

impl Load {
    /// Where a block's elements are, copied where that must be.
    ///
    /// # Safety
    ///
    /// As of [`Map::run`].
    #[inline]
    unsafe fn prepare(
        &self,
        block: Block,
        ragged: bool,
        arena: *mut u32,
        scratch: &Scratch,
    ) -> *mut u32 {
        let spare = scratch.pointer(self.spare);
        let in_place = self.direct.is_some() && !ragged;
        match self.class {
            Class::Repeated => return spare.wrapping_add(block.column),
            Class::Contiguous if in_place => {
                return arena.wrapping_offset(self.access.first()).wrapping_add(block.start);
            }
            Class::Strided if in_place && block.rows == 1 && self.access.inner() == 1 => {
                return arena.wrapping_offset(self.access.at(block.row, block.column));
            }
            _ => {}
        }
        if self.class == Class::Contiguous {
            let from = arena.wrapping_offset(self.access.first()).wrapping_add(block.start);
            // SAFETY: the caller's promise; scratch memory is not in the arena.
            unsafe { gather(from, spare, block.length()) };
        } else {
            // SAFETY: likewise.
            unsafe { (self.fill)(&self.access, arena, block, spare) };
        }
        spare
    }
}

impl Store {
    /// Copies what was not computed in its place.
    ///
    /// # Safety
    ///
    /// As of [`Map::run`].
    #[inline]
    unsafe fn finish(&self, block: Block, ragged: bool, arena: *mut u32, scratch: &Scratch) {
        if self.direct.is_some() && !ragged {
            return;
        }
        let from = scratch.pointer(self.slot);
        if self.contiguous {
            let to = arena.wrapping_offset(self.access.first()).wrapping_add(block.start);
            // SAFETY: the caller's promise.
            unsafe { scatter(from, to, block.length()) };
        } else {
            // SAFETY: likewise.
            unsafe { self.access.store(arena, block, from) };
        }
    }
}

impl Reduction {
    /// # Safety
    ///
    /// As of [`Map::run`].
    unsafe fn add(&self, block: Block, arena: *mut u32, scratch: &mut Scratch) {
        let x = scratch.pointer(self.slot).cast_const();
        let Some(access) = &self.totals else {
            // SAFETY: the caller's promise.
            return unsafe { self.add_rows(block, arena, x, &mut scratch.totals[self.start]) };
        };
        let totals = scratch.totals.as_mut_ptr();
        let place = |row, column| totals.wrapping_offset(access.at(row, column));
        match (access.inner(), access.row_stride()) {
            // SAFETY: the caller's promise; the totals are there.
            (0, Some(0)) => unsafe {
                (self.kernels.all)(x, block.length(), place(0, 0));
            },
            // SAFETY: likewise.
            (0, _) => access.rows_of(block, |row, place| unsafe {
                let x = x.wrapping_add(row * block.columns);
                (self.kernels.all)(x, block.columns, totals.wrapping_offset(place));
            }),
            // SAFETY: likewise. Columns are neighbours among the totals.
            (_, Some(0)) => unsafe {
                (self.kernels.columns)(x, block.rows, block.columns, place(0, block.column));
            },
            // SAFETY: likewise.
            _ => access.rows_of(block, |row, place| unsafe {
                let x = x.wrapping_add(row * block.columns);
                (self.kernels.columns)(x, 1, block.columns, totals.wrapping_offset(place));
            }),
        }
    }

    /// # Safety
    ///
    /// As of [`Map::run`]; each row is an output, and `x` has the block.
    unsafe fn add_rows(&self, block: Block, arena: *mut u32, x: *const u32, total: &mut u64) {
        let columns = block.columns;
        let place = |row| arena.wrapping_offset(self.access.at(row, 0));
        if block.rows == 1 {
            if block.column == 0 {
                *total = self.kernels.start;
            }
            // SAFETY: the caller's promise.
            unsafe { (self.kernels.all)(x, columns, total) };
            // SAFETY: likewise.
            unsafe { place(block.row).write((self.kernels.finish)(*total)) };
        } else if let Some(stride) = self.access.row_stride() {
            // SAFETY: likewise.
            unsafe { (self.kernels.rows)(x, block.rows, columns, place(block.row), stride) };
        } else {
            // SAFETY: likewise.
            self.access.rows_of(block, |row, place| unsafe {
                let x = x.wrapping_add(row * columns);
                (self.kernels.rows)(x, 1, columns, arena.wrapping_offset(place), 0);
            });
        }
    }
}
