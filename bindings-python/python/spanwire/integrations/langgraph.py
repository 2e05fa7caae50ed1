"""LangGraph: graphs are agents. What they run, LangChain's callbacks tell.

Only a graph itself knows that it is one, so what it asks for its callbacks is seen: the next run is the graph's.
"""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Any

from ._langchain import graph_begins, switch_on

if TYPE_CHECKING:
    from ._patches import Method, Patches


def instrument_library(patches: Patches) -> None:
    """Every graph, also those that are compiled already."""
    switch_on(patches, "langgraph")
    pregel = importlib.import_module("langgraph.pregel.main")
    for name in ("get_callback_manager_for_config", "get_async_callback_manager_for_config"):
        patches.method(pregel, name, _beginning, expects=("config",))


def _beginning(get_manager: Method) -> Method:
    """A graph begins: its run is the next thing that the callbacks are told."""

    @functools.wraps(get_manager)
    def beginning(*args: Any, **kwargs: Any) -> Any:
        manager = get_manager(*args, **kwargs)
        graph_begins.set(True)
        return manager

    return beginning
