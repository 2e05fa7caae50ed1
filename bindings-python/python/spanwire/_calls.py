"""The calls that the extension does not have: handoffs, other SDKs' spans, and what is current."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

from . import _context, _spanwire, _state
from ._spanwire import CURRENT, Span, begin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Literal

    from typing_extensions import Unpack

    from ._arguments import Common
    from ._context import Parent, Place

    Attributes = Mapping[str, object] | None


def is_running_tool(name: str) -> bool:
    """Whether this is the body of a tool of that name which a library runs, and has a span for."""
    place, _ = _context.own(is_block=True)
    return isinstance(place, Span) and place._tool == name


def handoff(from_agent: str, to_agent: str, **arguments: Unpack[Common]) -> Span:
    """Control passes from one agent to another. Without a block it is a mark and ends at once."""
    parent = arguments.pop("parent", CURRENT)
    mark = begin("handoff", from_agent, parent, {"to_agent": to_agent, **arguments}, is_mark=True)
    # Whether a block follows shows with the next thing that this thread does.
    _spanwire.marks[threading.get_ident()] = weakref.ref(mark)
    return mark


def start_span(
    name: str | None = None,
    op: str | None = None,
    attributes: Attributes = None,
    parent: Parent = CURRENT,
    *,
    description: str | None = None,
    **unknown: object,
) -> Span:
    """Anything else, and code written for other Sentry SDKs: an op that they use for AI is understood."""
    for other in unknown:
        _state.notice(f"start_span does not know `{other}`; it was left out")
    arguments = None if attributes is None else {"attributes": attributes}
    if name is None:
        name = description
    return begin("start_span", None, parent, arguments, detail=op, name=name)


def current_span() -> Span | None:
    """The span whose block this is; none outside of one."""
    place, _ = _context.own(is_block=True)
    return place if isinstance(place, Span) else None


class use_span:  # noqa: N801  It is called like a function.
    """Makes a span or trace context current for a block, sync or async, and does not end it."""

    def __init__(self, span: Place) -> None:
        self._span = span

    def __enter__(self) -> Place:
        _context.enter(self._span)
        return self._span

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _context.leave(self._span)
        return False

    async def __aenter__(self) -> Place:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        return self.__exit__(kind, error, traceback)
