"""A program with OpenTelemetry and Spanwire, which prints what both have recorded."""

import asyncio
import json
import threading

import spanwire
from opentelemetry import trace
from recorded import spans, tracer

envelopes = []
spanwire.init(dsn="https://public@sentry.example.com/42", transport=envelopes.append)


async def branch(name):
    with spanwire.invoke_agent(name):
        await asyncio.sleep(0.01)
        with tracer.start_as_current_span(f"select {name}"):
            await asyncio.sleep(0.01)
            spanwire.chat(name).end()


def elsewhere(function):
    thread = threading.Thread(target=spanwire.wrap(function))
    thread.start()
    thread.join()


async def main():
    with tracer.start_as_current_span("request"):
        with spanwire.invoke_agent("planner"):
            with tracer.start_as_current_span("load"):
                with spanwire.execute_tool("nested"):
                    pass
            spanwire.chat("m").end()
            await asyncio.gather(*(branch(f"b{number}") for number in range(3)))
        assert not isinstance(trace.get_current_span(), trace.NonRecordingSpan)
        spanwire.chat("beside").end()
        elsewhere(lambda: spanwire.chat("carried").end())
        with spanwire.invoke_agent("carrier") as carrier, tracer.start_as_current_span("inner"):
            found = []
            elsewhere(lambda: (spanwire.chat("carried further").end(), found.append(spanwire.current_span())))
            assert found == [carrier]
    with spanwire.invoke_agent("root"), tracer.start_as_current_span("below"):
        pass
    assert trace.get_current_span() is trace.INVALID_SPAN


asyncio.run(main())
spanwire.flush()
spanwire.init(transport=envelopes.append, dsn="https://public@sentry.example.com/42", bridge="none")
with spanwire.chat("apart"):
    tracer.start_span("alone").end()
spanwire.flush()
print(json.dumps({"spans": spans(), "envelopes": [envelope.decode() for envelope in envelopes]}))
