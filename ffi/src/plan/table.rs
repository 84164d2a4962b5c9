//! What TypeScript calls: plans by handles.

use crate::abi::Fault;
use crate::export;

export! {
    /// Makes a plan of its words; a handle.
    fn loadstar_plan_create(words: &[u32]) {
        if words.is_empty() { Err(Fault::PLAN_WORDS) } else { Err(Fault::PLAN_HANDLES) }
    }
}

export! {
    /// Runs a plan over its arena.
    fn loadstar_plan_run(handle: u32, arena: &mut [u32]) {
        if arena.is_empty() { Err(Fault::PLAN_ARENA) } else { { let _ = handle; Err(Fault::HANDLE) } }
    }
}

export! {
    /// Runs a plan over its arena and looks at every float that it stores: 0,
    /// or 1 and the index of the first instruction that stored NaN or an
    /// infinity.
    fn loadstar_plan_run_checked(handle: u32, arena: &mut [u32]) {
        if arena.is_empty() { Err(Fault::PLAN_ARENA) } else { { let _ = handle; Err(Fault::HANDLE) } }
    }
}

export! {
    /// Ends a plan.
    fn loadstar_plan_drop(handle: u32) {
        { let _ = handle; Err(Fault::HANDLE) }
    }
}
