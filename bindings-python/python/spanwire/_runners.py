"""Functions, async functions and generators whose runs are spans; what they give and raise stays."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from . import _context, _state

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from ._span import Span

F = TypeVar("F", bound="Callable[..., Any]")


class Plan(Protocol):
    """How spans begin and what is read at their end."""

    def start(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Span:
        """Begins the span of one run."""
        ...

    def finish(self, span: Span, result: object) -> None:
        """Reads the result of one run."""
        ...


def wrapped(function: F, plan: Plan) -> F:
    """The function with a span for every run, of the same sort as before."""
    if inspect.isasyncgenfunction(function):
        run = _async_generator(function, plan)
    elif inspect.isgeneratorfunction(function):
        run = _generator(function, plan)
    elif inspect.iscoroutinefunction(function):
        run = _coroutine(function, plan)
    else:
        run = _function(function, plan)
    return cast("F", functools.wraps(function)(run))


def _finish(plan: Plan, span: Span, result: object) -> None:
    if span.is_recording:
        try:
            plan.finish(span, result)
        except Exception as error:
            _state.notice(f"the result of a function could not be read: {type(error).__name__}")


def _function(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        with plan.start(args, kwargs) as span:
            result = function(*args, **kwargs)
            _finish(plan, span, result)
            return result

    return run


def _coroutine(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    async def run(*args: Any, **kwargs: Any) -> Any:
        with plan.start(args, kwargs) as span:
            result = await function(*args, **kwargs)
            _finish(plan, span, result)
            return result

    return run


def _generator(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        span = plan.start(args, kwargs)
        try:
            result = yield from _steps(function(*args, **kwargs), span)
            _finish(plan, span, result)
        except BaseException as error:
            span._finish(error)
            raise
        span.end()
        return result

    return run


def _steps(generator: Generator[Any, Any, Any], span: Span) -> Generator[Any, Any, Any]:
    """Runs a generator; the span is current in its body and not in who consumes it."""
    step, value = generator.send, None
    while True:
        _context.enter(span)
        try:
            piece = step(value)
        except StopIteration as stop:
            return stop.value
        finally:
            _context.leave(span)
        try:
            step, value = generator.send, (yield piece)
        except GeneratorExit:
            generator.close()
            raise
        except BaseException as error:
            step, value = cast("Any", generator.throw), cast("Any", error)


def _async_generator(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    async def run(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        span = plan.start(args, kwargs)
        generator: AsyncGenerator[Any, Any] = function(*args, **kwargs)
        step: Callable[[Any], Any] = generator.asend
        value: Any = None
        try:
            while True:
                _context.enter(span)
                try:
                    piece = await step(value)
                except StopAsyncIteration:
                    break
                finally:
                    _context.leave(span)
                try:
                    step, value = generator.asend, (yield piece)
                except GeneratorExit:
                    await generator.aclose()
                    raise
                except BaseException as error:
                    step, value = generator.athrow, error
        except BaseException as error:
            span._finish(error)
            raise
        span.end()

    return run
