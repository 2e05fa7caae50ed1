//! The model vendor: every wire format, the answer chosen by the request alone.
//!
//! The same request gets the same answer, ids and times included, whoever sends it and in whatever
//! language. `answers` has the scenario, decided once; the room of a vendor only reads and renders.
//! `wishes` has what a model's name can ask for (sizes, delays, thoughts), `faults` what can go wrong,
//! `usage` how tokens are counted: each count ends in a digit of its own.
//!
//! # Endpoints
//! - OpenAI: `POST /v1/{chat/completions, responses, completions, embeddings}`, `GET /v1/models`, and
//!   Azure's `/openai/deployments/{model}/...`, `/openai/responses`, `/openai/v1/...`
//! - Anthropic: `POST /v1/messages`, `/v1/messages/count_tokens`
//! - Google: `POST /v1beta/models/{model}:{generateContent, streamGenerateContent, embedContent,
//!   batchEmbedContents, countTokens}`, and Vertex AI's paths, with `predict`
//! - Cohere: `POST /v2/{chat, embed, rerank}`; Mistral: `POST /mistral/v1/{chat/completions, embeddings}`;
//!   Ollama: `POST /api/{chat, generate, embed, embeddings, show}`
//! - Bedrock: `POST /model/{model}/{converse, converse-stream}`, and with Anthropic's messages `invoke` and
//!   `invoke-with-response-stream`
//! - `GET /__requests`: what was received, in order, each with what it was `answered` (the status, then id,
//!   model, finish reasons and usage in the vendor's words, of a stream all its pieces together; `tokens` as
//!   a span says them, where the whole usage was told; or the error). `null` until it is answered.
//!   `POST /__reset`: forgets it, and the counters.
//!
//! # How to point a client here
//! `V` is the vendor's URL, such as `http://127.0.0.1:8080`; any key will do. In Python:
//! - `openai`, and what stands on it (OpenAI Agents SDK, LangChain, Pydantic AI): `base_url=V + "/v1"`, or
//!   `OPENAI_BASE_URL`; `AzureOpenAI(azure_endpoint=V)`. The Agents SDK speaks responses unless
//!   `set_default_openai_api("chat_completions")`, keeps one client for the process (which is bound to the
//!   event loop it first ran on), and wants `set_tracing_disabled(True)`, or it sends its traces to OpenAI.
//!   LangChain's `OpenAIEmbeddings` wants `check_embedding_ctx_length=False`, or it downloads a tokenizer.
//! - `anthropic`, and what stands on it: `base_url=V`, or `ANTHROPIC_BASE_URL`
//!   For Bedrock `AnthropicBedrock(base_url=V)`, with any region and credentials.
//! - `google-genai`, and what stands on it: `Client(http_options={"base_url": V})`, or
//!   `GOOGLE_GEMINI_BASE_URL`; for Vertex AI beside it `vertexai=True` and an `api_key`
//! - `cohere`: `ClientV2(base_url=V)`, or `CO_API_URL`; `mistralai`: `server_url=V + "/mistral"`, in Pydantic
//!   AI `MistralProvider(base_url=V + "/mistral")`; `ollama`: `Client(host=V)`, or `OLLAMA_HOST`;
//!   `huggingface_hub`: `InferenceClient(base_url=V + "/v1")`
//! - `boto3`: `client("bedrock-runtime", endpoint_url=V)`, or `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, with any
//!   region and credentials
//! - `litellm`: `api_base=` `V + "/v1"` for `openai/` (or `OPENAI_BASE_URL`), `V` for `anthropic/` (or
//!   `ANTHROPIC_API_BASE`), `ollama_chat/` and `azure/`, `V + "/v1beta"` for `gemini/`, `V + "/v2/chat"` for
//!   `cohere_chat/` (its streams do not get past the names of events), `V + "/mistral/v1"` for `mistral/`;
//!   `aws_bedrock_runtime_endpoint=V` for `bedrock/converse/`. `LITELLM_LOCAL_MODEL_COST_MAP=True` keeps it
//!   from fetching prices.
//!
//! In JavaScript: `openai` `baseURL: V + "/v1"`; `@anthropic-ai/sdk` `baseURL: V`; `@google/genai`
//! `httpOptions: { baseUrl: V }`; `cohere-ai` `environment: V`; `@mistralai/mistralai`
//! `serverURL: V + "/mistral"`; `ollama` `host: V`; `@aws-sdk/client-bedrock-runtime` `endpoint: V` with
//! `requestHandler: new NodeHttpHandler()` (it speaks HTTP/2 otherwise); the AI SDK's providers `baseURL:`
//! `V + "/v1"` (OpenAI, Anthropic) or `V + "/v1beta"` (Google); `@langchain/openai`
//! `configuration: { baseURL: V + "/v1" }`; `@langchain/anthropic` `anthropicApiUrl: V`; `@openai/agents`
//! `setDefaultOpenAIClient(...)`.

mod account;
mod answers;
mod anthropic;
mod ask;
mod bedrock;
mod body;
mod cohere;
mod dialect;
mod embedding;
mod exchange;
mod failure;
mod faults;
mod google;
mod json;
mod memory;
mod mistral;
mod ollama;
mod openai;
mod pieces;
mod sample;
mod usage;
mod wishes;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use self::failure::Failure;
use self::memory::Memory;
use crate::cors;

/// The vendor with an empty memory.
pub fn routes() -> Router {
    Router::new()
        .merge(openai::routes())
        .merge(anthropic::routes())
        .merge(google::routes())
        .merge(cohere::routes())
        .merge(mistral::routes())
        .merge(ollama::routes())
        .merge(bedrock::routes())
        .route("/__requests", get(requests))
        .route("/__reset", post(reset))
        .fallback(unknown)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(cors::allow))
        .with_state(Memory::default())
}

async fn requests(State(memory): State<Memory>) -> Json<Vec<Value>> {
    Json(memory.requests())
}

async fn reset(State(memory): State<Memory>) -> Json<Value> {
    memory.forget();
    Json(json!({}))
}

async fn unknown(
    State(memory): State<Memory>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let ticket = memory.record(&uri, &headers, &body);
    let (response, told) = exchange::refuse(&openai::DIALECT, &Failure::unknown_url(&method, &uri));
    memory.answered(ticket, told);
    response
}

#[cfg(test)]
mod tests;
