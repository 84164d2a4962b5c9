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
    executor.run_with(None, &mut alone, false).unwrap();
    assert_ne!(alone, start);
    let helper = Helper::start().unwrap();
    for _ in 0..20 {
        let mut run = start.clone();
        executor.run_with(helper.begin().as_ref(), &mut run, false).unwrap();
        assert!(run == alone);
    }
}
