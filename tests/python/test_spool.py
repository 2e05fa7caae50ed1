"""A folder of envelopes: what a killed process left is sent by the next one, and forked children keep apart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import spanwire
from conftest import PATIENCE, Servers
from test_fork import in_child

#: A long run of an agent, whose requests end one by one and which never ends itself.
RUN = """
import sys, spanwire
spanwire.init(sys.argv[1], spool_dir=sys.argv[2])
with spanwire.invoke_agent("Agent"):
    for number in range(5):
        spanwire.chat(f"m{number}").end()
    print("under way", flush=True)
    sys.stdin.read()
"""


def envelopes_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.envelope"))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nobody can be killed like that")
def test_a_run_that_is_killed_arrives_with_the_next_process(servers: Servers, tmp_path: Path) -> None:
    # The killed one meets nobody.
    servers.answer([{"cut": True, "times": 1000}])
    command = [sys.executable, "-c", RUN, servers.dsn, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"under way\n"
        deadline = time.monotonic() + PATIENCE
        while not envelopes_in(tmp_path) and time.monotonic() < deadline:
            os.sched_yield()
        process.kill()
    servers.reset()
    spanwire.init(servers.dsn, spool_dir=str(tmp_path))
    spanwire.chat("next").end()
    assert spanwire.flush(PATIENCE)
    names = sorted(span["name"] for span in servers.spans())
    assert names == ["chat m0", "chat m1", "chat m2", "chat m3", "chat m4", "chat next"]
    assert spanwire.stats()["sent"] == 6
    assert not envelopes_in(tmp_path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_children_share_the_folder_and_no_envelope(servers: Servers, tmp_path: Path) -> None:
    spanwire.init(servers.dsn, spool_dir=str(tmp_path))
    servers.answer([{"delay_ms": 300}])
    spanwire.chat("parent").end()

    def work() -> None:
        spanwire.chat("child").end()
        assert spanwire.flush(PATIENCE)
        assert spanwire.stats()["started"] == 1

    for _ in range(3):
        in_child(work)
    spanwire.chat("parent").end()
    assert spanwire.flush(PATIENCE)
    spans = servers.spans()
    assert sorted(span["name"] for span in spans) == ["chat child"] * 3 + ["chat parent"] * 2
    assert len({span["span_id"] for span in spans}) == 5
    assert not envelopes_in(tmp_path)
