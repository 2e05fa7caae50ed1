//! The functions of a vector: what they do is written down, so that every language does the same.

use std::sync::Arc;

use serde_json::{Value, json};
use spanwire::json::Json;
use spanwire_driver::{BeforeSendSpan, Verdict};

/// The options that say that there are functions.
pub fn options(hooks: &Value) -> impl Iterator<Item = (String, Value)> {
    hooks.as_object().into_iter().flatten().map(|(name, _)| (name.clone(), json!("callable")))
}

/// What `traces_sampler` answers: by the span's name, else by its op, else by `*`.
pub fn sampled(hooks: &Value, question: &str) -> Option<f64> {
    let question: Value = serde_json::from_str(question).ok()?;
    let answers = hooks.get("traces_sampler")?;
    let by = |key: &str| answers.get(question.get(key)?.as_str()?);
    let answer = by("name").or_else(|| by("op")).or_else(|| answers.get("*"))?;
    answer.as_f64().or_else(|| answer.as_bool().map(|flag| f64::from(u8::from(flag))))
}

/// A `before_send_span` that drops some spans by name, and takes attributes away from, and sets them on, the
/// others.
pub fn before_send_span(hooks: &Value) -> Option<BeforeSendSpan> {
    let wanted = hooks.get("before_send_span")?.clone();
    Some(Arc::new(move |mapping| {
        let Ok(mut span) = serde_json::from_str::<Value>(mapping) else {
            return Verdict::Failed("the span is no JSON".to_owned());
        };
        let names = |list: &str| wanted.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
        if span.get("name").is_some_and(|name| names("drop").contains(name)) {
            return Verdict::Drop;
        }
        if let Some(attributes) = span.get_mut("attributes").and_then(Value::as_object_mut) {
            names("remove").iter().filter_map(Value::as_str).for_each(|key| drop(attributes.remove(key)));
            attributes.extend(wanted.get("set").and_then(Value::as_object).cloned().unwrap_or_default());
        }
        if let (Some(name), Some(members)) = (wanted.get("name"), span.as_object_mut()) {
            members.insert("name".to_owned(), name.clone());
        }
        Verdict::Keep(Json::new(span.to_string()))
    }))
}
