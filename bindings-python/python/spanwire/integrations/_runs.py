"""Spans by the ids that a library gives its runs: callbacks may come on any thread, in any context.

What a run hangs below is what its library says, never what happens to be current when the callback comes.
"""

from __future__ import annotations

import weakref
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

    __slots__ = ("loan", "place", "span", "tie")

    def __init__(self, place: Parent, span: Span | None = None) -> None:
        #: What the runs inside of it hang below.
        self.place: Parent = place if span is None else span
        self.span = span
        self.loan: Loan | None = None
        #: Tells when what the run goes on with is gone.
        self.tie: weakref.ref[Any] | None = None

    def lend(self) -> None:
        """Makes its place current until it ends, in this context and in its copies."""
        if self.place is not CURRENT and self.place is not None:
            self.loan = Loan(self.place)
            _context.enter(self.loan)


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
        integration: str | None = None,
        lives_with: object = None,
    ) -> Span:
        """Begins the span of a run, below that of its parent; below what is current where that is not known.

        With `is_current` it is so until it ends, in this context and in its copies: for the body of a tool. Where a
        library may forget to say how a run ended, the run `lives_with` something that goes when it is over.
        """
        of = integration or self._integration
        span = begin(call, subject, self.place_of(parent_id), arguments, integration=of)
        run = self._add(run_id, _Run(None, span))
        if is_current:
            run.lend()
        if lives_with is not None:
            run.tie = weakref.ref(lives_with, lambda _: self.end(run_id, GeneratorExit()))
        return span

    def skip(self, run_id: Hashable, parent_id: Hashable | None, *, is_current: bool = False) -> None:
        """A run without a span: what is inside of it hangs below its parent, or below what is current now."""
        place = self.place_of(parent_id)
        run = self._add(run_id, _Run(_context.current() if place is CURRENT else place))
        if is_current:
            run.lend()

    def _add(self, run_id: Hashable, run: _Run) -> _Run:
        self._open[run_id] = run
        if len(self._open) > MAX_OPEN_RUNS:
            # The oldest is let go, which ends its span.
            self.end(next(iter(self._open), None), GeneratorExit())
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
