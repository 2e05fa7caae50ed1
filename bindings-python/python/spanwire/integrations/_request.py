"""One request to a model, seen from two places: the client library that makes it, and a framework above.

Whoever is above owns the request: while `owning` holds, the next request below it gets no span of its own
and feeds the owner's instead.
"""

from __future__ import annotations

import functools
import weakref
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal

from .._spanwire import begin, enter, is_active, leave
from .._context import CURRENT
from ._guard import guarded

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from .._spanwire import Span

#: Operations that no other one stands for: an embedding is not the chat that it is made for.
_APART = ("embeddings", "rerank")

#: The first status of HTTP that is an error. Source: RFC 9110, section 15.
_FIRST_ERROR = 400


class owning:  # noqa: N801  It is called like a function.
    """A framework's request, around the call that makes it: its span takes what the client below sees.

    With `feeds=False` the span takes nothing, because the framework says all of it, and the client is silent.
    With `follows=True` the request, a `Call`, is over when the client's is; only its error the framework tells.
    One request is owned; another one beside it, also in a stream that is still open, gets its own span.
    As a block, or by `enter` and `leave`, which may be called anywhere.
    """

    __slots__ = (
        "__weakref__",
        "_call",
        "_is_apart",
        "_is_over",
        "_is_taken",
        "_outer",
        "feeds",
        "following",
        "span",
        "was_fed",
    )

    def __init__(
        self, span: Span | Call, operation: str = "chat", *, feeds: bool = True, follows: bool = False
    ) -> None:
        self.span: Span = span.span if isinstance(span, Call) else span
        self.feeds = feeds and not (isinstance(span, Call) and span.is_silent)
        #: Whether a client below has given the answer, so that the framework need not.
        self.was_fed = False
        #: The request that ends with the client's.
        self._call = span if follows and isinstance(span, Call) else None
        self._is_apart = operation if operation in _APART else None
        self._is_taken = False
        self._is_over = False
        self._outer: weakref.ref[owning] | Seat | None = None
        #: Of several requests that were begun before any was made, the next one.
        self.following: owning | None = None

    def enter(self) -> Self:
        """Owns the next request of this context."""
        outer = _owner.get()
        while isinstance(outer, weakref.ref):
            found = outer()
            if found is not None and not found._is_over:
                break
            outer = None if found is None else found._outer  # It was left in another context.
        self._outer = outer
        _owner.set(weakref.ref(self))
        return self

    def leave(self) -> None:
        """Owns nothing more, in whatever context."""
        self._is_over = True
        if _owner.get() == weakref.ref(self):
            _owner.set(self._outer)

    __enter__ = enter

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        self.leave()
        return False

    @property
    def is_free(self) -> bool:
        """Whether no client has made the request."""
        return not self._is_taken and not self._is_over

    def take(self, operation: str) -> bool:
        """Whether this request is the one that is owned."""
        is_apart = operation if operation in _APART else None
        if not self.is_free or is_apart != self._is_apart:
            return False
        self._is_taken = True
        return True

    def fed(self) -> None:
        """A client below gives the answer, to this one and to whoever is above."""
        self.was_fed = True
        if self._call is not None and self._call.owner is not None:
            self._call.owner.fed()

    def failed(self, error: BaseException) -> None:
        """The request failed: the next one may be its second try, if the framework does not say what comes next."""
        self._is_taken = False
        if self._call is None:
            return
        self.leave()
        if isinstance(error, Exception) and self._call.owner is None:
            say_failed(self.span, error)
        else:
            self._call.failed(error)

    def ended(self) -> None:
        """All of the answer has come."""
        if self._call is not None and not self._is_over:
            self.leave()
            self._call.ended()

    def closed(self) -> None:
        """Nobody wants the rest."""
        if self._call is not None and not self._is_over:
            self.leave()
            self._call.closed()


class Seat:
    """A place for owners, one after the other, where requests are made in other contexts than those that know of
    them: whoever sits there owns the next request of every context in which the seat is."""

    __slots__ = ("owner",)

    def __init__(self) -> None:
        self.owner: owning | None = None

    def enter(self) -> None:
        """Is in this context, and in its copies."""
        _owner.set(self)

    @property
    def is_here(self) -> bool:
        """Whether this context is one of them."""
        return _owner.get() is self


#: Contexts do not keep owners: one that nobody ever leaves, because the library has changed, goes with its request.
_owner: ContextVar[weakref.ref[owning] | Seat | None] = ContextVar("spanwire_owner", default=None)


def current_owner() -> owning | None:
    """Whoever owns the next request of this context."""
    found = _owner.get()
    if isinstance(found, Seat):
        return found.owner
    return None if found is None else found()


def begin_call(integration: str, operation: str, model: object, arguments: dict[str, Any] | None = None) -> Call | None:
    """Begins a request of a client library: with a span of its own, or as a part of its owner's.

    `None` where nothing is recorded. `arguments` are those of the API, for a span of its own.
    """
    if not is_active():
        return None
    owner = current_owner()
    while owner is not None:
        if owner.take(operation):
            return Call(owner.span, owner)
        owner = owner.following
    return Call(begin(operation, model, CURRENT, arguments, integration=integration))


class Call:
    """What a client library tells of one request. Watches its stream, as `spanwire._stream.Watcher`.

    As a block it is current, so that what happens below hangs there, and takes the error that leaves it.
    Only a span of its own is ended: the owner's is the owner's to end.
    """

    __slots__ = ("is_silent", "owner", "span")

    def __init__(self, span: Span, owner: owning | None = None) -> None:
        self.span = span
        #: The framework whose request it is.
        self.owner = owner
        #: Whether the framework says all of it.
        self.is_silent: bool = owner is not None and not owner.feeds

    @property
    def is_recording(self) -> bool:
        """Whether anything is kept: what is costly to find need not be looked for otherwise."""
        return not self.is_silent and self.span.is_recording

    def request(self, body: object, format: str) -> None:
        """What goes out: the body as it is sent, or a model that pydantic can write."""
        if not self.is_silent:
            self.span._gather("request", body, format)

    def endpoint(self, host: object, port: object = None) -> None:
        """Where it goes."""
        if not self.is_silent:
            self.span.set_attribute("server.address", host)
            if port is not None:
                self.span.set_attribute("server.port", port)

    def refused(self, status: int) -> None:
        """The answer will be an error, which is no exception here: its body may tell more."""
        self.span.set_status("error")
        self.span.set_attribute("http.response.status_code", status)

    def response(self, body: object) -> None:
        """What comes back at once."""
        self._feed("response", body)

    def piece(self, piece: object) -> bool:
        """One piece of a stream; the program is to see it."""
        self._feed("chunk", piece)
        return False

    @property
    def recorder(self) -> Callable[[object], object]:
        """What takes the pieces of its stream: as a rule the span itself, without a function of Python."""
        return functools.partial(self.span._gather, "chunk") if self.owner is None else self.piece

    def _feed(self, what: str, value: object) -> None:
        if self.owner is not None:
            self.owner.fed()
        if not self.is_silent:
            self.span._gather(what, value)

    def ended(self) -> None:
        """All of the answer has come."""
        (self.span.end if self.owner is None else self.owner.ended)()

    def failed(self, error: BaseException) -> None:
        """It came to nothing."""
        if self.owner is not None:
            self.owner.failed(error)
        else:
            fail(self.span, error)

    def closed(self) -> None:
        """Nobody wants the rest: it ends where the last piece came."""
        (self.span._let_go if self.owner is None else self.owner.closed)()

    def __enter__(self) -> Self:
        enter(self.span)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        leave(self.span)
        if error is not None:
            self.failed(error)
        return False


def say_failed(span: Span, error: BaseException) -> None:
    """Says what went wrong below; whoever ends the span may know better."""
    span.set_status("error")
    span.set_attribute("error.type", type(error).__name__)
    _say_status(span, error)


def _say_status(span: Span, error: BaseException) -> None:
    with guarded("the status of an error"):
        status = getattr(error, "status_code", None)
        if status is None:
            # Others have the response; one that went well broke off later, and was no HTTP error.
            response = getattr(error, "response", None)
            status = getattr(response, "status_code", getattr(response, "status", None))
            status = status if isinstance(status, int) and status >= _FIRST_ERROR else None
        if isinstance(status, int):
            span.set_attribute("http.response.status_code", status)


def fail(span: Span, error: BaseException) -> None:
    """Ends a span with the error of a client library, and with the HTTP status that such errors carry."""
    _say_status(span, error)
    if isinstance(error, GeneratorExit):
        span._let_go()
    else:
        span._finish(error)
