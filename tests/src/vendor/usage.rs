//! What an answer costs: counts of words, made so that no two counts of one answer are equal.
//!
//! The last digit of a count tells which it is, so that a count in the wrong place is seen: all input ends
//! in 1 (what of it came out of the cache in 2, what was written to it in 3, the rest in 6), the text and
//! the calls of an answer in 4, thoughts in 5, both together in 9, all of it in 5 or, with thoughts, in 0.

use serde_json::{Value, json};

use super::answers::Answer;
use super::ask::Ask;

/// Words that a message costs beside its own, and that every request costs beside its messages.
const WORDS_A_MESSAGE: usize = 4;

/// Words that a tool on offer costs, and a call of one.
const WORDS_A_TOOL: usize = 16;

/// Tokens of thought, for models that think.
const REASONING_TOKENS: usize = 65;

/// Counts of tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tokens {
    /// All of the prompt, the cached part included.
    pub(super) input: usize,
    pub(super) cache_read: usize,
    pub(super) cache_write: usize,
    /// The text and the calls of the answer.
    pub(super) visible: usize,
    pub(super) reasoning: usize,
}

/// Which of the finer counts a vendor's usage has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tells {
    pub(super) cache_read: bool,
    pub(super) cache_write: bool,
    pub(super) reasoning: bool,
}

impl Tokens {
    /// What an answer to a conversation costs.
    pub(super) fn of(ask: &Ask, answer: &Answer) -> Self {
        let said = match answer.calls.len() {
            0 => answer.pieces.len(),
            calls => WORDS_A_TOOL * calls,
        };
        let reasoning = if ask.thinks { REASONING_TOKENS } else { 0 };
        Self { visible: 10 * said * ask.choices + 4, reasoning, ..Self::of_prompt(ask) }
    }

    /// What is known before the answer: about half of a prompt comes out of the cache, and a quarter of it
    /// is written there.
    pub(super) fn of_prompt(ask: &Ask) -> Self {
        let words = prompt_words(ask);
        let (cache_read, cache_write) = (10 * (words / 2) + 2, 10 * (words / 4) + 3);
        Self { input: 10 * words + 1, cache_read, cache_write, visible: 0, reasoning: 0 }
    }

    /// What texts without a conversation cost, as those of embeddings: nothing is cached and nothing said.
    pub(super) fn of_texts(texts: &[String]) -> Self {
        let words: usize = texts.iter().map(|text| words(text)).sum();
        Self { input: 10 * words + 1, cache_read: 0, cache_write: 0, visible: 0, reasoning: 0 }
    }

    /// All that the model produced.
    pub(super) fn output(&self) -> usize {
        self.visible + self.reasoning
    }

    /// What of the input neither came out of the cache nor was written to it.
    pub(super) fn uncached(&self) -> usize {
        self.input.saturating_sub(self.cache_read + self.cache_write)
    }

    pub(super) fn total(&self) -> usize {
        self.input + self.output()
    }

    /// As a span says it, as far as the vendor's usage tells it.
    pub(super) fn told(&self, tells: Tells) -> Value {
        let of = |is_told: bool, count: usize| if is_told { count } else { 0 };
        json!({
            "input_tokens": self.input,
            "output_tokens": self.output(),
            "total_tokens": self.total(),
            "cache_read_input_tokens": of(tells.cache_read, self.cache_read),
            "cache_creation_input_tokens": of(tells.cache_write, self.cache_write),
            "reasoning_output_tokens": of(tells.reasoning, self.reasoning),
        })
    }
}

fn prompt_words(ask: &Ask) -> usize {
    let messages = ask.messages.iter().map(|message| {
        let calls = message.calls.iter().map(|call| 1 + words(&call.arguments));
        WORDS_A_MESSAGE + words(&message.text) + calls.sum::<usize>()
    });
    WORDS_A_MESSAGE + messages.sum::<usize>() + WORDS_A_TOOL * ask.tools.len()
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}
