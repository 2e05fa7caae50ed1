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
