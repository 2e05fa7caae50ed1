"""The callbacks of LangChain, which LangGraph calls too: spans of requests, tools and agents, by the ids of runs.

One handler stands in every run, through LangChain's own place for such. What goes over the wire is told by a client
that is known here; where there is none, LangChain's own words are taken.
"""

from __future__ import annotations

import importlib
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from .. import _state
from . import _langchain_shapes as shapes
from ._guard import guarded
from ._request import _say_status, current_owner, owning
from ._runs import Runs

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from uuid import UUID

    from typing_extensions import Self

    from .._span import Span
    from ._patches import Patches

#: What LangGraph raises in order to stop, or to go on elsewhere: no errors.
_STOPS = "GraphBubbleUp"

#: How LangChain calls a graph that its `create_agent` has made.
_CREATED = "langchain_create_agent"

#: The integrations that are on: `langchain` for requests, tools and its agents, `langgraph` for all graphs.
_switched_on: set[str] = set()

#: The next chain that begins is a graph.
graph_begins: ContextVar[bool] = ContextVar("spanwire_graph_begins", default=False)


def switch_on(patches: Patches, integration: str) -> None:
    """Has runs recorded from here on, for one of the two integrations."""
    patches.hook("callbacks", lambda: _put(integration), lambda: _take(integration))


def _put(integration: str) -> None:
    _switched_on.add(integration)
    context = importlib.import_module("langchain_core.tracers.context")
    if not any(hook[0] is _handler for hook in context._configure_hooks):
        # The default is there in every context, of bare threads too.
        context.register_configure_hook(_handler, inheritable=True)


def _take(integration: str) -> None:
    _switched_on.discard(integration)
    if not _switched_on:
        hooks = importlib.import_module("langchain_core.tracers.context")._configure_hooks
        hooks[:] = [hook for hook in hooks if hook[0] is not _handler]


class _LangChainRuns(Runs):
    """Runs, and the requests among them."""

    def __init__(self) -> None:
        super().__init__("langchain")
        self.requests: dict[Hashable, _Request] = {}

    def end(self, run_id: Hashable, error: BaseException | None = None) -> None:
        """Ends a run. That a graph stops on purpose is no failure."""
        request = self.requests.pop(run_id, None)
        if request is not None:
            request.leave()
        is_stop = any(kind.__name__ == _STOPS for kind in type(error).__mro__)
        super().end(run_id, None if is_stop else error)


_runs = _LangChainRuns()


class _Request(owning):
    """One request of a model, as LangChain tells it, and owner of the client's below."""

    __slots__ = ("_messages", "_run_id", "parameters")

    def __init__(self, span: Span, run_id: Hashable, messages: Any, parameters: Mapping[str, Any]) -> None:
        super().__init__(span)
        self._run_id = run_id
        self._messages = messages
        self.parameters = parameters

    def enter(self) -> Self:
        """Owns the next request of this context, or the next but some: `generate` begins all of them at first."""
        first = current_owner()
        if not isinstance(first, _Request) or first.parameters is not self.parameters:
            return super().enter()
        last: owning = first
        while last.following is not None:
            last = last.following
        last.following = self
        return self

    def tell(self) -> None:
        """Says what went in, if no client has: before the program goes on, which may change it."""
        given, self._messages = self._messages, None
        if given is None or not self.is_free:
            return
        self.leave()  # What is asked from here on is another request.
        if self.span.is_recording:
            request = {**shapes.settings(self.parameters), "messages": shapes.messages(given)}
            self.span._change("request", request, False, "neutral")

    def failed(self, error: BaseException) -> None:
        """The request failed, which LangChain says too, unless it was cancelled."""
        super().failed(error)
        _say_status(self.span, error)
        if not isinstance(error, Exception):
            _runs.end(self._run_id, error)


def _is_on(integration: str) -> bool:
    return integration in _switched_on and _state.is_active()


def _key(run_id: UUID | None) -> int | None:
    """What stands for a run: its id itself goes when nobody can end the run any more."""
    return None if run_id is None else run_id.int


def _conversation(metadata: Any) -> dict[str, Any]:
    thread = (metadata or {}).get("thread_id")
    return {} if thread is None else {"conversation_id": str(thread)}


_BaseCallbackHandler: Any = importlib.import_module("langchain_core.callbacks").BaseCallbackHandler


class _Handler(_BaseCallbackHandler):  # type: ignore[misc]  # It is there when this is imported.
    """Is called for everything that LangChain runs. Nothing in it raises."""

    #: Where the run goes on: in its thread and its context.
    run_inline = True

    def on_chat_model_start(
        self, serialized: Any, messages: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """A request of a chat model."""
        with guarded("a request of langchain"):
            _begin_request("chat", messages[0], run_id, parent_run_id, more)

    def on_llm_start(
        self, serialized: Any, prompts: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """A request of a model that goes on with a text."""
        with guarded("a request of langchain"):
            _begin_request("text_completion", prompts[0], run_id, parent_run_id, more)

    def on_llm_new_token(self, token: Any, *, run_id: UUID, chunk: Any = None, **more: Any) -> None:
        """A piece of a stream."""
        request = _runs.requests.get(run_id.int)
        if request is not None and not request.was_fed:
            with guarded("a piece of langchain"):
                request.tell()
                for piece in shapes.pieces(token, chunk):
                    request.span._change("chunk", piece, False)

    def on_llm_end(self, response: Any, *, run_id: UUID, **more: Any) -> None:
        """An answer, or the last piece of it."""
        request = _runs.requests.get(run_id.int)
        if request is not None and not request.was_fed:
            with guarded("an answer of langchain"):
                request.tell()
                request.span._change("response", shapes.answer(response), False)
        _runs.end(run_id.int)

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **more: Any) -> None:
        """A request that came to nothing."""
        request = _runs.requests.get(run_id.int)
        if request is not None and not request.was_fed:
            with guarded("a request of langchain"):
                request.tell()
        _runs.end(run_id.int, error)

    def on_tool_start(
        self, serialized: Any, input_str: str, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """A tool runs, in this context or a copy of it."""
        if not _is_on("langchain"):
            return
        with guarded("a tool of langchain"):
            name = more.get("name") or (serialized or {}).get("name")
            said = {"description": (serialized or {}).get("description"), **_conversation(more.get("metadata"))}
            key, parent = run_id.int, _key(parent_run_id)
            span = _runs.begin(key, parent, "execute_tool", name, said, is_current=True, lives_with=run_id)
            inputs = more.get("inputs")
            span._change("arguments", input_str if inputs is None else inputs, False)
            if more.get("tool_call_id") is not None:
                span.set_attribute("gen_ai.tool.call.id", more["tool_call_id"])

    def on_tool_end(self, output: Any, *, run_id: UUID, **more: Any) -> None:
        """What a tool gave back; an error that it turned into an answer is one."""
        span = _runs.span_of(run_id.int)
        if span is not None:
            with guarded("a tool of langchain"):
                span._change("result", shapes.result(output), False)
                if getattr(output, "status", None) == "error":
                    span.set_status("error")
                    span.set_attribute("error.type", "tool_error")
        _runs.end(run_id.int)

    def on_tool_error(self, error: BaseException, *, run_id: UUID, **more: Any) -> None:
        """A tool that failed."""
        _runs.end(run_id.int, error)

    def on_chain_start(
        self, serialized: Any, inputs: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """Anything that holds others: an agent, a graph and its nodes, or a chain, which has no span."""
        is_graph = graph_begins.get()
        if is_graph:
            graph_begins.set(False)
        if not _switched_on or not _state.is_active():
            return
        with guarded("a chain of langchain"):
            name = more.get("name") or (serialized or {}).get("name")
            agent = _agent_of(name, is_graph, more.get("metadata") or {})
            key, parent = run_id.int, _key(parent_run_id)
            if agent is None:
                is_node = any(tag.startswith("graph:step:") for tag in more.get("tags") or ())
                _runs.skip(key, parent, is_current=is_node)
                return
            arguments = _conversation(more.get("metadata"))
            span = _runs.begin(key, parent, "invoke_agent", name, arguments, integration=agent, lives_with=run_id)
            if span.is_recording:
                span._change("input", shapes.turn(inputs), False)

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **more: Any) -> None:
        """An agent, a graph or a chain is done."""
        span = _runs.span_of(run_id.int)
        if span is not None and span.is_recording:
            with guarded("an agent of langchain"):
                span._change("output", shapes.outcome(outputs), False)
        _runs.end(run_id.int)

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **more: Any) -> None:
        """An agent, a graph or a chain has failed, or nobody wants the rest of it."""
        _runs.end(run_id.int, error)

    def on_retriever_start(
        self, serialized: Any, query: str, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """A search, which has no span: what it asks of models hangs below its parent."""
        with guarded("a retriever of langchain"):
            _runs.skip(run_id.int, _key(parent_run_id))

    def on_retriever_end(self, documents: Any, *, run_id: UUID, **more: Any) -> None:
        """A search is done."""
        _runs.end(run_id.int)

    def on_retriever_error(self, error: BaseException, *, run_id: UUID, **more: Any) -> None:
        """A search has failed."""
        _runs.end(run_id.int)


def _begin_request(
    operation: str, given: Any, run_id: UUID, parent_run_id: UUID | None, more: dict[str, Any]
) -> None:
    if not _is_on("langchain"):
        return
    metadata, parameters = more.get("metadata") or {}, more.get("invocation_params") or {}
    arguments = {"framework_provider": metadata.get("ls_provider"), **_conversation(metadata)}
    model = shapes.model_of(parameters, metadata)
    key = run_id.int
    span = _runs.begin(key, _key(parent_run_id), operation, model, arguments, lives_with=run_id)
    given = list(given) if isinstance(given, list) else given
    _runs.requests[key] = _Request(span, key, given, parameters)
    _runs.requests[key].enter()


def _agent_of(name: object, is_graph: bool, metadata: dict[str, Any]) -> str | None:
    """The integration that a chain is an agent of, if it is one."""
    if is_graph and _is_on("langgraph"):
        return "langchain" if metadata.get("ls_integration") == _CREATED else "langgraph"
    is_root = "langgraph_node" not in metadata
    is_created = is_root and metadata.get("ls_integration") == _CREATED
    return "langchain" if _is_on("langchain") and (is_created or name == "AgentExecutor") else None


_handler: ContextVar[Any] = ContextVar("spanwire_langchain", default=_Handler())
