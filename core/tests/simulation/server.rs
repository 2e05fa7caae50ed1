//! A server that answers whatever a server may answer, and knows what it has forbidden.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use spanwire::{
    config::{MAX_CLIENT_REPORT_BYTES, MAX_ITEM_BYTES, MAX_SPANS_PER_ITEM},
    envelope,
    time::Timestamp,
};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use crate::common::Numbers;

/// Categories that limits can name; the last two are none of ours.
const CATEGORIES: [&str; 5] = ["span", "transaction", "internal", "error", "unheard_of"];
/// Limits that a header may name: text, and what it means in seconds; a part of one is a whole one.
const SECONDS: [(&str, f64); 6] =
    [("0", 0.0), ("1", 1.0), ("30", 30.0), ("3600", 3600.0), ("0.25", 1.0), ("29.5", 30.0)];
/// Seconds from now that a date in a header may name.
const DATES: [f64; 4] = [-90.0, 0.0, 2.0, 600.0];

/// Seconds as the client counts them.
fn micros(seconds: f64) -> f64 {
    (seconds * 1e6).round()
}

/// A date about so many seconds from now, and how long it really is until then.
fn date(wall: Timestamp, seconds: f64) -> (String, f64) {
    let moment = OffsetDateTime::from_unix_timestamp((wall.seconds() + seconds) as i64).unwrap();
    let until = Timestamp::from_seconds(moment.unix_timestamp() as f64);
    (moment.format(&Rfc2822).unwrap().replace("+0000", "GMT"), until.since(wall).as_secs_f64())
}

#[derive(Default)]
pub struct Server {
    /// Until when nothing of a category may come, in seconds that have passed.
    limits: BTreeMap<&'static str, f64>,
    /// Spans that were taken, for ever.
    taken: BTreeSet<String>,
    /// How often a span was on disk when a process died: so often it may come after that.
    copies: BTreeMap<String, usize>,
    /// What client reports told of, by reason, in spans.
    pub reported: u64,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
}

/// What is in a request.
pub struct Request {
    pub spans: Vec<String>,
    pub category: Option<&'static str>,
    pub reported: Option<u64>,
    pub largest: usize,
}

impl Request {
    pub fn read(body: &[u8]) -> Self {
        assert_eq!(String::from_utf8_lossy(body).matches("\"sent_at\"").count(), 1);
        Self::of_file(body)
    }

    /// What is in an envelope that has not left.
    pub fn of_file(body: &[u8]) -> Self {
        let envelopes = envelope::read_all(body).unwrap();
        assert_eq!(envelopes.len(), 1);
        let mut request = Self { spans: Vec::new(), category: None, reported: None, largest: 0 };
        for (header, payload) in &envelopes[0].items {
            let json: Value = serde_json::from_slice(payload).unwrap();
            let ids = |list: &Value| -> Vec<String> {
                list.as_array()
                    .unwrap()
                    .iter()
                    .map(|span| span["span_id"].as_str().unwrap().to_owned())
                    .collect()
            };
            match header["type"].as_str().unwrap() {
                "span" => {
                    request.spans = ids(&json["items"]);
                    request.category = Some("span");
                }
                "transaction" => {
                    request.spans = ids(&json["spans"]);
                    request.spans.push(json["contexts"]["trace"]["span_id"].as_str().unwrap().to_owned());
                    request.category = Some("transaction");
                }
                "client_report" => {
                    assert!(payload.len() <= MAX_CLIENT_REPORT_BYTES);
                    let of_spans = json["discarded_events"].as_array().unwrap().iter();
                    let quantities = of_spans.filter(|event| event["category"] == "span");
                    request.reported =
                        Some(quantities.map(|event| event["quantity"].as_u64().unwrap()).sum());
                    continue;
                }
                other => unreachable!("{other}"),
            }
            request.largest = payload.len();
        }
        assert!(request.spans.len() <= MAX_SPANS_PER_ITEM, "{} spans", request.spans.len());
        assert!(request.largest <= MAX_ITEM_BYTES, "{} bytes", request.largest);
        request
    }
}

impl Server {
    /// Looks at a request that comes in after so many seconds.
    pub fn meet(&self, passed: f64, request: &Request) {
        let categories = request.category.into_iter().chain(request.reported.map(|_| "internal"));
        for category in categories.chain(["all"]) {
            let until = self.limits.get(category).copied().unwrap_or_default();
            assert!(
                micros(until) <= micros(passed),
                "a request during a limit of `{category}`: {passed} < {until}"
            );
        }
        let is_again = |span: &&String| {
            self.taken.contains(*span) && self.copies.get(*span).is_none_or(|copies| *copies == 0)
        };
        let again: Vec<_> = request.spans.iter().filter(is_again).collect();
        assert!(again.is_empty(), "sent twice after a 2xx: {again:?}");
    }

    /// Answers a request that comes in after so many seconds, when the clock says `wall`.
    pub fn answer(
        &mut self,
        numbers: &mut Numbers,
        passed: f64,
        wall: Timestamp,
        request: &Request,
    ) -> Answer {
        let status = match numbers.below(10) {
            0 => [400, 403, 404, 413][numbers.below(4)],
            1 => [500, 502, 503][numbers.below(3)],
            2 => 429,
            _ => 200,
        };
        if status == 200 {
            self.take(request);
        }
        let headers = if status == 429 || numbers.once_in(12) {
            self.headers(numbers, passed, wall, status)
        } else {
            Vec::new()
        };
        Answer { status, headers }
    }

    pub fn take(&mut self, request: &Request) {
        self.taken.extend(request.spans.iter().cloned());
        for span in &request.spans {
            self.copies.entry(span.clone()).and_modify(|copies| *copies = copies.saturating_sub(1));
        }
        self.reported += request.reported.unwrap_or(0);
    }

    /// A process has died: the next one knows nothing of limits, nor of what was answered. It sends what is on disk.
    pub fn expect_another(&mut self, on_disk: Vec<String>) {
        self.limits.clear();
        self.copies.clear();
        for span in on_disk {
            *self.copies.entry(span).or_default() += 1;
        }
    }

    fn headers(
        &mut self,
        numbers: &mut Numbers,
        passed: f64,
        wall: Timestamp,
        status: u16,
    ) -> Vec<(&'static str, String)> {
        const LIMITS: [&str; 2] = ["X-Sentry-Rate-Limits", "x-sentry-rate-limits"];
        let mut headers = Vec::new();
        let mut is_told = false;
        for _ in 0..numbers.below(3) {
            let limits: Vec<String> =
                (0..1 + numbers.below(3)).map(|_| self.limit(numbers, passed)).collect();
            headers.push((LIMITS[numbers.below(2)], limits.join([",", ", "][numbers.below(2)])));
            is_told = true;
        }
        if !is_told && numbers.once_in(4) {
            headers.push((LIMITS[0], ["", "soon:span:key", "::", "-1:span"][numbers.below(4)].to_owned()));
        }
        let mut wait = 60.0;
        match numbers.below(5) {
            0 => {
                let (text, seconds) = SECONDS[numbers.below(SECONDS.len())];
                wait = seconds;
                headers.push(("Retry-After", text.to_owned()));
            }
            1 => {
                let (text, seconds) = date(wall, DATES[numbers.below(DATES.len())]);
                wait = seconds;
                headers.push(("Retry-After", text));
            }
            2 => headers.push(("retry-after", "nonsense".to_owned())),
            _ => {}
        }
        if status == 429 && !is_told {
            self.forbid("all", passed + wait);
        }
        headers
    }

    /// One limit as text; what it means is remembered.
    fn limit(&mut self, numbers: &mut Numbers, passed: f64) -> String {
        let (text, seconds) = SECONDS[numbers.below(SECONDS.len())];
        let named: Vec<&'static str> = (0..numbers.below(3)).map(|_| CATEGORIES[numbers.below(5)]).collect();
        let until = passed + seconds;
        if named.is_empty() {
            self.forbid("all", until);
        }
        named.iter().for_each(|category| self.forbid(category, until));
        let rest = [":organization", ":key:quota", ""][numbers.below(3)];
        format!("{text}:{}{rest}", named.join(";"))
    }

    fn forbid(&mut self, category: &'static str, until: f64) {
        let limit = self.limits.entry(category).or_default();
        *limit = limit.max(until);
    }
}
