"""Which span an exception has left first, for when it is reported further out.

Nothing is put on the exception, which is the program's, and nothing keeps it alive: those of Python itself take no
weak references. It is known again by where it is in memory and by the line of its traceback at which it left a block of
ours: another one in the same place that has come through that line has left a block too, and was noted after it.
"""

from __future__ import annotations

import threading
from collections import deque
from itertools import count
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

    from .._context import Place
    from .._spanwire import Span

#: Exceptions on their way at the same time.
_LIMIT = 256


class _Failure(NamedTuple):
    error: int
    code: CodeType
    instruction: int
    #: When it left the span, in the order of what was noted.
    at: int
    #: Ids of the trace and the span.
    place: tuple[str, str]


class Failures:
    """The last exceptions that have left a span."""

    def __init__(self) -> None:
        self._moments = count()
        self._entered: WeakKeyDictionary[Place, int] = WeakKeyDictionary()
        self._last: deque[_Failure] = deque(maxlen=_LIMIT)
        self._lock = threading.Lock()

    def enter(self, place: Place) -> None:
        """A place becomes current."""
        self._entered[place] = next(self._moments)

    def leave(self, span: Span, error: BaseException) -> None:
        """An exception leaves a span, which counts if it has left none on its way that was opened further in."""
        line = error.__traceback__
        if line is None:
            return
        trace_id = span.trace_id
        known = self._find(error)
        # One that was noted before this span was entered has come to its end since.
        if known is None or known.place[0] != trace_id or known.at < self._entered.get(span, 0):
            code, instruction, at = line.tb_frame.f_code, line.tb_lasti, next(self._moments)
            with self._lock:
                self._last.append(_Failure(id(error), code, instruction, at, (trace_id, span.span_id)))

    def find(self, error: BaseException) -> tuple[str, str] | None:
        """The span that an exception has left first, if it was one of the last."""
        known = self._find(error)
        return None if known is None else known.place

    def _find(self, error: BaseException) -> _Failure | None:
        with self._lock:
            candidates = [failure for failure in reversed(self._last) if failure.error == id(error)]
        lines = set(_lines(error)) if candidates else ()
        return next((it for it in candidates if (it.code, it.instruction) in lines), None)


def _lines(error: BaseException) -> Iterator[tuple[CodeType, int]]:
    line = error.__traceback__
    while line is not None:
        yield line.tb_frame.f_code, line.tb_lasti
        line = line.tb_next
