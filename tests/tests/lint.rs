//! Lint finds nothing in what the vectors send, except for what a vector shows on purpose.

#![allow(clippy::unwrap_used, reason = "a test of files that stand beside it")]

use std::collections::{BTreeMap, BTreeSet};

use spanwire::lint;
use spanwire_tests::vectors::{Vector, all};

/// What a vector sets on purpose, and why it is found.
const ON_PURPOSE: &[(&str, &[&str], &str)] = &[
    (
        "agent_renamed",
        &["Name name", "Missing gen_ai.agent.name"],
        "the agent gets its name after it and its first child began",
    ),
    ("agent_named_by_attributes", &["Name name"], "the agent is named after it was called otherwise"),
    ("before_send_span", &["Name name"], "the host names every span anew"),
    ("conventions_both_own", &["Deprecated gen_ai.tool.type"], "nothing replaces it, so it stays"),
    (
        "conventions_deprecated_without_replacement",
        &[
            "Deprecated gen_ai.request.schema",
            "Deprecated gen_ai.response.object",
            "Deprecated gen_ai.tool.type",
        ],
        "nothing replaces them, so they stay",
    ),
    ("conventions_mcp", &["Deprecated mcp.tool.result.content_count"], "nothing replaces it, so it stays"),
    (
        "conventions_response_text",
        &["Deprecated gen_ai.response.tool_calls", "Json gen_ai.response.tool_calls"],
        "what makes no sense stays where it was set",
    ),
    ("kind_invoke_agent_unnamed", &["Missing gen_ai.agent.name"], "an agent without a name"),
    ("messages_shapes", &["Shape gen_ai.input.messages"], "a role that nobody knows stays as it is"),
    ("names_and_operations", &["Name name"], "a name by hand"),
    (
        "numbers_digits",
        &["Type gen_ai.cost.input_tokens", "Type gen_ai.cost.total_tokens"],
        "what is no double, or beyond their range, stays a text",
    ),
    ("orphan_child", &["Time end_timestamp"], "a child that outlives its parent"),
    ("transaction_orphan", &["Time end_timestamp"], "a child that outlives its parent"),
    (
        "wrong_types_usage",
        &[
            "Type gen_ai.usage.cache_read.input_tokens",
            "Type gen_ai.usage.input_tokens",
            "Type gen_ai.usage.output_tokens",
            "Type gen_ai.usage.reasoning.output_tokens",
        ],
        "kept, and said",
    ),
    (
        "wrong_types",
        &[
            "Type gen_ai.usage.output_tokens",
            "Type gen_ai.usage.reasoning.output_tokens",
            "Usage gen_ai.usage.cache_read.input_tokens",
        ],
        "kept, and said",
    ),
    (
        "wrong_types_doubles",
        &[
            "Type gen_ai.context.utilization",
            "Type gen_ai.cost.input_tokens",
            "Type gen_ai.cost.output_tokens",
            "Type gen_ai.cost.total_tokens",
            "Type gen_ai.request.frequency_penalty",
            "Type gen_ai.request.top_p",
        ],
        "kept, and said",
    ),
    (
        "wrong_types_integers",
        &[
            "Type gen_ai.context.window_size",
            "Type gen_ai.memory.record.count",
            "Type gen_ai.request.max_tokens",
            "Type gen_ai.request.top_k",
            "Type gen_ai.usage.cache_creation.input_tokens",
            "Type gen_ai.usage.cache_read.input_tokens",
            "Type gen_ai.usage.output_tokens",
            "Type gen_ai.usage.reasoning.output_tokens",
            "Type gen_ai.usage.total_tokens",
        ],
        "kept, and said",
    ),
    ("wrong_types_texts_and_lists", &["Type gen_ai.response.streaming"], "kept, and said"),
];

/// What is found for a reason that many vectors share.
fn is_expected(vector: &Vector, kind: &str) -> bool {
    let said = serde_json::to_string(&vector.steps).unwrap();
    let names_a_provider = ["\"provider\"", "gen_ai.provider.name", "gen_ai.system\""];
    match kind {
        // Nobody can know the provider of a request by hand that does not say it.
        "Missing gen_ai.provider.name" => !names_a_provider.iter().any(|word| said.contains(word)),
        // Deprecated names alone are what was asked for.
        kind => {
            kind.starts_with("Deprecated ") && vector.options.get("conventions") == Some(&"legacy".into())
        }
    }
}

/// The kinds of finding in what a vector sends.
fn found(vector: &Vector) -> BTreeSet<String> {
    let file: String = vector.expected.iter().map(|lines| lines.join("\n") + "\n").collect();
    let report = lint::file(file.as_bytes()).unwrap();
    assert_eq!(report.envelopes, vector.expected.len());
    report.findings.iter().map(|finding| format!("{:?} {}", finding.rule, finding.subject)).collect()
}

#[test]
fn what_vectors_send_is_clean_but_for_what_they_show() {
    let purposes: BTreeMap<&str, &[&str]> =
        ON_PURPOSE.iter().map(|(name, kinds, _)| (*name, *kinds)).collect();
    let mut wrong = Vec::new();
    for (path, vector) in all().unwrap() {
        let name = path.file_stem().unwrap().to_string_lossy();
        let wanted: BTreeSet<String> = purposes
            .get(&*name)
            .into_iter()
            .flat_map(|kinds| kinds.iter().map(ToString::to_string))
            .collect();
        let found: BTreeSet<String> =
            found(&vector).into_iter().filter(|kind| !is_expected(&vector, kind)).collect();
        if found != wanted {
            wrong.push(format!("{name}: found {found:?}, on purpose are {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let names: Vec<String> = all()
        .unwrap()
        .iter()
        .map(|(path, _)| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert!(purposes.keys().all(|name| names.iter().any(|known| known == name)));
}
