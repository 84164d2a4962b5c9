use super::*;
use crate::plan::testing::effort;

/// Errors in units of the last place of the true value.
fn ulps(found: f32, truth: f64) -> f64 {
    let rounded = truth as f32;
    if found.to_bits() == rounded.to_bits() || found.is_nan() && truth.is_nan() {
        return 0.0;
    }
    let next = f32::from_bits((rounded.abs().to_bits() + 1).min(0x7f7f_ffff));
    let before = f32::from_bits(next.to_bits() - 1);
    ((f64::from(found) - truth) / f64::from(next - before)).abs()
}

type Case = (&'static str, fn(f32) -> f32, fn(f64) -> f64);

const CASES: [Case; 8] = [
    ("exp", exp, libm::exp),
    ("expm1", expm1, libm::expm1),
    ("log", log, libm::log),
    ("log1p", log1p, libm::log1p),
    ("tanh", tanh, libm::tanh),
    ("sigmoid", sigmoid, |x| 1.0 / (1.0 + libm::exp(-x))),
    ("softplus", softplus, |x| {
        if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) }
    }),
    ("erf", erf, libm::erf),
];

/// Numbers over the whole range: every so many bits, and more where the
/// functions bend.
fn samples(step: usize) -> impl Iterator<Item = f32> {
    let all = (0..=u32::MAX).step_by(step).map(f32::from_bits);
    let near = (0x3c00_0000..0x4380_0000u32).step_by(step / 16);
    all.chain(near.flat_map(|bits| [f32::from_bits(bits), -f32::from_bits(bits)]))
}

fn largest_error((name, function, truth): Case, step: usize) -> f64 {
    let (mut worst, mut at) = (0.0, 0.0);
    for x in samples(step) {
        let wanted = truth(f64::from(x));
        let error = if (wanted as f32).is_infinite() && wanted.is_finite() {
            // Above the largest number: that, or infinity.
            f64::from(u8::from(function(x).abs() < f32::MAX)) * 9.0
        } else {
            ulps(function(x), wanted)
        };
        if error > worst || error.is_nan() {
            (worst, at) = (error, x);
        }
    }
    println!("{name}: {worst:.3} ulp at {at:e} ({:x})", at.to_bits());
    worst
}

#[test]
fn functions_are_within_two_ulp() {
    // With steps of 16 the errors are 0.91, 1.53, 0.84, 0.84, 1.33, 1.97, 1.97
    // and 1.35 ulp.
    let step = 20_011 * (1000 / effort(1000));
    for case in CASES {
        let worst = largest_error(case, step);
        assert!(worst < 2.0, "{} is off by {worst} ulp", case.0);
    }
}

#[test]
fn functions_keep_special_values() {
    let inf = f32::INFINITY;
    let table: [(f32, [f32; 8]); 6] = [
        (0.0, [1.0, 0.0, -inf, 0.0, 0.0, 0.5, 2f32.ln(), 0.0]),
        (-0.0, [1.0, -0.0, -inf, -0.0, -0.0, 0.5, 2f32.ln(), -0.0]),
        (inf, [inf, inf, inf, inf, 1.0, 1.0, inf, 1.0]),
        (-inf, [0.0, -1.0, f32::NAN, f32::NAN, -1.0, 0.0, 0.0, -1.0]),
        (f32::NAN, [f32::NAN; 8]),
        (f32::from_bits(1), {
            let tiny = f32::from_bits(1);
            [1.0, tiny, -103.278_93, tiny, tiny, 0.5, 2f32.ln(), tiny]
        }),
    ];
    for (x, wanted) in table {
        for ((name, function, _), wanted) in CASES.into_iter().zip(wanted) {
            let found = function(x);
            let same = found.to_bits() == wanted.to_bits() || found.is_nan() && wanted.is_nan();
            assert!(same, "{name}({x}) is {found}, expected {wanted}");
        }
    }
}
