"""Methods that are replaced, and put back: in classes and modules, or on one object."""

from __future__ import annotations

import functools
import inspect
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .. import _state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    Method = Callable[..., Any]


class Wanted(NamedTuple):
    """A method that is to be replaced, as the arguments of `Patches.method`."""

    owner: Any
    name: str
    replace: Callable[[Method], Method]
    expects: Iterable[str] = ()


class Patches:
    """What one integration has replaced, in a library or on one client; all of it comes off again."""

    def __init__(self, integration: str) -> None:
        self._integration = integration
        self._patches: dict[tuple[int, str], _Patch] = {}
        self._hooks: dict[str, Callable[[], object]] = {}

    def method(
        self, owner: Any, name: str, replace: Callable[[Method], Method], *, expects: Iterable[str] = ()
    ) -> bool:
        """Replaces a method of a class, a module or an object by what `replace` makes of it.

        A method that is missing, or has not the parameters that are expected, is left alone: that is said,
        and false. Doing it again changes nothing; what others have put on top meanwhile stays on top.
        """
        key = (id(owner), name)
        patch = self._patches.get(key)
        if patch is not None and patch.again():
            return True
        if not self.has(owner, name, expects):
            return False
        self._patches[key] = _Patch(owner, name, _found(owner, name), replace)
        return True

    def methods(self, *wanted: Wanted) -> bool:
        """Replaces methods that are of use together only, as what begins a span and what ends it: all or none."""
        if not all([self.has(each.owner, each.name, each.expects) for each in wanted]):
            return False
        return all([self.method(each.owner, each.name, each.replace) for each in wanted])

    def has(self, owner: Any, name: str, expects: Iterable[str]) -> bool:
        """Whether a method is as it is known here, which is said where it is not."""
        is_there = fits(_found(owner, name), expects)
        if not is_there:
            label = f"{getattr(owner, '__name__', type(owner).__name__)}.{name}"
            _state.notice(f"{self._integration}: {label} is not as it is known here; it is left alone")
        return is_there

    def hook(self, name: str, put: Callable[[], object], take: Callable[[], object]) -> None:
        """Puts something where the library offers a place for it; `take` takes it out again."""
        if name not in self._hooks:
            put()
            self._hooks[name] = take

    def standing(self) -> dict[tuple[int, str], Any]:
        """What stands now where something is replaced, for `come_on_top`."""
        return {key: patch.standing for key, patch in list(self._patches.items())}

    def come_on_top(self, before: Mapping[tuple[int, str], Any]) -> None:
        """Puts what it has replaced on top of what others have put there since that stood there."""
        for key, patch in list(self._patches.items()):
            if patch.standing is not before.get(key):
                self._patches[key] = patch.on_top()

    @property
    def is_on(self) -> bool:
        """Whether anything is replaced."""
        return bool(self._hooks) or any(patch.is_on for patch in list(self._patches.values()))

    def undo(self) -> None:
        """Takes everything back."""
        while self._hooks:
            self._hooks.popitem()[1]()
        self._patches = {key: patch for key, patch in self._patches.items() if not patch.undo()}


def _found(owner: Any, name: str) -> Any:
    return vars(owner).get(name, getattr(owner, name, None))


class _Patch:
    """One method that is replaced. Where others hold on to the replacement, it is only switched off."""

    def __init__(
        self, owner: Any, name: str, method: Method, replace: Callable[[Method], Method], below: _Patch | None = None
    ) -> None:
        self._owner = weakref.ref(owner)
        self._name = name
        self._replace = replace
        self._own = vars(owner).get(name)
        #: False where others hold on to the replacement.
        self.is_on = True
        #: The one that this has taken the place of, below what others have put on top of that; and the other way round.
        self._below = below
        self._above: _Patch | None = None
        if below is not None:
            below._above = self
        self._replacement = self._switched(method, replace(method))
        setattr(owner, name, self._replacement)

    def _switched(self, method: Method, replaced: Method) -> Method:
        if is_async(method):

            @functools.wraps(method)
            async def call_async(*args: Any, **kwargs: Any) -> Any:
                return await (replaced if self.is_on or self._acts() else method)(*args, **kwargs)

            return call_async

        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            return (replaced if self.is_on or self._acts() else method)(*args, **kwargs)

        return call

    @property
    def standing(self) -> Any:
        """What stands in its place now."""
        owner = self._owner()
        return None if owner is None else vars(owner).get(self._name)

    def _acts(self) -> bool:
        """Whether it acts though it is off: where others have put it back in the place of the one above."""
        if self._above is None:
            return False
        return self.standing is self._replacement and self._above._is_wanted()

    def _is_wanted(self) -> bool:
        return self.is_on or (self._above is not None and self._above._is_wanted())

    def again(self) -> bool:
        """Switches it on; where somebody has put the method back, puts the replacement there again."""
        owner = self._owner()
        if owner is None:
            return False
        self.is_on = True
        patch: _Patch | None = self
        while patch is not None and self.standing is not patch._own:
            patch = patch._below
        if patch is not None:
            setattr(owner, self._name, patch._replacement)
        return True

    def on_top(self) -> _Patch:
        """Itself, or where others are on top of it, one on top of those in its place."""
        owner = self._owner()
        if owner is None or not self.is_on or self.standing is self._replacement:
            return self
        self.is_on = False
        return _Patch(owner, self._name, _found(owner, self._name), self._replace, below=self)

    def undo(self) -> bool:
        """Switches it off; true if it is gone, false if something on top of it may still call it."""
        is_gone = self._take_off()
        return is_gone if self._below is None else self._below.undo()

    def _take_off(self) -> bool:
        owner, found = self._owner(), self.standing
        self.is_on = False
        if owner is None:
            return True
        if found is self._replacement:
            if self._own is None:
                delattr(owner, self._name)
            else:
                setattr(owner, self._name, self._own)
            return True
        return found is self._own


class Step(Protocol):
    """One call of a method, as `around` runs it. Nothing in it should raise; what does, goes no further."""

    #: What the method is called with.
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def __enter__(self) -> object: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> object: ...
    def take(self, result: Any) -> Any:
        """Sees the result, and gives what the caller gets."""
        ...


def enter(step: Step) -> None:
    """Begins a step, whatever goes wrong in that."""
    try:
        step.__enter__()
    except Exception as error:
        _state.not_recorded("a call", error)


def leave(step: Step, error: BaseException | None) -> None:
    """Ends a step, with the error that its call ended with."""
    try:
        if error is None:
            step.__exit__(None, None, None)
        else:
            step.__exit__(type(error), error, error.__traceback__)
    except Exception as wrong:
        _state.not_recorded("a call", wrong)


class careful:  # noqa: N801  It is called like a function.
    """A step as a block, whatever goes wrong in it."""

    __slots__ = ("_step",)

    def __init__(self, step: Step) -> None:
        self._step = step

    def __enter__(self) -> None:
        enter(self._step)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        leave(self._step, error)


def _taken(step: Step, result: Any) -> Any:
    try:
        return step.take(result)
    except Exception as error:
        _state.not_recorded("a result", error)
        return result


def around(method: Method, begin: Callable[[tuple[Any, ...], dict[str, Any]], Step | None]) -> Method:
    """A method, sync or async, every call of which is a step; where `begin` gives none, it is as it was."""
    if is_async(method):

        async def call_async(*args: Any, **kwargs: Any) -> Any:
            step = begin(args, kwargs)
            if step is None:
                return await method(*args, **kwargs)
            enter(step)
            try:
                result = await method(*step.args, **step.kwargs)
            except BaseException as error:
                leave(step, error)
                raise
            leave(step, None)
            return _taken(step, result)

        return call_async

    def call(*args: Any, **kwargs: Any) -> Any:
        step = begin(args, kwargs)
        if step is None:
            return method(*args, **kwargs)
        enter(step)
        try:
            result = method(*step.args, **step.kwargs)
        except BaseException as error:
            leave(step, error)
            raise
        leave(step, None)
        return _taken(step, result)

    return call


def shadow(target: Any, name: str, replace: Callable[[Method], Method]) -> Callable[[], None]:
    """Puts a method in front of one object's own, and gives what takes it away again.

    The two hold each other until then. A weak reference would not do: the collector clears those before it
    closes generators, which may call the method.
    """
    own = vars(target).get(name)
    shadowing = replace(getattr(target, name))
    setattr(target, name, shadowing)

    def take_away() -> None:
        if vars(target).get(name) is shadowing:
            if own is None:
                delattr(target, name)
            else:
                setattr(target, name, own)

    return take_away


def is_async(method: Method) -> bool:
    """Whether a call of it has to be awaited."""
    return inspect.iscoroutinefunction(inspect.unwrap(method))


def fits(method: Any, expects: Iterable[str]) -> bool:
    """Whether something can be called and has these parameters."""
    if not callable(method):
        return False
    try:
        return set(expects) <= set(inspect.signature(method).parameters)
    except (TypeError, ValueError):
        return False
