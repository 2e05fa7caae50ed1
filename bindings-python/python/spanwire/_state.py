"""The driver of the last `init`, and what happens to it when the process forks or ends."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from . import _spanwire
from ._spanwire import is_active as is_active

if TYPE_CHECKING:
    from collections.abc import Iterator
    from weakref import ReferenceType

    from ._stream import Leavable

#: How long one `init` waits for another one, in seconds: longer than that takes to send what waits.
_PATIENCE = 5.0

#: The streams that are watched, and what else may be left, by their ids.
streams: dict[int, ReferenceType[Leavable]] = {}

#: The option `integration_options`, as the core has found it to be right.
integration_options: dict[str, dict[str, bool]] = {}


def settle_marks() -> None:
    """Ends every handoff that was not entered."""
    for thread in list(_spanwire.marks):
        settle_mark(thread)


def settle_mark(thread: int | None = None) -> None:
    """Ends the last handoff of a thread, this one if none is named, if it was not entered."""
    mark = _spanwire.marks.pop(threading.get_ident() if thread is None else thread, None)
    span = None if mark is None else mark()
    if span is not None:
        span.is_recording  # noqa: B018  Looking at a mark is what settles it.


def settle_streams(*, if_left: bool) -> None:
    """Ends the spans of streams that nobody wants more of: those whose loop was left, or all of them."""
    for reference in list(streams.values()):
        stream = reference()
        if stream is not None:
            stream.let_go(if_left=if_left)


def is_on(integration: str, option: str) -> bool:
    """Whether an option of an integration is set."""
    return bool(integration_options.get(integration, {}).get(option))


def notice(text: str) -> None:
    """Says something once, in debug mode."""
    latest = _spanwire.driver()
    if latest is not None:
        latest.notice(text.encode(errors="replace").decode())


def not_recorded(what: str, error: Exception) -> None:
    """Says that something went wrong here, which goes no further."""
    notice(f"{what} could not be recorded: {type(error).__name__}")


class _Process:
    """The hooks into the end of the process and into its forks, set once."""

    def __init__(self) -> None:
        self._is_watched = False
        self._turn = threading.RLock()

    @contextlib.contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """A block for one thread: each `init` closes what the one before has set up. None waits for long."""
        turn = self._turn
        has_turn = turn.acquire(timeout=_PATIENCE)
        try:
            yield
        finally:
            if has_turn:
                turn.release()

    def watch(self) -> None:
        if not self._is_watched:
            self._is_watched = True
            atexit.register(self.close)
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(after_in_child=self.after_fork)
        self._watch_multiprocessing()
        self._watch_celery()

    def close(self, **_: object) -> None:
        settle_marks()
        settle_streams(if_left=False)
        latest = _spanwire.driver()
        if latest is not None:
            latest.close(None)

    def after_fork(self) -> None:
        # Whoever has it now is in the parent.
        self._turn = threading.RLock()
        _spanwire.marks.clear()
        streams.clear()
        latest = _spanwire.driver()
        if latest is not None:
            latest.after_fork_in_child()
        util: Any = sys.modules.get("multiprocessing.util")
        if util is not None:
            # Its child forgets every finalizer first, then runs this.
            util.register_after_fork(self, type(self)._watch_multiprocessing)
        self._watch_celery()

    def _watch_multiprocessing(self) -> None:
        """A child of `multiprocessing` ends without `atexit`: what it runs instead is asked to close."""
        util: Any = sys.modules.get("multiprocessing.util")
        process: Any = sys.modules.get("multiprocessing.process")
        if util is not None and process is not None and process.parent_process() is not None:
            util.Finalize(None, self.close, exitpriority=0)

    def _watch_celery(self) -> None:
        """A process of a Celery pool ends with `os._exit`, after this signal."""
        ends: Any = getattr(sys.modules.get("celery.signals"), "worker_process_shutdown", None)
        if ends is not None:
            ends.connect(self.close, weak=False, dispatch_uid="spanwire")


process = _Process()
