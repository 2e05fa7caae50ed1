//! Random bytes for new spans.

use std::sync::{Mutex, PoisonError};

use rand::{Rng, SeedableRng, rngs::Xoshiro256PlusPlus};
use spanwire::{
    ids::{ENTROPY_BYTES, Entropy as Bytes},
    testing::{TestEntropy, Testing},
};

/// A generator seeded by the system once per process, or the bytes of a test. Ids have to differ, and keep no secret:
/// one that is made for that takes a tenth of the time of one that nobody can foresee.
pub struct Entropy(Mutex<Source>);

enum Source {
    System(Xoshiro256PlusPlus),
    Test(TestEntropy),
}

impl Entropy {
    pub fn new(testing: Option<&Testing>) -> Self {
        Self(Mutex::new(match testing {
            Some(testing) => Source::Test(TestEntropy::new(testing.random.clone())),
            None => Source::System(seeded()),
        }))
    }

    /// Bytes for one span.
    pub fn draw(&self) -> Bytes {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Source::System(generator) => {
                let mut bytes = [0; ENTROPY_BYTES];
                generator.fill_bytes(&mut bytes);
                bytes
            }
            Source::Test(bytes) => bytes.draw(),
        }
    }

    /// A number that no other process draws.
    pub fn number(&self) -> u64 {
        self.draw().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }

    /// A number in [0, 1), to spread retries.
    pub fn fraction(&self) -> f64 {
        let mut bytes = [0; 4];
        for (target, source) in bytes.iter_mut().zip(self.draw()) {
            *target = source;
        }
        f64::from(u32::from_be_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    }
}

/// Seeded by the operating system; where that gives nothing, by what differs between two processes.
fn seeded() -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::try_from_rng(&mut rand::rngs::SysRng).unwrap_or_else(|_| {
        use std::hash::{BuildHasher, RandomState};
        let differs = (std::process::id(), std::time::SystemTime::now());
        Xoshiro256PlusPlus::seed_from_u64(RandomState::new().hash_one(differs))
    })
}
