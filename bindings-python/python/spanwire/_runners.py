"""Functions, async functions and generators with something around their runs; what they give and raise stays."""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
import types
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, cast

from . import _state

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


class _Begun(NamedTuple):
    """The plan for the rest of a run."""

    this: Run

    def start(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run:
        """It has begun already."""
        return self.this


def decorated(function: F, plan_for: Callable[[Callable[..., Any]], Plan]) -> F:
    """What a decorator makes of what stands below it, with the plan for the function that it finds there.

    Static and class methods stay such. What is more than a function, like a class or the tool object of a library,
    stays as it is: programs and libraries use what it has besides.
    """
    if isinstance(function, (staticmethod, classmethod)):
        inner: Callable[..., Any] = function.__func__
        return cast("F", type(function)(decorated(inner, plan_for)))
    if not _is_function(function):
        _state.notice(f"a decorator takes functions; it left a {type(function).__qualname__} as it is")
        return function
    return _as_bound(function, wrapped(function, plan_for(function)))


def _is_function(given: object) -> bool:
    """Whether a function can stand in its place: also for an object that is called, and has nothing else to offer."""
    if isinstance(given, type) or not callable(given):
        return False
    # What may be a method is one of the sorts of functions.
    is_sort = isinstance(given, functools.partial) or hasattr(type(given), "__get__")
    names = (*dir(type(given)), *getattr(given, "__dict__", ()))
    return is_sort or all(name.startswith("_") for name in names)


def _as_bound(function: F, run: F) -> F:
    """A run that a class binds to its objects only if it did so with the function."""
    if isinstance(function, functools.partial):
        return cast("F", functools.update_wrapper(functools.partial(run), function))
    return run if hasattr(type(function), "__get__") else cast("F", staticmethod(run))


def wrapped(function: F, plan: Plan) -> F:
    """The function with what the plan has around every run, of the same sort as before."""
    if inspect.isasyncgenfunction(function):
        run = _async_generator(function, plan)
    elif _makes_awaited_generators(function):
        run = _awaited_generator(function, plan)
    elif inspect.isgeneratorfunction(function):
        run = _generator(function, plan)
    elif inspect.iscoroutinefunction(function):
        run = _coroutine(function, plan)
    else:
        run = _function(function, plan)
    return cast("F", _like(function, run))


def _like(function: Callable[..., Any], run: Callable[..., Any]) -> Callable[..., Any]:
    """A run that is called what the function is, and has what it has: its cache, say."""
    run = functools.wraps(function)(run)
    for name in dir(type(function)):
        if name.startswith("_") or hasattr(run, name):
            continue
        # What is no method may change, or fail.
        with contextlib.suppress(Exception):
            method = getattr(function, name)
            if callable(method):
                setattr(run, name, method)
    return run


def _function(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        this = plan.start(args, kwargs)
        try:
            with this.inside():
                result, holders = _made(function, args, kwargs)
        except BaseException as error:
            this.failed(error)
            raise
        # What the program holds too is not ours to run: it may go on with it, and looks whether it is the same.
        rest = _rest(result, this) if holders <= _ONE else None
        if rest is None:
            this.done(result)
            return result
        return rest

    return run


def _made(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, int]:
    """What a function makes, and how many hold it."""
    result = function(*args, **kwargs)
    return result, sys.getrefcount(result)


#: How many hold what nobody else does: that differs between versions of Python.
_ONE = _made(object, (), {})[1]


def _rest(result: Any, this: Run) -> Any:
    """Where a function has only made a coroutine or a generator: one of the same sort, which is the rest of the run."""
    kind = next((kind for is_such, kind in _SORTS if is_such(result)), None)
    if kind is None:
        return None
    rest = kind(_Made(result), _Begun(this))()
    rest.__name__, rest.__qualname__ = result.__name__, result.__qualname__
    return rest


class _Made:
    """What was made, for the rest of a run. A coroutine goes unsaid if that never begins: Python asks for one await."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def __call__(self) -> Any:
        return self._result

    def __del__(self) -> None:
        if _is_new_coroutine(self._result):
            self._result.close()


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


def _awaited_generator(function: Callable[..., Any], plan: Plan) -> Callable[..., Any]:
    return types.coroutine(_generator(function, plan))


def _makes_awaited_generators(function: Callable[..., Any]) -> bool:
    """Whether it stands below `types.coroutine`."""
    while isinstance(function, functools.partial):
        function = function.func
    return _is_awaited(getattr(function, "__code__", None))


def _is_awaited(code: object) -> bool:
    return bool(getattr(code, "co_flags", 0) & inspect.CO_ITERABLE_COROUTINE)


def _is_new_coroutine(made: object) -> bool:
    return inspect.iscoroutine(made) and inspect.getcoroutinestate(made) == inspect.CORO_CREATED


def _is_new_generator(made: object) -> bool:
    return inspect.isgenerator(made) and inspect.getgeneratorstate(made) == inspect.GEN_CREATED


#: What functions may make that is still to be run, and how that is done. One that has begun takes other first steps.
_SORTS: tuple[tuple[Callable[[object], bool], Callable[[Callable[..., Any], Plan], Callable[..., Any]]], ...] = (
    (_is_new_coroutine, _coroutine),
    (lambda made: _is_new_generator(made) and _is_awaited(getattr(made, "gi_code", None)), _awaited_generator),
    (_is_new_generator, _generator),
    (inspect.isasyncgen, _async_generator),
)
