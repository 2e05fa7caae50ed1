"""`instrument` and `uninstrument`: which library a client is of, and which ones are there."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast, overload

from . import _state

if TYPE_CHECKING:
    from ._spanwire import Driver

T = TypeVar("T")

#: The libraries there are integrations for, by the name of their module.
LIBRARIES = ("openai",)


class Integration(Protocol):
    """What a module in `integrations` has."""

    def accepts(self, client: object) -> bool:
        """Whether this is a client of the library."""
        ...

    def instrument_client(self, client: Any) -> None:
        """Instruments one client; again does nothing."""
        ...

    def uninstrument_client(self, client: Any) -> None:
        """Takes that back."""
        ...

    def instrument_library(self) -> None:
        """Instruments every client; again does nothing."""
        ...

    def uninstrument_library(self) -> None:
        """Takes that back."""
        ...


@overload
def instrument() -> None: ...
@overload
def instrument(client: T) -> T: ...
def instrument(client: Any = None) -> Any:
    """Records what a client does, and gives it back; without one, every library that is found."""
    _apply(client, is_on=True)
    return client


@overload
def uninstrument() -> None: ...
@overload
def uninstrument(client: T) -> T: ...
def uninstrument(client: Any = None) -> Any:
    """Takes `instrument` back, for the same client or for every library."""
    _apply(client, is_on=False)
    return client


def instrument_wanted(driver: Driver) -> None:
    """What `init` does by itself: the libraries that are already imported, as the options say."""
    for name in LIBRARIES:
        if name in sys.modules:
            is_on = driver.is_active and driver.allows(name)
            _guarded(name, "instrument_library" if is_on else "uninstrument_library")


def _apply(client: object, *, is_on: bool) -> None:
    verb = "instrument" if is_on else "uninstrument"
    if client is None:
        for name in LIBRARIES:
            if name in sys.modules or (is_on and _can_import(name)):
                _guarded(name, f"{verb}_library")
        return
    for name in LIBRARIES:
        if name in sys.modules and _guarded(name, "accepts", client):
            _guarded(name, f"{verb}_client", client)
            return
    _state.notice(f"no integration knows clients of {type(client).__module__}.{type(client).__qualname__}")


def _can_import(name: str) -> bool:
    try:
        importlib.import_module(name)
    except Exception:
        return False
    return True


def _guarded(name: str, function: str, *arguments: object) -> bool:
    """Calls a function of an integration; what goes wrong there is said, and no more."""
    try:
        integration = cast("Integration", importlib.import_module(f".integrations.{name}", __package__))
        return bool(getattr(integration, function)(*arguments))
    except Exception as error:
        _state.notice(f"{name} cannot be instrumented: {type(error).__name__}")
        return False
