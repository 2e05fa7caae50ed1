"""Mistral's Python SDK, 3: chat and embeddings, by its clients of `httpx`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from .httpx import claiming, watch_clients

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
