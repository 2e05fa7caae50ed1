"""What goes wrong in an integration stays there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import _state

if TYPE_CHECKING:
    from types import TracebackType


class guarded:  # noqa: N801  It is called like a function.
    """A block whose errors are said once, in debug mode, and go no further."""

    __slots__ = ("_what",)

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        _state.not_recorded(self._what, error)
        return True
