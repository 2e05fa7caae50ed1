"""What is current: the span or trace context of this task or thread, and its scope."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any, Optional, Union

from . import bridges
from ._spanwire import CURRENT, Current, Span, frames, scope_var

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._trace_context import TraceContext

    Place = Union[Span, TraceContext]
    #: What is current, what was before, and what other SDKs keep with it: an immutable list, so that a task keeps
    #: its own.
    Frame = tuple[Union[Place, "Loan"], Optional["Frame"], bridges.Ties]
    #: Where a new span hangs: below a span, below a caller's, in a trace of its own, or where we are.
    Parent = Union[Place, None, Current]

__all__ = [
    "CURRENT", "Current", "Loan", "Snapshot", "closes_a_generator", "current", "enter", "frames", "is_entered", "leave",
    "own", "scope_var"
]


class Loan:
    """A place that is current until it is over, wherever its context was copied to meanwhile.

    For callbacks, which may begin in one context and end in another: what they leave behind counts no more.
    """

    __slots__ = ("is_over", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.is_over = False

    def end(self) -> None:
        """Is current no more, here and anywhere."""
        self.is_over = True
        leave(self)


class Carried(Loan):
    """The place of another SDK's span, carried to where that is not current: it is no block of ours."""

    __slots__ = ()


class Snapshot:
    """What is current and the scope, at the moment when this is made."""

    __slots__ = ("_frame", "_scope")

    def __init__(self) -> None:
        self._frame = frames.get()
        self._scope = scope_var.get()
        place = current() if bridges.active else None
        if place is not None and place is not own()[0]:
            self._frame = (Carried(place), self._frame, ())

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """A block where all of it holds again, in any thread or task, and in several at once."""
        frame, scope = frames.set(self._frame), scope_var.set(self._scope)
        ties: bridges.Ties = ()
        place, _ = own()
        if place is not None and bridges.active:
            # What other SDKs keep stands in the context where the place was entered.
            ties = bridges.tied(place)
            is_block = own(is_block=True)[0] is place
            frames.set((place if is_block else Carried(place), self._frame, ties))
        try:
            yield
        finally:
            if ties:
                bridges.untie(ties)
            # In another context than the block began in there is nothing to undo.
            with contextlib.suppress(ValueError):
                frames.reset(frame)
                scope_var.reset(scope)


def own(*, is_block: bool = False) -> tuple[Place | None, bridges.Ties]:
    """The span or trace context of ours that is current, and what other SDKs keep with it. With `is_block` the
    innermost one whose block this is."""
    frame = frames.get()
    while frame is not None:
        place, frame, ties = frame
        if not _is_over(place) and not (is_block and isinstance(place, Carried)):
            return place.place if isinstance(place, Loan) else place, ties
    return None, ()


def _is_over(place: Place | Loan) -> bool:
    """Whether a place counts no more: a span whose block was left in another context is still in this one."""
    return place.is_over if isinstance(place, Loan) else isinstance(place, Span) and place._is_left


def current() -> Place | None:
    """The place that new spans hang below: ours, or another SDK's that was opened inside of it."""
    place, ties = own()
    return bridges.innermost(place, ties) if bridges.active else place


def enter(place: Place | Loan) -> None:
    """Makes a place current in this context."""
    ties: bridges.Ties = ()
    outer = frames.get()
    while outer is not None and _is_over(outer[0]):
        # What was left behind does not pile up.
        bridges.untie(outer[2])
        outer = outer[1]
    if bridges.active:
        ties = bridges.tied(place.place if isinstance(place, Loan) else place)
    frames.set((place, outer, ties))


def leave(place: Place | Loan) -> bool:
    """Takes a place out again, and says whether it was there: also when another one was entered meanwhile, and in a
    context that has never seen it, where there is nothing to do."""
    frame = frames.get()
    if frame is None:
        return False
    rest = frame[1] if frame[0] is place and not frame[2] else _without(frame, place)
    frames.set(rest)
    return rest is not frame


def closes_a_generator() -> bool:
    """Whether all that this task does is to close an async generator that was left, as event loops do."""
    asyncio: Any = sys.modules.get("asyncio")
    try:
        task = None if asyncio is None else asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and type(task.get_coro()).__name__ == "async_generator_athrow"


def is_entered(place: Place | Loan) -> bool:
    """Whether a place is current in this context, or what is current was entered inside of it."""
    frame = frames.get()
    while frame is not None and frame[0] is not place:
        frame = frame[1]
    return frame is not None


def _without(frame: Frame, place: Place | Loan) -> Frame | None:
    inner: list[Frame] = []
    rest: Frame | None = frame
    while rest is not None and rest[0] is not place:
        inner.append(rest)
        rest = rest[1]
    if rest is None:
        return frame
    if rest[2]:
        bridges.untie(rest[2])
    rest = rest[1]
    while inner:
        within, _, ties = inner.pop()
        rest = (within, rest, ties)
    return rest
