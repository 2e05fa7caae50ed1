"""`instrument` and `uninstrument`: which libraries there are, and which of them are recorded."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, cast, overload

from . import _state
from .integrations._guard import guarded
from .integrations._imports import forget, when_imported
from .integrations._patches import Patches

if TYPE_CHECKING:
    from ._spanwire import Driver

T = TypeVar("T")


class Library(NamedTuple):
    """A library there is an integration for: the module of that name in `integrations`."""

    #: What options call it, and the end of `sentry.origin`.
    name: str
    #: The module that programs import, or that of the library's which has what is instrumented.
    module: str


#: One that comes in parts stands here more than once: its integration instruments what is there.
LIBRARIES = (
    Library("openai", "openai"),
    Library("anthropic", "anthropic"),
    Library("anthropic", "anthropic.lib.tools._beta_runner"),
    Library("google_genai", "google.genai"),
    # What it calls for its callbacks, which it imports before it calls the first one.
    Library("langchain", "langchain_core.tracers.context"),
    Library("langgraph", "langgraph.pregel"),
    Library("openai_agents", "agents"),
    Library("litellm", "litellm"),
    Library("pydantic_ai", "pydantic_ai"),
    Library("mcp", "mcp"),
    Library("bedrock", "botocore.client"),
    Library("cohere", "cohere.core.http_client"),
    Library("mistralai", "mistralai.client.basesdk"),
    # Before version 2.
    Library("mistralai", "mistralai.basesdk"),
    Library("ollama", "ollama._client"),
    Library("huggingface_hub", "huggingface_hub.inference._client"),
    Library("huggingface_hub", "huggingface_hub.inference._generated._async_client"),
)


class Integration(Protocol):
    """What a module in `integrations` has. Called when the library has been imported; what it raises is said."""

    def instrument_library(self, patches: Patches) -> None:
        """Instruments everything that the library makes; again does nothing."""
        ...

    def instrument_client(self, client: Any, patches: Patches) -> bool:
        """Instruments one object of the library; false if it is none. A module may have no such function."""
        ...


#: What was replaced in libraries, by their names.
_in_libraries = {library.name: Patches(library.name) for library in LIBRARIES}

#: Where an object keeps what was replaced on it: nothing else may, or it would never go.
_ON_OBJECT = "_spanwire_patches"


@overload
def instrument() -> None: ...
@overload
def instrument(client: T) -> T: ...
def instrument(client: Any = None) -> Any:
    """Records what a client does, and gives it back; without one, every library, as soon as it is imported."""
    if client is None:
        for library in LIBRARIES:
            _switch(library, is_on=True)
    else:
        _instrument_object(client)
    return client


@overload
def uninstrument() -> None: ...
@overload
def uninstrument(client: T) -> T: ...
def uninstrument(client: Any = None) -> Any:
    """Takes `instrument` back, for the same client or for every library."""
    if client is None:
        for library in LIBRARIES:
            _switch(library, is_on=False)
        with guarded("taking the integration of httpx back"):
            _httpx().unwatch_urls()
    else:
        with guarded("taking an integration back"):
            known = vars(client).pop(_ON_OBJECT, None)
            if known is not None:
                known.undo()
    return client


def instrument_httpx(*patterns: str) -> None:
    """Records what programs ask of models with plain `httpx` or `httpx2`, in any wire format that is known here.

    Patterns are those of a shell, for whole URLs without their query: ``"https://gateway.example.com/*"``. Without
    any, the path of a URL tells whether it goes to a model. What a library asks that has an integration is not
    recorded twice. `uninstrument` takes it back.
    """
    with guarded("requests of httpx"):
        _httpx().watch_urls(patterns)


def instrument_wanted(driver: Driver) -> None:
    """What `init` does by itself: the libraries that the options allow, now or when they are imported."""
    for library in LIBRARIES:
        _switch(library, is_on=driver.is_active and driver.allows(library.name))


def is_recorded(name: str) -> bool:
    """Whether a library is there and recorded by its integration."""
    patches = _in_libraries.get(name)
    return patches is not None and patches.is_on


def _switch(library: Library, *, is_on: bool) -> None:
    patches = _in_libraries[library.name]
    if not is_on:
        forget(library.module)
        with guarded(f"taking the integration of {library.name} back"):
            patches.undo()
        return

    def act() -> None:
        with guarded(f"{library.name} is not as it is known here; it"):
            _integration(library).instrument_library(patches)

    when_imported(library.module, act)


def _instrument_object(client: object) -> None:
    with guarded(f"an object of {type(client).__module__}"):
        known: Patches | None = getattr(client, "__dict__", {}).get(_ON_OBJECT)
        imported = [library for library in LIBRARIES if library.module in sys.modules]
        for name, integration in [*((library.name, _integration(library)) for library in imported), ("httpx", _httpx())]:
            instrument_client = getattr(integration, "instrument_client", None)
            patches = known or Patches(name)
            if instrument_client is not None and instrument_client(client, patches):
                setattr(client, _ON_OBJECT, patches)
                return
    _state.notice(f"no integration knows clients of {type(client).__module__}.{type(client).__qualname__}")


def _httpx() -> Any:
    return importlib.import_module(".integrations.httpx", __package__)


def _integration(library: Library) -> Integration:
    return cast("Integration", importlib.import_module(f".integrations.{library.name}", __package__))
