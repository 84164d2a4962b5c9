//! Maps whose results are known beforehand.

use super::tests::{Case, run};
use crate::plan::opcodes::*;
use crate::plan::testing::{Access, MapWords};

#[test]
fn a_store_in_place_leaves_what_is_still_used() {
    // x is doubled where it lies; then y = x + 2 x and z = x.
    let count = 1100;
    let access = |register, kind, offset| Access { register, kind, offset, strides: vec![1] };
    let map = MapWords {
        dims: vec![count],
        loads: vec![access(0, LOAD_MEMORY, 0)],
        ops: vec![[OP_ADD, 1, 0, 0, 0], [OP_ADD, 2, 0, 1, 0]],
        stores: vec![
            access(1, STORE_F32, 0),
            access(2, STORE_F32, count as i32),
            access(0, STORE_F32, 2 * count as i32),
        ],
        registers: 3,
        ..Default::default()
    };
    let arena = (0..3 * count).map(|i| (i as f32).to_bits()).collect();
    let found = run(&Case { map, arena }, crate::simd::instruction_set(), &[]);
    for i in 0..count {
        let [x, y, z] = [0, 1, 2].map(|part| f32::from_bits(found[part * count + i]));
        assert_eq!([x, y, z], [2.0, 3.0, 1.0].map(|factor| factor * i as f32));
    }
}

fn sum_of(values: &[f32], dims: &[usize], strides: &[i32]) -> Vec<f32> {
    let mut arena: Vec<u32> = values.iter().map(|value| value.to_bits()).collect();
    let mut steps = vec![1; dims.len()];
    for axis in (0..dims.len().saturating_sub(1)).rev() {
        steps[axis] = steps[axis + 1] * dims[axis + 1] as i32;
    }
    let kept = dims.iter().zip(strides).filter(|(_, stride)| **stride != 0);
    let outputs: usize = kept.map(|(length, _)| *length).product();
    let offset = arena.len() as i32;
    arena.extend(vec![0; outputs]);
    let load = Access { register: 0, kind: LOAD_MEMORY, offset: 0, strides: steps };
    let store = Access { register: 0, kind: STORE_SUM_F32, offset, strides: strides.to_vec() };
    let map = MapWords {
        dims: dims.to_vec(),
        loads: vec![load],
        stores: vec![store],
        registers: 1,
        ..Default::default()
    };
    let found = run(&Case { map, arena }, crate::simd::instruction_set(), &[]);
    found[offset as usize..].iter().map(|bits| f32::from_bits(*bits)).collect()
}

#[test]
fn long_sums_are_accurate() {
    // A plain loop in floats is off by 1e-2.
    for value in [0.1f32, 1.0 / 3.0, 16_777_215.0, 1e-30] {
        let count = if cfg!(miri) { 10_000 } else { 1_000_000 };
        let values = vec![value; count];
        let layouts: [(&[usize], &[i32]); 4] = [
            (&[count], &[0]),
            (&[count / 4, 4], &[0, 1]),
            (&[count / 100, 100], &[0, 1]),
            (&[2, count / 2], &[1, 0]),
        ];
        for (dims, strides) in layouts {
            let sums = sum_of(&values, dims, strides);
            let wanted = f64::from(value) * (count / sums.len()) as f64;
            for sum in sums {
                let error = (f64::from(sum) / wanted - 1.0).abs();
                assert!(error < 1e-6, "{value} over {dims:?} is off by {error}");
            }
        }
    }
}
