"""Calls again and again, a third of the streams left: nothing of Spanwire's stays, and memory grows no more than without.

A short form of some libraries; `cargo xtask soak` sets ``SPANWIRE_SOAK`` for 100,000 calls over all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import PATIENCE, Servers

from programs.results import interpreter, package

SOAK = bool(os.environ.get("SPANWIRE_SOAK"))
RUNNER = Path(__file__).with_name("leaks") / "runner.py"

#: Calls of each library in the long form: what it takes for one of them decides.
CALLS = {
    "openai": 30_000,
    "openai_async": 20_000,
    "anthropic": 20_000,
    "anthropic_async": 10_000,
    "google_genai": 10_000,
    "langchain": 6_000,
    "langgraph": 4_000,
    "openai_agents": 4_000,
    "pydantic_ai": 4_000,
    "litellm": 2_000,
}
SHORT = ("openai", "openai_async", "anthropic")
#: Places of runs that have ended, inside of which others may begin: so many at most, however many runs there were.
OUTLIVED = {"langchain": 1_000, "langgraph": 1_000}


def run(mode: str, library: str, calls: int, servers: Servers) -> dict[str, Any]:
    python = interpreter(library.removesuffix("_async"))
    environment = {**os.environ, "PYTHONPATH": str(package())} if mode == "traced" else None
    command = [str(python), str(RUNNER), mode, library, str(calls), servers.vendor]
    done = subprocess.run(
        command, check=True, timeout=PATIENCE + calls, stdout=subprocess.PIPE, env=environment, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(library, mode, calls, found)
    return found


@pytest.mark.parametrize("library", CALLS if SOAK else SHORT)
def test_nothing_stays(library: str, servers: Servers) -> None:
    calls = CALLS[library] if SOAK else 300
    plain, traced = (run(mode, library, calls, servers) for mode in ("plain", "traced"))
    assert traced["started"] >= calls and traced["open"] == 0 and traced["lost"] == {}
    # What the last streams that were left still hold, which their loop closes sooner or later. Each call that leaks
    # would leave one at least, and a third of them leaves its stream.
    assert traced["more_ours"] <= 40 + OUTLIVED.get(library, 0) < calls // 3
    # Pages that the allocator keeps, which a short run does not tell from a leak.
    assert traced["more_bytes"] - plain["more_bytes"] <= 16 * 1024 * 1024
