"""What is kept with a step of the OpenAI Agents SDK that has a span: an agent, a tool, a guardrail."""

from __future__ import annotations

import sys


class Step:
    """A step, of which the library often does not say why it ends."""

    def __init__(self, pipeline: str | None) -> None:
        self.pipeline = pipeline
        #: What was being handled already when it began.
        self._handled = sys.exc_info()[1]

    def error(self) -> BaseException | None:
        """Why it ends, seen where it ends."""
        raised = sys.exc_info()[1]
        return None if raised is self._handled else raised


class Agent(Step):
    """An agent's run."""

    def __init__(self, name: object, pipeline: str | None) -> None:
        super().__init__(pipeline)
        self.name = name
        #: The last that its model has said; a tool may speak for it.
        self.said: str | None = None
        #: What its last request was cancelled with.
        self.cancelled: BaseException | None = None
        #: What a guardrail raised, for which a streamed run is cancelled.
        self.unguarded: BaseException | None = None

    def error(self) -> BaseException | None:
        """Why it ends, seen where it ends."""
        error = super().error() or self.cancelled
        return error if error is None or isinstance(error, Exception) else self.unguarded or error


class Guardrail(Step):
    """A guardrail of an agent."""

    def __init__(self, agent: Agent | None, pipeline: str | None) -> None:
        super().__init__(pipeline)
        self._agent = agent

    def end(self, error: BaseException | None) -> None:
        """Lets its agent know why it ends."""
        if self._agent is not None and isinstance(error, Exception):
            self._agent.unguarded = error
