"""Many spans at once, long traces and long messages: `scale.py spanwire|sentry-sdk`, nanoseconds by kind of work."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

Start = Callable[..., AbstractContextManager[Any]]
Flush = Callable[[], object]


def spanwire() -> tuple[Start, Start, Flush]:
    import spanwire

    spanwire.init(
        dsn="https://key@example.com/1",
        transport=lambda envelope: None,
        send_default_pii=True,
        max_waiting_bytes=1 << 30,
    )

    def chat(messages: object = None) -> AbstractContextManager[Any]:
        return spanwire.chat("gpt-4o-mini", messages=messages)

    return (lambda: spanwire.invoke_agent("Agent")), chat, lambda: spanwire.flush(60)


def sentry() -> tuple[Start, Start, Flush]:
    import sentry_sdk
    from sentry_sdk.transport import Transport

    class Discard(Transport):
        def capture_envelope(self, envelope: Any) -> None:
            envelope.serialize()

    sentry_sdk.init(
        dsn="https://key@example.com/1",
        transport=Discard,
        traces_sample_rate=1.0,
        default_integrations=False,
        _experiments={"trace_lifecycle": "stream"},
    )
    start: Any = sentry_sdk.traces.start_span

    def chat(messages: object = None) -> AbstractContextManager[Any]:
        attributes = {"sentry.op": "gen_ai.chat", "gen_ai.request.model": "gpt-4o-mini"}
        if messages is not None:
            attributes["gen_ai.input.messages"] = json.dumps(messages)
        return start(name="chat gpt-4o-mini", attributes=attributes)  # type: ignore[no-any-return]

    return (lambda: start(name="invoke_agent Agent")), chat, lambda: sentry_sdk.flush(60)


CONTESTANTS = {"spanwire": spanwire, "sentry-sdk": sentry}


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def main(contestant: str) -> None:
    agent, chat, flush = CONTESTANTS[contestant]()
    figures: dict[str, float] = {}

    def measured(name: str, spans: int, work: Callable[[], object]) -> None:
        """Seconds of the clock until all of it is done, but not sent."""
        work_begins = time.perf_counter_ns()
        work()
        figures[name] = (time.perf_counter_ns() - work_begins) / spans
        flush()

    def trace(spans: int) -> None:
        with agent():
            for _ in range(spans - 1):
                with chat():
                    pass

    def threads(count: int, spans: int) -> None:
        all_of_them = [threading.Thread(target=lambda: [trace(10) for _ in range(spans // count // 10)]) for _ in range(count)]
        for thread in all_of_them:
            thread.start()
        for thread in all_of_them:
            thread.join()

    async def tasks(count: int) -> None:
        async def one() -> None:
            with agent():
                for _ in range(9):
                    with chat():
                        await asyncio.sleep(0)

        await asyncio.gather(*(one() for _ in range(count)))

    for _ in range(200):
        trace(10)
    flush()
    for count in (1, 8):
        measured(f"threads_{count}", 8_000, lambda count=count: threads(count, 8_000))  # type: ignore[misc]
    measured("tasks_1000", 10_000, lambda: asyncio.run(tasks(1000)))
    measured("trace_10", 10_000, lambda: [trace(10) for _ in range(1000)])
    measured("trace_100000", 100_000, lambda: trace(100_000))
    before = resident()
    kept = [chat() for _ in range(20_000)]
    figures["open_bytes"] = (resident() - before) / len(kept)
    for span in kept:
        span.__exit__(None, None, None)
    kept.clear()
    flush()

    def messages(content: object, times: int) -> None:
        for _ in range(times):
            with chat([{"role": "user", "content": content}]):
                pass

    image = [{"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 20_000_000}}]
    # With spaces: without any it would be taken for binary data.
    for name, content, times in (("1k", "word " * 200, 2_000), ("100k", "word " * 20_000, 100), ("10m", "word " * 2_000_000, 5)):
        measured(f"message_{name}", times, lambda content=content, times=times: messages(content, times))  # type: ignore[misc]
    measured("image_20m", 5, lambda: messages(image, 5))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1])
