//! A server that is not well: away for a while, and failing a share of the requests at random.

use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde::Deserialize;

use super::script::Answer;

/// What a test asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    /// Share of the requests that fail, 0 to 1.
    share: f64,
    /// Of what the choice begins with: the same seed fails the same requests, counted in their order.
    seed: u64,
    /// How they fail, each as likely as the other.
    answers: Vec<Answer>,
    /// For so many milliseconds from now every connection is cut, and nothing is kept.
    down_ms: u64,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { share: 0.0, seed: 0, answers: vec![Answer::cut_off()], down_ms: 0 }
    }
}

/// The faults of this moment; at first none.
#[derive(Debug)]
pub(super) struct Faults {
    share: f64,
    random: StdRng,
    answers: Vec<Answer>,
    down_until: Option<Instant>,
}

impl Default for Faults {
    fn default() -> Self {
        Self::of(Wanted::default(), Instant::now())
    }
}

impl Faults {
    /// Reads what a test asks for.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub(super) fn read(text: &[u8], now: Instant) -> Result<Self, String> {
        let wanted: Wanted = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if !(0.0..=1.0).contains(&wanted.share) {
            return Err(format!("share {} is not between 0 and 1", wanted.share));
        }
        match wanted.answers.iter().find_map(Answer::problem) {
            Some(problem) => Err(problem),
            None => Ok(Self::of(wanted, now)),
        }
    }

    fn of(wanted: Wanted, now: Instant) -> Self {
        let down = Some(Duration::from_millis(wanted.down_ms)).filter(|down| !down.is_zero());
        Self {
            share: wanted.share,
            random: StdRng::seed_from_u64(wanted.seed),
            answers: wanted.answers,
            down_until: down.and_then(|down| now.checked_add(down)),
        }
    }

    /// Whether nobody is there.
    pub(super) fn is_down(&self, now: Instant) -> bool {
        self.down_until.is_some_and(|until| now < until)
    }

    /// How the next request fails, if it does.
    pub(super) fn next(&mut self) -> Option<Answer> {
        let fails = self.share > 0.0 && self.random.random_bool(self.share);
        fails.then(|| self.answers.choose(&mut self.random).cloned()).flatten()
    }
}
