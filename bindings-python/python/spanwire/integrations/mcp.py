"""The Model Context Protocol's Python SDK, 2: what a client asks and what a server does, in one trace.

Every request of either side goes through the `send_raw_request` of a dispatcher, and what comes in through a server's
middleware. The place in the trace travels in the `_meta` of a request.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Literal

from .. import _context, _state
from .._spanwire import begin
from .._context import CURRENT
from .._propagation import continue_trace, trace_headers
from ._guard import guarded
from ._patches import around, careful
from ._request import fail

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from .._context import Parent
    from .._spanwire import Span
    from ._patches import Method, Patches

#: Members of `_meta` that say where a request stands in its trace.
_PLACES = ("sentry-trace", "traceparent")


def instrument_library(patches: Patches) -> None:
    """Every client and every server, also those that there are already."""
    for module, name in (("jsonrpc_dispatcher", "JSONRPCDispatcher"), ("direct_dispatcher", "DirectDispatcher")):
        dispatcher = getattr(importlib.import_module(f"mcp.shared.{module}"), name)
        patches.method(dispatcher, "send_raw_request", _asking, expects=("method", "params"))
    runner = importlib.import_module("mcp.server.runner").ServerRunner
    patches.method(runner, "_compose_server_middleware", _serving, expects=("inner",))


class _Step:
    """One request, on one of its sides."""

    def __init__(self, span: Span, method: str, params: Mapping[str, Any]) -> None:
        self.args: tuple[Any, ...] = ()
        self.kwargs: dict[str, Any] = {}
        self.span = span
        self._is_tool = method == "tools/call"
        if self._is_tool:
            span.set_attribute("gen_ai.tool.name", params.get("name"))
            span._gather("arguments", params.get("arguments"))
        elif method == "prompts/get":
            span.set_attribute("gen_ai.prompt.name", params.get("name"))

    def __enter__(self) -> object:
        _context.enter(self.span)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _context.leave(self.span)
        if error is not None:
            code = getattr(error, "code", None)
            if isinstance(code, int):
                self.span.set_attribute("rpc.response.status_code", str(code))
            fail(self.span, error)
        return False

    def take(self, result: Any) -> Any:
        """Sees the answer, as it goes over the wire."""
        with guarded("an answer of mcp"):
            if self._is_tool and isinstance(result, dict):
                self.span._gather("result", result.get("content"))
                if result.get("isError") is True:
                    self.span.set_status("error")
                    self.span.set_attribute("error.type", "tool_error")
            self.span.end()
        return result


def _begin(op: str, method: str, params: Mapping[str, Any], parent: Parent) -> Span:
    name = params.get("name")
    name = f"{method} {name}" if isinstance(name, str) else method
    arguments = {"attributes": {"mcp.method.name": method}}
    return begin("start_span", None, parent, arguments, detail=op, name=name, integration="mcp")


def _asking(send: Method) -> Method:
    def begin_asking(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Step | None:
        with guarded("a request of mcp"):
            if _state.is_active():
                return _ask(args, kwargs)
        return None

    return around(send, begin_asking)


def _ask(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Step:
    dispatcher, method, given, *rest = (*args, *(kwargs[name] for name in ("method", "params") if name in kwargs))
    params: dict[str, Any] = dict(given or {})
    step = _Step(_begin("mcp.client", method, params, CURRENT), method, params)
    with step:
        meta = {**(params.get("_meta") or {}), **trace_headers()}
    step.args = (dispatcher, method, {**params, "_meta": meta} if meta else given, *rest)
    step.kwargs = {name: value for name, value in kwargs.items() if name not in ("method", "params")}
    return step


def _serving(compose: Method) -> Method:
    def compose_with_span(self: Any, inner: Any) -> Any:
        call_next = compose(self, inner)

        async def serve(ctx: Any) -> Any:
            step = None
            with guarded("a request to an mcp server"):
                step = _serve(ctx)
            if step is None:
                return await call_next(ctx)
            with careful(step):
                result = await call_next(ctx)
            return step.take(result)

        return serve

    return compose_with_span


def _serve(ctx: Any) -> _Step | None:
    if ctx.request_id is None or not _state.is_active():
        return None  # A notification.
    params, meta = ctx.params or {}, ctx.meta or {}
    parent = continue_trace(meta) if any(name in meta for name in _PLACES) else CURRENT
    step = _Step(_begin("mcp.server", ctx.method, params, parent), ctx.method, params)
    step.span.set_attribute("jsonrpc.request.id", str(ctx.request_id))
    step.span.set_attribute("mcp.protocol.version", ctx.protocol_version)
    return step
