//! Google `generateContent` and `streamGenerateContent` (server-sent events or one list), as the Gemini API
//! and Vertex AI write them (camelCase), and as Google's SDKs hand them over (Python: snake_case).
//! Source: the API reference, "Generating content".

mod arguments;
mod chunks;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::{Chunks, Format, Reading, Wire, answer::Answer};
use crate::{
    config::MAX_CHOICES,
    json::{Node, Object},
    messages::{Message, read_parts},
    span::{Usage, tokens_of},
};

pub(super) const WIRE: Wire = Wire {
    name: "google_generate_content",
    format: Format::GoogleGenerateContent,
    provider: Some("gcp.gemini"),
    request,
    response,
    chunks: || Box::<chunks::Candidates>::default(),
};

/// Fields of `generationConfig` that are attributes as they are.
const PARAMETERS: &[(&str, &str)] = &[
    ("temperature", "gen_ai.request.temperature"),
    ("topP", "gen_ai.request.top_p"),
    ("top_p", "gen_ai.request.top_p"),
    ("topK", "gen_ai.request.top_k"),
    ("top_k", "gen_ai.request.top_k"),
    ("maxOutputTokens", "gen_ai.request.max_tokens"),
    ("max_output_tokens", "gen_ai.request.max_tokens"),
    ("stopSequences", "gen_ai.request.stop_sequences"),
    ("stop_sequences", "gen_ai.request.stop_sequences"),
    ("presencePenalty", "gen_ai.request.presence_penalty"),
    ("presence_penalty", "gen_ai.request.presence_penalty"),
    ("frequencyPenalty", "gen_ai.request.frequency_penalty"),
    ("frequency_penalty", "gen_ai.request.frequency_penalty"),
    ("seed", "gen_ai.request.seed"),
];

/// Reads the body of a request. The SDKs put what stands beside `contents` on the wire into their `config`.
fn request(payload: Node<'_>, reading: &mut Reading) {
    model("gen_ai.request.model", payload.get("model"), reading);
    let config = payload.any(&["generationConfig", "generation_config", "config"]);
    reading.parameters(config, PARAMETERS);
    // `thinkingBudget` is a number of tokens: to call it a level would be ours, not the caller's.
    let thinking = config.any(&["thinkingConfig", "thinking_config"]);
    reading.text("gen_ai.request.reasoning.level", thinking.any(&["thinkingLevel", "thinking_level"]));
    let beside = |names: &[&str]| Some(payload.any(names)).filter(|node| node.is_some());
    let system = &["systemInstruction", "system_instruction"];
    reading.system(beside(system).unwrap_or_else(|| config.any(system)));
    reading.input(payload.get("contents"));
    let tools = beside(&["tools"]).unwrap_or_else(|| config.get("tools"));
    reading.tools(tools.items().flat_map(definitions), |out, definition| definition.write(out));
}

/// Notes the name of a model without the path of its collection (`models/`, `publishers/google/models/`):
/// callers may leave that out, answers do, and so it is one model under one name.
pub(super) fn model(key: &'static str, name: Node<'_>, reading: &mut Reading) {
    if let Some(name) = name.words() {
        reading.attributes.set(key, short_name(&name));
    }
}

fn short_name(name: &str) -> &str {
    name.rsplit_once("models/").map_or(name, |(_, name)| name)
}

/// What a tool offers.
enum Definition<'a> {
    /// A function of the caller.
    Function(Node<'a>),
    /// A tool that Google runs, by its name.
    Tool(Cow<'a, str>),
}

/// One tool may declare many functions, and stand for tools of Google beside them.
fn definitions<'a>(tool: Node<'a>) -> impl Iterator<Item = Definition<'a>> {
    tool.members().filter(|(_, value)| value.is_some()).flat_map(|(key, value)| {
        let name = key.text();
        let is_functions = matches!(&*name, "functionDeclarations" | "function_declarations");
        let own = (!is_functions).then_some(Definition::Tool(name));
        let functions = if is_functions { value } else { Node::MISSING };
        functions.items().map(Definition::Function).chain(own)
    })
}

impl Definition<'_> {
    /// Writes functions in the shape that the conventions show. Of Google's own tools only the name: their
    /// settings hold the keys to other services (`googleMaps.authConfig`, `mcpServers`).
    fn write(&self, out: &mut String) {
        let function = match self {
            Self::Function(function) => *function,
            Self::Tool(name) => return Object::begin(out).text("type", name).end(),
        };
        let mut definition = Object::begin(out).text("type", "function");
        for (key, value) in function.members().filter(|(_, value)| value.is_some()) {
            let name = match &*key.text() {
                "parametersJsonSchema" | "parameters_json_schema" => Cow::Borrowed("parameters"),
                _ => key.text(),
            };
            definition = definition.entry(&name, value);
        }
        definition.end();
    }
}

/// Reads the body of an answer.
fn response(payload: Node<'_>, reading: &mut Reading) {
    model("gen_ai.response.model", payload.any(&["modelVersion", "model_version"]), reading);
    reading.text("gen_ai.response.id", payload.any(&["responseId", "response_id"]));
    let usage = payload.any(&["usageMetadata", "usage_metadata"]);
    if usage.is_some() {
        let mut counts = Counts::default();
        counts.take(usage);
        reading.usage = counts.usage();
    }
    let candidates = payload.get("candidates").items();
    let reasons = candidates.clone().take(MAX_CHOICES).filter_map(finish_reason);
    reading.finish_reasons(reasons.chain(block_reason(payload)));
    if reading.keep.outputs {
        let answers = candidates.map(|candidate| {
            let parts = read_parts(candidate.at(&["content", "parts"]));
            Message::answer(parts).stopped(finish_reason(candidate))
        });
        let answers = reading.as_many_as_fit(answers, MAX_CHOICES);
        tell(answers, reading);
    }
}

fn finish_reason(candidate: Node<'_>) -> Option<Cow<'_, str>> {
    candidate.any(&["finishReason", "finish_reason"]).words()
}

/// Why there is no answer at all: the model did not even begin.
fn block_reason(payload: Node<'_>) -> Option<Cow<'_, str>> {
    let feedback = payload.any(&["promptFeedback", "prompt_feedback"]);
    feedback.any(&["blockReason", "block_reason"]).words()
}

/// Tells what the candidates said; one that said nothing is only known by its reason.
fn tell(mut answers: Vec<Message<'_>>, reading: &mut Reading) {
    for answer in &mut answers {
        answer.parts.retain(|part| !part.is_empty());
    }
    answers.retain(|answer| !answer.parts.is_empty());
    reading.output(&answers);
}

/// Counts as Google reports them: thoughts stand beside the candidates, results of tools that Google runs
/// beside the prompt; what was cached is part of the prompt.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    prompt: Option<i64>,
    tool_use: Option<i64>,
    cached: Option<i64>,
    candidates: Option<i64>,
    thoughts: Option<i64>,
    total: Option<i64>,
}

impl Counts {
    /// Takes counts in the place of those before: in a stream each report is the sum of all so far, and
    /// may leave out what an earlier one said.
    pub fn take(&mut self, usage: Node<'_>) {
        for (key, value) in usage.members() {
            let count = match &*key.text() {
                "promptTokenCount" | "prompt_token_count" => &mut self.prompt,
                "toolUsePromptTokenCount" | "tool_use_prompt_token_count" => &mut self.tool_use,
                "cachedContentTokenCount" | "cached_content_token_count" => &mut self.cached,
                "candidatesTokenCount" | "candidates_token_count" => &mut self.candidates,
                // The name of the live API and of the SDKs' newer type.
                "responseTokenCount" | "response_token_count" => &mut self.candidates,
                "thoughtsTokenCount" | "thoughts_token_count" => &mut self.thoughts,
                "totalTokenCount" | "total_token_count" => &mut self.total,
                _ => continue,
            };
            *count = tokens_of(value).or(*count);
        }
    }

    /// The counts as the conventions want them.
    pub fn usage(&self) -> Usage {
        let input = sum(self.prompt, self.tool_use);
        // Some models count their thoughts among the candidates; only the total tells.
        let is_inside = self.candidates >= self.thoughts
            && self.total.is_some()
            && self.total == sum(input, self.candidates);
        Usage {
            input,
            output: if is_inside { self.candidates } else { sum(self.candidates, self.thoughts) },
            total: self.total,
            cache_read: self.cached,
            cache_creation: None,
            reasoning: self.thoughts,
        }
    }
}

/// The sum of what was reported.
fn sum(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        _ => one.or(other),
    }
}
