"""The keyword arguments that calls share, for type checkers: what each of them means, the core knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._context import Parent


class Common(TypedDict, total=False):
    """What every call takes. `parent`: a span, a trace context, or None for a new trace.

    `record_inputs` and `record_outputs`: whether what is gathered automatically is kept, for this span alone.
    """

    record_inputs: bool | None
    record_outputs: bool | None
    conversation_id: str | None
    attributes: Mapping[str, object] | None
    parent: Parent


class Model(Common, total=False):
    """A model, and what it is told beside the messages."""

    provider: str | None
    system_instructions: object
    tools: object


class CreateAgent(Model, total=False):
    """An agent that is made."""

    model: str | None


class InvokeAgent(CreateAgent, total=False):
    """A run of an agent."""

    messages: object
    pipeline: str | None


class Request(Model, total=False):
    """One request, with the parameters that models share."""

    messages: object
    input: object
    max_tokens: int | None
    temperature: float | None
    top_p: float | None
    top_k: int | None
    frequency_penalty: float | None
    presence_penalty: float | None
    seed: int | str | None
    stop_sequences: Sequence[str] | None
    reasoning_level: str | None


class ExecuteTool(Common, total=False):
    """A run of a tool."""

    arguments: object
    description: str | None
