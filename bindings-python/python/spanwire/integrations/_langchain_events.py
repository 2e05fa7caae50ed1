"""LangChain's streams of events: what they are about runs in a task of its own, which they cancel where they are left."""

from __future__ import annotations

import importlib
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ._imports import forget, when_imported
from ._patches import Patches
from ._tasks import is_cancelling

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from ._patches import Method

#: Where it is called from.
_MODULE = "langchain_core.runnables.base"

_patches = Patches("langchain")


class _Stream:
    """One stream of events."""

    def __init__(self) -> None:
        self.is_left = False


#: The stream that what runs in this context is about.
_stream: ContextVar[_Stream | None] = ContextVar("spanwire_langchain_events", default=None)


def watch() -> None:
    """Sees where streams are left, as soon as there may be any."""
    when_imported(_MODULE, _patch)


def unwatch() -> None:
    """Takes `watch` back."""
    forget(_MODULE)
    _patches.undo()


def are_left() -> bool:
    """Whether this is cancelled because nobody wants more of its events."""
    stream = _stream.get()
    return stream is not None and stream.is_left


def _patch() -> None:
    base = importlib.import_module(_MODULE)
    _patches.method(base, "_astream_events_implementation_v2", _streaming, expects=("value",))


def _streaming(implementation: Method) -> Method:
    async def streaming(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, None]:
        stream, events = _Stream(), implementation(*args, **kwargs)
        try:
            event = await _first(events, stream)
            while True:
                yield event
                event = await anext(events)
        except StopAsyncIteration:
            return
        except GeneratorExit:
            # One whose reader is cancelled is closed too.
            stream.is_left = not is_cancelling()
            raise
        finally:
            await events.aclose()

    return streaming


async def _first(events: AsyncGenerator[Any, None], stream: _Stream) -> Any:
    """The first event, with which the task begins: that has the stream in its context, the reader has not."""
    outer = _stream.get()
    _stream.set(stream)
    try:
        return await anext(events)
    finally:
        _stream.set(outer)
