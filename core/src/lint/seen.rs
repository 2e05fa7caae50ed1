//! A span as lint sees it, whatever it was written as.

use serde_json::{Map, Value as JsonValue};

use super::{Findings, Place, finding::Rule};
use crate::{
    attributes::{
        Attributes, Value,
        registry::{self, Type},
    },
    json::to_text,
};

/// What a span was written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// An entry of a span v2 item.
    SpanV2,
    /// A transaction, or a span inside of one.
    Transaction,
}

/// What is looked at of a span.
#[derive(Debug)]
pub(super) struct Seen {
    pub form: Form,
    pub order: usize,
    pub trace_id: String,
    pub span_id: String,
    pub parent_span_id: Option<String>,
    pub name: String,
    pub op: Option<String>,
    pub is_segment: bool,
    /// Start and end in seconds, where both are there.
    pub time: Option<(f64, f64)>,
    pub attributes: Attributes,
}

impl Seen {
    /// A span of which no more is known.
    pub fn alone(name: &str, attributes: Attributes) -> Self {
        Self {
            form: Form::SpanV2,
            order: 0,
            trace_id: String::new(),
            span_id: String::new(),
            parent_span_id: None,
            name: name.to_owned(),
            op: attributes.text("sentry.op").map(str::to_owned),
            is_segment: false,
            time: None,
            attributes,
        }
    }

    /// An entry of a span v2 item.
    pub fn of_span_v2(span: &JsonValue, order: usize, findings: &mut Findings) -> Self {
        let fields = Fields(span);
        findings.at(fields.place(order));
        fields.check_ids(findings);
        fields.check_text("name", findings);
        if !matches!(fields.text("status"), Some("ok" | "error")) {
            findings.error(Rule::Fields, "status", "status is neither ok nor error");
        }
        let is_segment = span.get("is_segment").and_then(JsonValue::as_bool);
        if is_segment.is_none() {
            findings.error(Rule::Fields, "is_segment", "is_segment is missing");
        }
        let attributes = typed(span.get("attributes"), findings);
        Self {
            form: Form::SpanV2,
            order,
            op: attributes.text("sentry.op").map(str::to_owned),
            is_segment: is_segment.unwrap_or(false),
            time: fields.time("end_timestamp", findings),
            attributes,
            ..fields.seen()
        }
    }

    /// A span of a transaction, or its `contexts.trace` together with what the event says of it.
    pub fn of_transaction(span: &JsonValue, name: &str, order: usize, findings: &mut Findings) -> Self {
        let fields = Fields(span);
        findings.at(fields.place(order));
        fields.check_ids(findings);
        fields.check_text(name, findings);
        let status = fields.text("status").unwrap_or("ok");
        if status.parse::<sentry_types::protocol::v7::SpanStatus>().is_err() {
            let message = format!("status `{status}` is none of a transaction's");
            findings.error(Rule::Fields, "status", message);
        }
        Self {
            form: Form::Transaction,
            order,
            name: fields.text(name).unwrap_or_default().to_owned(),
            op: fields.text("op").map(str::to_owned),
            time: fields.time("timestamp", findings),
            attributes: plain(span.get("data"), findings),
            ..fields.seen()
        }
    }

    pub fn place(&self) -> Place {
        Place { order: self.order, trace_id: self.trace_id.clone(), span_id: self.span_id.clone() }
    }

    /// Whether a key is set, or a deprecated one that it replaces.
    pub fn holds(&self, key: &str) -> bool {
        let mut old = registry::entries().filter(|entry| entry.replacement == Some(key));
        self.attributes.contains(key) || old.any(|entry| self.attributes.contains(entry.key))
    }
}

/// The fields of a span beside its attributes.
struct Fields<'a>(&'a JsonValue);

impl<'a> Fields<'a> {
    fn text(&self, key: &str) -> Option<&'a str> {
        self.0.get(key).and_then(JsonValue::as_str)
    }

    fn place(&self, order: usize) -> Place {
        let id = |key: &str| self.text(key).unwrap_or_default().to_owned();
        Place { order, trace_id: id("trace_id"), span_id: id("span_id") }
    }

    /// What both forms write alike.
    fn seen(&self) -> Seen {
        let Place { trace_id, span_id, .. } = self.place(0);
        Seen {
            trace_id,
            span_id,
            parent_span_id: self.text("parent_span_id").map(str::to_owned),
            ..Seen::alone(self.text("name").unwrap_or_default(), Attributes::default())
        }
    }

    fn check_ids(&self, findings: &mut Findings) {
        for (key, digits) in [("trace_id", 32), ("span_id", 16), ("parent_span_id", 16)] {
            let is_needed = key != "parent_span_id" || self.0.get(key).is_some_and(|id| !id.is_null());
            let is_id = |id: &str| id.len() == digits && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            if is_needed && !self.text(key).is_some_and(is_id) {
                findings.error(Rule::Fields, key, format!("{key} is not {digits} hex digits"));
            }
        }
    }

    fn check_text(&self, key: &str, findings: &mut Findings) {
        if self.text(key).is_none_or(str::is_empty) {
            findings.error(Rule::Fields, key, format!("{key} is missing"));
        }
    }

    fn time(&self, end: &str, findings: &mut Findings) -> Option<(f64, f64)> {
        let mut seconds = |key: &str| {
            let time = self.0.get(key).and_then(JsonValue::as_f64);
            if time.is_none() {
                findings.error(Rule::Fields, key, format!("{key} is no number of seconds"));
            }
            time
        };
        let (start, finish) = (seconds("start_timestamp"), seconds(end));
        let (start, finish) = (start?, finish?);
        if finish < start {
            findings.error(Rule::Fields, end, "it ends before it starts");
        }
        Some((start, finish))
    }
}

/// Attributes as span v2 writes them: `{"type": T, "value": V}`.
fn typed(attributes: Option<&JsonValue>, findings: &mut Findings) -> Attributes {
    let mut read = Attributes::default();
    for (key, attribute) in members(attributes) {
        let word = attribute.get("type").and_then(JsonValue::as_str).unwrap_or_default();
        let value = attribute.get("value").unwrap_or(&JsonValue::Null);
        let typed = match word {
            "string" => value.as_str().map(Value::from),
            "integer" => value.as_i64().map(Value::Int),
            "double" => value.as_f64().map(Value::Double),
            "boolean" => value.as_bool().map(Value::Bool),
            "array" => value.as_array().map(|items| Value::Array(items.clone())),
            _ => None,
        };
        match typed {
            Some(value) => read.set_as_is(key.clone(), value),
            None => findings.error(Rule::Type, key, format!("`{key}` does not hold the type that it names")),
        }
    }
    read
}

/// Attributes as transactions write them: plain values. JSON does not tell `1.0` from `1`.
fn plain(attributes: Option<&JsonValue>, findings: &mut Findings) -> Attributes {
    let mut read = Attributes::default();
    for (key, value) in members(attributes) {
        let kind = registry::find(key).map(|entry| entry.kind);
        let is_structure = value.is_object() || (value.is_array() && kind != Some(Type::StringList));
        if is_structure && kind.is_some() {
            findings.error(Rule::Type, key, format!("`{key}` is a structure; it must be a string of JSON"));
        }
        match (kind, Value::from_json(value.clone())) {
            _ if is_structure => read.set_as_is(key.clone(), to_text(value).into()),
            (Some(Type::Double), Some(Value::Int(integer))) => {
                read.set_as_is(key.clone(), Value::Double(integer as f64));
            }
            (_, Some(value)) => read.set_as_is(key.clone(), value),
            (_, None) => {}
        }
    }
    read
}

fn members(object: Option<&JsonValue>) -> impl Iterator<Item = (&String, &JsonValue)> {
    object.and_then(JsonValue::as_object).into_iter().flat_map(Map::iter)
}
