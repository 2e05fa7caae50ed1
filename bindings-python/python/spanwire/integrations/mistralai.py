"""Mistral's Python SDK, 3: chat and embeddings, by its clients of `httpx`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .httpx import claiming, watch_alone, watch_clients

if TYPE_CHECKING:
    from ._patches import Patches


def instrument_library(patches: Patches) -> None:
    """Every client, also those that there are already."""
    base = importlib.import_module("mistralai.client.basesdk").BaseSDK
    sync = claiming("mistralai", lambda sdk: sdk.sdk_configuration.client, "mistral")
    patches.method(base, "do_request", sync, expects=("request", "stream"))
    asynchronous = claiming("mistralai", lambda sdk: sdk.sdk_configuration.async_client, "mistral")
    patches.method(base, "do_request_async", asynchronous, expects=("request", "stream"))
    errors = importlib.import_module("mistralai.client.errors")
    watch_clients(patches, "mistralai", getattr(errors, "MistralError", None))


def instrument_client(client: Any, patches: Patches) -> bool:
    """One client, sync and async; false if it is none of this library."""
    if not isinstance(client, importlib.import_module("mistralai.client.basesdk").BaseSDK):
        return False
    settings = client.sdk_configuration
    watch_alone(patches, "mistralai", [each for each in (settings.client, settings.async_client) if each], "mistral")
    return True
