"""What a run of Pydantic AI is made of: the run itself, its requests to models, its tools."""

from __future__ import annotations

import asyncio
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from .. import _context
from .._context import CURRENT, Loan, scope_var
from .._spanwire import Scope, begin
from ._guard import guarded
from ._pydantic_ai_messages import input_of, output_of, request_of, response_of
from ._request import Seat, fail, owning
from ._tasks import is_cancelling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from .._spanwire import Span

#: Classes of models, and the operation that their requests are, where it is no chat.
_OPERATIONS = {"OpenAIResponsesModel": "responses", "GoogleModel": "generate_content"}

#: Errors that are how a tool asks for something: another try, a person's leave, somebody else to run it.
_ASKING = ("ToolRetryError", "ModelRetry", "CallDeferred", "ApprovalRequired", "SkipToolExecution")

#: Tasks of runs whose events nobody wants any more: the library cancels them, which is no failure.
left: weakref.WeakSet[asyncio.Task[Any]] = weakref.WeakSet()


class Run:
    """One run of an agent, as a block.

    Its span is current in what is done for it, in whichever task. A run that the program takes step by step, or
    as a stream, goes on in the program's own context, where it is not current: nobody knows when it is left.
    """

    def __init__(self, ctx: Any, task: asyncio.Task[Any] | None, *, is_whole: bool) -> None:
        self._conversation = {"found_conversation_id": ctx.conversation_id}
        self._is_whole = is_whole
        outer = scope_var.get()
        scope_var.set(self._scope())
        model, name = ctx.model, getattr(ctx.agent, "name", None)
        arguments = {"model": model.model_name, "framework_provider": model.system}
        self.span = begin("invoke_agent", name, CURRENT, arguments, integration="pydantic_ai")
        if ctx.prompt is not None and self.span.is_recording:
            self.span._gather("input", input_of(ctx.prompt))
        if not is_whole:
            scope_var.set(outer)
        self.request: Request | None = None
        self.result: Any = None
        self._task = None if task is None else weakref.ref(task)
        self._loan = Loan(self.span)
        #: Where requests find who owns them. Those of streams are made in the task that reads.
        self._seat = Seat()
        #: Parts that were cancelled: how the run ends tells whether it was that, or nobody wanted the rest.
        self._cancelled: list[Request | Tool] = []
        self._error: BaseException | None = None
        self._is_left = False
        under_way[ctx.run_id] = self

    def _scope(self) -> Scope:
        return Scope(scope_var.get(), self._conversation)

    def __enter__(self) -> object:
        # The library brings what is set here into the context in which the run goes on.
        self._seat.enter()
        if self._is_whole:
            _context.enter(self._loan)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        with guarded("the end of a run of pydantic_ai"):
            self._loan.end()
            task = None if self._task is None else self._task()
            self._error = error
            self._is_left = _is_cancelled(error) and (is_cancelling() or (task is not None and task in left))
            with guarded("the output of a run of pydantic_ai"):
                if error is None and self.span.is_recording:
                    self.span._gather("output", output_of(self.result.output))
            # Before the run itself: what they have used is counted there as long as it is open.
            while self._cancelled:
                self._cancelled.pop().give_up(self._error, is_left=self._is_left)
            if error is not None and self.request is not None:
                # The library closes it later, when nothing more of it can come.
                self.request.give_up(error, is_left=self._is_left)
            self.span._finish(None if self._is_left else error)
        return False

    @contextmanager
    def inside(self) -> Iterator[None]:
        """A block in which something is done for the run."""
        if _context.is_entered(self._loan):
            yield
            return
        outer, scope = scope_var.get(), self._scope()
        scope_var.set(scope)
        _context.enter(self._loan)
        try:
            yield
        finally:
            _context.leave(self._loan)
            if scope_var.get() is scope:
                scope_var.set(outer)

    def ask(self, request_context: Any) -> None:
        """A request is about to be made."""
        if not self._seat.is_here:
            # The run goes on in another task than that in which it began.
            self._seat.enter()
        with self.inside():
            self.request = self._seat.owner = Request(self, request_context)

    def settle(self, response: Any, error: BaseException | None) -> None:
        """The request is over, with all that the program does to its answer."""
        request, self.request, self._seat.owner = self.request, None, None
        if request is None:
            return
        request.leave()
        if _is_cancelled(error):
            self.cancelled(request)
            return
        if error is None:
            request.answered(response)
        request.end(error)

    def cancelled(self, part: Request | Tool) -> None:
        """A part of the run was cancelled."""
        if self._loan.is_over:
            part.give_up(self._error, is_left=self._is_left)
        else:
            self._cancelled.append(part)


#: Runs by the ids that the library gives them.
under_way: weakref.WeakValueDictionary[str, Run] = weakref.WeakValueDictionary()


class Request(owning):
    """A request of the library. Its tries, with one model after another, are spans of their own."""

    __slots__ = (
        "_context", "_failure", "_is_answered", "_is_opening", "_loan", "_operation", "_run", "_was_taken", "asked", "stream"
    )

    def __init__(self, run: Run, context: Any) -> None:
        model, is_one = _leaf(context.model)
        names = [each.__name__ for each in type(model).__mro__]
        self._operation = next((_OPERATIONS[name] for name in names if name in _OPERATIONS), "chat")
        self._run = run
        self._context = context
        self._is_answered = False
        #: Whether a client below has made it, and said what it sent.
        self._was_taken = False
        #: What became of the last try.
        self._failure: BaseException | None = None
        #: The stream, and when it was asked for, by the library's clock. From then on requests are made where a
        #: part of it is opened, and nowhere else.
        self.stream: Any = None
        self.asked = 0.0
        self._is_opening = False
        arguments = {"framework_provider": model.system} if is_one else None
        super().__init__(self._begin(model.model_name if is_one else None, arguments), self._operation)
        self._loan = Loan(self.span)
        # Another task reads a stream, and makes its request. Early versions do not say which it will be.
        if not getattr(context, "streaming", True):
            _context.enter(self._loan)

    def _begin(self, model: Any, arguments: dict[str, Any] | None) -> Span:
        return begin(self._operation, model, CURRENT, arguments, integration="pydantic_ai")

    def take(self, operation: str) -> bool:
        """Whether this request of a client is the one."""
        is_expected = self.stream is None or self._is_opening
        if not is_expected or not super().take(operation):
            self._loan.end()
            return False
        if isinstance(self._failure, Exception):
            self._loan.end()
            fail(self.span, self._failure)
            self._failure, self.was_fed = None, False
            self.span = self._begin(None, None)
        self._was_taken = True
        return True

    @contextmanager
    def opening(self) -> Iterator[None]:
        """A block in which a part of the stream is opened. A part that goes on with another one has its own span."""
        self._is_opening = True
        try:
            with self._run.inside():
                yield
        finally:
            self._is_opening = False

    def failed(self, error: BaseException) -> None:
        """A try failed: there may be another one."""
        super().failed(error)
        self._failure = error

    def leave(self) -> None:
        """The request has been made."""
        super().leave()
        self._loan.end()

    def answered(self, response: Any) -> None:
        """The answer is there. Where no client has told it, the library knows it."""
        self.leave()
        if self._is_answered:
            return
        self._is_answered = True
        self._tell_request()
        if not self.was_fed and self.span.is_recording:
            self.span._gather("response", response_of(response))

    def _tell_request(self) -> None:
        """Says what the library knows of a request that no client has told."""
        if self._was_taken or not self.span.is_recording:
            return
        with guarded("a request of pydantic_ai"):
            self.span._gather("request", request_of(self._context), "neutral")
            url = urlsplit(self._context.model.base_url or "")
            for key, value in (("server.address", url.hostname), ("server.port", url.port)):
                if value is not None:
                    self.span.set_attribute(key, value)
            first = None if self.stream is None else self.stream.time_to_first_chunk(self.asked)
            if first is not None:
                self.span.set_attribute("gen_ai.response.streaming", True)
                self.span.set_attribute("gen_ai.response.time_to_first_chunk", first)

    def end(self, error: BaseException | None) -> None:
        """Ends it: where its answer came, or with the error that came in its place."""
        if not self._is_answered:
            self._tell_request()
        if self._is_answered or error is None:
            self.span._let_go()
            return
        # Of the errors of several models that of the last one.
        errors = getattr(error, "exceptions", None)
        fail(self.span, errors[-1] if errors else error)

    def give_up(self, error: BaseException | None, *, is_left: bool) -> None:
        """Ends it, cancelled: the error of the run is its own where it was cancelled or the stream broke."""
        is_own = _is_cancelled(error) or isinstance(self._failure, Exception) or _is_of_model(error)
        self.end(error if is_own and not is_left else None)


def _leaf(model: Any) -> tuple[Any, bool]:
    """The model inside of the library's wrappers; the first one of several, which may not be the one that answers."""
    while hasattr(model, "wrapped"):
        model = model.wrapped
    several = getattr(model, "models", None)
    return (several[0], False) if several else (model, True)


class Tool:
    """One run of a tool, or of a function that makes the output; current in its body."""

    def __init__(self, run: Run, name: Any, call: Any, description: Any, given: Any) -> None:
        self.result: Any = None
        self._run = run
        arguments = {} if description is None else {"description": description}
        self._span = begin("execute_tool", name, CURRENT, arguments, integration="pydantic_ai")
        if call is not None:
            self._span.set_attribute("gen_ai.tool.call.id", call.tool_call_id)
        self._span._gather("arguments", given if call is None else call.args)

    def __enter__(self) -> object:
        _context.enter(self._span)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _context.leave(self._span)
        with guarded("the end of a tool of pydantic_ai"):
            self._end(error)
        return False

    def _end(self, error: BaseException | None) -> None:
        if _is_cancelled(error):
            self._run.cancelled(self)
            return
        kind = type(error).__name__
        if error is None:
            self._span._gather("result", self.result)
        elif kind in _ASKING or kind == "ToolFailedError":
            # What the model is told.
            self._span._gather("result", str(error))
        self._span._finish(None if kind in _ASKING else error)

    def give_up(self, error: BaseException | None, *, is_left: bool) -> None:
        """Ends it, cancelled."""
        if is_left:
            self._span._let_go()
        else:
            self._span._finish(asyncio.CancelledError())


def _is_cancelled(error: BaseException | None) -> bool:
    return isinstance(error, asyncio.CancelledError)


def _is_of_model(error: BaseException | None) -> bool:
    """Whether an error is of the library's classes for what models do wrong."""
    return any(each.__name__ in ("ModelAPIError", "UnexpectedModelBehavior") for each in type(error).__mro__)
