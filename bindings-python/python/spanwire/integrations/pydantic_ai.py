"""Pydantic AI 2: runs of agents, their requests and their tools, by a capability as the library offers them.

Every way to run an agent goes through `Agent.iter`, which takes capabilities for the one run: agents that were made
before are seen too, and what a program has set up itself (`Agent.instrument_all`, logfire) stays as it is. Ours
stands innermost, around what really happens: a hook of the program that answers in the model's place makes no request.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any

from .. import _state
from ._guard import guarded
from ._pydantic_ai_run import Request, Run, Tool, left, under_way
from ._request import current_owner
from ._tasks import current_task, is_cancelling

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from types import FrameType, TracebackType

    from ._patches import Method, Patches


def instrument_library(patches: Patches) -> None:
    """Every agent, also those that there are already."""
    agent = importlib.import_module("pydantic_ai.agent")
    capabilities = importlib.import_module("pydantic_ai.capabilities")
    place = capabilities.CapabilityOrdering(position="innermost")
    kind = type("Spanwire", (_Recording, capabilities.AbstractCapability), {"__module__": __name__, "_place": place})
    patches.method(agent.Agent, "iter", lambda method: _running(method, kind), expects=("capabilities",))
    # What the first versions have not.
    if hasattr(agent, "_registered_capability_count"):
        patches.method(agent, "_registered_capability_count", lambda method: _counting(method, agent.leaf_capabilities))
    if hasattr(agent, "AgentRunEvents"):
        patches.method(agent.AgentRunEvents, "aclose", _leaving)
    nodes = importlib.import_module("pydantic_ai._agent_graph")
    # No hook is around them, and those that are around nodes would be seen by what looks for such hooks.
    patches.method(nodes.UserPromptNode, "run", _preparing, expects=("ctx",))
    patches.method(nodes.ModelRequestNode, "_prepare_request", _preparing, expects=("ctx",))
    streams = importlib.import_module("pydantic_ai.models._continuation")
    if patches.method(streams._ContinuationStreamedResponse, "_open_segment", _requesting, expects=("messages",)):
        patches.method(nodes.ModelRequestNode, "_open_stream", _opening, expects=("request_context",))


def _running(iterate: Method, kind: Any) -> Method:
    """A run begins."""

    def running(*args: Any, **kwargs: Any) -> Any:
        with guarded("a run of pydantic_ai"):
            if _state.is_active():
                capability = kind(current_task(), is_whole=_is_seen_through())
                kwargs = {**kwargs, "capabilities": [*(kwargs.get("capabilities") or ()), capability]}
        return iterate(*args, **kwargs)

    return running


def _leaving(aclose: Method) -> Method:
    async def leaving(self: Any) -> Any:
        with guarded("the events of a run of pydantic_ai"):
            if self._task is not None and not is_cancelling():
                left.add(self._task)
        return await aclose(self)

    return leaving


def _counting(count: Method, leaves_of: Method) -> Method:
    """The library prints at times how many capabilities a program has: ours is none of them."""

    def counting(capability: Any) -> Any:
        number = count(capability)
        with guarded("the capabilities of pydantic_ai"):
            number -= sum(isinstance(leaf, _Recording) for leaf in leaves_of(capability))
        return number

    return counting


def _is_seen_through() -> bool:
    """Whether it is the library that goes through the run that begins here, to its end.

    Its `run` is not patched for that: it finds an agent's name in the frame that it is called from.
    """
    run = getattr(importlib.import_module("pydantic_ai.agent").AbstractAgent.run, "__code__", None)
    frames = islice(_frames(), _DEPTH)
    return any(frame.f_code is run for frame in frames)


#: Frames between `run` and what is called here: our own, those of a wrapper's `iter`, and of its context manager.
_DEPTH = 8


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _preparing(prepare: Method) -> Method:
    """What the program has for prompts, instructions and tools is run for the run of the agent."""

    async def preparing(*args: Any, **kwargs: Any) -> Any:
        with _inside_of(args, kwargs):
            return await prepare(*args, **kwargs)

    return preparing


def _inside_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> AbstractContextManager[None]:
    with guarded("a step of pydantic_ai"):
        ctx = kwargs["ctx"] if "ctx" in kwargs else args[1]
        run = under_way.get(ctx.state.run_id)
        if run is not None:
            return run.inside()
    return nullcontext()


def _requesting(open_segment: Method) -> Method:
    """A part of a stream, mostly all of it: where it is opened, in the task that reads it, the request is made."""

    def requesting(self: Any, *args: Any, **kwargs: Any) -> Any:
        opened = open_segment(self, *args, **kwargs)
        with guarded("a stream of pydantic_ai"):
            request = current_owner()
            if isinstance(request, Request) and request.stream is self:
                return _Segment(opened, request)
        return opened

    return requesting


class _Segment:
    """A part of a stream, as an async block."""

    def __init__(self, opened: AbstractAsyncContextManager[Any], request: Request) -> None:
        self._opened = opened
        self._request = request

    async def __aenter__(self) -> Any:
        with self._request.opening():
            return await self._opened.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        return await self._opened.__aexit__(kind, error, traceback)


def _opening(open_stream: Method) -> Method:
    """The stream of a request is there; the request itself goes out when somebody reads it."""

    async def opening(*args: Any, **kwargs: Any) -> Any:
        opened = await open_stream(*args, **kwargs)
        with guarded("a stream of pydantic_ai"):
            request = current_owner()
            if isinstance(request, Request):
                request.stream, _, request.asked, *_ = opened
        return opened

    return opening


class _Recording:
    """The capability of one run, below it the library's own class."""

    #: The library's flag for capabilities that only look, which may be added to durable runs.
    _safe_at_runtime = True
    _place: Any = None

    def __init__(self, task: asyncio.Task[Any] | None, *, is_whole: bool) -> None:
        self._task = task
        self._is_whole = is_whole
        self._run: Run | None = None

    def get_ordering(self) -> Any:
        return self._place

    async def wrap_run(self, ctx: Any, *, handler: Any) -> Any:
        run = None
        with guarded("a run of pydantic_ai"):
            run = self._run = Run(ctx, self._task, is_whole=self._is_whole)
        if run is None:
            return await handler()
        with run:
            run.result = await handler()
        return run.result

    async def before_model_request(self, ctx: Any, request_context: Any) -> Any:
        with guarded("a request of pydantic_ai"):
            if self._run is not None:
                self._run.ask(request_context)
        return request_context

    async def after_model_request(self, ctx: Any, *, request_context: Any, response: Any) -> Any:
        with guarded("an answer of pydantic_ai"):
            if self._run is not None and self._run.request is not None:
                self._run.request.answered(response)
        return response

    async def wrap_model_request(self, ctx: Any, *, request_context: Any, handler: Any) -> Any:
        with self._inside():
            try:
                response = await handler(request_context)
            except BaseException as error:
                self._settle(None, error)
                raise
            self._settle(response, None)
            return response

    def _inside(self) -> AbstractContextManager[None]:
        return nullcontext() if self._run is None else self._run.inside()

    def _settle(self, response: Any, error: BaseException | None) -> None:
        with guarded("a request of pydantic_ai"):
            if self._run is not None:
                self._run.settle(response, error)

    async def wrap_tool_execute(self, ctx: Any, *, call: Any, tool_def: Any, args: Any, handler: Any) -> Any:
        return await self._use(call.tool_name, call, tool_def.description, args, handler)

    async def wrap_output_process(self, ctx: Any, *, output_context: Any, output: Any, handler: Any) -> Any:
        if not output_context.has_function:
            with self._inside():
                return await handler(output)
        call = output_context.tool_call
        name = output_context.function_name if call is None else call.tool_name
        return await self._use(name, call, None, output, handler)

    async def _use(self, name: Any, call: Any, description: Any, given: Any, handler: Any) -> Any:
        with self._inside():
            tool = None
            with guarded("a tool of pydantic_ai"):
                if self._run is not None:
                    tool = Tool(self._run, name, call, description, given)
            if tool is None:
                return await handler(given)
            with tool:
                tool.result = await handler(given)
            return tool.result
