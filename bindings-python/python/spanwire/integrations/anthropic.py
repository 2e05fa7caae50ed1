"""Anthropic's Python library, 0.20 to 2: messages, in whatever way they are asked for, and the tools of its runners.

Helpers (`parse`, `stream`), raw and streaming responses, the beta resource, tool runners, and the clients for Bedrock,
Vertex and Foundry make their requests through the base client, and that is where they are seen: see `_stainless`.
"""

from __future__ import annotations

import importlib
import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal

from ._patches import Wanted, around
from ._stainless import Endpoint, Vendor
from ._tools import Outcome, Use, running, telling_error

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ._patches import Method, Patches

_VENDOR = Vendor("anthropic", [Endpoint("/v1/messages", "chat", "anthropic_messages")])
_CLIENTS = ("SyncAPIClient", "AsyncAPIClient")


def instrument_library(patches: Patches) -> None:
    """Every client, and every tool runner."""
    base = importlib.import_module("anthropic._base_client")
    for name in _CLIENTS:
        _VENDOR.patch(patches, getattr(base, name))
    # Younger than the library, and not imported with all of its versions.
    runner = sys.modules.get("anthropic.lib.tools._beta_runner")
    if runner is not None:
        _patch_runners(patches, runner)


def instrument_client(client: Any, patches: Patches) -> bool:
    """One client, and the copies that are made of it; false if it is none of this library."""
    base = sys.modules["anthropic._base_client"]
    if not isinstance(client, tuple(getattr(base, name) for name in _CLIENTS)):
        return False
    _VENDOR.patch_client(patches, client)
    return True


def _patch_runners(patches: Patches, runner: Any) -> None:
    run_tool = running("anthropic", _use_of, _outcome_of)
    for name in ("BaseSyncToolRunner", "BaseAsyncToolRunner"):
        owner = getattr(runner, name, None)
        if hasattr(owner, "_run_tool"):
            patches.method(owner, "_run_tool", run_tool, expects=("tool", "tool_use"))
        if hasattr(owner, "_run_toolset_member"):
            patches.method(owner, "_run_toolset_member", run_tool, expects=("tool_use",))
    if hasattr(runner, "tool_error_content"):
        patches.method(runner, "tool_error_content", telling_error)
    if not hasattr(getattr(runner, "BaseSyncToolRunner", None), "_run_tool"):
        _patch_functions(patches, runner)


def _patch_functions(patches: Patches, runner: Any) -> None:
    """Runners before version 2 call a tool in the middle of a longer method, with the input as it came."""
    functions = importlib.import_module("anthropic.lib.tools._beta_functions")
    run_function = running("anthropic", _use_of_function, lambda result: Outcome(result))
    for runners, tools in (("BaseSyncToolRunner", "BetaFunctionTool"), ("BaseAsyncToolRunner", "BetaAsyncFunctionTool")):
        owner, tool = getattr(runner, runners, None), getattr(functions, tools, None)
        patches.methods(
            Wanted(owner, "_get_last_assistant_message_content", _seeing),
            Wanted(tool, "call", run_function, ("input",)),
        )


class _Sight:
    """A look at what a runner has of the model, in which tools are asked for."""

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.args = args
        self.kwargs = kwargs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Literal[False]:
        return False

    def take(self, result: Any) -> Any:
        _asked.set(result if isinstance(result, list) else [])
        return result


def _seeing(method: Method) -> Method:
    return around(method, _Sight)


def _use_of_function(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Use | None:
    tool, given = args[0], kwargs.get("input", args[-1])
    for block in _asked.get():
        if getattr(block, "type", None) == "tool_use" and block.input is given:
            return Use(block.name, block.id, given, getattr(tool, "description", None))
    return None


#: The last answer that a runner has looked at.
_asked: ContextVar[list[Any]] = ContextVar("spanwire_anthropic_asked", default=[])


def _use_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Use:
    given = {**dict(zip(("tool_use", "tool"), reversed(args[1:]))), **kwargs}
    block = given["tool_use"]
    return Use(block.name, block.id, block.input, getattr(given.get("tool"), "description", None))


def _outcome_of(result: dict[str, Any]) -> Outcome:
    return Outcome(result.get("content"), result.get("is_error") is True)
