"""LangChain: requests of models, tools and agents, however they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._langchain import switch_on

if TYPE_CHECKING:
    from ._patches import Patches


def instrument_library(patches: Patches) -> None:
    """Everything that is run, also what was made before. Embeddings have no callbacks: they are their client's."""
    switch_on(patches, "langchain")
