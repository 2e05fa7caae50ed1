"""Real servers and pools: every process delivers its own spans once, also those that waited when it ended."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import spanwire
from conftest import PATIENCE, Servers

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

#: A chat in an agent that stays open: it waits for the agent until something makes it leave.
WAITS = 'kept.append(spanwire.invoke_agent("open")); spanwire.chat(f"waits {name}", parent=kept[-1]).end()'


@contextmanager
def program(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A Python program in a folder, told to end in the end; what it says goes into the folder as `log`."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, *command], cwd=folder, stdout=log, stderr=log, text=True)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def until(done: Callable[[], Any]) -> Any:
    """What `done` gives as soon as it gives something."""
    deadline = time.monotonic() + PATIENCE
    while not (result := done()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return result


def names(servers: Servers) -> Counter[str]:
    """How often each name arrived, after a look at whether any span did so twice."""
    spans = servers.spans()
    assert len({span["span_id"] for span in spans}) == len(spans)
    return Counter(span["name"] for span in spans)


GUNICORN = """
import os, spanwire
spanwire.init({dsn!r})
spanwire.chat("of the master").end()
kept = []

def app(environ, start_response):
    name = environ["PATH_INFO"][1:]
    with spanwire.invoke_agent(f"request {{name}}"), spanwire.chat(f"within {{name}}"):
        pass
    {waits}
    start_response("200 OK", [("content-type", "text/plain")])
    return [str(os.getpid()).encode()]
"""


def test_gunicorn_with_preloaded_app(servers: Servers, tmp_path: Path) -> None:
    (tmp_path / "web.py").write_text(GUNICORN.format(dsn=servers.dsn, waits=WAITS))
    log = tmp_path / "log"
    command = ["-m", "gunicorn", "--preload", "--workers=3", "--bind=127.0.0.1:0", "web:app"]
    with program(tmp_path, *command):
        (url,) = until(lambda: re.findall(r"Listening at: (http://\S+)", log.read_text()))

        def request(number: int) -> bytes:
            with urllib.request.urlopen(f"{url}/{number}", timeout=PATIENCE) as response:
                return bytes(response.read())

        with ThreadPoolExecutor(8) as pool:
            workers = set(pool.map(request, range(60)))
        # Also of a machine whose kernel likes one of them best.
        until(lambda: len(workers) > 1 or workers.add(request(60)) or len(workers) > 1)
    found = names(servers)
    assert found["chat of the master"] == 1
    for number in range(60):
        for name in (f"invoke_agent request {number}", f"chat within {number}", f"chat waits {number}"):
            assert found[name] == 1, log.read_text()


CELERY = """
import spanwire
from celery import Celery

spanwire.init({dsn!r})
app = Celery("tasks", broker="filesystem://")
folders = {{"data_folder_in": "queue", "data_folder_out": "queue", "control_folder": "control"}}
app.conf.update(broker_transport_options=folders, task_ignore_result=True, worker_prefetch_multiplier=1)
kept = []

@app.task(name="work")
def work(name):
    with spanwire.invoke_agent(f"task {{name}}"):
        pass
    {waits}
"""


def test_celery_prefork(servers: Servers, tmp_path: Path) -> None:
    (tmp_path / "tasks.py").write_text(CELERY.format(dsn=servers.dsn, waits=WAITS))
    for folder in ("queue", "control"):
        (tmp_path / folder).mkdir()
    send = "from tasks import work\nfor number in range(30): work.delay(number)"
    subprocess.run([sys.executable, "-c", send], cwd=tmp_path, check=True, timeout=PATIENCE)
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with program(tmp_path, "-m", "celery", "-A", "tasks", "worker", "-P", "prefork", "-c", "3", *alone):
        until(lambda: sum(name.startswith("invoke_agent task") for name in names(servers)) == 30)
    found = names(servers)
    expected = {f"{kind} {number}": 1 for number in range(30) for kind in ("invoke_agent task", "chat waits")}
    assert found == expected, (tmp_path / "log").read_text()


def work_in_pool(number: int) -> int:
    """Runs in a process of a pool: one trace that is complete, and a span that waits."""
    spanwire.chat(f"pool {number}").end()
    parent = spanwire.invoke_agent("open")
    kept.append(parent)
    spanwire.chat(f"waits {number}", parent=parent).end()
    return os.getpid()


kept: list[Any] = []


def test_a_pool_of_forked_processes(servers: Servers) -> None:
    spanwire.init(servers.dsn)
    spanwire.chat("of the parent").end()
    pool = multiprocessing.get_context("fork").Pool(3)
    with pool:
        pids = set(pool.map(work_in_pool, range(40), chunksize=1))
        pool.close()
        pool.join()
    assert os.getpid() not in pids
    assert spanwire.flush(PATIENCE)
    expected = {f"chat {kind} {number}": 1 for number in range(40) for kind in ("pool", "waits")}
    assert names(servers) == {**expected, "chat of the parent": 1}


def test_thousands_of_threads(servers: Servers) -> None:
    spanwire.init(servers.dsn)
    threads = 2000
    before = threading.stack_size(256 * 1024)
    try:
        running = [threading.Thread(target=lambda n=n: spanwire.chat(f"thread {n}").end()) for n in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    finally:
        threading.stack_size(before)
    assert spanwire.flush(PATIENCE)
    assert names(servers) == {f"chat thread {number}": 1 for number in range(threads)}


SIGNALLED = """
import os, signal, sys, threading, spanwire
name, kept = "signal", []
{handler}
spanwire.init({dsn!r})
{waits}
# To the main thread: one for the process may reach any thread, and a pause that begins meanwhile misses it.
signal.pthread_kill(threading.main_thread().ident, signal.{signal})
signal.pause()
"""

HANDLERS = {
    "SIGTERM": "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))",
    "SIGINT": "sys.excepthook = lambda *_: None",
}


@pytest.mark.parametrize("name", HANDLERS)
def test_a_signal_that_python_handles(servers: Servers, name: str) -> None:
    code = SIGNALLED.format(handler=HANDLERS[name], dsn=servers.dsn, waits=WAITS, signal=name)
    done = subprocess.run([sys.executable, "-c", code], timeout=PATIENCE, capture_output=True, text=True)
    assert done.returncode in (0, 130, -signal.SIGINT), done.stderr
    assert names(servers) == {"chat waits signal": 1}


def test_a_server_that_never_answers_holds_the_end_up_for_the_shutdown_time_at_most(servers: Servers) -> None:
    servers.answer([{"delay_ms": 20_000, "times": 10}])
    code = f"import spanwire; spanwire.init({servers.dsn!r}); spanwire.chat('m').end()"
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE)
    # Two seconds, and what it takes to start and end.
    assert time.monotonic() - started < 8


def test_a_process_that_waits_costs_nothing(servers: Servers) -> None:
    code = f"""
import time, spanwire
spanwire.init({servers.dsn!r})
kept = spanwire.invoke_agent("open")
spanwire.chat("m", parent=kept).end()
assert spanwire.flush(20)
before = time.process_time()
time.sleep(1)
print(time.process_time() - before)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE, capture_output=True, text=True)
    assert float(done.stdout) < 0.2
