"""Makes spans as it is told and says what came of it: `load_program.py OPTIONS ledger SPANS`, and other tasks."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import spanwire

#: Spans of one trace: an agent and what it does.
TRACE = 10


def trace(spans: int = TRACE, text: str = "") -> None:
    with spanwire.invoke_agent("Loaded") as agent:
        agent.set_input(text)
        for _ in range(spans - 1):
            with spanwire.chat("m", provider="openai") as chat:
                chat.set_usage(input_tokens=1, output_tokens=2)


def ledger(spans: int, seconds: int) -> dict[str, Any]:
    """So many spans from several threads within so many seconds, which leaves the server time to fail."""
    start = time.monotonic()

    def work(traces: int) -> None:
        for number in range(traces):
            trace()
            time.sleep(max(0.0, start + seconds * number / traces - time.monotonic()))

    threads = [threading.Thread(target=work, args=(spans // TRACE // 4,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spanwire.flush(60)
    spanwire.close(5)
    return {"stats": spanwire.stats()}


def rest(seconds: int) -> dict[str, Any]:
    """One span, and as long as it takes until nothing is left of what others had."""
    spanwire.chat("m").end()
    spanwire.flush(seconds)
    spanwire.close(5)
    return {"stats": spanwire.stats()}


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def memory(seconds: int, rate: int) -> dict[str, Any]:
    """So many spans a second; by how much memory was larger at most than after the first of them."""
    text = "x" * 1000
    for _ in range(10):
        trace(text=text)
    time.sleep(0.5)
    first = most = resident()
    start = time.monotonic()
    made = 0
    while (elapsed := time.monotonic() - start) < seconds:
        if made >= elapsed * rate:
            time.sleep(0.001)
            continue
        trace(text=text)
        made += TRACE
        if made % 1_000 == 0:
            most = max(most, resident())
    stats = spanwire.stats()
    return {"stats": stats, "grown": most - first}


def slowly(span: dict[str, Any]) -> dict[str, Any]:
    """A machine with more to do than it can: spans end faster than they are read."""
    time.sleep(0.001)
    return span


def time_of_one(spans: int) -> dict[str, Any]:
    """What a span costs whoever makes it."""
    trace(1_000)
    start = time.perf_counter()
    for _ in range(spans // TRACE):
        trace()
    return {"microseconds": (time.perf_counter() - start) / spans * 1e6}


if __name__ == "__main__":
    tasks = {"ledger": ledger, "rest": rest, "memory": memory, "time": time_of_one}
    options = json.loads(sys.argv[1])
    if options.pop("is_read_slowly", False):
        options["before_send_span"] = slowly
    spanwire.init(**options)
    print(json.dumps(tasks[sys.argv[2]](*map(int, sys.argv[3:]))))
