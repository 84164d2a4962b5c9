//! A second thread for large products.
//!
//! Work comes in parts that may be done in any order, by anyone, with the same
//! result. The caller takes them from the front, the helper from the back, until
//! they meet: a helper that wakes late, or never, delays nobody for longer than
//! one part takes.

use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{Builder, Thread, available_parallelism, park, yield_now};

/// Turns of a loop that the helper waits for more work before it sleeps: some
/// tens of microseconds.
const PATIENCE: usize = 1000;

/// Nothing to do, or done.
const IDLE: u32 = 0;
/// Work is there for the taking.
const POSTED: u32 = 1;
/// The helper is at it.
const TAKEN: u32 = 2;
/// The helper is to end.
const ENDED: u32 = 3;

/// What [`set_threads`] said; 0 if nothing.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// How many threads a product may use: the caller's, and one more if `count` is
/// above 1 and the process has more than one core. To begin with, it is.
pub fn set_threads(count: usize) {
    THREADS.store(count.max(1), Ordering::Relaxed);
}

/// The process's helper, started at first need, if products may have one.
pub fn helper() -> Option<&'static Helper> {
    static HELPER: OnceLock<Option<Helper>> = OnceLock::new();
    if THREADS.load(Ordering::Relaxed) == 1 {
        return None;
    }
    let start = || {
        let cores = available_parallelism().map_or(1, |cores| cores.get());
        if cores > 1 { Helper::start().ok() } else { None }
    };
    HELPER.get_or_init(start).as_ref()
}

/// A thread that helps one caller at a time.
pub struct Helper {
    /// Held by the caller whom the helper serves.
    serving: Mutex<()>,
    desk: Arc<Desk>,
    thread: Thread,
}

/// What caller and helper hand to each other.
struct Desk {
    state: AtomicU32,
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
    pub fn start() -> std::io::Result<Self> {
        let desk = Arc::new(Desk { state: AtomicU32::new(IDLE), work: UnsafeCell::new(None) });
        let own = Arc::clone(&desk);
        let handle = Builder::new().name("loadstar-product".into()).spawn(move || own.serve())?;
        Ok(Self { serving: Mutex::new(()), desk, thread: handle.thread().clone() })
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.desk.state.store(ENDED, Ordering::Release);
        self.thread.unpark();
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
struct Withdrawal<'a>(&'a Desk);

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        if !self.0.turn(POSTED, IDLE) {
            let mut turns = 0;
            while self.0.state.load(Ordering::Acquire) == TAKEN {
                // The helper may be waiting for the very core that this runs on.
                turns += 1;
                if turns < PATIENCE { spin_loop() } else { yield_now() }
            }
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
/// this thread, when it is done. A helper who is busy does not help.
///
/// # Safety
/// Parts may be done at the same time, and on another thread. They are at most
/// `u32::MAX`, and do not panic.
pub unsafe fn share(
    helper: &Helper,
    count: usize,
    part: impl Fn(usize),
    mut after: impl FnMut(usize),
) {
    let Ok(_serving) = helper.serving.try_lock() else {
        for index in 0..count {
            part(index);
            after(index);
        }
        return;
    };
    let ends = Ends { taken: AtomicU64::new(0), count: count as u64 };
    let help = || {
        while let Some(index) = ends.back() {
            part(index);
        }
    };
    let desk = &*helper.desk;
    // SAFETY: nobody else posts, and the helper is idle.
    unsafe { *desk.work.get() = Some(Work::of(&help)) };
    desk.state.store(POSTED, Ordering::Release);
    let withdrawal = Withdrawal(desk);
    helper.thread.unpark();
    let mut done = 0;
    while let Some(index) = ends.front() {
        part(index);
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
                        let part = |index: usize| {
                            done[index].fetch_add(1, Ordering::Relaxed);
                        };
                        let mut reported = 0;
                        let after = |index: usize| {
                            assert_eq!((index, done[index].load(Ordering::Relaxed)), (reported, 1));
                            reported += 1;
                        };
                        // SAFETY: parts have an element each.
                        unsafe { share(&helper, PARTS, part, after) };
                        assert_eq!(reported, PARTS);
                    }
                });
            }
        });
    }

    #[test]
    fn share_waits_for_the_helper_when_the_caller_panics() {
        let helper = Helper::start().unwrap();
        for _ in 0..50 {
            let working = AtomicUsize::new(0);
            let part = |_: usize| {
                working.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_micros(100));
                working.fetch_sub(1, Ordering::SeqCst);
            };
            let after = |_: usize| std::panic::resume_unwind(Box::new("stop"));
            // SAFETY: parts may be done at the same time.
            let shared = || unsafe { share(&helper, 8, part, after) };
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(shared)).is_err());
            assert_eq!(working.load(Ordering::SeqCst), 0);
        }
    }
}
