//! What the server does not want now (rate limiting, "Rate Limit Enforcement").

use std::time::Duration;

use crate::{
    config::{DEFAULT_RATE_LIMIT, MAX_RATE_LIMIT},
    json::read_double,
    time::Timestamp,
};

/// What can be limited, as far as anything of that category is sent here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    All,
    Span,
    Transaction,
    Internal,
}

/// Deadlines by category; the longer one wins.
#[derive(Debug, Default)]
pub(crate) struct RateLimits {
    until: [Option<Timestamp>; 4],
}

impl RateLimits {
    /// Takes what an answer says, whatever its status. Deadlines are in `now`'s time; `wall` is what the server
    /// would call this moment.
    pub fn update<'a>(
        &mut self,
        now: Timestamp,
        wall: Timestamp,
        status: u16,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
    ) {
        let (mut is_told, mut retry_after) = (false, None);
        for (name, value) in headers {
            if name.eq_ignore_ascii_case("x-sentry-rate-limits") {
                for limit in value.split(',') {
                    is_told |= self.limit(now, limit).is_some();
                }
            } else if name.eq_ignore_ascii_case("retry-after") {
                let date = || Some(Timestamp::from_http_date(value.trim())?.since(wall).min(MAX_RATE_LIMIT));
                retry_after = seconds(value).or_else(date);
            }
        }
        if status == 429 && !is_told {
            self.extend(Category::All, now.after(retry_after.unwrap_or(DEFAULT_RATE_LIMIT)));
        }
    }

    /// `seconds:categories:scope:reason:...`; no categories are all of them, unknown ones none. `None` where it
    /// is nothing of that form.
    fn limit(&mut self, now: Timestamp, limit: &str) -> Option<()> {
        let mut fields = limit.trim().split(':');
        let wait = fields.next().and_then(seconds)?;
        let categories = fields.next().unwrap_or_default().trim();
        if categories.is_empty() {
            self.extend(Category::All, now.after(wait));
        }
        for category in categories.split(';') {
            match category.trim() {
                "span" => self.extend(Category::Span, now.after(wait)),
                "transaction" => self.extend(Category::Transaction, now.after(wait)),
                "internal" => self.extend(Category::Internal, now.after(wait)),
                _ => {}
            }
        }
        Some(())
    }

    fn extend(&mut self, category: Category, until: Timestamp) {
        if let Some(deadline) = self.until.get_mut(category as usize) {
            *deadline = Some(until).max(*deadline);
        }
    }

    /// Until when something of that category has to stay, as far as it is known now.
    pub fn until(&self, category: Category) -> Option<Timestamp> {
        [Category::All, category].into_iter().filter_map(|category| *self.until.get(category as usize)?).max()
    }

    /// Whether something of that category has to stay.
    pub fn is_limited(&self, category: Category, now: Timestamp) -> bool {
        self.until(category).is_some_and(|until| until > now)
    }
}

/// Seconds, also with a fraction; nonsense is nothing.
fn seconds(text: &str) -> Option<Duration> {
    let seconds = read_double(text.trim()).filter(|seconds| *seconds >= 0.0)?;
    Some(Duration::try_from_secs_f64(seconds.ceil()).unwrap_or(MAX_RATE_LIMIT).min(MAX_RATE_LIMIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(status: u16, headers: &[(&str, &str)], after: f64) -> (bool, bool) {
        let mut limits = RateLimits::default();
        let wall = Timestamp::from_http_date("Wed, 25 Nov 2026 08:00:00 GMT").unwrap();
        limits.update(Timestamp::from_seconds(1000.0), wall, status, headers.iter().copied());
        let now = Timestamp::from_seconds(1000.0 + after);
        (limits.is_limited(Category::Span, now), limits.is_limited(Category::Internal, now))
    }

    #[test]
    fn headers_name_seconds_and_categories() {
        let header = |value| [("X-Sentry-Rate-Limits", value)];
        assert_eq!(limited(200, &header("60:span:key"), 59.0), (true, false));
        assert_eq!(limited(200, &header("60:span:key"), 60.0), (false, false));
        assert_eq!(limited(200, &header("60::organization"), 1.0), (true, true));
        assert_eq!(limited(429, &header("60:error;unheard_of:key"), 1.0), (false, false));
        assert_eq!(limited(200, &header("5:span, 60:error;internal;span:key:reason"), 50.0), (true, true));
        assert_eq!(limited(200, &header("soon:span"), 0.0), (false, false));
    }

    #[test]
    fn a_bare_429_stops_everything_for_a_while() {
        assert_eq!(limited(429, &[], 59.0), (true, true));
        assert_eq!(limited(429, &[], 60.0), (false, false));
        assert_eq!(limited(429, &[("retry-after", "5")], 5.0), (false, false));
        assert_eq!(limited(503, &[("retry-after", "5")], 1.0), (false, false));
        let date = [("Retry-After", "Wed, 25 Nov 2026 08:00:30 GMT")];
        assert_eq!((limited(429, &date, 29.0), limited(429, &date, 30.0)), ((true, true), (false, false)));
        assert_eq!(limited(429, &[("Retry-After", "whenever")], 59.0), (true, true));
    }

    #[test]
    fn a_429_whose_header_says_nothing_is_a_bare_one() {
        let header = |value| [("X-Sentry-Rate-Limits", value)];
        assert_eq!(limited(429, &header(""), 59.0), (true, true));
        assert_eq!(limited(429, &[("Retry-After", "7"), ("X-Sentry-Rate-Limits", "::")], 6.0), (true, true));
        let twice = [("X-Sentry-Rate-Limits", "9:span"), ("X-Sentry-Rate-Limits", "9:internal")];
        assert_eq!(limited(200, &twice, 8.0), (true, true), "headers of one name are one list");
    }
}
