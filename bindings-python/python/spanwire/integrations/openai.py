"""OpenAI's Python library, 1 to 3: chat completions, responses, embeddings and text completions.

Helpers (`parse`, `stream`), raw and streaming responses, the beta resources, Azure and every other client
class make their requests through the base client, and that is where they are seen: see `_stainless`. The functions of
its tool runner are tools.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from .. import _state
from ._imports import forget, when_imported
from ._stainless import Endpoint, Vendor
from ._tools import Outcome, Use, running

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._patches import Patches


def _with_usage(body: dict[str, Any]) -> tuple[dict[str, Any], Callable[[Any], bool]] | None:
    """Asks a stream of chat completions for its usage, which comes in a chunk of its own, if that is wanted.

    A program that says itself whether it wants usage is left alone.
    """
    given = body.get("stream_options")
    options = given if isinstance(given, dict) else {}
    if not body.get("stream") or "include_usage" in options or "messages" not in body:
        return None
    if not _state.is_on("openai", "stream_usage"):
        _state.notice(
            "openai: a streamed chat completion tells no usage unless stream_options.include_usage is set;"
            " integration_options={'openai': {'stream_usage': True}} does that and hides the extra chunk"
        )
        return None
    return {**body, "stream_options": {**options, "include_usage": True}}, _is_usage_only


def _is_usage_only(chunk: Any) -> bool:
    return getattr(chunk, "choices", None) == [] and getattr(chunk, "usage", None) is not None


_VENDOR = Vendor(
    "openai",
    [
        Endpoint("/chat/completions", "chat", "openai_chat"),
        Endpoint("/completions", "text_completion", "openai_chat"),
        Endpoint("/responses", "responses", "openai_responses"),
        Endpoint("/responses/compact", "responses", "openai_responses"),
        Endpoint("/embeddings", "embeddings", "openai_embeddings"),
    ],
    _with_usage,
)


def instrument_library(patches: Patches) -> None:
    """Every client."""
    base = importlib.import_module("openai._base_client")
    for name in ("SyncAPIClient", "AsyncAPIClient"):
        _VENDOR.patch(patches, getattr(base, name))
    patches.hook("tool runner", lambda: when_imported(_RUNNER, lambda: _patch_runners(patches)), lambda: forget(_RUNNER))


def instrument_client(client: Any, patches: Patches) -> bool:
    """One client, and the copies that are made of it; false if it is none of this library."""
    openai: Any = sys.modules["openai"]
    if not isinstance(client, (openai.OpenAI, openai.AsyncOpenAI)):
        return False
    _VENDOR.patch_client(patches, client)
    return True


#: Younger than the library, and imported by programs that use it only.
_RUNNER = "openai.lib.responses_tool_runner"


def _patch_runners(patches: Patches) -> None:
    run_function = running("openai", _use_of, lambda result: Outcome(result.get("output")))
    for name in ("ResponsesToolRunner", "AsyncResponsesToolRunner"):
        owner = getattr(sys.modules[_RUNNER], name, None)
        if owner is not None:
            patches.method(owner, "_execute_function", run_function, expects=("run", "item"))


def _use_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Use:
    runner, _, item = (*args, *kwargs.values())
    function = runner._functions[item.name]
    return Use(item.name, item.call_id, item.arguments, function.tool.get("description"))
