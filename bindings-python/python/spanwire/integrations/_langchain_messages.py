"""What LangChain says of messages, settings and answers, in the neutral format of the core."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Types of LangChain's messages; a chat message has its role with it.
_ROLES = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool", "function": "tool"}

#: Settings of a call, with what the neutral format calls them.
_SETTINGS = {
    "temperature": "temperature",
    "max_tokens": "max_tokens",
    "max_completion_tokens": "max_tokens",
    "top_p": "top_p",
    "top_k": "top_k",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "seed": "seed",
    "tools": "tools",
    "stop": "stop_sequences",
}

#: Blocks of content that stand in `tool_calls` as well.
_CALLS = ("tool_use", "tool_call", "function_call", "tool_call_chunk", "input_json_delta")

#: Names of counts, with what they are called here.
_COUNTS = {"input_tokens": "input_tokens", "output_tokens": "output_tokens", "total_tokens": "total_tokens"}
_INPUT_COUNTS = {"cache_read": "cache_read_input_tokens", "cache_creation": "cache_creation_input_tokens"}
_OUTPUT_COUNTS = {"reasoning": "reasoning_output_tokens"}


def model_of(parameters: dict[str, Any], metadata: dict[str, Any]) -> object:
    """The model of a call; of one that has no name, its kind."""
    named = parameters.get("model") or parameters.get("model_name") or metadata.get("ls_model_name")
    return named or parameters.get("_type")


def request_of(messages: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """A request."""
    settings = {here: parameters[name] for name, here in _SETTINGS.items() if parameters.get(name) is not None}
    return {**settings, "messages": messages_of(messages)}


def messages_of(messages: Any) -> list[Any]:
    """Messages in any way that LangChain takes them."""
    if isinstance(messages, str) or not isinstance(messages, (list, tuple)):
        return [message_of(messages)]
    return [message_of(message) for message in messages]


def message_of(message: Any) -> Any:
    """One message: an object, a pair of role and text, a dictionary, a text."""
    if isinstance(message, str):
        return {"role": "user", "content": message}
    if isinstance(message, (list, tuple)) and len(message) == 2:
        return {"role": _role(str(message[0])), "content": message[1]}
    kind = getattr(message, "type", None)
    content: Any = getattr(message, "content", message)
    if not isinstance(kind, str) or content is message:
        return message
    role = getattr(message, "role", None) or _role(kind)
    if role == "tool":
        identifier = getattr(message, "tool_call_id", None)
        return {"role": role, "tool_call_id": identifier, "content": content}
    calls = [_call(call) for call in getattr(message, "tool_calls", None) or ()]
    return {"role": role, "content": _content(content, calls), **({"tool_calls": calls} if calls else {})}


def _role(kind: str) -> str:
    # A piece of a stream is a class of its own: `AIMessageChunk`.
    name = kind.removesuffix("MessageChunk").lower()
    return _ROLES.get(name, name)


def _call(call: dict[str, Any]) -> dict[str, Any]:
    function = {"name": call.get("name"), "arguments": json.dumps(call.get("args"), ensure_ascii=False)}
    return {"id": call.get("id"), "type": "function", "function": function}


def _content(content: Any, calls: list[Any]) -> Any:
    if not calls or not isinstance(content, list):
        return content
    return [block for block in content if not (isinstance(block, dict) and block.get("type") in _CALLS)]


def response_of(result: Any) -> dict[str, Any]:
    """The answer to a call: an `LLMResult`."""
    generations = result.generations[0]
    output = result.llm_output or {}
    messages = [getattr(generation, "message", None) for generation in generations]
    last = next((message for message in messages if message is not None), None)
    told = {**output, **(getattr(last, "response_metadata", None) or {})}
    response = {
        "output": [
            {"role": "assistant", "content": generation.text} if message is None else message_of(message)
            for generation, message in zip(generations, messages)
        ],
        "model": told.get("model_name") or told.get("model"),
        "id": told.get("id") or _id_of(last),
        "finish_reasons": _reasons(generations),
        "usage": usage_of(getattr(last, "usage_metadata", None) or {}),
    }
    return {name: value for name, value in response.items() if value}


def _id_of(message: Any) -> object:
    """The vendor's id; LangChain makes one where there is none."""
    identifier = getattr(message, "id", None)
    own = isinstance(identifier, str) and not identifier.startswith(("lc_", "run-"))
    return identifier if own else None


def _reasons(generations: Iterable[Any]) -> list[str]:
    found = []
    for generation in generations:
        message = getattr(generation, "message", None)
        told = {**(generation.generation_info or {}), **(getattr(message, "response_metadata", None) or {})}
        reason = next((told[name] for name in ("finish_reason", "stop_reason", "done_reason") if told.get(name)), None)
        if isinstance(reason, str):
            found.append(reason)
    return found


def usage_of(usage: dict[str, Any]) -> dict[str, Any]:
    """Counts of tokens, the cached ones among those of the input; none of an answer out of LangChain's own cache."""
    if usage.get("total_cost") == 0:
        return {}
    counts = {here: usage.get(name) for name, here in _COUNTS.items()}
    inputs = usage.get("input_token_details") or {}
    counts.update({here: inputs.get(name) for name, here in _INPUT_COUNTS.items()})
    # What was written to a cache for five minutes or for an hour stands beside a total of 0.
    written = [count for name, count in inputs.items() if name.startswith("ephemeral_") and isinstance(count, int)]
    if written and not counts["cache_creation_input_tokens"]:
        counts["cache_creation_input_tokens"] = sum(written)
    outputs = usage.get("output_token_details") or {}
    counts.update({here: outputs.get(name) for name, here in _OUTPUT_COUNTS.items()})
    return {name: count for name, count in counts.items() if isinstance(count, int)}


def rest_of(result: Any) -> Iterator[dict[str, Any]]:
    """What of an answer the pieces of its stream have not told: all but its text."""
    response = response_of(result)
    for message in response.pop("output", ()):
        for call in message.get("tool_calls", ()) if isinstance(message, dict) else ():
            yield {"tool_call": {"id": call["id"], **call["function"]}}
    yield response


def input_of(inputs: Any) -> Any:
    """What goes into an agent: its messages, or the one text among its inputs."""
    if isinstance(inputs, dict):
        for name in ("messages", "input"):
            if name in inputs:
                return messages_of(inputs[name])
        return None
    return messages_of(inputs) if isinstance(inputs, (str, list)) else None


def output_of(outputs: Any) -> Any:
    """What comes out of an agent: the last message, or its text."""
    if isinstance(outputs, dict):
        messages = outputs.get("messages")
        if isinstance(messages, (list, tuple)) and messages:
            last = message_of(messages[-1])
            return [last] if isinstance(last, dict) and last.get("role") == "assistant" else None
        return outputs.get("output")
    return outputs if isinstance(outputs, str) else None
