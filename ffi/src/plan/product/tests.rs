//! Products against plain sums in `f64`.

#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use super::kernels;
use super::kernels::Kernels;
use super::*;
use crate::plan::hands::Hands;
use crate::plan::threads::Helper;
use crate::simd::InstructionSet;

/// Every set of loops that this processor runs.
fn every_kernels() -> Vec<&'static Kernels> {
    let mut all = vec![Kernels::of(InstructionSet::Baseline)];
    let set = instruction_set();
    #[cfg(target_arch = "x86_64")]
    if set != InstructionSet::Baseline {
        all.push(Kernels::of(InstructionSet::Avx2));
        all.push(&kernels::avx512_by_halves::KERNELS);
    }
    if set == InstructionSet::Avx512 {
        all.push(Kernels::of(set));
    }
    all
}

/// A small generator: xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn number(&mut self) -> f32 {
        (self.next() % 4001) as f32 / 1000.0 - 2.0
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Where the matrices of an operand lie from `start` on, and what follows them.
struct Layout {
    offset: usize,
    batch: isize,
    row: isize,
    column: isize,
    end: usize,
}

/// Contiguous along rows or columns, with gaps, backwards, or all of it.
fn layout(random: &mut Random, start: usize, batch: usize, rows: usize, columns: usize) -> Layout {
    let start = start + random.below(20);
    let gap = random.pick(&[0, 0, 0, 1, 5]);
    let spread = random.pick(&[1, 1, 1, 1, 2]);
    let turned = random.below(2) == 1;
    let (inner, outer) = if turned { (rows, columns) } else { (columns, rows) };
    let stride = inner * spread + gap;
    let matrix = outer * stride + gap;
    let (mut one, mut other) = (spread as isize, stride as isize);
    let mut batch_stride = matrix as isize;
    let mut offset = start;
    if random.below(8) == 0 {
        offset += inner.saturating_sub(1) * spread;
        one = -one;
    }
    if random.below(8) == 0 {
        offset += outer.saturating_sub(1) * stride;
        other = -other;
    }
    if random.below(8) == 0 {
        offset += batch.saturating_sub(1) * matrix;
        batch_stride = -batch_stride;
    }
    let (row, column) = if turned { (one, other) } else { (other, one) };
    Layout { offset, batch: batch_stride, row, column, end: start + batch * matrix }
}

/// A product of these sizes somehow laid out, and the length of its arena.
fn laid_out(random: &mut Random, [batch, m, n, k]: [usize; 4]) -> (Product, usize) {
    let a = layout(random, 0, batch, m, k);
    let b = layout(random, a.end, batch, k, n);
    let c_row = n + random.pick(&[0, 0, 3]);
    let c = b.end + random.below(20);
    let backwards = random.below(8) == 0;
    let shared = random.below(4) == 0;
    let product = Product {
        batch,
        m,
        n,
        k,
        a: a.offset,
        a_batch: a.batch,
        a_row: a.row,
        a_column: a.column,
        b: b.offset,
        b_batch: if shared { 0 } else { b.batch },
        b_row: b.row,
        b_column: b.column,
        c: if backwards { c + m.saturating_sub(1) * c_row } else { c },
        c_batch: (m * c_row) as isize,
        c_row: if backwards { -(c_row as isize) } else { c_row as isize },
    };
    (product, c + batch * m * c_row + 16)
}

fn place(offset: usize, strides: [isize; 3], index: [usize; 3]) -> usize {
    let steps = strides.iter().zip(index).map(|(stride, i)| stride * i as isize).sum::<isize>();
    (offset as isize + steps) as usize
}

/// Checks a product against sums in `f64`: within the error bound of any order
/// of adding up, and that nothing else is written.
fn check(kernels: &Kernels, product: &Product, arena: &[f32]) {
    let p = *product;
    let mut result = arena.to_vec();
    let mut reported = Vec::new();
    let (pointer, mut scratch) = (result.as_mut_ptr(), Scratch::default());
    // SAFETY: the arena holds the operands.
    unsafe {
        multiply_with(kernels, Hands::Caller, &p, pointer, &mut scratch, |rows| reported.push(rows))
    };
    let mut expected = arena.to_vec();
    for index in 0..p.batch * p.m * p.n {
        let (batch, i, j) = (index / (p.m * p.n), index / p.n % p.m, index % p.n);
        let (mut sum, mut size) = (0.0, 0.0);
        for l in 0..p.k {
            let a = arena[place(p.a, [p.a_batch, p.a_row, p.a_column], [batch, i, l])] as f64;
            let b = arena[place(p.b, [p.b_batch, p.b_row, p.b_column], [batch, l, j])] as f64;
            sum += a * b;
            size += (a * b).abs();
        }
        let c = place(p.c, [p.c_batch, p.c_row, 1], [batch, i, j]);
        let error = (result[c] as f64 - sum).abs();
        let bound = size * (p.k + 1) as f64 * f32::EPSILON as f64;
        assert!(error <= bound, "{p:?}, lanes {}: {} for {sum}", kernels.lanes, result[c]);
        expected[c] = result[c];
    }
    for (place, (found, expected)) in result.iter().zip(&expected).enumerate() {
        assert!(found.to_bits() == expected.to_bits(), "{p:?}: wrote at {place}");
    }
    let rows = if p.n == 0 { 0 } else { p.batch * p.m };
    let mut done = 0;
    for range in &reported {
        assert!(range.start == done && range.end > done, "{p:?}: reported {reported:?}");
        done = range.end;
    }
    assert_eq!(done, rows, "{p:?}: reported {reported:?}");
}

fn arena(random: &mut Random, length: usize) -> Vec<f32> {
    (0..length).map(|_| random.number()).collect()
}

#[test]
fn multiply_agrees_with_plain_sums_for_random_shapes() {
    const SMALL: [usize; 13] = [1, 1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 16, 21];
    const MIDDLE: [usize; 13] = [0, 1, 2, 4, 8, 15, 16, 17, 31, 32, 33, 64, 70];
    let mut random = Random(88_172_645_463_325_252);
    for kernels in every_kernels() {
        for round in 0..300 {
            let sizes = if round % 3 == 0 { &MIDDLE } else { &SMALL };
            let batch = random.pick(&[1, 1, 1, 2, 3, 0]);
            let shape = [batch, random.pick(sizes), random.pick(sizes), random.pick(sizes)];
            let (product, length) = laid_out(&mut random, shape);
            let arena = arena(&mut random, length);
            check(kernels, &product, &arena);
        }
    }
}

/// The three orientations that networks have, row-major: A B, A' B, A B'.
fn orientations([m, n, k]: [usize; 3]) -> [Product; 3] {
    let (a, b, c) = (0, m * k, m * k + k * n);
    let plain = Product {
        batch: 1,
        m,
        n,
        k,
        a,
        a_row: k as isize,
        a_column: 1,
        b,
        b_row: n as isize,
        b_column: 1,
        c,
        c_row: n as isize,
        ..Product::default()
    };
    [
        plain,
        Product { a_row: 1, a_column: m as isize, ..plain },
        Product { b_row: 1, b_column: k as isize, ..plain },
    ]
}

const WAYS: [[usize; 3]; 10] = [
    [1, 64, 64],
    [1, 1, 33],
    [8, 21, 6],
    [32, 64, 64],
    [33, 3, 70],
    [50, 5, 40],
    [64, 1, 64],
    [26, 70, 240],
    [3, 200, 100],
    [260, 21, 20],
];

#[test]
fn multiply_takes_every_way() {
    let kernels = Kernels::of(InstructionSet::Baseline);
    let products = WAYS.iter().flat_map(|shape| orientations(*shape));
    let mut ways: Vec<Way> = Vec::new();
    for product in products.chain(orientations([2, 2, 0])) {
        let way = Way::of(&product, kernels);
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    assert_eq!(ways.len(), 7, "{ways:?}");
}

#[test]
fn multiply_agrees_with_plain_sums_in_every_orientation() {
    let mut random = Random(1_234_567);
    for kernels in every_kernels() {
        for shape in WAYS {
            for product in orientations(shape) {
                let length = product.c + shape[0] * shape[1] + 16;
                check(kernels, &product, &arena(&mut random, length));
            }
        }
    }
}

#[test]
fn multiply_agrees_with_plain_sums_for_large_shapes() {
    let several_depths = orientations([26, 21, 800])[0];
    let far_columns = orientations([26, 130, 128])[1];
    let several_groups = orientations([270, 180, 768])[2];
    let far_and_tall = orientations([270, 130, 128])[1];
    let mut random = Random(2_463_534_242);
    for kernels in every_kernels() {
        for product in [several_depths, far_columns, several_groups, far_and_tall] {
            let length = product.c + product.m * product.n + 16;
            check(kernels, &product, &arena(&mut random, length));
        }
    }
}

#[test]
fn multiply_passes_on_what_is_not_finite() {
    for kernels in every_kernels() {
        for shape in WAYS {
            let [m, n, k] = shape;
            for product in orientations(shape) {
                let mut random = Random(99);
                for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                    // A is all zeros but for one row of ones, so that 0 times
                    // what is bad shows too.
                    let mut arena = vec![0.0; product.c + m * n];
                    let (l, j, ones) = (random.below(k), random.below(n), random.below(m));
                    for l in 0..k {
                        arena[place(
                            product.a,
                            [0, product.a_row, product.a_column],
                            [0, ones, l],
                        )] = 1.0;
                    }
                    arena[place(product.b, [0, product.b_row, product.b_column], [0, l, j])] = bad;
                    let pointer = arena.as_mut_ptr();
                    // SAFETY: the arena holds the operands.
                    unsafe {
                        multiply_with(
                            kernels,
                            Hands::Caller,
                            &product,
                            pointer,
                            &mut Scratch::default(),
                            |_| {},
                        )
                    };
                    for (index, found) in arena[product.c..].iter().enumerate() {
                        let expected = match (index / n == ones, index % n == j) {
                            (_, false) => 0.0,
                            (true, true) => bad,
                            (false, true) => f32::NAN,
                        };
                        let same = *found == expected || found.is_nan() && expected.is_nan();
                        assert!(same, "{product:?}: {found} at {index}, expected {expected}");
                    }
                }
            }
        }
    }
}

#[test]
fn multiply_gives_the_same_bytes_again() {
    let mut random = Random(7);
    for kernels in every_kernels() {
        for product in WAYS.into_iter().flat_map(orientations) {
            let numbers = arena(&mut random, product.c + product.m * product.n);
            let mut scratch = Scratch::default();
            let mut runs = [numbers.clone(), numbers];
            for run in &mut runs {
                let pointer = run.as_mut_ptr();
                // SAFETY: the arena holds the operands.
                unsafe {
                    multiply_with(kernels, Hands::Caller, &product, pointer, &mut scratch, |_| {})
                };
            }
            assert!(runs[0].iter().zip(&runs[1]).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
}

#[test]
fn multiply_allocates_nothing_after_growing() {
    for product in WAYS.into_iter().flat_map(orientations) {
        let mut scratch = Scratch::for_product(&product);
        let before = (scratch.lines.as_ptr(), scratch.lines.len());
        let mut arena = vec![1.0; product.c + product.m * product.n];
        // SAFETY: the arena holds the operands.
        unsafe { multiply(&product, arena.as_mut_ptr(), &mut scratch, Hands::Caller, |_| {}) };
        assert_eq!((scratch.lines.as_ptr(), scratch.lines.len()), before, "{product:?}");
        assert!(arena[product.c..].iter().all(|c| *c == product.k as f32), "{product:?}");
    }
}

#[test]
fn multiply_gives_the_same_bytes_and_ranges_with_a_helper() {
    let mut random = Random(11);
    let helper = Helper::start().unwrap();
    let shift = helper.begin();
    assert!(shift.is_some());
    for kernels in every_kernels() {
        for shape in [[64, 24, 20], [257, 17, 5], [60, 70, 33], [30, 140, 300], [1024, 32, 32]] {
            for product in orientations(shape) {
                let numbers = arena(&mut random, product.c + product.m * product.n);
                let mut scratch = Scratch::default();
                let mut run_with = |hands: Hands| {
                    let (mut run, mut ranges) = (numbers.clone(), vec![]);
                    let pointer = run.as_mut_ptr();
                    let after = |rows: Range<usize>| ranges.push(rows);
                    // SAFETY: the arena holds the operands.
                    unsafe {
                        multiply_with(kernels, hands, &product, pointer, &mut scratch, after)
                    };
                    let bits: Vec<u32> = run.iter().map(|number| number.to_bits()).collect();
                    (bits, ranges)
                };
                let alone = run_with(Hands::Both(None));
                assert!(run_with(Hands::Caller).0 == alone.0);
                for _ in 0..5 {
                    assert!(run_with(Hands::Both(shift.as_ref())) == alone);
                }
            }
        }
    }
}
