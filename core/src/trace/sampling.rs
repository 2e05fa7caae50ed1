//! Whether a trace is recorded, and what the server is told about that decision.

use std::sync::{Arc, OnceLock};

use crate::{
    client::Settings,
    ids::TraceId,
    json::{Object, quote, read_double, write_double},
};

/// The dynamic sampling context: what everyone on the trace knows of its beginning, in order. Kept as
/// texts, because members that came with a request must go on exactly as they came.
#[derive(Clone, Debug, Default)]
pub struct SamplingContext {
    /// Where the trace begins here, its members are written when somebody wants them: most traces that are
    /// not recorded never come to that.
    beginning: Option<Beginning>,
    members: OnceLock<Vec<(String, String)>>,
}

#[derive(Clone, Debug)]
struct Beginning {
    settings: Arc<Settings>,
    trace_id: TraceId,
    /// `None` for a trace whose beginning nobody here saw.
    decision: Option<Decision>,
    sampled: bool,
    name: Arc<str>,
}

impl Beginning {
    fn members(&self) -> Vec<(String, String)> {
        let (options, destination) = (self.settings.options(), self.settings.destination());
        let decision = |write: fn(Decision) -> String| self.decision.map(write);
        [
            ("trace_id", Some(self.trace_id.to_string())),
            ("public_key", destination.map(|destination| destination.public_key.clone())),
            ("sample_rate", decision(|decision| rate_text(decision.rate))),
            ("sample_rand", decision(|decision| sample_rand_text(decision.rand))),
            ("sampled", Some(self.sampled.to_string())),
            ("release", options.release.clone()),
            ("environment", Some(options.environment.clone())),
            ("org_id", destination.and_then(|destination| destination.org_id.clone())),
            ("transaction", Some(self.name.to_string()).filter(|name| !name.is_empty())),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
    }
}

impl SamplingContext {
    /// The context of a trace that begins here.
    pub(crate) fn new(
        settings: &Arc<Settings>,
        trace_id: TraceId,
        decision: Decision,
        name: &Arc<str>,
    ) -> Self {
        Self::begun(Beginning {
            settings: Arc::clone(settings),
            trace_id,
            decision: Some(decision),
            sampled: decision.sampled,
            name: Arc::clone(name),
        })
    }

    /// The context of a trace that came in without one: who we are, and nothing about its beginning, which
    /// nobody here saw. An envelope needs the public key (WIRE, "Envelope").
    pub(crate) fn of_headless(settings: &Arc<Settings>, trace_id: TraceId, sampled: bool) -> Self {
        let settings = Arc::clone(settings);
        Self::begun(Beginning { settings, trace_id, decision: None, sampled, name: Arc::default() })
    }

    fn begun(beginning: Beginning) -> Self {
        Self { beginning: Some(beginning), members: OnceLock::new() }
    }

    /// The context that came with a request.
    pub(crate) fn from_members(members: Vec<(String, String)>) -> Self {
        Self { beginning: None, members: members.into() }
    }

    /// The context that came with a request, after a sampler of this service has decided anew: what follows
    /// must be weighed by the rate that was applied last.
    pub(crate) fn decided(&self, decision: Decision) -> Self {
        let mut members = self.written().to_vec();
        for (key, value) in [
            ("sample_rate", rate_text(decision.rate)),
            ("sample_rand", sample_rand_text(decision.rand)),
            ("sampled", decision.sampled.to_string()),
        ] {
            match members.iter_mut().find(|(name, _)| name == key) {
                Some((_, current)) => *current = value,
                None => members.push((key.to_owned(), value)),
            }
        }
        Self::from_members(members)
    }

    /// The randomness that everyone on the trace decides with, where the request brought one that is a number
    /// in [0, 1).
    pub(crate) fn sample_rand(&self) -> Option<u32> {
        let rand = read_double(self.member("sample_rand")?)?;
        (0.0..1.0).contains(&rand).then_some((rand * MILLIONTHS) as u32)
    }

    /// Bytes of memory that it takes now. More once somebody asked for its members.
    pub(crate) fn held(&self) -> usize {
        let name = self.beginning.as_ref().map_or(0, |beginning| beginning.name.len());
        let members = self.members.get().map_or(0, |members| {
            let texts = members.iter().map(|(key, value)| key.capacity() + value.capacity());
            texts.sum::<usize>() + members.capacity() * MEMBER_BYTES
        });
        size_of::<Self>() + name + members
    }

    fn written(&self) -> &[(String, String)] {
        self.members.get_or_init(|| self.beginning.as_ref().map(Beginning::members).unwrap_or_default())
    }

    /// Writes its members as an object.
    pub(crate) fn write(&self, out: &mut String) {
        let object = Object::begin(out);
        self.members().fold(object, |object, (key, value)| object.any(key, |out| quote(out, value))).end();
    }

    /// Name and value of every member.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.written().iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The value of one member.
    pub fn member(&self, name: &str) -> Option<&str> {
        self.members().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

impl PartialEq for SamplingContext {
    fn eq(&self, other: &Self) -> bool {
        self.written() == other.written()
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

/// Two texts beside what stands in them: themselves, and what an allocator adds to each.
const MEMBER_BYTES: usize = size_of::<(String, String)>() + 2 * 16;

/// `sample_rand` has six digits.
const MILLIONTHS: f64 = 1e6;

/// Six digits of randomness, in millionths of [0, 1).
pub(crate) fn sample_rand(drawn: u64) -> u32 {
    u32::try_from(drawn % 1_000_000).unwrap_or(0)
}

/// The randomness of a trace that came without any and without a decision: out of its id, so that all its spans are
/// decided alike.
pub(crate) fn sample_rand_of(trace_id: TraceId) -> u32 {
    let half = trace_id.bytes().last_chunk().map_or(0, |half| u64::from_be_bytes(*half));
    sample_rand(half)
}

/// A rate in decimal digits, without an exponent: the formatter of `core` would be there for this alone.
fn rate_text(rate: f64) -> String {
    let mut text = String::new();
    write_double(&mut text, rate);
    if let Some((digits, exponent)) = text.split_once("e-") {
        let zeros = "0".repeat(exponent.parse::<usize>().unwrap_or(1).saturating_sub(1));
        return format!("0.{zeros}{}", digits.replace('.', ""));
    }
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
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
        for rate in [0.0, 1.0, 0.5, 0.1, 1.0 / 3.0, 0.00012, 1e-5, 1.25e-7, 3.3e-20, f64::MIN_POSITIVE] {
            assert_eq!(rate_text(rate), rate.to_string());
        }
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
