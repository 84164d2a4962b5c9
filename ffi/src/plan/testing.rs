//! What the tests of plans share.

/// Numbers that only have to look random (SplitMix64).
pub struct Noise(pub u64);

impl Noise {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below this one.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Whether one in so many is drawn.
    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// From -1 to 1.
    pub fn float(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }
}

/// Elements of a map, as words have them.
#[derive(Clone, Debug)]
pub struct Access {
    pub register: u32,
    pub kind: u32,
    pub offset: i32,
    pub strides: Vec<i32>,
}

impl Access {
    fn words(&self) -> Vec<u32> {
        let mut words = vec![self.register, self.kind, self.offset as u32];
        words.extend(self.strides.iter().map(|stride| *stride as u32));
        words
    }
}

/// How many cases a test takes: all of them where they are quick.
pub const fn effort(cases: usize) -> usize {
    if cfg!(miri) {
        cases / 1000 + 10
    } else if cfg!(debug_assertions) {
        cases / 10
    } else {
        cases
    }
}

/// A map, as words have it.
#[derive(Clone, Debug, Default)]
pub struct MapWords {
    pub dims: Vec<usize>,
    pub loads: Vec<Access>,
    pub constants: Vec<(u32, u32)>,
    pub ops: Vec<[u32; 5]>,
    pub stores: Vec<Access>,
    pub registers: u32,
}

impl MapWords {
    /// Its words after opcode and length.
    pub fn payload(&self) -> Vec<u32> {
        let mut words = vec![
            self.dims.len() as u32,
            self.loads.len() as u32,
            self.constants.len() as u32,
            self.ops.len() as u32,
            self.stores.len() as u32,
            self.registers,
        ];
        words.extend(self.dims.iter().map(|length| *length as u32));
        words.extend(self.loads.iter().flat_map(Access::words));
        words.extend(self.constants.iter().flat_map(|(register, bits)| [*register, *bits]));
        words.extend(self.ops.iter().flatten());
        words.extend(self.stores.iter().flat_map(Access::words));
        words
    }
}

/// The words of a plan.
pub fn plan_words(arena: usize, instructions: &[(u32, Vec<u32>)]) -> Vec<u32> {
    use super::opcodes::{PLAN_MAGIC, PLAN_VERSION};
    let mut words = vec![PLAN_MAGIC, PLAN_VERSION, arena as u32, instructions.len() as u32];
    for (opcode, payload) in instructions {
        words.extend([*opcode, payload.len() as u32 + 2]);
        words.extend(payload);
    }
    words
}
