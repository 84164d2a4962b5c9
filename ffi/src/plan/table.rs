//! What TypeScript calls: plans by handles. A handle is an index and a count
//! of its uses, so that one which is closed is known.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::run::Executor;
use crate::abi::{Fault, Outcome};
use crate::export;
use crate::simd::instruction_set;

const CHUNK: usize = 64;
const CHUNKS: usize = 256;
/// Most plans that are open at once.
const PLANS: usize = CHUNK * CHUNKS;
/// Handles stay below 2^31.
const USES: u32 = 1 << 17;

#[derive(Default)]
struct Entry {
    uses: u32,
    plan: Option<Box<Executor>>,
}

type Entries = Box<[Mutex<Entry>; CHUNK]>;

/// Entries are made when they are first needed, and stay.
static TABLE: [OnceLock<Entries>; CHUNKS] = [const { OnceLock::new() }; CHUNKS];

/// Entries without a plan: those that were used, the longest unused first, and
/// the first of those that never were.
static FREE: Mutex<(VecDeque<usize>, usize)> = Mutex::new((VecDeque::new(), 0));

/// A panic leaves nothing half done but scratch memory.
fn lock<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The entry of a handle, which other threads wait for.
fn entry_of(handle: u32) -> Result<MutexGuard<'static, Entry>, Fault> {
    let index = handle as usize % PLANS;
    let entries = TABLE[index / CHUNK].get().ok_or(Fault::HANDLE)?;
    let entry = lock(&entries[index % CHUNK]);
    if entry.uses == handle / PLANS as u32 && entry.plan.is_some() {
        Ok(entry)
    } else {
        Err(Fault::HANDLE)
    }
}

fn create(words: &[u32]) -> Outcome {
    let plan = Box::new(Executor::new(words, instruction_set())?);
    let mut free = lock(&FREE);
    let index = if free.1 < PLANS {
        free.1 += 1;
        free.1 - 1
    } else {
        free.0.pop_front().ok_or(Fault::PLAN_HANDLES)?
    };
    drop(free);
    let new = || Box::new(std::array::from_fn(|_| Mutex::default()));
    let mut entry = lock(&TABLE[index / CHUNK].get_or_init(new)[index % CHUNK]);
    // Never 0, so that no handle is.
    entry.uses = entry.uses % (USES - 1) + 1;
    entry.plan = Some(plan);
    Ok(entry.uses * PLANS as u32 + index as u32)
}

fn run(handle: u32, arena: &mut [u32], check: bool) -> Outcome {
    let mut entry = entry_of(handle)?;
    entry.plan.as_mut().ok_or(Fault::HANDLE)?.run(arena, check)
}

export! {
    /// Makes a plan of its words; a handle.
    fn loadstar_plan_create(words: &[u32]) {
        create(words)
    }
}

export! {
    /// Runs a plan over its arena.
    fn loadstar_plan_run(handle: u32, arena: &mut [u32]) {
        run(handle, arena, false)
    }
}

export! {
    /// Runs a plan over its arena and looks at every float that it stores: 0,
    /// or 1 and the index of the first instruction that stored NaN or an
    /// infinity.
    fn loadstar_plan_run_checked(handle: u32, arena: &mut [u32]) {
        run(handle, arena, true)
    }
}

export! {
    /// Ends a plan.
    fn loadstar_plan_drop(handle: u32) {
        let plan = entry_of(handle)?.plan.take();
        drop(plan);
        lock(&FREE).0.push_back(handle as usize % PLANS);
        Ok(0)
    }
}
