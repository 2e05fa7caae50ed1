"""The calls for one request to a model; all of them are `ai_request` with an operation.

Each takes, by name: `provider`, `messages`, `input`, `system_instructions`, `tools`, `max_tokens`, `temperature`,
`top_p`, `top_k`, `frequency_penalty`, `presence_penalty`, `seed`, `stop_sequences`, `reasoning_level`,
`conversation_id`, `attributes` and `parent`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._calls import begin
from ._context import CURRENT

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._arguments import Request
    from ._span import Span


def ai_request(operation: str, model: str | None = None, **arguments: Unpack[Request]) -> Span:
    """One request to a model: `operation` is the name of one of the calls below.

    Raises:
        ValueError: there is no such operation.
    """
    return begin("ai_request", model, arguments.pop("parent", CURRENT), arguments, operation)


def chat(model: str, **arguments: Unpack[Request]) -> Span:
    """One request to a chat model. `messages`: a text, or a list of `{role, content}` or `{role, parts}`."""
    return begin("chat", model, arguments.pop("parent", CURRENT), arguments)


def generate_content(model: str, **arguments: Unpack[Request]) -> Span:
    """One request to a model that generates content of any sort."""
    return begin("generate_content", model, arguments.pop("parent", CURRENT), arguments)


def text_completion(model: str, **arguments: Unpack[Request]) -> Span:
    """One request that completes a text."""
    return begin("text_completion", model, arguments.pop("parent", CURRENT), arguments)


def responses(model: str, **arguments: Unpack[Request]) -> Span:
    """One request to an API of responses."""
    return begin("responses", model, arguments.pop("parent", CURRENT), arguments)


def embeddings(model: str, **arguments: Unpack[Request]) -> Span:
    """One request for the embeddings of texts: `input`."""
    return begin("embeddings", model, arguments.pop("parent", CURRENT), arguments)


def rerank(model: str, **arguments: Unpack[Request]) -> Span:
    """One request that puts documents in order."""
    return begin("rerank", model, arguments.pop("parent", CURRENT), arguments)
