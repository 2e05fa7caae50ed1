"""Calls a library again and again, a third of its streams left, and prints what grew meanwhile.

Started with the interpreter of the library's environment: `python runner.py plain|traced LIBRARY CALLS VENDOR`. The
first tenth of the calls does not count: caches fill up then.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

# This folder has modules named like libraries are.
HERE = Path(sys.path.pop(0))
sys.path.insert(0, str(HERE.parent))

from programs.runner import ENVIRONMENT, fetch

#: How often the vendor may forget what it was asked.
FORGETTING = 500


def resident() -> int:
    """Resident memory in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def measure() -> dict[str, int]:
    for _ in range(3):
        gc.collect()
    objects = gc.get_objects()
    ours = sum(str(type(each).__module__).partition(".")[0] == "spanwire" for each in objects)
    return {"objects": len(objects), "ours": ours, "bytes": resident()}


def main(mode: str, library: str, calls: int, vendor: str) -> None:
    os.environ.update({name: value.format(vendor=vendor) for name, value in ENVIRONMENT.items()})
    spanwire: Any = None
    if mode == "traced":
        import spanwire

        spanwire.init(dsn="https://public@sentry.example.com/42", transport=lambda envelope: None, send_default_pii=True)
    kinds: dict[str, Any] = {}
    exec((HERE / f"{library}.py").read_text(), kinds)
    # What a loop has still to do for streams that were left.
    settle = kinds.get("settle", gc.collect)
    before: dict[str, int] = {}
    for number in range(calls + calls // 10):
        if number % FORGETTING == 0:
            fetch(f"{vendor}/__reset", b"")
        if number == calls // 10:
            settle()
            before = measure()
        (kinds["ask"], kinds["read"], kinds["leave"])[number % 3]()
    settle()
    after = measure()
    found = {f"more_{name}": after[name] - before[name] for name in after}
    if spanwire is not None:
        spanwire.flush(30)
        stats = spanwire.stats()
        found |= {"started": stats["started"], "open": stats["started"] - stats["sent"], "lost": stats["lost"]}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
