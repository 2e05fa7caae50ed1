"""Streams that give what another one gives, and tell a watcher what happens to it."""

from __future__ import annotations

import weakref
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar

from . import _state
from ._spanwire import Steps

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from ._spanwire import Span

T = TypeVar("T")


class Watcher(Protocol):
    """Is told what happens to a stream. Nothing in it should raise; what does, goes no further."""

    def piece(self, piece: object, /) -> object:
        """One piece came; true if the program is not to see it."""
        ...

    def ended(self) -> None:
        """The last piece has come."""
        ...

    def failed(self, error: BaseException) -> None:
        """The next piece could not come."""
        ...

    def closed(self) -> None:
        """Nobody wants the rest."""
        ...


class Leavable(Protocol):
    """What may be left without a word."""

    def let_go(self, *, if_left: bool = False) -> None:
        """Nobody wants the rest; or, with `if_left`, nobody may want it."""
        ...


class SpanWatcher:
    """Records the pieces into a span, which ends with them: at the last one if nobody wants the rest."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def piece(self, piece: object) -> bool:
        self._span.record_chunk(piece)
        return False

    def ended(self) -> None:
        self._span.end()

    def failed(self, error: BaseException) -> None:
        self._span._finish(error)

    def closed(self) -> None:
        self._span._let_go()


class _Watched:
    """What sync and async streams have in common."""

    def __init__(self, stream: Any, watcher: Watcher) -> None:
        self._stream = stream
        self._watcher = watcher

    def _begin(self) -> None:
        """Is there for whoever lets streams go."""
        key = id(self)
        _state.streams[key] = weakref.ref(self, lambda _: _state.streams.pop(key, None))

    def __del__(self) -> None:
        self._tell(self._watcher.closed)

    def _tell(self, what: Callable[..., None], *error: BaseException) -> None:
        """Tells the watcher; what goes wrong with it is not the program's."""
        try:
            what(*error)
        except Exception as wrong:
            _state.not_recorded("a stream", wrong)

    @property
    def is_stepping(self) -> bool:
        """Whether the next piece is being fetched: what is closed meanwhile, the stream closes itself."""
        raise NotImplementedError

    @property
    def is_left(self) -> bool:
        """Whether a loop was left, and nobody has asked for more since."""
        raise NotImplementedError

    def let_go(self, *, if_left: bool = False) -> None:
        """Nobody wants the rest; or, with `if_left`, nobody may want it, as no loop is under way."""
        if not self.is_stepping and (self.is_left or not if_left):
            self._tell(self._watcher.closed)


class SyncReader(_Watched, Generic[T]):
    """What stands between a library and what it reads, and is asked for every piece: its steps are native, and its
    attributes are its own, as looking others up makes all of them slow."""

    def __init__(self, stream: Any, watcher: Watcher, *, shows_pieces: bool = True) -> None:
        super().__init__(stream, watcher)
        self._steps: Steps[T] = Steps(iter(stream), watcher, watcher.piece if shows_pieces else None)
        self._begin()

    @property
    def is_stepping(self) -> bool:
        return self._steps.is_stepping

    @property
    def is_left(self) -> bool:
        return self._steps.is_left

    def __iter__(self) -> Iterator[T]:
        return self._steps.loop_over(self)

    def __next__(self) -> T:
        return next(self._steps)

    def close(self) -> None:
        """Closes the stream, as far as it can be closed, and ends the span."""
        self.let_go()
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


class AsyncReader(_Watched, Generic[T]):
    """The same where pieces are awaited."""

    def __init__(self, stream: Any, watcher: Watcher, *, shows_pieces: bool = True) -> None:
        super().__init__(stream, watcher)
        self._iterator: AsyncIterator[T] = aiter(stream)
        self._see = watcher.piece if shows_pieces else None
        self._steps = 0
        self._is_left = False
        self._begin()

    @property
    def is_stepping(self) -> bool:
        return self._steps > 0

    @property
    def is_left(self) -> bool:
        return self._is_left

    def __aiter__(self) -> AsyncIterator[T]:
        return _AsyncLoop(self)

    async def __anext__(self) -> T:
        self._steps += 1
        self._is_left = False
        try:
            while True:
                piece = await anext(self._iterator)
                try:
                    if self._see is None or not self._see(piece):
                        return piece
                except Exception as wrong:
                    _state.not_recorded("a piece of a stream", wrong)
                    return piece
        except StopAsyncIteration:
            self._tell(self._watcher.ended)
            raise
        except BaseException as error:
            self._tell(self._watcher.failed, error)
            raise
        finally:
            self._steps -= 1

    async def aclose(self) -> None:
        """Closes the stream, as far as it can be closed, and ends the span."""
        self.let_go()
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


class _Others(_Watched):
    """Whatever else the stream has."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class SyncStream(SyncReader[T], _Others):
    """A stream of `wrap_stream`: iterate over it, or use it as a context manager."""


class AsyncStream(AsyncReader[T], _Others):
    """A stream of `wrap_stream`, for ``async for`` and ``async with``."""


class _AsyncLoop(AsyncIterator[T]):
    """One loop over a stream: when it is left, it is let go. Another loop may still go on."""

    __slots__ = ("_step", "_stream")

    def __init__(self, stream: AsyncReader[T]) -> None:
        self._stream = stream
        self._step = stream.__anext__

    def __anext__(self) -> Awaitable[T]:
        return self._step()

    def __del__(self) -> None:
        self._stream._is_left = True


def watched_generator(source: Iterator[T], watcher: Watcher) -> Generator[T, None, None]:
    """A generator in the place of another one, for libraries whose streams are nothing else."""
    return _pieces(SyncReader(source, watcher))


def _pieces(stream: SyncReader[T]) -> Generator[T, None, None]:
    try:
        yield from stream
    finally:
        stream.close()


def watched_async_generator(source: AsyncIterator[T], watcher: Watcher) -> AsyncGenerator[T, None]:
    """The same for async generators."""
    return _async_pieces(AsyncReader(source, watcher))


async def _async_pieces(stream: AsyncReader[T]) -> AsyncGenerator[T, None]:
    try:
        async for piece in stream:
            yield piece
    finally:
        await stream.aclose()


def wrap_stream(span: Span, iterable: Any) -> Any:
    """Gives the same pieces and records each one; the span ends when they do, or nobody wants more."""
    if isinstance(iterable, AsyncIterable):
        return AsyncStream(iterable, SpanWatcher(span))
    if isinstance(iterable, Iterable):
        return SyncStream(iterable, SpanWatcher(span))
    _state.notice(f"wrap_stream takes an iterable, not {type(iterable).__name__}")
    return iterable
