"""One request of the Model Context Protocol, on one of its sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

from .. import _context, _state
from .._context import CURRENT
from .._propagation import continue_trace
from .._spanwire import begin
from ._guard import guarded
from ._patches import around
from ._request import fail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from .._context import Parent
    from .._spanwire import Span
    from ._patches import Method

StepT = TypeVar("StepT", bound="Step")

#: Members of `_meta` that say where a request stands in its trace.
_PLACES = ("sentry-trace", "traceparent")


class Step:
    """A request with its span."""

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

    @classmethod
    def of_client(cls, method: str, params: Mapping[str, Any]) -> Step:
        """What is asked."""
        return cls(_begin("mcp.client", method, params, CURRENT), method, params)

    @classmethod
    def of_server(
        cls: type[StepT], method: str, params: Mapping[str, Any], meta: Mapping[str, Any], number: object
    ) -> StepT:
        """What is answered, below the place that the request brings along."""
        parent = continue_trace(meta) if any(name in meta for name in _PLACES) else CURRENT
        step = cls(_begin("mcp.server", method, params, parent), method, params)
        step.span.set_attribute("jsonrpc.request.id", str(number))
        return step

    def __enter__(self) -> object:
        _context.enter(self.span)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _context.leave(self.span)
        if error is not None:
            # In version 1 it is what the error holds.
            self.refused(getattr(getattr(error, "error", error), "code", None))
            fail(self.span, error)
        return False

    def refused(self, code: object) -> None:
        """Tells the error of JSON-RPC that it ends with, where it is one."""
        if isinstance(code, int):
            self.span.set_attribute("rpc.response.status_code", str(code))

    def see(self, result: Any) -> None:
        """Sees the answer: as it goes over the wire, or a model of it."""
        if not self._is_tool:
            return
        if hasattr(result, "model_dump"):
            result = result.model_dump(by_alias=True, mode="json", exclude_none=True)
        if isinstance(result, dict):
            self.span._gather("result", result.get("content"))
            if result.get("isError") is True:
                self.span.set_status("error")
                self.span.set_attribute("error.type", "tool_error")

    def take(self, result: Any) -> Any:
        """Sees the answer, after which nothing comes."""
        with guarded("an answer of mcp"):
            self.see(result)
            self.span.end()
        return result


def stepping(
    method: Method, what: str, begin: Callable[[tuple[Any, ...], dict[str, Any]], Step]
) -> Method:
    """A method, every call of which is a request while Spanwire is active."""

    def begin_if_active(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Step | None:
        with guarded(what):
            if _state.is_active():
                return begin(args, kwargs)
        return None

    return around(method, begin_if_active)


def _begin(op: str, method: str, params: Mapping[str, Any], parent: Parent) -> Span:
    name = params.get("name")
    name = f"{method} {name}" if isinstance(name, str) else method
    arguments = {"attributes": {"mcp.method.name": method}}
    return begin("start_span", None, parent, arguments, detail=op, name=name, integration="mcp")
