"""Streams that give what another one gives, record it into a span, and end the span with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ._span import Span

T = TypeVar("T")


class _Recorder:
    """The span's side of a stream; nothing in here raises."""

    def __init__(self, span: Span, stream: Any, by_hand: bool) -> None:
        self._span = span
        self._stream = stream
        self._by_hand = by_hand
        self._steps = 0

    def __getattr__(self, name: str) -> Any:
        """Whatever else the stream has."""
        return getattr(self._stream, name)

    def __del__(self) -> None:
        self._span._let_go()

    def _record(self, chunk: object) -> None:
        self._span._change("chunk", chunk, self._by_hand)

    def _left(self) -> None:
        """Nobody wants more. What the stream closes while it takes a step, it closes itself."""
        if not self._steps:
            self._span.end()


class SyncStream(_Recorder, Generic[T]):
    """A stream of `wrap_stream`: iterate over it once, or use it as a context manager."""

    def __init__(self, span: Span, stream: Any, *, by_hand: bool) -> None:
        super().__init__(span, stream, by_hand)
        self._iterator: Iterator[T] = iter(stream)

    def __iter__(self) -> Iterator[T]:
        return _Loop(self)

    def __next__(self) -> T:
        self._steps += 1
        try:
            chunk = next(self._iterator)
        except StopIteration:
            self._span.end()
            raise
        except BaseException as error:
            self._span._finish(error)
            raise
        finally:
            self._steps -= 1
        self._record(chunk)
        return chunk

    def close(self) -> None:
        """Closes the stream, as far as it can be closed, and ends the span."""
        self._left()
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        self.close()
        return False


class AsyncStream(_Recorder, Generic[T]):
    """A stream of `wrap_stream`, for ``async for`` and ``async with``."""

    def __init__(self, span: Span, stream: Any, *, by_hand: bool) -> None:
        super().__init__(span, stream, by_hand)
        self._iterator: AsyncIterator[T] = aiter(stream)

    def __aiter__(self) -> AsyncIterator[T]:
        return _AsyncLoop(self)

    async def __anext__(self) -> T:
        self._steps += 1
        try:
            chunk = await anext(self._iterator)
        except StopAsyncIteration:
            self._span.end()
            raise
        except BaseException as error:
            self._span._finish(error)
            raise
        finally:
            self._steps -= 1
        self._record(chunk)
        return chunk

    async def aclose(self) -> None:
        """Closes the stream, as far as it can be closed, and ends the span."""
        self._left()
        close = getattr(self._stream, "aclose", None) or getattr(self._stream, "close", None)
        if close is not None:
            await close()

    close = aclose

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        await self.aclose()
        return False


class _Loop(Iterator[T]):
    """One loop over a stream: when it is left, it is let go, and the span ends."""

    def __init__(self, stream: SyncStream[T]) -> None:
        self._stream = stream

    def __next__(self) -> T:
        return self._stream.__next__()

    def __del__(self) -> None:
        self._stream._left()


class _AsyncLoop(AsyncIterator[T]):
    """The same for ``async for``."""

    def __init__(self, stream: AsyncStream[T]) -> None:
        self._stream = stream

    async def __anext__(self) -> T:
        return await self._stream.__anext__()

    def __del__(self) -> None:
        self._stream._left()
