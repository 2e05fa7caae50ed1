//! What is kept of content that was gathered automatically.

use super::{Change, Gathered};
use crate::json::{Json, RAW};

/// Whether content that was gathered automatically is kept. What a user sets by hand always is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Messages, instructions, tool definitions and tool arguments.
    pub inputs: bool,
    /// Answers and tool results.
    pub outputs: bool,
}

impl Policy {
    /// Everything is kept.
    pub(crate) const ALL: Self = Self { inputs: true, outputs: true };

    /// Whether a piece of content is kept.
    pub(crate) const fn keeps(self, is_output: bool, gathered: Gathered) -> bool {
        match gathered {
            Gathered::ByHand => true,
            Gathered::Automatically if is_output => self.outputs,
            Gathered::Automatically => self.inputs,
        }
    }

    /// Whether a change comes in at all. Wire data does either way: what of it is content is decided when it
    /// is read.
    pub(super) const fn lets_in(self, change: &Change) -> bool {
        match change {
            Change::Content(content, _, gathered) => self.keeps(content.is_output(), *gathered),
            _ => true,
        }
    }

    /// The policy that the arguments of one call ask for: `record_inputs`, `record_outputs`.
    pub(super) fn with(self, arguments: &Json) -> Self {
        // Arguments may hold megabytes of messages, and this is the caller's thread.
        let bytes = arguments.bytes();
        // By one byte, which is not in every name: `memmem` is 5 KB of the browser's module.
        let mut underscores = memchr::memchr_iter(b'_', bytes);
        let is_there = |at: usize| {
            let before = bytes.get(..at).and_then(|before| before.strip_suffix(b"record"));
            before.is_some_and(|before| matches!(before.last(), Some(&(b'"' | RAW))))
        };
        if !underscores.any(is_there) {
            return self;
        }
        let doc = arguments.doc();
        let asked = |name: &str| doc.root().get(name).bool();
        Self {
            inputs: asked("record_inputs").unwrap_or(self.inputs),
            outputs: asked("record_outputs").unwrap_or(self.outputs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_may_ask_for_another_policy() {
        let policy = Policy { inputs: true, outputs: false };
        let asked = |text: &str| policy.with(&Json::new(text));
        assert_eq!(asked(r#"{"record_inputs": false}"#), Policy::default());
        assert_eq!(
            asked(r#"{"record_outputs": true, "record_inputs": 5}"#),
            Policy { inputs: true, outputs: true }
        );
        assert_eq!(asked(r#"{"messages": "\"record_inputs\": false"}"#), policy);
        assert!(!policy.keeps(true, Gathered::Automatically) && policy.keeps(true, Gathered::ByHand));
    }
}
