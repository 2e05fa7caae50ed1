"""LangChain: models, tools, and the agents of `create_agent` and `AgentExecutor`, by its callbacks.

Embeddings have no callbacks: they are the client's that asks for them. See `_langchain_runs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._langchain_runs import use

if TYPE_CHECKING:
    from ._patches import Patches


def instrument_library(patches: Patches) -> None:
    """Every run, also of what was made before."""
    use("langchain", patches)
