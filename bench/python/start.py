"""Import and `init` in a new process: `start.py CONTESTANT` prints time, memory and what is installed for it."""

from __future__ import annotations

import importlib.metadata as metadata
import json
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

DSN = "https://key@example.com/1"


def spanwire() -> None:
    import spanwire

    spanwire.init(dsn=DSN)


def sentry() -> None:
    import sentry_sdk

    sentry_sdk.init(dsn=DSN, traces_sample_rate=1.0)


def opentelemetry() -> None:
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans  # noqa: F401
    from opentelemetry.sdk.trace import TracerProvider

    trace.set_tracer_provider(TracerProvider())


def langfuse() -> None:
    from langfuse import Langfuse

    Langfuse(public_key="pk", secret_key="sk", base_url="http://127.0.0.1:9")


def logfire() -> None:
    import logfire

    logfire.configure(send_to_logfire=False, console=False)


CONTESTANTS: dict[str, tuple[Any, list[str]]] = {
    "spanwire": (spanwire, ["spanwire"]),
    "sentry-sdk": (sentry, ["sentry-sdk"]),
    "opentelemetry-sdk": (opentelemetry, ["opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-common"]),
    "langfuse": (langfuse, ["langfuse"]),
    "logfire": (logfire, ["logfire"]),
}


def resident() -> int:
    """Bytes of memory that the process has in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def distributions(names: list[str]) -> dict[str, metadata.Distribution]:
    """What is installed for packages of these names: themselves, and what they require without extras."""
    found: dict[str, metadata.Distribution] = {}
    while names:
        name = re.sub(r"[-_.]+", "-", names.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # Not for this Python or platform.
        for requirement in found[name].requires or []:
            if "extra ==" not in requirement:
                names.append(re.split(r"[^A-Za-z0-9._-]", requirement)[0])
    return found


def main(contestant: str) -> None:
    set_up, packages = CONTESTANTS[contestant]
    before, begin = resident(), time.perf_counter_ns()
    set_up()
    took, memory = time.perf_counter_ns() - begin, resident() - before
    found = distributions(packages)
    files = [Path(str(file.locate())) for one in found.values() for file in one.files or []]
    size = sum(file.stat().st_size for file in files if file.is_file() and "__pycache__" not in file.parts)
    figures = {"start_ns": took, "resident_bytes": memory, "installed_bytes": size, "packages": len(found)}
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1])
