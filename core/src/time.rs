//! Moments, as the host's clock told them.

use std::time::Duration;

use time::format_description::well_known::{Rfc2822, Rfc3339};

/// Microseconds since the Unix epoch: the resolution of a span's timestamps on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the Unix epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From seconds since the Unix epoch; what is not a number, or beyond the year 9999, is clamped.
    pub fn from_seconds(seconds: f64) -> Self {
        /// 9999-12-31T23:59:59Z: the last second that RFC 3339 can write.
        const LAST_SECOND: f64 = 253_402_300_799.0;
        let seconds = if seconds.is_nan() { 0.0 } else { seconds.clamp(0.0, LAST_SECOND) };
        // The clamp above keeps the product far inside an i64.
        Self((seconds * 1e6).round() as i64)
    }

    /// Microseconds since the Unix epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Seconds since the Unix epoch, as the wire has them.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The time from `earlier` to this moment; nothing where the clock ran backwards.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// This moment and `duration` more.
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// This moment and `duration` less.
    pub fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// A date as HTTP headers have it, like `Wed, 25 Nov 2026 08:49:37 GMT`.
    pub fn from_http_date(text: &str) -> Option<Self> {
        let date = time::OffsetDateTime::parse(text, &Rfc2822).ok()?;
        Some(Self(date.unix_timestamp().checked_mul(1_000_000)?))
    }

    /// RFC 3339 in UTC, as the envelope header's `sent_at` has it.
    pub fn rfc3339(self) -> String {
        time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .ok()
            .and_then(|moment| moment.format(&Rfc3339).ok())
            .unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_survives_the_way_to_the_wire_and_back() {
        let moment = Timestamp::from_micros(1_700_000_000_123_456);
        assert_eq!(Timestamp::from_seconds(moment.seconds()), moment);
        assert_eq!(moment.rfc3339(), "2023-11-14T22:13:20.123456Z");
    }

    #[test]
    fn odd_seconds_are_clamped() {
        assert_eq!(Timestamp::from_seconds(f64::NAN).micros(), 0);
        assert_eq!(Timestamp::from_seconds(-5.0).micros(), 0);
        assert_eq!(Timestamp::from_seconds(f64::INFINITY).rfc3339(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn time_that_runs_backwards_is_no_time() {
        assert_eq!(Timestamp::from_micros(1).since(Timestamp::from_micros(5)), Duration::ZERO);
    }
}
