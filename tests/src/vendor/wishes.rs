//! What the name of a model, or a header, asks of an answer beside its content.
//!
//! Any client can name a model, so every wish can stand in its name, as words between hyphens:
//! `claude-sonnet-4-5-fault-cut`, `gpt-4o-chunks-200-every-5`. The header `x-vendor-wish` takes the same
//! words, for clients that know which models there are.
//!
//! - `fault-...`: see `faults`
//! - `chunks-N`: the text is N pieces; `bytes-N`: the text is N bytes long (both: N bytes in N pieces)
//! - `delay-N`: N ms before the answer begins; `every-N`: N ms before each piece of a stream
//! - `parallel`: several tool calls at once; `thinking`: the model thinks, and shows it where it can
//! - `refusal`: it does not want to; `audio`: it speaks (OpenAI chat completions)
//! - `pause-turn`: it wants to be asked to go on (Anthropic, Google); `failed`: it breaks down (OpenAI responses)

use std::time::Duration;

/// A text is never longer than this, in bytes, whatever is wished.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A text never has more pieces than this.
const MOST_CHUNKS: usize = 100_000;

/// What is between wishes in the names of models and in the header.
const SEPARATORS: [char; 8] = ['/', ':', '.', '@', '_', ',', ';', ' '];

/// Words between hyphens, a hyphen at both ends.
#[derive(Clone, Debug)]
pub(super) struct Wishes(String);

impl Wishes {
    pub(super) fn new(model: &str, header: &str) -> Self {
        Self(format!("-{model}-{header}-").replace(SEPARATORS, "-").to_lowercase())
    }

    pub(super) fn has(&self, wish: &str) -> bool {
        self.0.contains(&format!("-{wish}-"))
    }

    pub(super) fn bytes(&self) -> Option<usize> {
        self.number("bytes").map(|bytes| bytes.min(MOST_BYTES))
    }

    pub(super) fn chunks(&self) -> Option<usize> {
        self.number("chunks").map(|chunks| chunks.clamp(1, MOST_CHUNKS))
    }

    pub(super) fn delay(&self) -> Option<Duration> {
        self.milliseconds("delay")
    }

    pub(super) fn every(&self) -> Option<Duration> {
        self.milliseconds("every")
    }

    fn milliseconds(&self, wish: &str) -> Option<Duration> {
        self.number(wish).and_then(|number| u64::try_from(number).ok()).map(Duration::from_millis)
    }

    fn number(&self, wish: &str) -> Option<usize> {
        let (_, after) = self.0.split_once(&format!("-{wish}-"))?;
        after.split('-').next()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Wishes;

    #[test]
    fn a_name_can_hold_several_wishes() {
        let wishes = Wishes::new("models/gpt-4o-fault-429-once-chunks-200:latest", "every-5, thinking");
        assert!(wishes.has("fault-429-once") && wishes.has("thinking") && wishes.has("latest"));
        assert!(!wishes.has("fault-42") && !wishes.has("think"));
        assert_eq!(wishes.chunks(), Some(200));
        assert_eq!(wishes.every(), Some(Duration::from_millis(5)));
        assert_eq!((wishes.bytes(), wishes.delay()), (None, None));
    }

    #[test]
    fn wishes_have_limits() {
        let wishes = Wishes::new("m-bytes-99999999999-chunks-0", "");
        assert_eq!(wishes.bytes(), Some(16 * 1024 * 1024));
        assert_eq!(wishes.chunks(), Some(1));
        assert_eq!(Wishes::new("m-bytes-many", "").bytes(), None);
    }
}
