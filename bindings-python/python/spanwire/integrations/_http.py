"""What comes back over HTTP while it is read, in the responses of `httpx` and `httpx2`."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from .._stream import AsyncStream, SyncStream
from ._patches import shadow

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._stream import Watcher, _Watched

    Method = Callable[..., Any]


def watch_body(response: Any, watcher: Watcher, *, is_async: bool) -> None:
    """Shows a watcher the body of an open response, as it is read, by whatever method, and its close.

    Everything that reads a body does it through the one method that is shadowed. Once the response is closed
    it is as it was.
    """
    reading: list[_Watched] = []
    names = ("aiter_bytes", "aclose") if is_async else ("iter_bytes", "close")

    def replace_reading(read: Method) -> Method:
        @functools.wraps(read)
        def iter_bytes(*args: Any, **kwargs: Any) -> Any:
            kind: Any = AsyncStream if is_async else SyncStream
            stream = kind(read(*args, **kwargs), watcher)
            reading[:] = [stream]
            return stream

        return iter_bytes

    def closing() -> None:
        for take_away in shadows:
            take_away()
        # What closes itself while it is read tells so itself.
        if not any(stream.is_stepping for stream in reading):
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
