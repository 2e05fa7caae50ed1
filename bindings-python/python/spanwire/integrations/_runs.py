"""Spans by the ids that a library gives its runs: callbacks may come on any thread, in any context.

What a run hangs below is what its library says, never what happens to be current when the callback comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import _context
from .._calls import begin
from .._context import CURRENT, Loan
from .._spanwire import MAX_OPEN_RUNS
from ._request import fail

if TYPE_CHECKING:
    from collections.abc import Hashable

    from .._context import Parent
    from .._span import Span


class _Run:
    """A run with a span, or one that only stands between others."""

    __slots__ = ("loan", "place", "span")

    def __init__(self, place: Parent, span: Span | None = None) -> None:
        #: What the runs inside of it hang below.
        self.place: Parent = place if span is None else span
        self.span = span
        self.loan: Loan | None = None


class Runs:
    """The open runs of one library. Memory is bounded: a library may forget to say how a run ended."""

    def __init__(self, integration: str) -> None:
        self._integration = integration
        self._open: dict[Hashable, _Run] = {}

    def begin(
        self,
        run_id: Hashable,
        parent_id: Hashable | None,
        call: str,
        subject: object = None,
        arguments: dict[str, Any] | None = None,
        *,
        is_current: bool = False,
    ) -> Span:
        """Begins the span of a run, below that of its parent; below what is current where that is not known.

        With `is_current` it is so until it ends, in this context and in its copies: for the body of a tool.
        """
        span = begin(call, subject, self.place_of(parent_id), arguments, integration=self._integration)
        run = self._add(run_id, _Run(None, span))
        if is_current:
            run.loan = Loan(span)
            _context.enter(run.loan)
        return span

    def skip(self, run_id: Hashable, parent_id: Hashable | None) -> None:
        """A run without a span: what is inside of it hangs below its parent."""
        self._add(run_id, _Run(self.place_of(parent_id)))

    def _add(self, run_id: Hashable, run: _Run) -> _Run:
        self._open[run_id] = run
        if len(self._open) > MAX_OPEN_RUNS:
            # The oldest is let go, which ends its span.
            oldest = next(iter(self._open), None)
            self._open.pop(oldest, None)
        return run

    def place_of(self, run_id: Hashable | None) -> Parent:
        """What hangs below that run: its span, or that of the run around it."""
        run = self._open.get(run_id)
        return CURRENT if run is None else run.place

    def span_of(self, run_id: Hashable) -> Span | None:
        """The span of an open run."""
        run = self._open.get(run_id)
        return None if run is None else run.span

    def end(self, run_id: Hashable, error: BaseException | None = None) -> None:
        """Ends a run. That nobody wants more of it is no failure: its span ends where the last piece came."""
        run = self._open.pop(run_id, None)
        if run is None:
            return
        if run.loan is not None:
            run.loan.end()
        if run.span is not None:
            if error is None:
                run.span.end()
            else:
                fail(run.span, error)
