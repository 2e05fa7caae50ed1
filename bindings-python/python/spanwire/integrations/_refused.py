"""Requests that were refused over HTTP: which error it is, the library says when it makes one of the answer.

To `httpx` an answer that says no is an answer. As long as it is there an error may be made of it, and its span waits:
until that happens, the answer goes, the next request of the same context begins, or the program flushes.
"""

from __future__ import annotations

import weakref
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from .. import _state
from ._guard import guarded

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._patches import Method
    from ._request import Call


class Refused:
    """One such request, told as `_http.End` how its answer ends: that is not its own end."""

    def __init__(self, call: Call, integration: str, response: Any) -> None:
        self.integration = integration
        self.status: int = response.status_code
        self._call = call
        self._key = key = id(response)
        self._answer = weakref.ref(response, lambda _: _settle(_waiting.get(key)))
        _waiting[key] = self
        _state.streams[id(self)] = weakref.ref(self)
        _last.set(weakref.ref(self))

    def is_answer(self, response: Any) -> bool:
        """Whether this is the answer to it."""
        return self._answer() is response

    def ended(self) -> None:
        """All of the answer has come."""

    def failed(self, error: BaseException) -> None:
        """The answer broke off, or this is the error that was made of it."""
        self._forget()
        self._call.failed(error)

    def closed(self) -> None:
        """Nobody wants the rest of the answer."""

    def let_go(self, *, if_left: bool = False) -> None:
        """No error is made of it: it ends where its last piece came."""
        self._forget()
        self._call.closed()

    def _forget(self) -> None:
        _state.streams.pop(id(self), None)
        _waiting.pop(self._key, None)


#: Those that wait, by the ids of their answers: they go with these.
_waiting: dict[int, Refused] = {}

#: The last one of this context.
_last: ContextVar[weakref.ref[Refused] | None] = ContextVar("spanwire_refused", default=None)


def _last_one() -> Refused | None:
    found = _last.get()
    return None if found is None else found()


def _settle(refused: Refused | None) -> None:
    if refused is not None:
        refused.let_go()


def settle() -> None:
    """Another request of this context begins: nothing is made of the last answer any more."""
    _settle(_last_one())


def telling(integration: str) -> Callable[[Method], Method]:
    """For `Patches.method`: the `__init__` of what a library makes of such an answer."""

    def replace(init: Method) -> Method:
        def made(self: Any, *args: Any, **kwargs: Any) -> None:
            init(self, *args, **kwargs)
            with guarded(f"an error of {integration}"):
                refused = _found(self, integration)
                if refused is not None:
                    refused.failed(self)

        return made

    return replace


def _found(error: Any, integration: str) -> Refused | None:
    """The request of which this is the error: that of its answer, or else the last one, if the status is the same."""
    response = getattr(error, "response", getattr(error, "raw_response", None))
    refused = _last_one() if response is None else _waiting.get(id(response))
    if refused is None or refused.integration != integration:
        return None
    is_same = error.status_code == refused.status if response is None else refused.is_answer(response)
    return refused if is_same else None
