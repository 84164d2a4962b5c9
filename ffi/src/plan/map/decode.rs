//! Words of a map, checked and made into what runs.

use super::access::{Access, BLOCK, Loader, counter, loader};
use super::folds::{FoldKernels, fold_kernels};
use super::lanes::{Kernel, LANES};
use super::registers::{Definition, Registers, Stored};
use crate::abi::Fault;
use crate::plan::checks::Floats;
use crate::plan::opcodes::*;
use crate::plan::words::{Decoded, Footprint, Words, demand, place, volume};
use crate::simd::InstructionSet;

/// Most outputs of reductions that cannot be finished row by row: they have
/// totals in scratch memory.
const MAX_TOTALS: usize = 1 << 24;
/// Most loads, and most stores.
const MAX_ACCESSES: usize = 64;

/// Elements that a register is loaded with.
#[derive(Clone, Debug)]
pub struct Load {
    pub access: Access,
    pub class: Class,
    /// Copies elements, or makes them.
    pub fill: Loader,
    /// The slot that points into the arena, where there is one.
    pub direct: Option<u8>,
    /// The slot of scratch memory.
    pub spare: u8,
}

/// What a load is, seen as rows of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Elements one after another.
    Contiguous,
    /// The same in every row: loaded once.
    Repeated,
    /// Any other.
    Strided,
}

/// An op between slots.
pub struct Op {
    pub kernel: Kernel,
    pub to: u8,
    pub operands: [u8; 3],
}

/// A plain store.
#[derive(Clone, Debug)]
pub struct Store {
    pub access: Access,
    pub contiguous: bool,
    /// What is stored.
    pub slot: u8,
    /// Where `slot` points into the arena: the slot of scratch memory that
    /// takes its place where a block cannot be computed there.
    pub direct: Option<u8>,
}

/// A store that reduces.
pub struct Reduction {
    pub slot: u8,
    pub kernels: FoldKernels,
    pub access: Access,
    /// The first total.
    pub start: usize,
    /// How many totals there are.
    pub count: usize,
    /// Places of totals, where rows do not become outputs one by one.
    pub totals: Option<Access>,
    /// Dimensions that are kept, and their steps in the arena.
    pub kept: (Vec<usize>, Vec<i64>),
}

/// A map, ready to run.
pub struct Map {
    pub rows: usize,
    pub columns: usize,
    /// Whole rows of a block; 0 where not even one fits into it.
    pub block_rows: usize,
    pub loads: Vec<Load>,
    pub constants: Vec<(u8, u32)>,
    pub ops: Vec<Op>,
    pub stores: Vec<Store>,
    pub reductions: Vec<Reduction>,
    pub scratch_slots: usize,
    pub direct_slots: usize,
    pub totals: usize,
    /// What is read and written, for checks between instructions.
    pub reads: Vec<(Footprint, Class)>,
    pub writes: Vec<Footprint>,
    /// Floats that are stored.
    pub floats: Vec<Floats>,
}

/// An access as it is written.
struct Raw {
    register: usize,
    kind: u32,
    offset: i64,
    strides: Vec<i64>,
    footprint: Option<Footprint>,
}

impl Map {
    /// Elements of the iteration space.
    pub fn total(&self) -> usize {
        self.rows * self.columns
    }
}

fn raw_access(words: &mut Words, rank: usize, registers: usize) -> Decoded<Raw> {
    let register = words.length()?;
    demand(register < registers)?;
    let kind = words.word()?;
    let offset = words.signed()?;
    let strides = words.signed_part(rank)?;
    Ok(Raw { register, kind, offset, strides, footprint: None })
}

fn is_reduction(kind: u32) -> bool {
    (STORE_SUM_F32..=STORE_PRODUCT_I32).contains(&kind)
}

/// Leaves out dimensions of one element, and makes one of neighbours that are
/// one to every access.
fn collapse(dims: &mut Vec<usize>, accesses: &mut [&mut Raw]) {
    for axis in (0..dims.len()).rev() {
        let next = axis + 1;
        let joined = next < dims.len()
            && accesses.iter().all(|each| {
                each.strides[next].checked_mul(dims[next] as i64) == Some(each.strides[axis])
            });
        let gone = if dims[axis] == 1 {
            axis
        } else if joined {
            dims[next] *= dims[axis];
            axis
        } else {
            continue;
        };
        dims.remove(gone);
        for each in accesses.iter_mut() {
            each.strides.remove(gone);
        }
    }
}

/// Dimensions that a store keeps, with their steps.
fn kept(dims: &[usize], strides: &[i64]) -> (Vec<usize>, Vec<i64>) {
    dims.iter().zip(strides).filter(|(_, stride)| **stride != 0).unzip()
}

fn check_places(
    dims: &[usize],
    loads: &mut [Raw],
    stores: &mut [Raw],
    arena: usize,
) -> Decoded<()> {
    for load in loads.iter_mut() {
        if load.kind == LOAD_MEMORY {
            load.footprint = place(load.offset, dims, &load.strides, arena)?;
        } else {
            let values = Footprint::of(load.offset, dims, &load.strides)?;
            demand(values.is_none_or(|values| values.is_moderate()))?;
        }
    }
    for store in stores.iter_mut() {
        store.footprint = if is_reduction(store.kind) {
            let (dims, strides) = kept(dims, &store.strides);
            place(store.offset, &dims, &strides, arena)?
        } else {
            place(store.offset, dims, &store.strides, arena)?
        };
    }
    Ok(())
}

/// Refuses what would read or write what was just written.
fn check_overlaps(loads: &[Raw], stores: &[Raw]) -> Decoded<()> {
    for (i, store) in stores.iter().enumerate() {
        let Some(written) = store.footprint else { continue };
        for load in loads {
            let in_place = !is_reduction(store.kind)
                && (load.offset, &load.strides) == (store.offset, &store.strides);
            let clashes = load.footprint.is_some_and(|read| read.meets(&written));
            demand(in_place || !clashes)?;
        }
        for other in &stores[i + 1..] {
            demand(!other.footprint.is_some_and(|other| other.meets(&written)))?;
        }
    }
    Ok(())
}

fn is_contiguous(dims: &[usize], strides: &[i64]) -> bool {
    let mut wanted = 1i64;
    dims.iter().zip(strides).rev().all(|(length, stride)| {
        let fits = *stride == wanted;
        wanted = wanted.wrapping_mul(*length as i64);
        fits
    })
}

/// Rows of a block: as many as fit, and of whole vectors where that can be.
fn block_rows(columns: usize) -> usize {
    if columns == 0 || columns > BLOCK {
        return 0;
    }
    let rows = BLOCK / columns;
    let even = LANES >> columns.trailing_zeros().min(LANES.trailing_zeros());
    if rows >= even { rows / even * even } else { rows }
}

/// Makes a map of its words.
pub fn decode(words: &mut Words, arena: usize, set: InstructionSet) -> Decoded<Map> {
    let rank = words.at_most(PLAN_MAX_RANK)?;
    let load_count = words.at_most(MAX_ACCESSES)?;
    let constant_count = words.at_most(PLAN_MAX_REGISTERS)?;
    let op_count = words.length()?;
    let store_count = words.at_most(MAX_ACCESSES)?;
    let registers = words.at_most(PLAN_MAX_REGISTERS)?;
    let mut dims = (0..rank).map(|_| words.length()).collect::<Decoded<Vec<_>>>()?;
    let total = volume(&dims)?;
    let mut loads =
        (0..load_count).map(|_| raw_access(words, rank, registers)).collect::<Decoded<Vec<_>>>()?;
    demand(loads.iter().all(|load| matches!(load.kind, LOAD_MEMORY | LOAD_IOTA)))?;
    let mut constants = words.part(constant_count.checked_mul(2).ok_or(Fault::PLAN_WORDS)?)?;
    let mut ops = words.part(op_count.checked_mul(5).ok_or(Fault::PLAN_WORDS)?)?;
    let mut stores = (0..store_count)
        .map(|_| raw_access(words, rank, registers))
        .collect::<Decoded<Vec<_>>>()?;
    demand(stores.iter().all(|store| store.kind <= STORE_PRODUCT_I32))?;
    words.end()?;

    if total > 0 {
        let mut all: Vec<&mut Raw> = loads.iter_mut().chain(stores.iter_mut()).collect();
        collapse(&mut dims, &mut all);
    }
    check_places(&dims, &mut loads, &mut stores, arena)?;
    if total > 0 {
        check_overlaps(&loads, &stores)?;
        for store in &mut stores {
            // Nothing is reduced: it is a plain store.
            if is_reduction(store.kind) && !store.strides.contains(&0) {
                store.kind = if store.kind < STORE_SUM_I32 { STORE_F32 } else { STORE_I32 };
            }
        }
    }
    let columns = dims.last().copied().unwrap_or(1);
    let rows = if total == 0 { 0 } else { volume(&dims[..dims.len().saturating_sub(1)])? };
    let mut map = Map {
        rows,
        columns,
        block_rows: block_rows(columns),
        loads: Vec::new(),
        constants: Vec::new(),
        ops: Vec::new(),
        stores: Vec::new(),
        reductions: Vec::new(),
        scratch_slots: 0,
        direct_slots: 0,
        totals: 0,
        reads: Vec::new(),
        writes: stores.iter().filter_map(|store| store.footprint).collect(),
        floats: Vec::new(),
    };

    let mut slots = Registers::new(registers);
    for load in &loads {
        let class = if load.kind == LOAD_MEMORY && is_contiguous(&dims, &load.strides) {
            Class::Contiguous
        } else {
            let outer = &load.strides[..load.strides.len().saturating_sub(1)];
            let repeated = map.block_rows > 0 && outer.iter().all(|stride| *stride == 0);
            if repeated && !dims.is_empty() { Class::Repeated } else { Class::Strided }
        };
        if let Some(footprint) = load.footprint {
            map.reads.push((footprint, class));
        }
        slots.load(load.register, Definition { class, footprint: load.footprint })?;
        let access = Access::new(load.offset, &dims, &load.strides);
        let fill = if load.kind == LOAD_IOTA { counter(set) } else { loader(set) };
        map.loads.push(Load { access, class, fill, direct: None, spare: 0 });
    }
    for _ in 0..constant_count {
        let register = constants.length()?;
        slots.constant(register)?;
        map.constants.push((0, constants.word()?));
    }
    for _ in 0..op_count {
        let op = ops.word()?;
        let to = ops.length()?;
        let operands = [ops.length()?, ops.length()?, ops.length()?];
        slots.op(op, to, operands)?;
    }
    let plain = |store: &&Raw| matches!(store.kind, STORE_F32 | STORE_I32);
    let stored: Vec<Stored> = stores
        .iter()
        .map(|store| Stored {
            register: store.register,
            contiguous: plain(&store) && is_contiguous(&dims, &store.strides),
            footprint: store.footprint,
        })
        .collect();
    let resolved = slots.resolve(&stored, set)?;

    for (load, (direct, spare)) in map.loads.iter_mut().zip(resolved.loads) {
        (load.direct, load.spare) = (direct, spare);
    }
    for (constant, slot) in map.constants.iter_mut().zip(resolved.constants) {
        constant.0 = slot;
    }
    map.ops = resolved.ops;
    (map.scratch_slots, map.direct_slots) = (resolved.scratch_slots, resolved.direct_slots);
    for ((store, stored), (slot, direct)) in stores.iter().zip(stored).zip(resolved.stores) {
        let contiguous = stored.contiguous;
        let kept = kept(&dims, &store.strides);
        let float =
            store.kind == STORE_F32 || (STORE_SUM_F32..=STORE_PRODUCT_F32).contains(&store.kind);
        if float && store.footprint.is_some() {
            map.floats.push(Floats::new(store.offset, &kept.0, &kept.1));
        }
        let access = Access::new(store.offset, &dims, &store.strides);
        match fold_kernels(store.kind, set) {
            None => map.stores.push(Store { access, contiguous, slot, direct }),
            Some(kernels) => {
                let reduction = reduction(
                    Reducing { dims: &dims, store, kernels, slot, kept, access },
                    &mut map,
                )?;
                map.reductions.push(reduction);
            }
        }
    }
    Ok(map)
}

struct Reducing<'a> {
    dims: &'a [usize],
    store: &'a Raw,
    kernels: FoldKernels,
    slot: u8,
    kept: (Vec<usize>, Vec<i64>),
    access: Access,
}

fn reduction(found: Reducing, map: &mut Map) -> Decoded<Reduction> {
    let Reducing { dims, store, kernels, slot, kept, access } = found;
    let start = map.totals;
    let (inner, outer) = store.strides.split_last().ok_or(Fault::PLAN_WORDS)?;
    let by_rows = map.total() > 0 && *inner == 0 && outer.iter().all(|stride| *stride != 0);
    let count = if by_rows && !outer.is_empty() { 1 } else { volume(&kept.0)? };
    map.totals += count;
    demand(map.totals <= MAX_TOTALS)?;
    let totals = (!by_rows || outer.is_empty()).then(|| {
        let mut step = 1i64;
        let mut strides = vec![0; dims.len()];
        for (axis, length) in dims.iter().enumerate().rev() {
            if store.strides[axis] != 0 {
                strides[axis] = step;
                step = step.wrapping_mul(*length as i64);
            }
        }
        Access::new(start as i64, dims, &strides)
    });
    Ok(Reduction { slot, kernels, access, start, count, totals, kept })
}
