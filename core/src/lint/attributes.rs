//! Keys and types of attributes, against the table of the conventions.

use super::{Findings, Seen, finding::Rule};
use crate::attributes::{
    Value,
    legacy::Conventions,
    registry::{self, Entry, Type},
};

/// The families that the table holds whole: a key of theirs that is not in it is none.
const FAMILIES: [&str; 3] = ["gen_ai.", "mcp.", "sentry."];

/// Keys of OpenTelemetry's conventions that those of Sentry have not taken over.
const OPEN_TELEMETRY: [&str; 1] = ["gen_ai.tool.call.id"];

/// Looks at every attribute.
pub(super) fn check(span: &Seen, conventions: Conventions, findings: &mut Findings) {
    for (key, value) in span.attributes.iter() {
        match registry::find(key) {
            Some(entry) => {
                deprecation(span, key, entry, conventions, findings);
                if !is_of(entry.kind, value) {
                    let (is, wanted) = (word(value), noun(entry.kind));
                    findings.error(
                        Rule::Type,
                        key,
                        format!("`{key}` is {is}; the conventions want {wanted}"),
                    );
                }
            }
            None if OPEN_TELEMETRY.contains(&key) => {}
            None if FAMILIES.iter().any(|family| key.starts_with(family)) => {
                findings.warning(Rule::Unknown, key, format!("`{key}` is not in the conventions"));
            }
            None => {}
        }
    }
}

/// A deprecated key beside the one that replaces it does no harm: it is there for older servers.
fn deprecation(span: &Seen, key: &str, entry: &Entry, conventions: Conventions, findings: &mut Findings) {
    if !entry.deprecated {
        return;
    }
    let message = match entry.replacement {
        None => format!("`{key}` is deprecated, and nothing replaces it"),
        Some(_) if conventions != Conventions::Current => return,
        Some(replacement) if span.attributes.contains(replacement) => return,
        Some(replacement) => format!("`{key}` is deprecated; it is `{replacement}` now"),
    };
    findings.warning(Rule::Deprecated, key, message);
}

fn is_of(kind: Type, value: &Value) -> bool {
    match (kind, value) {
        (Type::String, Value::String(_))
        | (Type::Integer, Value::Int(_))
        | (Type::Double, Value::Double(_))
        | (Type::Boolean, Value::Bool(_)) => true,
        (Type::StringList, Value::Array(items)) => items.iter().all(serde_json::Value::is_string),
        _ => false,
    }
}

const fn word(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "a boolean",
        Value::Int(_) => "an integer",
        Value::Double(_) => "a double",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
    }
}

const fn noun(kind: Type) -> &'static str {
    match kind {
        Type::String => "a string",
        Type::Integer => "an integer",
        Type::Double => "a double",
        Type::Boolean => "a boolean",
        Type::StringList => "a list of strings",
    }
}
