//! The errors that vendors answer with.

use crate::json::Node;

/// A vendor's error object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WireError {
    /// `error.type`
    pub kind: String,
    /// In words.
    pub message: Option<String>,
}

impl WireError {
    /// The error that an answer brings: `{"error": {"type", "code", "status", "message"}}`, the error as a
    /// text, or Mistral's `{"object": "error", ...}`. `None` where it brings none.
    pub fn read(payload: Node<'_>) -> Option<Self> {
        let error = payload.get("error");
        if error.is_some() {
            return Some(Self::of(error));
        }
        payload.get("object").is("error").then(|| Self::of(payload))
    }

    /// An error object, or the error as a text.
    pub fn of(error: Node<'_>) -> Self {
        // `status` is Google's word for the class, `code` a number there and a word with OpenAI.
        let kind = ["type", "status", "code"].iter().map(|name| error.get(name)).find_map(Node::words);
        let number = || error.get("code").i64().map(|code| code.to_string().into());
        Self {
            kind: kind.or_else(number).unwrap_or("error".into()).into_owned(),
            message: error.get("message").str().or_else(|| error.str()).map(Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Doc;

    fn read(text: &str) -> Option<(String, Option<String>)> {
        let doc = Doc::parse(text.as_bytes()).unwrap();
        WireError::read(doc.root()).map(|error| (error.kind, error.message))
    }

    #[test]
    fn every_vendor_has_its_own_shape() {
        let said = |kind: &str, message: &str| Some((kind.to_owned(), Some(message.to_owned())));
        assert_eq!(read(r#"{"error":{"type":"a","code":"b","message":"m"}}"#), said("a", "m"));
        assert_eq!(
            read(r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}"#),
            said("RESOURCE_EXHAUSTED", "m")
        );
        assert_eq!(read(r#"{"error":{"code":429,"message":"m"}}"#), said("429", "m"));
        assert_eq!(read(r#"{"error":"model not found"}"#), said("error", "model not found"));
        assert_eq!(read(r#"{"object":"error","type":"t","message":"m"}"#), said("t", "m"));
        assert_eq!(read(r#"{"error":null}"#), None);
        assert_eq!(read("[]"), None);
    }
}
