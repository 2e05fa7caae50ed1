"""OpenTelemetry imported after `init`, spans that end in another order than they began, and both SDKs at once.

`python late.py DSN` prints what OpenTelemetry has recorded.
"""

import contextvars
import json
import sys
import threading

import spanwire

spanwire.init(dsn=sys.argv[1])

import sentry_sdk
from opentelemetry import trace
from recorded import spans, tracer

with tracer.start_as_current_span("request") as request:
    # Theirs, opened inside of ours, ends after it, and puts a context back in which ours was current.
    for number in range(3):
        agent = spanwire.invoke_agent(f"early {number}").__enter__()
        theirs = tracer.start_as_current_span(f"outlives {number}")
        theirs.__enter__()
        agent.__exit__(None, None, None)
        theirs.__exit__(None, None, None)
        current = trace.get_current_span()
        assert current.get_span_context().span_id == request.get_span_context().span_id
        current.set_attribute(f"said {number}", True)
        current.add_event(f"said {number}")
        with tracer.start_as_current_span(f"after {number}"):
            pass
        spanwire.chat(f"after {number}").end()
        # Contexts do not grow with them.
        depth, outer = 0, current
        while hasattr(outer, "outer"):
            depth, outer = depth + 1, outer.outer
        assert depth <= 1, depth
    assert request.attributes == {f"said {number}": True for number in range(3)}
    assert [event.name for event in request.events] == [f"said {number}" for number in range(3)]
    # What is current in a copy of a context ends elsewhere.
    with spanwire.execute_tool("copied"):
        trace.get_current_span().set_attribute("row.count", 7)
        assert trace.get_current_span().is_recording()
        context = contextvars.copy_context()
    context.run(lambda: tracer.start_span("in a copy").end())


def in_a_thread():
    with tracer.start_as_current_span("in a thread"):
        spanwire.chat("in a thread").end()
    assert trace.get_current_span().get_span_context().is_valid


with tracer.start_as_current_span("threads"), spanwire.invoke_agent("threaded"):
    thread = threading.Thread(target=spanwire.wrap(in_a_thread))
    thread.start()
    thread.join()

# Both of the others at once: the innermost span is the parent, whose ever it is.
sentry_sdk.init(dsn=sys.argv[1], traces_sample_rate=1.0)
with sentry_sdk.start_transaction(name="job"):
    with spanwire.invoke_agent("between"):
        with tracer.start_as_current_span("innermost"):
            spanwire.chat("innermost").end()
        with sentry_sdk.start_span(op="db", name="select"):
            spanwire.chat("select").end()
sentry_sdk.flush(10)
assert spanwire.flush(10)
spanwire.uninstrument()
spanwire.close()
assert not trace.get_current_span().get_span_context().is_valid
print(json.dumps(spans()))
