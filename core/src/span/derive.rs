//! What follows from everything that was said of a span: the vendor's words below the user's, names, ops,
//! and counts that nobody gave.

use std::time::Duration;

use super::{
    kind::Kind,
    usage::{self, Usage},
};
use crate::{
    attributes::{
        Attributes, Value,
        legacy::{self, Conventions},
        registry::known,
    },
    config::MAX_NAME_CHARS,
    messages::Removed,
    vendors::{Reading, provider_of_host},
};

/// What was said of a span, before anything is derived.
#[derive(Debug)]
pub(super) struct Facts {
    pub kind: Kind,
    pub name: Option<String>,
    pub to_agent: Option<String>,
    pub attributes: Attributes,
    pub failure: Option<bool>,
    pub removed: Removed,
    pub duration: Duration,
    pub conventions: Conventions,
}

impl Facts {
    /// Puts what the wire said below what was said by hand, and what is derived below both.
    pub fn settle(mut self, reading: Reading, started_as: &Kind, agent_name: Option<&str>) -> Self {
        legacy::translate(&mut self.attributes, self.conventions);
        self.merge(reading);
        let is_any = self.kind == Kind::AnyRequest;
        self.kind = self.kind.resolved(self.name.as_deref(), &self.attributes);
        let Self { kind, name, attributes, duration, .. } = &mut self;
        if let (Some(key), Some(name)) = (kind.subject_key(), name) {
            attributes.set_default_text(key, kind.subject_of(name));
        }
        if kind.inherits_agent() || started_as.inherits_agent() {
            attributes.set_default_text(known!("gen_ai.agent.name"), agent_name);
        }
        if is_any {
            attributes.remove(known!("gen_ai.operation.name"));
        }
        attributes.set_default_text(known!("gen_ai.operation.name"), kind.operation_name());
        attributes.set_default_text(known!("gen_ai.operation.type"), kind.operation_type());
        usage::derive_total(attributes);
        if kind.is_request() {
            derive_request(attributes, *duration);
        }
        attributes.set(known!("sentry.op"), kind.op());
        self
    }

    /// What a vendor's own words say goes below everything that was set by hand.
    fn merge(&mut self, reading: Reading) {
        self.removed.add(reading.removed);
        for (key, value) in reading.attributes {
            self.attributes.set_default(key, value);
        }
        let given = Usage::of(&self.attributes);
        for (key, count) in reading.usage.settled().below(given).attributes() {
            self.attributes.set_default(key, count);
        }
        if let (Some(provider), true) = (reading.provider, self.kind.is_request()) {
            let host = self.attributes.text(known!("server.address")).and_then(provider_of_host);
            self.attributes.set_default_text(known!("gen_ai.provider.name"), host.or(Some(provider)));
        }
        if let Some(error) = reading.error {
            self.failure.get_or_insert(true);
            let status = match self.attributes.get(known!("http.response.status_code")) {
                Some(Value::Int(status)) => Some(*status),
                _ => None,
            };
            self.attributes.set_default_text(known!("error.type"), Some(&error.kind_or(status)));
            self.attributes.set_default_text(known!("sentry.status.message"), error.message.as_deref());
        }
    }

    /// The name that was given, or the one that kind and subject make.
    pub fn span_name(&self) -> String {
        if let Some(name) = self.name.as_deref().filter(|name| !name.is_empty()) {
            return shortened(name.to_owned());
        }
        let subject = self.kind.subject_key().and_then(|key| self.attributes.text(key));
        let name = shortened(self.kind.span_name(subject));
        match &self.to_agent {
            Some(agent) if self.kind == Kind::Handoff => format!("{name} to {agent}"),
            _ => name,
        }
    }
}

/// A name without the characters beyond the limit.
pub(super) fn shortened(mut name: String) -> String {
    if name.len() > MAX_NAME_CHARS
        && let Some((end, _)) = name.char_indices().nth(MAX_NAME_CHARS)
    {
        name.truncate(end);
        name.shrink_to_fit();
    }
    name
}

fn derive_request(attributes: &mut Attributes, duration: Duration) {
    let provider = attributes.text(known!("server.address")).and_then(provider_of_host);
    attributes.set_default_text(known!("gen_ai.provider.name"), provider);
    let model = attributes.get(known!("gen_ai.request.model"));
    if let Some(model) = model.filter(|model| model.as_str().is_some_and(|model| !model.is_empty())).cloned()
    {
        attributes.set_default(known!("gen_ai.response.model"), model);
    }
    if let Some(Value::Int(output)) = attributes.get(known!("gen_ai.usage.output_tokens"))
        && *output > 0
        && !duration.is_zero()
    {
        let speed = *output as f64 / duration.as_secs_f64();
        attributes.set_default(known!("gen_ai.response.tokens_per_second"), Value::double(speed));
    }
}
