"""The Model Context Protocol's Python SDK, 1 and 2: what a client asks and what a server does, in one trace.

Every request of either side goes through the `send_raw_request` of a dispatcher, and what comes in through a server's
middleware; before version 2, through their sessions. The place in the trace travels in the `_meta` of a request.
"""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .. import _state
from .._propagation import trace_headers
from . import _mcp_sessions
from ._guard import guarded
from ._mcp_step import Step, stepping
from ._patches import careful

if TYPE_CHECKING:
    from ._patches import Method, Patches


def instrument_library(patches: Patches) -> None:
    """Every client and every server, also those that there are already."""
    if find_spec("mcp.shared.jsonrpc_dispatcher") is None:
        _mcp_sessions.instrument(patches)
        return
    for module, name in (("jsonrpc_dispatcher", "JSONRPCDispatcher"), ("direct_dispatcher", "DirectDispatcher")):
        dispatcher = getattr(importlib.import_module(f"mcp.shared.{module}"), name)
        patches.method(dispatcher, "send_raw_request", _asking, expects=("method", "params"))
    runner = importlib.import_module("mcp.server.runner").ServerRunner
    patches.method(runner, "_compose_server_middleware", _serving, expects=("inner",))


def _asking(send: Method) -> Method:
    return stepping(send, "a request of mcp", _ask)


def _ask(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Step:
    dispatcher, method, given, *rest = (*args, *(kwargs[name] for name in ("method", "params") if name in kwargs))
    params: dict[str, Any] = dict(given or {})
    step = Step.of_client(method, params)
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


def _serve(ctx: Any) -> Step | None:
    if ctx.request_id is None or not _state.is_active():
        return None  # A notification.
    step = Step.of_server(ctx.method, ctx.params or {}, ctx.meta or {}, ctx.request_id)
    step.span.set_attribute("mcp.protocol.version", ctx.protocol_version)
    return step
