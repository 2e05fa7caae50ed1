"""Messages of Pydantic AI as the neutral format has them, for models whose client is not known here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    Part = dict[str, Any]
    Message = dict[str, Any]

#: Members of the library's settings that calls of the API have by the same names.
_SETTINGS = ("max_tokens", "temperature", "top_p", "top_k", "seed", "presence_penalty", "frequency_penalty", "stop_sequences")

#: Members of the library's usage, and what the API calls them.
_USAGE = {
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "cache_read_tokens": "cache_read_input_tokens",
    "cache_write_tokens": "cache_creation_input_tokens",
    "output_reasoning_tokens": "reasoning_output_tokens",
}


def request_of(context: Any) -> dict[str, Any]:
    """What goes to a model."""
    settings, parameters = context.model_settings or {}, context.model_request_parameters
    return {
        "model": context.model.model_name,
        **{name: settings[name] for name in _SETTINGS if name in settings},
        "messages": [message for each in context.messages for message in _messages(each)],
        "system_instructions": [_text(part.content) for part in parameters.instruction_parts or ()],
        "tools": [_tool(tool) for tool in (*parameters.function_tools, *parameters.output_tools)],
    }


def response_of(response: Any) -> dict[str, Any]:
    """What a model answers. Its own reason for the end goes before the library's word for it.

    A count of nothing is one that it does not know."""
    details = response.provider_details or {}
    counts = {name: getattr(response.usage, own, None) for own, name in _USAGE.items()}
    return {
        "model": response.model_name,
        "id": response.provider_response_id,
        "finish_reasons": details.get("finish_reason") or response.finish_reason,
        "usage": {name: count for name, count in counts.items() if count},
        "output": _messages(response),
    }


def input_of(prompt: Any) -> list[Message]:
    """What a run begins with."""
    return [{"role": "user", "parts": _content(prompt)}]


def output_of(output: Any) -> list[Message]:
    """What a run ends with: structure as JSON text."""
    text = output if isinstance(output, str) else to_json(output, serialize_unknown=True).decode()
    return [{"role": "assistant", "parts": [_text(text)]}]


def _tool(tool: Any) -> dict[str, Any]:
    definition = {"name": tool.name, "description": tool.description, "parameters": tool.parameters_json_schema}
    return {"type": "function", **{name: value for name, value in definition.items() if value is not None}}


def _messages(message: Any) -> list[Message]:
    if message.kind == "response":
        return [{"role": "assistant", "parts": [part for each in message.parts for part in _answered(each)]}]
    return [asked for part in message.parts for asked in _asked(part)]


def _asked(part: Any) -> Iterable[Message]:
    """A part of a request is a message of its own; what only tells models of changes is none."""
    kind = part.part_kind
    if kind == "system-prompt":
        yield {"role": "system", "parts": [_text(part.content)]}
    elif kind == "user-prompt":
        yield {"role": "user", "parts": _content(part.content)}
    elif kind == "tool-return" or (kind == "retry-prompt" and part.tool_name is not None):
        yield {"role": "tool", "parts": [_returned(part)]}
    elif kind in ("retry-prompt", "retry-feedback"):
        text = part.content if isinstance(part.content, str) else to_json(part.content, serialize_unknown=True).decode()
        yield {"role": "user", "parts": [_text(text)]}


def _answered(part: Any) -> Iterable[Part]:
    kind = part.part_kind
    if kind in ("tool-call", "builtin-tool-call"):
        yield {"type": "tool_call", "id": part.tool_call_id, "name": part.tool_name, "arguments": part.args}
    elif kind == "builtin-tool-return":
        yield _returned(part)
    elif kind == "thinking":
        yield {"type": "reasoning", "content": part.content}
    elif kind == "file":
        yield from _content([part.content])
    elif kind == "speech":
        yield _text(part.transcript or "")
    elif isinstance(getattr(part, "content", None), str):
        yield _text(part.content)


def _returned(part: Any) -> Part:
    """What a tool gave; of one that did not, what the model is told."""
    is_fine = getattr(part, "outcome", "success") == "success"
    result = part.content if is_fine else part.model_response_str()
    return {"type": "tool_call_response", "id": part.tool_call_id, "result": result}


def _text(text: str) -> Part:
    return {"type": "text", "content": text}


def _content(content: Any) -> list[Part]:
    """What a user says. Of data only its size is read."""
    if isinstance(content, str):
        return [_text(content)]
    return [part for item in content for part in _item(item)]


def _item(item: Any) -> Iterable[Part]:
    if isinstance(item, str):
        yield _text(item)
        return
    kind = item.kind
    if kind in ("image-url", "audio-url", "video-url", "document-url"):
        yield {"type": "uri", "modality": kind.removesuffix("-url"), "uri": item.url}
    elif kind == "binary":
        yield {"type": "blob", "mime_type": item.media_type, "content": item.data}
    elif kind == "uploaded-file":
        yield {"type": "file", "file_id": item.file_id}
    elif isinstance(getattr(item, "content", None), str):
        yield _text(item.content)
