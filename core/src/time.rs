//! Moments, as the host's clock told them.

use std::time::Duration;

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

    /// A date as HTTP headers have it, like `Wed, 25 Nov 2026 08:49:37 GMT` (RFC 9110, "Date/Time Formats").
    pub fn from_http_date(text: &str) -> Option<Self> {
        const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
        let (_, rest) = text.split_once(", ")?;
        let mut words = rest.split(' ');
        let (day, month, year, clock) = (words.next()?, words.next()?, words.next()?, words.next()?);
        if !matches!(words.next(), Some("GMT" | "UTC" | "+0000"))
            || words.next().is_some()
            || month.len() != 3
        {
            return None;
        }
        let month = MONTHS.find(month).filter(|at| at % 3 == 0)? as i64 / 3 + 1;
        let mut numbers =
            [day, year].into_iter().chain(clock.split(':')).map(|number| number.parse::<u16>().ok());
        let mut number = |range: std::ops::RangeInclusive<u16>| {
            numbers.next().flatten().filter(|number| range.contains(number)).map(i64::from)
        };
        let (day, year) = (number(1..=31)?, number(1970..=9999)?);
        let (hour, minute, second) = (number(0..=23)?, number(0..=59)?, number(0..=60)?);
        let days = days_before(year, month) + day - 1;
        Some(Self((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000))
    }

    /// RFC 3339 in UTC, as the envelope header's `sent_at` has it.
    pub fn rfc3339(self) -> String {
        let (seconds, micros) = (self.0.max(0) / 1_000_000, self.0.max(0) % 1_000_000);
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        let mut year = 1970 + days / 366;
        while days_before(year + 1, 1) <= days {
            year += 1;
        }
        let month = (1..=12).rev().find(|month| days_before(year, *month) <= days).unwrap_or(1);
        let day = days - days_before(year, month) + 1;
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        if micros > 0 {
            text += format!(".{micros:06}").trim_end_matches('0');
        }
        text.push('Z');
        text
    }
}

/// Days from the Unix epoch to the first of a month, in the calendar of RFC 3339.
const fn days_before(year: i64, month: i64) -> i64 {
    // The year begins in March here: what a leap year has more is its last day then.
    let (year, months) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leaps = year / 4 - year / 100 + year / 400;
    /// From the first of March of the year 0.
    const EPOCH: i64 = 719_468;
    year * 365 + leaps + (months * 153 + 2) / 5 - EPOCH
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
    fn dates_are_those_of_the_calendar() {
        use time::format_description::well_known::{Rfc2822, Rfc3339};
        for day in 0..8000 {
            let moment =
                Timestamp::from_micros(day * 366 * 86_400_000_000 + day * 1_000_037 + day % 10 * 100_000);
            let expected =
                time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(moment.micros()) * 1000);
            let expected = expected.unwrap();
            assert_eq!(moment.rfc3339(), expected.format(&Rfc3339).unwrap());
            let date = expected.format(&Rfc2822).unwrap();
            assert_eq!(
                Timestamp::from_http_date(&date).unwrap().micros(),
                moment.micros() / 1_000_000 * 1_000_000
            );
        }
        assert_eq!(
            Timestamp::from_http_date("Wed, 25 Nov 2026 08:49:37 GMT").unwrap().rfc3339(),
            "2026-11-25T08:49:37Z"
        );
        for text in [
            "",
            "soon",
            "Wed, 25 Nov 2026 08:49:37 CET",
            "Wed, 32 Nov 2026 08:49:37 GMT",
            "Wed, 25 ovD 2026 08:49:37 GMT",
        ] {
            assert_eq!(Timestamp::from_http_date(text), None, "{text}");
        }
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
