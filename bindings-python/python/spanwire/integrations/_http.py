"""What comes back over HTTP while it is read, in the responses of `httpx` and `httpx2`."""

from __future__ import annotations

import functools
import weakref
from typing import TYPE_CHECKING, Any, Protocol

from .._stream import AsyncReader, SyncReader
from ._guard import guarded
from ._patches import shadow

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._stream import Watcher, _Watched
    from ._request import Call

    Method = Callable[..., Any]


def watch_body(response: Any, watcher: Watcher, *, is_async: bool) -> None:
    """Shows a watcher the body of an open response, as it is read, by whatever method, and its close.

    Everything that reads a body does it through the one method that is shadowed. Once the response is closed
    it is as it was.
    """
    # The response holds what is in here: a stream that it held would not go when its reader does.
    reading: list[weakref.ref[_Watched]] = []
    names = ("aiter_bytes", "aclose") if is_async else ("iter_bytes", "close")

    def replace_reading(read: Method) -> Method:
        @functools.wraps(read)
        def iter_bytes(*args: Any, **kwargs: Any) -> Any:
            kind: Any = AsyncReader if is_async else SyncReader
            stream = kind(read(*args, **kwargs), watcher)
            reading[:] = [weakref.ref(stream)]
            return stream

        return iter_bytes

    def closing() -> None:
        for take_away in shadows:
            take_away()
        # What closes itself while it is read tells so itself.
        if not any(stream is not None and stream.is_stepping for stream in (known() for known in reading)):
            with guarded("the end of an answer"):
                watcher.closed()

    def replace_closing(close: Method) -> Method:
        if is_async:

            @functools.wraps(close)
            async def aclose() -> Any:
                closing()
                return await close()

            return aclose

        @functools.wraps(close)
        def close_() -> Any:
            closing()
            return close()

        return close_

    shadows = (shadow(response, names[0], replace_reading), shadow(response, names[1], replace_closing))


def watch_answer(response: Any, call: Call, end: End | None = None, *, is_async: bool) -> None:
    """Tells a call its answer: at once, if the response has been read, or as it is read."""
    if response.is_closed:
        call.response(response.content)
        (call if end is None else end).ended()
    else:
        watch_body(response, body_of(response)(call, end), is_async=is_async)


def body_of(response: Any) -> type[Pieces] | type[Whole]:
    """What sees the body of an answer, by its media type."""
    content_type = response.headers.get("content-type", "")
    is_whole = "json" in content_type and not any(lines in content_type for lines in ("ndjson", "jsonl", "stream+json"))
    return Whole if is_whole else Pieces


class End(Protocol):
    """Is told how an answer ends: a call, or what knows better when it has ended."""

    def ended(self) -> None: ...
    def failed(self, error: BaseException) -> None: ...
    def closed(self) -> None: ...


class _Body:
    """Sees the bytes of an answer."""

    def __init__(self, call: Call, end: End | None = None) -> None:
        self._call = call
        self._end: End = call if end is None else end

    def ended(self) -> None:
        self._end.ended()

    def failed(self, error: BaseException) -> None:
        self._end.failed(error)

    def closed(self) -> None:
        self._end.closed()


class Pieces(_Body):
    """The text of a stream, or bytes that are none, recorded as they come: the core reads them however they are cut."""

    def __init__(self, call: Call, end: End | None = None) -> None:
        super().__init__(call, end)
        self.piece = call.recorder


class Whole(_Body):
    """A whole answer that is read in pieces, recorded when all of it is there."""

    def __init__(self, call: Call, end: End | None = None) -> None:
        super().__init__(call, end)
        self._parts: list[bytes] = []

    def piece(self, piece: Any) -> bool:
        self._parts.append(piece)
        return False

    def ended(self) -> None:
        self._call.response(b"".join(self._parts))
        super().ended()
