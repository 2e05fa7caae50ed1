//! Op, name, required attributes and token counts of each kind of span.

use super::{Findings, Seen, finding::Rule, seen::Form};
use crate::{
    attributes::{Value, registry},
    config::MAX_NAME_CHARS,
    span::Kind,
};

/// Looks at what the kind of a span asks of it.
pub(super) fn check(span: &Seen, findings: &mut Findings) {
    let Some(op) = span.op.as_deref().filter(|op| !op.is_empty()) else {
        let field = if span.form == Form::SpanV2 { "sentry.op" } else { "op" };
        return findings.error(Rule::Missing, field, format!("{field} is missing"));
    };
    let kind = Kind::of_op(op);
    if let Some(operation) = op.strip_prefix("gen_ai.") {
        check_operation(span, &kind, operation, findings);
        check_required(span, &kind, findings);
        check_name(span, &kind, findings);
    }
    check_usage(span, findings);
}

fn check_operation(span: &Seen, kind: &Kind, operation: &str, findings: &mut Findings) {
    /// The op of many operations of one memory.
    const MEMORY: &str = "memory.client";
    const NAME: &str = "gen_ai.operation.name";
    if !registry::OPERATIONS.contains(&operation) {
        findings.warning(Rule::Op, operation, format!("gen_ai.{operation} is no op of the conventions"));
    }
    match span.attributes.text(NAME) {
        Some(name) if name != operation && operation != MEMORY => {
            findings.error(Rule::Op, NAME, format!("`{NAME}` is {name}, and the op gen_ai.{operation}"));
        }
        _ => {}
    }
    let stated = span.attributes.text("gen_ai.operation.type");
    if let (Some(stated), Some(wanted)) = (stated, kind.operation_type())
        && stated != wanted
    {
        let message = format!("`gen_ai.operation.type` of gen_ai.{operation} is not {wanted}");
        findings.error(Rule::Op, "gen_ai.operation.type", message);
    }
}

/// What a kind must have, and what it should have. The agent's name of a request or a tool depends on whether
/// it is in an agent.
fn check_required(span: &Seen, kind: &Kind, findings: &mut Findings) {
    let (what, must, should): (&str, &[&str], &[&str]) = match kind {
        Kind::Request(_) | Kind::AnyRequest => (
            "a request",
            &[
                "gen_ai.operation.name",
                "gen_ai.provider.name",
                "gen_ai.request.model",
                "gen_ai.response.model",
            ],
            &[],
        ),
        Kind::InvokeAgent | Kind::CreateAgent => {
            ("an agent", &["gen_ai.operation.name"], &["gen_ai.agent.name"])
        }
        Kind::ExecuteTool => ("a tool", &["gen_ai.operation.name"], &["gen_ai.tool.name"]),
        Kind::Handoff | Kind::Other(_) => ("an AI span", &["gen_ai.operation.name"], &[]),
    };
    for key in must.iter().filter(|key| !span.holds(key)) {
        findings.error(Rule::Missing, key, format!("`{key}` is missing; {what} must have it"));
    }
    for key in should.iter().filter(|key| !span.holds(key)) {
        findings.warning(Rule::Missing, key, format!("`{key}` is missing; {what} should have it"));
    }
}

/// The name that the kind and its subject make. Without the subject, whatever follows the operation is right.
fn check_name(span: &Seen, kind: &Kind, findings: &mut Findings) {
    let Some(key) = kind.subject_key() else { return };
    let (subject, key) = (span.attributes.text(key), key.name());
    let wanted: String = kind.span_name(subject).chars().take(MAX_NAME_CHARS).collect();
    let is_right = match (kind, subject) {
        (Kind::Handoff, _) | (_, None) => span.name.starts_with(&wanted),
        _ => span.name == wanted,
    };
    if !is_right {
        findings.warning(Rule::Name, "name", format!("the name is not `{wanted}`, after its op and `{key}`"));
    }
}

/// The parts of a count are in it already, and no count is negative.
fn check_usage(span: &Seen, findings: &mut Findings) {
    const INPUT: &str = "gen_ai.usage.input_tokens";
    const OUTPUT: &str = "gen_ai.usage.output_tokens";
    const TOTAL: &str = "gen_ai.usage.total_tokens";
    const CACHE_READ: &str = "gen_ai.usage.cache_read.input_tokens";
    const CACHE_CREATION: &str = "gen_ai.usage.cache_creation.input_tokens";
    const REASONING: &str = "gen_ai.usage.reasoning.output_tokens";
    for key in [INPUT, OUTPUT, TOTAL, CACHE_READ, CACHE_CREATION, REASONING] {
        if count(span, key).is_some_and(|count| count < 0) {
            findings.error(Rule::Usage, key, format!("`{key}` is negative"));
        }
    }
    for (whole, parts) in
        [(INPUT, &[CACHE_READ, CACHE_CREATION][..]), (OUTPUT, &[REASONING]), (TOTAL, &[INPUT, OUTPUT])]
    {
        let sum = parts.iter().filter_map(|part| count(span, part)).fold(0, i64::saturating_add);
        if count(span, whole).is_some_and(|whole| sum > whole) {
            let parts = parts.join("` and `");
            findings.error(Rule::Usage, whole, format!("`{whole}` is less than what is in it: `{parts}`"));
        }
    }
}

/// A count, under its current name or a deprecated one.
fn count(span: &Seen, key: &str) -> Option<i64> {
    let old = registry::entries().filter(|entry| entry.replacement == Some(key)).map(|entry| entry.key);
    let found = std::iter::once(key).chain(old).find_map(|key| span.attributes.get(key));
    match found {
        Some(Value::Int(count)) => Some(*count),
        _ => None,
    }
}
