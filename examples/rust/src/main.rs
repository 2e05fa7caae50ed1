//! The native driver from Rust: an agent asks a model and runs a tool; what left is printed as a tree.
//!
//! `cargo run -p spanwire-example` needs no server: envelopes go to a function.

use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use spanwire::{
    config::Platform,
    json::Json,
    scope::Scope,
    span::{Change, Content, Gathered, Kind, Start},
    trace::TraceContext,
};
use spanwire_driver::{Driver, Hooks, OpenSpan};

fn main() -> Result<(), Box<dyn Error>> {
    let envelopes = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&envelopes);
    let platform = Platform { sdk_name: "spanwire.rust".to_owned(), ..Platform::default() };
    let driver = Driver::new(
        br#"{"transport": "callable", "release": "demo@1.0.0"}"#,
        platform,
        Hooks {
            transport: Some(Arc::new(move |envelope| {
                sink.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(envelope);
                Ok(())
            })),
            before_send_span: None,
        },
    )?;

    let mut agent = start(&driver, "invoke_agent", "Weather Agent", None)?;
    let mut chat = start(&driver, "chat", "gpt-4o-mini", Some(agent.context()))?;
    chat.change(Change::Content(Content::Input, Json::text("Weather in Paris?"), Gathered::ByHand));
    chat.change(Change::Usage(Json::new(r#"{"input_tokens": 12, "output_tokens": 5}"#)));
    chat.end(None);
    let mut tool = start(&driver, "execute_tool", "get_weather", Some(agent.context()))?;
    tool.change(Change::Content(Content::ToolResult, Json::new(r#"{"sky": "rain"}"#), Gathered::ByHand));
    tool.end(None);
    agent.end(None);

    driver.flush(None);
    print!("{}", spanwire::inspect::render(&envelopes.lock().unwrap_or_else(PoisonError::into_inner))?);
    Ok(())
}

fn start(
    driver: &Driver,
    call: &str,
    subject: &str,
    parent: Option<&TraceContext>,
) -> Result<OpenSpan, Box<dyn Error>> {
    Ok(driver.start(&Start {
        kind: Kind::of_call(call)?,
        subject: Some(subject),
        name: None,
        origin: "manual",
        parent,
        scope: Arc::new(Scope::default()),
        sample_rate: None,
    }))
}
