"""Google's Gen AI library, 1 to 3: content, streams, chats and embeddings, and the functions that it calls by itself.

Everything is asked through four methods of one class, below chats and below the loop of automatic function calling:
a span is one request, with the library's own retries in it.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from .. import _state
from .._spanwire import endpoint_of
from .._stream import watched_async_generator, watched_generator
from ._guard import guarded
from ._patches import around, careful, is_async
from ._request import Call, begin_call
from ._tools import Outcome, Use, running

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import TracebackType

    from typing_extensions import Self

    from ._patches import Method, Patches

_EXPECTED = ("path", "request_dict")


def instrument_library(patches: Patches) -> None:
    """Every client, and the functions that they call."""
    clients = importlib.import_module("google.genai._api_client")
    # It had another name in 1.0.
    _patch_requests(patches, getattr(clients, "BaseApiClient", None) or clients.ApiClient)
    _patch_tools(patches, lambda: True)


def instrument_client(client: Any, patches: Patches) -> bool:
    """The requests of one client and the functions that it calls; false if it is none of this library."""
    clients = sys.modules["google.genai.client"]
    if not isinstance(client, (clients.Client, clients.AsyncClient)):
        return False
    _patch_requests(patches, client._api_client)
    # They are called through the globals of a module, which knows no client: between requests, in one context.
    _patch_tools(patches, _is_answered.get)
    return True


def _patch_tools(patches: Patches, is_wanted: Callable[[], bool]) -> None:
    tools = importlib.import_module("google.genai._extra_utils")
    for name in ("get_function_response_parts", "get_function_response_parts_async"):
        patches.method(tools, name, _calling, expects=("response",))
    run_function = running("google_genai", _use_of_function, Outcome, cause_of=_cause_of, is_wanted=is_wanted)
    for name in ("invoke_function_from_dict_args", "invoke_function_from_dict_args_async"):
        patches.method(tools, name, run_function, expects=("args", "function_to_invoke"))
    # There only where there is `mcp`.
    adapter = getattr(tools, "McpToGenAiToolAdapter", None)
    if hasattr(adapter, "call_tool"):
        call_tool = running("google_genai", _use_of_call, _outcome_of_mcp, is_wanted=is_wanted)
        patches.method(adapter, "call_tool", call_tool)


def _patch_requests(patches: Patches, owner: Any) -> None:
    patches.method(owner, "_build_request", _building, expects=_EXPECTED)
    patches.method(owner, "request", _requesting, expects=_EXPECTED)
    patches.method(owner, "async_request", _requesting, expects=_EXPECTED)
    patches.method(owner, "request_streamed", _streaming, expects=_EXPECTED)
    patches.method(owner, "async_request_streamed", _streaming_async, expects=_EXPECTED)


def _requesting(method: Method) -> Method:
    return around(method, lambda args, kwargs: _begin(method, args, kwargs))


def _streaming(method: Method) -> Method:
    """Nothing is sent before the first piece is wanted, and no span begins."""

    def request_streamed(*args: Any, **kwargs: Any) -> Generator[Any, None, None]:
        exchange = _begin(method, args, kwargs)
        if exchange is None:
            yield from method(*args, **kwargs)
        else:
            yield from watched_generator(_sent(method(*args, **kwargs), exchange), exchange)

    return request_streamed


def _streaming_async(method: Method) -> Method:
    def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Exchange | None:
        exchange = _begin(method, args, kwargs)
        if exchange is not None:
            exchange.is_streamed = True
        return exchange

    return around(method, begin)


def _begin(method: Method, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Exchange | None:
    try:
        return _exchange_of(method, args, kwargs)
    except Exception as error:
        _state.not_recorded("a request of google_genai", error)
        return None


def _exchange_of(method: Method, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Exchange | None:
    owner = getattr(method, "__self__", None)
    values = args if owner is None else (owner, *args)
    given = {**dict(zip(("client", "http_method", "path", "request_dict"), values)), **kwargs}
    client, body = given["client"], given["request_dict"]
    outer = _current.get()
    # A client that is patched itself, of a class that is patched too.
    if outer is not None and outer.body is body:
        return None
    url = f"{client._http_options.base_url or ''}/{given['path']}"
    endpoint = endpoint_of(url)
    if endpoint is None or not _state.is_active():
        return None
    operation, model = endpoint
    # Behind a gateway the address does not tell whose models these are.
    arguments = {"framework_provider": "vertex_ai"} if client.vertexai else None
    call = begin_call("google_genai", operation, model, arguments)
    return None if call is None else _Exchange(call, url, body, args, kwargs)


class _Exchange:
    """One request and its answer; watches it, where it is a stream."""

    def __init__(
        self, call: Call, url: str, body: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self.args, self.kwargs = args, kwargs
        self.body = body
        self.is_streamed = False
        self._call = call
        self._record = call.recorder
        self._url = url
        self._is_built = False
        self._outer: _Exchange | None = None

    def built(self, url: str, body: Any) -> None:
        """What goes over the wire. A try after the first one is the same."""
        if not self._is_built:
            self._is_built = True
            self._call.request(body, url)
            where = urlsplit(url)
            self._call.endpoint(where.hostname, where.port)

    def __enter__(self) -> Self:
        self._outer = _current.get()
        _current.set(self)
        self._call.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _current.set(self._outer)
        if not self._is_built:
            with guarded("a request of google_genai"):
                # What begins with `_` is for the library itself.
                self.built(self._url, {name: value for name, value in self.body.items() if not name.startswith("_")})
        return self._call.__exit__(kind, error, traceback)

    def take(self, result: Any) -> Any:
        """Sees the answer; a stream is watched, as the generator that it is."""
        if self.is_streamed:
            return watched_async_generator(result, self)
        try:
            self._call.response(_body_of(result))
            self._call.ended()
        except Exception as error:
            _state.not_recorded("an answer of google_genai", error)
        return result

    def piece(self, piece: Any) -> None:
        self._record(_body_of(piece))

    def ended(self) -> None:
        self._call.ended()

    def failed(self, error: BaseException) -> None:
        self._call.failed(error)

    def closed(self) -> None:
        self._call.closed()


_current: ContextVar[_Exchange | None] = ContextVar("spanwire_google_genai_exchange", default=None)


#: Whether the last answer of this context that was seen may ask for functions.
_is_answered: ContextVar[bool] = ContextVar("spanwire_google_genai_is_answered", default=False)


def _building(build_request: Method) -> Method:
    """Options of the request may change where it goes, and what."""

    def build(*args: Any, **kwargs: Any) -> Any:
        request = build_request(*args, **kwargs)
        exchange = _current.get()
        if exchange is not None:
            try:
                exchange.built(request.url, request.data)
            except Exception as error:
                _state.not_recorded("a request of google_genai", error)
        return request

    return build


def _body_of(answer: Any) -> Any:
    """The answer as it came over the wire; the first versions hand over what they have read of it."""
    body = getattr(answer, "body", answer)
    _is_answered.set(not isinstance(body, str) or '"functionCall"' in body)
    return body.encode() if isinstance(body, str) else body


def _sent(pieces: Generator[Any, None, None], exchange: _Exchange) -> Generator[Any, None, None]:
    """The pieces of a stream, whose first one sends the request: that is what happens inside of it."""
    try:
        with careful(exchange):
            piece = next(pieces, exchange)
        if piece is not exchange:
            yield piece
            yield from pieces
    finally:
        pieces.close()


class _Wanted:
    """The calls that a model wants, in the order in which they are made."""

    def __init__(self, response: Any) -> None:
        parts = response.candidates[0].content.parts or []
        self._calls = [part.function_call for part in parts if part.function_call]

    def take(self, name: str) -> object:
        """The id of the next call of this function, where the model has given it one."""
        for index, call in enumerate(self._calls):
            if call.name == name:
                del self._calls[: index + 1]
                return call.id
        return None


_wanted: ContextVar[_Wanted | None] = ContextVar("spanwire_google_genai_wanted", default=None)


def _calling(method: Method) -> Method:
    """The functions that an answer wants are called in here, one after the other."""

    def want(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        with guarded("calls of google_genai"):
            _wanted.set(None)
            _wanted.set(_Wanted(kwargs["response"] if "response" in kwargs else args[0]))

    if is_async(method):

        async def call_async(*args: Any, **kwargs: Any) -> Any:
            want(args, kwargs)
            return await method(*args, **kwargs)

        return call_async

    def call(*args: Any, **kwargs: Any) -> Any:
        want(args, kwargs)
        return method(*args, **kwargs)

    return call


def _id_of(name: str) -> object:
    wanted = _wanted.get()
    return None if wanted is None else wanted.take(name)


def _use_of_function(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Use:
    given = {**dict(zip(("args", "function_to_invoke"), args)), **kwargs}
    function = given["function_to_invoke"]
    name = getattr(function, "__name__", type(function).__name__)
    return Use(name, _id_of(name), given["args"], inspect.getdoc(function))


def _use_of_call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Use:
    call = (*args, *kwargs.values())[-1]
    return Use(call.name, _id_of(call.name), call.args)


def _outcome_of_mcp(result: Any) -> Outcome:
    is_error = getattr(result, "is_error", getattr(result, "isError", False))
    return Outcome(getattr(result, "content", result), is_error is True)


def _cause_of(error: BaseException) -> BaseException:
    """What the function itself raised."""
    cause = error.__cause__ or error.__context__
    return cause if type(error).__name__ == "FunctionInvocationError" and cause is not None else error
