"""What `init` does about other SDKs in the process: nothing until one is imported."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from . import bridges
from .integrations._guard import guarded
from .integrations._imports import forget, when_imported

if TYPE_CHECKING:
    from ._spanwire import Driver
    from .bridges import Bridge

#: The modules that say that a program uses an SDK, and the bridges to it, by their order in `Driver.bridges`. The API
#: of OpenTelemetry alone is imported by libraries that nobody asks for spans.
_BRIDGES = (("sentry_sdk", "sentry", "Sentry"), ("opentelemetry.sdk.trace", "opentelemetry", "OpenTelemetry"))

#: Options of `sentry_sdk.init` that count where ours are not given.
_SHARED = ("dsn", "release", "environment", "server_name")

_made: dict[str, Bridge] = {}


def fill(options: dict[str, Any]) -> None:
    """Takes from `sentry_sdk` where spans go, if nobody says so, and what they say of the program."""
    sdk: Any = sys.modules.get("sentry_sdk")
    if sdk is None or options.get("bridge") not in (None, "auto", "sentry"):
        return
    with guarded("the options of sentry_sdk"):
        theirs = sdk.get_client().options
        for name in _SHARED:
            value = theirs.get(name)
            if options.get(name) is None and isinstance(value, str):
                options[name] = value


def bridge(driver: Driver) -> None:
    """Builds the bridges that the options allow, now or when the SDK is imported, and takes the others down."""
    take_down()
    for (module, name, kind), is_wanted in zip(_BRIDGES, driver.bridges, strict=True):
        if driver.is_active and is_wanted:
            when_imported(module, lambda name=name, kind=kind: _build(name, kind))  # type: ignore[misc]


def take_down() -> None:
    """Takes all of them down: nothing of ours is sent any more that could be the parent of anything."""
    for module, name, _ in _BRIDGES:
        _take_down(name)
        forget(module)


def _build(name: str, kind: str) -> None:
    with guarded(f"the bridge to {name}"):
        made = getattr(importlib.import_module(f".bridges.{name}", __package__), kind)()
        made.put()
        _made[name] = made
        bridges.active.append(made)


def _take_down(name: str) -> None:
    made = _made.pop(name, None)
    if made is not None:
        bridges.active.remove(made)
        with guarded(f"taking the bridge to {name} down"):
            made.take()
