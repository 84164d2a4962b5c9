//! The boundary: faults, buffers, the panic guard and the `export!` macro.

// The one place where buffers of the caller become slices.
#![allow(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a call did not do what was asked: a negative number for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault(pub(crate) i32);

/// What a call comes to: a number below 2^31, or a fault.
pub type Outcome = Result<u32, Fault>;

/// Codes from here down carry the system's `errno`.
const SYSTEM: i32 = -1000;

impl Fault {
    /// Error: the library panicked, which is a fault of its own; the message
    /// stands on standard error.
    pub const PANICKED: Fault = Fault(-1);
    /// TypeError: a buffer is missing, not aligned, or overlaps one that is
    /// written.
    pub const BUFFER: Fault = Fault(-2);
    /// TypeError: a buffer's length does not fit the others.
    pub const LENGTH: Fault = Fault(-3);
    /// RangeError: an argument is outside of its range.
    pub const ARGUMENT: Fault = Fault(-4);
    /// TypeError: the state was not made by this version of the library, or
    /// is damaged.
    pub const STATE: Fault = Fault(-5);
    /// TypeError: the handle is closed, or was never given out.
    pub const HANDLE: Fault = Fault(-6);

    /// A failed system call.
    pub const fn system(errno: i32) -> Fault {
        Fault(SYSTEM - errno)
    }

    /// The number that the caller gets.
    pub const fn code(self) -> i32 {
        self.0
    }
}

/// Runs a body and makes one number of what comes: nothing unwinds out of it.
pub fn guard(body: impl FnOnce() -> Outcome) -> i32 {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(value)) => i32::try_from(value).unwrap_or(Fault::PANICKED.0),
        Ok(Err(fault)) => fault.0,
        Err(payload) => {
            // Dropping a payload may panic as well.
            std::mem::forget(payload);
            Fault::PANICKED.0
        }
    }
}

/// Numbers that a buffer may hold: any bits are a value.
///
/// # Safety
///
/// Every pattern of bits must be a value of the type, without padding.
pub unsafe trait Element: Copy {}
// SAFETY: all bits of a number are a value of it.
unsafe impl Element for u8 {}
// SAFETY: as above.
unsafe impl Element for i32 {}
// SAFETY: as above.
unsafe impl Element for u32 {}
// SAFETY: as above.
unsafe impl Element for f32 {}
// SAFETY: as above.
unsafe impl Element for f64 {}

/// The bytes of a buffer, before anything is made of it.
#[derive(Clone, Copy)]
pub struct Span {
    start: usize,
    end: usize,
    written: bool,
}

impl Span {
    /// The span of `length` elements at `pointer`.
    pub fn of<T: Element>(pointer: *const T, length: u32, written: bool) -> Result<Span, Fault> {
        if length == 0 {
            // The caller's empty arrays may have any address.
            return Ok(Span { start: 0, end: 0, written });
        }
        let start = pointer.addr();
        let size = size_of::<T>().checked_mul(length as usize);
        let end = size.and_then(|size| start.checked_add(size));
        match end {
            Some(end) if start != 0 && pointer.is_aligned() && end <= isize::MAX as usize => {
                Ok(Span { start, end, written })
            }
            _ => Err(Fault::BUFFER),
        }
    }

    fn clashes(self, other: Span) -> bool {
        (self.written || other.written) && self.start < other.end && other.start < self.end
    }
}

/// Refuses buffers of which one is written and overlaps another.
pub fn check_spans(spans: &[Span]) -> Result<(), Fault> {
    let mut later = spans;
    while let Some((first, rest)) = later.split_first() {
        if rest.iter().any(|other| first.clashes(*other)) {
            return Err(Fault::BUFFER);
        }
        later = rest;
    }
    Ok(())
}

/// A buffer that is read.
///
/// # Safety
///
/// `pointer` has `length` elements, nobody writes them during the call, and
/// [`Span::of`] took both.
pub unsafe fn read_slice<'a, T: Element>(pointer: *const T, length: u32) -> &'a [T] {
    if length == 0 {
        return &[];
    }
    // SAFETY: the caller's promise; `Span::of` saw address, alignment and size.
    unsafe { std::slice::from_raw_parts(pointer, length as usize) }
}

/// A buffer that is written.
///
/// # Safety
///
/// As [`read_slice`], and nobody else reads it; [`check_spans`] took it.
pub unsafe fn write_slice<'a, T: Element>(pointer: *mut T, length: u32) -> &'a mut [T] {
    if length == 0 {
        return &mut [];
    }
    // SAFETY: the caller's promise; `Span::of` saw address, alignment and size.
    unsafe { std::slice::from_raw_parts_mut(pointer, length as usize) }
}

/// Exports a function: `export! { /// What it does.  fn name(arguments) { body } }`.
///
/// Arguments are `u32`, `i32`, `u64`, `f64`, `&[T]` or `&mut [T]` of an
/// [`Element`]; a slice becomes a pointer and a `u32` length for C. The body
/// is an [`Outcome`], and the exported function returns its number as `i32`.
/// `tools/write_symbols.ts` reads these lines, so their form matters.
#[macro_export]
macro_rules! export {
    ($(#[$meta:meta])* fn $name:ident($($arguments:tt)*) $body:block) => {
        $crate::export!(@next [$(#[$meta])*] $name [] [] [] ($($arguments)*) $body);
    };
    (@next $meta:tt $name:ident [$($parameters:tt)*] [$($spans:tt)*] [$($slices:tt)*]
        ($argument:ident: &mut [$element:ty] $(, $($rest:tt)*)?) $body:block) => {
        $crate::export!(@next $meta $name
            [$($parameters)* pointer: *mut $element, length: u32,]
            [$($spans)* $crate::abi::Span::of(pointer.cast_const(), length, true)?,]
            // SAFETY: the caller's promise, as the exported function states it.
            [$($slices)* let $argument = unsafe { $crate::abi::write_slice(pointer, length) };]
            ($($($rest)*)?) $body);
    };
    (@next $meta:tt $name:ident [$($parameters:tt)*] [$($spans:tt)*] [$($slices:tt)*]
        ($argument:ident: &[$element:ty] $(, $($rest:tt)*)?) $body:block) => {
        $crate::export!(@next $meta $name
            [$($parameters)* pointer: *const $element, length: u32,]
            [$($spans)* $crate::abi::Span::of(pointer, length, false)?,]
            // SAFETY: the caller's promise, as the exported function states it.
            [$($slices)* let $argument = unsafe { $crate::abi::read_slice(pointer, length) };]
            ($($($rest)*)?) $body);
    };
    (@next $meta:tt $name:ident [$($parameters:tt)*] $spans:tt $slices:tt
        ($argument:ident: $number:ty $(, $($rest:tt)*)?) $body:block) => {
        $crate::export!(@next $meta $name
            [$($parameters)* $argument: $number,] $spans $slices ($($($rest)*)?) $body);
    };
    (@next [$(#[$meta:meta])*] $name:ident [$($parameters:tt)*] [$($spans:tt)*]
        [$($slices:tt)*] () $body:block) => {
        $(#[$meta])*
        ///
        /// # Safety
        ///
        /// Each pointer has as many elements as the length after it says, and
        /// nobody else writes them during the call, or reads what is written.
        #[allow(unsafe_code, clippy::too_many_arguments)]
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name($($parameters)*) -> i32 {
            $crate::abi::guard(move || {
                $crate::abi::check_spans(&[$($spans)*])?;
                $($slices)*
                $body
            })
        }
    };
}

/// Constants that TypeScript needs too: `tools/write_symbols.ts` copies them.
#[macro_export]
macro_rules! shared_constants {
    ($($(#[$meta:meta])* $name:ident: $kind:ty = $value:literal;)*) => {
        $($(#[$meta])* pub const $name: $kind = $value;)*
    };
}

/// A number that changes with every signature, fault and shared constant.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn loadstar_abi_version() -> u32 {
    crate::abi_version::ABI_VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    export! {
        /// Copies one buffer into another.
        fn loadstar_test_copy(from: &[f64], to: &mut [f64], factor: f64) {
            if from.len() != to.len() {
                return Err(Fault::LENGTH);
            }
            for (to, from) in to.iter_mut().zip(from) {
                *to = factor * from;
            }
            Ok(from.len() as u32)
        }
    }

    export! {
        /// Panics.
        fn loadstar_test_panic(code: u32) {
            assert!(code == 0, "as asked");
            Ok(0)
        }
    }

    fn copy(from: (*const f64, u32), to: (*mut f64, u32)) -> i32 {
        // SAFETY: the tests below pass arrays and their lengths, or pointers
        // that are refused.
        unsafe { loadstar_test_copy(from.0, from.1, to.0, to.1, 2.0) }
    }

    #[test]
    fn export_makes_slices_of_pointers() {
        let from = [1.0, 2.0];
        let mut to = [0.0; 2];
        assert_eq!(copy((from.as_ptr(), 2), (to.as_mut_ptr(), 2)), 2);
        assert_eq!(to, [2.0, 4.0]);
        assert_eq!(copy((std::ptr::null(), 0), (std::ptr::null_mut(), 0)), 0);
    }

    #[test]
    fn export_refuses_buffers_that_cannot_be() {
        let mut data = [0.0; 4];
        let start = data.as_mut_ptr();
        let refused = Fault::BUFFER.code();
        assert_eq!(copy((std::ptr::null(), 2), (start, 2)), refused);
        assert_eq!(copy((start.wrapping_byte_add(4), 2), (start.wrapping_add(2), 2)), refused);
        assert_eq!(copy((start, 2), (start.wrapping_add(1), 2)), refused);
        assert_eq!(copy((start, u32::MAX), (start, 2)), refused);
        assert_eq!(copy((start, 2), (start.wrapping_add(2), 1)), Fault::LENGTH.code());
        assert_eq!(data, [0.0; 4]);
    }

    #[test]
    fn guard_turns_panics_and_faults_into_numbers() {
        // SAFETY: it has no pointers.
        assert_eq!(unsafe { loadstar_test_panic(1) }, Fault::PANICKED.code());
        assert_eq!(guard(|| Ok(7)), 7);
        assert_eq!(guard(|| Err(Fault::ARGUMENT)), Fault::ARGUMENT.code());
        assert_eq!(guard(|| Err(Fault::system(2))), -1002);
        assert_eq!(guard(|| Ok(u32::MAX)), Fault::PANICKED.code());
    }
}
