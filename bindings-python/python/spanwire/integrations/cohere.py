"""Cohere's Python SDK, 5 to 7: chat, embed and rerank of its second API, by its clients of `httpx`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .httpx import claiming, watch_alone, watch_clients

if TYPE_CHECKING:
    from ._patches import Patches


def instrument_library(patches: Patches) -> None:
    """Every client, also those that there are already."""
    clients = importlib.import_module("cohere.core.http_client")
    claim = claiming("cohere", lambda client: client.httpx_client)
    for name in ("HttpClient", "AsyncHttpClient"):
        for method in ("request", "stream"):
            patches.method(getattr(clients, name), method, claim, expects=("path", "json"))
    watch_clients(patches, "cohere", _error())


def instrument_client(client: Any, patches: Patches) -> bool:
    """One client; false if it is none of this library."""
    base = importlib.import_module("cohere.base_client")
    if not isinstance(client, (base.BaseCohere, base.AsyncBaseCohere)):
        return False
    watch_alone(patches, "cohere", [client._client_wrapper.httpx_client.httpx_client], error=_error())
    return True


def _error() -> Any:
    """What it makes of answers that say no."""
    return getattr(importlib.import_module("cohere.core.api_error"), "ApiError", None)
