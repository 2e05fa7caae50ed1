//! Spans as programs make them.

use std::sync::Arc;

use spanwire::{
    client::{Client, Destination, Settings},
    config::{Options, Platform},
    json::Json,
    scope::Scope,
    span::{Change, Content, Finished, Gathered, Kind, Span, Start},
    time::Timestamp,
    trace::TraceContext,
};

/// Settings of `options`, a JSON object, with a destination.
#[must_use]
pub fn settings(options: &str) -> Arc<Settings> {
    let options = Options::read(options.as_bytes(), |_| None).unwrap();
    let destination = Destination::new("https", "sentry.example.com", "", "42", "public");
    Arc::new(Settings::new(options, Platform::default(), Some(destination)))
}

/// A moment.
#[must_use]
pub const fn now() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000)
}

/// Starts a span of a call of the API.
#[must_use]
pub fn start(
    settings: &Arc<Settings>,
    call: &str,
    subject: &str,
    parent: Option<&TraceContext>,
    seed: u64,
) -> Span {
    let mut entropy = [7; 32];
    for (byte, target) in seed.to_le_bytes().into_iter().zip(entropy.iter_mut().skip(16)) {
        *target = byte;
    }
    let start = Start {
        kind: Kind::of_call(call).unwrap(),
        subject: Some(subject),
        name: None,
        origin: "manual",
        parent,
        scope: Arc::new(Scope::default()),
        sample_rate: None,
    };
    Span::start(settings, &start, now(), &entropy)
}

/// A finished chat span with those changes.
#[must_use]
pub fn chat(settings: &Arc<Settings>, changes: impl IntoIterator<Item = Change>) -> Finished {
    let mut span = start(settings, "chat", "gpt-4o-mini", None, 1);
    for change in changes {
        span.change(now(), change);
    }
    span.finish(now()).unwrap()
}

/// What the requests of an agent are given and what comes back; its texts follow from the seed.
#[derive(Clone, Debug)]
pub struct Said {
    arguments: Json,
    answer: String,
}

/// What is said in the nine requests of an agent.
#[must_use]
pub fn conversation(seed: u64) -> Vec<Said> {
    let said = |seed| Said { arguments: arguments(seed), answer: words(!seed, 50) };
    (11 * seed + 2..11 * seed + 11).map(said).collect()
}

/// Ten attributes and a list of messages.
fn arguments(seed: u64) -> Json {
    Json::new(format!(
        r#"{{"provider": "openai", "attributes": {{"app.key0": "value 0", "app.key1": "value 1",
        "app.key2": "value 2", "app.key3": "value 3", "app.key4": "value 4", "app.key5": "value 5", "app.retries": 2,
        "app.share": 0.25, "app.cached": true, "app.team": "weather"}},
        "messages": [{{"role": "user", "content": "{}"}}]}}"#,
        words(seed, 30)
    ))
}

/// Text with as much in it as that of people: words of a list, in any order.
fn words(mut seed: u64, count: usize) -> String {
    const WORDS: &str = "what should i wear in paris today when the river is high and rain comes from far hills take \
        warm coats umbrella shoes maybe tomorrow evening train leaves early hotel breakfast museum ticket price open \
        closed bridge walk north south garden winter light child school coffee window market station airport delay";
    let all: Vec<&str> = WORDS.split_whitespace().collect();
    let mut text = String::new();
    for _ in 0..count {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push_str(all[(seed >> 33) as usize % all.len()]);
        text.push(' ');
    }
    text
}

/// The finished spans of an agent and its requests; their ids follow from the seed. What is said is copied, as a host
/// copies what a program says.
#[must_use]
pub fn agent(settings: &Arc<Settings>, seed: u64, conversation: &[Said]) -> Vec<Finished> {
    let mut agent = start(settings, "invoke_agent", "Weather Agent", None, 11 * seed + 1);
    agent.change(now(), Change::Arguments(Json::new(r#"{"model":"gpt-4o-mini"}"#)));
    let context = agent.context().clone();
    let requests = (11 * seed + 2..).zip(conversation).map(|(seed, Said { arguments, answer })| {
        let mut request = start(settings, "chat", "gpt-4o-mini", Some(&context), seed);
        request.change(now(), Change::Arguments(arguments.clone()));
        request.change(now(), Change::Content(Content::Output, Json::text(answer), Gathered::ByHand));
        request.finish(now()).unwrap()
    });
    let mut finished: Vec<Finished> = requests.collect();
    finished.push(agent.finish(now()).unwrap());
    finished
}

/// An envelope with that many spans of such agents.
///
/// # Panics
/// When the client has nothing to send.
#[must_use]
pub fn envelope(spans: u32) -> Vec<u8> {
    let settings = settings(r#"{"send_default_pii": true}"#);
    let mut client = Client::new(Arc::clone(&settings));
    let all = (0..u64::from(spans.div_ceil(10))).flat_map(|seed| agent(&settings, seed, &conversation(seed)));
    for finished in all {
        client.handle_span(now(), finished);
    }
    let mut bytes = Vec::new();
    while let Some(transmit) = client.poll_transmit(now()) {
        bytes.extend_from_slice(&transmit.body);
        client.handle_response(now(), transmit.id, 200, std::iter::empty());
    }
    bytes
}
