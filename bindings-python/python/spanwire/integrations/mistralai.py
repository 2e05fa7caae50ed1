"""Mistral's Python SDK, 1 to 3: chat and embeddings, by its clients of `httpx`."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from .httpx import claiming, watch_alone, watch_clients

if TYPE_CHECKING:
    from ._patches import Patches


def instrument_library(patches: Patches) -> None:
    """Every client, also those that there are already."""
    base = _base()
    sync = claiming("mistralai", lambda sdk: sdk.sdk_configuration.client, "mistral")
    patches.method(base, "do_request", sync, expects=("request", "stream"))
    asynchronous = claiming("mistralai", lambda sdk: sdk.sdk_configuration.async_client, "mistral")
    patches.method(base, "do_request_async", asynchronous, expects=("request", "stream"))
    watch_clients(patches, "mistralai", _error())


def instrument_client(client: Any, patches: Patches) -> bool:
    """One client, sync and async; false if it is none of this library."""
    if not isinstance(client, _base()):
        return False
    settings = client.sdk_configuration
    clients = [each for each in (settings.client, settings.async_client) if each]
    watch_alone(patches, "mistralai", clients, "mistral", _error())
    return True


def _is_first() -> bool:
    """Whether it is version 1, where all of it is one package further up."""
    return "mistralai.client.basesdk" not in sys.modules


def _base() -> Any:
    return importlib.import_module("mistralai.basesdk" if _is_first() else "mistralai.client.basesdk").BaseSDK


def _error() -> Any:
    """What it makes of answers that say no."""
    errors = importlib.import_module("mistralai.models" if _is_first() else "mistralai.client.errors")
    return getattr(errors, "MistralError", None) or getattr(errors, "SDKError", None)
