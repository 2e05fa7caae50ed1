"""A forked child starts clean: it sends its own spans once, with ids of its own, and none of its parent's."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import spanwire
from conftest import PATIENCE, Servers, spans_in

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


def in_child(work: object) -> None:
    """Runs something in a forked child that ends at once; here it must have gone well."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            work()  # type: ignore[operator]
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


def test_children_deliver_their_own_once(servers: Servers) -> None:
    spanwire.init(servers.dsn)
    # Something of the parent is under way, and something waits, when the children begin.
    servers.answer([{"delay_ms": 200}])
    spanwire.chat("parent, sent").end()
    parent = spanwire.invoke_agent("Parent")

    def work() -> None:
        assert spanwire.stats() == {"started": 0, "sent": 0, "waiting": 0, "spooled": 0, "lost": {}, "removed": {"messages": 0, "characters": 0}}
        parent.end()  # The parent's to end.
        for number in range(3):
            with spanwire.use_span(parent), spanwire.chat(f"child {number}"):
                pass
        assert spanwire.flush(PATIENCE)
        assert spanwire.stats()["sent"] == 3

    for _ in range(3):
        in_child(work)
    spanwire.chat("parent, later").end()
    parent.end()
    assert spanwire.flush(PATIENCE)
    spans = servers.spans()
    names = sorted(span["name"] for span in spans)
    children = [f"chat child {number}" for number in range(3) for _ in range(3)]
    assert names == sorted(["chat parent, sent", "chat parent, later", "invoke_agent Parent", *children])
    assert len({span["span_id"] for span in spans}) == len(spans)
    assert {span["trace_id"] for span in spans if "child" in span["name"]} == {parent.trace_id}


def test_new_traces_of_children_never_collide(tmp_path: Path) -> None:
    path = tmp_path / "envelopes"
    spanwire.init(transport=f"file:{path}")
    spanwire.chat("warm").end()

    def work() -> None:
        for _ in range(50):
            spanwire.chat("m", parent=None).end()
        assert spanwire.flush(PATIENCE)

    for _ in range(4):
        in_child(work)
    assert spanwire.flush(PATIENCE)
    spans = spans_in(path)
    assert len(spans) == 201
    assert len({span["trace_id"] for span in spans}) == 201


def test_a_fork_while_other_threads_work(tmp_path: Path) -> None:
    path = tmp_path / "envelopes"
    spanwire.init(transport=f"file:{path}")
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            with spanwire.chat("busy") as span:
                span.set_attribute("k", "v")

    def work() -> None:
        spanwire.chat("child").end()
        assert spanwire.flush(PATIENCE)

    threads = [threading.Thread(target=busy) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            in_child(work)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert spanwire.flush(PATIENCE)
    assert sum(span["name"] == "chat child" for span in spans_in(path)) == 20


def work_in_process(number: int) -> None:
    """Runs in a child of `multiprocessing`, which sends what waits when it ends."""
    spanwire.chat(f"child {number}").end()


def test_multiprocessing_by_fork_sends_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "envelopes"
    spanwire.init(transport=f"file:{path}")
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=work_in_process, args=(number,)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
        assert process.exitcode == 0
    assert sorted(str(span["name"]) for span in spans_in(path)) == [f"chat child {number}" for number in range(3)]


SPAWNED = """
import multiprocessing, sys
import spanwire

def work(path):
    spanwire.init(transport="file:" + path)
    spanwire.chat("child").end()

if __name__ == "__main__":
    process = multiprocessing.get_context(sys.argv[1]).Process(target=work, args=(sys.argv[2],))
    process.start()
    process.join(30)
    sys.exit(process.exitcode)
"""


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_other_ways_to_start_a_process(tmp_path: Path, method: str) -> None:
    program, path = tmp_path / "program.py", tmp_path / "envelopes"
    program.write_text(SPAWNED)
    subprocess.run([sys.executable, str(program), method, str(path)], check=True, timeout=2 * PATIENCE)
    assert [span["name"] for span in spans_in(path)] == ["chat child"]
