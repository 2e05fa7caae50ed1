"""Many spans and a server that is not well: the ledger adds up, memory stays bounded, nobody waits.

Short forms; `cargo xtask soak` sets ``SPANWIRE_SOAK`` for the long ones.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import PATIENCE, Servers, fetch

SOAK = bool(os.environ.get("SPANWIRE_SOAK"))
PROGRAM = Path(__file__).with_name("load_program.py")
MEBIBYTE = 1024 * 1024


def run(*arguments: object, seconds: float = PATIENCE, **options: Any) -> dict[str, Any]:
    """What the load program found out, given options of `init`; beside those seconds it waits for its flush."""
    command = [sys.executable, str(PROGRAM), json.dumps(options), *map(str, arguments)]
    done = subprocess.run(command, check=True, timeout=100 + 10 * PATIENCE + seconds, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    print(found)
    return found


def summary(servers: Servers) -> dict[str, Any]:
    counts: dict[str, Any] = fetch(f"{servers.receiver}/__summary")
    print(counts)
    return counts


LIMITS: list[dict[str, Any]] = [
    {"status": 429, "headers": {"x-sentry-rate-limits": "1:span:key"}},
    {"status": 429, "headers": {"retry-after": "1"}},
]
#: A limit costs a second, so there are fewer of them.
FAILURES: list[dict[str, Any]] = [*([{"cut": True}, {"status": 503}] * 3), *LIMITS]


def adds_up(stats: dict[str, Any]) -> bool:
    counted: int = stats["sent"] + stats["waiting"] + stats["spooled"] + sum(stats["lost"].values())
    return bool(stats["started"] == counted)


def test_a_server_that_fails_and_the_ledger_adds_up_to_the_span(servers: Servers) -> None:
    spans, seconds, down_ms = (100_000, 60, 10_000) if SOAK else (4_000, 4, 300)
    # Each of them at least once, then three of ten requests at random.
    servers.answer([{}, {"cut": True}, {"status": 503}, *LIMITS])
    fetch(f"{servers.receiver}/__faults", {"share": 0.3, "seed": 7, "answers": FAILURES, "down_ms": down_ms})
    stats = run("ledger", spans, seconds, dsn=servers.dsn)["stats"]
    received = summary(servers)
    assert stats["started"] == spans and stats["waiting"] == 0
    assert adds_up(stats)
    assert received["findings"] == 0
    assert received["spans"] == received["distinct"] == stats["sent"] > 0
    # What the server was told of losses is never more than there were; the last report may itself be lost.
    for reason, quantity in stats["lost"].items():
        assert received["reported"].get(f"span:{reason}", 0) <= quantity
    assert {"503", "429", "cut"} <= set(received["statuses"])


def test_with_a_spool_everything_arrives_that_may_be_tried_again(servers: Servers, tmp_path: Path) -> None:
    # No faster than a disk that is asked to be sure of every envelope; what a process left behind comes back ten times a second.
    spans, seconds, down_ms = (100_000, 300, 10_000) if SOAK else (1_000, 2, 300)
    cuts = {"share": 0.3, "seed": 7, "answers": [{"cut": True}], "down_ms": down_ms}
    fetch(f"{servers.receiver}/__faults", cuts)
    options = {"dsn": servers.dsn, "spool_dir": str(tmp_path / "spool")}
    first = run("ledger", spans, seconds, **options)["stats"]
    assert first["lost"] == {} and first["waiting"] == 0 and adds_up(first)
    assert first["sent"] + first["spooled"] == spans
    # What it could not send the next one does.
    fetch(f"{servers.receiver}/__faults", {})
    last = run("rest", 1200, seconds=1200, **options)["stats"]
    assert (last["spooled"], last["waiting"], last["lost"]) == (0, 0, {})
    received = summary(servers)
    assert received["spans"] == received["distinct"] == spans + 1
    assert sorted(path.name for path in (tmp_path / "spool").iterdir()) == []


UNREACHABLE = {
    "refused": lambda servers: "http://public@127.0.0.1:9/42",
    "silent": lambda servers: servers.dsn,
}


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("is_read_slowly", [False, True])
@pytest.mark.parametrize("how", UNREACHABLE)
def test_memory_stays_bounded_without_a_server(servers: Servers, how: str, is_read_slowly: bool) -> None:
    seconds, bound = 300 if SOAK else 5, 16 * MEBIBYTE
    servers.answer([{"delay_ms": 3_600_000, "times": 1_000}])
    options = {"dsn": UNREACHABLE[how](servers), "is_read_slowly": is_read_slowly}
    found = run("memory", seconds, 10_000, seconds=2 * seconds, **options)
    assert found["stats"]["started"] >= 0.5 * seconds * 10_000, "this machine is too slow to say anything"
    assert adds_up(found["stats"]) and found["stats"]["lost"]["queue_overflow"] > 0
    assert found["grown"] <= 1.1 * bound


def test_the_callers_time_is_the_same_with_the_server_down(servers: Servers) -> None:
    """Told, and held to what no noise explains: a caller that waited would need a thousand times as long."""
    spans = 100_000 if SOAK else 5_000
    up = run("time", spans, dsn=servers.dsn)["microseconds"]
    down = run("time", spans, dsn="http://public@127.0.0.1:9/42")["microseconds"]
    servers.answer([{"delay_ms": 3_600_000, "times": 1_000}])
    silent = run("time", spans, dsn=servers.dsn)["microseconds"]
    print(f"a span takes its caller {up:.1f} us with the server up, {down:.1f} down, {silent:.1f} silent")
    assert max(down, silent) < 10 * up
