//! Draws that TypeScript repeats bit by bit: xoshiro128++ (Blackman and Vigna,
//! ACM TOMS 2021) and what is made of it. The twin is `_reservoir_draws.ts`.

use std::sync::LazyLock;

const TWO_POW_53: f64 = 9007199254740992.0;

/// Below this, one minus it loses digits that the series keeps.
const SERIES_LIMIT: f64 = 1.0 / 128.0;

/// Below this, the exponential's series has all its digits.
const SHRINK_LIMIT: f64 = 1.0 / 16.0;

const LAYERS: usize = 256;

/// The lower half of a word.
const HALF: u32 = 0xffff;

/// Where the lowest layer of the ziggurat ends and the tail begins, and the
/// area of each layer (Marsaglia and Tsang, "The ziggurat method for
/// generating random variables", 2000).
const TAIL: f64 = 7.697_117_470_131_05;
const AREA: f64 = 0.003_949_659_822_581_557;

/// Layers of one area below exp(-x), the lowest first.
struct Ziggurat {
    /// The width of each, over 2^53.
    unit: [f64; LAYERS],
    /// How much of each lies below the density all the way: the width of the
    /// one above.
    inner: [f64; LAYERS],
    /// The density at the right end of each, and 1 at the top.
    height: [f64; LAYERS + 1],
}

static ZIGGURAT: LazyLock<Ziggurat> = LazyLock::new(|| {
    let mut ziggurat =
        Ziggurat { unit: [0.0; LAYERS], inner: [0.0; LAYERS], height: [1.0; LAYERS + 1] };
    let mut width = AREA / libm::exp(-TAIL);
    let mut inner = TAIL;
    for layer in 0..LAYERS {
        ziggurat.unit[layer] = width / TWO_POW_53;
        ziggurat.inner[layer] = inner;
        // The lowest layer's height is that where the tail begins.
        ziggurat.height[layer] = if layer == 0 { 0.0 } else { libm::exp(-width) };
        width = inner;
        let top = libm::exp(-inner) + AREA / inner;
        inner = if layer + 2 < LAYERS { -libm::log(top) } else { 0.0 };
    }
    ziggurat
});

const POINTS: usize = 128;

/// One over each of equidistant points from 1 to 2, and its logarithm.
static LOGARITHMS: LazyLock<[(f64, f64); POINTS]> = LazyLock::new(|| {
    std::array::from_fn(|point| {
        let inverse = 1.0 / (1.0 + (point as f64 + 0.5) / POINTS as f64);
        (inverse, -libm::log(inverse))
    })
});

/// A stream of random words.
#[derive(Clone, Debug)]
pub struct Random {
    words: [u32; 4],
    /// What the slots of four items are drawn from.
    spare: u32,
}

impl Random {
    /// Goes on from four words.
    pub fn new(words: [u32; 4]) -> Random {
        Random { words, spare: 0 }
    }

    /// Goes on from four words and the spare one.
    pub fn with_spare(words: [u32; 4], spare: u32) -> Random {
        Random { words, spare }
    }

    /// The words to go on from.
    pub fn words(&self) -> [u32; 4] {
        self.words
    }

    /// The spare word to go on from.
    pub fn spare(&self) -> u32 {
        self.spare
    }

    /// The next 32 bits.
    #[inline]
    pub fn next_word(&mut self) -> u32 {
        let [s0, s1, s2, s3] = self.words;
        let result = s0.wrapping_add(s3).rotate_left(7).wrapping_add(s0);
        let s2 = s2 ^ s0;
        let s3 = s3 ^ s1;
        self.words = [s0 ^ s3, s1 ^ s2, s2 ^ (s1 << 9), s3.rotate_left(11)];
        result
    }

    fn uniform_bits(&mut self) -> f64 {
        let upper = f64::from(self.next_word() >> 5);
        let lower = f64::from(self.next_word() >> 6);
        upper * 67108864.0 + lower
    }

    /// A number from 0 to 1, 1 not reached, with 53 bits.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        self.uniform_bits() / TWO_POW_53
    }

    /// An exponential variate of mean 1, by the ziggurat.
    #[inline(always)]
    pub fn exponential(&mut self) -> f64 {
        let (layer, x) = self.layer_and_place();
        if x < ZIGGURAT.inner[layer] {
            return x;
        }
        // By value, so that the words of the common case stay in registers.
        let (random, x) = self.clone().exponential_from(layer, x);
        *self = random;
        x
    }

    /// Eight bits choose the layer, 53 others the place in it.
    #[inline(always)]
    fn layer_and_place(&mut self) -> (usize, f64) {
        let upper = u64::from(self.next_word());
        let lower = self.next_word();
        let place = (upper << 21 | u64::from(lower >> 11)) as i64 as f64;
        let layer = lower as usize % LAYERS;
        (layer, place * ZIGGURAT.unit[layer])
    }

    /// What becomes of a place that is not below the density all the way.
    #[cold]
    #[inline(never)]
    fn exponential_from(mut self, layer: usize, x: f64) -> (Random, f64) {
        let (mut layer, mut x) = (layer, x);
        // The tail is the density again, further on.
        let mut start = 0.0;
        loop {
            if x < ZIGGURAT.inner[layer] {
                return (self, start + x);
            }
            if layer == 0 {
                start += TAIL;
            } else {
                let [low, high] = [ZIGGURAT.height[layer], ZIGGURAT.height[layer + 1]];
                if low + self.uniform() * (high - low) < libm::exp(-x) {
                    return (self, start + x);
                }
            }
            (layer, x) = self.layer_and_place();
        }
    }

    /// A whole number below `count`, which is at most 2^20, by Lemire's
    /// rejection ("Fast random integer generation in an interval", 2019).
    #[inline]
    pub fn slot(&mut self, count: u32) -> usize {
        let mut product = u64::from(self.next_word()) * u64::from(count);
        if (product as u32) < count {
            let threshold = count.wrapping_neg() % count;
            while (product as u32) < threshold {
                product = u64::from(self.next_word()) * u64::from(count);
            }
        }
        (product >> 32) as usize
    }

    /// The slot of an item with so many before it, where [`byte_shift`] is not
    /// 0: the first bits of a byte of a word that is drawn for each four items.
    #[inline(always)]
    pub fn slot_of_byte(&mut self, shift: u32, before: u64) -> usize {
        let byte = before % 4;
        if byte == 0 {
            self.spare = self.next_word();
        }
        ((self.spare << (8 * byte)) >> shift) as usize
    }

    /// The slot of an item with so many before it, of at most `MAX_OF_HALVES`
    /// slots: by the same rejection from half of a word that is drawn for each
    /// two items, and from a word of its own where that half is rejected.
    #[inline(always)]
    pub fn slot_of_half(&mut self, count: u32, before: u64) -> usize {
        let is_first = before.is_multiple_of(2);
        if is_first {
            self.spare = self.next_word();
        }
        let half = if is_first { self.spare >> 16 } else { self.spare & HALF };
        let product = half * count;
        if product & HALF < count && product & HALF < (HALF + 1) % count {
            return self.slot(count);
        }
        (product >> 16) as usize
    }

    /// A whole number below `count`, which is at most 2^53.
    #[inline]
    pub fn below(&mut self, count: u64) -> u64 {
        let (range, wide) = if count <= 1 << 32 { (1u64 << 32, false) } else { (1u64 << 53, true) };
        loop {
            let draw = if wide { self.uniform_bits() as u64 } else { u64::from(self.next_word()) };
            // Only the last, incomplete run of `count` values is redrawn.
            if draw < range - count || draw < range - range % count {
                return draw % count;
            }
        }
    }
}

/// How many bits of a word are not of a slot, where the slots of a reservoir
/// that every item enters are bytes of words: its size is a power of two. 0
/// where they are not.
pub fn byte_shift(count: u32) -> u32 {
    let fits = (2..=256).contains(&count) && count.is_power_of_two();
    if fits { count.leading_zeros() + 1 } else { 0 }
}

/// `-ln(1 - w)` for w from 0 to 1, without losing the digits of a small w.
#[inline]
pub fn minus_log_one_minus(w: f64) -> f64 {
    if w >= SERIES_LIMIT {
        return minus_log(1.0 - w);
    }
    let square = w * w;
    let tail = (1.0 / 5.0 + w * (1.0 / 6.0)) + square * (1.0 / 7.0 + w * (1.0 / 8.0));
    let rest = (1.0 / 3.0 + w * (1.0 / 4.0)) + square * tail;
    w * ((1.0 + w * (1.0 / 2.0)) + square * rest)
}

/// `-ln x` for a normal x, within 2^-52: the logarithm of the nearest of
/// [`POINTS`] from a table, and a series for what is left.
#[inline]
fn minus_log(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = f64::from((bits >> 52) as i32 - 1023);
    let mantissa = f64::from_bits(bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000);
    let (inverse, log) = LOGARITHMS[(bits >> 45) as usize % POINTS];
    let r = mantissa * inverse - 1.0;
    let square = r * r;
    let tail = (1.0 / 3.0 - r * (1.0 / 4.0)) + square * (1.0 / 5.0 - r * (1.0 / 6.0));
    let rest = r * ((1.0 - r * (1.0 / 2.0)) + square * tail);
    -((exponent * std::f64::consts::LN_2 + log) + rest)
}

/// `exp(-x)` for x of at least 0; fast where it is small.
#[inline]
pub fn shrink(x: f64) -> f64 {
    if x >= SHRINK_LIMIT {
        return libm::exp(-x);
    }
    let square = x * x;
    let head = (1.0 - x) + square * (1.0 / 2.0 - x * (1.0 / 6.0));
    let middle = (1.0 / 24.0 - x * (1.0 / 120.0)) + square * (1.0 / 720.0 - x * (1.0 / 5040.0));
    let fourth = square * square;
    head + fourth * (middle + fourth * (1.0 / 40320.0 - x * (1.0 / 362880.0)))
}

/// `1 - exp(-x)` for x of at least 0, without losing the digits of a small x.
#[inline]
pub fn one_minus_exp(x: f64) -> f64 {
    if x >= SERIES_LIMIT {
        return 1.0 - libm::exp(-x);
    }
    let tail = 1.0 / 720.0 - x * (1.0 / 5040.0 - x * (1.0 / 40320.0));
    let middle = 1.0 / 24.0 - x * (1.0 / 120.0 - x * tail);
    x * (1.0 - x * (1.0 / 2.0 - x * (1.0 / 6.0 - x * middle)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reservoir::layout::MAX_OF_HALVES;

    #[test]
    fn next_word_gives_the_reference_numbers() {
        // The first outputs from the state 1, 2, 3, 4, as in rand_xoshiro.
        let mut random = Random::new([1, 2, 3, 4]);
        let expected = [641, 1573767, 3222811527, 3517856514, 836907274];
        assert_eq!(expected.map(|_| random.next_word()), expected);
    }

    #[test]
    fn slot_and_below_stay_below() {
        let mut random = Random::new([1, 2, 3, 4]);
        for count in [1u32, 2, 3, 7, 128, 1000, 1 << 20] {
            for before in 0..1000 {
                assert!(random.slot(count) < count as usize);
                if count <= MAX_OF_HALVES {
                    assert!(random.slot_of_half(count, before) < count as usize);
                }
                assert!(random.below(u64::from(count)) < u64::from(count));
            }
        }
        assert!(random.below(1 << 53) < 1 << 53);
        assert!(random.below((1 << 32) + 1) <= 1 << 32);
    }

    /// 1,000,000 variates. The mean is within 5.5 of its deviations of 1/1000
    /// and those above x are within 5.5 of theirs of exp(-x): false alarms of
    /// 4e-7 in all. Inversion of a uniform of 24 bits has no variate above
    /// 16.7; a tail that begins at 0 again has 30 % too few above 8.
    #[test]
    fn exponential_has_its_mean_and_tail() {
        let mut random = Random::new([1, 2, 3, 4]);
        const COUNT: usize = 1_000_000;
        let variates: Vec<f64> = (0..COUNT).map(|_| random.exponential()).collect();
        assert!(variates.iter().all(|x| *x >= 0.0 && x.is_finite()));
        let mean = variates.iter().sum::<f64>() / COUNT as f64;
        assert!((mean - 1.0).abs() < 5.5e-3, "{mean}");
        for x in [0.01f64, 0.1, 0.5, 1.0, 2.0, 4.0, 7.5, 8.0] {
            let p = (-x).exp();
            let expected = p * COUNT as f64;
            let above = variates.iter().filter(|variate| **variate > x).count() as f64;
            let deviation = (expected * (1.0 - p)).sqrt();
            assert!((above - expected).abs() < 5.5 * deviation, "{x}: {above} of {expected}");
        }
    }

    #[test]
    fn ziggurat_has_layers_of_one_area() {
        let Ziggurat { unit, inner, height } = &*ZIGGURAT;
        for layer in 1..LAYERS {
            let area = unit[layer] * TWO_POW_53 * (height[layer + 1] - height[layer]);
            assert!((area / AREA - 1.0).abs() < 1e-12, "{layer}: {area}");
            assert_eq!(inner[layer - 1], unit[layer] * TWO_POW_53);
        }
        let tail = TAIL * height[1] + (-TAIL).exp();
        assert!((tail / AREA - 1.0).abs() < 1e-14, "{tail}");
    }

    #[test]
    fn series_meet_the_functions() {
        for w in [1e-300f64, 1e-20, 1e-9, 1e-5, 9.7e-4, 7.8e-3, 7.9e-3, 0.1, 0.999] {
            let shrunk = shrink(w) / (-w).exp();
            assert!((shrunk - 1.0).abs() < 4e-16, "shrink {w}: {shrunk}");
            let log = minus_log_one_minus(w) / -(-w).ln_1p();
            let exp = one_minus_exp(w) / -(-w).exp_m1();
            assert!((log - 1.0).abs() < 1e-12, "log {w}: {log}");
            assert!((exp - 1.0).abs() < 1e-12, "exp {w}: {exp}");
        }
        for x in [0.0624, 0.0625, 0.0626, 1.0, 700.0] {
            assert!((shrink(x) / (-x).exp() - 1.0).abs() < 4e-16, "shrink {x}");
        }
        assert!(minus_log_one_minus(1.0) > 700.0);
    }
}
