#![allow(unsafe_code, reason = "runs maps over arenas that are as long as they say")]

use super::lanes::{LANES, possible_sets};
use super::ops::kernel;
use super::*;
use crate::plan::opcodes::*;
use crate::plan::testing::{Access, MapWords, Noise, effort};
use crate::plan::words::Words;
use crate::simd::InstructionSet;

/// A map over an arena, and the arena.
pub struct Case {
    pub map: MapWords,
    pub arena: Vec<u32>,
}

/// Every index of the dimensions, in row-major order.
fn indices(dims: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let total: usize = dims.iter().product();
    (0..total).map(move |flat| {
        let mut rest = flat;
        let mut index = vec![0; dims.len()];
        for (digit, length) in index.iter_mut().zip(dims).rev() {
            (*digit, rest) = (rest % length, rest / length);
        }
        index
    })
}

fn place(access: &Access, index: &[usize]) -> i64 {
    let steps = index.iter().zip(&access.strides).map(|(i, stride)| *i as i64 * i64::from(*stride));
    i64::from(access.offset) + steps.sum::<i64>()
}

fn compute(op: u32, operands: [u32; 3]) -> u32 {
    let [a, b, c] = operands.map(|bits| [bits; LANES]);
    let mut result = [0; LANES];
    let kernel = kernel(op, InstructionSet::Baseline).unwrap();
    // SAFETY: there are as many elements.
    unsafe { kernel(result.as_mut_ptr(), a.as_ptr(), b.as_ptr(), c.as_ptr(), 1) };
    result[0]
}

/// What an element adds to a reduction, in doubles.
fn folded(kind: u32, total: f64, bits: u32) -> f64 {
    let (float, whole) = (f64::from(f32::from_bits(bits)), f64::from(bits as i32));
    match kind {
        STORE_SUM_F32 => total + float,
        STORE_MAX_F32 if total.is_nan() || float.is_nan() => f64::NAN,
        STORE_MIN_F32 if total.is_nan() || float.is_nan() => f64::NAN,
        STORE_MAX_F32 => total.max(float),
        STORE_MIN_F32 => total.min(float),
        STORE_PRODUCT_F32 => total * float,
        STORE_SUM_I32 => f64::from((total as i32).wrapping_add(bits as i32)),
        STORE_PRODUCT_I32 => f64::from((total as i32).wrapping_mul(bits as i32)),
        STORE_MAX_I32 => total.max(whole),
        STORE_MIN_I32 => total.min(whole),
        _ => unreachable!(),
    }
}

fn identity(kind: u32) -> f64 {
    match kind {
        STORE_MAX_F32 => f64::NEG_INFINITY,
        STORE_MIN_F32 => f64::INFINITY,
        STORE_PRODUCT_F32 | STORE_PRODUCT_I32 => 1.0,
        STORE_MAX_I32 => f64::from(i32::MIN),
        STORE_MIN_I32 => f64::from(i32::MAX),
        _ => 0.0,
    }
}

/// What the arena should be, and how far off it may be, word by word.
fn naive(case: &Case) -> (Vec<u32>, Vec<f64>) {
    let mut arena = case.arena.clone();
    let mut slack = vec![0.0; arena.len()];
    let mut totals = vec![0.0; arena.len()];
    for store in case.map.stores.iter().filter(|store| store.kind >= STORE_SUM_F32) {
        let dims: Vec<usize> = case
            .map
            .dims
            .iter()
            .zip(&store.strides)
            .map(|(length, stride)| if *stride == 0 { 1 } else { *length })
            .collect();
        for index in indices(&dims) {
            totals[place(store, &index) as usize] = identity(store.kind);
            let float = store.kind < STORE_SUM_I32;
            let total = identity(store.kind);
            arena[place(store, &index) as usize] =
                if float { (total as f32).to_bits() } else { total as i32 as u32 };
        }
    }
    for index in indices(&case.map.dims) {
        let mut registers = [0; PLAN_MAX_REGISTERS];
        for load in &case.map.loads {
            let at = place(load, &index);
            registers[load.register as usize] =
                if load.kind == LOAD_IOTA { at as u32 } else { case.arena[at as usize] };
        }
        for (register, bits) in &case.map.constants {
            registers[*register as usize] = *bits;
        }
        for [op, to, operands @ ..] in &case.map.ops {
            registers[*to as usize] = compute(*op, operands.map(|each| registers[each as usize]));
        }
        for store in &case.map.stores {
            let (at, bits) = (place(store, &index) as usize, registers[store.register as usize]);
            if store.kind < STORE_SUM_F32 {
                arena[at] = bits;
                continue;
            }
            totals[at] = folded(store.kind, totals[at], bits);
            if store.kind < STORE_SUM_I32 {
                arena[at] = (totals[at] as f32).to_bits();
                let size = f64::from(f32::from_bits(bits)).abs();
                // A sum of nothing but -0 may be that.
                let tiny = size * 1e-6 + f64::MIN_POSITIVE;
                slack[at] += if store.kind == STORE_SUM_F32 { tiny } else { 0.0 };
                if store.kind == STORE_PRODUCT_F32 {
                    slack[at] = totals[at].abs() * 1e-6 + 1e-44;
                }
            } else {
                arena[at] = totals[at] as i32 as u32;
            }
        }
    }
    (arena, slack)
}

/// Runs a map in parts.
pub fn run(case: &Case, set: InstructionSet, parts: &[usize]) -> Vec<u32> {
    let payload = case.map.payload();
    let map = decode(&mut Words::new(&payload), case.arena.len(), set)
        .unwrap_or_else(|_| panic!("refused: {:?}", case.map));
    let mut scratch = Scratch::for_maps([&map].into_iter());
    let mut arena = case.arena.clone();
    let start = arena.as_mut_ptr();
    // SAFETY: the map was decoded for this arena.
    unsafe { map.begin(start, &mut scratch) };
    let mut from = 0;
    for to in parts.iter().copied().chain([map.total()]) {
        // SAFETY: likewise.
        unsafe { map.run(from..to, start, &mut scratch) };
        from = to;
    }
    // SAFETY: likewise.
    unsafe { map.finish(start, &mut scratch) };
    arena
}

fn check(case: &Case, noise: &mut Noise) {
    let (wanted, slack) = naive(case);
    let total: usize = case.map.dims.iter().product();
    for set in possible_sets() {
        let whole = run(case, set, &[]);
        assert_eq!(whole, run(case, set, &[]), "not the same twice: {:?}", case.map);
        let mut parts: Vec<usize> = (0..noise.below(4)).map(|_| noise.below(total + 1)).collect();
        parts.sort_unstable();
        for found in [whole, run(case, set, &parts)] {
            for (at, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                let [x, y] = [found, wanted].map(|bits| f32::from_bits(*bits));
                // Lanes overflow before doubles do.
                let close = f64::from((x - y).abs()) <= slack[at] || slack[at] > 1e31;
                let same = found == wanted || x.is_nan() && y.is_nan() || slack[at] > 0.0 && close;
                assert!(
                    same,
                    "word {at} is {x} ({found:x}), not {y} ({wanted:x}), with {set:?} in parts {parts:?} of {:?}",
                    case.map
                );
            }
        }
    }
}

/// An arena that grows, with words between arrays that nobody may write.
struct Builder {
    noise: Noise,
    arena: Vec<u32>,
    /// Whether arrays lie in the order of their dimensions, without gaps.
    plain: bool,
}

impl Builder {
    fn words(&mut self, count: usize) -> usize {
        let gap = 1 + self.noise.below(20);
        let start = self.arena.len() + gap;
        for _ in 0..gap + count {
            let value = (self.noise.float() * 4.0).to_bits();
            let whole = self.noise.below(7) as u32;
            self.arena.push(if self.noise.one_in(3) { whole } else { value });
        }
        start
    }

    /// Strides of an array of its own with these lengths; a length of 0 stands
    /// for a dimension that is left out.
    fn strides(&mut self, lengths: &[usize]) -> (i32, Vec<i32>) {
        let mut order: Vec<usize> = (0..lengths.len()).collect();
        if !self.plain && self.noise.one_in(4) && lengths.len() > 1 {
            let (i, j) = (self.noise.below(lengths.len()), self.noise.below(lengths.len()));
            order.swap(i, j);
        }
        let mut strides = vec![0; lengths.len()];
        let mut step = if !self.plain && self.noise.one_in(8) { 2 } else { 1 };
        let padded = !self.plain && self.noise.one_in(4);
        let mut shift = 0;
        for axis in order.into_iter().rev().filter(|axis| lengths[*axis] > 0) {
            let length = lengths[axis];
            strides[axis] = step as i32;
            if !self.plain && self.noise.one_in(8) {
                strides[axis] = -strides[axis];
                shift += step * (length - 1);
            }
            step = step * length + if padded { 3 } else { 0 };
        }
        let start = self.words(step);
        ((start + shift) as i32, strides)
    }

    fn load(&mut self, register: u32, dims: &[usize]) -> Access {
        if self.noise.one_in(10) {
            let strides = dims.iter().map(|_| self.noise.below(7) as i32 - 3).collect();
            return Access { register, kind: LOAD_IOTA, offset: -5, strides };
        }
        let kept: Vec<usize> = match self.noise.below(4) {
            0 => dims.to_vec(),
            _ if self.plain && self.noise.one_in(2) => dims.to_vec(),
            1 => vec![0; dims.len()],
            _ => dims.iter().map(|d| if self.noise.one_in(2) { *d } else { 0 }).collect(),
        };
        let kept = if dims.contains(&0) { vec![0; dims.len()] } else { kept };
        let (offset, strides) = self.strides(&kept);
        Access { register, kind: LOAD_MEMORY, offset, strides }
    }

    fn store(&mut self, register: u32, dims: &[usize], loads: &[Access]) -> Access {
        let kind = self.noise.below(STORE_PRODUCT_I32 as usize + 1) as u32;
        if kind < STORE_SUM_F32 {
            let in_place = loads.iter().find(|load| {
                let varies = |(length, stride): (&usize, &i32)| *length == 1 || *stride != 0;
                load.kind == LOAD_MEMORY && dims.iter().zip(&load.strides).all(varies)
            });
            if let Some(load) = in_place.filter(|_| self.noise.one_in(2)) {
                return Access { register, kind, ..load.clone() };
            }
            let (offset, strides) = self.strides(dims);
            return Access { register, kind, offset, strides };
        }
        let reduce_all = self.noise.one_in(4);
        let kept: Vec<usize> = dims
            .iter()
            .map(|d| if *d == 0 || reduce_all || self.noise.one_in(2) { 0 } else { *d })
            .collect();
        let (offset, strides) = self.strides(&kept);
        Access { register, kind, offset, strides }
    }

    fn case(mut self) -> Case {
        const OPS: [u32; 24] = [
            OP_ADD,
            OP_SUB,
            OP_MUL,
            OP_MAX,
            OP_MIN,
            OP_SELECT,
            OP_MULTIPLY_ADD,
            OP_CLIP,
            OP_LT,
            OP_EQ,
            OP_NEG,
            OP_ABS,
            OP_SQUARE,
            OP_RELU,
            OP_STEP,
            OP_ROUND,
            OP_EXP,
            OP_TANH,
            OP_ADD_I,
            OP_MUL_I,
            OP_MOD_I,
            OP_I_TO_F,
            OP_F_TO_I,
            OP_NOT,
        ];
        let noise = &mut self.noise;
        let rank = noise.below(5);
        let lengths = [1, 2, 3, 4, 5, 7, 8, 16, 17, 31, 48, 64, 100, 129, 513, 600, 1100];
        let mut dims: Vec<usize> = (0..rank).map(|_| noise.one_of(&lengths)).collect();
        while dims.iter().product::<usize>() > 4000 {
            let axis = noise.below(rank);
            dims[axis] = dims[axis].div_ceil(3);
        }
        if rank > 0 && noise.one_in(20) {
            dims[0] = 0;
        }
        let registers = 3 + noise.below(6) as u32;
        let used = 1 + noise.below(registers as usize - 1) as u32;
        let loads: Vec<Access> = (0..used).map(|register| self.load(register, &dims)).collect();
        let constants: Vec<_> = (used..registers)
            .map(|register| (register, (self.noise.float() * 3.0).to_bits()))
            .collect();
        let ops = (0..self.noise.below(7))
            .map(|_| {
                let mut any = || self.noise.below(registers as usize) as u32;
                let [to, a, b, c] = [any(), any(), any(), any()];
                [self.noise.one_of(&OPS), to, a, b, c]
            })
            .collect();
        let mut stores: Vec<Access> = Vec::new();
        for _ in 0..1 + self.noise.below(3) {
            let register = self.noise.below(registers as usize) as u32;
            let store = self.store(register, &dims, &loads);
            if stores.iter().all(|other| other.offset != store.offset) {
                stores.push(store);
            }
        }
        self.words(0);
        let map = MapWords { dims, loads, constants, ops, stores, registers };
        Case { map, arena: self.arena }
    }
}

#[test]
fn maps_compute_what_a_plain_loop_does() {
    for seed in 0..effort(2000) as u64 {
        let case = Builder { noise: Noise(seed), arena: Vec::new(), plain: seed % 2 == 0 }.case();
        check(&case, &mut Noise(seed ^ 0xabcd));
    }
}
