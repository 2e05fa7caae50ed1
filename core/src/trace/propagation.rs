//! The headers that carry a trace from one service to the next: `sentry-trace`, `baggage`, `traceparent`.

use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::{Inherited, SamplingContext, TraceContext};
use crate::ids::{SpanId, TraceId};

/// What a baggage value may not hold as it is (W3C baggage, section 3.3.1.2), and the percent sign.
const BAGGAGE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%').add(b'=');

/// Bytes that an outgoing `baggage` header may have (W3C baggage, section 3.3.2).
const MAX_BAGGAGE_BYTES: usize = 8192;

/// Outgoing headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// `sentry-trace`: `{trace_id}-{span_id}-{sampled}`.
    pub sentry_trace: String,
    /// `baggage`: the sampling context as `sentry-` members, then what others put there.
    pub baggage: String,
    /// `traceparent`: `00-{trace_id}-{span_id}-{flags}` (W3C trace context, section 3.2); empty where it is
    /// not wanted.
    pub traceparent: String,
}

impl Headers {
    /// Name and value of every header that has one.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [("sentry-trace", &self.sentry_trace), ("baggage", &self.baggage), ("traceparent", &self.traceparent)]
            .into_iter()
            .map(|(name, value)| (name, value.as_str()))
            .filter(|(_, value)| !value.is_empty())
    }

    pub(super) fn of(context: &TraceContext, with_traceparent: bool) -> Self {
        let decision = match context.sampled {
            Some(true) => "-1",
            Some(false) => "-0",
            None => "",
        };
        let ours = context
            .inherited
            .sampling
            .members()
            .map(|(key, value)| format!("sentry-{key}={}", utf8_percent_encode(value, BAGGAGE)));
        let foreign = context.inherited.foreign_baggage.iter().map(|members| members.to_string());
        let mut baggage = String::new();
        for member in ours.chain(foreign) {
            if baggage.len() + member.len() < MAX_BAGGAGE_BYTES {
                if !baggage.is_empty() {
                    baggage.push(',');
                }
                baggage.push_str(&member);
            }
        }
        let (trace_id, span_id) = (context.trace_id, context.span_id);
        let flags = u8::from(context.sampled == Some(true));
        let traceparent =
            if with_traceparent { format!("00-{trace_id}-{span_id}-{flags:02}") } else { String::new() };
        Self { sentry_trace: format!("{trace_id}-{span_id}{decision}"), baggage, traceparent }
    }
}

/// The caller's place in its trace, out of the headers of a request; names are compared without case.
/// `sentry-trace` beats `traceparent`. `None` where there is neither, or nonsense.
pub fn continue_trace<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>) -> Option<TraceContext> {
    let (mut sentry_trace, mut traceparent, mut baggage) = (None, None, Vec::new());
    for (name, value) in headers {
        match name.to_ascii_lowercase().as_str() {
            "sentry-trace" => sentry_trace = parse_sentry_trace(value),
            "traceparent" => traceparent = parse_traceparent(value),
            "baggage" => baggage.extend(value.split(',').map(str::trim).filter(|member| !member.is_empty())),
            _ => {}
        }
    }
    let from_sentry = sentry_trace.is_some();
    let (trace_id, span_id, sampled) = sentry_trace.or(traceparent)?;
    let (ours, foreign): (Vec<&str>, Vec<&str>) =
        baggage.into_iter().partition(|member| member.starts_with("sentry-"));
    let ours = if from_sentry { ours } else { Vec::new() };
    let sampling = SamplingContext::from_members(members_of(trace_id, &ours));
    Some(TraceContext {
        trace_id,
        span_id,
        sampled,
        inherited: Arc::new(Inherited {
            sampling: Arc::new(sampling),
            segment: None,
            agent_name: None,
            agent_run: None,
            foreign_baggage: (!foreign.is_empty()).then(|| foreign.join(",").into()),
        }),
    })
}

/// The sampling context that came along; nothing but the trace where it is about another one, for the server is told
/// by it which trace an envelope is of. Of members that are there twice the last one counts, as in the Sentry SDKs.
fn members_of(trace_id: TraceId, baggage: &[&str]) -> Vec<(String, String)> {
    let mut members: Vec<(String, String)> = Vec::new();
    for (key, value) in baggage.iter().filter_map(|member| parse_member(member)) {
        match members.iter_mut().find(|(known, _)| *known == key) {
            Some((_, current)) => *current = value,
            None => members.push((key, value)),
        }
    }
    let ours = trace_id.to_string();
    match members.iter_mut().find(|(key, _)| key == "trace_id") {
        Some((_, theirs)) if theirs.eq_ignore_ascii_case(&ours) => *theirs = ours,
        Some(_) => members = vec![("trace_id".to_owned(), ours)],
        None => members.insert(0, ("trace_id".to_owned(), ours)),
    }
    members
}

type Place = (TraceId, SpanId, Option<bool>);

/// `{trace_id}-{span_id}-{0|1}`, the last part optional.
fn parse_sentry_trace(header: &str) -> Option<Place> {
    let mut parts = header.trim().split('-');
    let (trace_id, span_id) = ids(parts.next()?, parts.next()?)?;
    let sampled = match parts.next() {
        Some("1") => Some(true),
        Some("0") => Some(false),
        _ => None,
    };
    Some((trace_id, span_id, sampled))
}

/// `{version}-{trace_id}-{parent_id}-{flags}` (W3C trace context, section 3.2).
fn parse_traceparent(header: &str) -> Option<Place> {
    let mut parts = header.trim().split('-');
    let version = parts.next()?;
    if version.len() != 2 || version == "ff" || !is_hex(version) {
        return None;
    }
    let (trace_id, span_id) = ids(parts.next()?, parts.next()?)?;
    let flags = u8::from_str_radix(parts.next().filter(|flags| flags.len() == 2)?, 16).ok()?;
    Some((trace_id, span_id, Some(flags & 1 == 1)))
}

fn ids(trace: &str, span: &str) -> Option<(TraceId, SpanId)> {
    let valid =
        |text: &str, length| text.len() == length && is_hex(text) && text.bytes().any(|digit| digit != b'0');
    if valid(trace, 32) && valid(span, 16) {
        Some((TraceId::of_digits(trace)?, SpanId::of_digits(span)?))
    } else {
        None
    }
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn parse_member(member: &str) -> Option<(String, String)> {
    let (key, value) = member.strip_prefix("sentry-")?.split_once('=')?;
    let value = percent_decode_str(value.split(';').next()?.trim()).decode_utf8_lossy();
    let key = key.trim();
    (!key.is_empty()).then(|| (key.to_owned(), value.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn read(headers: &[(&str, &str)]) -> Option<TraceContext> {
        continue_trace(headers.iter().copied())
    }

    #[test]
    fn what_comes_in_goes_out() {
        let context = read(&[
            ("Sentry-Trace", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1"),
            ("BAGGAGE", "other=1;p=2, sentry-release=a%2Cb, sentry-sample_rand=0.123456,third=3"),
        ])
        .unwrap();
        assert_eq!(context.sampled, Some(true));
        assert_eq!(context.inherited.sampling.member("release"), Some("a,b"));
        assert_eq!(
            context.headers(false).baggage,
            format!(
                "sentry-trace_id={TRACE},sentry-release=a%2Cb,sentry-sample_rand=0.123456,other=1;p=2,third=3"
            )
        );
        assert_eq!(context.headers(false).sentry_trace, format!("{TRACE}-00f067aa0ba902b7-1"));
    }

    #[test]
    fn a_sampling_context_is_of_the_trace_that_it_came_with() {
        let sentry_trace = format!("{TRACE}-00f067aa0ba902b7-1");
        let members = |baggage: &str| {
            let context = read(&[("sentry-trace", &sentry_trace), ("baggage", baggage)]).unwrap();
            context
                .inherited
                .sampling
                .members()
                .map(|(key, value)| format!("{key}={value}"))
                .collect::<Vec<_>>()
        };
        let trace = format!("trace_id={TRACE}");
        assert_eq!(
            members("sentry-trace_id=11111111111111111111111111111111,sentry-public_key=k"),
            [trace.as_str()]
        );
        assert_eq!(members("sentry-public_key=k"), [trace.as_str(), "public_key=k"]);
        let upper = TRACE.to_uppercase();
        let twice = members(&format!("sentry-release=1,sentry-trace_id={upper},sentry-release=2,sentry-=x"));
        assert_eq!(twice, ["release=2", trace.as_str()]);
    }

    #[test]
    fn traceparent_is_read_where_there_is_no_sentry_trace() {
        let header = format!("00-{TRACE}-00f067aa0ba902b7-00");
        assert_eq!(read(&[("traceparent", &header)]).unwrap().sampled, Some(false));
    }

    #[test]
    fn nonsense_is_ignored() {
        for header in
            ["", "-", "abc", "4bf9-00f0-1", "00000000000000000000000000000000-00f067aa0ba902b7", "é"]
        {
            assert_eq!(read(&[("sentry-trace", header), ("traceparent", header)]), None, "{header}");
        }
        assert_eq!(read(&[("traceparent", &format!("ff-{TRACE}-00f067aa0ba902b7-01"))]), None);
    }
}
