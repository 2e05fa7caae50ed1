"""Threads, tasks and errors beside `sentry_sdk`: `python threads.py transactions|streamed DSN`."""

import asyncio
import pickle
import sys
import threading

mode, dsn = sys.argv[1:]

import sentry_sdk
import spanwire

experiments = {"trace_lifecycle": "stream"} if mode == "streamed" else {}
sentry_sdk.init(dsn=dsn, traces_sample_rate=1.0, _experiments=experiments)
spanwire.init()


def work(name):
    if mode == "streamed":
        return sentry_sdk.traces.start_span(name=name, attributes={"sentry.op": "db"})
    return sentry_sdk.start_span(op="db", name=name)


def root(name):
    if mode == "streamed":
        return sentry_sdk.traces.start_span(name=name, parent_span=None)
    return sentry_sdk.start_transaction(name=name)


class Refused(Exception):
    """One that nobody may write to."""

    def __setattr__(self, name, value):
        raise AttributeError(name)


def in_a_thread(number):
    with work(f"select t{number}"), spanwire.chat(f"t{number}"):
        pass


async def branch(number):
    with spanwire.execute_tool(f"b{number}"):
        await asyncio.sleep(0.01)
        with work(f"select b{number}"):
            await asyncio.sleep(0.01)
            spanwire.chat(f"b{number}").end()


async def branches():
    await asyncio.gather(*(branch(number) for number in range(3)))


def failing(tool, error):
    with spanwire.execute_tool(tool):
        raise error


with root("job"):
    with spanwire.invoke_agent("planner"):
        threads = [threading.Thread(target=spanwire.wrap(in_a_thread), args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        asyncio.run(branches())
        # Each of them is in the same place of memory, and has come the same way.
        for number in range(3):
            try:
                with spanwire.invoke_agent(f"helper {number}"):
                    failing(f"broken {number}", LookupError(f"broken {number}"))
            except LookupError as error:
                assert vars(error) == {}
                assert vars(pickle.loads(pickle.dumps(error))) == {}
                sentry_sdk.capture_exception(error)
        try:
            failing("refused", Refused("refused"))
        except Refused as error:
            with spanwire.execute_tool("cleanup"):
                sentry_sdk.capture_exception(error)
        try:
            raise LookupError("apart")
        except LookupError as error:
            sentry_sdk.capture_exception(error)

# Once more with ours taken down: what they record is as if we had never been there.
assert spanwire.flush(10)
spanwire.close()
with root("after"):
    with spanwire.invoke_agent("nobody"):
        with work("select after"):
            sentry_sdk.capture_message("after")
for name in ("span", "streamed_span"):
    found = vars(sentry_sdk.Scope).get(name)
    assert found is None or found.fget.__module__ == "sentry_sdk.scope", name
for name in ("get_trace_context", "get_active_propagation_context", "start_span", "start_transaction"):
    assert getattr(sentry_sdk.Scope, name).__module__.startswith("sentry_sdk"), name
sentry_sdk.flush(10)
