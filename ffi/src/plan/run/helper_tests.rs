use super::*;
use crate::plan::opcodes::*;
use crate::plan::testing::{Access, MapWords, Noise, plan_words};
use crate::plan::threads::Helper;
use crate::simd::instruction_set;

#[test]
fn a_large_map_gives_the_same_bytes_with_a_helper() {
    let dims = vec![70, 301];
    let total = dims[0] * dims[1];
    let map = MapWords {
        loads: vec![
            Access { register: 0, kind: LOAD_MEMORY, offset: 0, strides: vec![301, 1] },
            Access { register: 1, kind: LOAD_MEMORY, offset: total as i32, strides: vec![0, 1] },
            Access { register: 2, kind: LOAD_MEMORY, offset: total as i32, strides: vec![2, 0] },
        ],
        constants: vec![(3, 0.75f32.to_bits())],
        ops: (0..10)
            .map(|i| [[OP_TANH, OP_ADD, OP_MUL][i % 3], 0, 0, 1 + i as u32 % 3, 0])
            .collect(),
        stores: vec![Access { register: 0, kind: STORE_F32, offset: 0, strides: vec![301, 1] }],
        registers: 4,
        dims,
    };
    let words = plan_words(total + 301, &[(PLAN_MAP, map.payload())]);
    let mut executor = Executor::new(&words, instruction_set()).unwrap();
    assert!(shared_work(&executor.plan.instructions[0]) > 0);
    let mut noise = Noise(17);
    let start: Vec<u32> = (0..total + 301).map(|_| noise.float().to_bits()).collect();
    let mut alone = start.clone();
    executor.run_with(Hands::Both(None), &mut alone, false).unwrap();
    assert_ne!(alone, start);
    let helper = Helper::start().unwrap();
    for _ in 0..20 {
        let mut run = start.clone();
        executor.run_with(Hands::Both(helper.begin().as_ref()), &mut run, false).unwrap();
        assert!(run == alone);
    }
}

/// A product of `rows` x 32 by 32 x 64, and what follows it: sums of all, of each
/// row, and of each column.
fn product_with_sums(rows: usize) -> (Vec<u32>, usize) {
    let (columns, depth) = (64, 32);
    let total = rows * columns;
    let [a, b] = [total, total + rows * depth].map(|start| start as i32);
    let sums = b + (depth * columns) as i32;
    let arena = sums as usize + 1 + rows + columns;
    let (wide, long) = (columns as i32, depth as i32);
    let mut product = vec![PRODUCT_EPILOGUE, 1];
    product.extend([rows, columns, depth].map(|length| length as u32));
    product.extend([a, 0, long, 1, b, 0, wide, 1, 0, 0, wide].map(|word| word as u32));
    let sum = |offset: usize, strides: Vec<i32>| Access {
        register: 1,
        kind: STORE_SUM_F32,
        offset: sums + offset as i32,
        strides,
    };
    let map = MapWords {
        dims: vec![rows, columns],
        loads: vec![Access { register: 0, kind: LOAD_MEMORY, offset: 0, strides: vec![wide, 1] }],
        ops: vec![[OP_TANH, 1, 0, 0, 0]],
        stores: vec![sum(0, vec![0, 0]), sum(1, vec![1, 0]), sum(1 + rows, vec![0, 1])],
        registers: 2,
        ..Default::default()
    };
    let words = plan_words(arena, &[(PLAN_PRODUCT, product), (PLAN_MAP, map.payload())]);
    (words, arena)
}

#[test]
fn sums_behind_a_large_product_have_the_same_bytes_whether_or_not_the_helper_is_free() {
    for rows in [1000, 3000, 4096] {
        let (words, arena) = product_with_sums(rows);
        let mut executor = Executor::new(&words, instruction_set()).unwrap();
        assert!(shared_work(&executor.plan.instructions[0]) > 0);
        let mut noise = Noise(rows as u64);
        let start: Vec<u32> = (0..arena).map(|_| noise.float().to_bits()).collect();
        let mut alone = start.clone();
        executor.run_with(Hands::Both(None), &mut alone, false).unwrap();
        assert_ne!(alone, start);
        let helper = Helper::start().unwrap();
        for _ in 0..5 {
            let mut run = start.clone();
            let shift = helper.begin();
            executor.run_with(Hands::Both(shift.as_ref()), &mut run, false).unwrap();
            assert!(run == alone, "{rows} rows");
        }
    }
}
