"""What `asyncio` knows of the task that something is done in."""

from __future__ import annotations

import asyncio
from typing import Any


def current_task() -> asyncio.Task[Any] | None:
    """The task that this is done in."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def is_cancelling() -> bool:
    """Whether somebody cancels this task itself; not known before Python 3.11."""
    cancelling = getattr(current_task(), "cancelling", None)
    return cancelling is not None and cancelling() > 0
