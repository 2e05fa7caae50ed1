//! Tokens: names, sums, and nothing that nobody reported.

use serde_json::Value as JsonValue;

use crate::attributes::{Attributes, Value};

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
    /// Reads the names of `set_usage`. A count that is no number of tokens is left out.
    pub fn from_api(value: &JsonValue) -> Self {
        let count = |name: &str| tokens(value.get(name));
        Self {
            input: count("input_tokens"),
            output: count("output_tokens"),
            total: count("total_tokens"),
            cache_read: count("cache_read_input_tokens"),
            cache_creation: count("cache_creation_input_tokens"),
            reasoning: count("reasoning_output_tokens"),
        }
    }

    /// The counts with the attributes that hold them.
    pub fn attributes(&self) -> impl Iterator<Item = (&'static str, i64)> {
        [
            ("gen_ai.usage.input_tokens", self.input),
            ("gen_ai.usage.output_tokens", self.output),
            ("gen_ai.usage.total_tokens", self.total),
            ("gen_ai.usage.cache_read.input_tokens", self.cache_read),
            ("gen_ai.usage.cache_creation.input_tokens", self.cache_creation),
            ("gen_ai.usage.reasoning.output_tokens", self.reasoning),
        ]
        .into_iter()
        .filter_map(|(key, count)| Some((key, count?)))
    }
}

/// A count of tokens: a whole number that is not negative, however the host's JSON writes it.
pub(crate) fn tokens(value: Option<&JsonValue>) -> Option<i64> {
    let value = value?;
    let whole = value.as_i64().or_else(|| {
        value.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e15).map(|float| float as i64)
    });
    whole.filter(|count| *count >= 0)
}

/// The sum, where both parts were reported and the sum was not.
pub(crate) fn derive_total(attributes: &mut Attributes) {
    if let (Some(Value::Int(input)), Some(Value::Int(output))) =
        (attributes.get("gen_ai.usage.input_tokens"), attributes.get("gen_ai.usage.output_tokens"))
    {
        let total = input.saturating_add(*output);
        attributes.set_default("gen_ai.usage.total_tokens", total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_counts_are_counts() {
        assert_eq!(tokens(Some(&json!(5))), Some(5));
        assert_eq!(tokens(Some(&json!(5.0))), Some(5));
        for odd in [json!(-1), json!(1.5), json!("5"), json!(null), json!(1e300)] {
            assert_eq!(tokens(Some(&odd)), None, "{odd}");
        }
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
