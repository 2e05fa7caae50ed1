"""Clients that Stainless generates (`openai`, `anthropic`, ...): every request goes through one method.

Three methods of the base client tell everything, for resources and helpers of all sorts: `request` is one call
with its retries, `_build_request` makes what goes out, `_process_response` gets what comes back. A client on
which the latter two are not as known here still gives spans, out of arguments and results.
"""

from __future__ import annotations

import weakref
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .._state import not_recorded
from .._stream import AsyncReader, SyncReader
from ._guard import guarded
from ._http import body_of, watch_body
from ._patches import around, is_async, shadow
from ._request import Call, begin_call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from .._stream import _Watched
    from ._patches import Method, Patches

    #: What the body of a request becomes, and what of its stream the program is not to see.
    Prepare = Callable[[dict[str, Any]], "tuple[dict[str, Any], Callable[[Any], bool]] | None"]


class Endpoint(NamedTuple):
    """A path that is a request to a model."""

    path: str
    operation: str
    format: str


class Vendor:
    """How the requests of one library are told, and seen."""

    def __init__(self, integration: str, endpoints: Sequence[Endpoint], prepare: Prepare | None = None) -> None:
        self.integration = integration
        self._endpoints = endpoints
        self._prepare = prepare

    def patch(self, patches: Patches, owner: Any) -> None:
        """Patches a class of base clients, or one client."""
        patches.method(owner, "request", lambda method: self._request(method), expects=("cast_to", "options"))
        patches.method(owner, "_build_request", _building, expects=("options",))
        patches.method(owner, "_process_response", _processing, expects=("response",))

    def patch_client(self, patches: Patches, client: Any) -> None:
        """Patches one client, and the copies that are made of it."""
        self.patch(patches, client)
        for name in ("copy", "with_options"):
            patches.method(client, name, _copying)

    def _request(self, method: Method) -> Method:
        is_async_client = is_async(method)

        def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Exchange | None:
            try:
                return self._begin(args, kwargs, is_async_client)
            except Exception as error:
                not_recorded(f"a request of {self.integration}", error)
                return None

        return around(method, begin)

    def _begin(self, args: tuple[Any, ...], kwargs: dict[str, Any], is_async_client: bool) -> _Exchange | None:
        options: Any = kwargs.get("options") or next(arg for arg in reversed(args) if hasattr(arg, "json_data"))
        endpoint = self._endpoint(options)
        outer = _current.get()
        # A client that is patched itself, of a class that is patched too.
        if endpoint is None or (outer is not None and outer.options is options):
            return None
        body = options.json_data if isinstance(options.json_data, dict) else {}
        call = begin_call(self.integration, endpoint.operation, body.get("model"))
        if call is None:
            return None
        exchange = _Exchange(self.integration, endpoint, call, options, is_async_client)
        exchange.args, exchange.kwargs = args, kwargs
        # Frameworks make a stream of a raw response, where what is not for the program can be kept from it.
        is_stream = not _is_raw(options) or (call.owner is not None and _is_raw(options, "true"))
        prepared = self._prepare(body) if self._prepare is not None and is_stream else None
        if prepared is not None:
            exchange.change(*prepared)
        return exchange

    def _endpoint(self, options: Any) -> Endpoint | None:
        if str(options.method).lower() != "post":
            return None
        path = str(options.url).partition("?")[0].rstrip("/")
        for endpoint in self._endpoints:
            if path.endswith(endpoint.path):
                return endpoint
        return None


def _is_raw(options: Any, how: str | None = None) -> bool:
    """Whether the response itself is asked for, as the header says `how`: "true" for one that has been read or is parsed."""
    headers = options.headers
    if not headers or not isinstance(headers, dict):
        return False
    given = [value for name, value in headers.items() if name.lower() == "x-stainless-raw-response"]
    return bool(given) if how is None else how in given


def _is_stream(result: Any) -> bool:
    """Whether it is one of the library's streams. A model of pydantic is none, and looks long for what it has not."""
    return not hasattr(result, "__pydantic_fields_set__") and hasattr(result, "_iterator")


def _nothing() -> None:
    """There is nothing to take away."""


class _Exchange:
    """One call of `request`."""

    def __init__(self, integration: str, endpoint: Endpoint, call: Call, options: Any, is_async_client: bool) -> None:
        self.args: tuple[Any, ...] = ()
        self.kwargs: dict[str, Any] = {}
        self.options = options
        self.call = call
        #: What reads the library's own stream, where there is one. A stream that is dropped must go at once, as it
        #: would have, and it holds what it is made of: nothing of that may hold the stream.
        self.stream: weakref.ref[_Watched] | None = None
        #: Whether the body of the answer is seen as it is read.
        self.is_open = False
        self._integration = integration
        self._endpoint = endpoint
        self._is_async = is_async_client
        self._is_sent = False
        self._is_answered = False
        self._seen: weakref.ref[Any] | None = None
        self._outer: _Exchange | None = None
        self._take_away: Callable[[], None] = _nothing
        self.hides: Callable[[Any], bool] | None = None

    def change(self, body: dict[str, Any], hides: Callable[[Any], bool]) -> None:
        """Sends another body; the caller's options stay as they are."""
        given, self.hides = self.options, hides
        copy = getattr(given, "model_copy", None) or given.copy  # As pydantic 2 and 1 call it.
        self.options = copy(update={"json_data": body})
        self.args = tuple(self.options if arg is given else arg for arg in self.args)
        self.kwargs = {name: self.options if arg is given else arg for name, arg in self.kwargs.items()}

    def __enter__(self) -> Self:
        self._outer = _current.get()
        _current.set(self)
        self.call.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _current.set(self._outer)
        return self.call.__exit__(kind, error, traceback)

    def sent(self, request: Any) -> None:
        """The HTTP request that was made; that of a retry is the same."""
        if self._is_sent or not self.call.is_recording:
            return
        self._is_sent = True
        self.call.request(request.content, self._endpoint.format)
        self.call.endpoint(request.url.host, request.url.port)

    def answered(self, response: Any) -> None:
        """The HTTP response: whole, or still to be read. A client that is patched itself tells it twice.

        Where middleware looks on, those come here too that are tried again: what is wrong with the last one, its
        error says.
        """
        if not self.call.is_recording or response.status_code >= _REFUSED:
            return
        if self._seen is not None and self._seen() is response:
            return
        self._seen = weakref.ref(response)
        if response.is_closed:
            self._is_answered = True
            self.call.response(response.content)
            return
        watch_body(response, body_of(response)(self.call, _BodyEnd(self)), is_async=self._is_async)
        self.is_open = True

    def take(self, result: Any) -> Any:
        """What the program gets; a stream is watched, where it stands."""
        try:
            self._take(result)
        except Exception as error:
            not_recorded(f"an answer of {self._integration}", error)
        return result

    def _take(self, result: Any) -> None:
        if self.call.is_recording and not self._is_sent:
            self.call.request(self.options.json_data, self._endpoint.format)
        if not self.call.is_recording:
            self.call.ended()
        elif _is_stream(result):
            self._watch(result)
        elif self.is_open:
            if callable(getattr(result, "parse", None)):
                self._take_away = shadow(result, "parse", self._parsing)
        else:
            if not self._is_answered:
                self.call.response(result)
            self.call.ended()

    def _watch(self, stream: Any) -> None:
        """Puts a watched stream between the library's and what it iterates over."""
        iterator = stream._iterator
        kind: Any = AsyncReader if hasattr(iterator, "__anext__") else SyncReader
        watched = kind(iterator, _Events(self), shows_pieces=not self.is_open or self.hides is not None)
        self.stream = weakref.ref(watched)
        stream._iterator = watched

    def _parsing(self, parse: Method) -> Method:
        """A raw response's `parse`, which makes the stream."""

        def seen(result: Any) -> Any:
            with guarded(f"a stream of {self._integration}"):
                take_away, self._take_away = self._take_away, _nothing  # It holds what keeps the stream.
                take_away()
                if _is_stream(result) and self.stream is None:
                    self._watch(result)
            return result

        if is_async(parse):

            async def parse_async(*args: Any, **kwargs: Any) -> Any:
                return seen(await parse(*args, **kwargs))

            return parse_async
        return lambda *args, **kwargs: seen(parse(*args, **kwargs))


_current: ContextVar[_Exchange | None] = ContextVar("spanwire_exchange", default=None)


#: HTTP statuses from here on are errors.
_REFUSED = 400


def _copying(copy: Method) -> Method:
    def instrumented_copy(*args: Any, **kwargs: Any) -> Any:
        from .._instrument import instrument

        return instrument(copy(*args, **kwargs))

    return instrumented_copy


def _building(method: Method) -> Method:
    def build_request(*args: Any, **kwargs: Any) -> Any:
        request = method(*args, **kwargs)
        exchange = _current.get()
        if exchange is not None:
            try:
                exchange.sent(request)
            except Exception as error:
                not_recorded("what was sent", error)
        return request

    return build_request


def _processing(method: Method) -> Method:
    def see(response: Any) -> None:
        exchange = _current.get()
        if exchange is not None and response is not None:
            try:
                exchange.answered(response)
            except Exception as error:
                not_recorded("what came back", error)

    if is_async(method):

        async def process_async(*args: Any, **kwargs: Any) -> Any:
            see(kwargs.get("response"))
            return await method(*args, **kwargs)

        return process_async

    def process_response(*args: Any, **kwargs: Any) -> Any:
        see(kwargs.get("response"))
        return method(*args, **kwargs)

    return process_response


class _Events:
    """Sees the pieces of the library's stream: when they end, and those that are not for the program."""

    def __init__(self, exchange: _Exchange) -> None:
        self._call = exchange.call
        self._hides = exchange.hides
        self._reads = not exchange.is_open

    def piece(self, piece: object) -> bool:
        if self._reads:
            self._call.piece(piece)
        return self._hides is not None and self._hides(piece)

    def ended(self) -> None:
        self._call.ended()

    def failed(self, error: BaseException) -> None:
        self._call.failed(error)

    def closed(self) -> None:
        self._call.closed()


class _BodyEnd:
    """How the bytes of an answer end. Where the library makes a stream of them, that knows how it ended."""

    def __init__(self, exchange: _Exchange) -> None:
        self._exchange = exchange
        self._call = exchange.call

    def ended(self) -> None:
        if self._exchange.stream is None:
            self._call.ended()

    def failed(self, error: BaseException) -> None:
        if self._exchange.stream is None:
            self._call.failed(error)

    def closed(self) -> None:
        stream = None if self._exchange.stream is None else self._exchange.stream()
        if stream is None or not stream.is_stepping:
            self._call.closed()
