//! Any JSON into any reader: never a panic, and never more memory than a few times what was read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[path = "../common/mod.rs"]
mod common;
mod generate;
mod memory;
mod swollen;

use std::sync::Arc;

use common::{at, chat, settings};
use generate::{Role, Sample};
use proptest::{
    prelude::{ProptestConfig, prop_assert, proptest},
    test_runner::RngSeed,
};
use spanwire::{
    client::Settings,
    json::Json,
    span::{Change, Gathered, Prepared},
    vendors::Format,
};

/// Times its input that a reader may hold besides it: the tape (at most twice the text) and what is written.
const TIMES: usize = 4;

/// Bytes beside that, however little was read: the maps of a span and its name, short attributes, the first
/// room of lists and strings. Every payload that a vendor really sends stays within that.
const FIXED: usize = 16 * 1024;

/// Bytes that lists of tiny parts may take beside that: a part of two letters takes a hundred bytes, and of one
/// payload `MAX_PARTS` and `MAX_MESSAGES` are read, however its lists are nested, so this does not grow with the input.
const LISTS: usize = 256 * 1024;

/// Every format by its name, and what has none.
const FORMATS: [Option<&str>; 15] = [
    None,
    Some("openai_chat"),
    Some("openai_responses"),
    Some("openai_embeddings"),
    Some("anthropic_messages"),
    Some("google_generate_content"),
    Some("google_embed_content"),
    Some("cohere_chat"),
    Some("cohere_embed"),
    Some("cohere_rerank"),
    Some("mistral_chat"),
    Some("bedrock_converse"),
    Some("ollama_chat"),
    Some("ollama_embed"),
    Some("neutral"),
];

/// What is recorded of a call: the texts in that role, in that format.
fn changes(format: Option<&str>, role: Role, texts: &[&str]) -> Vec<Change> {
    let stated = Format::find(format).unwrap();
    let how = Gathered::ByHand;
    // The format is stated by a request; an empty one says nothing else.
    let mut changes = vec![Change::Request(Json::new("{}"), stated, how)];
    changes.extend(texts.iter().map(|text| match role {
        Role::Request => Change::Request(Json::new(*text), stated, how),
        Role::Response => Change::Response(Json::new(*text), how),
        Role::Chunk => Change::Chunk(Json::new(*text), how),
    }));
    changes
}

/// Reads, and tells the most that was held at a time besides the input, and how long that is.
fn read(settings: &Arc<Settings>, format: Option<&str>, role: Role, texts: &[&str]) -> (usize, usize) {
    let mut span = chat(settings, 1);
    for change in changes(format, role, texts) {
        span.change(at(0.5), change);
    }
    let finished = span.finish(at(1.0)).unwrap();
    let peak = memory::peak(|| drop(Prepared::of(finished, settings)));
    (peak, texts.iter().map(|text| text.len()).sum())
}

fn all_messages() -> Arc<Settings> {
    settings(r#"{"send_default_pii": true, "input_messages": "all"}"#)
}

#[test]
fn every_payload_of_the_vectors_in_every_role_and_format() {
    let settings = all_messages();
    for Sample { text, .. } in generate::samples() {
        for format in FORMATS {
            for role in [Role::Request, Role::Response, Role::Chunk] {
                let (peak, size) = read(&settings, format, role, &[text, text]);
                assert!(peak <= TIMES * size + FIXED, "{peak} bytes for {size} in {format:?}: {text}");
            }
        }
    }
}

#[test]
fn lists_as_long_as_can_be_and_lists_inside_them() {
    let settings = all_messages();
    for text in swollen::all() {
        for role in [Role::Request, Role::Response, Role::Chunk] {
            let (peak, size) = read(&settings, None, role, &[&text]);
            let beginning = &text[..text.floor_char_boundary(300)];
            assert!(peak <= TIMES * size + FIXED + LISTS, "{peak} bytes for {size} in {role:?}: {beginning}");
        }
    }
}

fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    let rng_seed = if default.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { default.rng_seed };
    ProptestConfig { cases: default.cases.max(1_000), rng_seed, failure_persistence: None, ..default }
}

proptest! {
    // The same cases every time; `PROPTEST_RNG_SEED` and `PROPTEST_CASES` give others, and more.
    #![proptest_config(config())]

    #[test]
    fn any_json_into_any_reader(case in generate::case()) {
        let texts: Vec<&str> = case.texts.iter().map(String::as_str).collect();
        let format = case.format.get(FORMATS);
        let (peak, size) = read(&all_messages(), format, case.role, &texts);
        prop_assert!(peak <= TIMES * size + FIXED + LISTS, "{peak} bytes for {size} in {format:?}");
    }
}
