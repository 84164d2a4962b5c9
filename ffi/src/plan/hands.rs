//! Who does the large instructions of a plan.

use super::threads::Shift;

/// Who does them. How they are cut into parts, and with it the order in which
/// sums are added up, follows from whether a helper is meant to take some, never
/// from whether it is free at the moment.
#[derive(Clone, Copy)]
pub enum Hands<'a> {
    /// The caller alone.
    Caller,
    /// The helper too, where it is free.
    Both(Option<&'a Shift<'a>>),
}

impl<'a> Hands<'a> {
    /// The helper, where it is free.
    pub fn shift(self) -> Option<&'a Shift<'a>> {
        match self {
            Self::Caller => None,
            Self::Both(shift) => shift,
        }
    }
}
