"""Decorators that make every run of a function a span: `agent`, `tool` and `trace`."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar, overload

from . import _functions, _state
from ._calls import is_running_tool, use_span
from ._context import CURRENT
from ._runners import Surrounding, decorated
from ._spanwire import begin
from .consts import SPANTEMPLATE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ._runners import Run
    from ._spanwire import Span

F = TypeVar("F", bound="Callable[..., Any]")

#: The call that each template stands for.
_CALLS = {"ai_agent": "invoke_agent", "ai_tool": "execute_tool", "ai_chat": "chat"}


class _SpanRun:
    """A run that is a span."""

    def __init__(self, plan: _Plan, span: Span) -> None:
        self._plan = plan
        self._span = span

    def inside(self) -> use_span:
        """The span is current in the body."""
        return use_span(self._span)

    def done(self, result: object) -> None:
        """Reads the result, and ends the span."""
        if self._span.is_recording:
            try:
                self._plan.read(self._span, result)
            except Exception as error:
                _state.notice(f"the result of a function could not be read: {type(error).__name__}")
        self._span.end()

    def failed(self, error: BaseException) -> None:
        """Ends the span with its error."""
        self._span._finish(error)


class _Plan:
    """A function of no kind in particular: a span with its name."""

    def __init__(self, function: Callable[..., Any], name: str, given: Mapping[str, Any]) -> None:
        self.signature = _functions.signature_of(function)
        self.name = name
        #: What the decorator was given, by the names of the API.
        self.given = given
        #: An op and a name that beat the derived ones.
        self.op: str | None = "function"
        self.span_name: str | None = name

    def start(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        """Begins the span of one run."""
        return _SpanRun(self, self.span_of(args, kwargs))

    def span_of(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Span:
        """The span of one run, with what its arguments say."""
        return self.begin("start_span", None, {})

    def begin(self, call: str, subject: str | None, settings: dict[str, Any]) -> Span:
        if self.op is not None:
            call = "start_span"
        given = {**settings, **self.given}
        return begin(call, subject, CURRENT, given, detail=self.op, name=self.span_name)

    def read(self, span: Span, result: object) -> None:
        """Reads the result of one run."""


class _ToolPlan(_Plan):
    """A tool: its arguments and its result are kept as the policy says."""

    reads_settings = False

    def start(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        """Begins the span of one run, unless the library that runs it has one for it."""
        return Surrounding(nullcontext) if is_running_tool(self.name) else super().start(args, kwargs)

    def span_of(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Span:
        arguments = _functions.arguments_of(self.signature, args, kwargs) if _state.is_active() else {}
        settings = _functions.settings_of(arguments) if self.reads_settings else {}
        span = self.begin("execute_tool", self.name, settings)
        span._gather("arguments", arguments)
        return span

    def read(self, span: Span, result: object) -> None:
        if self.reads_settings:
            _functions.read_result(span, result)
        span._gather("result", result)


class _ModelPlan(_Plan):
    """An agent or a request: parameters and results with the usual names are read."""

    def __init__(self, function: Callable[..., Any], name: str, given: Mapping[str, Any], call: str) -> None:
        super().__init__(function, name, given)
        self.call = call

    def span_of(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Span:
        arguments = _functions.arguments_of(self.signature, args, kwargs) if _state.is_active() else {}
        settings = _functions.settings_of(arguments)
        if self.call == "chat":
            subject = settings.pop("model", None)
        else:
            subject = settings.pop("agent_name", self.name)
        span = self.begin(self.call, subject, settings)
        messages = _functions.messages_of(arguments)
        if messages is not None:
            span._gather("input", messages)
        return span

    def read(self, span: Span, result: object) -> None:
        _functions.read_result(span, result)
        if result is not None:
            span._gather("output", result)


@overload
def agent(function: F, /) -> F: ...
@overload
def agent(
    *, name: str | None = None, attributes: Mapping[str, object] | None = None, **arguments: object
) -> Callable[[F], F]: ...
def agent(
    function: Any = None,
    /,
    *,
    name: str | None = None,
    attributes: Mapping[str, object] | None = None,
    **arguments: object,
) -> Any:
    """Makes every run of a function the run of an agent, named like the function if `name` is not given.

    Other arguments are those of `invoke_agent`. What the function's own parameters ``model``,
    ``temperature`` and so on, ``prompt`` and ``system_prompt`` hold is read, and so is its result.
    """

    def plan_for(function: Callable[..., Any]) -> _Plan:
        given = {**arguments, "attributes": attributes}
        plan = _ModelPlan(function, name or _functions.short_name(function), given, "invoke_agent")
        plan.op = plan.span_name = None
        return plan

    return _decorator(function, plan_for)


@overload
def tool(function: F, /) -> F: ...
@overload
def tool(
    *,
    name: str | None = None,
    description: str | None = None,
    attributes: Mapping[str, object] | None = None,
    **arguments: object,
) -> Callable[[F], F]: ...
def tool(
    function: Any = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    attributes: Mapping[str, object] | None = None,
    **arguments: object,
) -> Any:
    """Makes every run of a function the run of a tool: arguments and result are kept as the policy says.

    Its name is the function's and its description the function's docstring, if not given.
    """

    def plan_for(function: Callable[..., Any]) -> _Plan:
        given = {"description": description or _functions.doc_of(function), **arguments, "attributes": attributes}
        plan = _ToolPlan(function, name or _functions.short_name(function), given)
        plan.op = plan.span_name = None
        return plan

    return _decorator(function, plan_for)


@overload
def trace(func: F, /) -> F: ...
@overload
def trace(
    *,
    op: str | None = None,
    name: str | None = None,
    attributes: Mapping[str, object] | None = None,
    template: str = SPANTEMPLATE.DEFAULT,
) -> Callable[[F], F]: ...
def trace(
    func: Any = None,
    /,
    *,
    op: str | None = None,
    name: str | None = None,
    attributes: Mapping[str, object] | None = None,
    template: str = SPANTEMPLATE.DEFAULT,
) -> Any:
    """Makes every run of a function a span, as the decorator of the Sentry SDK does.

    With a template (`SPANTEMPLATE`) it is the run of an agent or a tool, or a request to a model.
    """

    def plan_for(function: Callable[..., Any]) -> _Plan:
        full_name = name or _functions.qualified_name(function)
        return _plan_of(function, full_name, op, attributes, str(template))

    return _decorator(func, plan_for)


def _decorator(function: Any, plan_for: Callable[[Callable[..., Any]], _Plan]) -> Any:
    """What a decorator gives: for a function that one, for none what takes it."""
    if function is None:
        return lambda given: decorated(given, plan_for)
    return decorated(function, plan_for)


def _plan_of(
    function: Callable[..., Any],
    name: str,
    op: str | None,
    attributes: Mapping[str, object] | None,
    template: str,
) -> _Plan:
    given: dict[str, Any] = {"attributes": attributes}
    call = _CALLS.get(template)
    if call is None:
        plan = _Plan(function, name, given)
        plan.op = op or plan.op
        return plan
    if call == "execute_tool":
        plan = _ToolPlan(function, name, {"description": _functions.doc_of(function), **given})
        plan.reads_settings = True
    else:
        plan = _ModelPlan(function, name, given, call)
    plan.op = op
    plan.span_name = None if call == "chat" else f"{call} {name}"
    return plan
