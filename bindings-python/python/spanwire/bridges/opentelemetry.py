"""The bridge to OpenTelemetry: our place is current as a span that records nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .._span import TraceContext

if TYPE_CHECKING:
    from .._context import Place
    from .._span import Span
    from .._spanwire import Scope

_NOWHERE = "0" * 32


class OpenTelemetry:
    """What is known of `opentelemetry-api` 1."""

    def __init__(self) -> None:
        self._trace: Any = sys.modules["opentelemetry.trace"]
        self._context: Any = sys.modules["opentelemetry.context"]

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
        if place.trace_id == _NOWHERE:
            return None
        sampled = dict(place._headers(True))["traceparent"].rpartition("-")[2]
        ours = self._trace.SpanContext(
            int(place.trace_id, 16),
            int(place.span_id, 16),
            is_remote=False,
            trace_flags=self._trace.TraceFlags(int(sampled, 16)),
        )
        return _Tie(self._context, self._trace, self._trace.NonRecordingSpan(ours))

    def untie(self, tie: _Tie | None) -> None:
        """Puts the context back that was current before."""
        if tie is not None:
            tie.undo()

    def scope(self, scope: Scope) -> Scope:
        """It knows nothing that our spans have."""
        return scope

    def failed(self, span: Span, error: BaseException) -> None:
        """It has no errors of its own."""


class _Tie:
    """A context that was attached."""

    __slots__ = ("_context", "_ours", "_outer", "outer_id")

    def __init__(self, context: Any, trace: Any, span: Any) -> None:
        self._context = context
        self._outer = context.get_current()
        #: The span that was current before.
        self.outer_id: int = trace.get_current_span(self._outer).get_span_context().span_id
        self._ours = trace.set_span_in_context(span)
        context.attach(self._ours)

    def undo(self) -> None:
        # `detach` takes a token, and logs an error in a context that is another one, or a copy.
        if self._context.get_current() is self._ours:
            self._context.attach(self._outer)
