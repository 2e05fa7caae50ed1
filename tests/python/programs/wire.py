"""Spans held against what went over the wire, as the vendor server tells it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

#: Members of a request's body, and the attributes that say the same.
PARAMETERS = {
    "max_tokens": "gen_ai.request.max_tokens",
    "max_completion_tokens": "gen_ai.request.max_tokens",
    "max_output_tokens": "gen_ai.request.max_tokens",
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "frequency_penalty": "gen_ai.request.frequency_penalty",
    "presence_penalty": "gen_ai.request.presence_penalty",
    "seed": "gen_ai.request.seed",
    "maxOutputTokens": "gen_ai.request.max_tokens",
    "topP": "gen_ai.request.top_p",
    "topK": "gen_ai.request.top_k",
    "stopSequences": "gen_ai.request.stop_sequences",
}

#: Members of a request's body that are what is asked; the last of a list went in last.
INPUTS = ("messages", "input", "prompt", "contents", "requests", "instances")

#: Members of a request's body that are content.
CONTENT = (
    *("messages", "input", "prompt", "instructions", "system"),
    *("contents", "systemInstruction", "requests", "instances"),
)

#: Parts of paths that only one provider has.
PROVIDERS = {
    "/mistral/": "mistral_ai",
    "/v1/messages": "anthropic",
    "/v1beta/models/": "gcp.gemini",
    "/publishers/google/models/": "gcp.vertex_ai",
    "/v1beta1/projects/": "gcp.vertex_ai",
    "/v2/": "cohere",
    "/api/chat": "ollama",
    "/converse": "aws.bedrock",
    "/v1/chat/completions": "openai",
    "/v1/responses": "openai",
    "/v1/embeddings": "openai",
}

#: Google's methods that embed: their answers have no id.
EMBEDDINGS = (":embedContent", ":batchEmbedContents", ":predict")

COUNTS = {
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "total_tokens": "gen_ai.usage.total_tokens",
    "cache_read_input_tokens": "gen_ai.usage.cache_read.input_tokens",
    "cache_creation_input_tokens": "gen_ai.usage.cache_creation.input_tokens",
    "reasoning_output_tokens": "gen_ai.usage.reasoning.output_tokens",
}


def findings(spans: list[dict[str, Any]], requests: list[dict[str, Any]]) -> list[str]:
    """What the spans of a program say wrongly of its requests, or do not say."""
    asked = [span for span in spans if is_request(span)]
    found: list[str] = []
    for request in requests:
        answered = request["answered"] or {}
        identifier = answered.get("id")
        # One of the methods asks models of every sort.
        is_embedded = is_google(request, EMBEDDINGS) and "embedding" in str(answered.get("model"))
        if answered.get("status") != 200 or not (identifier or is_embedded):
            continue
        key, value = ("response.id", identifier) if identifier else ("request.model", model_of(request))
        fitting = [span for span in asked if span["attributes"].get(f"gen_ai.{key}") == value]
        # Equal requests get equal answers, so several spans may fit; each of them must. An answer that the
        # program never read has no span that knows it.
        if not fitting and not any(is_unread(span, request) for span in asked):
            found.append(f"no span has the response {identifier}")
        each = [[f"{one['name']}: {finding}" for finding in differences(one["attributes"], request)] for one in fitting]
        # Without an id, one of those that asked the model is meant.
        for one in each if identifier else each[:1] if all(each) else []:
            found += one
    return found + [finding for span in spans if is_agent(span) for finding in wrong_sums(span, spans)]


def is_agent(span: dict[str, Any]) -> bool:
    return span["attributes"].get("gen_ai.operation.name") == "invoke_agent"


def counted(attributes: dict[str, Any], key: str) -> int | None:
    """What a request adds to its agent: to the total, where it says none, what it says of its halves."""
    if key != COUNTS["total_tokens"] or key in attributes:
        return attributes.get(key)
    halves = [attributes[COUNTS[half]] for half in ("input_tokens", "output_tokens") if COUNTS[half] in attributes]
    return sum(halves) if halves else None


def wrong_sums(agent: dict[str, Any], spans: list[dict[str, Any]]) -> Iterator[str]:
    """Where an agent says another usage than its own requests do, without those of the agents below it."""
    own, below = [], [agent["span_id"]]
    while below:
        parent = below.pop()
        for span in spans:
            if span.get("parent_span_id") == parent and not is_agent(span):
                below.append(span["span_id"])
                own += [span["attributes"]] if is_request(span) else []
    for key in COUNTS.values():
        counts = [count for attributes in own if (count := counted(attributes, key)) is not None]
        if agent["attributes"].get(key, 0) != sum(counts):
            yield f"{agent['name']}: {key} is {agent['attributes'].get(key)}, of its requests it is {sum(counts)}"


def is_request(span: dict[str, Any]) -> bool:
    return span["attributes"].get("gen_ai.operation.type") == "ai_client"


def is_unread(span: dict[str, Any], request: dict[str, Any]) -> bool:
    """Whether the tree says of a span that nothing came, where the request is its own."""
    attributes = span["attributes"]
    model = attributes.get("gen_ai.request.model")
    return "gen_ai.response.id" not in attributes and model == model_of(request)


def is_google(request: dict[str, Any], methods: tuple[str, ...]) -> bool:
    """Whether a request is one of these methods of Google's."""
    return str(request["path"].partition("?")[0]).endswith(methods)


def model_of(request: dict[str, Any]) -> Any:
    """The model that was asked; Google has it in the path, before the method."""
    in_path = re.search(r"([^/:]+):[A-Za-z]+$", request["path"].partition("?")[0])
    return in_path[1] if in_path else (request["body"] or {}).get("model")


def differences(attributes: dict[str, Any], request: dict[str, Any]) -> Iterator[str]:
    """Where a span says another thing than its request and its answer."""
    body, answered = request["body"] or {}, request["answered"]
    # Cohere does not say which model answered.
    expected: dict[str, Any] = {"gen_ai.response.model": answered["model"] or attributes.get("gen_ai.request.model")}
    provider = next((name for part, name in PROVIDERS.items() if part in request["path"]), None)
    if provider is not None:
        expected["gen_ai.provider.name"] = provider
    model = model_of(request)
    if model is not None:
        expected["gen_ai.request.model"] = model
    settings = {**body, **(body.get("generationConfig") or {})}
    for name, key in PARAMETERS.items():
        if settings.get(name) is not None:
            expected[key] = str(settings[name]) if name == "seed" else settings[name]
    is_embedding = is_google(request, EMBEDDINGS)
    # A stream that was broken off knows no more than what had come.
    if "gen_ai.response.finish_reasons" in attributes or is_embedding:
        reasons = answered["finish_reasons"]
        # Why an answer of OpenAI's is incomplete stands elsewhere in it.
        if reasons != ["incomplete"] and not is_embedding:
            expected["gen_ai.response.finish_reasons"] = reasons[0] if len(reasons) == 1 else json.dumps(reasons)
        is_streamed = body.get("stream") or is_google(request, (":streamGenerateContent",))
        # Where Google's models refuse, nothing comes but the reason.
        if is_streamed and reasons != ["SAFETY"] and "gen_ai.response.time_to_first_chunk" not in attributes:
            yield "a stream without its first chunk"
        tokens = answered.get("tokens") or {}
        for name, count in {name: tokens[name] for name in tokens if not is_embedding or name == "input_tokens"}.items():
            # A part of nothing may be left out on the wire.
            if count or name in ("input_tokens", "output_tokens") or COUNTS[name] in attributes:
                expected[COUNTS[name]] = count
    for key, value in expected.items():
        said = attributes.get(key)
        if said != value and not (key.endswith("finish_reasons") and same_list(said, value)):
            yield f"{key} is {said!r}, on the wire it was {value!r}"
    last = last_message(body)
    # What the system says last is an instruction all the same.
    is_instruction = isinstance(last, dict) and last.get("role") in ("system", "developer")
    keys = ("gen_ai.system_instructions",) if is_instruction else ("gen_ai.input.messages", "gen_ai.embeddings.input")
    inputs = "".join(str(attributes.get(key, "")) for key in keys)
    for text in texts_of(last):
        if json.dumps(text)[1:-1] not in inputs and text not in inputs:
            yield f"the input does not have {text!r}"


def same_list(said: Any, expected: str) -> bool:
    try:
        return bool(json.loads(said) == json.loads(expected))
    except (TypeError, ValueError):
        return False


def last_message(body: dict[str, Any]) -> Any:
    """What went in last: a text, or the last message of a list."""
    value = next((body[name] for name in INPUTS if name in body), None)
    return value[-1] if isinstance(value, list) and value else value


def texts_of(value: Any) -> Iterator[str]:
    """The texts of a message."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for name in ("content", "text", "parts", "output", "functionResponse", "response", "result"):
            if name in value:
                yield from texts_of(value[name])


def content_of(requests: list[dict[str, Any]]) -> set[str]:
    """Every text that programs sent as content and that no envelope may hold without leave."""
    texts: set[str] = set()
    for request in requests:
        body = request["body"] if isinstance(request["body"], dict) else {}
        for name in CONTENT:
            value = body.get(name)
            for text in texts_of(value):
                texts.add(text)
    # Words that stand in attributes anyway say nothing.
    return {text for text in texts if len(text) > 8}
