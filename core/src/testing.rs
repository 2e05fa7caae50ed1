//! The testing option: what stands in for clock, random bytes and platform, so that a program gives the same
//! bytes every time and in every language.

use serde_json::Value;

use crate::{config::Platform, ids::Entropy, time::Timestamp};

/// What the option looks like, in the words of an error.
pub(crate) const SHAPE: &str = "{clock: seconds, random: hex bytes, platform: {sdk_name, sdk_version, runtime_name, \
                                runtime_version, server_name}}";

/// What stands in for clock, randomness and platform where a test wants the same bytes every time.
/// With it nothing runs in the background: what waits is sent by `flush`, on the caller's thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Testing {
    /// The time until it is set anew.
    pub clock: Timestamp,
    /// Random bytes, used from the front, and again with every byte raised by one when they run out.
    pub random: Vec<u8>,
    /// What names the platform.
    pub platform: Platform,
}

impl Testing {
    /// Reads the option; `None` where a clock or random bytes are missing or make no sense.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let named = |key: &str| {
            value
                .pointer("/platform")
                .and_then(|platform| platform.get(key))
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        Some(Self {
            clock: Timestamp::from_seconds(value.get("clock")?.as_f64()?),
            random: bytes_of_hex(value.get("random")?.as_str()?)?,
            platform: Platform {
                sdk_name: named("sdk_name"),
                sdk_version: named("sdk_version"),
                runtime_name: named("runtime_name"),
                runtime_version: named("runtime_version"),
                server_name: named("server_name"),
            },
        })
    }
}

/// The bytes of an even number of hex digits, at least one byte.
fn bytes_of_hex(hex: &str) -> Option<Vec<u8>> {
    if hex.is_empty() || !hex.len().is_multiple_of(2) || !hex.is_ascii() {
        return None;
    }
    hex.as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect()
}

/// The random bytes of [`Testing`], drawn one span at a time.
#[derive(Clone, Debug)]
pub struct TestEntropy {
    bytes: Vec<u8>,
    position: usize,
}

impl TestEntropy {
    /// Draws from the front of `bytes`.
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, position: 0 }
    }

    /// The next bytes for one span.
    pub fn draw(&mut self) -> Entropy {
        let mut drawn = Entropy::default();
        for byte in &mut drawn {
            let length = self.bytes.len().max(1);
            let round = u8::try_from((self.position / length) % 256).unwrap_or(0);
            *byte = self.bytes.get(self.position % length).copied().unwrap_or(0).wrapping_add(round);
            self.position = self.position.saturating_add(1);
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn test_entropy_never_repeats_at_once() {
        let mut entropy = TestEntropy::new(vec![1, 2]);
        let first = entropy.draw();
        assert_ne!(first, entropy.draw());
    }

    #[test]
    fn the_option_needs_a_clock_and_whole_bytes() {
        assert!(Testing::read(&json!({"clock": 1, "random": "00ff"})).is_some());
        for odd in [
            json!({}),
            json!({"clock": 1}),
            json!({"clock": 1, "random": "0"}),
            json!({"clock": 1, "random": "é"}),
        ] {
            assert_eq!(Testing::read(&odd), None, "{odd}");
        }
    }
}
