"""Names that code written for the Sentry SDK imports from its `consts`."""

from __future__ import annotations

from enum import Enum


class SPANTEMPLATE(str, Enum):
    """What `trace` makes of a function."""

    DEFAULT = "default"
    AI_AGENT = "ai_agent"
    AI_TOOL = "ai_tool"
    AI_CHAT = "ai_chat"

    def __str__(self) -> str:
        return self.value
