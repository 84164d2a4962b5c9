//! Which instruction set the hot loops run on, found once at run time.

use std::sync::OnceLock;

/// Instruction sets that the hot loops are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionSet {
    /// What the target always has: SSE2 on x86-64, NEON on aarch64.
    Baseline,
    /// AVX2 with fused multiply-add.
    Avx2,
    /// AVX-512 F, with AVX2 and fused multiply-add.
    Avx512,
}

/// The widest set that this processor has.
pub fn instruction_set() -> InstructionSet {
    static FOUND: OnceLock<InstructionSet> = OnceLock::new();
    *FOUND.get_or_init(detect)
}

#[cfg(target_arch = "x86_64")]
fn detect() -> InstructionSet {
    if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")) {
        return InstructionSet::Baseline;
    }
    if is_x86_feature_detected!("avx512f") { InstructionSet::Avx512 } else { InstructionSet::Avx2 }
}

#[cfg(not(target_arch = "x86_64"))]
fn detect() -> InstructionSet {
    InstructionSet::Baseline
}
