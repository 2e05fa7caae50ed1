"""Hugging Face's hub library: the inference clients, by the sessions of `httpx` that they share with the hub."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from ._guard import guarded
from .httpx import claim, claiming, watch_clients

if TYPE_CHECKING:
    from ._patches import Method, Patches


def instrument_library(patches: Patches) -> None:
    """Every client, also those that there are already. What the hub itself is asked goes to no model."""
    client = importlib.import_module("huggingface_hub.inference._client")
    sync = claiming("huggingface_hub", lambda _: client.get_session())
    patches.method(client.InferenceClient, "_inner_post", sync, expects=("request_parameters", "stream"))
    # Only a program that uses it imports it; it imports the other one.
    asynchronous: Any = sys.modules.get("huggingface_hub.inference._generated._async_client")
    if hasattr(asynchronous, "AsyncInferenceClient"):
        patches.method(asynchronous.AsyncInferenceClient, "_get_async_client", _claiming_async)
    watch_clients(patches, "huggingface_hub", getattr(client, "HfHubHTTPError", None))


def _claiming_async(method: Method) -> Method:
    async def get_async_client(*args: Any, **kwargs: Any) -> Any:
        session = await method(*args, **kwargs)
        with guarded("a client of huggingface_hub"):
            claim("huggingface_hub", session)
        return session

    return get_async_client
