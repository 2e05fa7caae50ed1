"""LiteLLM: one span for every request to a model, so for every deployment and every try of a router.

Requests are seen where LiteLLM logs them, in the one object that it makes for each call: its public callbacks are
copied into half a dozen lists, come from other threads, and tell nothing of calls that were cancelled or streams
that were left. What goes over the wire is seen in the client below: that of OpenAI, which has its own integration,
or LiteLLM's own. Usage is never what LiteLLM counts itself where the vendor said nothing.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import weakref
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from .. import _state
from .._spanwire import endpoint_of
from ._guard import guarded
from ._http import watch_answer
from ._patches import Wanted, around, is_async
from ._request import Call, begin_call, current_owner, owning

if TYPE_CHECKING:
    from types import TracebackType

    from ._patches import Method, Patches

#: Calls of LiteLLM that are requests to a model, each with its operation; the async ones have an `a` in front.
_OPERATIONS = {
    "completion": "chat",
    "anthropic_messages": "chat",
    "text_completion": "text_completion",
    "responses": "responses",
    "generate_content": "generate_content",
    "generate_content_stream": "generate_content",
    "embedding": "embeddings",
    "rerank": "rerank",
}


def instrument_library(patches: Patches) -> None:
    """Everything that LiteLLM calls, its router included."""
    logging = importlib.import_module("litellm.litellm_core_utils.litellm_logging").Logging
    patches.methods(
        Wanted(logging, "pre_call", _beginning, ("additional_args",)),
        Wanted(logging, "post_call", _answering, ("original_response",)),
        Wanted(logging, "failure_handler", _failing, ("exception",)),
        Wanted(logging, "async_failure_handler", _failing, ("exception",)),
    )
    for module, name in (("openai.openai", "OpenAIChatCompletion"), ("azure.azure", "AzureChatCompletion")):
        owner = getattr(importlib.import_module(f"litellm.llms.{module}"), name)
        patches.method(owner, "aembedding", _apart, expects=("logging_obj",))
    completions = importlib.import_module("litellm.llms.openai.completion.handler").OpenAITextCompletion
    for name in ("acompletion", "async_streaming"):
        patches.method(completions, name, _apart, expects=("logging_obj",))
    utils = importlib.import_module("litellm.utils")
    _Attempt.success_is_told = patches.method(utils, "update_response_metadata", _succeeding, expects=("logging_obj",))
    clients = importlib.import_module("litellm.llms.custom_httpx.http_handler")
    for name in ("HTTPHandler", "AsyncHTTPHandler"):
        patches.method(getattr(clients, name), "post", _posting, expects=("url", "data", "json"))


class _Attempt(owning):
    """One try of one call: what LiteLLM's object for the call is asked about, and owner of the request below."""

    __slots__ = ("call", "is_answered", "is_stream", "operation")

    #: Whether LiteLLM says when it has made something of an answer.
    success_is_told = False

    def __init__(self, call: Call, operation: str, *, is_stream: bool) -> None:
        super().__init__(call, operation, follows=True)
        self.call = call
        self.operation = operation
        self.is_stream = is_stream
        #: Whether all of the answer is there, and LiteLLM may still fail to read it.
        self.is_answered = False

    def ended(self) -> None:
        """All of the answer has come."""
        if self.is_stream or not self.success_is_told:
            super().ended()
        else:
            self.leave()
            self.is_answered = True

    def succeed(self) -> None:
        """Ends it where the answer came: the program gets it now."""
        if self.is_answered:
            self.call.closed()

    def fail(self, error: BaseException) -> None:
        """Ends it with the error that the program gets."""
        self.leave()
        self.span.set_attribute("error.type", type(error).__name__)
        self.call.failed(error)

    def give_up(self) -> None:
        """Ends it, because there is another try: usually in the course of handling the error of this one."""
        error = sys.exc_info()[1]
        if error is not None:
            self.fail(error)
        else:
            self.leave()
            self.call.closed()


#: The tries that are under way, or were the last ones.
_attempts: weakref.WeakKeyDictionary[Any, _Attempt] = weakref.WeakKeyDictionary()


def _beginning(pre_call: Method) -> Method:
    """A request goes out."""

    def beginning(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = pre_call(self, *args, **kwargs)
        with guarded("a request of litellm"):
            _begin(self)
        return result

    return beginning


def _begin(logging: Any) -> None:
    kind = str(getattr(logging.call_type, "value", logging.call_type))
    operation = _OPERATIONS.get(kind) or _OPERATIONS.get(kind.removeprefix("a"))
    before = _attempts.pop(logging, None)
    if before is not None:
        before.give_up()
    # Of an answer that a program has made up (`mock_response`) nothing is said that goes out, and nothing does.
    if operation is None or not logging.model_call_details.get("additional_args"):
        return
    arguments = {"framework_provider": logging.model_call_details.get("custom_llm_provider")}
    litellm = importlib.import_module("litellm")
    if getattr(litellm, "turn_off_message_logging", False):
        # What the program asks of everything that logs LiteLLM's calls.
        arguments.update(record_inputs=False, record_outputs=False)
    call = begin_call("litellm", operation, logging.model, arguments)
    if call is not None:
        if call.owner is not None and not call.is_silent:
            # A framework has the name that tells LiteLLM whom to ask, too.
            call.span.set_attribute("gen_ai.request.model", logging.model)
        _attempts[logging] = _Attempt(call, operation, is_stream=bool(getattr(logging, "stream", False)))
        _attempts[logging].enter()


def _answering(post_call: Method) -> Method:
    """An answer has come: told here where no client that is known here has made the request."""

    def answering(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = post_call(self, *args, **kwargs)
        with guarded("an answer of litellm"):
            attempt = _attempts.get(self)
            is_there = not inspect.isawaitable(self.model_call_details.get("original_response"))
            if attempt is not None and attempt.is_free and is_there and sys.exc_info()[1] is None:
                _tell(attempt, self.model_call_details)
        return result

    return answering


def _succeeding(update_response_metadata: Method) -> Method:
    """The last that LiteLLM does to an answer before the program gets it."""

    def succeeding(*args: Any, **kwargs: Any) -> Any:
        result = update_response_metadata(*args, **kwargs)
        with guarded("an answer of litellm"):
            attempt = _attempts.get(kwargs["logging_obj"])
            if attempt is not None:
                attempt.succeed()
        return result

    return succeeding


def _tell(attempt: _Attempt, details: dict[str, Any]) -> None:
    sent = details.get("additional_args") or {}
    attempt.call.request(sent.get("complete_input_dict"), str(sent.get("api_base") or "/"))
    if not attempt.is_stream:
        attempt.call.response(details.get("original_response"))
        attempt.ended()


def _apart(method: Method) -> Method:
    """The request is made in another context than that in which it was begun."""

    def enter(kwargs: dict[str, Any]) -> None:
        with guarded("a request of litellm"):
            attempt = _attempts.get(kwargs.get("logging_obj"))
            if attempt is not None:
                attempt.enter()

    if inspect.isasyncgenfunction(method):

        async def stream(self: Any, *args: Any, **kwargs: Any) -> Any:
            enter(kwargs)
            pieces = method(self, *args, **kwargs)
            try:
                async for piece in pieces:
                    yield piece
            finally:
                await pieces.aclose()

        return stream

    async def apart(self: Any, *args: Any, **kwargs: Any) -> Any:
        enter(kwargs)
        return await method(self, *args, **kwargs)

    return apart


def _failing(method: Method) -> Method:
    """A call has come to nothing, or a stream was cut."""

    def see(logging: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        with guarded("an error of litellm"):
            attempt = _attempts.pop(logging, None)
            error = kwargs.get("exception", args[0] if args else None)
            if attempt is not None and isinstance(error, BaseException):
                attempt.fail(error)

    if is_async(method):

        async def failing_async(self: Any, *args: Any, **kwargs: Any) -> Any:
            see(self, args, kwargs)
            return await method(self, *args, **kwargs)

        return failing_async

    def failing(self: Any, *args: Any, **kwargs: Any) -> Any:
        see(self, args, kwargs)
        return method(self, *args, **kwargs)

    return failing


def _posting(post: Method) -> Method:
    """LiteLLM's own client makes a request."""
    is_async_client = is_async(post)

    def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Post | None:
        with guarded("a request of litellm's client"):
            logging = kwargs.get("logging_obj")
            attempt = current_owner() if logging is None else _attempts.get(logging)
            if isinstance(attempt, _Attempt) and attempt.take(attempt.operation):
                return _Post(attempt, args, kwargs, is_async_client)
        return None

    return around(post, begin)


class _Post:
    """One request of LiteLLM's own client."""

    def __init__(
        self, attempt: _Attempt, args: tuple[Any, ...], kwargs: dict[str, Any], is_async_client: bool
    ) -> None:
        self.args, self.kwargs = args, kwargs
        self._is_async = is_async_client
        self._call = Call(attempt.span, attempt)
        url = str(kwargs["url"] if "url" in kwargs else args[1])
        given = [kwargs.get(name) for name in ("content", "data", "json")]
        body = next((value for value in [*given, *args[2:3]] if value is not None), None)
        self._call.request(body, url)
        _, model = endpoint_of(url) or (None, None)
        if model is not None and not self._call.is_silent:
            # LiteLLM's own word for it may have the way to it in front: `converse/`.
            attempt.span.set_attribute("gen_ai.request.model", model)
        where = urlsplit(url)
        self._call.endpoint(where.hostname, where.port)

    def __enter__(self) -> object:
        return self._call.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        return self._call.__exit__(kind, error, traceback)

    def take(self, result: Any) -> Any:
        """Sees the answer, whole or still to be read."""
        with guarded("an answer of litellm's client"):
            watch_answer(result, self._call, is_async=self._is_async)
        return result
