"""The extension module: converts values, calls the driver. Its users are the modules beside it."""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Iterator
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar, final, overload
from weakref import ReferenceType

from typing_extensions import Self, Unpack

from ._arguments import CreateAgent, ExecuteTool, InvokeAgent, Request
from ._context import Frame, Parent
from ._stream import AsyncStream, SyncStream, Watcher
from .bridges import Bridge

T = TypeVar("T")

__version__: str

#: Runs that are kept open by their ids.
MAX_OPEN_RUNS: int

class ConfigError(ValueError): ...

class Driver:
    def __new__(
        cls,
        options: dict[str, Any],
        platform: tuple[str, str, str, str, str],
        transport: Callable[[bytes], object] | None,
        traces_sampler: Callable[[dict[str, Any]], float | bool] | None,
        before_send_span: Callable[[dict[str, Any]], dict[str, Any] | None] | None,
    ) -> Self: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def propagates_traceparent(self) -> bool: ...
    @property
    def bridges(self) -> tuple[bool, bool]: ...
    def allows(self, integration: str) -> bool: ...
    def flush(self, timeout: float | None) -> bool: ...
    def close(self, timeout: float | None) -> bool: ...
    def stats(self) -> str: ...
    def after_fork_in_child(self) -> None: ...
    def now(self) -> float: ...
    def set_test_clock(self, seconds: float) -> None: ...
    def notice(self, notice: str) -> None: ...

@final
class Current:
    """The default of every ``parent=``: whatever is current."""

CURRENT: Current

#: What is current in a context, innermost first.
frames: ContextVar[Frame | None]
scope_var: ContextVar[Scope]

#: The SDKs that are there, and that `init` allows.
bridges: list[Bridge]

#: The last handoff of each thread, as long as it may still become a block.
marks: dict[int, ReferenceType[Span]]

@final
class Span:
    """One operation, from its start to `end`.

    As a context manager, sync or async, it is current inside the block and ends with it; an exception
    that leaves the block marks it as failed and goes on unchanged. Without a block it is open until
    `end`. After the end every method does nothing.
    """

    @property
    def trace_id(self) -> str:
        """32 hex digits; all zeros where nothing is recorded."""

    @property
    def span_id(self) -> str:
        """16 hex digits; all zeros where nothing is recorded."""

    @property
    def is_recording(self) -> bool:
        """Whether changes are still kept: not before `init`, after the end, or where the trace is not sampled."""

    def set_attribute(self, key: str, value: object) -> None:
        """Sets one attribute: a text, number or truth value, or a list of them; anything else becomes JSON text."""

    def set_data(self, key: str, value: object) -> None:
        """The same as `set_attribute`, for code written for other SDKs."""

    def set_attributes(self, attributes: object) -> None:
        """Sets every member of a mapping as an attribute."""

    def set_name(self, name: str) -> None:
        """Sets a name that beats the derived one."""

    def set_status(self, status: str, message: str | None = None) -> None:
        """Says how it went: ``ok``, ``error``, or a word that the Sentry SDKs have for an error."""

    def set_input(self, messages: object) -> None:
        """Sets the messages that went in: a text, a message, or a list of them."""

    def set_output(self, output: object) -> None:
        """Sets what came out: a text, a message, or a list of them."""

    def set_result(self, result: object) -> None:
        """Sets the result of a tool."""

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

    def record_request(self, payload: object, format: str | None = None) -> None:
        """Takes a request as it went to a vendor; model, messages and settings are read out of it.

        Raises:
            ValueError: there is no such format.
        """

    def record_response(self, payload: object) -> None:
        """Takes a vendor's answer; usage, model, finish reasons and messages are read out of it."""

    def record_chunk(self, chunk: object) -> None:
        """Takes one piece of a streamed answer: an event, or some of its text or bytes, cut anywhere or in lines."""

    def record_exception(self, error: BaseException) -> None:
        """Marks the span as failed, with the error's class and message."""

    def add_link(self, to: Span | TraceContext, attributes: object = None) -> None:
        """Says that a span or trace context elsewhere belongs to this one, with attributes of the link."""

    @overload
    def wrap_stream(self, iterable: AsyncIterable[T]) -> AsyncStream[T]: ...
    @overload
    def wrap_stream(self, iterable: Iterable[T]) -> SyncStream[T]:
        """Gives the same pieces and records each one; the span ends when they do, or nobody wants more."""

    def end(self, timestamp: float | None = None) -> None:
        """Ends it, now or at `timestamp` (seconds since 1970)."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> Literal[False]: ...
    def __aenter__(self) -> Awaitable[Self]: ...
    def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> Awaitable[Literal[False]]: ...
    def _gather(self, what: str, value: object, format: str | None = None) -> None: ...
    def _finish(self, error: BaseException | None) -> None: ...
    def _let_go(self) -> None: ...
    def _place(self) -> tuple[str, str] | None: ...
    def _headers(self, with_traceparent: bool) -> list[tuple[str, str]]: ...
    @property
    def _is_left(self) -> bool: ...
    @property
    def _is_request(self) -> bool: ...
    @property
    def _tool(self) -> str | None: ...

@final
class Steps(Generic[T]):
    """Takes the steps of an iterator, shows the pieces to `see`, and tells the watcher how it ended."""

    def __new__(
        cls, iterator: Iterator[T], watcher: Watcher, see: Callable[[object], object] | None
    ) -> Self: ...
    @property
    def is_stepping(self) -> bool: ...
    @property
    def is_left(self) -> bool: ...
    def loop_over(self, stream: object) -> Iterator[T]: ...
    def __iter__(self) -> Self: ...
    def __next__(self) -> T: ...

class TraceContext:
    def __new__(
        cls, headers: list[tuple[str, str]], inside: Span | TraceContext | None = None
    ) -> Self: ...
    def _place(self) -> tuple[str, str] | None: ...
    def _headers(self, with_traceparent: bool) -> list[tuple[str, str]]: ...

class Scope:
    def __new__(cls, base: Scope | None = None, changes: dict[str, Any] | None = None) -> Self: ...

def is_active() -> bool:
    """Whether spans are kept at all."""

def enter(span: Span) -> None:
    """A span becomes current in this context."""

def leave(span: Span) -> bool:
    """A span is current no more in this context; whether it was."""

def driver() -> Driver | None:
    """The driver of the last `init`."""

def set_driver(driver: Driver) -> Driver | None: ...
def begin(
    call: str,
    subject: object,
    parent: Parent,
    arguments: dict[str, Any] | None,
    detail: object = None,
    name: object = None,
    integration: str | None = None,
    is_mark: bool = False,
) -> Span: ...
def ai_request(operation: str, model: str | None = None, **arguments: Unpack[Request]) -> Span:
    """One request to a model: `operation` is the name of one of the calls below.

    Each of them takes, by name: `provider`, `messages`, `input`, `system_instructions`, `tools`, `max_tokens`,
    `temperature`, `top_p`, `top_k`, `frequency_penalty`, `presence_penalty`, `seed`, `stop_sequences`,
    `reasoning_level`, `conversation_id`, `attributes` and `parent`.

    Raises:
        ValueError: there is no such operation.
    """

def chat(model: str, **arguments: Unpack[Request]) -> Span:
    """One request to a chat model. `messages`: a text, or a list of `{role, content}` or `{role, parts}`."""

def generate_content(model: str, **arguments: Unpack[Request]) -> Span:
    """One request to a model that generates content of any sort."""

def text_completion(model: str, **arguments: Unpack[Request]) -> Span:
    """One request that completes a text."""

def responses(model: str, **arguments: Unpack[Request]) -> Span:
    """One request to an API of responses."""

def embeddings(model: str, **arguments: Unpack[Request]) -> Span:
    """One request for the embeddings of texts: `input`."""

def rerank(model: str, **arguments: Unpack[Request]) -> Span:
    """One request that puts documents in order."""

def invoke_agent(agent_name: str | None = None, **arguments: Unpack[InvokeAgent]) -> Span:
    """One run of an agent: requests, tools and handoffs inside it hang below it and carry its name.

    By name: `model`, `provider`, `messages`, `system_instructions`, `tools`, `pipeline`, `conversation_id`,
    `attributes`, `parent`.
    """

def create_agent(name: str, **arguments: Unpack[CreateAgent]) -> Span:
    """An agent is made: `model`, `provider`, `system_instructions`, `tools`, and what every call takes."""

def execute_tool(name: str, **arguments: Unpack[ExecuteTool]) -> Span:
    """One run of a tool: `arguments`, `description`, and what every call takes.

    Its result goes into `Span.set_result`.
    """

def endpoint_of(url: str) -> tuple[str, str | None] | None: ...
def inspect(envelopes: bytes) -> str: ...
def run_command(arguments: list[str]) -> int: ...
