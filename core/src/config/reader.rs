//! The options of `init` as they were given: names, words, and values that do not fit.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::{Bridge, InputMessages, Integrations, TraceLifecycle, TransportChoice};
use crate::{
    attributes::legacy::Conventions,
    error::ConfigError,
    json::to_text,
    span::Policy,
    testing::{self, Testing},
};

/// `true t y yes on 1`, as the Sentry SDKs read a switch out of the environment.
pub(super) fn is_true(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "true" | "t" | "y" | "yes" | "on" | "1")
}

/// The names that `init` takes.
const OPTION_NAMES: &[&str] = &[
    "dsn",
    "release",
    "environment",
    "server_name",
    "traces_sample_rate",
    "traces_sampler",
    "before_send_span",
    "propagate_traceparent",
    "send_default_pii",
    "record_inputs",
    "record_outputs",
    "input_messages",
    "max_content_bytes",
    "max_waiting_bytes",
    "conventions",
    "trace_lifecycle",
    "transport",
    "http_proxy",
    "https_proxy",
    "ca_certs",
    "spool_dir",
    "spotlight",
    "bridge",
    "send_client_reports",
    "integrations",
    "disabled_integrations",
    "integration_options",
    "debug",
    "testing",
];

/// The words of an option with what they stand for, and the words as an error says them.
pub(super) type Words<T> = (&'static [(&'static str, T)], &'static str);
pub(super) const INPUT_MESSAGES: Words<InputMessages> = (
    &[("since_last_response", InputMessages::SinceLastResponse), ("all", InputMessages::All)],
    "\"since_last_response\" or \"all\"",
);
pub(super) const CONVENTIONS: Words<Conventions> = (
    &[("current", Conventions::Current), ("legacy", Conventions::Legacy), ("both", Conventions::Both)],
    "\"current\", \"legacy\" or \"both\"",
);
pub(super) const TRACE_LIFECYCLE: Words<TraceLifecycle> =
    (&[("stream", TraceLifecycle::Stream), ("static", TraceLifecycle::Static)], "\"stream\" or \"static\"");
pub(super) const BRIDGE: Words<Bridge> = (
    &[
        ("auto", Bridge::Auto),
        ("sentry", Bridge::Sentry),
        ("opentelemetry", Bridge::OpenTelemetry),
        ("none", Bridge::None),
    ],
    "\"auto\", \"sentry\", \"opentelemetry\" or \"none\"",
);

/// How a binding says that it holds a function.
const CALLABLE: &str = "callable";

/// The names that `integration_options` takes for one integration.
const INTEGRATION_OPTIONS: &[&str] = &["record_inputs", "record_outputs", "stream_usage"];

pub(super) struct Reader {
    given: Map<String, Value>,
}

impl Reader {
    /// The options that were given.
    pub const fn new(given: Map<String, Value>) -> Self {
        Self { given }
    }

    pub fn reject_unknown(&self) -> Result<(), ConfigError> {
        match self.given.keys().find(|name| !OPTION_NAMES.contains(&name.as_str())) {
            Some(name) => {
                Err(ConfigError::UnknownOption { name: name.clone(), allowed: OPTION_NAMES.join(", ") })
            }
            None => Ok(()),
        }
    }

    /// The value under that name; null counts as not given.
    pub fn value(&self, option: &str) -> Option<&Value> {
        self.given.get(option).filter(|value| !value.is_null())
    }

    pub fn text(&self, option: &'static str) -> Result<Option<String>, ConfigError> {
        match self.value(option) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(other) => Err(invalid(option, other, "a string")),
        }
    }

    pub fn flag(&self, option: &'static str) -> Result<Option<bool>, ConfigError> {
        match self.value(option) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(invalid(option, other, "true or false")),
        }
    }

    /// Whether there is a function under that name.
    pub fn callable(&self, option: &'static str) -> Result<bool, ConfigError> {
        match self.value(option) {
            None => Ok(false),
            Some(Value::String(text)) if text == CALLABLE => Ok(true),
            Some(other) => Err(invalid(option, other, "a function")),
        }
    }

    pub fn rate(&self, option: &'static str) -> Result<Option<f64>, ConfigError> {
        match self.value(option) {
            None => Ok(None),
            Some(value) => match value.as_f64() {
                Some(rate) if (0.0..=1.0).contains(&rate) => Ok(Some(rate)),
                _ => Err(invalid(option, value, "a number from 0 to 1")),
            },
        }
    }

    pub fn names(&self, option: &'static str) -> Result<Option<Vec<String>>, ConfigError> {
        const ALLOWED: &str = "a list of names, like [\"openai\"]";
        match self.value(option) {
            None => Ok(None),
            Some(value @ Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(|| invalid(option, value, ALLOWED)))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(other) => Err(invalid(option, other, ALLOWED)),
        }
    }

    pub fn integrations(&self) -> Result<Integrations, ConfigError> {
        match self.value("integrations") {
            Some(Value::String(text)) if text == "auto" => Ok(Integrations::Auto),
            Some(value @ Value::String(_)) => {
                Err(invalid("integrations", value, "\"auto\", or a list of names"))
            }
            _ => Ok(self.names("integrations")?.map_or(Integrations::Auto, Integrations::Named)),
        }
    }

    pub fn integration_options(&self, recorded: Policy) -> Result<Vec<(String, Policy)>, ConfigError> {
        const ALLOWED: &str = "an object by integration, like {\"openai\": {\"record_inputs\": false}}";
        let Some(value) = self.value("integration_options") else { return Ok(Vec::new()) };
        let wrong = || invalid("integration_options", value, ALLOWED);
        let flag = |options: &Map<String, Value>, name: &str, default: bool| match options.get(name) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => value.as_bool().ok_or_else(wrong),
        };
        let read = |options: &Value| {
            let options = options.as_object().ok_or_else(wrong)?;
            if options.keys().any(|name| !INTEGRATION_OPTIONS.contains(&name.as_str())) {
                return Err(wrong());
            }
            // For the host, where requests are made: whether streams are asked to count their tokens.
            flag(options, "stream_usage", false)?;
            Ok(Policy {
                inputs: flag(options, "record_inputs", recorded.inputs)?,
                outputs: flag(options, "record_outputs", recorded.outputs)?,
            })
        };
        let all = value.as_object().ok_or_else(wrong)?.iter();
        all.map(|(integration, options)| Ok((integration.clone(), read(options)?))).collect()
    }

    /// One of several words, with what it stands for.
    pub fn choice<T: Copy>(
        &self,
        option: &'static str,
        (words, allowed): Words<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.value(option) else { return Ok(None) };
        match words.iter().find(|(word, _)| value.as_str() == Some(word)) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => Err(invalid(option, value, allowed)),
        }
    }

    pub fn bytes(
        &self,
        option: &'static str,
        range: RangeInclusive<usize>,
        allowed: &'static str,
    ) -> Result<Option<usize>, ConfigError> {
        let Some(value) = self.value(option) else { return Ok(None) };
        let bytes = value.as_u64().and_then(|bytes| usize::try_from(bytes).ok());
        match bytes.filter(|bytes| range.contains(bytes)) {
            Some(bytes) => Ok(Some(bytes)),
            None => Err(invalid(option, value, allowed)),
        }
    }

    pub fn transport(&self) -> Result<Option<TransportChoice>, ConfigError> {
        const ALLOWED: &str = "\"http\", \"file:PATH\", or a function that takes an envelope's bytes";
        match self.value("transport") {
            None => Ok(None),
            Some(value @ Value::String(text)) => match text.split_once(':') {
                Some(("file", path)) if !path.is_empty() => Ok(Some(TransportChoice::File(path.to_owned()))),
                None if text == "http" => Ok(Some(TransportChoice::Http)),
                None if text == CALLABLE => Ok(Some(TransportChoice::Callable)),
                _ => Err(invalid("transport", value, ALLOWED)),
            },
            Some(other) => Err(invalid("transport", other, ALLOWED)),
        }
    }

    pub fn testing(&self) -> Result<Option<Testing>, ConfigError> {
        let Some(value) = self.value("testing") else { return Ok(None) };
        Testing::read(value).map(Some).ok_or_else(|| invalid("testing", value, testing::SHAPE))
    }
}

pub(super) fn invalid(option: &'static str, value: &Value, allowed: &'static str) -> ConfigError {
    let value = to_text(value);
    // A DSN or a proxy in the wrong place may hold a secret.
    let value = if value.contains('@') { "what was given".to_owned() } else { value };
    ConfigError::InvalidValue { option, value, allowed }
}
