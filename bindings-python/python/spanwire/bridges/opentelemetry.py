"""The bridge to OpenTelemetry: our place is current as a span of its own kind, for its spans to hang below."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .._spanwire import Span
from .._trace_context import NO_TRACE_ID, TraceContext

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._context import Place
    from .._spanwire import Scope


class OpenTelemetry:
    """What is known of `opentelemetry-api` 1."""

    def __init__(self) -> None:
        self._trace: Any = sys.modules["opentelemetry.trace"]
        self._context: Any = sys.modules["opentelemetry.context"]
        self._kind: Any = type("SpanwireSpan", (_Ours, self._trace.NonRecordingSpan), {})

    def put(self) -> None:
        """Nothing has to be replaced."""

    def take(self) -> None:
        """Nothing was replaced."""

    def innermost(self, own: Place | None, tie: _Tie | None) -> Place | None:
        """Its current span, where that is not our own place."""
        context = self._trace.get_current_span().get_span_context()
        if not context.is_valid:
            return own
        span_id = f"{context.span_id:016x}"
        if own is not None and (own.span_id == span_id or (tie is not None and tie.outer_id == context.span_id)):
            return own
        header = f"00-{context.trace_id:032x}-{span_id}-{int(context.trace_flags):02x}"
        return TraceContext([("traceparent", header)], own)

    def tie(self, place: Place) -> _Tie | None:
        """Attaches a context in which our place is current."""
        if place.trace_id == NO_TRACE_ID:
            return None
        sampled = dict(place._headers(True))["traceparent"].rpartition("-")[2]
        ours = self._trace.SpanContext(
            int(place.trace_id, 16),
            int(place.span_id, 16),
            is_remote=False,
            trace_flags=self._trace.TraceFlags(int(sampled, 16)),
        )
        return _Tie(self._context, self._trace, self._kind(ours, place, self._trace.get_current_span()))

    def untie(self, tie: _Tie | None) -> None:
        """Puts the context back that was current before."""
        if tie is not None:
            tie.undo()

    def scope(self, scope: Scope) -> Scope:
        """It knows nothing that our spans have."""
        return scope

    def failed(self, span: Span, error: BaseException) -> None:
        """It has no errors of its own."""


class _Ours:
    """Our place as one of its spans. What a program says of the current span is said of ours.

    Contexts outlive our place: one of its spans that was opened inside and ends later puts the context back in which
    our place was current, and other tasks have copies. There this is the span that was current before.
    """

    _context: Any
    #: The innermost span that was current before and had not ended.
    outer: Any
    place: Place | None

    def __init__(self, context: Any, place: Place, outer: Any) -> None:
        while isinstance(outer, _Ours) and outer.place is None:
            outer = outer.outer
        self._context, self.place, self.outer = context, place, outer

    def end_place(self) -> None:
        """Our place is over, in every context."""
        self.place = None

    def get_span_context(self) -> Any:
        """Of our place, or of the one before."""
        return self.outer.get_span_context() if self.place is None else self._context

    def is_recording(self) -> bool:
        """Whether anybody keeps what is said of it."""
        place = self.place
        if place is None:
            return bool(self.outer.is_recording())
        return isinstance(place, Span) and bool(self._context.trace_flags)

    def set_attribute(self, key: str, value: Any) -> None:
        """Of our span."""
        place = self.place
        if place is None:
            self.outer.set_attribute(key, value)
        elif isinstance(place, Span):
            place.set_attribute(key, value)

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        """Of our span."""
        for key, value in attributes.items():
            self.set_attribute(key, value)


def _passed_on(name: str) -> Callable[..., None]:
    def method(self: _Ours, *args: Any, **kwargs: Any) -> None:
        if self.place is None:
            getattr(self.outer, name)(*args, **kwargs)

    return method


# What our spans have no place for.
for _name in ("add_event", "add_link", "record_exception", "set_status", "update_name"):
    setattr(_Ours, _name, _passed_on(_name))


class _Tie:
    """A context that was attached."""

    __slots__ = ("_context", "_ours", "_outer", "_span", "outer_id")

    def __init__(self, context: Any, trace: Any, span: Any) -> None:
        self._context, self._span = context, span
        self._outer = context.get_current()
        #: The span that was current before.
        self.outer_id: int = span.outer.get_span_context().span_id
        self._ours = trace.set_span_in_context(span)
        context.attach(self._ours)

    def undo(self) -> None:
        self._span.end_place()
        # `detach` takes a token, and logs an error in a context that is another one, or a copy.
        if self._context.get_current() is self._ours:
            self._context.attach(self._outer)
