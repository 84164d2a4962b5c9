//! Arithmetic over arrays in vectors: the same order of operations everywhere,
//! so that results have the same bits whatever the width of the vectors.

const LANES: usize = 8;

/// A sum of terms of values, in eight lanes.
#[inline(always)]
pub fn sum(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += term(*value);
        }
    }
    for (lane, value) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane += term(*value);
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// The largest of values that are numbers.
#[inline(always)]
pub fn largest(values: &[f64]) -> f64 {
    let pick = |a: f64, b: f64| if b > a { b } else { a };
    let mut lanes = [f64::NEG_INFINITY; LANES];
    let mut chunks = values.chunks_exact(LANES);
    for chunk in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = pick(*lane, *value);
        }
    }
    for (lane, value) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane = pick(*lane, *value);
    }
    lanes.into_iter().fold(f64::NEG_INFINITY, pick)
}

/// Two to a power of -1022 to 0, by the Taylor series of what is left of the
/// nearest whole number: within 2 ulp.
#[inline(always)]
pub fn power_of_two(x: f64) -> f64 {
    // Adding it rounds to a whole number, which its low bits then hold.
    const ROUND: f64 = 6755399441055744.0;
    let x = if x < -1022.0 { -1022.0 } else { x };
    let shifted = x + ROUND;
    let f = (x - (shifted - ROUND)) * std::f64::consts::LN_2;
    // In pairs, which do not wait for one another.
    let square = f * f;
    let fourth = square * square;
    let head = (1.0 + f) + square * (1.0 / 2.0 + f * (1.0 / 6.0));
    let middle = (1.0 / 24.0 + f * (1.0 / 120.0)) + square * (1.0 / 720.0 + f * (1.0 / 5040.0));
    let tail = (1.0 / 40320.0 + f * (1.0 / 362880.0))
        + square * (1.0 / 3628800.0 + f * (1.0 / 39916800.0));
    let fraction = head + fourth * (middle + fourth * (tail + fourth * (1.0 / 479001600.0)));
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    fraction * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_of_two_is_close() {
        for i in 0..10_000 {
            let x = -f64::from(i) * 0.0917;
            let ratio = power_of_two(x) / x.exp2();
            assert!((ratio - 1.0).abs() < 5e-16, "{x}: {ratio}");
        }
        assert_eq!(power_of_two(0.0), 1.0);
        assert_eq!(power_of_two(-1e300), 2f64.powi(-1022));
    }
}
