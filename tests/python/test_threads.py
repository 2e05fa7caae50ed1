"""Many threads at once: nothing is lost, mixed up or waited for; with the GIL, and above all without one.

`cargo xtask soak` runs this with a free-threaded CPython, where all of it happens in parallel.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import spanwire
from conftest import DSN, PATIENCE, Recorded, spans_in
from spanwire.integrations._imports import forget, when_imported
from spanwire.integrations._runs import Runs

SOAK = bool(os.environ.get("SPANWIRE_SOAK"))
THREADS = 8
#: How often each thread does what is tested.
ROUNDS = 1_000 if SOAK else 200
#: Threads may make more than one worker can read meanwhile: these bytes may wait, that none is lost.
ROOM = 256 * 1024 * 1024

is_free_threaded = not getattr(sys, "_is_gil_enabled", lambda: True)()


def at_once(work: Callable[[int], object], threads: int = THREADS) -> list[Any]:
    """Runs something in several threads that begin together; gives what each of them gave."""
    barrier = threading.Barrier(threads)

    def begin(number: int) -> object:
        barrier.wait(PATIENCE)
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begin, range(threads)))


@pytest.fixture
def recorded(start: Callable[..., Recorded]) -> Recorded:
    """Everything is recorded, however much of it waits."""
    return start(send_default_pii=True, max_waiting_bytes=ROOM)


@contextmanager
def meanwhile(*works: Callable[[], object]) -> Iterator[None]:
    """A block during which other threads do something again and again."""
    stop = threading.Event()

    def repeat(work: Callable[[], object]) -> None:
        while not stop.is_set():
            work()

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(repeat, work) for work in works]
        try:
            yield
        finally:
            stop.set()
    for each in running:
        each.result()


@pytest.mark.skipif(not is_free_threaded, reason="the interpreter has a GIL")
def test_the_package_leaves_the_gil_off() -> None:
    program = "import sys, spanwire; spanwire.init(); assert not sys._is_gil_enabled()"
    command = [sys.executable, "-W", "error", "-c", program]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_GIL"}
    subprocess.run(command, check=True, timeout=PATIENCE, env=environment)


def test_spans_of_many_threads_hang_where_they_were_made(recorded: Recorded) -> None:
    def work(thread: int) -> None:
        for number in range(ROUNDS):
            with spanwire.scope(conversation_id=f"{thread}-{number}"):
                with spanwire.invoke_agent(f"{thread}-{number}", parent=None) as agent:
                    with spanwire.chat("m") as chat:
                        chat.set_usage(input_tokens=thread, output_tokens=number)
                        assert spanwire.current_span() is chat
                    assert spanwire.current_span() is agent

    at_once(work)
    spans = recorded.spans()
    assert len({span["span_id"] for span in spans}) == len(spans) == 2 * THREADS * ROUNDS
    agents = {span["span_id"]: span for span in spans if "parent_span_id" not in span}
    assert len({span["trace_id"] for span in agents.values()}) == len(agents) == THREADS * ROUNDS
    for span in spans:
        if "parent_span_id" in span:
            agent, attributes = agents[span["parent_span_id"]], span["attributes"]
            made = f"{attributes['gen_ai.usage.input_tokens']}-{attributes['gen_ai.usage.output_tokens']}"
            assert agent["trace_id"] == span["trace_id"] and agent["name"] == f"invoke_agent {made}"
            assert attributes["gen_ai.conversation.id"] == made
    stats = spanwire.stats()
    assert (stats["started"], stats["sent"], stats["waiting"], stats["lost"]) == (len(spans), len(spans), 0, {})


def test_one_span_takes_what_all_threads_say(recorded: Recorded) -> None:
    def work(thread: int) -> None:
        for number in range(10):
            span.set_attribute(f"of.{thread}.{number}", number)
            span.set_attribute("of.all", {"thread": thread})
            with spanwire.chat("m", parent=span):
                assert span.span_id and span.is_recording

    with spanwire.invoke_agent("A") as span:
        at_once(work)
    attributes = recorded.named("invoke_agent A")["attributes"]
    for thread, number in itertools.product(range(THREADS), range(10)):
        assert attributes[f"of.{thread}.{number}"] == number
    assert len([span for span in recorded.spans() if span.get("parent_span_id")]) == THREADS * 10


def test_one_span_that_all_threads_end_is_sent_once(recorded: Recorded) -> None:
    spans = [spanwire.chat("m") for _ in range(ROUNDS)]

    def work(thread: int) -> None:
        for span in spans:
            span.set_attribute("by", thread)
            span.end()

    at_once(work)
    assert len(recorded.spans()) == ROUNDS
    assert spanwire.stats()["sent"] == spanwire.stats()["started"] == ROUNDS


def test_what_others_change_while_it_is_recorded(recorded: Recorded) -> None:
    counter = itertools.count()
    keys: dict[str, Any] = {f"key {number}": number for number in range(50)}
    items: list[Any] = [0] * 50
    members: set[Any] = set(range(50))

    # No bytearray: CPython 3.13 without a GIL crashes by itself where two threads change one.
    def change() -> None:
        number = next(counter)
        keys[f"key {number % 97}"] = {"number": number}
        keys.pop(f"key {(number * 7) % 97}", None)
        items.append(number)
        del items[: number % 3]
        members.add(number % 97)
        members.discard((number * 7) % 97)

    with meanwhile(change, change), spanwire.chat("m") as span:
        for _ in range(5 * ROUNDS):
            span._gather("arguments", {"keys": keys, "rest": [items, members]})
            spanwire.start_span("s", attributes=keys).end()
            span.set_attribute("keys", keys)
    assert spanwire.flush(PATIENCE)
    assert spanwire.stats()["started"] == 5 * ROUNDS + 1


def test_hooks_are_asked_while_threads_record(start: Callable[..., Recorded]) -> None:
    def before_send_span(span: dict[str, Any]) -> dict[str, Any] | None:
        return None if span["name"] == "chat drop" else span

    recorded = start(before_send_span=before_send_span, traces_sampler=lambda _: 1.0, max_waiting_bytes=ROOM)

    def work(thread: int) -> None:
        for _ in range(ROUNDS):
            spanwire.chat("drop" if thread % 2 else "keep").end()
            if thread == 0:
                gc.collect(0)

    at_once(work)
    names = [span["name"] for span in recorded.spans()]
    assert names == ["chat keep"] * (THREADS // 2 * ROUNDS)
    assert spanwire.stats()["lost"] == {"before_send": THREADS // 2 * ROUNDS}


def test_close_while_threads_record(start: Callable[..., Recorded]) -> None:
    for _ in range(ROUNDS // 50):
        recorded = start()
        driver = spanwire._spanwire.driver()
        assert driver is not None

        def record() -> None:
            with spanwire.invoke_agent("A", parent=None), spanwire.chat("m"):
                pass

        with meanwhile(record, record, record):
            while spanwire.stats()["started"] < 20:
                pass
            at_once(lambda _: spanwire.close(PATIENCE), 2)
            spanwire.stats()
        # The worker may be reading one more, which it counts as lost when it sees that all is over.
        deadline = time.monotonic() + PATIENCE
        while (stats := spanwire.stats())["waiting"] and time.monotonic() < deadline:
            time.sleep(0.001)
        assert spanwire._spanwire.driver() is driver
        # What came between the last look and the end counts as lost, whether or not it was on its way.
        assert stats["waiting"] == 0 and set(stats["lost"]) <= {"queue_overflow", "network_error"}
        assert stats["started"] == stats["sent"] + sum(stats["lost"].values())
        assert stats["sent"] <= len(recorded.spans()) <= stats["started"]


def test_init_and_flush_while_threads_record(start: Callable[..., Recorded]) -> None:
    def record() -> None:
        with spanwire.chat("m", messages=[{"role": "user", "content": "hi"}]) as span:
            spanwire.handoff("A", "B")
            span.set_attribute("k", "v")

    with meanwhile(record, record, lambda: spanwire.flush(PATIENCE), spanwire.stats):
        for _ in range(ROUNDS // 20):
            recorded = start()
            record()
    assert recorded.spans()


def test_of_several_init_at_once_each_is_replaced_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    drivers: list[Any] = []
    kind = spanwire._spanwire.Driver

    def make(*arguments: Any) -> Any:
        drivers.append(kind(*arguments))
        return drivers[-1]

    monkeypatch.setattr(spanwire._spanwire, "Driver", make)

    def begin(_: int) -> spanwire.Span:
        spanwire.init(DSN, transport=lambda _: None)
        # A span whose segment has not ended waits, unless somebody closes.
        segment = spanwire.start_span(name="segment")
        spanwire.start_span(name="child", parent=segment).end()
        return segment

    segments = at_once(begin)
    spanwire.close(PATIENCE)
    assert len(drivers) == THREADS
    assert sum(json.loads(driver.stats())["waiting"] for driver in drivers) == len(segments)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_fork_while_threads_use_the_span_that_the_child_goes_on_with(tmp_path: Path) -> None:
    path = tmp_path / "envelopes"
    spanwire.init(transport=f"file:{path}")
    forks = ROUNDS // 40

    def in_child() -> None:
        shared.set_attribute("child", True)
        with spanwire.use_span(shared), spanwire.chat("child"):
            pass
        shared.end()
        assert spanwire.flush(PATIENCE)

    counter = itertools.count()

    def use() -> None:
        assert shared.is_recording and shared.span_id
        if next(counter) % 1_000 == 0:
            shared.set_attribute("key", {"a": [1, 2, 3]})
            spanwire.chat("parent", parent=shared).end()

    shared = spanwire.invoke_agent("Shared")
    with meanwhile(use, use, use):
        for _ in range(forks):
            process = os.fork()
            if process == 0:
                code = 1
                try:
                    in_child()
                    code = 0
                finally:
                    os._exit(code)
            assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    shared.end()
    assert spanwire.flush(PATIENCE)
    stats, names = spanwire.stats(), [span["name"] for span in spans_in(path)]
    assert names.count("chat child") == forks and names.count("invoke_agent Shared") == 1
    assert stats["sent"] == stats["started"] == len(names) - forks


def test_runs_of_a_library_that_forgets_them(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spanwire.integrations._runs.MAX_OPEN_RUNS", 10)
    runs = Runs("langchain")

    def work(thread: int) -> None:
        for number in range(ROUNDS):
            runs.begin((thread, number), (thread, number - 1), "chat", "m")

    at_once(work)
    assert len(runs._open) <= 10
    assert len(recorded.spans()) == THREADS * ROUNDS - len(runs._open)


def test_modules_are_awaited_and_forgotten_at_once() -> None:
    spanwire.uninstrument()
    before = list(sys.meta_path)

    def work(thread: int) -> None:
        for _ in range(ROUNDS):
            when_imported(f"never_there_{thread}", lambda: None)
            forget(f"never_there_{thread}")

    at_once(work)
    assert sys.meta_path == before
