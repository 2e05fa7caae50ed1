"""Spans by hand: one agent with nine requests, each with ten attributes and two message lists.

``manual.py CONTESTANT`` prints one JSON object: nanoseconds of the caller's thread and of the whole process per
span, and bytes per span. What a contestant sends goes to a sink that serialises and throws away, on a thread of
its own, as its own transport would: that of Spanwire runs no Python. Messages are lists of the program; where
attributes hold only texts, the program writes them as JSON, as it would have to.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 600
WARM_UP = 60
#: Rounds between two flushes, so that no contestant's queue overflows; the caller does not pay for them.
ROUNDS_PER_FLUSH = 20
REQUESTS = 9

QUESTION = "What should I wear in Paris today? I will be walking along the river for most of the day. " * 2
ANSWER = "Take an umbrella and a warm coat: rain is likely in the afternoon, and it will be windy. " * 3
INPUT = [{"role": "user", "content": QUESTION}]
ATTRIBUTES: dict[str, Any] = {f"app.key{number}": f"value {number}" for number in range(6)}
ATTRIBUTES.update({"app.retries": 2, "app.share": 0.25, "app.cached": True, "app.team": "weather"})

Round = Callable[[], None]


class Sink:
    """Takes what would leave, writes it on a thread of its own, and counts the bytes."""

    def __init__(self, write: Callable[[Any], bytes]) -> None:
        self.bytes = 0
        self._write = write
        self._queue: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._run, daemon=True).start()

    def put(self, something: Any) -> None:
        self._queue.put(something)

    def join(self) -> None:
        self._queue.join()

    def _run(self) -> None:
        while True:
            self.bytes += len(self._write(self._queue.get()))
            self._queue.task_done()


def spanwire(**options: Any) -> tuple[Round, Callable[[], None], Callable[[], int]]:
    import spanwire

    def begin(file: str) -> None:
        spanwire.init(dsn="https://key@example.com/1", transport=f"file:{file}", send_default_pii=True, **options)

    def one() -> None:
        with spanwire.invoke_agent("Weather Agent", model="gpt-4o-mini"):
            for _ in range(REQUESTS):
                with spanwire.chat("gpt-4o-mini", provider="openai", messages=INPUT, attributes=ATTRIBUTES) as span:
                    span.set_output(ANSWER)

    def flush() -> None:
        assert_true(spanwire.flush(20))

    # What a span takes is the same each time: it is read off a file, and then thrown away.
    with tempfile.NamedTemporaryFile() as file:
        begin(file.name)
        for _ in range(ROUNDS_PER_FLUSH):
            one()
        flush()
        size = os.path.getsize(file.name) / (ROUNDS_PER_FLUSH * (REQUESTS + 1))
    begin(os.devnull)
    return one, flush, lambda: round(spanwire.stats()["sent"] * size)


def assert_true(flushed: bool) -> None:
    if not flushed:
        raise SystemExit("a flush came back with spans left")


def sentry(**options: Any) -> tuple[Round, Callable[[], None], Callable[[], int]]:
    import sentry_sdk
    from sentry_sdk.transport import Transport

    sink = Sink(lambda envelope: envelope.serialize())

    class Discard(Transport):
        def capture_envelope(self, envelope: Any) -> None:
            sink.put(envelope)

    sentry_sdk.init(
        dsn="https://key@example.com/1",
        transport=Discard,
        traces_sample_rate=1.0,
        send_default_pii=True,
        default_integrations=False,
        **options,
    )
    streams = options.get("_experiments", {}).get("trace_lifecycle") == "stream"

    def classic() -> None:
        with sentry_sdk.start_transaction(op="gen_ai.invoke_agent", name="invoke_agent Weather Agent") as agent:
            agent.set_data("gen_ai.agent.name", "Weather Agent")
            agent.set_data("gen_ai.operation.name", "invoke_agent")
            for _ in range(REQUESTS):
                with sentry_sdk.start_span(op="gen_ai.chat", name="chat gpt-4o-mini") as span:
                    span.set_data("gen_ai.operation.name", "chat")
                    span.set_data("gen_ai.request.model", "gpt-4o-mini")
                    span.set_data("gen_ai.provider.name", "openai")
                    span.set_data("gen_ai.input.messages", json.dumps(INPUT))
                    for key, value in ATTRIBUTES.items():
                        span.set_data(key, value)
                    span.set_data("gen_ai.output.messages", json.dumps([{"role": "assistant", "content": ANSWER}]))

    def streamed() -> None:
        start: Any = sentry_sdk.traces.start_span
        agent = {"sentry.op": "gen_ai.invoke_agent", "gen_ai.agent.name": "Weather Agent", "gen_ai.operation.name": "invoke_agent"}
        with start(name="invoke_agent Weather Agent", attributes=agent):
            for _ in range(REQUESTS):
                chat = {
                    "sentry.op": "gen_ai.chat",
                    "gen_ai.operation.name": "chat",
                    "gen_ai.request.model": "gpt-4o-mini",
                    "gen_ai.provider.name": "openai",
                    "gen_ai.input.messages": json.dumps(INPUT),
                    **ATTRIBUTES,
                }
                with start(name="chat gpt-4o-mini", attributes=chat) as span:
                    span.set_attribute("gen_ai.output.messages", json.dumps([{"role": "assistant", "content": ANSWER}]))

    def flush() -> None:
        sentry_sdk.flush(20)
        sink.join()

    return streamed if streams else classic, flush, lambda: sink.bytes


class Otlp:
    """An exporter of OpenTelemetry that encodes spans and throws the bytes away, and its processor."""

    def __init__(self) -> None:
        from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

        outer = self
        self.bytes = 0

        class Discard(SpanExporter):
            def export(self, spans: Any) -> SpanExportResult:
                outer.bytes += len(encode_spans(spans).SerializeToString())
                return SpanExportResult.SUCCESS

            def shutdown(self) -> None:
                pass

        self.exporter = Discard()
        self.processor = BatchSpanProcessor(self.exporter)


def messages(role: str, text: str) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": text}]}])


CHAT = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.provider.name": "openai",
}


def opentelemetry() -> tuple[Round, Callable[[], None], Callable[[], int]]:
    from opentelemetry.sdk.trace import TracerProvider

    sink = Otlp()
    provider = TracerProvider()
    provider.add_span_processor(sink.processor)
    tracer = provider.get_tracer("bench")

    def one() -> None:
        with tracer.start_as_current_span("invoke_agent Weather Agent") as agent:
            agent.set_attribute("gen_ai.agent.name", "Weather Agent")
            agent.set_attribute("gen_ai.operation.name", "invoke_agent")
            for _ in range(REQUESTS):
                with tracer.start_as_current_span("chat gpt-4o-mini") as span:
                    for key, value in CHAT.items():
                        span.set_attribute(key, value)
                    for key, value in ATTRIBUTES.items():
                        span.set_attribute(key, value)
                    span.set_attribute("gen_ai.input.messages", messages("user", QUESTION))
                    span.set_attribute("gen_ai.output.messages", messages("assistant", ANSWER))

    return one, lambda: assert_true(provider.force_flush(20_000)), lambda: sink.bytes


def langfuse() -> tuple[Round, Callable[[], None], Callable[[], int]]:
    from langfuse import Langfuse

    sink = Otlp()
    client = Langfuse(
        public_key="pk", secret_key="sk", base_url="http://127.0.0.1:9", span_exporter=sink.exporter, flush_interval=5
    )

    def one() -> None:
        with client.start_as_current_observation(name="Weather Agent", as_type="agent"):
            for _ in range(REQUESTS):
                with client.start_as_current_observation(
                    name="chat", as_type="generation", model="gpt-4o-mini", input=INPUT, metadata=ATTRIBUTES
                ) as span:
                    span.update(output=ANSWER)

    return one, client.flush, lambda: sink.bytes


def logfire() -> tuple[Round, Callable[[], None], Callable[[], int]]:
    import logfire

    sink = Otlp()
    options: dict[str, Any] = {"send_to_logfire": False, "console": False, "metrics": False}
    logfire.configure(additional_span_processors=[sink.processor], **options)

    def one() -> None:
        with logfire.span("invoke_agent Weather Agent", **{"gen_ai.agent.name": "Weather Agent"}):
            for _ in range(REQUESTS):
                about = {**CHAT, **ATTRIBUTES, "gen_ai.input.messages": messages("user", QUESTION)}
                with logfire.span("chat gpt-4o-mini", **about) as span:
                    span.set_attribute("gen_ai.output.messages", messages("assistant", ANSWER))

    return one, lambda: assert_true(sink.processor.force_flush(20_000)), lambda: sink.bytes


NOT_SAMPLED = "spanwire, not sampled"

CONTESTANTS: dict[str, Callable[[], tuple[Round, Callable[[], None], Callable[[], int]]]] = {
    "spanwire": spanwire,
    NOT_SAMPLED: lambda: spanwire(traces_sample_rate=0.0),
    "sentry-sdk": sentry,
    "sentry-sdk stream": lambda: sentry(_experiments={"trace_lifecycle": "stream"}),
    "opentelemetry-sdk": opentelemetry,
    "langfuse": langfuse,
    "logfire": logfire,
}


def main(contestant: str) -> None:
    one, flush, sent = CONTESTANTS[contestant]()
    for _ in range(WARM_UP):
        one()
    flush()
    before, caller = sent(), 0
    process = time.process_time_ns()
    for first in range(0, ROUNDS, ROUNDS_PER_FLUSH):
        begin = time.thread_time_ns()
        for _ in range(min(ROUNDS_PER_FLUSH, ROUNDS - first)):
            one()
        caller += time.thread_time_ns() - begin
        flush()
    process = time.process_time_ns() - process
    spans = ROUNDS * (REQUESTS + 1)
    if sent() == before and contestant != NOT_SAMPLED:
        raise SystemExit("nothing was sent")
    figures = {
        "caller_ns": caller / spans,
        "process_ns": process / spans,
        "bytes": (sent() - before) / spans,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1])
