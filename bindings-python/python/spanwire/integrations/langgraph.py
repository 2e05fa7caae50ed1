"""LangGraph: every run of a graph is one of an agent, by LangChain's callbacks. See `_langchain_runs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._langchain_runs import use

if TYPE_CHECKING:
    from ._patches import Patches


def instrument_library(patches: Patches) -> None:
    """Every graph, also those that there are already."""
    use("langgraph", patches)
