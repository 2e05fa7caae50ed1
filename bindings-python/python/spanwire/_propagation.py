"""Headers that carry a trace from one service to the next."""

from __future__ import annotations

from typing import Any

from . import _context, _spanwire
from ._trace_context import TraceContext


def trace_headers() -> dict[str, str]:
    """The headers for a request to another service; none where there is no trace."""
    current = _context.current()
    driver = _spanwire.driver()
    return {} if current is None else dict(current._headers(driver is not None and driver.propagates_traceparent))


def continue_trace(headers: Any) -> TraceContext:
    """The caller's place in its trace, out of a request's headers: a mapping, pairs, or a WSGI environ.

    Where they say nothing that makes sense it begins a new trace.
    """
    try:
        pairs = headers.items() if hasattr(headers, "items") else headers
        return TraceContext([(_name(name), _text(value)) for name, value in pairs])
    except Exception:
        return TraceContext([])


def _name(name: object) -> str:
    """``HTTP_SENTRY_TRACE``, as WSGI has it, is ``sentry-trace``."""
    return _text(name).lower().removeprefix("http_").replace("_", "-")


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, (list, tuple)):
        return ",".join(_text(part) for part in value)
    return value if isinstance(value, str) else ""
