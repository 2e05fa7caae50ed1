"""Spans and trace contexts: what the core's have, and that they can be current for a block."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from . import _context, _spanwire, _state, bridges
from ._stream import AsyncStream, SpanWatcher, SyncStream

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

T = TypeVar("T")

_NO_TRACE_ID = "0" * 32
_NO_SPAN_ID = "0" * 16


class _Place:
    """What a span and a trace context have in common."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _place(self) -> tuple[str, str] | None: ...
        def __enter__(self) -> Self: ...
        def __exit__(
            self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
        ) -> Literal[False]: ...

    @property
    def trace_id(self) -> str:
        """32 hex digits; all zeros where nothing is recorded."""
        place = self._place()
        return _NO_TRACE_ID if place is None else place[0]

    @property
    def span_id(self) -> str:
        """16 hex digits; all zeros where nothing is recorded."""
        place = self._place()
        return _NO_SPAN_ID if place is None else place[1]

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        return self.__exit__(kind, error, traceback)


class Span(_spanwire.Span, _Place):
    """One operation, from its start to `end`.

    As a context manager, sync or async, it is current inside the block and ends with it; an exception
    that leaves the block marks it as failed and goes on unchanged. Without a block it is open until
    `end`. After the end every method does nothing.
    """

    __slots__ = ()

    def set_data(self, key: str, value: object) -> None:
        """The same as `set_attribute`, for code written for other SDKs."""
        self.set_attribute(key, value)

    def set_attributes(self, attributes: object) -> None:
        """Sets every member of a mapping as an attribute."""
        self._change("attributes", attributes, True)

    def set_name(self, name: str) -> None:
        """Sets a name that beats the derived one."""
        self._change("name", name, True)

    def set_status(self, status: str, message: str | None = None) -> None:
        """Says how it went: ``ok``, ``error``, or a word that the Sentry SDKs have for an error."""
        self._change("status", status, True, message)

    def set_input(self, messages: object) -> None:
        """Sets the messages that went in: a text, a message, or a list of them."""
        self._change("input", messages, True)

    def set_output(self, output: object) -> None:
        """Sets what came out: a text, a message, or a list of them."""
        self._change("output", output, True)

    def set_result(self, result: object) -> None:
        """Sets the result of a tool."""
        self._change("result", result, True)

    def set_usage(
        self,
        *,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
        total_tokens: int | None = None,
        cache_read_input_tokens: int | None = None,
        cache_creation_input_tokens: int | None = None,
        reasoning_output_tokens: int | None = None,
        **others: object,
    ) -> None:
        """Sets token counts: cached tokens are part of the input, reasoning is part of the output."""
        counts: dict[str, object] = {
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "total_tokens": total_tokens,
            "cache_read_input_tokens": cache_read_input_tokens,
            "cache_creation_input_tokens": cache_creation_input_tokens,
            "reasoning_output_tokens": reasoning_output_tokens,
        }
        self._change("usage", {name: count for name, count in counts.items() if count is not None}, True)
        for name in others:
            _state.notice(f"set_usage does not know `{name}`; it was left out")

    def record_request(self, payload: object, format: str | None = None) -> None:
        """Takes a request as it went to a vendor; model, messages and settings are read out of it.

        Raises:
            ValueError: there is no such format.
        """
        self._change("request", payload, True, format)

    def record_response(self, payload: object) -> None:
        """Takes a vendor's answer; usage, model, finish reasons and messages are read out of it."""
        self._change("response", payload, True)

    def record_chunk(self, chunk: object) -> None:
        """Takes one piece of a streamed answer."""
        self._change("chunk", chunk, True)

    def record_exception(self, error: BaseException) -> None:
        """Marks the span as failed, with the error's class and message."""
        self._change("exception", error, True)

    @overload
    def wrap_stream(self, iterable: AsyncIterable[T]) -> AsyncStream[T]: ...
    @overload
    def wrap_stream(self, iterable: Iterable[T]) -> SyncStream[T]: ...
    def wrap_stream(self, iterable: Any) -> Any:
        """Gives the same pieces and records each one; the span ends when they do, or nobody wants more."""
        if isinstance(iterable, AsyncIterable):
            return AsyncStream(iterable, SpanWatcher(self, by_hand=True))
        if isinstance(iterable, Iterable):
            return SyncStream(iterable, SpanWatcher(self, by_hand=True))
        _state.notice(f"wrap_stream takes an iterable, not {type(iterable).__name__}")
        return iterable

    def __enter__(self) -> Self:
        # What may be a mark is one of them.
        if _state.marks:
            self._enter()
        _context.enter(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _context.leave(self)
        if error is None:
            self.end()
        else:
            self._finish(error)
        return False

    def _finish(self, error: BaseException | None) -> None:
        """Ends the span. That nobody wants more of a generator is no failure."""
        if error is not None and not isinstance(error, GeneratorExit):
            self.record_exception(error)
            if bridges.active:
                bridges.failed(self, error)
        self.end()


class TraceContext(_spanwire.TraceContext, _Place):
    """A caller's place in its trace: for ``parent=``, or as a context manager, current for a block.

    Headers that said nothing give one that begins a new trace.
    """

    __slots__ = ()

    def __enter__(self) -> Self:
        _context.enter(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _context.leave(self)
        return False
