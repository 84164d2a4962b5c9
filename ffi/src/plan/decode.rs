//! Words of a plan, checked and made into what runs.

use super::checks::Floats;
use super::map::{self, Map};
use super::moves::{Arg, Gather, Scan, ScatterAdd};
use super::opcodes::*;
use super::product::Product;
use super::words::{Decoded, Footprint, Words, demand, demand_apart, place, volume};
use crate::abi::Fault;
use crate::simd::InstructionSet;

/// Most elements of an operand of a product, counted as often as they are
/// repeated: it may be packed.
const MAX_OPERAND: usize = 1 << 26;

/// A step of a plan.
pub enum Instruction {
    /// Element by element.
    Map(Box<Map>),
    /// A product of matrices, and a map that runs over its rows.
    Product(Box<Product>, Option<Box<Map>>),
    /// Slices by index.
    Gather(Gather),
    /// Sums by index.
    ScatterAdd(ScatterAdd),
    /// Places of extremes.
    Arg(Arg),
    /// Running sums.
    Scan(Scan),
}

/// A plan, ready to run.
pub struct Plan {
    /// Words of its arena.
    pub arena_words: usize,
    /// What is done, in order.
    pub instructions: Vec<Instruction>,
    /// Floats that are stored, with the instruction's index in the words.
    pub floats: Vec<Vec<(u32, Floats)>>,
}

struct Operands {
    product: Product,
    epilogue: bool,
    a: Option<Footprint>,
    b: Option<Footprint>,
    c: Option<Footprint>,
}

fn product(words: &mut Words, arena: usize) -> Decoded<Operands> {
    let flags = words.at_most(PRODUCT_EPILOGUE as usize)?;
    let (batch, m) = (words.length()?, words.length()?);
    let (n, k) = (words.length()?, words.length()?);
    let offset = words.length()?;
    let strides = words.signed_part(3)?;
    let b_offset = words.length()?;
    let b_strides = words.signed_part(3)?;
    let c_offset = words.length()?;
    let c_strides = words.signed_part(2)?;
    words.end()?;
    for elements in [[m, n], [m, k], [n, k]] {
        demand(volume(&elements)? <= MAX_OPERAND)?;
    }
    volume(&[batch, m, n, k.max(1)])?;
    // Nothing is read where nothing is written.
    let empty = batch == 0 || m == 0 || n == 0;
    let read = |offset: usize, dims: [usize; 3], strides: &[i64]| {
        if empty { Ok(None) } else { place(offset as i64, &dims, strides, arena) }
    };
    let a = read(offset, [batch, m, k], &strides)?;
    let b = read(b_offset, [batch, k, n], &b_strides)?;
    let (c_batch, c_row) = (c_strides[0], c_strides[1]);
    let c = read(c_offset, [batch, m, n], &[c_batch, c_row, 1])?;
    demand_apart(a, c)?;
    demand_apart(b, c)?;
    demand(empty || is_disjoint([(1, n), (c_row.abs(), m), (c_batch.abs(), batch)]))?;
    let step = |stride: i64| stride as isize;
    let product = Product {
        batch,
        m,
        n,
        k,
        a: offset,
        a_batch: step(strides[0]),
        a_row: step(strides[1]),
        a_column: step(strides[2]),
        b: b_offset,
        b_batch: step(b_strides[0]),
        b_row: step(b_strides[1]),
        b_column: step(b_strides[2]),
        c: c_offset,
        c_batch: step(c_batch),
        c_row: step(c_row),
    };
    Ok(Operands { product, epilogue: flags == PRODUCT_EPILOGUE as usize, a, b, c })
}

/// Whether steps of these sizes and counts lead to different places.
fn is_disjoint(mut steps: [(i64, usize); 3]) -> bool {
    steps.sort_unstable();
    let mut reach = 0;
    steps.into_iter().filter(|(_, count)| *count > 1).all(|(step, count)| {
        let beyond = step > reach;
        reach += step * (count as i64 - 1);
        beyond
    })
}

/// Refuses a map after a product that would read C before it is done, or
/// change what the product reads.
fn check_epilogue(operands: &Operands, map: &Map) -> Decoded<()> {
    let Operands { product, a, b, c, .. } = operands;
    demand(map.total() == product.batch * product.m * product.n)?;
    let dense = c.is_some_and(|c| c.extent() == map.total());
    for (read, class) in &map.reads {
        let early = match class {
            map::Class::Contiguous => dense && Some(*read) != *c,
            map::Class::Repeated => true,
            map::Class::Strided => dense,
        };
        demand(!(early && c.is_some_and(|c| c.meets(read))))?;
    }
    for written in &map.writes {
        for operand in [a, b].into_iter().flatten() {
            demand(!operand.meets(written))?;
        }
    }
    Ok(())
}

/// Makes a plan of its words.
///
/// Fails with [`Fault::PLAN_WORDS`] where they are none.
pub fn decode(words: &[u32], set: InstructionSet) -> Decoded<Plan> {
    let mut words = Words::new(words);
    demand(words.word()? == PLAN_MAGIC && words.word()? == PLAN_VERSION)?;
    let arena_words = words.length()?;
    let count = words.length()?;
    demand(count <= words.left())?;
    let mut instructions = Vec::new();
    let mut floats = Vec::new();
    let mut pending: Option<Operands> = None;
    for index in 0..count as u32 {
        let opcode = words.word()?;
        let length = words.length()?;
        demand(length >= 2)?;
        let mut payload = words.part(length - 2)?;
        let mut stored: Vec<(u32, Floats)> = Vec::new();
        if let Some(operands) = pending.take() {
            demand(opcode == PLAN_MAP)?;
            let map = map::decode(&mut payload, arena_words, set)?;
            check_epilogue(&operands, &map)?;
            let replaced = |c: &Footprint| map.writes.iter().any(|written| written.may_meet(c));
            if !operands.c.as_ref().is_some_and(replaced) {
                stored.extend(product_floats(&operands).map(|floats| (index - 1, floats)));
            }
            stored.extend(map.floats.iter().map(|floats| (index, floats.clone())));
            let product = Box::new(operands.product);
            instructions.push(Instruction::Product(product, Some(Box::new(map))));
            floats.push(stored);
            continue;
        }
        let instruction = match opcode {
            PLAN_MAP => {
                let map = map::decode(&mut payload, arena_words, set)?;
                stored.extend(map.floats.iter().map(|floats| (index, floats.clone())));
                Instruction::Map(Box::new(map))
            }
            PLAN_PRODUCT => {
                let operands = product(&mut payload, arena_words)?;
                if operands.epilogue {
                    pending = Some(operands);
                    continue;
                }
                stored.extend(product_floats(&operands).map(|floats| (index, floats)));
                Instruction::Product(Box::new(operands.product), None)
            }
            PLAN_GATHER => Instruction::Gather(Gather::decode(&mut payload, arena_words)?),
            PLAN_SCATTER_ADD => {
                let scatter = ScatterAdd::decode(&mut payload, arena_words)?;
                stored.push((index, scatter.floats()));
                Instruction::ScatterAdd(scatter)
            }
            PLAN_ARG => Instruction::Arg(Arg::decode(&mut payload, arena_words)?),
            PLAN_SCAN => {
                let scan = Scan::decode(&mut payload, arena_words)?;
                stored.extend(scan.floats().map(|floats| (index, floats)));
                Instruction::Scan(scan)
            }
            _ => return Err(Fault::PLAN_WORDS),
        };
        instructions.push(instruction);
        floats.push(stored);
    }
    demand(pending.is_none())?;
    words.end()?;
    Ok(Plan { arena_words, instructions, floats })
}

fn product_floats(operands: &Operands) -> Option<Floats> {
    let Product { batch, m, n, c, c_batch, c_row, .. } = operands.product;
    operands.c.map(|_| Floats::new(c as i64, &[batch, m, n], &[c_batch as i64, c_row as i64, 1]))
}
