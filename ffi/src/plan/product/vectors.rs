//! Vectors of `f32`, by the processor's own names: from arrays LLVM makes good
//! loops too, but not reliably (link-time optimisation took half their width).

/// Numbers that go through an operation together.
///
/// # Safety
/// Of every function: the processor has the vector's instruction set, which the
/// function that it is inlined into is compiled for.
pub trait Vector: Copy {
    /// How many numbers.
    const LANES: usize;

    /// # Safety
    /// See [`Vector`].
    unsafe fn splat(number: f32) -> Self;

    /// # Safety
    /// See [`Vector`]; as many numbers are readable.
    unsafe fn load(from: *const f32) -> Self;

    /// # Safety
    /// See [`Vector`]; as many numbers are writable.
    unsafe fn store(self, to: *mut f32);

    /// `self * right + sum`, rounded once where the set can.
    ///
    /// # Safety
    /// See [`Vector`].
    unsafe fn multiply_add(self, right: Self, sum: Self) -> Self;

    /// Sums of every fourth number.
    ///
    /// # Safety
    /// See [`Vector`].
    unsafe fn fours(self) -> Four;
}

#[cfg(target_arch = "aarch64")]
pub use neon::{Four, plus, turn};
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use plain::{Four, plus, turn};
#[cfg(target_arch = "x86_64")]
pub use x86::{Four, plus, turn};

/// Four numbers at `from`.
///
/// # Safety
/// They are readable.
#[inline(always)]
pub unsafe fn load_four(from: *const f32) -> Four {
    // SAFETY: the caller's promise, and every target has four lanes.
    unsafe { Four::load(from) }
}

/// Writes four numbers to `to`.
///
/// # Safety
/// They are writable.
#[inline(always)]
pub unsafe fn store_four(four: Four, to: *mut f32) {
    // SAFETY: the caller's promise, and every target has four lanes.
    unsafe { four.store(to) }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Vector;
    use std::arch::x86_64::*;

    pub type Four = __m128;

    impl Vector for __m128 {
        const LANES: usize = 4;

        #[inline(always)]
        unsafe fn splat(number: f32) -> Self {
            // SAFETY: SSE belongs to x86-64.
            unsafe { _mm_set1_ps(number) }
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm_loadu_ps(from) }
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise.
            unsafe { _mm_storeu_ps(to, self) }
        }

        #[inline(always)]
        unsafe fn multiply_add(self, right: Self, sum: Self) -> Self {
            #[cfg(target_feature = "fma")]
            // SAFETY: the build is for processors with FMA.
            return unsafe { _mm_fmadd_ps(self, right, sum) };
            // SAFETY: SSE belongs to x86-64.
            #[cfg(not(target_feature = "fma"))]
            plus(sum, unsafe { _mm_mul_ps(self, right) })
        }

        #[inline(always)]
        unsafe fn fours(self) -> Four {
            self
        }
    }

    impl Vector for __m256 {
        const LANES: usize = 8;

        #[inline(always)]
        unsafe fn splat(number: f32) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm256_set1_ps(number) }
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm256_loadu_ps(from) }
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise.
            unsafe { _mm256_storeu_ps(to, self) }
        }

        #[inline(always)]
        unsafe fn multiply_add(self, right: Self, sum: Self) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm256_fmadd_ps(self, right, sum) }
        }

        #[inline(always)]
        unsafe fn fours(self) -> Four {
            // SAFETY: the caller's promise.
            let low = unsafe { _mm256_castps256_ps128(self) };
            // SAFETY: likewise.
            plus(low, unsafe { _mm256_extractf128_ps::<1>(self) })
        }
    }

    impl Vector for __m512 {
        const LANES: usize = 16;

        #[inline(always)]
        unsafe fn splat(number: f32) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm512_set1_ps(number) }
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm512_loadu_ps(from) }
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise.
            unsafe { _mm512_storeu_ps(to, self) }
        }

        #[inline(always)]
        unsafe fn multiply_add(self, right: Self, sum: Self) -> Self {
            // SAFETY: the caller's promise.
            unsafe { _mm512_fmadd_ps(self, right, sum) }
        }

        #[inline(always)]
        unsafe fn fours(self) -> Four {
            // SAFETY: the caller's promise.
            let first = unsafe { _mm512_castps512_ps128(self) };
            // SAFETY: likewise.
            let second = unsafe { _mm512_extractf32x4_ps::<1>(self) };
            // SAFETY: likewise.
            let third = unsafe { _mm512_extractf32x4_ps::<2>(self) };
            // SAFETY: likewise.
            let fourth = unsafe { _mm512_extractf32x4_ps::<3>(self) };
            plus(plus(first, second), plus(third, fourth))
        }
    }

    /// Sums of the first, second, ... of both.
    #[inline(always)]
    pub fn plus(left: Four, right: Four) -> Four {
        // SAFETY: SSE belongs to x86-64.
        unsafe { _mm_add_ps(left, right) }
    }

    /// Turns four rows into columns.
    #[inline(always)]
    pub fn turn(rows: [Four; 4]) -> [Four; 4] {
        // SAFETY: SSE belongs to x86-64.
        unsafe { turn_rows(rows) }
    }

    #[inline]
    #[target_feature(enable = "sse")]
    fn turn_rows([a, b, c, d]: [Four; 4]) -> [Four; 4] {
        let (low, low_next) = (_mm_unpacklo_ps(a, b), _mm_unpacklo_ps(c, d));
        let (high, high_next) = (_mm_unpackhi_ps(a, b), _mm_unpackhi_ps(c, d));
        [
            _mm_movelh_ps(low, low_next),
            _mm_movehl_ps(low_next, low),
            _mm_movelh_ps(high, high_next),
            _mm_movehl_ps(high_next, high),
        ]
    }

    /// AVX-512's lanes, for tests on processors without it.
    #[cfg(test)]
    impl Vector for [__m256; 2] {
        const LANES: usize = 16;

        #[inline(always)]
        unsafe fn splat(number: f32) -> Self {
            // SAFETY: the caller's promise.
            [unsafe { _mm256_set1_ps(number) }; 2]
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise.
            [0, 8].map(|first| unsafe { __m256::load(from.wrapping_add(first)) })
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise.
            unsafe { to.cast::<Self>().write_unaligned(self) }
        }

        #[inline(always)]
        unsafe fn multiply_add(self, right: Self, sum: Self) -> Self {
            // SAFETY: the caller's promise.
            [0, 1].map(|half| unsafe { self[half].multiply_add(right[half], sum[half]) })
        }

        #[inline(always)]
        unsafe fn fours(self) -> Four {
            // SAFETY: the caller's promise.
            let [low, high] = self.map(|half| unsafe { half.fours() });
            plus(low, high)
        }
    }
}

#[cfg(target_arch = "aarch64")]
mod neon {
    use super::Vector;
    use std::arch::aarch64::*;

    pub type Four = float32x4_t;

    impl Vector for float32x4_t {
        const LANES: usize = 4;

        #[inline(always)]
        unsafe fn splat(number: f32) -> Self {
            // SAFETY: NEON belongs to the target.
            unsafe { vdupq_n_f32(number) }
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise.
            unsafe { vld1q_f32(from) }
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise.
            unsafe { vst1q_f32(to, self) }
        }

        #[inline(always)]
        unsafe fn multiply_add(self, right: Self, sum: Self) -> Self {
            // SAFETY: NEON belongs to the target.
            unsafe { vfmaq_f32(sum, self, right) }
        }

        #[inline(always)]
        unsafe fn fours(self) -> Four {
            self
        }
    }

    /// Sums of the first, second, ... of both.
    #[inline(always)]
    pub fn plus(left: Four, right: Four) -> Four {
        // SAFETY: NEON belongs to the target.
        unsafe { vaddq_f32(left, right) }
    }

    /// Turns four rows into columns.
    #[inline(always)]
    pub fn turn(rows: [Four; 4]) -> [Four; 4] {
        // SAFETY: NEON belongs to the target.
        unsafe { turn_rows(rows) }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    fn turn_rows([a, b, c, d]: [Four; 4]) -> [Four; 4] {
        let (low, high) = (vzip1q_f32(a, c), vzip2q_f32(a, c));
        let (low_next, high_next) = (vzip1q_f32(b, d), vzip2q_f32(b, d));
        [
            vzip1q_f32(low, low_next),
            vzip2q_f32(low, low_next),
            vzip1q_f32(high, high_next),
            vzip2q_f32(high, high_next),
        ]
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod plain {
    use super::Vector;

    pub type Four = [f32; 4];

    impl Vector for [f32; 4] {
        const LANES: usize = 4;

        #[inline(always)]
        unsafe fn splat(number: f32) -> Self {
            [number; 4]
        }

        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's promise.
            unsafe { from.cast::<Self>().read_unaligned() }
        }

        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's promise.
            unsafe { to.cast::<Self>().write_unaligned(self) }
        }

        #[inline(always)]
        unsafe fn multiply_add(self, right: Self, sum: Self) -> Self {
            std::array::from_fn(|i| sum[i] + self[i] * right[i])
        }

        #[inline(always)]
        unsafe fn fours(self) -> Four {
            self
        }
    }

    /// Sums of the first, second, ... of both.
    #[inline(always)]
    pub fn plus(left: Four, right: Four) -> Four {
        std::array::from_fn(|i| left[i] + right[i])
    }

    /// Turns four rows into columns.
    #[inline(always)]
    pub fn turn(rows: [Four; 4]) -> [Four; 4] {
        std::array::from_fn(|i| std::array::from_fn(|j| rows[j][i]))
    }
}
