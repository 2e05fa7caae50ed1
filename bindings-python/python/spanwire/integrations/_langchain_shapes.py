"""What LangChain says of messages, requests and answers, in the neutral format of the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Names of a model's settings, as its many integrations call them, and as the API does.
_SETTINGS = {
    "max_completion_tokens": "max_tokens",
    "max_output_tokens": "max_tokens",
    "max_tokens": "max_tokens",
    "temperature": "temperature",
    "top_p": "top_p",
    "top_k": "top_k",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
    "seed": "seed",
    "stop": "stop_sequences",
    "tools": "tools",
}

#: Details of `usage_metadata`, and the counts that they are.
_DETAILS = (
    ("input_token_details", "cache_read", "cache_read_input_tokens"),
    ("input_token_details", "cache_creation", "cache_creation_input_tokens"),
    ("output_token_details", "reasoning", "reasoning_output_tokens"),
)

#: What LangChain makes up where a vendor gave no id.
_OWN_IDS = ("lc_", "run-")


def settings(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a request."""
    found = ((name, parameters.get(theirs)) for theirs, name in _SETTINGS.items())
    return {name: value for name, value in found if value is not None}


def model_of(parameters: Mapping[str, Any], metadata: Mapping[str, Any]) -> str | None:
    """The model that is asked; of one that has no name, what it is."""
    names = [parameters.get(name) for name in ("model", "model_name", "model_id")]
    names += [metadata.get("ls_model_name"), parameters.get("_type")]
    return next((name for name in names if isinstance(name, str)), None)


def message(given: Any) -> Any:
    """A message; what is none is left as it is."""
    role = getattr(given, "type", None)
    if not isinstance(role, str) or not hasattr(given, "content"):
        # `("user", "Hi")` is a message too.
        is_pair = isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], str)
        return {"role": given[0], "content": given[1]} if is_pair else given
    calls = [*(getattr(given, "tool_calls", None) or ()), *(getattr(given, "invalid_tool_calls", None) or ())]
    said: dict[str, Any] = {"role": getattr(given, "role", role), "content": _content(given.content, calls) or None}
    if calls:
        said["tool_calls"] = [{name: call.get(name) for name in ("id", "name", "args")} for call in calls]
    for name in ("tool_call_id", "name"):
        if getattr(given, name, None) is not None:
            said[name] = getattr(given, name)
    return said


def messages(given: Any) -> Any:
    """A list of messages, one message, or a text."""
    return [message(one) for one in given] if isinstance(given, list) else message(given)


def _content(content: Any, calls: Iterable[Mapping[str, Any]]) -> Any:
    """A content without the calls that LangChain lists beside it."""
    if not isinstance(content, list):
        return content
    known = {call.get("id") for call in calls} - {None}
    return [
        part
        for part in content
        if not (isinstance(part, dict) and (part.get("id") in known or part.get("call_id") in known))
        and not (isinstance(part, dict) and part.get("type") == "input_json_delta")
        and part != ""
    ]


def answer(result: Any) -> dict[str, Any]:
    """The response of an `LLMResult`."""
    generation = result.generations[0][0]
    said = getattr(generation, "message", None)
    described = {**(getattr(generation, "generation_info", None) or {}), **(getattr(said, "response_metadata", None) or {})}
    identifiers = ((result.llm_output or {}).get("id"), described.get("id"), getattr(said, "id", None))
    return {
        "output": generation.text if said is None else message(said),
        "model": _first(described, "model_name", "model", "model_id"),
        "id": next((one for one in identifiers if isinstance(one, str) and not one.startswith(_OWN_IDS)), None),
        "finish_reasons": _first(described, "finish_reason", "stop_reason", "stopReason", "done_reason"),
        "usage": usage(getattr(said, "usage_metadata", None)),
    }


def _first(described: Mapping[str, Any], *names: str) -> Any:
    return next((described[name] for name in names if isinstance(described.get(name), str)), None)


def usage(metadata: Any) -> dict[str, Any] | None:
    """Token counts of a message's `usage_metadata`."""
    if not isinstance(metadata, dict):
        return None
    counts = {name: metadata.get(name) for name in ("input_tokens", "output_tokens", "total_tokens")}
    for details, name, count in _DETAILS:
        counts[count] = (metadata.get(details) or {}).get(name)
    # Of what is written for some minutes only, the sum may stand as 0 beside its parts.
    written = metadata.get("input_token_details") or {}
    parts = [value for name, value in written.items() if name.startswith("ephemeral_") and isinstance(value, int)]
    if parts:
        counts["cache_creation_input_tokens"] = max(sum(parts), counts["cache_creation_input_tokens"] or 0)
    return counts


def pieces(token: Any, chunk: Any) -> Iterator[dict[str, Any]]:
    """One piece of a stream."""
    said = getattr(chunk, "message", None)
    content = token if said is None else said.content
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, str):
            if part:
                yield {"text": part}
        elif isinstance(part, dict):
            for name, sort in (("text", "text"), ("thinking", "reasoning"), ("reasoning", "reasoning")):
                if isinstance(part.get(name), str) and part[name]:
                    yield {sort: part[name]}
    for call in getattr(said, "tool_call_chunks", None) or ():
        yield {"tool_call": {"index": call.get("index"), "id": call.get("id"), "name": call.get("name"),
                             "arguments": call.get("args")}}


def turn(state: Any) -> Any:
    """What goes into a graph: its messages, or all of its state."""
    if isinstance(state, dict):
        for name in ("messages", "input"):
            if state.get(name):
                return messages(state[name])
    return None if state is None else messages(state)


def result(output: Any) -> Any:
    """What a tool gave back."""
    return output.content if hasattr(output, "content") else output


def outcome(state: Any) -> Any:
    """What comes out of a graph: its last message, as the others were there before, or all of its state."""
    if isinstance(state, dict):
        if isinstance(state.get("messages"), list) and state["messages"]:
            return message(state["messages"][-1])
        if "output" in state:
            return message(state["output"])
    return None if state is None else message(state)
