//! A finished span that has been read and not yet written: what `before_send_span` sees and may change.

use super::{Finished, Interpreted, interpret};
use crate::{
    attributes::{Attributes, Value},
    client::Settings,
    delivery::Reason,
    json::{Json, Object},
    payload::Frame,
    trace::TraceContext,
};

/// A span between reading and writing. Reading needs no client, so a host does it without holding one.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) context: TraceContext,
    pub(crate) frame: Frame,
    pub(crate) span: Interpreted,
    pub(crate) lost: Option<Reason>,
}

impl Prepared {
    /// Reads everything that was written down of a span.
    pub fn of(finished: Finished, settings: &Settings) -> Self {
        let Finished { context, recording, .. } = finished;
        let (frame, kind) = (Frame::of(&recording), recording.kind.clone());
        let mut span = interpret(*recording, settings);
        // For Spotlight a span is read a second time, unless nobody else reads it; a request counts once.
        let is_second = settings.is_second() && context.sampled != Some(false) && !kind.is_agent();
        if let Some(run) = context.inherited.agent_run.as_ref().filter(|_| !is_second) {
            run.settle(&kind, &mut span.attributes);
        }
        Self { context, frame, span, lost: None }
    }

    /// It does not go. It is still handed over, to be counted, and because others may wait for it.
    pub fn lose(&mut self, reason: Reason) {
        self.lost = Some(reason);
    }

    /// The span as `before_send_span` sees it, as JSON text: `{"trace_id", "span_id", "parent_span_id",
    /// "name", "op", "origin", "status", "start_timestamp", "end_timestamp", "attributes": {by key}}`, times
    /// in seconds.
    pub fn mapping(&self) -> String {
        let Self { context, frame, span, .. } = self;
        let mut out = String::new();
        Object::begin(&mut out)
            .id("trace_id", context.trace_id)
            .id("span_id", context.span_id)
            .or_null("parent_span_id", frame.parent_span_id.map(|id| id.to_string()).as_deref())
            .text("name", &span.name)
            .or_null("op", span.attributes.text("sentry.op"))
            .text("origin", frame.origin)
            .text("status", if span.is_error { "error" } else { "ok" })
            .moment("start_timestamp", frame.start)
            .moment("end_timestamp", frame.end)
            .member("attributes", |out| span.attributes.write_plain(out))
            .end();
        out
    }

    /// Takes what `before_send_span` gave back for [`Self::mapping`]: the name, the status and the attributes
    /// may be others, and an attribute that is missing goes. False where it is no such object, and the span
    /// stays as it was.
    #[must_use]
    pub fn change(&mut self, mapping: &Json) -> bool {
        let doc = mapping.doc();
        let root = doc.root();
        let given = root.get("attributes");
        if !root.is_object() || (given.is_some() && !given.is_object()) {
            return false;
        }
        if given.is_object() {
            let mut attributes = Attributes::default();
            for (key, value) in given.members() {
                if let Some(value) = Value::from_node(value) {
                    attributes.set(key.text(), value);
                }
            }
            self.span.attributes = attributes;
        }
        if let Some(name) = root.get("name").words() {
            self.span.name = name.into_owned();
        }
        if let Some(status) = root.get("status").words() {
            self.span.is_error = status != "ok";
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Options, Platform},
        scope::Scope,
        span::{Change, Kind, Span, Start},
        time::Timestamp,
    };
    use serde_json::{Value as JsonValue, json};
    use std::sync::Arc;

    fn prepared() -> Prepared {
        let options = Options::read(b"{}", |_| None).unwrap();
        let settings = Arc::new(Settings::new(options, Platform::default(), None));
        let start = Start {
            kind: Kind::of_call("chat").unwrap(),
            subject: Some("m"),
            name: None,
            origin: "manual",
            parent: None,
            scope: Arc::new(Scope::default()),
            sample_rate: None,
        };
        let (begin, end) = (Timestamp::from_seconds(1.0), Timestamp::from_seconds(2.5));
        let mut span = Span::start(&settings, &start, begin, &[7; 32]);
        span.change(begin, Change::Attribute("secret".into(), "s".into()));
        Prepared::of(span.finish(end).unwrap(), &settings)
    }

    #[test]
    fn a_span_is_a_plain_mapping_and_takes_one_back() {
        let mut prepared = prepared();
        let mut mapping: JsonValue = serde_json::from_str(&prepared.mapping()).unwrap();
        assert_eq!(mapping["name"], "chat m");
        assert_eq!(mapping["attributes"]["gen_ai.request.model"], "m");
        assert_eq!((&mapping["start_timestamp"], &mapping["end_timestamp"]), (&json!(1.0), &json!(2.5)));
        mapping["attributes"].as_object_mut().unwrap().remove("secret");
        mapping["attributes"]["gen_ai.usage.input_tokens"] = json!("12");
        (mapping["name"], mapping["status"]) = (json!("other"), json!("error"));
        assert!(prepared.change(&Json::new(mapping.to_string())));
        assert_eq!((prepared.span.name.as_str(), prepared.span.is_error), ("other", true));
        assert!(!prepared.span.attributes.contains("secret"));
        assert_eq!(prepared.span.attributes.get("gen_ai.usage.input_tokens"), Some(&Value::Int(12)));
    }

    #[test]
    fn what_is_no_mapping_changes_nothing() {
        let mut prepared = prepared();
        let before = prepared.mapping();
        for odd in ["5", "[]", "oops", r#"{"attributes": 5}"#] {
            assert!(!prepared.change(&Json::new(odd)), "{odd}");
        }
        assert!(prepared.change(&Json::new("{}")));
        assert_eq!(prepared.mapping(), before);
    }
}
