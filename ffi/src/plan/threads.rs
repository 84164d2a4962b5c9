//! A second thread for plans with large instructions.
//!
//! Work comes in parts that may be done in any order, by anyone, with the same
//! result. The caller takes them from the front, the helper from the back, until
//! they meet: a helper that wakes late, or never, delays nobody for longer than
//! one part takes. From run to run the helper tends to get the same parts, which
//! are still in its cache.

#![allow(unsafe_code, reason = "work for another thread borrows from the caller")]

use std::cell::{Cell, UnsafeCell};
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, TryLockError};
use std::thread::{Builder, Thread, available_parallelism, park, yield_now};

/// Turns of a loop that the helper waits for another run before it sleeps: about
/// as long as waking it takes.
const PATIENCE: usize = 2000;
/// Turns that the caller waits for the helper's last part until it takes the
/// helper for one whose core is busy with something else.
const STALL: usize = 4000;
/// Runs without the helper after it kept the caller waiting: at first, and where
/// that happens again and again.
const FIRST_BREAK: u32 = 8;
const LONGEST_BREAK: u32 = 1024;

/// Nothing to do, or done.
const IDLE: u32 = 0;
/// Work is there for the taking.
const POSTED: u32 = 1;
/// The helper is at it.
const TAKEN: u32 = 2;
/// The helper is to end.
const ENDED: u32 = 3;

/// Who does a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// The thread that shares its work.
    Caller,
    /// The other.
    Helper,
}

/// A thread that helps one caller at a time.
pub struct Helper {
    /// Held by the caller whom the helper serves.
    serving: Mutex<Trust>,
    desk: Arc<Desk>,
    thread: Thread,
}

/// What came of the helper's work so far.
#[derive(Default)]
struct Trust {
    /// Runs that are still to do without it.
    pause: u32,
    /// How many it will be if it stalls again.
    next: u32,
}

/// What caller and helper hand to each other.
struct Desk {
    state: AtomicU32,
    /// Whether the helper waits for work without going to sleep.
    awake: AtomicBool,
    work: UnsafeCell<Option<Work>>,
}

// SAFETY: the work is written before it is posted, by the only caller, and read
// after it is taken.
unsafe impl Sync for Desk {}
// SAFETY: whoever posts work promises that another thread may do it.
unsafe impl Send for Desk {}

/// A closure, by its address and a function that calls it.
#[derive(Clone, Copy)]
struct Work {
    call: unsafe fn(*const ()),
    closure: *const (),
}

impl Work {
    fn of<F: Fn()>(closure: &F) -> Self {
        unsafe fn call<F: Fn()>(closure: *const ()) {
            // SAFETY: the address is that of a closure of this type, which lives
            // until the work is done.
            let closure = unsafe { &*closure.cast::<F>() };
            closure();
        }
        Self { call: call::<F>, closure: (&raw const *closure).cast() }
    }
}

impl Helper {
    /// Starts the thread.
    pub fn start() -> std::io::Result<Self> {
        let desk = Arc::new(Desk {
            state: AtomicU32::new(IDLE),
            awake: AtomicBool::new(false),
            work: UnsafeCell::new(None),
        });
        let own = Arc::clone(&desk);
        let handle = Builder::new().name("loadstar-plan".into()).spawn(move || own.serve())?;
        Ok(Self { serving: Mutex::default(), desk, thread: handle.thread().clone() })
    }

    /// Wakes the helper for a run. `None` if it serves somebody else, or is not
    /// worth it.
    pub fn begin(&self) -> Option<Shift<'_>> {
        let mut trust = match self.serving.try_lock() {
            Ok(trust) => trust,
            // A caller that panicked has waited for the helper.
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        if trust.pause > 0 {
            trust.pause -= 1;
            return None;
        }
        self.desk.awake.store(true, Ordering::Relaxed);
        self.thread.unpark();
        Some(Shift { trust, desk: &self.desk, stalled: Cell::new(false) })
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.desk.state.store(ENDED, Ordering::Release);
        self.thread.unpark();
    }
}

/// The time during which the helper is awake for one caller.
pub struct Shift<'a> {
    trust: MutexGuard<'a, Trust>,
    desk: &'a Desk,
    /// Whether the caller had to wait.
    stalled: Cell<bool>,
}

impl Shift<'static> {
    /// With the process's helper, started at first need, where the process has
    /// more than one core.
    pub fn begin() -> Option<Self> {
        static HELPER: OnceLock<Option<Helper>> = OnceLock::new();
        let start = || {
            let cores = available_parallelism().map_or(1, |cores| cores.get());
            if cores > 1 { Helper::start().ok() } else { None }
        };
        HELPER.get_or_init(start).as_ref()?.begin()
    }
}

impl Drop for Shift<'_> {
    fn drop(&mut self) {
        self.desk.awake.store(false, Ordering::Relaxed);
        let Trust { pause, next } = &mut *self.trust;
        if self.stalled.get() {
            *next = (*next * 2).clamp(FIRST_BREAK, LONGEST_BREAK);
            *pause = *next;
        } else {
            *next = next.saturating_sub(1);
        }
    }
}

impl Desk {
    /// The helper's life.
    fn serve(&self) {
        let mut patience = PATIENCE;
        loop {
            match self.state.load(Ordering::Acquire) {
                ENDED => return,
                POSTED if self.turn(POSTED, TAKEN) => {
                    // SAFETY: taken work is the helper's alone.
                    let work = unsafe { *self.work.get() };
                    if let Some(Work { call, closure }) = work {
                        // SAFETY: the caller waits until the state is idle.
                        unsafe { call(closure) };
                    }
                    self.state.store(IDLE, Ordering::Release);
                    patience = PATIENCE;
                }
                _ if self.awake.load(Ordering::Relaxed) => {
                    patience = PATIENCE;
                    spin_loop();
                }
                _ if patience > 0 => {
                    patience -= 1;
                    spin_loop();
                }
                _ => {
                    park();
                    patience = PATIENCE;
                }
            }
        }
    }

    fn turn(&self, from: u32, to: u32) -> bool {
        self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

/// Takes work back, or waits for its end, also when the caller panics.
struct Withdrawal<'a>(&'a Shift<'a>);

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        let Shift { desk, stalled, .. } = self.0;
        if desk.turn(POSTED, IDLE) {
            return;
        }
        let mut turns = 0;
        while desk.state.load(Ordering::Acquire) == TAKEN {
            turns += 1;
            // The helper may be waiting for the very core that this runs on.
            if turns < STALL { spin_loop() } else { yield_now() }
        }
        if turns >= STALL {
            stalled.set(true);
        }
    }
}

/// Parts from both ends of a row that are taken: from the front in the lower
/// half, from the back in the upper.
struct Ends {
    taken: AtomicU64,
    count: u64,
}

const BACK: u64 = 1 << 32;

impl Ends {
    fn take(&self, step: u64) -> Option<u64> {
        let free = |taken: u64| {
            let all = taken % BACK + taken / BACK;
            (all < self.count).then_some(taken + step)
        };
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, free).ok()
    }

    fn front(&self) -> Option<usize> {
        self.take(1).map(|before| (before % BACK) as usize)
    }

    fn back(&self) -> Option<usize> {
        self.take(BACK).map(|before| (self.count - 1 - before / BACK) as usize)
    }
}

/// Does `part` for each of `0..count`, and calls `after` for each in order, on
/// this thread, when it is done; all of it by the caller where there is no
/// shift.
///
/// # Safety
/// Parts may be done at the same time, one by each hand, and on another thread.
/// They are at most `u32::MAX`, and do not panic.
pub unsafe fn share(
    shift: Option<&Shift>,
    count: usize,
    part: impl Fn(Hand, usize),
    mut after: impl FnMut(usize),
) {
    let Some(shift) = shift.filter(|_| count > 1) else {
        for index in 0..count {
            part(Hand::Caller, index);
            after(index);
        }
        return;
    };
    let ends = Ends { taken: AtomicU64::new(0), count: count as u64 };
    let help = || {
        while let Some(index) = ends.back() {
            part(Hand::Helper, index);
        }
    };
    let desk = shift.desk;
    // SAFETY: nobody else posts, and the helper is idle.
    unsafe { *desk.work.get() = Some(Work::of(&help)) };
    desk.state.store(POSTED, Ordering::Release);
    let withdrawal = Withdrawal(shift);
    let mut done = 0;
    while let Some(index) = ends.front() {
        part(Hand::Caller, index);
        after(index);
        done = index + 1;
    }
    drop(withdrawal);
    for index in done..count {
        after(index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use std::time::{Duration, Instant};

    #[test]
    fn share_does_every_part_once_when_several_callers_want_the_helper() {
        const PARTS: usize = 50;
        let helper = Helper::start().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..300 {
                        let done: [AtomicUsize; PARTS] =
                            std::array::from_fn(|_| AtomicUsize::new(0));
                        let part = |_, index: usize| {
                            done[index].fetch_add(1, Ordering::Relaxed);
                        };
                        let mut reported = 0;
                        let after = |index: usize| {
                            assert_eq!((index, done[index].load(Ordering::Relaxed)), (reported, 1));
                            reported += 1;
                        };
                        let shift = helper.begin();
                        // SAFETY: parts have an element each.
                        unsafe { share(shift.as_ref(), PARTS, part, after) };
                        assert_eq!(reported, PARTS);
                    }
                });
            }
        });
    }

    #[test]
    fn share_waits_for_the_helper_when_the_caller_panics() {
        for _ in 0..50 {
            let helper = Helper::start().unwrap();
            let working = AtomicUsize::new(0);
            let part = |_, _: usize| {
                working.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_micros(100));
                working.fetch_sub(1, Ordering::SeqCst);
            };
            let after = |_: usize| std::panic::resume_unwind(Box::new("stop"));
            let shared = || {
                let shift = helper.begin();
                // SAFETY: parts may be done at the same time.
                unsafe { share(shift.as_ref(), 8, part, after) };
            };
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(shared)).is_err());
            assert_eq!(working.load(Ordering::SeqCst), 0);
            helper.serving.clear_poison();
            helper.serving.lock().unwrap().pause = 0;
            assert!(helper.begin().is_some());
        }
    }

    /// Runs so often until a helper who works slowly is at its last part when the
    /// caller has none left, and the caller waits.
    fn stall(helper: &Helper) {
        let begun = Instant::now();
        while helper.serving.lock().unwrap().pause == 0 {
            assert!(begun.elapsed() < Duration::from_secs(20), "the helper never helped");
            let begins = AtomicUsize::new(0);
            let part = |hand, _: usize| {
                begins.fetch_add(1, Ordering::SeqCst);
                while hand == Hand::Caller && begins.load(Ordering::SeqCst) < 2 {
                    if begun.elapsed() > Duration::from_secs(20) {
                        return;
                    }
                    yield_now();
                }
                if hand == Hand::Helper {
                    std::thread::sleep(Duration::from_millis(20));
                }
            };
            let shift = helper.begin();
            // SAFETY: parts may be done at the same time.
            unsafe { share(shift.as_ref(), 2, part, |_| {}) };
        }
    }

    #[test]
    fn a_helper_that_stalls_is_left_alone_for_a_while_and_longer_when_it_does_again() {
        let helper = Helper::start().unwrap();
        for pause in [FIRST_BREAK, 2 * FIRST_BREAK] {
            stall(&helper);
            for _ in 0..pause {
                assert!(helper.begin().is_none());
            }
            let next = helper.serving.lock().unwrap().next;
            assert_eq!(next, pause);
            assert!(helper.begin().is_some());
            helper.serving.lock().unwrap().next = next;
        }
    }
}
