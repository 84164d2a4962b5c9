//! From registers to slots: which of them are scratch memory, and which the
//! arena itself.
//!
//! A value that is stored where its elements lie one after another is computed
//! there, and one that is loaded from such a place is read there, unless
//! another store changes it before its last use.

use super::access::BLOCK;
use super::decode::{Class, Op};
use super::lanes::LANES;
use super::ops::kernel;
use crate::abi::Fault;
use crate::plan::opcodes::{PLAN_MAX_REGISTERS, operand_count};
use crate::plan::words::{Decoded, Footprint, demand};
use crate::simd::InstructionSet;

/// Slots below are scratch memory: one a register, and one a value that stays
/// for all blocks while its register is used again.
pub const DIRECT: usize = 2 * PLAN_MAX_REGISTERS;
/// Slots: those from [`DIRECT`] on point into the arena.
pub const SLOTS: usize = 2 * DIRECT;
/// Elements of a slot of scratch memory: the loops run over whole vectors, and
/// slots are not a power of two apart, which caches would not like.
pub const SLOT: usize = BLOCK + LANES;

/// The end of a block: after all ops.
const END: usize = usize::MAX;

/// Where a register's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Load(usize),
    Constant(usize),
    Op(usize),
}

/// What a load brings.
pub struct Definition {
    pub class: Class,
    /// What it reads; `None` where that is no memory.
    pub footprint: Option<Footprint>,
}

struct LoadedValue {
    register: usize,
    definition: Definition,
    /// The last op that uses it.
    last_use: Option<usize>,
}

struct RawOp {
    op: u32,
    to: usize,
    operands: [Source; 3],
}

/// What is to be stored in the end.
#[derive(Clone, Copy)]
pub struct Stored {
    pub register: usize,
    /// Whether the elements lie one after another.
    pub contiguous: bool,
    pub footprint: Option<Footprint>,
}

/// Slots in place of registers.
pub struct Resolved {
    /// For each load, the slot that may point into the arena, and the other.
    pub loads: Vec<(Option<u8>, u8)>,
    pub constants: Vec<u8>,
    pub ops: Vec<Op>,
    /// For each store its slot, and where that may point into the arena the
    /// one of scratch memory.
    pub stores: Vec<(u8, Option<u8>)>,
    pub scratch_slots: usize,
    pub direct_slots: usize,
}

/// Registers, as loads, constants and ops define them one after the other.
pub struct Registers {
    current: Vec<Option<Source>>,
    loads: Vec<LoadedValue>,
    constants: Vec<usize>,
    ops: Vec<RawOp>,
}

impl Registers {
    /// So many, none of which has a value.
    pub fn new(count: usize) -> Self {
        Self { current: vec![None; count], loads: vec![], constants: vec![], ops: vec![] }
    }

    fn define(&mut self, register: usize, source: Source) -> Decoded<()> {
        let place = self.current.get_mut(register).ok_or(Fault::PLAN_WORDS)?;
        demand(place.is_none())?;
        *place = Some(source);
        Ok(())
    }

    /// A load, before all ops.
    pub fn load(&mut self, register: usize, definition: Definition) -> Decoded<()> {
        self.define(register, Source::Load(self.loads.len()))?;
        self.loads.push(LoadedValue { register, definition, last_use: None });
        Ok(())
    }

    /// A constant, before all ops.
    pub fn constant(&mut self, register: usize) -> Decoded<()> {
        self.define(register, Source::Constant(self.constants.len()))?;
        self.constants.push(register);
        Ok(())
    }

    fn used(&mut self, register: usize, by: usize) -> Decoded<Source> {
        let source = self.current.get(register).copied().flatten().ok_or(Fault::PLAN_WORDS)?;
        if let Source::Load(load) = source {
            let last_use = &mut self.loads[load].last_use;
            *last_use = (*last_use).max(Some(by));
        }
        Ok(source)
    }

    /// An op after those before.
    pub fn op(&mut self, op: u32, to: usize, operands: [usize; 3]) -> Decoded<()> {
        let count = operand_count(op).ok_or(Fault::PLAN_WORDS)?;
        let index = self.ops.len();
        let first = self.used(operands[0], index)?;
        let mut sources = [first; 3];
        for (source, register) in sources.iter_mut().zip(operands).take(count).skip(1) {
            *source = self.used(register, index)?;
        }
        *self.current.get_mut(to).ok_or(Fault::PLAN_WORDS)? = Some(Source::Op(index));
        self.ops.push(RawOp { op, to, operands: sources });
        Ok(())
    }

    /// Slots for everything.
    pub fn resolve(mut self, stored: &[Stored], set: InstructionSet) -> Decoded<Resolved> {
        let finals = stored
            .iter()
            .map(|store| self.used(store.register, END))
            .collect::<Decoded<Vec<_>>>()?;
        let mut slots = Slots::new(self.current.len());
        for op in &self.ops {
            slots.overwritten[op.to] = true;
        }
        let loads: Vec<_> = self.loads.iter().map(|load| slots.of_load(load, stored)).collect();
        let constants: Vec<_> =
            self.constants.iter().map(|register| slots.lasting(*register)).collect();
        let mut direct_ops = vec![None; self.ops.len()];
        let mut direct_stores = vec![false; stored.len()];
        for (i, (store, source)) in stored.iter().zip(&finals).enumerate() {
            if let Source::Op(op) = *source
                && direct_ops[op].is_none()
                && self.may_be_direct(store, op)
            {
                direct_ops[op] = Some(slots.direct());
                direct_stores[i] = true;
            }
        }
        let mut slot_of = |source: Source| match source {
            Source::Load(load) => loads[load].0.unwrap_or(loads[load].1),
            Source::Constant(constant) => constants[constant],
            Source::Op(op) => direct_ops[op].unwrap_or_else(|| slots.of(self.ops[op].to)),
        };
        let stores = finals
            .iter()
            .enumerate()
            .map(|(i, source)| (slot_of(*source), direct_stores[i]))
            .collect::<Vec<_>>();
        let ops = self
            .ops
            .iter()
            .enumerate()
            .map(|(index, op)| {
                let kernel = kernel(op.op, set).ok_or(Fault::PLAN_WORDS)?;
                let to = slot_of(Source::Op(index));
                Ok(Op { kernel, to, operands: op.operands.map(&mut slot_of) })
            })
            .collect::<Decoded<Vec<_>>>()?;
        let stores = stores
            .into_iter()
            .zip(stored)
            .map(|((slot, direct), store)| (slot, direct.then(|| slots.of(store.register))))
            .collect();
        let (scratch_slots, direct_slots) = (slots.scratch, slots.directs);
        Ok(Resolved { loads, constants, ops, stores, scratch_slots, direct_slots })
    }

    /// Whether an op may write the arena, while values that are loaded from the
    /// same place are still used.
    fn may_be_direct(&self, store: &Stored, op: usize) -> bool {
        let Some(written) = store.footprint.filter(|_| store.contiguous) else { return false };
        self.loads.iter().all(|load| {
            let shared = load.definition.footprint.is_some_and(|read| read.may_meet(&written));
            !shared || load.last_use.is_none_or(|last| last <= op)
        })
    }
}

/// Slots that have been given out.
struct Slots {
    of_registers: Vec<Option<u8>>,
    overwritten: Vec<bool>,
    scratch: usize,
    directs: usize,
}

impl Slots {
    fn new(registers: usize) -> Self {
        Self {
            of_registers: vec![None; registers],
            overwritten: vec![false; registers],
            scratch: 0,
            directs: 0,
        }
    }

    fn fresh(&mut self) -> u8 {
        self.scratch += 1;
        (self.scratch - 1) as u8
    }

    fn direct(&mut self) -> u8 {
        self.directs += 1;
        (DIRECT + self.directs - 1) as u8
    }

    fn of(&mut self, register: usize) -> u8 {
        if let Some(slot) = self.of_registers[register] {
            return slot;
        }
        let slot = self.fresh();
        self.of_registers[register] = Some(slot);
        slot
    }

    /// For a value that stays the same for all blocks.
    fn lasting(&mut self, register: usize) -> u8 {
        if self.overwritten[register] { self.fresh() } else { self.of(register) }
    }

    fn of_load(&mut self, load: &LoadedValue, stored: &[Stored]) -> (Option<u8>, u8) {
        let Definition { class, footprint } = load.definition;
        if class == Class::Repeated {
            return (Some(self.direct()), self.lasting(load.register));
        }
        let spare = self.of(load.register);
        let Some(read) = footprint else { return (None, spare) };
        // What another store may change is copied, where it is stored itself.
        let kept = load.last_use == Some(END)
            && stored.iter().any(|store| store.footprint.is_some_and(|each| each.may_meet(&read)));
        (if kept { None } else { Some(self.direct()) }, spare)
    }
}
