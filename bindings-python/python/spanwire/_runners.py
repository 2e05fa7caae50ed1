"""Functions, async functions and generators with something around their runs; what they give and raise stays."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from contextlib import AbstractContextManager

F = TypeVar("F", bound="Callable[..., Any]")


class Run(Protocol):
    """One run of a function."""

    def inside(self) -> AbstractContextManager[object]:
        """What is around the body: for a generator at each of its steps, and never around who consumes it."""
        ...

    def done(self, result: object) -> None:
        """It came to its end."""
        ...

    def failed(self, error: BaseException) -> None:
        """An exception left it."""
        ...


class Plan(Protocol):
    """How runs begin."""

    def start(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        """Begins a run with these arguments."""
        ...


class Surrounding:
    """A plan, and each of its runs: something around the body and nothing else."""

    def __init__(self, inside: Callable[[], AbstractContextManager[object]]) -> None:
        self.inside = inside

    def start(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        """Nothing has to begin."""
        return self

    def done(self, result: object) -> None:
        """Nothing is made of it."""

    def failed(self, error: BaseException) -> None:
        """Nothing is made of it."""


def wrapped(function: F, plan: Plan) -> F:
    """The function with what the plan has around every run, of the same sort as before."""
    if inspect.isasyncgenfunction(function):
        run = _async_generator(function, plan)
    elif inspect.isgeneratorfunction(function):
        run = _generator(function, plan)
    elif inspect.iscoroutinefunction(function):
        run = _coroutine(function, plan)
    else:
        run = _function(function, plan)
    return cast("F", functools.wraps(function)(run))


def _function(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        this = plan.start(args, kwargs)
        try:
            with this.inside():
                result = function(*args, **kwargs)
        except BaseException as error:
            this.failed(error)
            raise
        this.done(result)
        return result

    return run


def _coroutine(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    async def run(*args: Any, **kwargs: Any) -> Any:
        this = plan.start(args, kwargs)
        try:
            with this.inside():
                result = await function(*args, **kwargs)
        except BaseException as error:
            this.failed(error)
            raise
        this.done(result)
        return result

    return run


def _generator(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        this = plan.start(args, kwargs)
        try:
            result = yield from _steps(function(*args, **kwargs), this)
        except BaseException as error:
            this.failed(error)
            raise
        this.done(result)
        return result

    return run


def _steps(generator: Generator[Any, Any, Any], this: Run) -> Generator[Any, Any, Any]:
    """Runs a generator, as `yield from` does."""
    step, value = generator.send, None
    while True:
        try:
            with this.inside():
                piece = step(value)
        except StopIteration as stop:
            return stop.value
        try:
            step, value = generator.send, (yield piece)
        except GeneratorExit:
            generator.close()
            raise
        except BaseException as error:
            step, value = cast("Any", generator.throw), cast("Any", error)


def _async_generator(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    async def run(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        this = plan.start(args, kwargs)
        generator: AsyncGenerator[Any, Any] = function(*args, **kwargs)
        step: Callable[[Any], Any] = generator.asend
        value: Any = None
        try:
            while True:
                try:
                    with this.inside():
                        piece = await step(value)
                except StopAsyncIteration:
                    break
                try:
                    step, value = generator.asend, (yield piece)
                except GeneratorExit:
                    await generator.aclose()
                    raise
                except BaseException as error:
                    step, value = generator.athrow, error
        except BaseException as error:
            this.failed(error)
            raise
        this.done(None)

    return run
