"""Tools that a client library runs by itself, in its tool runner."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .. import _context, _state
from .._spanwire import begin
from .._context import CURRENT
from ._guard import guarded
from ._patches import around
from ._request import fail

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from .._spanwire import Span
    from ._patches import Method


class Use(NamedTuple):
    """What a model wants of a tool."""

    name: object
    id: object
    arguments: object
    description: object = None


class Outcome(NamedTuple):
    """What a tool has given, or what went wrong, in the words that the model is told."""

    result: object
    #: Where it is no exception.
    is_error: bool = False


def running(
    integration: str,
    use_of: Callable[[tuple[Any, ...], dict[str, Any]], Use | None],
    outcome_of: Callable[[Any], Outcome],
    cause_of: Callable[[BaseException], BaseException] = lambda error: error,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Callable[[Method], Method]:
    """Replaces the method of a runner that runs one tool, and gives what the model is told.

    `cause_of` finds the error of the tool in the one that the method raises; where nothing is wanted, by `is_wanted` or
    because `use_of` finds nothing, it runs as it was.
    """

    def begin_run(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Run | None:
        with guarded(f"a tool of {integration}"):
            if _state.is_active() and is_wanted() and not _is_running(args, kwargs):
                use = use_of(args, kwargs)
                if use is not None:
                    run = _Run(_begin(integration, use), outcome_of, cause_of)
                    run.args, run.kwargs = args, kwargs
                    return run
        return None

    return lambda method: around(method, begin_run)


def _is_running(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether this is the run that is current: its method is replaced twice, for all clients and for one."""
    run = _current.get()
    if run is None or (len(run.args), len(run.kwargs)) != (len(args), len(kwargs)):
        return False
    return all(a is b for a, b in zip((*run.args, *run.kwargs.values()), (*args, *kwargs.values())))


def telling_error(method: Method) -> Method:
    """Replaces the function that makes the words for the model of an error: it sees the error itself."""

    def tell(error: Any, *args: Any, **kwargs: Any) -> Any:
        run = _current.get()
        if run is not None and isinstance(error, BaseException):
            run.error = error
        return method(error, *args, **kwargs)

    return tell


def _begin(integration: str, use: Use) -> Span:
    span = begin("execute_tool", use.name, CURRENT, {"description": use.description}, integration=integration)
    span.set_attribute("gen_ai.tool.call.id", use.id)
    span._gather("arguments", use.arguments)
    return span


class _Run:
    """One run of a tool."""

    def __init__(
        self,
        span: Span,
        outcome_of: Callable[[Any], Outcome],
        cause_of: Callable[[BaseException], BaseException],
    ) -> None:
        self.args: tuple[Any, ...] = ()
        self.kwargs: dict[str, Any] = {}
        #: What the runner has made words of.
        self.error: BaseException | None = None
        self._span = span
        self._outcome_of = outcome_of
        self._cause_of = cause_of
        self._outer: _Run | None = None

    def __enter__(self) -> Self:
        self._outer = _current.get()
        _current.set(self)
        _context.enter(self._span)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _context.leave(self._span)
        _current.set(self._outer)
        if error is not None:
            fail(self._span, self._cause_of(error))
        return False

    def take(self, result: Any) -> Any:
        """Sees what the model is told."""
        with guarded("the result of a tool"):
            outcome = self._outcome_of(result)
            self._span._gather("result", outcome.result)
            if self.error is not None:
                fail(self._span, self.error)
            elif outcome.is_error:
                self._span.set_status("error")
                self._span.set_attribute("error.type", "tool_error")
            self._span.end()
        return result


_current: ContextVar[_Run | None] = ContextVar("spanwire_tool_run", default=None)
