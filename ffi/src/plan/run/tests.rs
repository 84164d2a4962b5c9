use super::*;
use crate::plan::opcodes::*;
use crate::plan::testing::{Access, MapWords, Noise, effort, plan_words};
use crate::simd::instruction_set;

/// Words that nobody may write lie around the arena.
const GUARD: usize = 64;
const GUARD_WORD: u32 = 0xdead_beef;

fn executor(words: &[u32]) -> Executor {
    Executor::new(words, instruction_set()).unwrap_or_else(|_| panic!("refused: {words:?}"))
}

fn floats(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// One instruction over an arena that begins with these words.
fn run_one(opcode: u32, payload: &[u32], start: &[u32], arena: usize) -> Vec<u32> {
    let mut arena_words = vec![0; arena];
    arena_words[..start.len()].copy_from_slice(start);
    let words = plan_words(arena, &[(opcode, payload.to_vec())]);
    executor(&words).run(&mut arena_words, false).unwrap();
    arena_words
}

fn contiguous(register: u32, kind: u32, offset: usize, dims: &[usize]) -> Access {
    let mut strides = vec![1; dims.len()];
    for axis in (0..dims.len().saturating_sub(1)).rev() {
        strides[axis] = strides[axis + 1] * dims[axis + 1] as i32;
    }
    Access { register, kind, offset: offset as i32, strides }
}

#[test]
fn gather_picks_slices() {
    let source: Vec<u32> = (100..112).collect();
    let with = |indices: &[u32]| [&source[..], indices].concat();
    // [outer 2, axis 3, inner 2] by one row of indices, then by two.
    let found = run_one(PLAN_GATHER, &[2, 2, 2, 3, 0, 12, 0, 20], &with(&[2, 0]), 28);
    assert_eq!(found[20..], [104, 105, 100, 101, 110, 111, 106, 107]);
    let found = run_one(PLAN_GATHER, &[2, 1, 2, 3, 0, 12, 1, 20], &with(&[1, 2]), 24);
    assert_eq!(found[20..], [102, 103, 110, 111]);
    let found = run_one(PLAN_GATHER, &[1, 3, 1, 12, 0, 12, 0, 20], &with(&[11, 0, 11]), 24);
    assert_eq!(found[20..], [111, 100, 111, 0]);
}

#[test]
fn gather_refuses_an_index_outside_of_its_axis() {
    for index in [3, 4, -1i32 as u32, i32::MIN as u32, i32::MAX as u32] {
        let words = plan_words(16, &[(PLAN_GATHER, vec![1, 1, 2, 3, 0, 6, 0, 8])]);
        let mut arena = [7; 16];
        arena[6] = index;
        assert_eq!(executor(&words).run(&mut arena, false), Err(Fault::PLAN_INDEX));
    }
}

#[test]
fn scatter_adds_and_ignores_what_lies_outside() {
    let start = [floats(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]), vec![1, 5, 1, u32::MAX]];
    let mut arena = start.concat();
    arena.extend([GUARD_WORD; 6]);
    let found = run_one(PLAN_SCATTER_ADD, &[4, 2, 3, 0, 8, 12], &arena, 18);
    assert_eq!(found[12..], floats(&[0.0, 0.0, 6.0, 8.0, 0.0, 0.0]));
}

#[test]
fn arg_finds_the_first_extreme_as_tfjs_does() {
    let nan = f32::NAN;
    let table: [(&[f32], u32, u32); 5] = [
        (&[1.0, 3.0, 3.0, 2.0], 1, 0),
        (&[nan, 3.0, 4.0, 2.0], 0, 0),
        (&[1.0, nan, 4.0, 0.5], 2, 3),
        (&[-0.0, 0.0, -0.0, 0.0], 0, 0),
        (&[-1.0, f32::INFINITY, f32::NEG_INFINITY, 0.0], 1, 2),
    ];
    for (values, largest, smallest) in table {
        for (kind, wanted) in [(ARG_MAX, largest), (ARG_MIN, smallest)] {
            let payload = [kind, DTYPE_F32, 1, 4, 1, 0, 5];
            assert_eq!(run_one(PLAN_ARG, &payload, &floats(values), 6)[5], wanted, "{values:?}");
        }
    }
    // As whole numbers, and over an axis in the middle.
    let whole = [1, -1i32 as u32, 5, 0, 7, 2];
    assert_eq!(run_one(PLAN_ARG, &[ARG_MAX, DTYPE_I32, 1, 3, 2, 0, 6], &whole, 8)[6..], [2, 2]);
    assert_eq!(run_one(PLAN_ARG, &[ARG_MIN, DTYPE_I32, 2, 3, 1, 0, 6], &whole, 8)[6..], [1, 0]);
    assert_eq!(run_one(PLAN_ARG, &[ARG_MIN, DTYPE_I32, 2, 0, 1, 0, 6], &whole, 8)[6..], [0, 0]);
}

#[test]
fn scan_adds_up_in_both_directions() {
    let table: [(&[u32], [f32; 6]); 5] = [
        (&[SCAN_SUM, DTYPE_F32, 0, 0, 2, 3, 0, 6], [1.0, 3.0, 6.0, 4.0, 9.0, 15.0]),
        (&[SCAN_SUM, DTYPE_F32, 1, 0, 2, 3, 0, 6], [0.0, 1.0, 3.0, 0.0, 4.0, 9.0]),
        (&[SCAN_SUM, DTYPE_F32, 0, 1, 2, 3, 0, 6], [6.0, 5.0, 3.0, 15.0, 11.0, 6.0]),
        (&[SCAN_PRODUCT, DTYPE_F32, 0, 0, 1, 6, 0, 6], [1.0, 2.0, 6.0, 24.0, 120.0, 720.0]),
        (&[SCAN_PRODUCT, DTYPE_F32, 1, 1, 2, 3, 0, 6], [6.0, 3.0, 1.0, 30.0, 6.0, 1.0]),
    ];
    let source = floats(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    for (payload, wanted) in table {
        assert_eq!(run_one(PLAN_SCAN, payload, &source, 12)[6..], floats(&wanted));
        let mut in_place = payload.to_vec();
        in_place[7] = 0;
        assert_eq!(run_one(PLAN_SCAN, &in_place, &source, 12)[..6], floats(&wanted));
    }
    let whole = [3, 5, u32::MAX];
    assert_eq!(run_one(PLAN_SCAN, &[0, DTYPE_I32, 0, 0, 1, 3, 0, 3], &whole, 6)[3..], [3, 8, 7]);
}

/// relu(a b + bias) with its column sums, of [m, k] and [k, n]; in one plan
/// with the map after each row, and in one with the map after the product.
fn layer(epilogue: bool, [m, k, n]: [usize; 3], check: bool) -> (Vec<u32>, Outcome) {
    let mut noise = Noise(5);
    let [a, b, bias] = [0, m * k, m * k + k * n];
    let c = bias + n;
    let sums = c + m * n;
    let total = c + m * n;
    let word = |value: usize| value as u32;
    let product = vec![
        u32::from(epilogue),
        1,
        word(m),
        word(n),
        word(k),
        word(a),
        0,
        word(k),
        1,
        word(b),
        0,
        word(n),
        1,
        word(c),
        0,
        word(n),
    ];
    let dims = vec![m, n];
    let map = MapWords {
        loads: vec![
            contiguous(0, LOAD_MEMORY, c, &dims),
            Access { register: 1, kind: LOAD_MEMORY, offset: bias as i32, strides: vec![0, 1] },
        ],
        constants: vec![],
        ops: vec![[OP_ADD, 0, 0, 1, 0], [OP_RELU, 0, 0, 0, 0]],
        stores: vec![
            contiguous(0, STORE_F32, c, &dims),
            Access { register: 0, kind: STORE_SUM_F32, offset: sums as i32, strides: vec![0, 1] },
        ],
        registers: 2,
        dims,
    };
    let words = plan_words(total + n, &[(PLAN_PRODUCT, product), (PLAN_MAP, map.payload())]);
    let mut arena: Vec<u32> = (0..total + n).map(|_| noise.float().to_bits()).collect();
    if check {
        arena[bias] = f32::INFINITY.to_bits();
    }
    let result = executor(&words).run(&mut arena, check);
    (arena, result)
}

#[test]
fn epilogues_give_what_a_map_after_the_product_does() {
    for shape in [[1, 1, 1], [64, 64, 64], [70, 5, 33], [130, 3, 600], [3, 0, 5], [40, 7, 3]] {
        let [(fused, _), (apart, _)] = [true, false].map(|epilogue| layer(epilogue, shape, false));
        let outputs = shape[0] * shape[2];
        let first_sum = fused.len() - shape[2];
        assert_eq!(fused[..first_sum], apart[..first_sum], "{shape:?}");
        assert!(outputs > 0);
        for (x, y) in fused[first_sum..].iter().zip(&apart[first_sum..]) {
            let [x, y] = [x, y].map(|bits| f32::from_bits(*bits));
            assert!((x - y).abs() <= 1e-6 * y.abs(), "{shape:?}: {x} {y}");
        }
        // The same plan twice gives the same bytes.
        assert_eq!(fused, layer(true, shape, false).0);
    }
}

#[test]
fn run_tells_which_instruction_stored_what_is_not_finite() {
    for epilogue in [false, true] {
        assert_eq!(layer(epilogue, [64, 8, 16], true).1, Ok(2));
        assert_eq!(layer(epilogue, [64, 8, 16], false).1, Ok(0));
    }
    let scan = |source: u32| (PLAN_SCAN, vec![SCAN_SUM, DTYPE_F32, 0, 0, 1, 2, source, 4]);
    let words = plan_words(8, &[scan(0), (PLAN_ARG, vec![0, 0, 1, 2, 1, 2, 6]), scan(2)]);
    let mut arena = [0; 8];
    assert_eq!(executor(&words).run(&mut arena, true), Ok(0));
    arena[3] = f32::NAN.to_bits();
    assert_eq!(executor(&words).run(&mut arena, true), Ok(3));
}

#[test]
fn run_refuses_an_arena_of_another_length() {
    let mut executor = executor(&plan_words(8, &[]));
    assert_eq!(executor.run(&mut [0; 8], false), Ok(0));
    for length in [0, 7, 9] {
        assert_eq!(executor.run(&mut vec![0; length], false), Err(Fault::PLAN_ARENA));
    }
}

/// A plan with every kind of instruction, over an arena of so many words.
fn rich_plan(arena: usize) -> Vec<u32> {
    let dims = vec![4, 16];
    let map = MapWords {
        loads: vec![
            contiguous(0, LOAD_MEMORY, 0, &dims),
            Access { register: 1, kind: LOAD_MEMORY, offset: 64, strides: vec![0, 1] },
            Access { register: 2, kind: LOAD_IOTA, offset: 3, strides: vec![2, -1] },
            Access { register: 3, kind: LOAD_MEMORY, offset: 150, strides: vec![-16, 1] },
        ],
        constants: vec![(4, 2f32.to_bits())],
        ops: vec![
            [OP_ADD, 5, 0, 1, 0],
            [OP_I_TO_F, 2, 2, 0, 0],
            [OP_MULTIPLY_ADD, 5, 5, 4, 2],
            [OP_SELECT, 6, 3, 5, 4],
        ],
        stores: vec![
            contiguous(6, STORE_F32, 0, &dims),
            Access { register: 5, kind: STORE_SUM_F32, offset: 200, strides: vec![1, 0] },
            Access { register: 5, kind: STORE_MAX_F32, offset: 210, strides: vec![0, 1] },
            Access { register: 2, kind: STORE_SUM_I32, offset: 230, strides: vec![0, 0] },
        ],
        registers: 7,
        dims: dims.clone(),
    };
    let after = MapWords {
        loads: vec![contiguous(0, LOAD_MEMORY, 300, &dims)],
        ops: vec![[OP_TANH, 0, 0, 0, 0]],
        stores: vec![contiguous(0, STORE_F32, 364, &dims)],
        registers: 1,
        dims,
        ..Default::default()
    };
    plan_words(
        arena,
        &[
            (PLAN_MAP, map.payload()),
            (PLAN_PRODUCT, vec![1, 1, 4, 16, 8, 0, 0, 8, 1, 40, 0, 16, 1, 300, 0, 16]),
            (PLAN_MAP, after.payload()),
            (PLAN_GATHER, vec![1, 2, 8, 8, 300, 440, 0, 450]),
            (PLAN_SCATTER_ADD, vec![2, 8, 3, 450, 440, 470]),
            (PLAN_ARG, vec![ARG_MAX, DTYPE_F32, 4, 16, 1, 300, 500]),
            (PLAN_SCAN, vec![SCAN_SUM, DTYPE_F32, 0, 1, 4, 4, 0, 504]),
        ],
    )
}

/// Elements that a plan would compute, roughly: too many take too long.
fn is_quick(words: &[u32]) -> bool {
    let mut rest = &words[4.min(words.len())..];
    while let [opcode, length, ..] = *rest {
        let Some(payload) = rest.get(2..length as usize) else { return true };
        let lengths: &[u32] = match (opcode, payload) {
            (PLAN_MAP, [rank, ..]) => payload.get(6..6 + *rank as usize).unwrap_or(&[]),
            (PLAN_PRODUCT, [_, lengths @ ..]) => lengths.get(..4).unwrap_or(&[]),
            (PLAN_GATHER, lengths) => lengths.get(..3).unwrap_or(&[]),
            (PLAN_SCATTER_ADD, lengths) => lengths.get(..2).unwrap_or(&[]),
            (PLAN_ARG, [_, _, lengths @ ..]) => lengths.get(..3).unwrap_or(&[]),
            (PLAN_SCAN, [_, _, _, _, lengths @ ..]) => lengths.get(..2).unwrap_or(&[]),
            _ => &[],
        };
        if lengths.iter().map(|length| f64::from(*length)).product::<f64>() > 1e5 {
            return false;
        }
        rest = &rest[length as usize..];
    }
    true
}

/// Makes a plan of words, if it can be, and runs it between guards.
fn try_plan(words: &[u32], arena: usize) -> bool {
    let Ok(mut executor) = Executor::new(words, instruction_set()) else { return false };
    if executor.plan.arena_words != arena || !is_quick(words) {
        return true;
    }
    let mut noise = Noise(9);
    let mut memory = vec![GUARD_WORD; arena + 2 * GUARD];
    let (head, rest) = memory.split_at_mut(GUARD);
    let (middle, tail) = rest.split_at_mut(arena);
    middle.fill_with(|| if noise.one_in(2) { noise.below(5) as u32 } else { noise.bits() as u32 });
    let _ = executor.run(middle, true);
    assert!(head.iter().chain(tail.iter()).all(|word| *word == GUARD_WORD), "{words:?}");
    true
}

const ARENA: usize = 560;

#[test]
fn decode_takes_a_plan_of_everything() {
    let words = rich_plan(ARENA);
    assert!(try_plan(&words, ARENA));
    for length in 0..words.len() {
        assert!(!try_plan(&words[..length], ARENA), "cut to {length} words");
    }
    let longer = [&words[..], &[0]].concat();
    assert!(!try_plan(&longer, ARENA));
    // Arrays end where the arena does.
    assert!(try_plan(&rich_plan(520), 520));
    assert!(!try_plan(&rich_plan(519), 519));
}

#[test]
fn decode_refuses_or_runs_damaged_plans_within_the_arena() {
    let words = rich_plan(ARENA);
    let mut noise = Noise(11);
    let mut taken = 0;
    let single = (0..words.len()).flat_map(|at| (0..32).map(move |bit| (at, bit)));
    for (at, bit) in single.filter(|_| !cfg!(debug_assertions)) {
        let mut damaged = words.clone();
        damaged[at] ^= 1 << bit;
        taken += usize::from(try_plan(&damaged, ARENA));
    }
    for _ in 0..effort(60_000) {
        let mut damaged = words.clone();
        for _ in 0..1 + noise.below(3) {
            let at = 4 + noise.below(words.len() - 4);
            damaged[at] = match noise.below(5) {
                0 => noise.bits() as u32,
                1 => noise.below(8) as u32,
                2 => noise.below(ARENA) as u32,
                3 => damaged[at].wrapping_add(noise.below(5) as u32).wrapping_sub(2),
                _ => (noise.below(40) as u32).wrapping_neg(),
            };
        }
        taken += usize::from(try_plan(&damaged, ARENA));
    }
    assert!(cfg!(debug_assertions) || taken > 5000, "only {taken} were taken");
}

#[test]
fn decode_refuses_noise() {
    let mut noise = Noise(13);
    for _ in 0..effort(50_000) {
        let length = noise.below(60);
        let mut words: Vec<u32> = (0..length)
            .map(|_| if noise.one_in(3) { noise.bits() as u32 } else { noise.below(9) as u32 })
            .collect();
        for (word, known) in words.iter_mut().zip([PLAN_MAGIC, PLAN_VERSION, 64, 1]) {
            *word = known;
        }
        try_plan(&words, 64);
    }
}

#[test]
fn decode_refuses_what_would_overwrite_what_is_read() {
    let map = |load: Access, store: Access| {
        let map = MapWords {
            dims: vec![16],
            loads: vec![load],
            stores: vec![store],
            registers: 1,
            ..Default::default()
        };
        let words = plan_words(64, &[(PLAN_MAP, map.payload())]);
        Executor::new(&words, instruction_set()).is_ok()
    };
    let access = |kind, offset, stride| Access { register: 0, kind, offset, strides: vec![stride] };
    assert!(map(access(LOAD_MEMORY, 0, 1), access(STORE_F32, 0, 1)));
    assert!(map(access(LOAD_MEMORY, 0, 2), access(STORE_F32, 1, 2)));
    assert!(!map(access(LOAD_MEMORY, 0, 1), access(STORE_F32, 1, 1)));
    assert!(!map(access(LOAD_MEMORY, 15, -1), access(STORE_F32, 0, 1)));
    assert!(!map(access(LOAD_MEMORY, 3, 0), access(STORE_F32, 0, 1)));
    assert!(!map(access(LOAD_MEMORY, 0, 1), access(STORE_SUM_F32, 3, 0)));
    assert!(!map(access(LOAD_MEMORY, 0, 2), access(STORE_F32, 0, 1)));
    let product = |c: u32, c_row: u32, a: u32| {
        let payload = vec![0, 1, 4, 4, 4, a, 0, 4, 1, 16, 0, 4, 1, c, 0, c_row];
        let words = plan_words(64, &[(PLAN_PRODUCT, payload)]);
        Executor::new(&words, instruction_set()).is_ok()
    };
    assert!(product(32, 4, 0) && product(32, 8, 0));
    assert!(!product(16, 4, 0) && !product(32, 3, 0) && !product(32, 0, 0));
    assert!(!product(32, 4, 40) && !product(50, 4, 0));
}
