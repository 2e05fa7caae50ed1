"""The bridge to `sentry_sdk`: one trace, whichever of the two has opened a span, and no call recorded twice.

Its scopes are shared by tasks, so nothing is put into them: what they say is current is seen where they are asked,
from this context. There a stand-in is our place for its spans; where it has no span, its propagation context is.
Which of its spans is current is seen in this context too, as long as one of our places is.
"""

from __future__ import annotations

import sys
import time
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import _context
from .._instrument import is_recorded
from .._trace_context import NO_TRACE_ID, TraceContext
from .._spanwire import Scope
from ..integrations import httpx
from ..integrations._guard import guarded
from ..integrations._patches import Patches
from ._failures import Failures
from ._stand_in import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._context import Place
    from .._spanwire import Span
    from ..integrations._patches import Method

#: Libraries that it calls otherwise.
_NAMES = {"mistral": "mistralai"}

#: What the origins of their spans call a library whose integration of that name does more than ours.
_ORIGINS = {"boto3": "bedrock"}

#: The scopes that were given a span in this context, the last one first, and the span.
_put_here: ContextVar[tuple[tuple[Any, Any], ...]] = ContextVar("spanwire_sentry_spans", default=())

#: How many of them are kept.
_SCOPES = 4


class _Seen(NamedTuple):
    """Its span that was current when ours became so."""

    span: Any
    #: As `time.perf_counter_ns`, which its spans keep too.
    at: int


class Sentry:
    """What is known of `sentry_sdk` 2."""

    def __init__(self) -> None:
        self._sdk: Any = sys.modules["sentry_sdk"]
        self._scopes: Any = sys.modules["sentry_sdk.scope"]
        self._tracing: Any = sys.modules["sentry_sdk.tracing_utils"]
        self._stand_in = stand_ins()
        #: A span of theirs that nobody gets to see, and that is never current.
        self._nothing: Any = type("Nothing", (sys.modules["sentry_sdk.tracing"].NoOpSpan,), {})
        #: The properties of its scopes, as they were.
        self._properties: dict[str, Any] = {}
        #: Gives the propagation context of a scope, whatever we say of it.
        self._asked_context: Method = lambda scope: None
        self._patches = Patches("sentry_sdk")
        self._failures = Failures()
        #: The user of the last scope that was asked for one, and our scope that has it.
        self._user: tuple[Any, Scope, Scope] = (None, Scope(), Scope())

    def put(self) -> None:
        """Has its scopes tell of our spans, and its own integrations be silent where ours are not."""
        scope = self._scopes.Scope
        for name in ("span", "streamed_span"):
            if isinstance(vars(scope).get(name), property):
                self._patches.hook(name, partial(self._put_property, name), partial(self._take_property, name))
        self._patches.method(scope, "get_trace_context", self._trace_context)
        self._patches.method(scope, "get_active_propagation_context", self._propagation_context)
        for name in ("start_span", "start_transaction", "start_streamed_span"):
            self._patches.method(scope, name, self._starting(name))
        client = sys.modules["sentry_sdk.client"]
        self._patches.method(client._Client, "get_integration", _silencing, expects=("name_or_class",))
        self._patches.method(client, "setup_integrations", _setting_up)
        processors = self._scopes.global_event_processors
        self._patches.hook("errors", lambda: processors.append(self._link), lambda: processors.remove(self._link))

    def take(self) -> None:
        """Takes all of it back."""
        self._patches.undo()

    def tie(self, place: Place) -> _Seen | None:
        """Remembers which of its spans ours is inside of."""
        self._failures.enter(place)
        span = self._raw()
        return None if span is None else _Seen(span, time.perf_counter_ns())

    def untie(self, tie: _Seen | None) -> None:
        """Nothing was put anywhere."""

    def innermost(self, own: Place | None, tie: _Seen | None) -> Place | None:
        """Its current span, if it was opened inside of our place; where nothing is open, the caller it was told of."""
        span = self._raw()
        if span is not None and (own is None or _is_newer(span, tie)):
            return self._place(span, own)
        return own or self._incoming()

    def failed(self, span: Span, error: BaseException) -> None:
        """Remembers the innermost span that an exception has left, for when it is reported further out."""
        if span.trace_id != NO_TRACE_ID:
            self._failures.leave(span, error)

    def scope(self, scope: Scope) -> Scope:
        """Our scope with the user that its scopes have."""
        scopes = self._scopes.Scope
        user = scopes.get_current_scope()._user or scopes.get_isolation_scope()._user
        if not user:
            return scope
        known, before, with_user = self._user
        if known is not user or before is not scope:
            with_user = Scope(scope, {"found_user": user})
            self._user = (user, scope, with_user)
        return with_user

    def _raw(self) -> Any:
        """Its current span, whatever we say of it."""
        scope = self._scopes._current_scope.get()
        return None if scope is None else _span_here(scope)

    def _own(self, scope: Any) -> Place | None:
        """Our place, if it is the innermost one of a scope that is current, or of its copies."""
        place, ties = _context.own()
        current = self._scopes._current_scope.get()
        if place is None or place.trace_id == NO_TRACE_ID or scope._span is not getattr(current, "_span", None):
            return None
        tie = next((tie for bridge, tie in ties if bridge is self), None)
        span = None if current is None else _span_here(current)
        return None if span is not None and _is_newer(span, tie) else place

    def _place(self, span: Any, own: Place | None) -> Place | None:
        """A span of theirs as our parent, with its sampling decision; none where they do not trace."""
        if not self._tracing.has_tracing_enabled(self._sdk.get_client().options):
            return own or self._incoming()
        headers = list(span._iter_headers())
        return TraceContext(headers, own) if headers else own

    def _incoming(self) -> Place | None:
        """The caller that it was told of, where it has no span itself."""
        scope = self._scopes.Scope.get_current_scope()
        context = self._asked_context(scope) if self._sdk.get_client().is_active() else None
        if context is None or context.parent_span_id is None:
            return None
        sampled = {True: "-1", False: "-0"}.get(context.parent_sampled, "")
        headers = [("sentry-trace", f"{context.trace_id}-{context.parent_span_id}{sampled}")]
        if context.baggage is not None:
            headers.append(("baggage", context.baggage.serialize()))
        return TraceContext(headers)

    def _put_property(self, name: str) -> None:
        scope = self._scopes.Scope
        was = vars(scope)[name]
        self._properties[name] = was

        def get(this: Any) -> Any:
            found = was.fget(this)
            if found is None:
                return None
            with guarded("the current span of sentry_sdk"):
                own = self._own(this)
                if own is not None and own.trace_id == found.trace_id:
                    return self._stand_in(_span_here(this) or found, own)
            return found

        def put(this: Any, span: Any) -> None:
            if not isinstance(span, self._nothing):
                span = getattr(span, "stood_on", span)
                was.fset(this, span)
                others = [put for put in _put_here.get() if put[0] is not this]
                _put_here.set(((this, span), *others[: _SCOPES - 1]))

        setattr(scope, name, property(get, put, was.fdel, was.__doc__))

    def _take_property(self, name: str) -> None:
        setattr(self._scopes.Scope, name, self._properties.pop(name))

    def _trace_context(self, get_trace_context: Method) -> Method:
        """What its errors and logs are linked to."""

        def trace_context(scope: Any, *args: Any, **kwargs: Any) -> Any:
            context = get_trace_context(scope, *args, **kwargs)
            with guarded("the trace context of sentry_sdk"):
                own = self._own(scope)
                if own is not None:
                    return _linked(context, own.trace_id, own.span_id)
            return context

        return trace_context

    def _propagation_context(self, get_active_propagation_context: Method) -> Method:
        """What its spans and its outgoing requests continue where it has no span."""

        self._asked_context = get_active_propagation_context

        def propagation_context(scope: Any, *args: Any, **kwargs: Any) -> Any:
            with guarded("the propagation context of sentry_sdk"):
                own = self._own(scope)
                if own is not None:
                    return self._continuing(own)
            return get_active_propagation_context(scope, *args, **kwargs)

        return propagation_context

    def _continuing(self, own: Place) -> Any:
        headers = dict(own._headers(False))
        baggage = headers.get("baggage")
        return self._tracing.PropagationContext(
            trace_id=own.trace_id,
            span_id=own.span_id,
            parent_span_id=own.span_id,
            parent_sampled={"1": True, "0": False}.get(headers["sentry-trace"].rpartition("-")[2]),
            baggage=None if baggage is None else self._tracing.Baggage.from_incoming_header(baggage),
        )

    def _starting(self, name: str) -> Callable[[Method], Method]:
        """Its own integrations open no span for a library that we record."""

        def replace(start: Method) -> Method:
            def starting(scope: Any, *args: Any, **kwargs: Any) -> Any:
                with guarded("a span of sentry_sdk"):
                    if _is_doubled(name, args, kwargs):
                        return self._nothing() if name != "start_streamed_span" else _no_streamed_span()
                    if name == "start_transaction" and _is_new(args, kwargs):
                        own = self._own(scope)
                        if own is not None and scope._span is None:
                            context = self._continuing(own)
                            for key in ("trace_id", "parent_span_id", "parent_sampled", "baggage"):
                                kwargs.setdefault(key, getattr(context, key))
                return start(scope, *args, **kwargs)

            return starting

        return replace

    def _link(self, event: Any, hint: Any) -> Any:
        """Links an error to the span that it left first, also where it is reported further out."""
        with guarded("an error of sentry_sdk"):
            raised = (hint.get("exc_info") or (None, None))[1]
            place = None if raised is None else self._failures.find(raised)
            context = event.get("contexts", {}).get("trace")
            if place is None or context is None or event.get("type"):
                return event
            # Where something else is open, that is what it is reported in.
            if context["trace_id"] == place[0] or (self._raw() is None and _context.own()[0] is None):
                event["contexts"]["trace"] = _linked(context, *place)
        return event


def _span_here(scope: Any) -> Any:
    """The span of a scope that was put there in this context: tasks that share the scope overwrite each other's."""
    for put, span in _put_here.get():
        # A copy has the span of its original.
        if put is scope or put._span is scope._span:
            return span
    return scope._span


def _is_newer(span: Any, tie: _Seen | None) -> bool:
    """Whether a span of theirs was opened after a place of ours became current."""
    if tie is None:
        return True
    return span is not tie.span and getattr(span, "_start_timestamp_monotonic_ns", 0) > tie.at


def _linked(context: Mapping[str, Any], trace_id: str, span_id: str) -> dict[str, Any]:
    """A trace context of theirs that points at a span of ours."""
    kept = {"dynamic_sampling_context"} if context.get("trace_id") == trace_id else set()
    linked = {key: value for key, value in context.items() if key in kept}
    return {**linked, "trace_id": trace_id, "span_id": span_id}


def _is_doubled(name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether a span is one of their integrations' of a library that we record."""
    if name == "start_streamed_span":
        attributes = kwargs.get("attributes") or (args[1] if len(args) > 1 else None) or {}
        origin = attributes.get("sentry.origin")
    else:
        origin = kwargs.get("origin")
    if not isinstance(origin, str) or not origin.startswith("auto.ai."):
        return False
    name = origin.removeprefix("auto.ai.").partition(".")[0]
    return _is_ours(_ORIGINS.get(name, name))


def _is_new(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether a transaction is yet to be made, which nobody has said where it belongs."""
    given = args[0] if args else kwargs.get("transaction")
    return given is None and "trace_id" not in kwargs


def _no_streamed_span() -> Any:
    """One that has no scope is never current."""
    return sys.modules["sentry_sdk.traces"].NoOpStreamedSpan()


def _is_ours(name: str) -> bool:
    return is_recorded(_NAMES.get(name, name))


def _silencing(get_integration: Method) -> Method:
    """Their integrations ask whether they are on with every call."""

    def silencing(client: Any, name_or_class: Any, *args: Any, **kwargs: Any) -> Any:
        with guarded("an integration of sentry_sdk"):
            name = name_or_class if isinstance(name_or_class, str) else getattr(name_or_class, "identifier", "")
            if _is_ours(name):
                return None
        return get_integration(client, name_or_class, *args, **kwargs)

    return silencing


def _setting_up(setup_integrations: Method) -> Method:
    """Their spans of HTTP requests are to hang below ours, also where their integrations come later than ours."""

    def setting_up(*args: Any, **kwargs: Any) -> Any:
        before: dict[Any, Any] = {}
        with guarded("the order of integrations"):
            before = httpx.standing()
        result = setup_integrations(*args, **kwargs)
        with guarded("the order of integrations"):
            httpx.come_on_top(before)
        return result

    return setting_up
