"""Spans by the ids that a library gives its runs: callbacks may come on any thread, in any context.

What a run hangs below is what its library says, never what happens to be current when the callback comes.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from .. import _context
from .._context import CURRENT, Loan
from .._spanwire import MAX_OPEN_RUNS, Span, begin, driver
from .._trace_context import TraceContext
from ._request import fail, say_failed

if TYPE_CHECKING:
    from collections.abc import Hashable

    from .._context import Parent

#: Cancelled runs that wait at once: as many as a graph has models and tools at work. Beyond that the oldest fails.
_MAX_CANCELLED = 1_000

#: How far up a run is looked for: graphs stand in tools, and nodes in graphs.
_LEVELS = 100


class _Run:
    """A run with a span, or one that only stands between others."""

    __slots__ = ("cancelled", "is_told", "loan", "note", "parent_id", "place", "span")

    def __init__(self, place: Parent, span: Span | None = None, note: Any = None) -> None:
        #: What the runs inside of it hang below.
        self.place: Parent = place if span is None else span
        self.span = span
        self.loan: Loan | None = None
        #: What the integration wants to know of it later.
        self.note = note
        self.parent_id: Hashable | None = None
        #: With what it was cancelled, and when, in seconds since 1970.
        self.cancelled: tuple[BaseException, float | None] | None = None
        #: Whether the library says how it ended, also where it is cancelled.
        self.is_told = True

    def end(self, error: BaseException | None) -> None:
        """Ends its span. One that was cancelled has failed then, unless nobody wanted more of it."""
        if self.loan is not None:
            self.loan.end()
        if self.span is None:
            return
        if self.cancelled is not None and not isinstance(error, GeneratorExit):
            error, at = self.cancelled
            say_failed(self.span, error)
            self.span.end(at)
        elif error is None:
            self.span.end()
        else:
            fail(self.span, error)

    def lend(self) -> None:
        """Makes its place current until it ends, in this context and in its copies."""
        if isinstance(self.place, (Span, TraceContext)):
            self.loan = Loan(self.place)
            _context.enter(self.loan)


class Runs:
    """The open runs of one library. Memory is bounded: a library may forget to say how a run ended.

    With `outlived` runs may begin inside of those that have ended: the places of that many are kept.
    """

    def __init__(self, integration: str, *, outlived: int = 0) -> None:
        self._integration = integration
        self._outlived = outlived
        self._ended: dict[Hashable, Parent] = {}
        self._open: dict[Hashable, _Run] = {}
        #: Those that were cancelled, and wait for the end of what is around them.
        self._cancelled: dict[Hashable, None] = {}

    def begin(
        self,
        run_id: Hashable,
        parent_id: Hashable | None,
        call: str,
        subject: object = None,
        arguments: dict[str, Any] | None = None,
        *,
        is_current: bool = False,
        integration: str | None = None,
        note: Any = None,
        detail: str | None = None,
        name: str | None = None,
        is_told: bool = True,
    ) -> Span:
        """Begins the span of a run, below that of its parent; below what is current where that is not known.

        With `is_current` it is so until it ends, in this context and in its copies: for the body of a tool. A run
        that was skipped may get its span later. `integration` is that of the span, if it is another one; `detail`
        and `name` are what `start_span` takes.
        """
        place, integration = self.place_of(parent_id), integration or self._integration
        span = begin(call, subject, place, arguments, detail=detail, name=name, integration=integration)
        run = _Run(None, span, note)
        run.is_told = is_told
        self._add(run_id, parent_id, run, is_current)
        return span

    def skip(
        self,
        run_id: Hashable,
        parent_id: Hashable | None,
        *,
        is_current: bool = False,
        note: Any = None,
        is_told: bool = True,
    ) -> None:
        """A run without a span: what is inside of it hangs below its parent, with `is_current` by hand as well."""
        run = _Run(self.place_of(parent_id), None, note)
        run.is_told = is_told
        self._add(run_id, parent_id, run, is_current)

    def _add(self, run_id: Hashable, parent_id: Hashable | None, run: _Run, is_current: bool) -> None:
        run.parent_id = parent_id
        self._open[run_id] = run
        if is_current:
            run.lend()
        while len(self._open) > MAX_OPEN_RUNS:
            # The oldest is let go, which ends its span. Other threads may begin and end runs meanwhile.
            with contextlib.suppress(RuntimeError):
                oldest = next(iter(self._open), None)
                self._cancelled.pop(oldest, None)
                self._open.pop(oldest, None)

    def place_of(self, run_id: Hashable | None) -> Parent:
        """What hangs below that run: its span, or that of the run around it."""
        run = self._open.get(run_id)
        return self._ended.get(run_id, CURRENT) if run is None else run.place

    def span_of(self, run_id: Hashable) -> Span | None:
        """The span of an open run."""
        run = self._open.get(run_id)
        return None if run is None else run.span

    def note(self, run_id: Hashable, note: Any) -> None:
        """Keeps something with an open run."""
        run = self._open.get(run_id)
        if run is not None:
            run.note = note

    def note_of(self, run_id: Hashable | None) -> Any:
        """What is kept with an open run."""
        run = self._open.get(run_id)
        return None if run is None else run.note

    def inside(self, run_id: Hashable) -> list[Hashable]:
        """The open runs right below one."""
        return [inner for inner, run in list(self._open.items()) if run.parent_id == run_id]

    def end(self, run_id: Hashable, error: BaseException | None = None) -> None:
        """Ends a run. That nobody wants more of it is no failure: its span ends where the last piece came."""
        self._cancelled.pop(run_id, None)
        run = self._open.pop(run_id, None)
        if run is None:
            return
        if self._outlived and run.place is not CURRENT:
            self._ended[run_id] = run.place
            while len(self._ended) > self._outlived:
                with contextlib.suppress(RuntimeError):
                    self._ended.pop(next(iter(self._ended), None), None)
        for inner in list(self._cancelled):
            if run_id in self._above(inner):
                self.end(inner, error)
        run.end(error)

    def end_all(self) -> None:
        """Ends what is open, the innermost first: nobody will say more of it."""
        for run_id in reversed(list(self._open)):
            self.end(run_id, GeneratorExit())

    def _above(self, run_id: Hashable) -> list[Hashable]:
        """The runs around an open one, the innermost first; the last one may have ended."""
        above: list[Hashable] = []
        run = self._open.get(run_id)
        while run is not None and run.parent_id is not None and len(above) < _LEVELS:
            above.append(run.parent_id)
            run = self._open.get(run.parent_id)
        return above

    def cancelled(self, run_id: Hashable, error: BaseException) -> None:
        """A run was cancelled. How those around it end tells whether it failed, or nobody wanted more of it."""
        run = self._open.get(run_id)
        if run is None or run.cancelled is not None:
            return
        around = [self._open.get(above) for above in self._above(run_id)]
        if not any(outer.is_told for outer in around if outer is not None):
            self.end(run_id, error)
            return
        latest = driver()
        run.cancelled = (error, None if latest is None else latest.now())
        self._cancelled[run_id] = None
        if run.loan is not None:
            run.loan.end()
        while len(self._cancelled) > _MAX_CANCELLED:
            with contextlib.suppress(RuntimeError):
                self.end(next(iter(self._cancelled), None), error)
