"""The calls that make a span: agents, requests to models, tools, handoffs, anything else."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

from . import _context, _state, bridges
from ._context import CURRENT
from ._span import Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Literal

    from typing_extensions import Unpack

    from ._arguments import Common, CreateAgent, ExecuteTool, InvokeAgent
    from ._context import Parent, Place

    Attributes = Mapping[str, object] | None


#: The tools that libraries run, and their names.
_library_tools: weakref.WeakKeyDictionary[Span, object] = weakref.WeakKeyDictionary()


def begin(
    call: str,
    subject: object,
    parent: object,
    arguments: Any,
    detail: object = None,
    name: object = None,
    integration: str | None = None,
    is_mark: bool = False,
) -> Span:
    """Starts a span. `call` is a name of the API, `detail` the op or the operation that it takes, `arguments` a
    dict of its own, or None."""
    if _state.marks:
        _state.settle_mark()
    if parent is CURRENT:
        parent = _context.current()
    scope = _context.scope_var.get()
    if bridges.active:
        scope = bridges.scope(scope)
    span = Span(_state.driver, call, detail, subject, name, integration, parent, scope, arguments or None, is_mark)
    if integration is not None and call == "execute_tool":
        _library_tools[span] = subject
    return span


def is_running_tool(name: str) -> bool:
    """Whether this is the body of a tool of that name which a library runs, and has a span for."""
    place, _ = _context.own()
    return isinstance(place, Span) and _library_tools.get(place) == name


def invoke_agent(agent_name: str | None = None, **arguments: Unpack[InvokeAgent]) -> Span:
    """One run of an agent: requests, tools and handoffs inside it hang below it and carry its name.

    By name: `model`, `provider`, `messages`, `system_instructions`, `tools`, `pipeline`, `conversation_id`,
    `attributes`, `parent`.
    """
    return begin("invoke_agent", agent_name, arguments.pop("parent", CURRENT), arguments)


def create_agent(name: str, **arguments: Unpack[CreateAgent]) -> Span:
    """An agent is made: `model`, `provider`, `system_instructions`, `tools`, and what every call takes."""
    return begin("create_agent", name, arguments.pop("parent", CURRENT), arguments)


def execute_tool(name: str, **arguments: Unpack[ExecuteTool]) -> Span:
    """One run of a tool: `arguments`, `description`, and what every call takes.

    Its result goes into `Span.set_result`.
    """
    return begin("execute_tool", name, arguments.pop("parent", CURRENT), arguments)


def handoff(from_agent: str, to_agent: str, **arguments: Unpack[Common]) -> Span:
    """Control passes from one agent to another. Without a block it is a mark and ends at once."""
    parent = arguments.pop("parent", CURRENT)
    mark = begin("handoff", from_agent, parent, {"to_agent": to_agent, **arguments}, is_mark=True)
    # Whether a block follows shows with the next thing that this thread does.
    _state.marks[threading.get_ident()] = weakref.ref(mark)
    return mark


def start_span(
    name: str | None = None,
    op: str | None = None,
    attributes: Attributes = None,
    parent: Parent = CURRENT,
    *,
    description: str | None = None,
    **unknown: object,
) -> Span:
    """Anything else, and code written for other Sentry SDKs: an op that they use for AI is understood."""
    for other in unknown:
        _state.notice(f"start_span does not know `{other}`; it was left out")
    arguments = None if attributes is None else {"attributes": attributes}
    if name is None:
        name = description
    return begin("start_span", None, parent, arguments, detail=op, name=name)


def current_span() -> Span | None:
    """The span whose block this is; none outside of one."""
    place, _ = _context.own()
    return place if isinstance(place, Span) else None


class use_span:  # noqa: N801  It is called like a function.
    """Makes a span or trace context current for a block, sync or async, and does not end it."""

    def __init__(self, span: Place) -> None:
        self._span = span

    def __enter__(self) -> Place:
        _context.enter(self._span)
        return self._span

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        _context.leave(self._span)
        return False

    async def __aenter__(self) -> Place:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        return self.__exit__(kind, error, traceback)
