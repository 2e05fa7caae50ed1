"""Our place as a span of `sentry_sdk`, for its spans to hang below: it has a parent, a trace and no life of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .._spanwire import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._context import Place


class _StandIn:
    """What both of its kinds of spans are asked besides ids. What a program says of the current span is said of ours."""

    stood_on: Any
    place: Place

    def set_data(self, key: str, value: object) -> None:
        """Of our span."""
        if isinstance(self.place, Span):
            self.place.set_attribute(key, value)

    set_attribute = set_tag = set_data

    def update_data(self, data: Mapping[str, object]) -> None:
        """Of our span."""
        for key, value in data.items():
            self.set_data(key, value)

    set_attributes = update_data

    def set_status(self, value: str) -> None:
        """Our spans know how they went."""

    def finish(self, *args: object, **kwargs: object) -> None:
        """It ends with ours."""

    end = _end = finish


def stand_ins() -> Callable[[Any, Place], Any]:
    """Makes a stand-in for a place of ours on top of a span of theirs, which it gives way to where it is put back."""
    span: Any = sys.modules["sentry_sdk.tracing"].Span
    streamed: Any = getattr(sys.modules.get("sentry_sdk.traces"), "StreamedSpan", None)

    kinds = {like: type("StandIn", (_StandIn, like), {}) for like in (span, streamed) if like is not None}

    def stand_in(stood_on: Any, place: Place) -> Any:
        is_streamed = streamed is not None and isinstance(stood_on, streamed)
        like: Any = streamed if is_streamed else span
        kind = kinds[like]
        made: Any = object.__new__(kind)
        for name in like.__slots__:
            if hasattr(stood_on, name):
                setattr(made, name, getattr(stood_on, name))
        made._trace_id, made._span_id = place.trace_id, place.span_id
        if is_streamed:
            made._parent_span_id, made._active = stood_on.span_id, False
        else:
            made.parent_span_id, made._containing_transaction = stood_on.span_id, stood_on.containing_transaction
            made._span_recorder = None
        made.stood_on, made.place = stood_on, place
        return made

    return stand_in
