"""Runs that a library names by ids: where they hang, when they end, and that forgotten ones do not stay."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time

import pytest
import spanwire
from conftest import Recorded
from spanwire.integrations import _runs
from spanwire.integrations._runs import Runs


def parents(recorded: Recorded) -> dict[str, str | None]:
    spans = recorded.spans()
    names = {span["span_id"]: span["name"] for span in spans}
    return {span["name"]: names.get(span.get("parent_span_id")) for span in spans}


def test_runs_hang_below_what_their_library_says(recorded: Recorded) -> None:
    runs = Runs("langchain")
    runs.begin("agent", None, "invoke_agent", "A")
    runs.skip("chain", "agent")
    runs.begin("first", "chain", "execute_tool", "first", is_current=True)
    # In parallel, and called back somewhere else.
    thread = threading.Thread(target=lambda: runs.begin("second", "chain", "execute_tool", "second"))
    thread.start()
    thread.join()
    runs.begin("request", "second", "chat", "m")
    for run in ("first", "request", "second", "chain", "agent"):
        runs.end(run)
    runs.end("agent")
    assert parents(recorded) == {
        "invoke_agent A": None,
        "execute_tool first": "invoke_agent A",
        "execute_tool second": "invoke_agent A",
        "chat m": "execute_tool second",
    }


def test_a_run_without_a_known_parent_hangs_below_what_is_current(recorded: Recorded) -> None:
    runs = Runs("langchain")
    with spanwire.invoke_agent("A"):
        runs.begin(1, "unknown", "chat", "m")
        runs.end(1)
    assert parents(recorded)["chat m"] == "invoke_agent A"


def test_a_run_is_current_until_it_ends_wherever_that_is(recorded: Recorded) -> None:
    runs = Runs("langchain")
    span = runs.begin(1, None, "execute_tool", "t", is_current=True)
    assert spanwire.current_span() is span
    copied = contextvars.copy_context()
    thread = threading.Thread(target=lambda: runs.end(1))
    thread.start()
    thread.join()
    assert not span.is_recording
    assert spanwire.current_span() is None and copied.run(spanwire.current_span) is None


def test_errors_and_runs_that_nobody_wants_more_of(recorded: Recorded) -> None:
    runs = Runs("langchain")
    for name, error in (("failed", LookupError("no")), ("left", GeneratorExit())):
        runs.begin(name, None, "chat", name)
        runs.end(name, error)
    assert recorded.named("chat failed")["attributes"]["error.type"] == "LookupError"
    assert recorded.named("chat left")["status"] == "ok"


@pytest.mark.parametrize("end", [GeneratorExit(), asyncio.CancelledError(), LookupError(), None])
def test_whether_a_cancelled_run_failed_shows_with_the_one_around_it(recorded: Recorded, end: BaseException | None) -> None:
    runs = Runs("langchain")
    runs.begin("graph", None, "invoke_agent", "graph")
    runs.skip("node", "graph")
    span = runs.begin("request", "node", "chat", "m")
    for run in ("request", "node"):
        runs.cancelled(run, asyncio.CancelledError())
    assert span.is_recording
    before = time.time()
    runs.end("graph", end)
    sent = recorded.named("chat m")
    assert sent["status"] == ("ok" if isinstance(end, GeneratorExit) else "error")
    assert sent["attributes"].get("error.type") == (None if isinstance(end, GeneratorExit) else "CancelledError")
    assert sent["end_timestamp"] <= before and not runs._cancelled and not runs._open


def test_a_cancelled_run_with_nothing_around_it_has_failed(recorded: Recorded) -> None:
    runs = Runs("langchain")
    runs.begin("request", "unknown", "chat", "m")
    runs.cancelled("request", asyncio.CancelledError())
    assert recorded.span()["attributes"]["error.type"] == "CancelledError"


@pytest.mark.parametrize("end", [GeneratorExit(), asyncio.CancelledError()])
def test_a_cancelled_run_waits_for_whatever_is_around_it(recorded: Recorded, end: BaseException) -> None:
    runs = Runs("langchain")
    runs.skip("graph", None)
    runs.begin("tool", "graph", "execute_tool", "t", is_told=False)
    span = runs.begin("request", "tool", "chat", "m")
    runs.cancelled("request", asyncio.CancelledError())
    assert span.is_recording
    runs.end("graph", end)
    assert not span.is_recording and not runs._cancelled
    assert recorded.named("chat m")["status"] == ("ok" if isinstance(end, GeneratorExit) else "error")


def test_a_cancelled_run_does_not_wait_for_what_nobody_may_tell(recorded: Recorded) -> None:
    runs = Runs("langchain")
    runs.begin("tool", None, "execute_tool", "t", is_told=False)
    runs.skip("chain", "tool")
    spans = [runs.begin(run, parent, "chat", "m") for run, parent in (("below", "chain"), ("right below", "tool"))]
    for run in ("below", "right below", "chain"):
        runs.cancelled(run, asyncio.CancelledError())
    assert not any(span.is_recording for span in spans) and list(runs._open) == ["tool"]
    assert {span["status"] for span in recorded.spans()} == {"error"}


def test_cancelled_runs_that_wait_are_few(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_runs, "_MAX_CANCELLED", 10)
    runs = Runs("langchain")
    runs.skip("graph", None)
    for number in range(30):
        runs.begin(number, "graph", "chat", "m")
        runs.cancelled(number, asyncio.CancelledError())
    assert len(runs._cancelled) == 10 and len(recorded.spans()) == 20
    runs.skip("itself", "itself")
    runs.cancelled("itself", asyncio.CancelledError())
    runs.end("graph")
    assert len(recorded.spans()) == 30


def test_a_run_may_begin_inside_of_one_that_has_ended(recorded: Recorded) -> None:
    runs = Runs("langchain", outlived=3)
    runs.begin("graph", None, "invoke_agent", "graph")
    runs.skip("node", "graph")
    for run in ("node", "graph"):
        runs.end(run)
    for run in ("first", "second"):
        runs.begin(run, "node", "chat", run)
        runs.end(run)
    assert len(runs._ended) == 3
    runs.begin("third", "node", "chat", "third")
    runs.end("third")
    above = "invoke_agent graph"
    assert parents(recorded) == {above: None, "chat first": above, "chat second": above, "chat third": None}


def test_runs_that_are_forgotten_do_not_stay(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_runs, "MAX_OPEN_RUNS", 10)
    runs = Runs("langchain")
    for number in range(30):
        runs.begin(number, None, "chat", "m")
    assert len(runs._open) == 10 and len(recorded.spans()) == 20
