"""Pydantic AI 2: runs of agents, their requests and their tools, by a capability as the library offers them.

Every way to run an agent goes through `Agent.iter`, which takes capabilities for the one run: agents that were made
before are seen too, and what a program has set up itself (`Agent.instrument_all`, logfire) stays as it is. Ours
stands innermost, around what really happens: a hook of the program that answers in the model's place makes no request.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .. import _state
from ._guard import guarded
from ._pydantic_ai_run import Request, Run, Tool, current_task, is_cancelling, left
from ._request import current_owner

if TYPE_CHECKING:
    import asyncio

    from ._patches import Method, Patches


def instrument_library(patches: Patches) -> None:
    """Every agent, also those that there are already."""
    agent = importlib.import_module("pydantic_ai.agent")
    capabilities = importlib.import_module("pydantic_ai.capabilities")
    place = capabilities.CapabilityOrdering(position="innermost")
    kind = type("Spanwire", (_Recording, capabilities.AbstractCapability), {"__module__": __name__, "_place": place})
    patches.method(agent.Agent, "iter", lambda method: _running(method, kind), expects=("capabilities",))
    patches.method(agent.AgentRunEvents, "aclose", _leaving)
    nodes = importlib.import_module("pydantic_ai._agent_graph")
    patches.method(nodes.ModelRequestNode, "_open_stream", _opening, expects=("request_context",))


def _running(iterate: Method, kind: Any) -> Method:
    """A run begins."""

    def running(*args: Any, **kwargs: Any) -> Any:
        with guarded("a run of pydantic_ai"):
            if _state.is_active():
                kwargs = {**kwargs, "capabilities": [*(kwargs.get("capabilities") or ()), kind(current_task())]}
        return iterate(*args, **kwargs)

    return running


def _leaving(aclose: Method) -> Method:
    async def leaving(self: Any) -> Any:
        with guarded("the events of a run of pydantic_ai"):
            if self._task is not None and not is_cancelling():
                left.add(self._task)
        return await aclose(self)

    return leaving


def _opening(open_stream: Method) -> Method:
    """The stream of a request is there; the request itself goes out when it is read."""

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

    def __init__(self, task: asyncio.Task[Any] | None) -> None:
        self._task = task
        self._run: Run | None = None

    def get_ordering(self) -> Any:
        return self._place

    async def wrap_run(self, ctx: Any, *, handler: Any) -> Any:
        run = None
        with guarded("a run of pydantic_ai"):
            run = self._run = Run(ctx, self._task)
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
        try:
            response = await handler(request_context)
        except BaseException as error:
            self._settle(error)
            raise
        self._settle(None)
        return response

    def _settle(self, error: BaseException | None) -> None:
        with guarded("a request of pydantic_ai"):
            if self._run is not None:
                self._run.settle(error)

    async def wrap_tool_execute(self, ctx: Any, *, call: Any, tool_def: Any, args: Any, handler: Any) -> Any:
        return await self._use(call.tool_name, call, tool_def.description, args, handler)

    async def wrap_output_process(self, ctx: Any, *, output_context: Any, output: Any, handler: Any) -> Any:
        if not output_context.has_function:
            return await handler(output)
        call = output_context.tool_call
        name = output_context.function_name if call is None else call.tool_name
        return await self._use(name, call, None, output, handler)

    async def _use(self, name: Any, call: Any, description: Any, given: Any, handler: Any) -> Any:
        tool = None
        with guarded("a tool of pydantic_ai"):
            if self._run is not None:
                tool = Tool(self._run, name, call, description, given)
        if tool is None:
            return await handler(given)
        with tool:
            tool.result = await handler(given)
        return tool.result
