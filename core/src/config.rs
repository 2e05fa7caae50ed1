//! Every option, default and limit; no binding holds one.

mod limits;
mod network;
mod reader;
mod spotlight;

use serde_json::Value;

use crate::{attributes::legacy::Conventions, error::ConfigError, span::Policy, testing::Testing};

pub use limits::*;
pub use network::Network;
use reader::{BRIDGE, CONVENTIONS, INPUT_MESSAGES, Reader, TRACE_LIFECYCLE, is_true};
pub use spotlight::{SPOTLIGHT_PATIENCE, SPOTLIGHT_URL, spotlight_is_away};

/// Which input messages of a captured request are kept. What a program sets by hand (`messages`, `set_input`) is
/// what it wants to see, and is kept whole.
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

/// Whose spans ours hang below, and take below them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bridge {
    /// Those of Sentry's SDK if it is in use, else those of OpenTelemetry.
    #[default]
    Auto,
    /// Those of Sentry's SDK.
    Sentry,
    /// Those of OpenTelemetry.
    OpenTelemetry,
    /// Nobody's.
    None,
}

impl Bridge {
    /// Whether spans of Sentry's SDK are looked for.
    pub const fn has_sentry(self) -> bool {
        matches!(self, Self::Auto | Self::Sentry)
    }

    /// Whether spans of OpenTelemetry are looked for.
    pub const fn has_opentelemetry(self) -> bool {
        matches!(self, Self::Auto | Self::OpenTelemetry)
    }
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
    pub recorded_by: Vec<(String, Policy)>,
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
    /// Whose spans ours hang below; a binding that knows no others has none.
    pub bridge: Bridge,
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
        let reader = Reader::new(given);
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
            bridge: reader.choice("bridge", BRIDGE)?.unwrap_or_default(),
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
        let integration = origin.strip_prefix("auto.ai.");
        let policy = self.recorded_by.iter().find(|(name, _)| Some(name.as_str()) == integration);
        policy.map_or(self.recorded, |(_, policy)| *policy)
    }

    /// The name of an option that is set and that a host without files and sockets of its own cannot honour.
    pub fn needs_native(&self) -> Option<&'static str> {
        self.spool_dir.is_some().then_some("spool_dir").or_else(|| self.network.first_set())
    }

    /// For a host where no bridge is built.
    ///
    /// # Errors
    /// When one is asked for by name.
    pub fn without_bridges(&self) -> Result<(), ConfigError> {
        let value = match self.bridge {
            Bridge::Auto | Bridge::None => return Ok(()),
            Bridge::Sentry => "\"sentry\"",
            Bridge::OpenTelemetry => "\"opentelemetry\"",
        };
        Err(ConfigError::InvalidValue {
            option: "bridge",
            value: value.to_owned(),
            allowed: "\"auto\" or \"none\": bridges are built in Python only",
        })
    }

    /// Bytes that may wait between the host's threads and the client: half of all, which the largest span fits into.
    /// What is read out of them waits in the client.
    pub const fn host_bytes(&self) -> usize {
        self.max_waiting_bytes / 2
    }

    /// Bytes that may wait in the client: a third. The sixth that is left is for what an allocator keeps between
    /// pieces (seen: up to a quarter more than was asked of it).
    pub const fn client_bytes(&self) -> usize {
        self.max_waiting_bytes / 3
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
            recorded_by: Vec::new(),
            trace_lifecycle: TraceLifecycle::Static,
            conventions: Conventions::Both,
            transport: TransportChoice::Http,
            spool_dir: None,
            send_client_reports: false,
            // What waits for it is in memory beside what waits for the server.
            max_waiting_bytes: (self.max_waiting_bytes / 2).max(*WAITING_BYTES_RANGE.start()),
            ..self.clone()
        }
    }
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
        let misplaced = said(r#"{"transport": "https://public:SECRET@example.com/1"}"#);
        assert!(misplaced.contains("`transport` cannot be what was given") && !misplaced.contains("SECRET"));
        assert!(said(r#"{"dns": "x"}"#).starts_with("unknown option `dns`; the options are: dsn, "));
        assert!(said(r#"{"trace_lifecycle": "dynamic"}"#).contains("\"stream\" or \"static\""));
        let node = read(r#"{"bridge": "sentry"}"#).unwrap().without_bridges().unwrap_err().to_string();
        assert!(node.starts_with("option `bridge` cannot be \"sentry\"; allowed: \"auto\" or \"none\""));
        assert!(said(r#"{"bridge": "off"}"#).contains("\"opentelemetry\" or \"none\""));
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
