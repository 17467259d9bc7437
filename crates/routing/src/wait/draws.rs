//! Numbers that a forecast's runs draw. Each dimension is a rank-1 lattice over the runs with a shift of its
//! own: the runs together cover it evenly, and the same question has the same answer.

/// The numbers of one run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draws {
    run: u64,
    runs: u64,
}

/// What a number is drawn for.
#[derive(Debug, Clone, Copy)]
pub(super) enum For {
    /// The rest of a session that an agent has.
    Rest(usize),
    /// The duration of a session that begins.
    Duration(usize),
    /// The time until the next consumer of a line comes, and how many came before.
    Arrival(usize, usize),
    /// Whether a consumer has given up.
    Patience(usize),
    /// Whether an agent keeps to the roster, and how many changes were before.
    Roster(usize, usize),
    /// How far a queue's mean is off.
    Mean(usize),
    /// How long the wrap-up takes that an agent is in.
    WrapUp(usize),
    /// How long a wrap-up takes that begins.
    WrapUps(usize),
}

impl Draws {
    /// `runs` is a prime number.
    pub(super) fn of(run: u64, runs: u64) -> Self {
        Self { run, runs }
    }

    /// A number from 0 to 1, both excluded.
    pub(super) fn draw(&self, of: For) -> f64 {
        let (space, one, other) = match of {
            For::Rest(n) => (1, n, 0),
            For::Duration(n) => (2, n, 0),
            For::Arrival(line, n) => (3, line, n),
            For::Patience(n) => (4, n, 0),
            For::Roster(person, n) => (5, person, n),
            For::Mean(n) => (6, n, 0),
            For::WrapUp(n) => (7, n, 0),
            For::WrapUps(n) => (8, n, 0),
        };
        let hash = mix((space << 56) ^ ((one as u64) << 28) ^ other as u64);
        let step = 1 + (hash >> 40) % (self.runs - 1);
        let place = (step * self.run + (hash & 0xffff)) % self.runs;
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let (place, shift) = (place as f64, ((hash >> 16) & 0xff_ffff) as f64 + 0.5);
        #[expect(clippy::cast_precision_loss, reason = "a small prime")]
        let part = (place + shift / 16_777_216.0) / self.runs as f64;
        part
    }
}

/// Steele, Lea and Flood's SplitMix64.
fn mix(of: u64) -> u64 {
    let mut z = of.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
