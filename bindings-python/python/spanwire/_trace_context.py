"""A caller's place in its trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from . import _context, _spanwire

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

#: The ids of where nothing is recorded.
NO_TRACE_ID = "0" * 32
_NO_SPAN_ID = "0" * 16


class TraceContext(_spanwire.TraceContext):
    """A caller's place in its trace: for ``parent=``, or as a context manager, current for a block.

    Headers that said nothing give one that begins a new trace.
    """

    __slots__ = ()

    @property
    def trace_id(self) -> str:
        """32 hex digits; all zeros where nothing is recorded."""
        place = self._place()
        return NO_TRACE_ID if place is None else place[0]

    @property
    def span_id(self) -> str:
        """16 hex digits; all zeros where nothing is recorded."""
        place = self._place()
        return _NO_SPAN_ID if place is None else place[1]

    def __enter__(self) -> Self:
        _context.enter(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _context.leave(self)
        return False

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        return self.__exit__(kind, error, traceback)
