"""Tools of the OpenAI Agents SDK that somebody has to approve: the library has a span for those that wait, too."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ._guard import guarded
from ._patches import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._spanwire import Span
    from ._patches import Method, Patches


class _Waiting:
    """A tool that may not be run: its span begins when it is."""

    def __init__(self) -> None:
        #: Whether the library's span of it has started.
        self.is_known = False
        self.begin: Callable[[], Span] | None = None


_waiting: ContextVar[_Waiting | None] = ContextVar("spanwire_agents_waiting", default=None)


def patch(patches: Patches) -> None:
    """Sees which tools wait, and when they are run."""
    tools: Any = sys.modules.get("agents.run_internal.tool_execution")
    owner = getattr(tools, "_FunctionToolBatchExecutor", None)
    if owner is not None:
        asked = Wanted(owner, "_run_single_tool", _asking, ("func_tool",))
        patches.methods(asked, Wanted(owner, "_execute_single_tool_body", _doing, ("tool_context",)))


def waits(begin: Callable[[], Span]) -> bool:
    """Whether the tool whose span starts here waits to be run; then its span of ours begins there."""
    waiting = _waiting.get()
    if waiting is None or waiting.is_known:
        return False
    waiting.is_known, waiting.begin = True, begin
    return True


def _asking(run: Method) -> Method:
    async def asking(*args: Any, **kwargs: Any) -> Any:
        outer = _waiting.get()
        if getattr(kwargs.get("func_tool"), "needs_approval", False) is not False:
            _waiting.set(_Waiting())
        try:
            return await run(*args, **kwargs)
        finally:
            _waiting.set(outer)

    return asking


def _doing(run: Method) -> Method:
    async def doing(*args: Any, **kwargs: Any) -> Any:
        with guarded("a tool of openai_agents"):
            waiting = _waiting.get()
            if waiting is not None and waiting.begin is not None:
                begin, waiting.begin = waiting.begin, None
                begin().set_attribute("gen_ai.tool.call.id", getattr(kwargs.get("tool_context"), "tool_call_id", None))
        return await run(*args, **kwargs)

    return doing
