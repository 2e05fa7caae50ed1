"""What the spans of the OpenAI Agents SDK hold: for models that no client which is known here is below."""

from __future__ import annotations

from typing import Any


def request_of(data: Any) -> tuple[dict[str, Any], str]:
    """What a model was asked, and in which format that is told."""
    response = getattr(data, "response", None)
    if data.type == "response":
        request = {"model": getattr(response, "model", None), "input": data.input}
        return {name: value for name, value in request.items() if value is not None}, "openai_responses"
    request = {"model": data.model, "messages": data.input}
    return {name: value for name, value in request.items() if value is not None}, "neutral"


def answer_of(data: Any) -> Any:
    """What a model answered."""
    if data.type == "response":
        return data.response
    answer = {"output": data.output, "usage": data.usage}
    return {name: value for name, value in answer.items() if value} or None


def text_of(data: Any) -> str | None:
    """The words of an answer."""
    response = getattr(data, "response", None)
    if response is not None:
        return "".join(_texts(getattr(response, "output", None))) or None
    return "".join(_texts(getattr(data, "output", None))) or None


def _texts(items: Any) -> list[str]:
    """The texts of items and of messages, which are objects in one place and dictionaries in another."""
    found: list[str] = []
    for item in items if isinstance(items, list) else ():
        content = _member(item, "content")
        if isinstance(content, str):
            found.append(content)
        elif isinstance(content, list):
            texts = [_member(part, "text") for part in content]
            found += [text for text in texts if isinstance(text, str)]
        else:
            # A whole response, as streamed chat completions are told.
            found += _texts(_member(item, "output"))
    return found


def _member(value: Any, name: str) -> Any:
    # A model of pydantic looks long for what it has not.
    members = value if isinstance(value, dict) else getattr(value, "__dict__", {})
    return members.get(name)
