"""Streams that are watched: what the watcher is told, whoever ends them, and that they go as they would have."""

from __future__ import annotations

import asyncio
import gc
import inspect
import types
import weakref
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import spanwire
from conftest import Recorded
from spanwire import _state
from spanwire._stream import AsyncStream, SyncStream, watched_async_generator, watched_generator


class Told:
    """A watcher that writes down what it is told."""

    def __init__(self, hidden: object = None) -> None:
        self.said: list[object] = []
        self.hidden = hidden

    def piece(self, piece: object) -> bool:
        self.said.append(piece)
        return piece == self.hidden

    def ended(self) -> None:
        self.said.append("ended")

    def failed(self, error: BaseException) -> None:
        self.said.append(type(error).__name__)

    def closed(self) -> None:
        self.said.append("closed")


def numbers(closed: list[str]) -> Iterator[int]:
    try:
        yield from range(3)
    finally:
        closed.append("source")


async def async_numbers(closed: list[str]) -> AsyncIterator[int]:
    try:
        for number in range(3):
            yield number
    finally:
        closed.append("source")


def test_pieces_and_the_end() -> None:
    told = Told(hidden=1)
    assert list(SyncStream(numbers([]), told)) == [0, 2]
    assert told.said[:4] == [0, 1, 2, "ended"]


def test_a_stream_that_fails() -> None:
    def failing() -> Iterator[int]:
        yield 0
        raise LookupError

    told = Told()
    with pytest.raises(LookupError):
        list(SyncStream(failing(), told))
    assert told.said[:2] == [0, "LookupError"]


def test_the_last_word_of_a_stream_has_its_value() -> None:
    def numbered() -> Iterator[int]:
        yield 0
        return 42

    def delegating(stream: Any) -> Any:
        return (yield from stream)

    told = Told()
    for loop in (delegating(SyncStream(numbered(), told)), delegating(iter(SyncStream(numbered(), told)))):
        assert next(loop) == 0
        with pytest.raises(StopIteration) as end:
            next(loop)
        assert end.value.value == 42
    assert told.said.count("ended") == 2


@pytest.mark.parametrize("wrong", [RuntimeError, KeyboardInterrupt])
def test_what_goes_wrong_in_a_watcher(wrong: type[BaseException]) -> None:
    """It goes no further, unless it ends the program."""

    class Failing(Told):
        def piece(self, piece: object) -> bool:
            raise wrong

        def failed(self, error: BaseException) -> None:
            super().failed(error)
            raise wrong

    def failing() -> Iterator[int]:
        yield 0
        raise LookupError

    expected = LookupError if wrong is RuntimeError else wrong
    pieces, told = [], Failing()
    with pytest.raises(expected):
        for piece in SyncStream(failing(), told):
            pieces.append(piece)
    assert pieces == ([0] if wrong is RuntimeError else [])
    assert told.said[0] == expected.__name__


def test_a_stream_in_a_circle_is_collected() -> None:
    """What it gives may know of it, and of a loop over it."""
    closed: list[str] = []

    class Source:
        def __init__(self) -> None:
            self.knows: object = None

        def __iter__(self) -> Iterator[int]:
            return self

        def __next__(self) -> int:
            return 0

    source, told = Source(), Told()
    stream = SyncStream(source, told)
    source.knows = (stream, iter(stream))
    gone = weakref.ref(source, lambda _: closed.append("source"))
    assert next(stream) == 0
    del source, stream
    gc.collect()
    assert closed == ["source"] and gone() is None and told.said == [0, "closed"]


def test_a_stream_is_stepping_while_it_fetches() -> None:
    stepping: list[bool] = []

    def numbers() -> Iterator[int]:
        stepping.append(stream.is_stepping)
        stream.let_go()
        yield 0

    told = Told()
    stream: Any = SyncStream(numbers(), told)
    assert next(stream) == 0 and stepping == [True] and not stream.is_stepping
    assert told.said == [0]


@pytest.mark.parametrize("make", [SyncStream, watched_generator])
def test_a_stream_that_is_dropped_goes_at_once(make: Any) -> None:
    closed: list[str] = []
    told = Told()
    gc.collect()
    before = len(_state.streams)
    gc.disable()
    try:
        stream = make(numbers(closed), told)
        assert next(stream) == 0
        del stream
        assert "closed" in told.said and closed == ["source"]
    finally:
        gc.enable()
    assert len(_state.streams) == before


def test_a_generator_stays_a_generator() -> None:
    told, closed = Told(), []  # type: ignore[var-annotated]
    generator = watched_generator(numbers(closed), told)
    assert isinstance(generator, types.GeneratorType) and inspect.isasyncgen(
        watched_async_generator(async_numbers([]), Told())
    )
    assert list(generator) == [0, 1, 2] and told.said[3] == "ended" and closed == ["source"]


def test_a_generator_that_is_closed_somewhere_else() -> None:
    told = Told()
    closed: list[str] = []
    generator = watched_generator(numbers(closed), told)
    next(generator)
    generator.close()
    assert told.said[:2] == [0, "closed"] and closed == ["source"]


def test_async_streams_and_generators() -> None:
    async def main() -> None:
        told, closed = Told(hidden=1), []  # type: ignore[var-annotated]
        assert [piece async for piece in AsyncStream(async_numbers(closed), told)] == [0, 2]
        assert told.said[3] == "ended"
        told = Told()
        generator = watched_async_generator(async_numbers(closed), told)
        assert await anext(generator) == 0
        await generator.aclose()
        assert told.said[:2] == [0, "closed"] and closed == ["source", "source"]
        told = Told()
        async for _ in watched_async_generator(async_numbers(closed), told):
            break
        gc.collect()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert "closed" in told.said and len(closed) == 3

    asyncio.run(main())


def test_whether_a_loop_was_left_shows_with_the_next_flush() -> None:
    kept, going_on, untouched = (SyncStream(numbers([]), told) for told in (Told(), Told(), Told()))
    for stream in (kept, going_on):
        for _ in stream:
            break
    assert list(going_on) == [1, 2]
    spanwire.flush()
    assert kept._watcher.said == [0, "closed"]  # type: ignore[attr-defined]
    assert untouched._watcher.said == []  # type: ignore[attr-defined]
    spanwire.close()
    assert untouched._watcher.said == ["closed"]  # type: ignore[attr-defined]


def test_a_span_that_is_only_held_by_its_stream_ends_with_it(recorded: Recorded) -> None:
    stream = spanwire.chat("m").wrap_stream(iter([{"choices": []}] * 3))
    next(stream)
    gone = weakref.ref(stream)
    del stream
    assert gone() is None
    assert recorded.span()["status"] == "ok"
