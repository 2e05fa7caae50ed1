//! The errors that vendors answer with.

use std::borrow::Cow;

use crate::json::{Key, Node};

/// A vendor's error object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WireError {
    /// `error.type`
    pub kind: String,
    /// In words.
    pub message: Option<String>,
}

impl WireError {
    /// The error that an answer or a piece of one brings; `None` where it brings none. Either it has a name
    /// of its own (`error`, `throttlingException`), or the answer is nothing but an error.
    pub fn read(payload: Node<'_>) -> Option<Self> {
        let mut is_only_error = true;
        for (name, value) in payload.members() {
            if is_named(&name, value) {
                return (!is_aside(payload)).then(|| Self::of(value).or_kind(exception(&name)));
            }
            is_only_error = is_only_error && is_of_errors(&name);
        }
        let says_so = payload.get("object").is("error") || payload.get("type").is("error");
        let message = payload.any(&["message", "detail"]);
        let is_error =
            says_so || (is_only_error && (message.is_string() || payload.get("detail").is_array()));
        is_error.then(|| Self::of(payload))
    }

    /// An error object, or the error as a text.
    pub fn of(error: Node<'_>) -> Self {
        // `status` is Google's word for the class, `code` a number there and a word with OpenAI.
        let class = |name: &&str| error.get(name).words().filter(|word| *word != "error");
        let kind = ["type", "status", "code", "__type"].iter().find_map(class);
        let number = || error.any(&["code", "statusCode"]).i64().map(|code| code.to_string().into());
        let kind: Cow<'_, str> = kind.or_else(number).unwrap_or(UNNAMED.into());
        Self {
            // Amazon's classes stand behind the names of their services.
            kind: kind.rsplit('#').next().unwrap_or_default().to_owned(),
            message: message(error),
        }
    }

    /// The class; where the error does not say, the status of HTTP.
    pub fn kind_or(&self, status: Option<i64>) -> Cow<'_, str> {
        match (self.kind.as_str(), status) {
            (UNNAMED, Some(status)) => status.to_string().into(),
            (kind, _) => kind.into(),
        }
    }

    fn or_kind(mut self, kind: Option<String>) -> Self {
        if let (UNNAMED, Some(kind)) = (self.kind.as_str(), kind) {
            self.kind = kind;
        }
        self
    }
}

/// An error that says nothing of its class.
const UNNAMED: &str = "error";

fn message(error: Node<'_>) -> Option<String> {
    let said = error.any(&["message", "detail"]);
    // Mistral's message holds what was wrong with a request as its framework says it.
    let said = if said.is_object() { said.get("detail") } else { said };
    let first = said.items().next().unwrap_or(said);
    let text = said.str().or_else(|| error.str()).or_else(|| first.any(&["msg", "message"]).str());
    text.map(Into::into)
}

/// Whether this is an event of a response that is about something beside it, as what it was to be steered with.
fn is_aside(payload: Node<'_>) -> bool {
    const ENDS: [&str; 4] = ["failed", "incomplete", "cancelled", "error"];
    let kind = payload.get("type").str();
    kind.as_deref()
        .and_then(|kind| kind.strip_prefix("response."))
        .is_some_and(|event| !ENDS.contains(&event))
}

/// Whether a member is an error; some servers say `"error": false` where there is none.
fn is_named(name: &Key<'_>, value: Node<'_>) -> bool {
    let is_something = value.is_object() || value.words().is_some();
    is_something && (name.is("error") || (value.is_object() && exception(name).is_some()))
}

/// The exceptions in the streams of Amazon Bedrock are named by their member.
fn exception(name: &Key<'_>) -> Option<String> {
    let name = name.text();
    name.ends_with("Exception").then(|| name.into_owned())
}

/// What may stand in an answer that is nothing but an error.
fn is_of_errors(name: &Key<'_>) -> bool {
    const NAMES: [&str; 12] = [
        "message",
        "detail",
        "type",
        "code",
        "status",
        "statusCode",
        "object",
        "param",
        "id",
        "request_id",
        "__type",
        "sequence_number",
    ];
    NAMES.iter().any(|known| name.is(known))
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
        let table = [
            (r#"{"error":{"type":"a","code":"b","message":"m"}}"#, "a"),
            (r#"{"error":{"message":"m","type":null,"param":null,"code":"b"}}"#, "b"),
            (r#"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}"#, "RESOURCE_EXHAUSTED"),
            (r#"{"error":{"code":429,"message":"m"}}"#, "429"),
            (r#"{"type":"error","error":{"type":"overloaded_error","message":"m"}}"#, "overloaded_error"),
            (r#"{"type":"error","code":"ERR","message":"m","param":null,"sequence_number":1}"#, "ERR"),
            (r#"{"type":"response.failed","error":{"code":"server_error","message":"m"}}"#, "server_error"),
            (r#"{"object":"error","type":"t","message":"m"}"#, "t"),
            (
                r#"{"object":"error","message":"m","type":"BadRequestError","param":null,"code":400}"#,
                "BadRequestError",
            ),
            (r#"{"error":"m"}"#, "error"),
            (r#"{"statusCode":401,"message":"m"}"#, "401"),
            (r#"{"id":"1","message":"m"}"#, "error"),
            (
                r#"{"__type":"com.amazon.coral.service#ThrottlingException","message":"m"}"#,
                "ThrottlingException",
            ),
            (r#"{"throttlingException":{"message":"m"}}"#, "throttlingException"),
            (r#"{"detail":[{"loc":["body"],"msg":"m","type":"missing"}]}"#, "error"),
            (r#"{"detail":"m"}"#, "error"),
            (
                r#"{"object":"error","message":{"detail":[{"type":"missing","msg":"m"}]},"type":"t","code":null}"#,
                "t",
            ),
            (r#"{"object":"error","message":{"detail":"m"},"type":"t"}"#, "t"),
        ];
        for (text, kind) in table {
            assert_eq!(read(text), Some((kind.to_owned(), Some("m".to_owned()))), "{text}");
        }
    }

    #[test]
    fn answers_are_no_errors() {
        for text in [
            r#"{"error":null}"#,
            r#"{"error":false,"choices":[]}"#,
            r#"{"id":"1","message":{"role":"assistant","content":[]}}"#,
            r#"{"message":"Hi","model":"m"}"#,
            r#"{"type":"message","id":"1","status":"completed"}"#,
            r#"{"type":"response.steer.failed","error":{"code":"invalid_input","message":"m"}}"#,
            "{}",
            "[]",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
