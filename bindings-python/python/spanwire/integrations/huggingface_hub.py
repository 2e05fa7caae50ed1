"""Hugging Face's hub library: chat, text generation and feature extraction of the inference clients.

They share the sessions of `httpx` with the hub, which is asked for other things too: what a model is asked is known
in the one method that all of them go through, and so is what for, where the address of a model does not tell.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from ._guard import guarded
from ._patches import is_async
from .httpx import Expected, expecting, watch_alone, watch_clients

if TYPE_CHECKING:
    from ._patches import Method, Patches

#: Tasks of models: the operation, and the format. That of the others, if they are known, is told by their address.
_TASKS = {
    "text-generation": ("text_completion", "text_generation"),
    "feature-extraction": ("embeddings", "feature_extraction"),
}
_EXPECTED = ("request_parameters", "stream")


def instrument_library(patches: Patches) -> None:
    """Every client, also those that there are already. What the hub itself is asked goes to no model."""
    for owner in _clients():
        patches.method(owner, "_inner_post", _posting, expects=_EXPECTED)
    watch_clients(patches, "huggingface_hub", _error())


def instrument_client(client: Any, patches: Patches) -> bool:
    """One client; false if it is none of this library."""
    if not isinstance(client, tuple(_clients())):
        return False
    patches.method(client, "_inner_post", _posting, expects=_EXPECTED)
    watch_alone(patches, "huggingface_hub", [client], error=_error())
    return True


def _clients() -> list[Any]:
    """The classes of clients. Only a program that uses the async one imports it; it imports the other one."""
    clients = [importlib.import_module("huggingface_hub.inference._client").InferenceClient]
    asynchronous: Any = sys.modules.get("huggingface_hub.inference._generated._async_client")
    if hasattr(asynchronous, "AsyncInferenceClient"):
        clients.append(asynchronous.AsyncInferenceClient)
    return clients


def _error() -> Any:
    """What it makes of answers that say no."""
    return getattr(importlib.import_module("huggingface_hub.inference._client"), "HfHubHTTPError", None)


def _posting(post: Method) -> Method:
    """The request is made in here, also that of a stream."""
    if is_async(post):

        async def inner_post_async(*args: Any, **kwargs: Any) -> Any:
            with expecting(_asked(args, kwargs)):
                return await post(*args, **kwargs)

        return inner_post_async

    def inner_post(*args: Any, **kwargs: Any) -> Any:
        with expecting(_asked(args, kwargs)):
            return post(*args, **kwargs)

    return inner_post


def _asked(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Expected | None:
    with guarded("a request of huggingface_hub"):
        asked = kwargs["request_parameters"] if "request_parameters" in kwargs else args[-1]
        operation, format = _TASKS.get(asked.task, ("chat", None))
        # A model may be the address of a server.
        model = asked.model if asked.model and "://" not in asked.model else None
        return Expected("huggingface_hub", operation, model, format)
    return None
