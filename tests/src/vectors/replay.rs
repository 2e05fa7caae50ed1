//! One vector through the driver: the calls of API.md, as a Rust host makes them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::{Map, Value, json};
use spanwire::{
    config::Platform,
    json::Json,
    scope::Scope,
    span::{Change, Content, Gathered, Kind, Start},
    time::Timestamp,
    trace::{TraceContext, continue_trace},
    vendors::Format,
};
use spanwire_driver::{Driver, Hooks, OpenSpan};

use super::{Vector, hooks, values};

/// What a program gave.
#[derive(Debug)]
pub struct Outcome {
    /// Envelopes, in order.
    pub envelopes: Vec<Vec<u8>>,
    /// The ledger.
    pub stats: Value,
}

/// Replays a vector.
///
/// # Errors
/// Options that `init` refuses, a step that nobody knows, an expectation that is not met.
pub fn replay(vector: &Vector) -> Result<Outcome, String> {
    replay_as(vector, Gathered::ByHand)
}

/// Replays a vector as if its payloads came from a user's hand, or from an integration.
///
/// # Errors
/// As [`replay`].
pub fn replay_as(vector: &Vector, gathered: Gathered) -> Result<Outcome, String> {
    let envelopes = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&envelopes);
    let mut options = vector.options.clone();
    if let Value::Object(fields) = &mut options {
        fields.insert("transport".to_owned(), "callable".into());
        fields.extend(hooks::options(&vector.hooks));
    }
    let driver = Driver::new(
        options.to_string().as_bytes(),
        Platform::default(),
        Hooks {
            transport: Some(Arc::new(move |bytes| {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(bytes.to_vec());
                Ok(())
            })),
            before_send_span: hooks::before_send_span(&vector.hooks),
        },
    )
    .map_err(|error| error.to_string())?;
    let mut player = Player {
        driver,
        hooks: vector.hooks.clone(),
        gathered,
        named: HashMap::new(),
        scope: Arc::default(),
        current: None,
        unnamed: 0,
    };
    player.play(&vector.steps)?;
    player.driver.flush(None);
    let stats = serde_json::to_value(player.driver.stats()).map_err(|error| error.to_string())?;
    let envelopes = envelopes.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Outcome { envelopes, stats })
}

enum Named {
    Span(OpenSpan),
    Place(Option<TraceContext>),
}

impl Named {
    fn context(&self) -> Option<TraceContext> {
        match self {
            Self::Span(span) => Some(span.context().clone()),
            Self::Place(place) => place.clone(),
        }
    }
}

struct Player {
    driver: Driver,
    hooks: Value,
    /// Where recorded payloads come from.
    gathered: Gathered,
    named: HashMap<String, Named>,
    scope: Arc<Scope>,
    /// The name of what is current.
    current: Option<String>,
    unnamed: usize,
}

/// The argument that names what a call is about.
const SUBJECTS: &[(&str, &str)] = &[
    ("invoke_agent", "agent_name"),
    ("create_agent", "name"),
    ("execute_tool", "name"),
    ("handoff", "from_agent"),
];

impl Player {
    fn play(&mut self, steps: &[Value]) -> Result<(), String> {
        steps.iter().try_for_each(|step| self.step(step).map_err(|error| format!("{error}, at {step}")))
    }

    fn step(&mut self, step: &Value) -> Result<(), String> {
        if let Some(seconds) = step.get("clock").and_then(Value::as_f64) {
            self.driver.set_test_clock(Timestamp::from_seconds(seconds));
            return Ok(());
        }
        let call = step.get("call").and_then(Value::as_str).ok_or("a step needs a call")?;
        let empty = Map::new();
        let args = step.get("args").and_then(Value::as_object).unwrap_or(&empty);
        if let Some(name) = step.get("on").and_then(Value::as_str) {
            return self.method(name, call, args);
        }
        match call {
            "set_conversation_id" | "set_user" | "set_pipeline" => {
                self.scope =
                    Arc::new(Scope::clone(&self.scope).with(&values::json(&Value::Object(args.clone()))));
                Ok(())
            }
            "scope" => {
                let outer = Arc::clone(&self.scope);
                self.scope = Arc::new(Scope::clone(&outer).with(&values::json(&Value::Object(args.clone()))));
                let done = self.within(step);
                self.scope = outer;
                done
            }
            "continue_trace" => self.continue_trace(step, args),
            "trace_headers" => self.trace_headers(step),
            "flush" => {
                self.driver.flush(None);
                Ok(())
            }
            call => self.start(step, call, args),
        }
    }

    fn within(&mut self, step: &Value) -> Result<(), String> {
        step.get("within").and_then(Value::as_array).map_or(Ok(()), |steps| self.play(steps))
    }

    fn current(&self) -> Option<TraceContext> {
        self.named.get(self.current.as_ref()?)?.context()
    }

    /// The name a step gives, or one that no step can give.
    fn name(&mut self, step: &Value) -> String {
        self.unnamed += 1;
        step.get("as").and_then(Value::as_str).map_or_else(|| format!("#{}", self.unnamed), str::to_owned)
    }

    fn continue_trace(&mut self, step: &Value, args: &Map<String, Value>) -> Result<(), String> {
        let headers = args.get("headers").and_then(Value::as_object).ok_or("headers are missing")?;
        let place =
            continue_trace(headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))));
        let name = self.name(step);
        self.named.insert(name.clone(), Named::Place(place));
        let outer = self.current.replace(name);
        let done = self.within(step);
        self.current = outer;
        done
    }

    fn trace_headers(&self, step: &Value) -> Result<(), String> {
        let headers = match self.current() {
            Some(context) => {
                let options = self.driver.settings();
                let headers = context.headers(options.options().propagate_traceparent);
                headers.pairs().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
            }
            None => json!({}),
        };
        match step.get("expect") {
            Some(expected) if *expected != headers => Err(format!("trace_headers gave {headers}")),
            _ => Ok(()),
        }
    }

    fn start(&mut self, step: &Value, call: &str, args: &Map<String, Value>) -> Result<(), String> {
        let text = |name: &str| args.get(name).and_then(Value::as_str);
        let kind = match call {
            "start_span" => Kind::of_op(text("op").unwrap_or("default")),
            "ai_request" => {
                Kind::of_call(text("operation").unwrap_or_default()).map_err(|error| error.to_string())?
            }
            _ => Kind::of_call(call).map_err(|error| error.to_string())?,
        };
        let subject =
            SUBJECTS.iter().find(|(name, _)| *name == call).map_or("model", |(_, argument)| argument);
        let is_plain = call == "start_span";
        let parent = match step.get("parent") {
            None => self.current(),
            Some(Value::String(name)) => {
                self.named.get(name).ok_or_else(|| format!("nothing is called {name}"))?.context()
            }
            Some(_) => None,
        };
        let taken: &[&str] = if is_plain { &["name", "op"] } else { &[subject, "operation"] };
        let arguments = values::object(args, taken);
        let mut start = Start {
            kind,
            subject: if is_plain { None } else { text(subject) },
            name: if is_plain { text("name") } else { None },
            origin: "manual",
            parent: parent.as_ref(),
            scope: Arc::clone(&self.scope),
            sample_rate: None,
        };
        if let Some(question) = self.driver.question(&start, Some(&arguments)) {
            start.sample_rate = self.driver.sample_rate(hooks::sampled(&self.hooks, &question));
        }
        let mut span = self.driver.start(&start);
        if arguments != Json::new("{}") {
            span.change(Change::Arguments(arguments));
        }
        let is_mark = call == "handoff" && step.get("within").is_none();
        let name = self.name(step);
        let outer = self.current.replace(name.clone());
        self.named.insert(name.clone(), Named::Span(span));
        let done = self.within(step);
        self.current = outer;
        if let Some(Named::Span(span)) = self.named.get_mut(&name) {
            if let Some(error) = step.get("throws") {
                span.change(exception(error.as_object().unwrap_or(&Map::new())));
            }
            if step.get("within").is_some() || is_mark {
                span.end(None);
            }
        }
        done
    }

    fn method(&mut self, name: &str, call: &str, args: &Map<String, Value>) -> Result<(), String> {
        if call == "drop" {
            self.named.remove(name);
            return Ok(());
        }
        let change = self.change(call, args)?;
        let Some(Named::Span(span)) = self.named.get_mut(name) else {
            return Err(format!("no span is called {name}"));
        };
        match change {
            Some(change) => span.change(change),
            None => span.end(args.get("timestamp").and_then(Value::as_f64).map(Timestamp::from_seconds)),
        }
        Ok(())
    }

    /// What a method writes down; `None` for `end`.
    fn change(&self, call: &str, args: &Map<String, Value>) -> Result<Option<Change>, String> {
        let value = |name: &str| args.get(name).unwrap_or(&Value::Null);
        let text = |name: &str| value(name).as_str();
        let content = |content, name| Change::Content(content, values::json(value(name)), Gathered::ByHand);
        let payload = |name| values::json(value(name));
        Ok(Some(match call {
            "end" => return Ok(None),
            "set_attribute" | "set_data" => match values::attribute(value("value")) {
                Some(attribute) => Change::Attribute(text("key").unwrap_or_default().to_owned(), attribute),
                None => Change::Attributes(Json::new("{}")),
            },
            "set_attributes" => Change::Attributes(payload("attributes")),
            "set_name" => Change::Name(text("name").unwrap_or_default().to_owned()),
            "set_status" => Change::status(text("status").unwrap_or_default(), text("message")),
            "set_input" => content(Content::Input, "messages"),
            "set_output" => content(Content::Output, "output"),
            "set_result" => content(Content::ToolResult, "result"),
            "set_usage" => Change::Usage(values::json(&Value::Object(args.clone()))),
            "record_request" => {
                let format = Format::find(text("format")).map_err(|error| error.to_string())?;
                Change::Request(payload("payload"), format, self.gathered)
            }
            "record_response" => Change::Response(payload("payload"), self.gathered),
            "record_chunk" => Change::Chunk(payload("chunk"), self.gathered),
            "record_exception" => exception(args),
            "add_link" => match self.named.get(text("to").unwrap_or_default()).and_then(Named::context) {
                Some(context) => Change::Link(Box::new(context), payload("attributes")),
                None => return Err("a link needs somewhere to go".to_owned()),
            },
            other => return Err(format!("a span has no {other}")),
        }))
    }
}

fn exception(error: &Map<String, Value>) -> Change {
    let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Change::Exception { kind: text("type"), message: text("message") }
}
