"""Real clients against the local vendor, plain and in streams of 200 chunks: `vendor.py spanwire|sentry-sdk`.

Prints nanoseconds of the caller's thread that are added to each call and to each chunk, by library.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

VENDOR = os.environ["BENCH_VENDOR"]
CALLS, STREAMS, CHUNKS = 600, 40, 200
#: Rows in which they are made. What else the machine does only adds: the row that took least says most.
ROWS = 20
QUESTION = "What should I wear in Paris today? I will be walking along the river for most of the day."


def set_up(contestant: str, sentry_integrations: Sequence[str] = ()) -> None:
    """Begins to record; with those integrations of `sentry-sdk` too that have to be asked for: modules, and classes."""
    if contestant == "spanwire":
        import spanwire

        spanwire.init(dsn="https://key@example.com/1", transport=lambda envelope: None, send_default_pii=True)
    elif contestant == "sentry-sdk":
        import sentry_sdk
        from sentry_sdk.transport import Transport

        class Discard(Transport):
            def capture_envelope(self, envelope: Any) -> None:
                envelope.serialize()

        paths = [path.split(".") for path in sentry_integrations]
        modules = [(import_module(f"sentry_sdk.integrations.{module}"), name) for module, name in paths]
        sentry_sdk.init(
            dsn="https://key@example.com/1",
            transport=Discard,
            traces_sample_rate=1.0,
            send_default_pii=True,
            integrations=[getattr(module, name)() for module, name in modules],
        )


def openai() -> tuple[Callable[[], object], Callable[[], object]]:
    from openai import OpenAI

    client = OpenAI(api_key="key", base_url=f"{VENDOR}/v1")
    messages: Any = [{"role": "user", "content": QUESTION}]

    def call() -> object:
        return client.chat.completions.create(model="gpt-4o", messages=messages)

    def stream() -> object:
        model = f"gpt-4o-chunks-{CHUNKS}"
        return [chunk.id for chunk in client.chat.completions.create(model=model, messages=messages, stream=True)]

    return call, stream


def anthropic() -> tuple[Callable[[], object], Callable[[], object]]:
    from anthropic import Anthropic

    client = Anthropic(api_key="key", base_url=VENDOR)
    messages: Any = [{"role": "user", "content": QUESTION}]

    def call() -> object:
        return client.messages.create(model="claude-x", max_tokens=64, messages=messages)

    def stream() -> object:
        model = f"claude-x-chunks-{CHUNKS}"
        return [event.type for event in client.messages.create(model=model, max_tokens=64, messages=messages, stream=True)]

    return call, stream


def google() -> tuple[Callable[[], object], Callable[[], object]]:
    from google import genai

    client = genai.Client(api_key="key", http_options={"base_url": VENDOR})

    def call() -> object:
        return client.models.generate_content(model="gemini-x", contents=QUESTION)

    def stream() -> object:
        model = f"gemini-x-chunks-{CHUNKS}"
        return [chunk.text for chunk in client.models.generate_content_stream(model=model, contents=QUESTION)]

    return call, stream


def measured(work: Callable[[], object], times: int) -> float:
    """Nanoseconds of this thread, each time, in the row that took least."""
    for _ in range(max(3, times // 50)):
        work()
    gc.collect()
    row = times // ROWS
    return min(in_a_row(work, row) for _ in range(ROWS)) / row


def in_a_row(work: Callable[[], object], times: int) -> int:
    """Nanoseconds of this thread, for all of them."""
    begin = time.thread_time_ns()
    for _ in range(times):
        work()
    return time.thread_time_ns() - begin


def figures() -> dict[str, float]:
    found: dict[str, float] = {}
    for name, make in (("openai", openai), ("anthropic", anthropic), ("google", google)):
        call, stream = make()
        found[f"{name}_call_ns"] = measured(call, CALLS)
        found[f"{name}_chunk_ns"] = measured(stream, STREAMS) / CHUNKS
    return found


def added(figures: Callable[[], dict[str, float]], contestant: str) -> dict[str, float]:
    """What the contestant adds, in one process: two of them differ by more than that."""
    before = figures()
    set_up(contestant)
    return {key: figure - before[key] for key, figure in figures().items()}


if __name__ == "__main__":
    print(json.dumps(added(figures, sys.argv[1])))
