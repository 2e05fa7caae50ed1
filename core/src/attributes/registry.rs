//! The conventions: every `gen_ai.*` key and the others that are used here, as `@sentry/conventions` has
//! them (0.33.0; a test compares name, type and replacement with the package).

use Type::{Boolean, Double, Integer, String, StringList};

/// The type that the conventions give an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `string`
    String,
    /// `integer`
    Integer,
    /// `double`
    Double,
    /// `boolean`
    Boolean,
    /// `string[]`
    StringList,
}

/// One attribute of the conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name; `<key>` at the end stands for anything.
    pub key: &'static str,
    /// Its type.
    pub kind: Type,
    /// Whether it should no longer be sent.
    pub deprecated: bool,
    /// What is sent instead.
    pub replacement: Option<&'static str>,
}

/// Looks a key up.
pub fn find(key: &str) -> Option<&'static Entry> {
    match ENTRIES.binary_search_by(|entry| entry.key.cmp(key)) {
        Ok(position) => ENTRIES.get(position),
        Err(_) => None,
    }
}

/// All of them, in the order of their names.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter()
}

const fn current(key: &'static str, kind: Type) -> Entry {
    Entry { key, kind, deprecated: false, replacement: None }
}

const fn deprecated(key: &'static str, kind: Type, replacement: Option<&'static str>) -> Entry {
    Entry { key, kind, deprecated: true, replacement }
}

#[rustfmt::skip]
const ENTRIES: &[Entry] = &[
    current("error.type", String),
    current("exception.message", String),
    current("exception.type", String),
    current("gen_ai.agent.name", String),
    current("gen_ai.context.utilization", Double),
    current("gen_ai.context.window_size", Integer),
    current("gen_ai.conversation.id", String),
    current("gen_ai.cost.cache_creation.input_tokens", Double),
    current("gen_ai.cost.cache_read.input_tokens", Double),
    current("gen_ai.cost.input_tokens", Double),
    current("gen_ai.cost.output_tokens", Double),
    current("gen_ai.cost.reasoning.output_tokens", Double),
    current("gen_ai.cost.total_tokens", Double),
    current("gen_ai.embeddings.input", String),
    current("gen_ai.function_id", String),
    current("gen_ai.input.messages", String),
    current("gen_ai.memory.query.text", String),
    current("gen_ai.memory.record.count", Integer),
    current("gen_ai.memory.record.id", String),
    current("gen_ai.memory.records", String),
    current("gen_ai.memory.store.id", String),
    current("gen_ai.operation.name", String),
    current("gen_ai.operation.type", String),
    current("gen_ai.output.messages", String),
    current("gen_ai.pipeline.name", String),
    deprecated("gen_ai.prompt", String, Some("gen_ai.input.messages")),
    current("gen_ai.prompt.name", String),
    current("gen_ai.prompt.variable.<key>", String),
    current("gen_ai.provider.name", String),
    deprecated("gen_ai.request.available_tools", String, Some("gen_ai.tool.definitions")),
    current("gen_ai.request.frequency_penalty", Double),
    current("gen_ai.request.max_tokens", Integer),
    deprecated("gen_ai.request.messages", String, Some("gen_ai.input.messages")),
    current("gen_ai.request.model", String),
    current("gen_ai.request.presence_penalty", Double),
    current("gen_ai.request.reasoning.level", String),
    deprecated("gen_ai.request.schema", String, None),
    current("gen_ai.request.seed", String),
    current("gen_ai.request.stop_sequences", StringList),
    current("gen_ai.request.temperature", Double),
    current("gen_ai.request.top_k", Integer),
    current("gen_ai.request.top_p", Double),
    deprecated("gen_ai.response.finish_reason", String, Some("gen_ai.response.finish_reasons")),
    current("gen_ai.response.finish_reasons", String),
    current("gen_ai.response.id", String),
    current("gen_ai.response.model", String),
    deprecated("gen_ai.response.object", String, None),
    current("gen_ai.response.streaming", Boolean),
    deprecated("gen_ai.response.text", String, Some("gen_ai.output.messages")),
    current("gen_ai.response.time_to_first_chunk", Double),
    deprecated("gen_ai.response.time_to_first_token", Double, Some("gen_ai.response.time_to_first_chunk")),
    current("gen_ai.response.tokens_per_second", Double),
    deprecated("gen_ai.response.tool_calls", String, Some("gen_ai.output.messages")),
    deprecated("gen_ai.system", String, Some("gen_ai.provider.name")),
    deprecated("gen_ai.system.message", String, Some("gen_ai.system_instructions")),
    current("gen_ai.system_instructions", String),
    current("gen_ai.tool.call.arguments", String),
    current("gen_ai.tool.call.result", String),
    current("gen_ai.tool.call.result.size", Integer),
    current("gen_ai.tool.definitions", String),
    current("gen_ai.tool.description", String),
    deprecated("gen_ai.tool.input", String, Some("gen_ai.tool.call.arguments")),
    deprecated("gen_ai.tool.message", String, Some("gen_ai.tool.call.result")),
    current("gen_ai.tool.name", String),
    deprecated("gen_ai.tool.output", String, Some("gen_ai.tool.call.result")),
    deprecated("gen_ai.tool.type", String, None),
    current("gen_ai.usage.cache_creation.input_tokens", Integer),
    deprecated("gen_ai.usage.cache_creation_input_tokens", Integer, Some("gen_ai.usage.cache_creation.input_tokens")),
    current("gen_ai.usage.cache_read.input_tokens", Integer),
    deprecated("gen_ai.usage.cache_read_input_tokens", Integer, Some("gen_ai.usage.cache_read.input_tokens")),
    deprecated("gen_ai.usage.completion_tokens", Integer, Some("gen_ai.usage.output_tokens")),
    current("gen_ai.usage.input_tokens", Integer),
    deprecated("gen_ai.usage.input_tokens.cache_write", Integer, Some("gen_ai.usage.cache_creation.input_tokens")),
    deprecated("gen_ai.usage.input_tokens.cached", Integer, Some("gen_ai.usage.cache_read.input_tokens")),
    current("gen_ai.usage.output_tokens", Integer),
    deprecated("gen_ai.usage.output_tokens.reasoning", Integer, Some("gen_ai.usage.reasoning.output_tokens")),
    deprecated("gen_ai.usage.prompt_tokens", Integer, Some("gen_ai.usage.input_tokens")),
    current("gen_ai.usage.reasoning.output_tokens", Integer),
    current("gen_ai.usage.total_tokens", Integer),
    current("http.response.status_code", Integer),
    current("process.runtime.name", String),
    current("process.runtime.version", String),
    current("sentry.environment", String),
    current("sentry.op", String),
    current("sentry.origin", String),
    current("sentry.release", String),
    current("sentry.sdk.name", String),
    current("sentry.sdk.version", String),
    current("sentry.segment.id", String),
    current("sentry.segment.name", String),
    current("sentry.segment.name.source", String),
    current("sentry.status.message", String),
    current("sentry.trace_lifecycle", String),
    current("server.address", String),
    current("server.port", Integer),
    current("user.email", String),
    current("user.id", String),
    current("user.ip_address", String),
    current("user.name", String),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(ENTRIES.is_sorted_by_key(|entry| entry.key));
        assert_eq!(find("gen_ai.request.seed").map(|entry| entry.kind), Some(String));
        assert_eq!(find("gen_ai.nothing"), None);
    }

    #[test]
    fn the_conventions_have_76_gen_ai_keys() {
        assert_eq!(entries().filter(|entry| entry.key.starts_with("gen_ai.")).count(), 76);
    }
}
