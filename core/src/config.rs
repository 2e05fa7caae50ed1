//! Every option, default and limit; no binding holds one.

mod network;
mod spotlight;

use std::{collections::BTreeMap, ops::RangeInclusive, time::Duration};

use serde_json::{Map, Value};

use crate::{
    attributes::legacy::Conventions,
    error::ConfigError,
    span::Policy,
    testing::{self, Testing},
};

pub use network::Network;
pub use spotlight::SPOTLIGHT_URL;

/// Spans in one envelope item at most (span protocol: a larger item is refused).
pub const MAX_SPANS_PER_ITEM: usize = 1000;
/// Bytes of one item of spans at most, 1 MiB (span protocol: a larger item is refused).
pub const MAX_ITEM_BYTES: usize = 1024 * 1024;
/// Bytes of one request at most: an item with its headers and a client report.
pub const MAX_REQUEST_BYTES: usize = MAX_ITEM_BYTES + 16 * 1024;
/// How long a bucket waits for its segment to end (span protocol: 5 s).
pub const BUCKET_AGE: Duration = Duration::from_secs(5);
/// ... and a span for its draft, with a spool: a crash loses the last second at most.
pub const BUCKET_AGE_SPOOLED: Duration = Duration::from_secs(1);
/// The part of its age by which a bucket may leave earlier than others, a fifth.
pub const BUCKET_JITTER: f64 = 0.2;
/// Bytes that may wait in memory, in all queues together, where the option `max_waiting_bytes` says nothing, 16
/// MiB: a host's memory is not ours.
pub const MAX_WAITING_BYTES: usize = 16 * 1024 * 1024;
/// What `max_waiting_bytes` may be: less holds no full item on its way, more is no bound.
pub const WAITING_BYTES_RANGE: RangeInclusive<usize> = 4 * 1024 * 1024..=u32::MAX as usize;
/// Time between two envelopes that waited on disk, 100 ms: the server, too, was away until just now.
pub const SPOOL_PACE: Duration = Duration::from_millis(100);
/// Requests under way at the same time: one keeps the order and shows limits before more is sent.
pub const MAX_IN_FLIGHT: usize = 1;
/// ... while a flush is under way: a page that is being left cannot wait for one answer after the other.
pub const MAX_IN_FLIGHT_FLUSHING: usize = 16;
/// Bytes of a client report's item at most (client reports: 4 KiB).
pub const MAX_CLIENT_REPORT_BYTES: usize = 4096;
/// A 429 without any header stops everything for 60 s (rate limiting, "Stage 1").
pub const DEFAULT_RATE_LIMIT: Duration = Duration::from_secs(60);
/// The longest rate limit believed, one day: a header beyond it is nonsense.
pub const MAX_RATE_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);
/// First and longest wait before a request that met no server is made again.
pub const RETRY_FIRST: Duration = Duration::from_secs(1);
/// See [`RETRY_FIRST`].
pub const RETRY_LONGEST: Duration = Duration::from_secs(60);
/// Tries before a request that meets no server is given up and counted as `network_error`.
pub const MAX_TRIES: u32 = 5;
/// Bytes that the spool may take on disk, 64 MiB: four times what may wait in memory, and no disk's end.
pub const MAX_SPOOL_BYTES: u64 = 64 * 1024 * 1024;
/// How long an envelope may stay in the spool, 7 days: no holiday weekend loses anything, and what
/// is older helps nobody.
pub const MAX_SPOOL_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Files and bytes that are kept of what was found in the spool and is no envelope: enough to see what happened.
pub const MAX_REJECTED_FILES: usize = 16;
/// See [`MAX_REJECTED_FILES`]: 4 MiB.
pub const MAX_REJECTED_BYTES: u64 = 4 * 1024 * 1024;
/// How long `flush` and `close` wait when the caller does not say (2 s, as the Sentry SDKs do).
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);
/// How long connecting may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one whole request may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of all texts of one span at most where the option `max_content_bytes` says nothing: messages come
/// again with every request of a conversation, and a span must fit into an item with room to spare.
pub const MAX_CONTENT_BYTES: usize = 256 * 1024;
/// What `max_content_bytes` may be: less tells nothing, more fits no item once its quotes are escaped.
pub const CONTENT_BYTES_RANGE: RangeInclusive<usize> = 1024..=512 * 1024;
/// Runs of a library that a host keeps open by their ids. A library that forgets to say how a run ended must
/// not fill memory; the oldest ones are ended for it.
pub const MAX_OPEN_RUNS: usize = 10_000;

/// Messages read of one list; a limit on content alone would not bound the memory that empty ones take.
pub const MAX_MESSAGES: usize = 4096;
/// Parts read of one message, for the same reason.
pub const MAX_PARTS: usize = 4096;
/// Parts of one streamed answer at most.
pub const MAX_PIECES: usize = 1024;
/// Choices of one streamed answer at most.
pub const MAX_CHOICES: usize = 64;
/// Bytes of one string that a binding copies as it is; of a longer one only what a span can hold, and of
/// binary data only its size.
pub const MAX_INLINE_BYTES: usize = 64 * 1024;
/// Characters of a span's name at most: it is repeated on every span of its segment.
pub const MAX_NAME_CHARS: usize = 1000;
/// Characters of a transaction's name at most: the server cuts longer ones (Relay's event schema: 200).
pub const MAX_TRANSACTION_CHARS: usize = 200;
/// Levels of nesting that a host value may have before the rest becomes a mark.
pub const MAX_DEPTH: usize = 64;
/// Bytes of captured wire data kept for one span, 4 MiB; chunks beyond it are counted and left out.
pub const MAX_CAPTURE_BYTES: usize = 4 * 1024 * 1024;
/// The environment of a program that names none (Sentry SDKs: `production`).
pub const DEFAULT_ENVIRONMENT: &str = "production";

/// Which input messages of a captured request are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputMessages {
    /// From the last answer of the model (included) to the end.
    #[default]
    SinceLastResponse,
    /// All of them.
    All,
}

/// When the spans of a trace leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TraceLifecycle {
    /// Each when it has ended, as span v2.
    #[default]
    Stream,
    /// Together with their segment, as a transaction.
    Static,
}

/// Where envelopes go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TransportChoice {
    /// HTTP to the DSN.
    #[default]
    Http,
    /// Appended to the file of that path.
    File(String),
    /// A function of the host.
    Callable,
}

/// Which libraries are instrumented by `instrument()`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Integrations {
    /// Every one that is found.
    #[default]
    Auto,
    /// Those named.
    Named(Vec<String>),
}

/// What the host knows about itself. Empty strings are left out on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Platform {
    /// `sdk.name`, like `spanwire.python`.
    pub sdk_name: String,
    /// `sdk.version`.
    pub sdk_version: String,
    /// `process.runtime.name`, like `CPython`.
    pub runtime_name: String,
    /// `process.runtime.version`.
    pub runtime_version: String,
    /// `server.address`: the host's name; the option `server_name` beats it.
    pub server_name: String,
}

impl Platform {
    /// `platform` of an event: one of the words that the server knows (event payloads, "platform").
    pub fn event_platform(&self) -> &'static str {
        match self.sdk_name.as_str() {
            "spanwire.python" => "python",
            "spanwire.node" => "node",
            "spanwire.browser" => "javascript",
            _ => "other",
        }
    }
}

/// The options of `init`, read and judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Where envelopes go and whose they are; the host parses it (see [`crate::client::Destination`]).
    pub dsn: Option<String>,
    /// `sentry.release`.
    pub release: Option<String>,
    /// `sentry.environment`.
    pub environment: String,
    /// `server.address`, instead of the host's own name.
    pub server_name: Option<String>,
    /// Share of new traces that are recorded, 0 to 1.
    pub traces_sample_rate: f64,
    /// Whether the host has a function that is asked for that share: see [`crate::span::Span::question`].
    pub has_traces_sampler: bool,
    /// Whether the host has a function that sees spans before they leave: see [`crate::span::Prepared`].
    pub has_before_send_span: bool,
    /// Whether outgoing headers have a W3C `traceparent` as well.
    pub propagate_traceparent: bool,
    /// What is kept of what is gathered automatically: `record_inputs`, `record_outputs`.
    pub recorded: Policy,
    /// The same for single integrations, by their names: `integration_options`.
    pub recorded_by: BTreeMap<String, Policy>,
    /// Which input messages of a captured request are kept.
    pub input_messages: InputMessages,
    /// When the spans of a trace leave.
    pub trace_lifecycle: TraceLifecycle,
    /// Which names spans are sent under.
    pub conventions: Conventions,
    /// Bytes of all texts of one span at most.
    pub max_content_bytes: usize,
    /// Bytes that may wait in memory, in all queues together.
    pub max_waiting_bytes: usize,
    /// Where envelopes go.
    pub transport: TransportChoice,
    /// Proxies and certificates.
    pub network: Network,
    /// The folder that envelopes wait in until they are answered; without one they wait in memory alone.
    pub spool_dir: Option<String>,
    /// Where Spotlight listens, if it is to see everything.
    pub spotlight: Option<String>,
    /// Whether losses are reported to the server.
    pub send_client_reports: bool,
    /// Which libraries are instrumented by themselves.
    pub integrations: Integrations,
    /// Libraries that are left alone.
    pub disabled_integrations: Vec<String>,
    /// Whether what could not be kept is said on standard error or the console.
    pub debug: bool,
    /// `SPANWIRE_DISABLED`: everything is a no-op.
    pub disabled: bool,
    /// See [`Testing`].
    pub testing: Option<Testing>,
}

impl Options {
    /// Reads the options of `init` as one JSON object. `environment` looks up a variable of the process.
    ///
    /// # Errors
    /// A name that does not exist, or a value that does not fit, with what would.
    pub fn read(json: &[u8], environment: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let Some(Value::Object(given)) = crate::json::parse(json) else {
            return Err(ConfigError::NotAnObject);
        };
        let reader = Reader { given };
        reader.reject_unknown()?;
        let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
        let pii = reader.flag("send_default_pii")?.unwrap_or(false);
        let recorded = Policy {
            inputs: reader.flag("record_inputs")?.unwrap_or(pii),
            outputs: reader.flag("record_outputs")?.unwrap_or(pii),
        };
        let transport = match reader.transport()? {
            Some(transport) => transport,
            None => variable("SPANWIRE_FILE").map_or(TransportChoice::Http, TransportChoice::File),
        };
        Ok(Self {
            dsn: reader.text("dsn")?.or_else(|| variable("SENTRY_DSN")),
            release: reader.text("release")?.or_else(|| variable("SENTRY_RELEASE")),
            environment: reader
                .text("environment")?
                .or_else(|| variable("SENTRY_ENVIRONMENT"))
                .unwrap_or_else(|| DEFAULT_ENVIRONMENT.to_owned()),
            server_name: reader.text("server_name")?,
            traces_sample_rate: reader.rate("traces_sample_rate")?.unwrap_or(1.0),
            has_traces_sampler: reader.callable("traces_sampler")?,
            has_before_send_span: reader.callable("before_send_span")?,
            propagate_traceparent: reader.flag("propagate_traceparent")?.unwrap_or(false),
            recorded,
            recorded_by: reader.integration_options(recorded)?,
            input_messages: reader.choice("input_messages", INPUT_MESSAGES)?.unwrap_or_default(),
            conventions: reader.choice("conventions", CONVENTIONS)?.unwrap_or_default(),
            trace_lifecycle: reader.choice("trace_lifecycle", TRACE_LIFECYCLE)?.unwrap_or_default(),
            max_content_bytes: reader
                .bytes("max_content_bytes", CONTENT_BYTES_RANGE, "a number of bytes from 1024 to 524288")?
                .unwrap_or(MAX_CONTENT_BYTES),
            max_waiting_bytes: reader
                .bytes(
                    "max_waiting_bytes",
                    WAITING_BYTES_RANGE,
                    "a number of bytes from 4194304 to 4294967295",
                )?
                .unwrap_or(MAX_WAITING_BYTES),
            transport,
            network: Network::read(&reader)?,
            spool_dir: reader.text("spool_dir")?,
            spotlight: spotlight::read(&reader, variable("SENTRY_SPOTLIGHT").as_deref())?,
            send_client_reports: reader.flag("send_client_reports")?.unwrap_or(true),
            integrations: reader.integrations()?,
            disabled_integrations: reader.names("disabled_integrations")?.unwrap_or_default(),
            debug: reader.flag("debug")?.unwrap_or(false),
            disabled: variable("SPANWIRE_DISABLED").is_some_and(|value| is_true(&value)),
            testing: reader.testing()?,
        })
    }

    /// Whether the library of that name may be instrumented by itself.
    pub fn allows(&self, integration: &str) -> bool {
        let is_named = |names: &[String]| names.iter().any(|name| name == integration);
        !is_named(&self.disabled_integrations)
            && match &self.integrations {
                Integrations::Auto => true,
                Integrations::Named(names) => is_named(names),
            }
    }

    /// What is kept of what is gathered for a span of that origin (`auto.ai.openai`).
    pub fn policy(&self, origin: &str) -> Policy {
        let integration = origin.strip_prefix("auto.ai.").and_then(|name| self.recorded_by.get(name));
        *integration.unwrap_or(&self.recorded)
    }

    /// The name of an option that is set and that a host without files and sockets of its own cannot honour.
    pub fn needs_native(&self) -> Option<&'static str> {
        let set = [("spool_dir", &self.spool_dir), ("spotlight", &self.spotlight)];
        let set = set.into_iter().find(|(_, value)| value.is_some()).map(|(name, _)| name);
        set.or_else(|| self.network.first_set())
    }

    /// Bytes that may wait between the host's threads and the client: half of all. What is read out of them
    /// waits in the client.
    pub const fn host_bytes(&self) -> usize {
        self.max_waiting_bytes / 2
    }

    /// Bytes that may wait in the client: the other half.
    pub const fn client_bytes(&self) -> usize {
        self.max_waiting_bytes - self.host_bytes()
    }

    /// Whether anything can leave: without a destination every call is a cheap no-op.
    pub fn is_active(&self) -> bool {
        !self.disabled && (self.has_destination() || self.spotlight.is_some())
    }

    /// Whether envelopes go anywhere but to Spotlight.
    pub fn has_destination(&self) -> bool {
        self.dsn.is_some() || self.transport != TransportChoice::Http
    }

    /// The same for Spotlight: everything sampled, everything recorded, as it can show it (WIRE, "Spotlight").
    pub(crate) fn for_spotlight(&self) -> Self {
        Self {
            traces_sample_rate: 1.0,
            has_traces_sampler: false,
            recorded: Policy::ALL,
            recorded_by: BTreeMap::new(),
            trace_lifecycle: TraceLifecycle::Static,
            conventions: Conventions::Both,
            transport: TransportChoice::Http,
            spool_dir: None,
            send_client_reports: false,
            ..self.clone()
        }
    }
}

/// `true t y yes on 1`, as the Sentry SDKs read a switch out of the environment.
fn is_true(value: &str) -> bool {
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
    "send_client_reports",
    "integrations",
    "disabled_integrations",
    "integration_options",
    "debug",
    "testing",
];

/// The words of an option with what they stand for, and the words as an error says them.
type Words<T> = (&'static [(&'static str, T)], &'static str);
const INPUT_MESSAGES: Words<InputMessages> = (
    &[("since_last_response", InputMessages::SinceLastResponse), ("all", InputMessages::All)],
    "\"since_last_response\" or \"all\"",
);
const CONVENTIONS: Words<Conventions> = (
    &[("current", Conventions::Current), ("legacy", Conventions::Legacy), ("both", Conventions::Both)],
    "\"current\", \"legacy\" or \"both\"",
);
const TRACE_LIFECYCLE: Words<TraceLifecycle> =
    (&[("stream", TraceLifecycle::Stream), ("static", TraceLifecycle::Static)], "\"stream\" or \"static\"");

/// How a binding says that it holds a function.
const CALLABLE: &str = "callable";

/// The names that `integration_options` takes for one integration.
const INTEGRATION_OPTIONS: &[&str] = &["record_inputs", "record_outputs", "stream_usage"];

struct Reader {
    given: Map<String, Value>,
}

impl Reader {
    fn reject_unknown(&self) -> Result<(), ConfigError> {
        match self.given.keys().find(|name| !OPTION_NAMES.contains(&name.as_str())) {
            Some(name) => {
                Err(ConfigError::UnknownOption { name: name.clone(), allowed: OPTION_NAMES.join(", ") })
            }
            None => Ok(()),
        }
    }

    /// The value under that name; null counts as not given.
    fn value(&self, option: &str) -> Option<&Value> {
        self.given.get(option).filter(|value| !value.is_null())
    }

    fn text(&self, option: &'static str) -> Result<Option<String>, ConfigError> {
        match self.value(option) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(other) => Err(invalid(option, other, "a string")),
        }
    }

    fn flag(&self, option: &'static str) -> Result<Option<bool>, ConfigError> {
        match self.value(option) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(invalid(option, other, "true or false")),
        }
    }

    /// Whether there is a function under that name.
    fn callable(&self, option: &'static str) -> Result<bool, ConfigError> {
        match self.value(option) {
            None => Ok(false),
            Some(Value::String(text)) if text == CALLABLE => Ok(true),
            Some(other) => Err(invalid(option, other, "a function")),
        }
    }

    fn rate(&self, option: &'static str) -> Result<Option<f64>, ConfigError> {
        match self.value(option) {
            None => Ok(None),
            Some(value) => match value.as_f64() {
                Some(rate) if (0.0..=1.0).contains(&rate) => Ok(Some(rate)),
                _ => Err(invalid(option, value, "a number from 0 to 1")),
            },
        }
    }

    fn names(&self, option: &'static str) -> Result<Option<Vec<String>>, ConfigError> {
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

    fn integrations(&self) -> Result<Integrations, ConfigError> {
        match self.value("integrations") {
            Some(Value::String(text)) if text == "auto" => Ok(Integrations::Auto),
            Some(value @ Value::String(_)) => {
                Err(invalid("integrations", value, "\"auto\", or a list of names"))
            }
            _ => Ok(self.names("integrations")?.map_or(Integrations::Auto, Integrations::Named)),
        }
    }

    fn integration_options(&self, recorded: Policy) -> Result<BTreeMap<String, Policy>, ConfigError> {
        const ALLOWED: &str = "an object by integration, like {\"openai\": {\"record_inputs\": false}}";
        let Some(value) = self.value("integration_options") else { return Ok(BTreeMap::new()) };
        let wrong = || invalid("integration_options", value, ALLOWED);
        let flag = |options: &Map<String, Value>, name: &str, default: bool| match options.get(name) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => value.as_bool().ok_or_else(wrong),
        };
        let read = |(integration, options): (&String, &Value)| {
            let options = options.as_object().ok_or_else(wrong)?;
            if options.keys().any(|name| !INTEGRATION_OPTIONS.contains(&name.as_str())) {
                return Err(wrong());
            }
            // For the host, where requests are made: whether streams are asked to count their tokens.
            flag(options, "stream_usage", false)?;
            let policy = Policy {
                inputs: flag(options, "record_inputs", recorded.inputs)?,
                outputs: flag(options, "record_outputs", recorded.outputs)?,
            };
            Ok((integration.clone(), policy))
        };
        value.as_object().ok_or_else(wrong)?.iter().map(read).collect()
    }

    /// One of several words, with what it stands for.
    fn choice<T: Copy>(
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

    fn bytes(
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

    fn transport(&self) -> Result<Option<TransportChoice>, ConfigError> {
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

    fn testing(&self) -> Result<Option<Testing>, ConfigError> {
        let Some(value) = self.value("testing") else { return Ok(None) };
        Testing::read(value).map(Some).ok_or_else(|| invalid("testing", value, testing::SHAPE))
    }
}

fn invalid(option: &'static str, value: &Value, allowed: &'static str) -> ConfigError {
    ConfigError::InvalidValue { option, value: value.to_string(), allowed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Options, ConfigError> {
        Options::read(json.as_bytes(), |_| None)
    }

    #[test]
    fn the_defaults() {
        let options = read("{}").unwrap();
        assert!(!options.is_active());
        assert_eq!(options.environment, "production");
        assert_eq!(options.policy("auto.ai.openai"), Policy::default());
        assert!((options.traces_sample_rate - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn recording_follows_pii_unless_it_is_set() {
        let options = read(
            r#"{"send_default_pii": true, "record_outputs": false,
                "integration_options": {"openai": {"record_outputs": true}}}"#,
        )
        .unwrap();
        assert_eq!(options.policy("manual"), Policy { inputs: true, outputs: false });
        assert_eq!(options.policy("auto.ai.openai"), Policy { inputs: true, outputs: true });
        assert!(read(r#"{"integration_options": {"openai": {"stream_usage": true}}}"#).is_ok());
        for wrong in [r#"{"record": true}"#, r#"{"stream_usage": 1}"#] {
            assert!(read(&format!(r#"{{"integration_options": {{"openai": {wrong}}}}}"#)).is_err());
        }
    }

    #[test]
    fn a_wrong_option_names_itself_the_value_and_what_is_allowed() {
        let said = |json: &str| read(json).unwrap_err().to_string();
        assert_eq!(
            said(r#"{"traces_sample_rate": 2}"#),
            "option `traces_sample_rate` cannot be 2; allowed: a number from 0 to 1"
        );
        assert!(said(r#"{"dns": "x"}"#).starts_with("unknown option `dns`; the options are: dsn, "));
        assert!(said(r#"{"trace_lifecycle": "dynamic"}"#).contains("\"stream\" or \"static\""));
        assert!(said(r#"{"transport": "carrier-pigeon"}"#).contains("file:PATH"));
        assert!(said(r#"{"integrations": "all"}"#).contains("\"auto\", or a list of names"));
        assert_eq!(read("[]").unwrap_err(), ConfigError::NotAnObject);
    }

    #[test]
    fn the_environment_fills_in() {
        let options = Options::read(b"{\"release\": \"given\"}", |name| match name {
            "SENTRY_DSN" => Some("https://key@host/1".to_owned()),
            "SENTRY_RELEASE" => Some("environment".to_owned()),
            "SPANWIRE_DISABLED" => Some("yes".to_owned()),
            _ => None,
        })
        .unwrap();
        assert_eq!(options.release.as_deref(), Some("given"));
        assert!(options.dsn.is_some() && !options.is_active());
    }
}
