"""OpenAI's Python library: chat completions, of one client or of all of them.

The methods ``create`` and ``parse`` are shadowed on one client's resource, or replaced in the classes.
What they give back is untouched: a stream stays the library's own, and what it iterates over is
recorded on the way.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
import weakref
from typing import TYPE_CHECKING, Any

from .. import _state
from .._calls import begin
from .._context import CURRENT
from .._stream import AsyncStream, SyncStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._span import Span

    Method = Callable[..., Any]

_INTEGRATION = "openai"
_MODULE = "openai.resources.chat.completions.completions"
_METHODS = ("create", "parse")

#: What belongs to the HTTP request and not into its body.
_NOT_SENT = frozenset({"extra_headers", "extra_query", "extra_body", "timeout"})

#: The classes of the library's marks for "not given".
_NOT_GIVEN = frozenset({"Omit", "NotGiven"})

#: What each replacement stands for; a shadow of what the class has stands for nothing of its own.
_originals: weakref.WeakKeyDictionary[Method, Any] = weakref.WeakKeyDictionary()


def accepts(client: object) -> bool:
    """Whether this is a client of the library."""
    openai: Any = sys.modules["openai"]
    return isinstance(client, (openai.OpenAI, openai.AsyncOpenAI))


def instrument_client(client: Any) -> None:
    """Shadows the methods of one client's resource."""
    resource = client.chat.completions
    for name in _METHODS:
        shadowed: Any = vars(resource).get(name)
        method: Any = shadowed or getattr(type(resource), name, None)
        if _is_ours(shadowed) or not _fits(method, f"{type(resource).__name__}.{name}"):
            continue
        if shadowed is None:
            # What `instrument()` put into the class would record a second time.
            method = (_originals[method] if _is_ours(method) else method).__get__(resource)
        replacement = _replacement(method, lambda args: resource)
        _originals[replacement] = shadowed
        setattr(resource, name, replacement)


def uninstrument_client(client: Any) -> None:
    """Takes the shadows away, where nobody else has replaced them meanwhile."""
    resource = client.chat.completions
    for name in _METHODS:
        shadow: Any = vars(resource).get(name)
        if _is_ours(shadow):
            original = _originals[shadow]
            if original is None:
                delattr(resource, name)
            else:
                setattr(resource, name, original)


def instrument_library() -> None:
    """Replaces the methods in the classes."""
    for resource in _classes():
        for name in _METHODS:
            method: Any = vars(resource).get(name)
            if not _is_ours(method) and _fits(method, f"{resource.__name__}.{name}"):
                replacement = _replacement(method, lambda args: args[0])
                _originals[replacement] = method
                setattr(resource, name, replacement)


def uninstrument_library() -> None:
    """Puts the methods back, where nobody else has replaced them meanwhile."""
    for resource in _classes():
        for name in _METHODS:
            method: Any = vars(resource).get(name)
            if _is_ours(method):
                setattr(resource, name, _originals[method])


def _is_ours(method: Any) -> bool:
    return inspect.isfunction(method) and method in _originals


def _classes() -> list[type]:
    module = importlib.import_module(_MODULE)
    names = ("Completions", "AsyncCompletions")
    found = [getattr(module, name, None) for name in names]
    for name, resource in zip(names, found, strict=True):
        if not isinstance(resource, type):
            _state.notice(f"openai has no {name} as it is known here; it is left alone")
    return [resource for resource in found if isinstance(resource, type)]


def _fits(method: Any, name: str) -> bool:
    """Whether a method looks as it did when this was written."""
    if callable(method):
        try:
            if {"messages", "model"} <= set(inspect.signature(method).parameters):
                return True
        except (TypeError, ValueError):
            pass
    _state.notice(f"openai's {name} is not as it is known here; it is left alone")
    return False


def _replacement(method: Method, resource_of: Callable[[tuple[Any, ...]], Any]) -> Method:
    if inspect.iscoroutinefunction(inspect.unwrap(method)):

        @functools.wraps(method)
        async def call_async(*args: Any, **kwargs: Any) -> Any:
            span = _start(resource_of, args, kwargs)
            if span is None:
                return await method(*args, **kwargs)
            try:
                result = await method(*args, **kwargs)
            except BaseException as error:
                _fail(span, error)
                raise
            return _take(span, result)

        return call_async

    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        span = _start(resource_of, args, kwargs)
        if span is None:
            return method(*args, **kwargs)
        try:
            result = method(*args, **kwargs)
        except BaseException as error:
            _fail(span, error)
            raise
        return _take(span, result)

    return call


def _start(resource_of: Callable[[tuple[Any, ...]], Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Span | None:
    """The span of one request, with what is about to be sent."""
    if not _state.is_active():
        return None
    try:
        span = begin("chat", kwargs.get("model"), CURRENT, None, integration=_INTEGRATION)
        if span.is_recording:
            span._change("request", _body(kwargs), False, "openai_chat")
            base_url = resource_of(args)._client.base_url
            span.set_attribute("server.address", base_url.host)
            if base_url.port is not None:
                span.set_attribute("server.port", base_url.port)
        return span
    except Exception as error:
        _failed("request", error)
        return None


def _body(kwargs: dict[str, Any]) -> dict[str, Any]:
    """The request's body, as far as it is known before the library makes it."""
    return {
        name: value
        for name, value in kwargs.items()
        if name not in _NOT_SENT and type(value).__name__ not in _NOT_GIVEN and not isinstance(value, type)
    }


def _fail(span: Span, error: BaseException) -> None:
    try:
        status = getattr(error, "status_code", None)
        if isinstance(status, int):
            span.set_attribute("http.response.status_code", status)
        span._finish(error)
    except Exception as own:
        _failed("error", own)


def _take(span: Span, result: Any) -> Any:
    """Reads the answer, now or while it streams, and gives it back."""
    try:
        openai: Any = sys.modules["openai"]
        if not span.is_recording:
            span.end()
        elif isinstance(result, openai.Stream):
            _follow(span, result, SyncStream, "close")
        elif isinstance(result, openai.AsyncStream):
            _follow(span, result, AsyncStream, "aclose")
        else:
            _read(span, result)
            span.end()
    except Exception as error:
        _failed("answer", error)
        span.end()
    return result


def _read(span: Span, result: Any) -> None:
    """A parsed answer; or a raw one, where its body has been read already."""
    response = getattr(result, "http_response", None)
    if response is None:
        span._change("response", result, False)
    elif response.is_stream_consumed:
        span._change("response", response.content, False)


def _follow(span: Span, stream: Any, recorder: Callable[..., Any], close: str) -> None:
    """Puts a recorder between a stream and what it iterates over, and watches for its end."""
    follower = recorder(span, stream._iterator, by_hand=False)
    stream._iterator = follower
    # Closing the stream, leaving its block and the library's own helpers all close the response.
    response = weakref.ref(stream.response)
    original = getattr(type(stream.response), close)

    @functools.wraps(original)
    def closed() -> Any:
        follower._left()
        target = response()
        return None if target is None else original(target)

    @functools.wraps(original)
    async def closed_async() -> Any:
        follower._left()
        target = response()
        return None if target is None else await original(target)

    setattr(stream.response, close, closed if close == "close" else closed_async)


def _failed(what: str, error: BaseException) -> None:
    _state.notice(f"an {what} of openai could not be read: {type(error).__name__}")
