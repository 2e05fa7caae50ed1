//! Tokens: names, sums, and nothing that nobody reported.

use crate::{
    attributes::{Attributes, Value, registry::Known},
    json::Node,
};

/// The attributes of the counts.
const KEYS: [Known; 6] = [
    Known::named("gen_ai.usage.input_tokens"),
    Known::named("gen_ai.usage.output_tokens"),
    TOTAL,
    Known::named("gen_ai.usage.cache_read.input_tokens"),
    FIRST,
    Known::named("gen_ai.usage.reasoning.output_tokens"),
];
/// In the order of the table, none of them goes before this one.
const FIRST: Known = Known::named("gen_ai.usage.cache_creation.input_tokens");
/// None of them goes after this one.
const TOTAL: Known = Known::named("gen_ai.usage.total_tokens");

/// The attribute of a count, by its name in `set_usage`.
pub(super) fn key_of(name: &str) -> Option<Known> {
    let names = [
        "input_tokens",
        "output_tokens",
        "total_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "reasoning_output_tokens",
    ];
    names.iter().zip(KEYS).find(|(known, _)| **known == name).map(|(_, key)| key)
}

/// Token counts as they were reported; absent is not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub input: Option<i64>,
    pub output: Option<i64>,
    pub total: Option<i64>,
    pub cache_read: Option<i64>,
    pub cache_creation: Option<i64>,
    pub reasoning: Option<i64>,
}

impl Usage {
    /// Reads the names of `set_usage`, as frameworks report by them. What is no number of tokens is left out.
    pub fn from_api(value: Node<'_>) -> Self {
        let count = |name: &str| tokens_of(value.get(name));
        Self {
            input: count("input_tokens"),
            output: count("output_tokens"),
            total: count("total_tokens"),
            cache_read: count("cache_read_input_tokens"),
            cache_creation: count("cache_creation_input_tokens"),
            reasoning: count("reasoning_output_tokens"),
        }
    }

    /// These counts, and those of `others` that are not among them.
    pub fn or(self, others: Self) -> Self {
        Self {
            input: self.input.or(others.input),
            output: self.output.or(others.output),
            total: self.total.or(others.total),
            cache_read: self.cache_read.or(others.cache_read),
            cache_creation: self.cache_creation.or(others.cache_creation),
            reasoning: self.reasoning.or(others.reasoning),
        }
    }

    /// The counts as the conventions want them, where a vendor counts the parts beside the whole: parts that
    /// are more than their whole cannot be in it, and a total is never less than what is in it.
    pub fn settled(mut self) -> Self {
        let cached = sum(self.cache_read, self.cache_creation);
        self.input =
            self.input.map(|input| if cached > input { input.saturating_add(cached) } else { input });
        let reasoning = sum(self.reasoning, None);
        self.output = self
            .output
            .map(|output| if reasoning > output { output.saturating_add(reasoning) } else { output });
        self.total = self.total.map(|total| total.max(self.halves()));
        self
    }

    /// What of these counts stands below those that were given by hand: nothing that contradicts them.
    pub fn below(self, given: Self) -> Self {
        let mut all = given.or(self);
        if given.input.is_some_and(|input| sum(all.cache_read, all.cache_creation) > input) {
            (all.cache_read, all.cache_creation) = (given.cache_read, given.cache_creation);
        }
        if given.output.is_some_and(|output| sum(all.reasoning, None) > output) {
            all.reasoning = given.reasoning;
        }
        all.total = given.total.or(self.total.filter(|total| *total >= all.halves()));
        all
    }

    /// What is known to have gone in and to have come out.
    fn halves(&self) -> i64 {
        let input = self.input.unwrap_or_else(|| sum(self.cache_read, self.cache_creation));
        input.saturating_add(self.output.or(self.reasoning).unwrap_or(0))
    }

    /// The counts with the attributes that hold them.
    pub fn attributes(&self) -> impl Iterator<Item = (Known, i64)> {
        KEYS.into_iter().zip(self.counts()).filter_map(|(key, count)| Some((key, count?)))
    }

    /// The counts that attributes hold.
    pub fn of(attributes: &Attributes) -> Self {
        let mut counts = [None; KEYS.len()];
        for (known, value) in attributes.between(FIRST, TOTAL) {
            if let Value::Int(count) = value
                && let Some((_, slot)) = KEYS.iter().zip(&mut counts).find(|(key, _)| **key == known)
            {
                *slot = (*count >= 0).then_some(*count);
            }
        }
        Self::from_counts(counts)
    }

    /// Both together; what neither reported stays absent.
    pub fn plus(&self, other: Self) -> Self {
        let mut sums = self.counts();
        for (sum, count) in sums.iter_mut().zip(other.counts()) {
            *sum = match (*sum, count) {
                (Some(sum), Some(count)) => Some(sum.saturating_add(count)),
                (sum, count) => sum.or(count),
            };
        }
        Self::from_counts(sums)
    }

    /// In the order of [`KEYS`].
    const fn counts(&self) -> [Option<i64>; 6] {
        [self.input, self.output, self.total, self.cache_read, self.cache_creation, self.reasoning]
    }

    const fn from_counts(counts: [Option<i64>; 6]) -> Self {
        let [input, output, total, cache_read, cache_creation, reasoning] = counts;
        Self { input, output, total, cache_read, cache_creation, reasoning }
    }
}

fn sum(one: Option<i64>, other: Option<i64>) -> i64 {
    one.unwrap_or(0).saturating_add(other.unwrap_or(0))
}

/// A count of tokens: a whole number that is not negative, however the host's JSON writes it.
pub(crate) fn tokens_of(node: Node<'_>) -> Option<i64> {
    node.i64()
        .or_else(|| {
            node.f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e15).map(|float| float as i64)
        })
        .filter(|count| *count >= 0)
}

/// The sum, where both parts were reported and the sum was not.
pub(crate) fn derive_total(attributes: &mut Attributes) {
    let Usage { input, output, .. } = Usage::of(attributes);
    if let (Some(input), Some(output)) = (input, output) {
        let total = input.saturating_add(output);
        attributes.set_default(TOTAL, total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Doc;

    #[test]
    fn the_first_key_and_the_last_one_are_those_of_the_table() {
        assert_eq!((KEYS.iter().min(), KEYS.iter().max()), (Some(&FIRST), Some(&TOTAL)));
    }

    #[test]
    fn only_counts_are_counts() {
        let tokens = |text: &str| tokens_of(Doc::parse(text.as_bytes()).unwrap().root());
        assert_eq!(tokens("5"), Some(5));
        assert_eq!(tokens("5.0"), Some(5));
        for odd in ["-1", "1.5", "\"5\"", "null", "1e300"] {
            assert_eq!(tokens(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_whole_is_never_less_than_its_parts() {
        let counts = |input, output, total, cache_read, reasoning| Usage {
            input,
            output,
            total,
            cache_read,
            cache_creation: None,
            reasoning,
        };
        let reported = counts(Some(50), None, Some(7), None, None).settled();
        assert_eq!(reported, counts(Some(50), None, Some(50), None, None));
        let reported = counts(None, None, Some(4), None, Some(9)).settled();
        assert_eq!(reported, counts(None, None, Some(9), None, Some(9)));
        // What was given by hand is right, and what the vendor says beside it fits to that or goes.
        let reported = counts(Some(20), Some(10), Some(30), Some(15), Some(5));
        let given = counts(Some(10), Some(1000), None, None, None);
        assert_eq!(reported.below(given), counts(Some(10), Some(1000), None, None, Some(5)));
        let given = counts(None, None, None, Some(18), None);
        assert_eq!(reported.below(given), counts(Some(20), Some(10), Some(30), Some(18), Some(5)));
    }

    #[test]
    fn a_total_is_only_made_of_two_parts() {
        let mut attributes = Attributes::default();
        attributes.set("gen_ai.usage.input_tokens", 5);
        derive_total(&mut attributes);
        assert!(!attributes.contains("gen_ai.usage.total_tokens"));
        attributes.set("gen_ai.usage.output_tokens", 6);
        derive_total(&mut attributes);
        assert_eq!(attributes.get("gen_ai.usage.total_tokens"), Some(&Value::Int(11)));
    }
}
