"""What spans inherit from where they start: conversation, user, pipeline, attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ._context import Snapshot, scope_var
from ._runners import Surrounding, decorated, wrapped
from ._spanwire import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextvars import Token
    from types import TracebackType

    from typing_extensions import Self

F = TypeVar("F", bound="Callable[..., Any]")


def set_conversation_id(conversation_id: str | None) -> None:
    """Sets the conversation of every AI span that starts in this context from now on; None takes it away."""
    _change({"conversation_id": conversation_id})


def set_user(user: Mapping[str, object] | str | int | None) -> None:
    """Sets the user (``id``, ``email``, ``username``, ``ip_address``, or the id alone); None takes it away."""
    _change({"user": user})


def set_pipeline(pipeline: str | None) -> None:
    """Sets the pipeline of every AI span that starts in this context from now on; None takes it away."""
    _change({"pipeline": pipeline})


def _change(changes: dict[str, object]) -> None:
    scope_var.set(Scope(scope_var.get(), changes))


class scope:  # noqa: N801  It is called like a function.
    """Changes that hold for a block, sync or async, or for every run of a decorated function."""

    def __init__(
        self,
        *,
        conversation_id: str | None = None,
        user: Mapping[str, object] | str | int | None = None,
        pipeline: str | None = None,
        attributes: Mapping[str, object] | None = None,
    ) -> None:
        changes = {
            "conversation_id": conversation_id,
            "user": user,
            "pipeline": pipeline,
            "attributes": attributes,
        }
        self._changes: dict[str, Any] = {name: value for name, value in changes.items() if value is not None}
        self._tokens: list[Token[Scope]] = []

    def __enter__(self) -> Self:
        self._tokens.append(scope_var.set(Scope(scope_var.get(), self._changes)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        try:
            scope_var.reset(self._tokens.pop())
        except (IndexError, ValueError):
            pass  # Left in another context than it was entered in: there is nothing to undo there.
        return False

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        return self.__exit__(kind, error, traceback)

    def __call__(self, function: F) -> F:
        return decorated(function, lambda _: Surrounding(lambda: scope(**self._changes)))


def wrap(function: F) -> F:
    """The function with the current span and scope of this moment, wherever it runs: in another thread or task.

    Python gives threads no context of their own accord, so what a pool runs would begin new traces:
    ``pool.submit(spanwire.wrap(work), item)``. It may run several times, also at once; async functions and
    generators may be wrapped as well.
    """
    return wrapped(function, Surrounding(Snapshot().entered))
