"""The OpenAI Agents SDK: workflows, agents, requests, tools, handoffs and guardrails.

It has spans of its own, and these are seen where they start and finish: its trace processors can be replaced by the
program, cannot be taken off one by one, and are called for nothing where its tracing is off, as it is for many who do
not want it to upload. A request's span is fed by the client below.
"""

from __future__ import annotations

import importlib
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal

from .. import _state
from .._scope import scope, set_conversation_id
from . import _openai_agents_approval
from ._guard import guarded
from ._openai_agents_data import answer_of, request_of, text_of
from ._openai_agents_notes import Agent, Guardrail, Step
from ._patches import Wanted, around
from ._request import owning
from ._runs import Runs

if TYPE_CHECKING:
    from collections.abc import Hashable
    from types import TracebackType

    from typing_extensions import Self

    from .._spanwire import Span
    from ._patches import Method, Patches


def instrument_library(patches: Patches) -> None:
    """Every run, also of agents that there are already."""
    patches.hook("open runs", lambda: None, _runs.end_all)
    spans = importlib.import_module("agents.tracing.spans")
    for name in ("SpanImpl", "NoOpSpan"):
        owner = getattr(spans, name)
        start = Wanted(owner, "start", _starting, ("mark_as_current",))
        patches.methods(start, Wanted(owner, "finish", _finishing, ("reset_current",)))
        patches.method(owner, "set_error", _failing, expects=("error",))
    trace = importlib.import_module("agents.tracing.traces").TraceImpl
    start = Wanted(trace, "start", _opening, ("mark_as_current",))
    patches.methods(start, Wanted(trace, "finish", _closing, ("reset_current",)))
    runner = importlib.import_module("agents.run").AgentRunner
    for name in ("run", "run_sync", "run_streamed"):
        patches.method(runner, name, _running, expects=("starting_agent", "input"))
    context = importlib.import_module("agents.tool_context").ToolContext
    patches.method(context, "__init__", _contexting, expects=("tool_call_id",))
    late = getattr(importlib.import_module("agents.exceptions"), "ToolTimeoutError", None)
    if late is not None:
        patches.method(late, "__init__", _being_late, expects=("tool_name",))
    _openai_agents_approval.patch(patches)
    steps: Any = sys.modules.get("agents.run_internal.run_steps")
    if steps is not None:
        patches.method(steps.NextStepFinalOutput, "__init__", _concluding, expects=("output",))


class _Asked:
    """What one call of `Runner.run` was asked for, for what runs inside of it."""

    def __init__(self, given: Any, options: dict[str, Any]) -> None:
        #: What the first agent is told; nothing for those after it.
        self.input = given if isinstance(given, (str, list)) else None
        run_config = options.get("run_config")
        #: What the program wants nobody to trace.
        self.is_private = getattr(run_config, "trace_include_sensitive_data", True) is False
        #: That of the run, if it has a trace of its own.
        self.workflow: Span | None = None
        #: What will have an id once it is asked for its items: such a session makes a conversation for itself.
        self._session = options.get("session")
        # A run that is resumed knows its own.
        conversation = options.get("conversation_id") or getattr(given, "_conversation_id", None) or self._session_id()
        group = getattr(run_config, "group_id", None) or _group_around()
        #: What the run belongs to, as far as it is known.
        self.conversation = next((each for each in (conversation, group) if isinstance(each, str)), None)
        if conversation:
            self._session = None

    def _session_id(self) -> str | None:
        try:
            found = self._session.session_id if self._session is not None else None
        except Exception:
            return None
        return found if isinstance(found, str) else None

    def settle_conversation(self) -> None:
        """What starts from here on belongs to the session's conversation, if that is known only now."""
        found = self._session_id()
        if found is not None:
            self._session, self.conversation = None, found
            set_conversation_id(found)
            if self.workflow is not None:
                self.workflow.set_attribute("gen_ai.conversation.id", found)

    def take_input(self) -> Any:
        """What goes into the agent that starts."""
        given, self.input = self.input, None
        return given


def _group_around() -> object:
    """What the trace is part of that the program has opened itself."""
    return getattr(sys.modules["agents.tracing.scope"].Scope.get_current_trace(), "group_id", None)


_asked: ContextVar[_Asked | None] = ContextVar("spanwire_agents_asked", default=None)


class _Request(owning):
    """A request: its run, and owner of the request of the client below."""

    __slots__ = ("agent_id", "error")

    def __init__(self, span: Span, agent_id: Hashable | None) -> None:
        super().__init__(span)
        self.agent_id = agent_id
        #: What went wrong below.
        self.error: BaseException | None = None

    def failed(self, error: BaseException) -> None:
        """The request failed; where it is not tried again, this is why."""
        self.error = error
        super().failed(error)


_runs = Runs("openai_agents")
_errors: dict[Hashable, BaseException | None] = {}


def _id_of(span: Any) -> Hashable | None:
    """What tells spans apart: where tracing is off, they have no ids."""
    if span is None:
        return None
    return id(span) if span.trace_id == "no-op" else span.span_id


def _parent_of(span: Any) -> Hashable | None:
    if span.trace_id != "no-op":
        return span.parent_id or span.trace_id  # type: ignore[no-any-return]
    return _id_of(sys.modules["agents.tracing.scope"].Scope.get_current_span())


def _opening(start: Method) -> Method:
    """A workflow, of one run or of several: all agents of a run stand beside each other, and this is around them."""

    def opening(self: Any, *args: Any, **kwargs: Any) -> Any:
        with guarded("a trace of openai_agents"):
            if _state.is_active() and _runs.span_of(self.trace_id) is None:
                # It is nobody's place by itself: that of a streamed run is open where its stream is read.
                workflow = _start_workflow(self.name, self.trace_id, None)
                asked = _asked.get()
                if asked is not None:
                    asked.workflow = workflow
                elif isinstance(self.group_id, str):
                    workflow.set_attribute("gen_ai.conversation.id", self.group_id)
        return start(self, *args, **kwargs)

    return opening


def _closing(finish: Method) -> Method:
    def closing(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = finish(self, *args, **kwargs)
        with guarded("a trace of openai_agents"):
            _runs.end(self.trace_id)
        return result

    return closing


def _start_workflow(name: Any, run_id: Hashable, parent_id: Hashable | None, *, is_current: bool = False) -> Span:
    name = name if isinstance(name, str) else None
    arguments = {"attributes": {"gen_ai.pipeline.name": name}} if name else None
    call, op = "start_span", "gen_ai.pipeline"
    return _runs.begin(
        run_id, parent_id, call, None, arguments, detail=op, name=name, note=name, is_current=is_current
    )


def _starting(start: Method) -> Method:
    def starting(self: Any, *args: Any, **kwargs: Any) -> Any:
        with guarded("a span of openai_agents"):
            if _state.is_active() and self.started_at is None:
                _start(self, _id_of(self), _parent_of(self))
        return start(self, *args, **kwargs)

    return starting


def _start(span: Any, run_id: Hashable, parent_id: Hashable | None) -> None:
    data, asked = span.span_data, _asked.get()
    if asked is not None:
        asked.settle_conversation()
    kind = "task" if type(data).__name__ == "TaskSpanData" else data.type
    private = {"record_inputs": False, "record_outputs": False} if asked is not None and asked.is_private else {}
    around_it = _runs.note_of(parent_id)
    pipeline = around_it.pipeline if isinstance(around_it, Step) else around_it
    inherited = {"attributes": {"gen_ai.pipeline.name": pipeline}, **private} if pipeline else private
    if kind == "task" and around_it is None and _runs.span_of(parent_id) is None:
        # Where tracing is off, there is no trace around it.
        _start_workflow(data.name, run_id, parent_id, is_current=True)
    elif kind == "agent":
        arguments = {"pipeline": pipeline, **private}
        note = Agent(data.name, pipeline)
        agent = _runs.begin(run_id, parent_id, "invoke_agent", data.name, arguments, is_current=True, note=note)
        given = asked.take_input() if asked is not None else None
        if given is not None:
            agent._gather("input", given)
    elif kind in ("response", "generation"):
        call = "responses" if kind == "response" else "chat"
        request = _runs.begin(run_id, parent_id, call, getattr(data, "model", None), inherited)
        _runs.note(run_id, _Request(request, parent_id).enter())
    elif kind == "function":

        def begin() -> Span:
            return _runs.begin(run_id, parent_id, "execute_tool", data.name, inherited, is_current=True, note=Step(pipeline))

        if _openai_agents_approval.waits(begin):
            _runs.skip(run_id, parent_id, note=pipeline)
        else:
            begin()
    elif kind == "guardrail":
        name, op = f"guardrail {data.name}", "gen_ai.guardrail"
        guarding = Guardrail(around_it if isinstance(around_it, Agent) else None, pipeline)
        agent_name = around_it.name if isinstance(around_it, Agent) else None
        attributes = {"gen_ai.operation.type": "other", "gen_ai.agent.name": agent_name, "gen_ai.pipeline.name": pipeline}
        arguments = {"attributes": {key: value for key, value in attributes.items() if value}}
        call = "start_span"
        _runs.begin(run_id, parent_id, call, None, arguments, detail=op, name=name, is_current=True, note=guarding)
    else:
        # Turns, lists of tools, what the program has spans for.
        _runs.skip(run_id, parent_id, note=around_it)


def _finishing(finish: Method) -> Method:
    def finishing(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = finish(self, *args, **kwargs)
        with guarded("a span of openai_agents"):
            _finish(self.span_data, _id_of(self))
        return result

    return finishing


def _finish(data: Any, run_id: Hashable) -> None:
    failed = run_id in _errors
    error, span, note = _errors.pop(run_id, None), _runs.span_of(run_id), _runs.note_of(run_id)
    kind = getattr(data, "type", None)
    if kind == "handoff":
        arguments = {"to_agent": data.to_agent}
        if isinstance(note, Agent) and note.pipeline:
            arguments["attributes"] = {"gen_ai.pipeline.name": note.pipeline}
        span = _runs.begin(run_id, run_id, "handoff", data.from_agent, arguments)
    elif span is None:
        pass
    elif isinstance(note, _Request):
        error = _finish_request(span, note, data, error, failed=failed)
    elif isinstance(note, Agent):
        error = note.error() or error
        if note.said is not None:
            span._gather("output", note.said)
    elif kind == "function":
        span._gather("arguments", data.input)
        if data.output is not None:
            span._gather("result", data.output)
    elif kind == "guardrail":
        span.set_attribute("guardrail.triggered", data.triggered is True)
    if isinstance(note, Step) and not isinstance(note, Agent):
        error = error or note.error()
    if isinstance(note, Guardrail):
        note.end(error)
    if failed and error is None and span is not None:
        span.set_status("error")
    _runs.end(run_id, error)


def _finish_request(
    span: Span, request: _Request, data: Any, error: BaseException | None, *, failed: bool
) -> BaseException | None:
    """Tells what is still to be told of a request, and gives the error that it ends with."""
    request.leave()
    if not request.was_fed:
        request_told, format = request_of(data)
        span._gather("request", request_told, format)
        answer = answer_of(data)
        if answer is not None:
            span._gather("response", answer)
    agent = _runs.note_of(request.agent_id)
    is_cancelled = request.error is not None and not isinstance(request.error, Exception)
    if isinstance(agent, Agent):
        # The last that an agent's model says is what the agent says.
        agent.said = text_of(data) or agent.said
        agent.cancelled = request.error if is_cancelled else None
    return request.error if is_cancelled or (failed and request.error is not None) else error


def _failing(set_error: Method) -> Method:
    """The library writes an error down where it handles it; what it writes is for reading."""

    def failing(self: Any, *args: Any, **kwargs: Any) -> Any:
        with guarded("an error of openai_agents"):
            run_id = _id_of(self)
            if _runs.span_of(run_id) is not None:
                _errors[run_id] = sys.exc_info()[1] or _errors.get(run_id)
        return set_error(self, *args, **kwargs)

    return failing


def _being_late(init: Method) -> Method:
    """The error of a tool that is late is made inside of its span, and may be told to nobody but the model."""

    def being_late(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        with guarded("a late tool of openai_agents"):
            run_id = _id_of(sys.modules["agents.tracing.scope"].Scope.get_current_span())
            if type(_runs.note_of(run_id)) is Step:
                _errors[run_id] = self

    return being_late


def _contexting(init: Method) -> Method:
    """The context of a tool is made inside of its span, and has the id of the call."""

    def contexting(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        with guarded("a tool of openai_agents"):
            current = sys.modules["agents.tracing.scope"].Scope.get_current_span()
            if current is not None and getattr(current.span_data, "type", None) == "function":
                span = _runs.span_of(_id_of(current))
                if span is not None and current.span_data.name == self.tool_name:
                    span.set_attribute("gen_ai.tool.call.id", self.tool_call_id)

    return contexting


def _concluding(init: Method) -> Method:
    """What an agent's run comes to is made inside of its span: what its model says, or what a tool has given."""

    def concluding(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        with guarded("the output of openai_agents"):
            current = sys.modules["agents.tracing.scope"].Scope.get_current_span()
            agent = _runs.note_of(_id_of(current))
            if isinstance(agent, Agent) and isinstance(self.output, str):
                agent.said = self.output

    return concluding


def _running(run: Method) -> Method:
    def begin(args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Run | None:
        with guarded("a run of openai_agents"):
            if _state.is_active():
                given = kwargs["input"] if "input" in kwargs else args[2]
                return _Run(given, args, kwargs)
        return None

    return around(run, begin)


class _Run:
    """One call of `Runner.run` or its like."""

    def __init__(self, given: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.args, self.kwargs = args, kwargs
        self._asked = _Asked(given, kwargs)
        self._outer: _Asked | None = None
        self._scope = scope(conversation_id=self._asked.conversation)

    def __enter__(self) -> Self:
        self._outer = _asked.get()
        _asked.set(self._asked)
        self._scope.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        self._scope.__exit__(kind, error, traceback)
        _asked.set(self._outer)
        return False

    def take(self, result: Any) -> Any:
        """Its result says nothing that the spans have not said."""
        return result
