//! The time of day, that never runs backwards inside a trace.

use std::{
    sync::atomic::{AtomicI64, Ordering::Relaxed},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use spanwire::time::Timestamp;

/// Microseconds by which the wall clock may leave ours before a new trace takes it over (someone set it, or
/// the machine slept).
const TOLERANCE_MICROS: i64 = 100_000;

/// Monotonic time, anchored in the wall clock; or the time that a test says it is.
pub struct Clock {
    origin: Instant,
    /// Wall time at `origin`, in microseconds; in a test the time itself.
    offset: AtomicI64,
    is_test: bool,
}

impl Clock {
    /// The real one, or one that stands at `test`.
    pub fn new(test: Option<Timestamp>) -> Self {
        let offset = test.map_or_else(wall_micros, Timestamp::micros);
        Self { origin: Instant::now(), offset: AtomicI64::new(offset), is_test: test.is_some() }
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        let offset = self.offset.load(Relaxed);
        Timestamp::from_micros(if self.is_test { offset } else { offset.saturating_add(self.elapsed()) })
    }

    /// Now, after looking at the wall clock: for the beginning of a trace.
    pub fn synchronised(&self) -> Timestamp {
        if !self.is_test {
            let anchor = wall_micros().saturating_sub(self.elapsed());
            if anchor.abs_diff(self.offset.load(Relaxed)) > TOLERANCE_MICROS.unsigned_abs() {
                self.offset.store(anchor, Relaxed);
            }
        }
        self.now()
    }

    /// Sets a test's time.
    pub fn set(&self, now: Timestamp) {
        if self.is_test {
            self.offset.store(now.micros(), Relaxed);
        }
    }

    fn elapsed(&self) -> i64 {
        i64::try_from(self.origin.elapsed().as_micros()).unwrap_or(i64::MAX)
    }
}

fn wall_micros() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_micros()).ok())
        .unwrap_or(0)
}
