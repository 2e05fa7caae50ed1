//! Time that never runs backwards: what waits is measured on it, whatever somebody does to the wall clock.

use std::time::Duration;

use crate::time::Timestamp;

/// Follows a wall clock forwards, and stands while that is set back.
#[derive(Debug, Default)]
pub(crate) struct Steady {
    last: Option<Timestamp>,
    /// What it is ahead of the wall clock.
    ahead: Duration,
}

impl Steady {
    /// The steady time at which the wall clock says `now`.
    pub fn read(&mut self, now: Timestamp) -> Timestamp {
        let set_back = self.last.map_or(Duration::ZERO, |last| last.since(now));
        self.ahead = self.ahead.saturating_add(set_back);
        self.last = Some(now);
        now.after(self.ahead)
    }

    /// What the wall clock will say at that steady time, if nobody sets it.
    pub fn wall(&self, steady: Timestamp) -> Timestamp {
        steady.before(self.ahead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_clock_that_is_set_back_takes_no_time_back() {
        let mut steady = Steady::default();
        let at = Timestamp::from_seconds;
        let begin = steady.read(at(1000.0));
        assert_eq!(begin, at(1000.0));
        assert_eq!(steady.read(at(400.0)), begin);
        let deadline = steady.read(at(401.0)).after(Duration::from_secs(5));
        assert_eq!((deadline, steady.wall(deadline)), (at(1006.0), at(406.0)));
        assert_eq!(steady.read(at(500.0)), at(1100.0), "forwards it follows");
    }
}
