//! Reading words, and proofs that what they name lies in the arena.

use crate::abi::Fault;

/// What is made of words: anything that is wrong is one fault.
pub type Decoded<T> = Result<T, Fault>;

/// Refuses words unless something holds.
pub fn demand(holds: bool) -> Decoded<()> {
    if holds { Ok(()) } else { Err(Fault::PLAN_WORDS) }
}

/// Words that are read from the front.
pub struct Words<'a>(&'a [u32]);

impl<'a> Words<'a> {
    /// Reads these.
    pub fn new(words: &'a [u32]) -> Self {
        Self(words)
    }

    /// How many are left.
    pub fn left(&self) -> usize {
        self.0.len()
    }

    /// The next one.
    pub fn word(&mut self) -> Decoded<u32> {
        let (first, rest) = self.0.split_first().ok_or(Fault::PLAN_WORDS)?;
        self.0 = rest;
        Ok(*first)
    }

    /// The next one, as a length.
    pub fn length(&mut self) -> Decoded<usize> {
        Ok(self.word()? as usize)
    }

    /// The next one, which is at most `most`.
    pub fn at_most(&mut self, most: usize) -> Decoded<usize> {
        let length = self.length()?;
        demand(length <= most)?;
        Ok(length)
    }

    /// The next one, with a sign.
    pub fn signed(&mut self) -> Decoded<i64> {
        Ok(i64::from(self.word()? as i32))
    }

    /// The next `count`.
    pub fn part(&mut self, count: usize) -> Decoded<Words<'a>> {
        let (part, rest) = self.0.split_at_checked(count).ok_or(Fault::PLAN_WORDS)?;
        self.0 = rest;
        Ok(Words(part))
    }

    /// The next `count`, with signs.
    pub fn signed_part(&mut self, count: usize) -> Decoded<Vec<i64>> {
        let mut part = self.part(count)?;
        (0..count).map(|_| part.signed()).collect()
    }

    /// Refuses what is left.
    pub fn end(&self) -> Decoded<()> {
        demand(self.0.is_empty())
    }
}

/// A product of lengths, where it is below 2^40: more would run for an hour.
pub fn volume(lengths: &[usize]) -> Decoded<usize> {
    // A zero makes nothing of lengths before it that are too large.
    if lengths.contains(&0) {
        return Ok(0);
    }
    let volume = lengths.iter().try_fold(1usize, |volume, length| volume.checked_mul(*length));
    volume.filter(|volume| *volume < 1 << 40).ok_or(Fault::PLAN_WORDS)
}

/// The words that a strided array touches: all lie from `low` to `high`, and
/// both of these are touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    low: i64,
    high: i64,
    /// Whether all between is touched as well.
    dense: bool,
}

impl Footprint {
    /// Of an array that begins at `offset`; `None` where it has no elements.
    pub fn of(offset: i64, dims: &[usize], strides: &[i64]) -> Decoded<Option<Footprint>> {
        if dims.contains(&0) {
            return Ok(None);
        }
        let (mut low, mut high) = (offset, offset);
        let mut steps: Vec<(i64, i64)> = Vec::with_capacity(dims.len());
        for (length, stride) in dims.iter().zip(strides) {
            let last = i64::try_from(*length - 1).map_err(|_| Fault::PLAN_WORDS)?;
            let reach = last.checked_mul(*stride).ok_or(Fault::PLAN_WORDS)?;
            let end = if reach < 0 { &mut low } else { &mut high };
            *end = end.checked_add(reach).ok_or(Fault::PLAN_WORDS)?;
            if reach != 0 {
                steps.push((stride.abs(), reach.abs()));
            }
        }
        steps.sort_unstable();
        let mut covered = 0;
        let dense = steps.iter().all(|(stride, reach)| {
            let touches = *stride <= covered + 1;
            covered += reach;
            touches
        });
        Ok(Some(Footprint { low, high, dense }))
    }

    /// Whether all of it lies in so many words.
    pub fn is_within(&self, words: usize) -> bool {
        self.low >= 0 && self.high < words as i64
    }

    /// Whether sums of a few such are far from any limit of `i64`.
    pub fn is_moderate(&self) -> bool {
        self.low > -(1 << 53) && self.high < 1 << 53
    }

    /// Whether it may touch what the other touches.
    pub fn may_meet(&self, other: &Footprint) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// Whether it certainly touches what the other touches.
    pub fn meets(&self, other: &Footprint) -> bool {
        let holds =
            |dense: &Footprint, end: i64| dense.dense && dense.low <= end && end <= dense.high;
        self.may_meet(other)
            && (holds(self, other.low)
                || holds(self, other.high)
                || holds(other, self.low)
                || holds(other, self.high))
    }

    /// How many words lie from its first to its last.
    pub fn extent(&self) -> usize {
        (self.high - self.low + 1) as usize
    }
}

/// Where an array lies, which has been proven to be in the arena; `None` where
/// it has no elements.
pub fn place(
    offset: i64,
    dims: &[usize],
    strides: &[i64],
    arena_words: usize,
) -> Decoded<Option<Footprint>> {
    let found = Footprint::of(offset, dims, strides)?;
    demand(found.is_none_or(|footprint| footprint.is_within(arena_words)))?;
    Ok(found)
}

/// Refuses arrays of which both have elements and certainly share one.
pub fn demand_apart(one: Option<Footprint>, other: Option<Footprint>) -> Decoded<()> {
    match (one, other) {
        (Some(one), Some(other)) => demand(!one.meets(&other)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn footprint(offset: i64, dims: &[usize], strides: &[i64]) -> Footprint {
        Footprint::of(offset, dims, strides).unwrap().unwrap()
    }

    #[test]
    fn footprint_has_both_ends() {
        let dense = footprint(10, &[4, 3], &[3, 1]);
        assert_eq!(dense, Footprint { low: 10, high: 21, dense: true });
        assert_eq!(footprint(21, &[3, 4], &[-1, -3]), dense);
        assert_eq!(footprint(5, &[7], &[0]), Footprint { low: 5, high: 5, dense: true });
        assert!(!footprint(0, &[4, 2], &[4, 1]).dense);
        assert_eq!(Footprint::of(5, &[0, 9], &[1, 1]), Ok(None));
        assert!(Footprint::of(i64::MAX, &[2], &[1]).is_err());
        assert!(Footprint::of(0, &[usize::MAX], &[2]).is_err());
    }

    #[test]
    fn meets_tells_columns_apart() {
        let left = footprint(0, &[32, 64], &[128, 1]);
        let right = footprint(64, &[32, 64], &[128, 1]);
        assert!(left.may_meet(&right) && !left.meets(&right));
        let all = footprint(0, &[4096], &[1]);
        assert!(all.meets(&left) && left.meets(&all) && all.meets(&all));
        assert!(!all.meets(&footprint(4096, &[2], &[1])));
        assert!(place(1, &[4], &[1], 5).is_ok());
        assert!(place(1, &[4], &[1], 4).is_err());
        assert!(place(2, &[4], &[-1], 9).is_err());
    }

    #[test]
    fn volume_is_limited() {
        assert_eq!(volume(&[]), Ok(1));
        assert_eq!(volume(&[usize::MAX, 0, 9]), Ok(0));
        assert!(volume(&[1 << 20, 1 << 20]).is_err());
        assert!(volume(&[usize::MAX, usize::MAX]).is_err());
    }
}
