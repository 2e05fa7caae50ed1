"""Other SDKs in the process: their current span is the parent of ours, and ours is that of theirs.

Nothing here imports one of them. What one of them does not have as it is known here is said once, in debug mode,
and left alone; then our spans are as they are without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .. import _spanwire, _state

if TYPE_CHECKING:
    from .._context import Place
    from .._spanwire import Scope, Span

    #: What bridges keep with a place of ours as long as it is current.
    Ties = tuple[tuple["Bridge", Any], ...]


class Bridge(Protocol):
    """What is known of one SDK."""

    def put(self) -> None:
        """Replaces what has to be."""
        ...

    def take(self) -> None:
        """Puts it back."""
        ...

    def tie(self, place: Place) -> object:
        """A place of ours becomes current: what this gives is kept with it."""
        ...

    def untie(self, tie: Any) -> None:
        """It is current no more, in whatever context this is."""
        ...

    def innermost(self, own: Place | None, tie: Any) -> Place | None:
        """The SDK's current span if that was opened inside of our place, or else our place."""
        ...

    def scope(self, scope: Scope) -> Scope:
        """Our scope with what the SDK knows besides."""
        ...

    def failed(self, span: Span, error: BaseException) -> None:
        """An exception has left the block of a span."""
        ...


#: The SDKs that are there, and that `init` allows.
active: list[Bridge] = _spanwire.bridges


def tied(place: Place) -> Ties:
    """What is to be kept with a place that becomes current."""
    ties = []
    for bridge in active:
        try:
            ties.append((bridge, bridge.tie(place)))
        except Exception as error:
            _say(bridge, error)
    return tuple(ties)


def untie(ties: Ties) -> None:
    """The place of these ties is current no more."""
    for bridge, tie in ties:
        try:
            bridge.untie(tie)
        except Exception as error:
            _say(bridge, error)


def innermost(own: Place | None, ties: Ties) -> Place | None:
    """The place that new spans hang below, `own` being ours."""
    for bridge in active:
        try:
            tie = next((tie for one, tie in ties if one is bridge), None)
            place = bridge.innermost(own, tie)
        except Exception as error:
            _say(bridge, error)
            continue
        if place is not own:
            return place
    return own


def scope(scope: Scope) -> Scope:
    """Our scope with what the SDKs know besides."""
    for bridge in active:
        try:
            scope = bridge.scope(scope)
        except Exception as error:
            _say(bridge, error)
    return scope


def failed(span: Span, error: BaseException) -> None:
    """An exception has left the block of a span."""
    for bridge in active:
        try:
            bridge.failed(span, error)
        except Exception as why:
            _say(bridge, why)


def _say(bridge: Bridge, error: Exception) -> None:
    _state.notice(f"the bridge {type(bridge).__name__} does not know this version: {type(error).__name__}: {error}")
