"""Amazon Bedrock by `boto3`: Converse and ConverseStream. A call is one request, with the retries of `botocore`."""

from __future__ import annotations

import importlib
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from .._stream import SyncReader
from ._guard import guarded
from ._patches import around
from ._request import Call, begin_call

if TYPE_CHECKING:
    from types import TracebackType

    from ._patches import Method, Patches

_OPERATIONS = ("Converse", "ConverseStream")


def instrument_library(patches: Patches) -> None:
    """Every client of the service, also those that there are already."""
    client = importlib.import_module("botocore.client").BaseClient
    patches.method(client, "_make_api_call", _calling, expects=("operation_name", "api_params"))
    _patch_streams(patches)


def instrument_client(client: Any, patches: Patches) -> bool:
    """One client; false if it is none of this service."""
    base = importlib.import_module("botocore.client").BaseClient
    if not isinstance(client, base) or not _is_of_models(client):
        return False
    patches.method(client, "_make_api_call", _calling, expects=("operation_name", "api_params"))
    _patch_streams(patches)
    return True


def _patch_streams(patches: Patches) -> None:
    """Streams, of which those alone are watched that a client has made here."""
    stream = importlib.import_module("botocore.eventstream").EventStream
    patches.method(stream, "_parse_event", _parsing, expects=("event",))
    patches.method(stream, "close", _closing)


def _is_of_models(client: Any) -> bool:
    return bool(client.meta.service_model.service_name == "bedrock-runtime")


def _calling(make_api_call: Method) -> Method:
    owner = getattr(make_api_call, "__self__", None)

    def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _ApiCall | None:
        with guarded("a request of bedrock"):
            given = [*args, *kwargs.values()]
            client, operation, params = given if owner is None else [owner, *given]
            # A client that is patched itself, of a class that is patched too.
            if _current.get() is params:
                return None
            if operation in _OPERATIONS and _is_of_models(client):
                call = begin_call("bedrock", "chat", params.get("modelId"))
                return None if call is None else _ApiCall(call, client, params, args, kwargs)
        return None

    return around(make_api_call, begin)


class _ApiCall:
    """One call."""

    def __init__(
        self, call: Call, client: Any, params: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self.args, self.kwargs = args, kwargs
        self._call = call
        self._params = params
        self._outer: dict[str, Any] | None = None
        call.request({name: value for name, value in params.items() if name != "modelId"}, "bedrock_converse")
        where = urlsplit(client.meta.endpoint_url)
        call.endpoint(where.hostname, where.port)

    def __enter__(self) -> object:
        self._outer = _current.get()
        _current.set(self._params)
        return self._call.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _current.set(self._outer)
        with guarded("an error of bedrock"):
            response = getattr(error, "response", None) or {}
            status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if isinstance(status, int):
                self._call.refused(status)
        return self._call.__exit__(kind, error, traceback)

    def take(self, result: Any) -> Any:
        """Sees the answer; a stream is watched, where it stands."""
        with guarded("an answer of bedrock"):
            stream = result.get("stream")
            if stream is None:
                self._call.response({name: value for name, value in result.items() if name != "ResponseMetadata"})
                self._call.ended()
            else:
                stream._event_generator = SyncReader(stream._event_generator, _Events(self._call))
        return result


#: What the call that is under way is made with.
_current: ContextVar[dict[str, Any] | None] = ContextVar("spanwire_bedrock_params", default=None)


class _Events:
    """Sees the events of a stream, as they came over the wire."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def piece(self, piece: Any) -> bool:
        with guarded("an event of bedrock"):
            kind = piece.headers.get(":event-type")
            if isinstance(kind, str):
                self._call.piece(b'{"%s":%s}' % (kind.encode(), piece.payload))
        return False

    def ended(self) -> None:
        self._call.ended()

    def failed(self, error: BaseException) -> None:
        self._call.failed(error)

    def closed(self) -> None:
        self._call.closed()


def _watched(stream: Any) -> SyncReader[Any] | None:
    watched = getattr(stream, "_event_generator", None)
    return watched if isinstance(watched, SyncReader) else None


def _parsing(parse_event: Method) -> Method:
    """Events that are errors."""

    def parse(self: Any, event: Any) -> Any:
        try:
            return parse_event(self, event)
        except Exception as error:
            watched = _watched(self)
            if watched is not None:
                watched._tell(watched._watcher.failed, error)
            raise

    return parse


def _closing(close: Method) -> Method:
    def closing(self: Any) -> Any:
        watched = _watched(self)
        if watched is not None:
            watched.let_go()
        return close(self)

    return closing
