"""`httpx` and `httpx2`: what programs ask of models with them by themselves, and what libraries do that stand on them.

All of it goes through the `send` of two classes. A library says which clients are its own, a program by patterns which
URLs are models. What is asked inside of a request that is recorded already is that request.
"""

from __future__ import annotations

import importlib
import sys
import weakref
from contextvars import ContextVar
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .. import _context
from .._spanwire import Span, endpoint_of
from ._guard import guarded
from ._http import watch_answer
from ._imports import forget, when_imported
from ._patches import Patches, around, is_async
from ._refused import Refused, settle, telling
from ._request import Call, begin_call, current_owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from ._patches import Method

_MODULES = ("httpx", "httpx2")


class _Claim:
    """Says whose clients are, as long as whoever instrumented them is there."""

    def __init__(self, integration: str, provider: str | None) -> None:
        self.integration = integration
        #: What the library calls its provider.
        self.provider = provider


#: Clients that libraries have made: whose they are, and what the library calls its provider.
_claimed: weakref.WeakKeyDictionary[Any, tuple[str, str | None]] = weakref.WeakKeyDictionary()
#: Clients that a program has instrumented, whoever else is recorded; several objects of a library may share one.
_alone: weakref.WeakKeyDictionary[Any, weakref.WeakValueDictionary[int, _Claim]] = weakref.WeakKeyDictionary()
_users: set[str] = set()
_patches = Patches("httpx")
_patterns: list[str] = []


def watch_clients(patches: Patches, integration: str, error: Any = None) -> None:
    """Sees the requests of an integration, until its patches are undone, and the errors that it makes of answers."""
    if error is not None:
        patches.method(error, "__init__", telling(integration))
    patches.hook("httpx", lambda: _use(integration), lambda: _leave(integration))


def watch_alone(
    patches: Patches, integration: str, clients: Iterable[Any], provider: str | None = None, error: Any = None
) -> None:
    """Sees the requests of these clients alone, as `watch_clients`, as long as the patches are there, not undone."""
    own, kept = _Claim(integration, provider), weakref.WeakSet(clients)

    def put() -> None:
        for client in kept:
            _alone.setdefault(client, weakref.WeakValueDictionary())[id(own)] = own
        weakref.finalize(own, _unpatch_unused).atexit = False
        # Clients come and go: their errors are told of once for all of them.
        if error is not None:
            _patches.method(error, "__init__", telling(integration))
        _watch()

    def take() -> None:
        for client in kept:
            claims = _alone.get(client)
            if claims is not None:
                claims.pop(id(own), None)
        _unpatch_unused()

    patches.hook("httpx", put, take)


def _alone_for(client: Any) -> _Claim | None:
    """For whom a program has instrumented a client, the last one if there are several."""
    claims = _alone.get(client)
    return None if claims is None else next(reversed(list(claims.values())), None)


def instrument_client(client: Any, patches: Patches) -> bool:
    """What a program asks of models with one client; false if it is none."""
    modules = [sys.modules[module] for module in _MODULES if _is_imported(module)]
    if not any(isinstance(client, (module.Client, module.AsyncClient)) for module in modules):
        return False
    watch_alone(patches, "httpx", [client])
    return True


def claiming(
    integration: str, client_of: Callable[[Any], Any], provider: str | None = None
) -> Callable[[Method], Method]:
    """For `Patches.method`: a method before which the client that it uses is known to be the integration's."""

    def replace(method: Method) -> Method:
        def claimed(self: Any, *args: Any, **kwargs: Any) -> Any:
            with guarded(f"a client of {integration}"):
                claim(integration, client_of(self), provider)
            return method(self, *args, **kwargs)

        return claimed

    return replace


class Expected(NamedTuple):
    """What a library asks next, where neither its client nor the URL tells that."""

    integration: str
    operation: str
    model: str | None
    format: str | None


#: Whatever is asked in this context meanwhile.
_expected: ContextVar[Expected | None] = ContextVar("spanwire_httpx_expected", default=None)


class expecting:  # noqa: N801  It is called like a function.
    """A block in which a library makes one request."""

    def __init__(self, expected: Expected | None) -> None:
        self._expected = expected
        self._outer: Expected | None = None

    def __enter__(self) -> None:
        self._outer = _expected.get()
        _expected.set(self._expected)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _expected.set(self._outer)
        return False


def claim(integration: str, client: Any, provider: str | None = None) -> None:
    """Says that what this client asks is the integration's; the provider, where the format does not tell it."""
    _claimed[client] = (integration, provider)


def watch_urls(patterns: Iterable[str]) -> None:
    """Sees what programs ask by themselves; without patterns, of every path that belongs to a format."""
    _patterns[:] = patterns
    _use("httpx")


def unwatch_urls() -> None:
    """Takes `watch_urls` back."""
    _leave("httpx")


def standing() -> dict[Any, Any]:
    """What stands where requests are seen, for `come_on_top`."""
    return _patches.standing()


def come_on_top(before: Mapping[Any, Any]) -> None:
    """Sees requests before those do who have replaced the same methods since that stood there."""
    _patches.come_on_top(before)


def _use(integration: str) -> None:
    _users.add(integration)
    _watch()


def _watch() -> None:
    for module in _MODULES:
        when_imported(module, _patch)


def _leave(integration: str) -> None:
    _users.discard(integration)
    _unpatch_unused()


def _unpatch_unused() -> None:
    """Takes everything back if nobody is recorded any more."""
    with guarded("the end of clients of httpx"):
        if not _users and not any(_alone_for(client) for client in list(_alone)):
            for module in _MODULES:
                forget(module)
            _patches.undo()


def _patch() -> None:
    """Patches what has been imported."""
    for module in _MODULES:
        with guarded(f"clients of {module}"):
            library = importlib.import_module(module) if _is_imported(module) else None
            # Those who have replaced it before may not name all that they pass on.
            for name in ("Client", "AsyncClient") if library is not None else ():
                _patches.method(getattr(library, name), "send", _sending, expects=("request",))
            if library is not None:
                _patches.method(library.HTTPStatusError, "__init__", telling("httpx"), expects=("response",))


def _is_imported(module: str) -> bool:
    return hasattr(sys.modules.get(module), "AsyncClient")


def _sending(send: Method) -> Method:
    is_async_client = is_async(send)

    def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Exchange | None:
        with guarded("a request of httpx"):
            request = kwargs["request"] if "request" in kwargs else args[1]
            called = _begin(args[0], request)
            return None if called is None else _Exchange(*called, args, kwargs, is_async_client)
        return None

    return around(send, begin)


def _begin(client: Any, request: Any) -> tuple[Call, str] | None:
    """The request, and whose it is."""
    alone = _alone_for(client)
    claimed = _claimed.get(client, ("httpx", None))
    integration, provider = claimed if alone is None else (alone.integration, alone.provider)
    is_own = alone is None and (integration not in _users or integration == "httpx")
    expected = _expected.get()
    if expected is not None:
        integration, provider, is_own = expected.integration, None, False
    if request.method != "POST" or (is_own and "httpx" not in _users):
        return None
    url = str(request.url)
    endpoint, written = endpoint_of(url), url
    if endpoint is None and expected is not None and expected.format is not None:
        endpoint, written = (expected.operation, expected.model), expected.format
    if endpoint is None if not (is_own and _patterns) else not _fits(url):
        return None
    if _is_part_of_another():
        return None
    operation, model = endpoint or ("chat", None)
    arguments = None if is_own or provider is None else {"framework_provider": provider}
    integration = "httpx" if is_own else integration
    settle()
    call = begin_call(integration, operation, model, arguments)
    if call is None:
        return None
    call.request(_body_of(request), written)
    call.endpoint(request.url.host, request.url.port)
    return call, integration


def _is_part_of_another() -> bool:
    """Whether this is asked for a request that is recorded: one of a framework waits for what a client says of it."""
    around_it, _ = _context.own()
    if not isinstance(around_it, Span) or not around_it._is_request:
        return False
    owner = current_owner()
    return owner is None or not owner.is_free or owner.span is not around_it


def _fits(url: str) -> bool:
    url = url.partition("?")[0]
    return any(fnmatchcase(url, pattern) for pattern in _patterns)


def _body_of(request: Any) -> bytes:
    """What is sent, where that is known before."""
    try:
        return bytes(request.content)
    except Exception:
        return b""  # A body that is made while it is sent.


class _Exchange:
    """One request and its answer."""

    def __init__(
        self, call: Call, integration: str, args: tuple[Any, ...], kwargs: dict[str, Any], is_async_client: bool
    ) -> None:
        self.args, self.kwargs = args, kwargs
        self._call = call
        self._integration = integration
        self._is_async = is_async_client

    def __enter__(self) -> object:
        return self._call.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        return self._call.__exit__(kind, error, traceback)

    def take(self, result: Any) -> Any:
        """Sees the answer, whole or still to be read."""
        with guarded("an answer of httpx"):
            end = None
            if result.is_error:
                self._call.refused(result.status_code)
                # A framework knows the errors of its requests itself.
                end = Refused(self._call, self._integration, result) if self._call.owner is None else None
            watch_answer(result, self._call, end, is_async=self._is_async)
        return result
