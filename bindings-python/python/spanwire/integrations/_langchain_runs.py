"""LangChain's callbacks, which LangGraph's graphs call as well, as spans.

A run hangs below the one that LangChain says is its parent. Runs of models, tools and agents have spans; what is in
between only links them. The request of a model is its span's: the client below tells what goes over the wire.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

from .._state import not_recorded
from . import _langchain_events
from ._langchain_messages import input_of, model_of, output_of, request_of, response_of, rest_of
from ._request import current_owner, owning
from ._runs import Runs

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from uuid import UUID

    from typing_extensions import Self

    from .._spanwire import Span
    from ._patches import Method, Patches

#: Errors by which a graph hands control on: somebody is asked, or another graph goes on.
_CONTROL_FLOW = "GraphBubbleUp"

#: How `create_agent` calls itself in the metadata of its runs.
_LANGCHAIN_AGENT = "langchain_create_agent"

#: The agent of LangChain's first years.
_EXECUTOR = "AgentExecutor"

#: Runs that have ended whose places are kept, as a graph does not wait for all of its tasks. Each is a few hundred bytes.
_OUTLIVED = 1_000

#: How far down the cause of an error is looked for.
_CAUSES = 5

#: The integrations that are on.
_users: set[str] = set()


def use(integration: str, patches: Patches) -> None:
    """Sees the runs of an integration, until its patches are undone."""
    patches.hook("callbacks", lambda: _put(integration), lambda: _take(integration))


def _put(integration: str) -> None:
    _users.add(integration)
    hooks = importlib.import_module("langchain_core.tracers.context")
    if not any(hook[0] is _place() for hook in hooks._configure_hooks):
        hooks.register_configure_hook(_place(), inheritable=True)
    _langchain_events.watch()


def _take(integration: str) -> None:
    _users.discard(integration)
    if not _users:
        _langchain_events.unwatch()
        # Nobody is asked again. What runs already goes on, and its spans end.
        hooks = importlib.import_module("langchain_core.tracers.context")._configure_hooks
        hooks[:] = [hook for hook in hooks if hook[0] is not _place()]


@functools.cache
def _place() -> ContextVar[Any]:
    """Where LangChain looks for the handler: a default is there in every thread and task."""
    base = importlib.import_module("langchain_core.callbacks.base").BaseCallbackHandler
    kind = type("SpanwireHandler", (_Handler, base), {"__module__": __name__})
    return ContextVar("spanwire_langchain", default=kind())


def _safely(callback: Method) -> Method:
    """LangChain logs what callbacks raise."""

    @functools.wraps(callback)
    def call(*args: Any, **kwargs: Any) -> None:
        try:
            callback(*args, **kwargs)
        except Exception as error:
            not_recorded("a run of langchain", error)

    return call


class _Model(owning):
    """A request: what its run is asked about, and owner of the request of the client below."""

    __slots__ = ("_cancelled", "_is_told", "is_streamed", "parameters", "request")

    def __init__(
        self,
        span: Span,
        parameters: dict[str, Any],
        request: Callable[[], dict[str, Any]],
        cancelled: Callable[[BaseException], None],
    ) -> None:
        super().__init__(span)
        self._cancelled = cancelled
        #: One object for all requests of one `generate`.
        self.parameters = parameters
        #: What the framework knows of it, for where no client tells more.
        self.request = request
        self.is_streamed = False
        self._is_told = False

    def enter(self) -> Self:
        """Owns the next request of this context, or the next but some: `generate` begins all of them at first."""
        last = current_owner()
        if not isinstance(last, _Model) or last.parameters is not self.parameters:
            return super().enter()
        while isinstance(last.following, _Model):
            last = last.following
        last.following = self
        return self

    def failed(self, error: BaseException) -> None:
        """The client's request failed: LangChain tells with what, unless it was cancelled."""
        super().failed(error)
        if not isinstance(error, Exception):
            self.leave()
            self._cancelled(error)

    def tell_request(self) -> None:
        """Tells what the framework asks, where no client has: before any of the answer, whose format it names."""
        if not self.was_fed and not self._is_told:
            self._is_told = True
            self.span._gather("request", self.request(), "neutral")

    def tell_piece(self, text: str) -> None:
        """Tells a piece of the answer, where no client has."""
        if self.was_fed:
            return
        self.is_streamed = True
        if text:
            self.tell_request()
            self.span._gather("chunk", {"text": text})

    def tell(self, result: Any) -> None:
        """Tells what the framework knows, where no client has."""
        if self.was_fed:
            return
        self.tell_request()
        if not self.is_streamed:
            self.span._gather("response", response_of(result))
            return
        for piece in rest_of(result):
            self.span._gather("chunk", piece)


class _Chain(NamedTuple):
    """A run that may turn out to be a graph."""

    parent: UUID | None
    name: str
    inputs: Any
    metadata: dict[str, Any]


class _Handler:
    """The callbacks. All of them come in the context of what they tell of, or in a copy of it."""

    #: Not in another thread, where the context would be another one.
    run_inline = True
    raise_error = False

    def __init__(self) -> None:
        self._runs = Runs("langchain", outlived=_OUTLIVED)

    @_safely
    def on_chat_model_start(self, serialized: Any, messages: Any, **told: Any) -> None:
        parameters, given = told.get("invocation_params") or {}, list(messages[0])
        self._begin_model("chat", parameters, lambda: request_of(given, parameters), told)

    @_safely
    def on_llm_start(self, serialized: Any, prompts: Any, **told: Any) -> None:
        parameters, given = told.get("invocation_params") or {}, list(prompts)
        self._begin_model("text_completion", parameters, lambda: request_of(given, parameters), told)

    def _begin_model(
        self, call: str, parameters: dict[str, Any], request: Callable[[], dict[str, Any]], told: dict[str, Any]
    ) -> None:
        run_id, parent_id, metadata = _ids(told)
        if "langchain" not in _users:
            self._runs.skip(run_id, parent_id)
            return
        arguments = {
            "framework_provider": metadata.get("ls_provider"),
            "conversation_id": _conversation_of(metadata),
        }
        model = model_of(parameters, metadata)
        span = self._runs.begin(run_id, parent_id, call, model, arguments)
        model_run = _Model(span, parameters, request, lambda error: self._end(run_id, error))
        self._runs.note(run_id, model_run.enter())

    @_safely
    def on_llm_new_token(self, token: Any, **told: Any) -> None:
        model = self._runs.note_of(told["run_id"])
        if isinstance(model, _Model):
            model.tell_piece(token if isinstance(token, str) else "")

    @_safely
    def on_llm_end(self, response: Any, **told: Any) -> None:
        model = self._runs.note_of(told["run_id"])
        if isinstance(model, _Model):
            model.leave()
            model.tell(response)
        self._runs.end(told["run_id"])

    @_safely
    def on_llm_error(self, error: BaseException, **told: Any) -> None:
        model = self._runs.note_of(told["run_id"])
        if isinstance(model, _Model):
            model.leave()
            model.tell_request()
            status = _status_of(error)
            if status is not None:
                model.span.set_attribute("http.response.status_code", status)
        self._end(told["run_id"], error)

    @_safely
    def on_tool_start(self, serialized: Any, input_str: str, **told: Any) -> None:
        run_id, parent_id, metadata = _ids(told)
        if "langchain" not in _users:
            self._runs.skip(run_id, parent_id, is_told=False)
            return
        serialized = serialized or {}
        inputs = told.get("inputs")
        arguments = {
            "description": serialized.get("description"),
            "conversation_id": _conversation_of(metadata),
        }
        name = told.get("name") or serialized.get("name")
        # Some versions say nothing of tools that are cancelled.
        span = self._runs.begin(
            run_id, parent_id, "execute_tool", name, arguments, is_current=True, is_told=False
        )
        span.set_attribute("gen_ai.tool.call.id", told.get("tool_call_id"))
        span._gather("arguments", input_str if inputs is None else inputs)

    @_safely
    def on_tool_end(self, output: Any, **told: Any) -> None:
        span = self._runs.span_of(told["run_id"])
        if span is not None:
            span._gather("result", getattr(output, "content", output))
            if getattr(output, "status", None) == "error":
                span.set_status("error")
                span.set_attribute("error.type", "tool_error")
        self._runs.end(told["run_id"])

    @_safely
    def on_tool_error(self, error: BaseException, **told: Any) -> None:
        self._end(told["run_id"], _failure(error))

    @_safely
    def on_chain_start(self, serialized: Any, inputs: Any, **told: Any) -> None:
        run_id, parent_id, metadata = _ids(told)
        name = str(told.get("name") or (serialized or {}).get("name") or "")
        chain = _Chain(parent_id, name, inputs, metadata)
        node = metadata.get("langgraph_node")
        if node is None and metadata.get("ls_integration") is not None:
            self._begin_agent(run_id, chain)
        elif node == name and any(tag.startswith("graph:step:") for tag in told.get("tags") or ()):
            # What nodes stand in is a graph, of whatever name, in whatever other run.
            around = self._runs.note_of(parent_id)
            if isinstance(around, _Chain) and parent_id is not None and self._runs.span_of(parent_id) is None:
                self._begin_agent(parent_id, around)
            self._runs.skip(run_id, parent_id, is_current=True)
        elif name == _EXECUTOR:
            self._begin_agent(run_id, chain)
        else:
            self._runs.skip(run_id, parent_id, note=chain)

    def _begin_agent(self, run_id: UUID, chain: _Chain) -> None:
        kind = chain.metadata.get("ls_integration")
        integration = "langchain" if kind == _LANGCHAIN_AGENT or chain.name == _EXECUTOR else "langgraph"
        if integration not in _users and not (integration == "langchain" and "langgraph" in _users):
            self._runs.skip(run_id, chain.parent)
            return
        arguments = {"conversation_id": _conversation_of(chain.metadata)}
        span = self._runs.begin(
            run_id, chain.parent, "invoke_agent", chain.name, arguments, integration=integration
        )
        given = input_of(chain.inputs)
        if given is not None:
            span._gather("input", given)

    @_safely
    def on_chain_end(self, outputs: Any, **told: Any) -> None:
        span = self._runs.span_of(told["run_id"])
        if span is not None:
            said = output_of(outputs)
            if said is not None:
                span._gather("output", said)
        self._end_chain(told["run_id"], None)

    @_safely
    def on_chain_error(self, error: BaseException, **told: Any) -> None:
        self._end_chain(told["run_id"], _failure(error))

    def _end_chain(self, run_id: UUID, error: BaseException | None) -> None:
        if error is not None:
            # Nothing is said of a model that was cancelled with what it ran in.
            for inner in self._runs.inside(run_id):
                self._end(inner, error)
        self._end(run_id, error)

    def _end(self, run_id: Hashable, error: BaseException | None) -> None:
        if not isinstance(error, asyncio.CancelledError):
            self._runs.end(run_id, error)
        elif _langchain_events.are_left():
            self._runs.end(run_id, GeneratorExit())
        else:
            # A graph cancels its nodes where it is cancelled itself, and where its stream is left.
            self._runs.cancelled(run_id, error)


def _ids(told: dict[str, Any]) -> tuple[UUID, UUID | None, dict[str, Any]]:
    return told["run_id"], told.get("parent_run_id"), told.get("metadata") or {}


def _conversation_of(metadata: dict[str, Any]) -> str | None:
    """The thread that a checkpointer keeps."""
    thread = metadata.get("thread_id")
    return None if thread is None else str(thread)


def _failure(error: BaseException) -> BaseException | None:
    """An error, unless it is how a graph hands control on."""
    return None if any(kind.__name__ == _CONTROL_FLOW for kind in type(error).__mro__) else error


def _status_of(error: BaseException | None) -> int | None:
    """The HTTP status, which the error of the client below has."""
    for _ in range(_CAUSES):
        if error is None:
            break
        status = getattr(error, "status_code", None)
        if isinstance(status, int):
            return status
        error = error.__cause__ or error.__context__
    return None
