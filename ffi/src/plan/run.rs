//! Running plans.

#![allow(unsafe_code, reason = "instructions share an arena, where references would alias")]

use super::decode::{Instruction, Plan, decode};
use super::hands::Hands;
use super::map::Scratch;
use super::product::{self, multiply};
use super::threads::Shift;
use super::words::Decoded;
use crate::abi::{Fault, Outcome};
use crate::simd::InstructionSet;

/// Multiplications that are shared in a run from which on waking a helper pays.
const MIN_SHARED: usize = 6_000_000;

/// A plan with the memory that it needs besides its arena.
pub struct Executor {
    plan: Plan,
    memory: Memory,
    /// Whether a helper is to take a part.
    shared: bool,
}

/// Memory that a plan's instructions need, one after the other.
struct Memory {
    /// Of the caller and the helper.
    maps: [Scratch; 2],
    products: product::Scratch,
}

impl Executor {
    /// Of a plan's words.
    pub fn new(words: &[u32], set: InstructionSet) -> Decoded<Self> {
        let plan = decode(words, set)?;
        let maps = plan.instructions.iter().filter_map(|instruction| match instruction {
            Instruction::Map(map) | Instruction::Product(_, Some(map)) => Some(map.as_ref()),
            _ => None,
        });
        let maps = [Scratch::for_maps(maps.clone()), Scratch::for_maps(maps)];
        let mut products = product::Scratch::default();
        for instruction in &plan.instructions {
            if let Instruction::Product(product, _) = instruction {
                products.grow_for(product);
            }
        }
        let shared = plan.instructions.iter().map(shared_work).sum::<usize>() >= MIN_SHARED;
        Ok(Self { plan, memory: Memory { maps, products }, shared })
    }

    /// Runs over an arena: 0. With `check`, 1 and the index of the first
    /// instruction that stored a float that is not finite.
    pub fn run(&mut self, arena: &mut [u32], check: bool) -> Outcome {
        if arena.len() != self.plan.arena_words {
            return Err(Fault::PLAN_ARENA);
        }
        if !self.shared {
            return self.run_with(Hands::Caller, arena, check);
        }
        let shift = Shift::begin();
        self.run_with(Hands::Both(shift.as_ref()), arena, check)
    }

    fn run_with(&mut self, hands: Hands, arena: &mut [u32], check: bool) -> Outcome {
        let Self { plan, memory, .. } = self;
        let arena = arena.as_mut_ptr();
        for (instruction, floats) in plan.instructions.iter().zip(&plan.floats) {
            // SAFETY: the arena is as long as the plan was decoded for, and
            // borrowed for the run; the memory was made for this plan.
            unsafe { run(instruction, arena, memory, hands) }?;
            if check {
                for (index, floats) in floats {
                    // SAFETY: likewise.
                    if !unsafe { floats.are_finite(arena) } {
                        return Ok(index + 1);
                    }
                }
            }
        }
        Ok(0)
    }
}

/// # Safety
///
/// The arena is that which the instruction was decoded for, nobody else uses it
/// meanwhile, and the memory was made for the instruction's plan.
#[inline]
unsafe fn run(
    instruction: &Instruction,
    arena: *mut u32,
    memory: &mut Memory,
    hands: Hands,
) -> Result<(), Fault> {
    let Memory { maps, products } = memory;
    match instruction {
        Instruction::Map(map) => {
            // SAFETY: the caller's promise.
            unsafe { map.run_all(arena, maps, hands.shift()) };
        }
        Instruction::Product(product, None) => {
            // SAFETY: likewise. All bits are an `f32`.
            unsafe { multiply(product, arena.cast(), products, hands, |_| {}) };
        }
        Instruction::Product(product, Some(map)) => {
            let [maps, _] = maps;
            // SAFETY: likewise.
            unsafe { map.begin(arena, maps) };
            let columns = product.n;
            // SAFETY: likewise, and rows of the product are parts of the map
            // that come in order.
            let after_rows = |rows: std::ops::Range<usize>| unsafe {
                map.run(rows.start * columns..rows.end * columns, arena, maps);
            };
            // SAFETY: likewise.
            unsafe { multiply(product, arena.cast(), products, hands, after_rows) };
            // SAFETY: likewise.
            unsafe { map.finish(arena, maps) };
        }
        Instruction::Gather(gather) => {
            // SAFETY: likewise.
            unsafe { gather.run(arena) }?;
        }
        Instruction::ScatterAdd(scatter) => {
            // SAFETY: likewise.
            unsafe { scatter.run(arena) };
        }
        Instruction::Arg(arg) => {
            // SAFETY: likewise.
            unsafe { arg.run(arena) };
        }
        Instruction::Scan(scan) => {
            // SAFETY: likewise.
            unsafe { scan.run(arena) };
        }
    }
    Ok(())
}

/// What a helper may take a part of, in multiplications of products, some four of
/// which take as long as an op of a map.
fn shared_work(instruction: &Instruction) -> usize {
    match instruction {
        Instruction::Map(map) => 4 * map.shared_work(),
        Instruction::Product(product, _) => product.shared_work(),
        _ => 0,
    }
}

#[cfg(test)]
mod helper_tests;
#[cfg(test)]
mod tests;
