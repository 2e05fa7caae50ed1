//! Whether a trace is recorded, and what the server is told about that decision.

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::{client::Settings, ids::TraceId};

/// The dynamic sampling context: what everyone on the trace knows of its beginning, in order. Kept as
/// texts, because members that came with a request must go on exactly as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SamplingContext {
    members: Vec<(String, String)>,
}

impl SamplingContext {
    /// The context of a trace that begins here.
    pub(crate) fn new(settings: &Settings, trace_id: TraceId, decision: Decision, name: &str) -> Self {
        let mut context = Self::begin(settings, trace_id);
        context.push("sample_rate", decision.rate.to_string());
        context.push("sample_rand", sample_rand_text(decision.rand));
        context.push_rest(settings, decision.sampled);
        if !name.is_empty() {
            context.push("transaction", name.to_owned());
        }
        context
    }

    /// The context of a trace that came in without one: who we are, and nothing about its beginning, which
    /// nobody here saw. An envelope needs the public key (WIRE, "Envelope").
    pub(crate) fn of_headless(settings: &Settings, trace_id: TraceId, sampled: bool) -> Self {
        let mut context = Self::begin(settings, trace_id);
        context.push_rest(settings, sampled);
        context
    }

    fn begin(settings: &Settings, trace_id: TraceId) -> Self {
        let mut context = Self::default();
        context.push("trace_id", trace_id.to_string());
        if let Some(destination) = settings.destination() {
            context.push("public_key", destination.public_key.clone());
        }
        context
    }

    fn push_rest(&mut self, settings: &Settings, sampled: bool) {
        let options = settings.options();
        self.push("sampled", sampled.to_string());
        if let Some(release) = &options.release {
            self.push("release", release.clone());
        }
        self.push("environment", options.environment.clone());
        if let Some(org_id) = settings.destination().and_then(|destination| destination.org_id.clone()) {
            self.push("org_id", org_id);
        }
    }

    /// The context that came with a request.
    pub(crate) fn from_members(members: Vec<(String, String)>) -> Self {
        Self { members }
    }

    /// The context that came with a request, after a sampler of this service has decided anew: what follows
    /// must be weighed by the rate that was applied last.
    pub(crate) fn decided(&self, decision: Decision) -> Self {
        let mut context = self.clone();
        context.replace("sample_rate", decision.rate.to_string());
        context.replace("sample_rand", sample_rand_text(decision.rand));
        context.replace("sampled", decision.sampled.to_string());
        context
    }

    /// The randomness that everyone on the trace decides with, where the request brought one that is a number
    /// in [0, 1).
    pub(crate) fn sample_rand(&self) -> Option<u32> {
        let rand: f64 = self.member("sample_rand")?.parse().ok()?;
        (0.0..1.0).contains(&rand).then_some((rand * MILLIONTHS) as u32)
    }

    fn push(&mut self, key: &str, value: String) {
        self.members.push((key.to_owned(), value));
    }

    fn replace(&mut self, key: &str, value: String) {
        match self.members.iter_mut().find(|(name, _)| name == key) {
            Some((_, current)) => *current = value,
            None => self.push(key, value),
        }
    }

    /// Name and value of every member.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The value of one member.
    pub fn member(&self, name: &str) -> Option<&str> {
        self.members().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

impl Serialize for SamplingContext {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len()))?;
        for (key, value) in &self.members {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Whether a trace is recorded, and how that came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Decision {
    /// Share of such traces that are recorded, 0 to 1.
    pub rate: f64,
    /// Randomness in millionths of [0, 1).
    pub rand: u32,
    pub sampled: bool,
}

impl Decision {
    /// Recorded where `sample_rand < rate`.
    pub fn new(rate: f64, rand: u32) -> Self {
        Self { rate, rand, sampled: f64::from(rand) / MILLIONTHS < rate }
    }
}

/// A share of traces, as a host's `traces_sampler` gave it; `None` for what is none, NaN included.
pub fn sample_rate(given: f64) -> Option<f64> {
    (0.0..=1.0).contains(&given).then_some(given)
}

/// `sample_rand` has six digits.
const MILLIONTHS: f64 = 1e6;

/// Six digits of randomness, in millionths of [0, 1).
pub(crate) fn sample_rand(drawn: u64) -> u32 {
    u32::try_from(drawn % 1_000_000).unwrap_or(0)
}

/// `sample_rand` as the header has it: `0.` and six digits.
fn sample_rand_text(rand: u32) -> String {
    format!("0.{rand:06}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_of_the_rate() {
        let decide = |rate, rand| Decision::new(rate, rand).sampled;
        assert!(!decide(0.0, 0));
        assert!(decide(1.0, 999_999));
        assert!(decide(0.5, 499_999) && !decide(0.5, 500_000));
        assert_eq!((sample_rate(0.0), sample_rate(1.5), sample_rate(f64::NAN)), (Some(0.0), None, None));
        assert_eq!(sample_rand_text(7), "0.000007");
    }

    #[test]
    fn randomness_that_came_in_is_used_where_it_makes_sense() {
        let rand = |text: &str| {
            SamplingContext::from_members(vec![("sample_rand".to_owned(), text.to_owned())]).sample_rand()
        };
        assert_eq!(rand("0.123456"), Some(123_456));
        assert_eq!((rand("1"), rand("-0.1"), rand("x"), rand("NaN")), (None, None, None, None));
    }
}
