//! Payloads as the vendors' references and SDKs show them, and the format each is in.

use super::{agreed, by_path, chunk, request, response};
use crate::{
    json::{Doc, Node},
    vendors::Format::{self, *},
};

type Recognise = fn(Node<'_>) -> Option<Format>;

fn check(recognise: Recognise, table: &[(&str, Format)]) {
    for (text, format) in table {
        let doc = Doc::parse(text.as_bytes()).unwrap();
        assert_eq!(recognise(doc.root()), Some(*format), "{text}");
    }
}

const HI: &str = r#""messages":[{"role":"user","content":"Hi"}]"#;

#[test]
fn requests() {
    let with_hi = |rest: &str| format!("{{{HI},{rest}}}");
    let chat: &[(&str, Format)] = &[
        (r#""model":"gpt-4o","max_tokens":9"#, OpenAiChat),
        (r#""model":"deepseek-chat","tools":[{"type":"function","function":{"name":"f"}}]"#, OpenAiChat),
        (r#""model":"anthropic/claude-sonnet-4","max_tokens":9"#, OpenAiChat),
        (r#""model":"deepseek-v3.1","thinking":{"type":"enabled"}"#, OpenAiChat),
        (r#""model":"claude-sonnet-4-5","max_tokens":1024"#, AnthropicMessages),
        (r#""model":"m","max_tokens":1024,"system":"Be brief.""#, AnthropicMessages),
        (r#""anthropic_version":"bedrock-2023-05-31","max_tokens":9"#, AnthropicMessages),
        (r#""model":"m","thinking":{"type":"enabled","budget_tokens":1024}"#, AnthropicMessages),
        (r#""model":"m","tools":[{"name":"f","input_schema":{"type":"object"}}]"#, AnthropicMessages),
        (r#""model":"command-a-03-2025","safety_mode":"STRICT""#, CohereChat),
        (r#""model":"command-a-03-2025","documents":["a"]"#, CohereChat),
        (r#""model":"command-a-03-2025","p":0.9,"k":5"#, CohereChat),
        (r#""model":"command-a-reasoning","thinking":{"type":"enabled","token_budget":9}"#, CohereChat),
        (r#""model":"mistral-large-latest","random_seed":7"#, MistralChat),
        (r#""model":"mistral-large-latest","safe_prompt":true"#, MistralChat),
        (r#""model":"llama3.2","options":{"temperature":0}"#, OllamaChat),
        (r#""model":"qwen3","think":true"#, OllamaChat),
        (r#""inferenceConfig":{"maxTokens":9}"#, BedrockConverse),
        (r#""modelId":"amazon.nova-lite-v1:0""#, BedrockConverse),
        (r#""model":"m","system_instructions":"Be brief.""#, Neutral),
        (r#""model":"m","provider":"example""#, Neutral),
        (r#""model":"m","provider":{"order":["azure"]}"#, OpenAiChat),
    ];
    for (rest, format) in chat {
        check(request, &[(&with_hi(rest), *format)]);
    }
    check(
        request,
        &[
            (r#"{"model":"gpt-3.5-turbo-instruct","prompt":"Say"}"#, OpenAiChat),
            (r#"{"model":"gpt-5","input":"Hi"}"#, OpenAiResponses),
            (r#"{"model":"gpt-5","input":[{"role":"user","content":"Hi"}]}"#, OpenAiResponses),
            (r#"{"model":"gpt-5","previous_response_id":"resp_1","input":"Hi"}"#, OpenAiResponses),
            (r#"{"model":"gpt-5","instructions":"Be brief.","input":"Hi"}"#, OpenAiResponses),
            (r#"{"prompt":{"id":"pmpt_1","version":"2"}}"#, OpenAiResponses),
            (r#"{"model":"text-embedding-3-small","input":"Hi"}"#, OpenAiEmbeddings),
            (r#"{"model":"voyage-3","input":["a","b"],"input_type":"document"}"#, OpenAiEmbeddings),
            (r#"{"model":"ada","input":[1,2,3]}"#, OpenAiEmbeddings),
            (r#"{"model":"ada","input":"a","encoding_format":"base64"}"#, OpenAiEmbeddings),
            (r#"{"model":"embed-v4.0","texts":["a"],"input_type":"search_query"}"#, CohereEmbed),
            (r#"{"model":"rerank-v3.5","query":"q","documents":["a"]}"#, CohereRerank),
            (r#"{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}"#, GoogleGenerateContent),
            (r#"{"model":"gemini-2.5-flash","contents":"Hi","config":{}}"#, GoogleGenerateContent),
            (r#"{"content":{"parts":[{"text":"Hi"}]},"taskType":"RETRIEVAL_QUERY"}"#, GoogleEmbedContent),
            (r#"{"requests":[{"model":"m","content":{"parts":[{"text":"Hi"}]}}]}"#, GoogleEmbedContent),
            (
                r#"{"instances":[{"content":"Hi","task_type":"CLUSTERING"}],"parameters":{}}"#,
                GoogleEmbedContent,
            ),
            (r#"{"model":"llama3.2","prompt":"Why?","options":{"seed":1}}"#, OllamaChat),
            (r#"{"model":"all-minilm","input":["a"],"truncate":true}"#, OllamaEmbed),
            (r#"{"model":"m","provider":"example","input":"Hi"}"#, Neutral),
        ],
    );
}

#[test]
fn requests_by_what_stands_in_their_messages() {
    for (message, format) in [
        (r#"{"role":"user","content":[{"type":"text","text":"Hi"}]}"#, OpenAiChat),
        (r#"{"role":"user","content":[{"text":"Hi"}]}"#, BedrockConverse),
        (
            r#"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"1"}]}"#,
            AnthropicMessages,
        ),
        (
            r#"{"role":"user","content":[{"type":"image","source":{"type":"url","url":"u"}}]}"#,
            AnthropicMessages,
        ),
        (r#"{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}"#, OpenAiChat),
        (r#"{"role":"user","content":[{"type":"image_url","image_url":"u"}]}"#, MistralChat),
        (r#"{"role":"user","content":"What is this?","images":["aGk="]}"#, OllamaChat),
        (r#"{"role":"tool","tool_name":"f","content":"1"}"#, OllamaChat),
        (r#"{"role":"assistant","tool_plan":"I will look","tool_calls":[]}"#, CohereChat),
        (r#"{"role":"user","parts":[{"type":"text","content":"Hi"}]}"#, Neutral),
    ] {
        check(request, &[(&format!(r#"{{"model":"m","messages":[{message}]}}"#), format)]);
    }
}

#[test]
fn answers() {
    check(
        response,
        &[
            (r#"{"id":"1","object":"chat.completion","choices":[{"index":0}]}"#, OpenAiChat),
            (r#"{"id":"1","choices":null}"#, OpenAiChat),
            (r#"{"id":"resp_1","object":"response","status":"completed","output":[]}"#, OpenAiResponses),
            (r#"{"id":"1","output":[{"type":"message","role":"assistant"}]}"#, OpenAiResponses),
            (r#"{"object":"list","data":[{"object":"embedding","embedding":[0.1]}]}"#, OpenAiEmbeddings),
            (r#"{"id":"msg_1","type":"message","role":"assistant","content":[]}"#, AnthropicMessages),
            (r#"{"content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"}"#, AnthropicMessages),
            (r#"{"candidates":[{"content":{"parts":[]}}],"usageMetadata":{}}"#, GoogleGenerateContent),
            (r#"{"candidates":null,"usage_metadata":{"prompt_token_count":1}}"#, GoogleGenerateContent),
            (r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#, GoogleGenerateContent),
            (r#"{"embedding":{"values":[0.1]}}"#, GoogleEmbedContent),
            (r#"{"embeddings":[{"values":[0.1]}]}"#, GoogleEmbedContent),
            (
                r#"{"embedding":{"values":[0.1]},"usageMetadata":{"promptTokenCount":7,"totalTokenCount":7}}"#,
                GoogleEmbedContent,
            ),
            (
                r#"{"predictions":[{"embeddings":{"statistics":{"token_count":8},"values":[0.1]}}]}"#,
                GoogleEmbedContent,
            ),
            (
                r#"{"id":"1","finish_reason":"COMPLETE","message":{"role":"assistant","content":[]},
                   "usage":{"billed_units":{"input_tokens":1}}}"#,
                CohereChat,
            ),
            (
                r#"{"id":"1","embeddings":{"float":[[0.1]]},"response_type":"embeddings_by_type"}"#,
                CohereEmbed,
            ),
            (r#"{"results":[{"index":0,"relevance_score":0.9}]}"#, CohereRerank),
            (r#"{"output":{"message":{"role":"assistant"}},"stopReason":"end_turn"}"#, BedrockConverse),
            (r#"{"model":"llama3.2","message":{"role":"assistant"},"done":true}"#, OllamaChat),
            (r#"{"model":"llama3.2","response":"Hi","done":false}"#, OllamaChat),
            (r#"{"model":"all-minilm","embeddings":[[0.1]],"prompt_eval_count":1}"#, OllamaChat),
            (r#"{"embedding":[0.1]}"#, OllamaEmbed),
            (r#"{"output":"Hi","usage":{"input_tokens":1}}"#, Neutral),
            (r#"{"messages":[{"role":"assistant","content":"Hi"}]}"#, Neutral),
        ],
    );
}

#[test]
fn pieces() {
    check(
        chunk,
        &[
            (r#"{"id":"","choices":[],"prompt_filter_results":[]}"#, OpenAiChat),
            (r#"{"type":"response.created","response":{"id":"resp_1"}}"#, OpenAiResponses),
            (r#"{"type":"response.output_text.delta","delta":"Hi"}"#, OpenAiResponses),
            (r#"{"type":"message_start","message":{"type":"message"}}"#, AnthropicMessages),
            (r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta"}}"#, AnthropicMessages),
            (r#"{"type":"ping"}"#, AnthropicMessages),
            (r#"{"type":"message-start","id":"1","delta":{"message":{}}}"#, CohereChat),
            (r#"{"type":"content-delta","index":0,"delta":{}}"#, CohereChat),
            (r#"{"type":"tool-plan-delta","delta":{}}"#, CohereChat),
            (r#"{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}"#, GoogleGenerateContent),
            (r#"{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"Hi"}}}"#, BedrockConverse),
            (r#"{"contentBlockIndex":0,"delta":{"text":"Hi"}}"#, BedrockConverse),
            (r#"{"metadata":{"usage":{"inputTokens":1},"metrics":{"latencyMs":1}}}"#, BedrockConverse),
            (r#"{"model":"llama3.2","message":{"content":"Hi"},"done":false}"#, OllamaChat),
        ],
    );
}

#[test]
fn nothing_in_particular_is_no_format() {
    for text in ["{}", "[]", "null", "5", r#""text""#, r#"{"model":"m"}"#, r#"{"error":{"type":"t"}}"#] {
        let doc = Doc::parse(text.as_bytes()).unwrap();
        for recognise in [request, response, chunk] as [Recognise; 3] {
            assert_eq!(recognise(doc.root()), None, "{text}");
        }
    }
}

#[test]
fn an_answer_knows_better_but_for_mistral() {
    assert_eq!(agreed(Some(OpenAiChat), Some(AnthropicMessages)), Some(AnthropicMessages));
    assert_eq!(agreed(Some(MistralChat), Some(OpenAiChat)), Some(MistralChat));
    assert_eq!(agreed(Some(OpenAiChat), None), Some(OpenAiChat));
    assert_eq!(agreed(None, None), None);
}

#[test]
fn endpoints() {
    for (url, format) in [
        ("https://api.openai.com/v1/chat/completions", OpenAiChat),
        (
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
            OpenAiChat,
        ),
        ("/v1/completions", OpenAiChat),
        ("https://openrouter.ai/api/v1/chat/completions", OpenAiChat),
        ("https://api.openai.com/v1/responses", OpenAiResponses),
        ("/v1/responses/", OpenAiResponses),
        ("https://api.openai.com/v1/embeddings", OpenAiEmbeddings),
        ("https://api.anthropic.com/v1/messages?beta=true", AnthropicMessages),
        (
            "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4:streamRawPredict",
            AnthropicMessages,
        ),
        (
            "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-sonnet-4-v1:0/invoke",
            AnthropicMessages,
        ),
        (
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
            GoogleGenerateContent,
        ),
        ("/v1beta/models/gemini-embedding-001:batchEmbedContents", GoogleEmbedContent),
        ("https://api.cohere.com/v2/chat", CohereChat),
        ("https://api.cohere.com/v2/embed", CohereEmbed),
        ("https://api.cohere.com/v2/rerank", CohereRerank),
        ("https://api.mistral.ai/v1/chat/completions", MistralChat),
        ("https://codestral.mistral.ai/v1/fim/completions", MistralChat),
        ("/model/amazon.nova-lite-v1:0/converse-stream", BedrockConverse),
        ("http://localhost:11434/api/chat", OllamaChat),
        ("http://localhost:11434/api/embed", OllamaEmbed),
        ("http://localhost:11434/api/embeddings", OllamaEmbed),
    ] {
        assert_eq!(by_path(url), Some(format), "{url}");
    }
    for other in ["/v1/models", "/v1/messages/count_tokens", "/model/meta.llama3/invoke", "/", ""] {
        assert_eq!(by_path(other), None, "{other}");
    }
}
