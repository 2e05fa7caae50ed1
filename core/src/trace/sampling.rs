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
    pub(crate) fn new(settings: &Settings, trace_id: TraceId, rand: u32, sampled: bool, name: &str) -> Self {
        let mut context = Self::begin(settings, trace_id);
        context.push("sample_rate", settings.options().traces_sample_rate.to_string());
        context.push("sample_rand", sample_rand_text(rand));
        context.push_rest(settings, sampled);
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

    fn push(&mut self, key: &str, value: String) {
        self.members.push((key.to_owned(), value));
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

/// Six digits of randomness, in millionths of [0, 1).
pub(crate) fn sample_rand(drawn: u64) -> u32 {
    u32::try_from(drawn % 1_000_000).unwrap_or(0)
}

/// `sample_rand` as the header has it: `0.` and six digits.
fn sample_rand_text(rand: u32) -> String {
    format!("0.{rand:06}")
}

/// Whether a new trace is recorded: `sample_rand < rate`.
pub(crate) fn decide(rate: f64, rand: u32) -> bool {
    f64::from(rand) / 1e6 < rate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_of_the_rate() {
        assert!(!decide(0.0, 0));
        assert!(decide(1.0, 999_999));
        assert!(decide(0.5, 499_999) && !decide(0.5, 500_000));
        assert_eq!(sample_rand_text(7), "0.000007");
    }
}
