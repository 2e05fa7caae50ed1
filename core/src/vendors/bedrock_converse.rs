//! Amazon Bedrock `Converse` and `ConverseStream`, as they go over the wire and as the AWS SDKs write their
//! arguments and results. Source: the API reference of Bedrock Runtime, and its service model in `botocore`.

mod events;
mod result;
#[cfg(test)]
mod tests;

use super::{Chunks, Format, Reading, Wire, answer::Answer, error::WireError};
use crate::{
    json::{Node, Object},
    messages::{Conversation, answer, instructions},
    span::{Usage, tokens_of},
};

pub(super) const WIRE: Wire = Wire {
    name: "bedrock_converse",
    format: Format::BedrockConverse,
    provider: Some("aws.bedrock"),
    request,
    response,
    chunks: || Box::<events::Building>::default(),
};

/// Members of `inferenceConfig` that are attributes as they are.
const PARAMETERS: &[(&str, &str)] = &[
    ("maxTokens", "gen_ai.request.max_tokens"),
    ("temperature", "gen_ai.request.temperature"),
    ("topP", "gen_ai.request.top_p"),
    ("stopSequences", "gen_ai.request.stop_sequences"),
];

/// Reads the arguments of a call. Over the wire the model is in the path, not in the body.
fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.request.model", payload.get("modelId"));
    reading.parameters(payload.get("inferenceConfig"), PARAMETERS);
    additional(payload.get("additionalModelRequestFields"), reading);
    reading.text("gen_ai.request.reasoning.level", payload.at(&["outputConfig", "effort"]));
    if reading.keep.inputs {
        let mut conversation = Conversation::read(payload.get("messages"), reading.keep.messages);
        // The system may speak among the messages as well; what stands beside them comes first.
        conversation.system.splice(0..0, instructions(payload.get("system")));
        reading.conversation(&conversation);
    }
    let tools = payload.at(&["toolConfig", "tools"]);
    reading.tools(tools.items().filter(|tool| !tool.get("cachePoint").is_object()), tool_definition);
}

/// What only some models take, by the names that their makers give it: Anthropic's and Amazon's `top_k`, and
/// how hard to think, where that is a level. A number of tokens to think with is none.
fn additional(fields: Node<'_>, reading: &mut Reading) {
    let paths: [&[&str]; 2] = [&["top_k"], &["inferenceConfig", "topK"]];
    for path in paths {
        if let Some(limit) = fields.at(path).i64() {
            reading.attributes.set("gen_ai.request.top_k", limit);
        }
    }
    let levels: [&[&str]; 4] = [
        &["reasoning_effort"],
        &["reasoning_config"],
        &["reasoningConfig", "maxReasoningEffort"],
        &["output_config", "effort"],
    ];
    for path in levels {
        reading.text("gen_ai.request.reasoning.level", fields.at(path));
    }
}

/// `{toolSpec: {name, description, inputSchema: {json}}}` in the shape that the conventions show; tools that
/// Bedrock has itself as they are.
fn tool_definition(out: &mut String, tool: Node<'_>) {
    let spec = tool.get("toolSpec");
    if !spec.is_object() {
        return tool.write(out);
    }
    let mut definition = Object::begin(out).text("type", "function");
    for (key, value) in spec.members() {
        definition = match &*key.text() {
            "inputSchema" => definition.entry("parameters", value.get("json")),
            name => definition.entry(name, value),
        };
    }
    definition.end();
}

/// Reads a result. The id in `ResponseMetadata` is that of an HTTP request, not of an answer, so it is no
/// `gen_ai.response.id`.
fn response(payload: Node<'_>, reading: &mut Reading) {
    if let Some(error) = client_error(payload.get("Error")) {
        reading.fail(error);
    }
    routed(payload, reading);
    if payload.get("usage").is_some() {
        reading.usage = usage(payload.get("usage"));
    }
    let reason = payload.get("stopReason");
    reading.finish_reasons(reason.str().into_iter());
    let message = payload.at(&["output", "message"]);
    if reading.keep.outputs && message.is_object() {
        reading.said(answer(message).stopped(reason.words()));
    }
}

/// The error inside a `ClientError` of `botocore`.
fn client_error(error: Node<'_>) -> Option<WireError> {
    Some(WireError {
        kind: error.get("Code").words()?.into_owned(),
        message: error.get("Message").words().map(Into::into),
    })
}

/// The model that a prompt router chose; otherwise an answer does not say which model it is from.
fn routed(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.response.model", payload.at(&["trace", "promptRouter", "invokedModelId"]));
}

/// Bedrock counts what it reads from the cache and writes to it beside the input, and all of it in the total
/// (user guide, "Prompt caching for faster model inference").
fn usage(usage: Node<'_>) -> Usage {
    let count = |name: &str| tokens_of(usage.get(name));
    let (cache_read, cache_creation) = (count("cacheReadInputTokens"), count("cacheWriteInputTokens"));
    let cached = cache_read.unwrap_or(0).saturating_add(cache_creation.unwrap_or(0));
    Usage {
        input: count("inputTokens").map(|input| input.saturating_add(cached)),
        output: count("outputTokens"),
        total: count("totalTokens"),
        cache_read,
        cache_creation,
        reasoning: None,
    }
}
