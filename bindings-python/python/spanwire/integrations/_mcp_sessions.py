"""The Model Context Protocol's Python SDK before version 2: by the sessions of clients and servers."""

from __future__ import annotations

import importlib
import typing
import weakref
from typing import TYPE_CHECKING, Any

from .._propagation import trace_headers
from ._guard import guarded
from ._mcp_step import Step, stepping
from ._patches import Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._patches import Method, Patches


class _Served(Step):
    """A request to a server, whose answer goes another way than back to the caller."""

    is_answered = False

    def take(self, result: Any) -> Any:
        if not self.is_answered:
            # The client has cancelled it: the library returns, and says nothing.
            self.span.set_attribute("error.type", "CancelledError")
            self.span.set_status("error")
        return super().take(result)


#: The requests that a server is answering.
_answering: weakref.WeakKeyDictionary[Any, _Served] = weakref.WeakKeyDictionary()


def instrument(patches: Patches) -> None:
    """Every client and every server, also those that there are already."""
    session = importlib.import_module("mcp.shared.session")
    patches.method(session.BaseSession, "send_request", _asking, expects=("request", "result_type"))
    server = importlib.import_module("mcp.server.lowlevel.server").Server
    patches.methods(
        Wanted(server, "_handle_request", _serving, ("message", "req", "session")),
        Wanted(session.RequestResponder, "respond", _responding, ("response",)),
    )


def _asking(send: Method) -> Method:
    return stepping(send, "a request of mcp", _ask)


def _ask(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Step:
    session, request, *rest = (*args, *(kwargs[name] for name in ("request",) if name in kwargs))
    inner = _inner(request)
    step = Step.of_client(inner.method, _told(inner))
    with step:
        headers = trace_headers()
    step.args = (session, request, *rest)
    step.kwargs = {name: value for name, value in kwargs.items() if name != "request"}
    with guarded("the place of a request of mcp"):
        if headers:
            step.args = (session, _carrying(request, headers), *rest)
    return step


def _inner(request: Any) -> Any:
    """The request itself, which comes as one of a union."""
    return getattr(request, "root", request)


def _told(request: Any) -> dict[str, Any]:
    """What a request says of itself."""
    params = getattr(request, "params", None)
    return {name: getattr(params, name, None) for name in ("name", "arguments")}


def _carrying(request: Any, headers: Mapping[str, str]) -> Any:
    """A copy of a request with headers in its `_meta`; the program's stays as it is."""
    inner = _inner(request)
    params = inner.params
    if params is None:
        params = _params_of(inner)()
    known = {} if params.meta is None else params.meta.model_dump(exclude_none=True)
    meta = type(params).Meta(**{**known, **headers})
    copied = inner.model_copy(update={"params": params.model_copy(update={"meta": meta})})
    return copied if inner is request else request.model_copy(update={"root": copied})


def _params_of(request: Any) -> Any:
    """The class of a request's parameters, which may be left out."""
    annotation = type(request).model_fields["params"].annotation
    return next(kind for kind in typing.get_args(annotation) if hasattr(kind, "model_fields"))


def _serving(handle: Method) -> Method:
    return stepping(handle, "a request to an mcp server", _serve)


def _serve(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Served:
    given = dict(zip(("self", "message", "req", "session"), args), **kwargs)
    message, request = given["message"], given["req"]
    meta = getattr(message.request_meta, "model_extra", None) or {}
    step = _Served.of_server(request.method, _told(request), meta, message.request_id)
    client = getattr(given["session"], "client_params", None)
    step.span.set_attribute("mcp.protocol.version", getattr(client, "protocolVersion", None))
    step.args, step.kwargs = args, kwargs
    _answering[message] = step
    return step


def _responding(respond: Method) -> Method:
    async def responding(self: Any, *args: Any, **kwargs: Any) -> Any:
        with guarded("an answer of an mcp server"):
            step = _answering.pop(self, None)
            if step is not None:
                _answer(step, args[0] if args else kwargs["response"])
        return await respond(self, *args, **kwargs)

    return responding


def _answer(step: _Served, response: Any) -> None:
    """An answer, or an error in its place: what was raised has become one already."""
    step.is_answered = True
    code = getattr(response, "code", None)
    if not isinstance(code, int):
        step.see(_inner(response))
        return
    step.refused(code)
    step.span.set_attribute("error.type", str(code))
    step.span.set_status("error", getattr(response, "message", None))
