//! A neuron whose excitatory and inhibitory synapses learn, step by step, as
//! somebody walks over the pixels of an arena (Weber and Sprekeler, eLife
//! 7:e34560, 2018, equations 1 to 3). The twin is `_plasticity_twin.ts`: sums
//! run over the same lanes there, so that both give the same bits whatever the
//! width of the processor's vectors.
//!
//! Rates of the inputs are given by pixel, as those blocks of eight cells that
//! are not silent there.

use crate::abi::{Fault, Outcome};
use crate::simd::{InstructionSet, instruction_set};
use crate::{export, shared_constants};

shared_constants! {
    /// Cells of a block.
    PLASTICITY_BLOCK: usize = 8;
    /// Numbers of a neuron.
    PLASTICITY_NUMBERS: usize = 6;
    /// Number: what the stored excitatory weights are multiplied by.
    PLASTICITY_SCALE: usize = 0;
    /// Number: sum of squares that the excitatory weights keep.
    PLASTICITY_SQUARES: usize = 1;
    /// Number: steps so far.
    PLASTICITY_STEPS: usize = 2;
    /// Number: learning rate of excitatory weights.
    PLASTICITY_EXCITATORY_RATE: usize = 3;
    /// Number: learning rate of inhibitory weights.
    PLASTICITY_INHIBITORY_RATE: usize = 4;
    /// Number: rate that inhibition aims at, Hz.
    PLASTICITY_TARGET: usize = 5;
    /// Steps after which rounding errors of the sum of squares are taken out.
    PLASTICITY_RENEWAL: usize = 65536;
}

type Weights = [f64; PLASTICITY_BLOCK];
type Rates = [f32; PLASTICITY_BLOCK];

/// Rates of all inputs of a kind, pixel by pixel.
struct Inputs<'a> {
    rates: &'a [Rates],
    /// Which block of cells each block of rates belongs to.
    blocks: &'a [u32],
    /// Where each pixel's blocks begin, and where the last one's end.
    starts: &'a [u32],
    /// Sum of the squares of each pixel's rates.
    squares: &'a [f64],
}

/// The blocks of one pixel.
#[derive(Clone, Copy)]
struct Row<'a> {
    rates: &'a [Rates],
    blocks: &'a [u32],
}

impl<'a> Inputs<'a> {
    fn new(
        rates: &'a [f32],
        blocks: &'a [u32],
        starts: &'a [u32],
        squares: &'a [f64],
    ) -> Result<Inputs<'a>, Fault> {
        let (rates, rest) = rates.as_chunks();
        let fits = rest.is_empty()
            && rates.len() == blocks.len()
            && starts.len() == squares.len() + 1
            && starts.last().is_some_and(|end| *end as usize == blocks.len());
        if fits { Ok(Inputs { rates, blocks, starts, squares }) } else { Err(Fault::LENGTH) }
    }

    #[inline(always)]
    fn row(&self, pixel: usize) -> Result<Row<'a>, Fault> {
        let Some([start, end]) = self.starts.get(pixel..).and_then(|rest| rest.first_chunk())
        else {
            return Err(Fault::ARGUMENT);
        };
        let range = *start as usize..*end as usize;
        match (self.rates.get(range.clone()), self.blocks.get(range)) {
            (Some(rates), Some(blocks)) => Ok(Row { rates, blocks }),
            _ => Err(Fault::ARGUMENT),
        }
    }
}

#[inline(always)]
fn add_products(lanes: &mut Weights, weights: &Weights, rates: &Rates) {
    for ((lane, weight), rate) in lanes.iter_mut().zip(weights).zip(rates) {
        *lane += weight * f64::from(*rate);
    }
}

#[inline(always)]
fn sum_of_lanes(lanes: &Weights) -> f64 {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// Sum of weights times rates, in two rounds of lanes that take turns.
#[inline(always)]
fn drive(weights: &[Weights], row: Row) -> Result<f64, Fault> {
    let find = |block: &u32| weights.get(*block as usize).ok_or(Fault::ARGUMENT);
    let (mut even, mut odd) = ([0.0; PLASTICITY_BLOCK], [0.0; PLASTICITY_BLOCK]);
    let (rates, last_rates) = row.rates.as_chunks::<2>();
    let (blocks, last_blocks) = row.blocks.as_chunks::<2>();
    for ([first, second], [rates_first, rates_second]) in blocks.iter().zip(rates) {
        add_products(&mut even, find(first)?, rates_first);
        add_products(&mut odd, find(second)?, rates_second);
    }
    for (block, rates) in last_blocks.iter().zip(last_rates) {
        add_products(&mut even, find(block)?, rates);
    }
    for (lane, other) in even.iter_mut().zip(odd) {
        *lane += other;
    }
    Ok(sum_of_lanes(&even))
}

#[inline(always)]
fn add_rates(weights: &mut [Weights], row: Row, factor: f64) {
    for (block, rates) in row.blocks.iter().zip(row.rates) {
        let weights = &mut weights[*block as usize];
        for (weight, rate) in weights.iter_mut().zip(rates) {
            *weight += factor * f64::from(*rate);
        }
    }
}

/// As [`add_rates`]; what would be negative becomes zero.
#[inline(always)]
fn add_rates_above_zero(weights: &mut [Weights], row: Row, factor: f64) {
    for (block, rates) in row.blocks.iter().zip(row.rates) {
        let weights = &mut weights[*block as usize];
        for (weight, rate) in weights.iter_mut().zip(rates) {
            let next = *weight + factor * f64::from(*rate);
            *weight = if next > 0.0 { next } else { 0.0 };
        }
    }
}

/// Multiplies the weights by the scale, and finds the scale that gives them
/// the sum of squares that they keep.
#[inline(always)]
fn renew_scale(weights: &mut [Weights], numbers: &mut [f64]) {
    let scale = numbers[PLASTICITY_SCALE];
    let mut lanes = [0.0; PLASTICITY_BLOCK];
    for block in weights.iter_mut() {
        for (lane, weight) in lanes.iter_mut().zip(block) {
            *weight *= scale;
            *lane += *weight * *weight;
        }
    }
    numbers[PLASTICITY_SCALE] = (numbers[PLASTICITY_SQUARES] / sum_of_lanes(&lanes)).sqrt();
}

/// All steps; `outputs` takes the rate after each where it has room.
#[inline(always)]
fn all_steps(
    excitatory: &Inputs,
    inhibitory: &Inputs,
    weights: [&mut [Weights]; 2],
    numbers: &mut [f64],
    pixels: &[u32],
    outputs: &mut [f64],
) -> Outcome {
    let [excitation, inhibition] = weights;
    let rates = [numbers[PLASTICITY_EXCITATORY_RATE], numbers[PLASTICITY_INHIBITORY_RATE]];
    let (kept, target) = (numbers[PLASTICITY_SQUARES], numbers[PLASTICITY_TARGET]);
    let mut outputs = outputs.iter_mut();
    for pixel in pixels {
        let pixel = *pixel as usize;
        let (excites, inhibits) = (excitatory.row(pixel)?, inhibitory.row(pixel)?);
        let excited = numbers[PLASTICITY_SCALE] * drive(excitation, excites)?;
        let difference = excited - drive(inhibition, inhibits)?;
        let output = if difference > 0.0 { difference } else { 0.0 };
        if output > 0.0 {
            let change = rates[0] * output;
            add_rates(excitation, excites, change / numbers[PLASTICITY_SCALE]);
            let squares = kept + change * (2.0 * excited + change * excitatory.squares[pixel]);
            numbers[PLASTICITY_SCALE] *= (kept / squares).sqrt();
        }
        add_rates_above_zero(inhibition, inhibits, rates[1] * (output - target));
        numbers[PLASTICITY_STEPS] += 1.0;
        if numbers[PLASTICITY_STEPS] % PLASTICITY_RENEWAL as f64 == 0.0 {
            renew_scale(excitation, numbers);
        }
        if let Some(out) = outputs.next() {
            *out = output;
        }
    }
    Ok(0)
}

macro_rules! compiled_for {
    ($name:ident, $features:literal) => {
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = $features)]
        fn $name(
            excitatory: &Inputs,
            inhibitory: &Inputs,
            weights: [&mut [Weights]; 2],
            numbers: &mut [f64],
            pixels: &[u32],
            outputs: &mut [f64],
        ) -> Outcome {
            all_steps(excitatory, inhibitory, weights, numbers, pixels, outputs)
        }
    };
}

compiled_for!(all_steps_avx2, "avx2");
compiled_for!(all_steps_avx512, "avx512f");

#[allow(unsafe_code)]
fn dispatch(
    excitatory: &Inputs,
    inhibitory: &Inputs,
    weights: [&mut [Weights]; 2],
    numbers: &mut [f64],
    pixels: &[u32],
    outputs: &mut [f64],
) -> Outcome {
    match instruction_set() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the processor has the instructions.
        InstructionSet::Avx512 => unsafe {
            all_steps_avx512(excitatory, inhibitory, weights, numbers, pixels, outputs)
        },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the processor has the instructions.
        InstructionSet::Avx2 => unsafe {
            all_steps_avx2(excitatory, inhibitory, weights, numbers, pixels, outputs)
        },
        _ => all_steps(excitatory, inhibitory, weights, numbers, pixels, outputs),
    }
}

export! {
    /// Steps a neuron through pixels, whose rates of excitatory and inhibitory
    /// inputs stand in tables.
    ///
    /// A table has rates in blocks of `PLASTICITY_BLOCK`, the block of cells
    /// that each belongs to, where each pixel's begin, and the sum of each
    /// pixel's squares. Weights are as many as whole blocks hold. `outputs`
    /// takes the rate after each step, as far as it goes. A pixel or a block
    /// that is none is a fault, and what was learned before it stays.
    fn loadstar_plasticity_steps(
        excitatory_rates: &[f32],
        excitatory_blocks: &[u32],
        excitatory_starts: &[u32],
        excitatory_squares: &[f64],
        inhibitory_rates: &[f32],
        inhibitory_blocks: &[u32],
        inhibitory_starts: &[u32],
        inhibitory_squares: &[f64],
        excitatory_weights: &mut [f64],
        inhibitory_weights: &mut [f64],
        numbers: &mut [f64],
        pixels: &[u32],
        outputs: &mut [f64]
    ) {
        let excitatory =
            Inputs::new(excitatory_rates, excitatory_blocks, excitatory_starts, excitatory_squares)?;
        let inhibitory =
            Inputs::new(inhibitory_rates, inhibitory_blocks, inhibitory_starts, inhibitory_squares)?;
        let (excitation, rest) = excitatory_weights.as_chunks_mut();
        let (inhibition, other_rest) = inhibitory_weights.as_chunks_mut();
        if !(rest.is_empty() && other_rest.is_empty() && numbers.len() == PLASTICITY_NUMBERS) {
            return Err(Fault::LENGTH);
        }
        dispatch(&excitatory, &inhibitory, [excitation, inhibition], numbers, pixels, outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: [f32; 24] = [
        0.5, 0.25, 1.0, 0.0, 0.0, 0.0, 0.0, 0.125, //
        0.0, 0.0, 0.0, 0.75, 0.0, 0.0, 0.0, 0.0, //
        1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5,
    ];
    const BLOCKS: [u32; 3] = [0, 1, 1];
    const STARTS: [u32; 3] = [0, 2, 3];

    fn squares() -> [f64; 2] {
        [0, 1].map(|pixel| {
            let cells = 8 * STARTS[pixel] as usize..8 * STARTS[pixel + 1] as usize;
            RATES[cells].iter().map(|rate| f64::from(*rate).powi(2)).sum()
        })
    }

    struct Neuron {
        weights: [[Weights; 2]; 2],
        numbers: [f64; PLASTICITY_NUMBERS],
    }

    fn neuron() -> Neuron {
        Neuron {
            weights: [[[1.0; 8]; 2], [[0.5; 8]; 2]],
            numbers: [1.0, 16.0, 0.0, 0.01, 0.02, 1.0],
        }
    }

    fn walk(neuron: &mut Neuron, pixels: &[u32], outputs: &mut [f64]) -> Outcome {
        let squares = squares();
        let inputs = || Inputs::new(&RATES, &BLOCKS, &STARTS, &squares).unwrap();
        let [excitation, inhibition] = &mut neuron.weights;
        let weights: [&mut [Weights]; 2] = [excitation, inhibition];
        dispatch(&inputs(), &inputs(), weights, &mut neuron.numbers, pixels, outputs)
    }

    #[test]
    fn a_step_is_that_of_the_equations() {
        let mut neuron = neuron();
        let mut outputs = [0.0];
        walk(&mut neuron, &[0], &mut outputs).unwrap();
        let rates = RATES[..16].iter().map(|rate| f64::from(*rate)).collect::<Vec<_>>();
        let output: f64 = rates.iter().map(|rate| rate * 0.5).sum();
        assert!((outputs[0] - output).abs() < 1e-15);
        let raw: Vec<f64> = rates.iter().map(|rate| 1.0 + 0.01 * rate * output).collect();
        let norm = (16.0 / raw.iter().map(|weight| weight * weight).sum::<f64>()).sqrt();
        let scale = neuron.numbers[PLASTICITY_SCALE];
        for (i, raw) in raw.iter().enumerate() {
            let weight = scale * neuron.weights[0][i / 8][i % 8];
            assert!((weight - norm * raw).abs() < 1e-14, "excitatory {i}");
            let expected = 0.5 + 0.02 * rates[i] * (output - 1.0);
            assert!((neuron.weights[1][i / 8][i % 8] - expected).abs() < 1e-15, "{i}");
        }
    }

    #[test]
    fn squares_are_kept_and_inhibition_does_not_become_negative() {
        let mut neuron = neuron();
        neuron.numbers[PLASTICITY_TARGET] = 1e3;
        let pixels = [0, 1].repeat(40_000);
        walk(&mut neuron, &pixels, &mut []).unwrap();
        let scale = neuron.numbers[PLASTICITY_SCALE];
        let squares: f64 =
            neuron.weights[0].as_flattened().iter().map(|weight| (scale * weight).powi(2)).sum();
        assert!((squares - 16.0).abs() < 1e-9, "{squares}");
        assert!(neuron.weights[1].as_flattened().iter().all(|weight| *weight >= 0.0));
        assert_eq!(neuron.weights[1][0][0], 0.0);
    }

    #[test]
    fn all_instruction_sets_agree() {
        let pixels = [0, 1, 1, 0, 1].repeat(20_000);
        let mut fast = neuron();
        walk(&mut fast, &pixels, &mut []).unwrap();
        let mut plain = neuron();
        let squares = squares();
        let inputs = Inputs::new(&RATES, &BLOCKS, &STARTS, &squares).unwrap();
        let [excitation, inhibition] = &mut plain.weights;
        let weights: [&mut [Weights]; 2] = [excitation, inhibition];
        all_steps(&inputs, &inputs, weights, &mut plain.numbers, &pixels, &mut []).unwrap();
        assert_eq!(fast.weights, plain.weights);
        assert_eq!(fast.numbers, plain.numbers);
    }

    #[test]
    fn what_does_not_fit_is_a_fault() {
        assert_eq!(walk(&mut neuron(), &[2], &mut []), Err(Fault::ARGUMENT));
        let squares = squares();
        let refused = |rates: &[f32], blocks: &[u32], starts: &[u32]| {
            Inputs::new(rates, blocks, starts, &squares).is_err()
        };
        assert!(refused(&RATES[..23], &BLOCKS, &STARTS));
        assert!(refused(&RATES, &BLOCKS[..2], &STARTS));
        assert!(refused(&RATES, &BLOCKS, &[0, 3]));
        assert!(refused(&RATES, &BLOCKS, &[0, 2, 4]));
        let inputs = Inputs::new(&RATES, &[0, 1, 2], &STARTS, &squares).unwrap();
        let row = inputs.row(1).unwrap();
        assert_eq!(drive(&[[0.0; 8]; 2], row), Err(Fault::ARGUMENT));
    }
}
