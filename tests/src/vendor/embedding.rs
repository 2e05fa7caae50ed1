//! Embeddings: a vector for a text, always the same one.

use serde_json::Value;
use uuid::Uuid;

use super::ask::read_content;
use super::json::list;

/// Dimensions where none are asked for: few, because nobody looks at them.
const DIMENSIONS: usize = 8;

/// The vector of a text. Its numbers are multiples of 1/128, so that no format rounds them.
pub(super) fn vector(text: &str, dimensions: Option<usize>) -> Vec<f32> {
    let hash = Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes());
    let numbers = hash.as_bytes().iter().map(|byte| (f32::from(*byte) - 128.0) / 128.0);
    numbers.cycle().take(dimensions.unwrap_or(DIMENSIONS).min(4096)).collect::<Vec<_>>()
}

/// The texts of an input: one, or a list of them; tokens stand for a text of as many words.
pub(super) fn texts(input: &Value) -> Vec<String> {
    let is_number = |value: &Value| value.is_number();
    match input {
        Value::Array(tokens) if tokens.iter().all(is_number) => vec!["token ".repeat(tokens.len())],
        Value::Array(_) => list(input, "").flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        parts => vec![read_content(parts.get("content").unwrap_or(&Value::Null))],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{texts, vector};

    #[test]
    fn a_text_has_its_vector() {
        assert_eq!(vector("a", Some(20)), vector("a", Some(20)));
        assert_ne!(vector("a", None), vector("b", None));
        assert_eq!(vector("a", Some(20)).len(), 20);
    }

    #[test]
    fn an_input_has_several_shapes() {
        assert_eq!(texts(&json!("a")), ["a"]);
        assert_eq!(texts(&json!(["a", [1, 2]])), ["a", "token token "]);
        assert_eq!(texts(&json!({ "content": [{ "type": "text", "text": "c" }] })), ["c"]);
    }
}
