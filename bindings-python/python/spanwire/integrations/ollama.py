"""Ollama's Python library: chat, generate and embed, by its clients of `httpx`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .httpx import claiming, watch_alone, watch_clients

if TYPE_CHECKING:
    from ._patches import Patches


def instrument_library(patches: Patches) -> None:
    """Every client, also those that there are already, that of the module's functions among them."""
    clients = importlib.import_module("ollama._client")
    claim = claiming("ollama", lambda client: client._client)
    for name in ("Client", "AsyncClient"):
        patches.method(getattr(clients, name), "_request", claim, expects=("stream",))
    watch_clients(patches, "ollama", getattr(clients, "ResponseError", None))


def instrument_client(client: Any, patches: Patches) -> bool:
    """One client; false if it is none of this library."""
    if not isinstance(client, importlib.import_module("ollama._client").BaseClient):
        return False
    error = getattr(importlib.import_module("ollama._client"), "ResponseError", None)
    watch_alone(patches, "ollama", [client._client], error=error)
    return True
