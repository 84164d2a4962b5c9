//! Draws that TypeScript repeats bit by bit: xoshiro128++ (Blackman and Vigna,
//! ACM TOMS 2021) and what is made of it. The twin is `_reservoir_draws.ts`.

const TWO_POW_53: f64 = 9007199254740992.0;

/// Below this, one minus it loses digits that the series keeps.
const SERIES_LIMIT: f64 = 1.0 / 1024.0;

/// A stream of random words.
#[derive(Clone, Debug)]
pub struct Random([u32; 4]);

impl Random {
    /// Goes on from four words.
    pub fn new(words: [u32; 4]) -> Random {
        Random(words)
    }

    /// The words to go on from.
    pub fn words(&self) -> [u32; 4] {
        self.0
    }

    /// The next 32 bits.
    #[inline]
    pub fn next_word(&mut self) -> u32 {
        let [s0, s1, s2, s3] = self.0;
        let result = s0.wrapping_add(s3).rotate_left(7).wrapping_add(s0);
        let s2 = s2 ^ s0;
        let s3 = s3 ^ s1;
        self.0 = [s0 ^ s3, s1 ^ s2, s2 ^ (s1 << 9), s3.rotate_left(11)];
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

    /// An exponential variate of mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.uniform())
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

/// `-ln(1 - w)` for w from 0 to 1, without losing the digits of a small w.
#[inline]
pub fn minus_log_one_minus(w: f64) -> f64 {
    if w >= SERIES_LIMIT {
        return -libm::log(1.0 - w);
    }
    let tail = 1.0 / 4.0 + w * (1.0 / 5.0 + w * (1.0 / 6.0));
    w * (1.0 + w * (1.0 / 2.0 + w * (1.0 / 3.0 + w * tail)))
}

/// `1 - exp(-x)` for x of at least 0, without losing the digits of a small x.
#[inline]
pub fn one_minus_exp(x: f64) -> f64 {
    if x >= SERIES_LIMIT {
        return 1.0 - libm::exp(-x);
    }
    let tail = 1.0 / 24.0 - x * (1.0 / 120.0 - x * (1.0 / 720.0));
    x * (1.0 - x * (1.0 / 2.0 - x * (1.0 / 6.0 - x * tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            for _ in 0..1000 {
                assert!(random.slot(count) < count as usize);
                assert!(random.below(u64::from(count)) < u64::from(count));
            }
        }
        assert!(random.below(1 << 53) < 1 << 53);
        assert!(random.below((1 << 32) + 1) <= 1 << 32);
    }

    #[test]
    fn series_meet_the_functions() {
        for w in [1e-300f64, 1e-20, 1e-9, 1e-5, 9.7e-4, 9.8e-4, 0.1, 0.999] {
            let log = minus_log_one_minus(w) / -(-w).ln_1p();
            let exp = one_minus_exp(w) / -(-w).exp_m1();
            assert!((log - 1.0).abs() < 1e-12, "log {w}: {log}");
            assert!((exp - 1.0).abs() < 1e-12, "exp {w}: {exp}");
        }
    }
}
