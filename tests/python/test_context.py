"""What is current: in tasks, threads and generators, and where blocks are left in odd places."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest
import spanwire
from conftest import Recorded
from spanwire import _context


def test_the_block_is_current_and_its_children_hang_below(recorded: Recorded) -> None:
    assert spanwire.current_span() is None
    with spanwire.invoke_agent("A") as agent:
        assert spanwire.current_span() is agent
        with spanwire.chat("m") as chat:
            assert spanwire.current_span() is chat
        assert spanwire.current_span() is agent
        spanwire.chat("other", parent=None).end()
    assert spanwire.current_span() is None
    spanwire.chat("later", parent=agent).end()
    assert recorded.named("chat m")["parent_span_id"] == agent.span_id
    assert recorded.named("chat m")["attributes"]["gen_ai.agent.name"] == "A"
    assert recorded.named("chat later")["parent_span_id"] == agent.span_id
    assert "parent_span_id" not in recorded.named("chat other")
    assert recorded.named("chat other")["trace_id"] != agent.trace_id


def test_an_exception_marks_the_span_and_goes_on(recorded: Recorded) -> None:
    raised = LookupError("lost")
    with pytest.raises(LookupError) as caught, spanwire.chat("m"):
        raise raised
    assert caught.value is raised
    assert recorded.span()["status"] == "error"
    assert recorded.span()["attributes"]["exception.message"] == "lost"


@pytest.mark.parametrize(
    ("kind", "status"), [(KeyboardInterrupt, "error"), (GeneratorExit, "ok"), (SystemExit, "error")]
)
def test_what_is_no_failure(recorded: Recorded, kind: type[BaseException], status: str) -> None:
    with pytest.raises(kind), spanwire.chat("m"):
        raise kind
    assert recorded.span()["status"] == status


def test_tasks_keep_their_own(recorded: Recorded) -> None:
    async def work(name: str) -> None:
        async with spanwire.invoke_agent(name) as agent:
            await asyncio.sleep(0)
            async with spanwire.chat(name):
                await asyncio.sleep(0)
            assert spanwire.current_span() is agent

    async def main() -> None:
        with spanwire.start_span(name="root", op="o"):
            await asyncio.gather(*(work(f"m{number}") for number in range(10)))

    asyncio.run(main())
    spans = {span["name"]: span for span in recorded.spans()}
    for number in range(10):
        agent = spans[f"invoke_agent m{number}"]
        assert agent["parent_span_id"] == spans["root"]["span_id"]
        assert spans[f"chat m{number}"]["parent_span_id"] == agent["span_id"]


def test_a_task_that_outlives_its_block_stays_in_its_trace(recorded: Recorded) -> None:
    async def background(go: asyncio.Event) -> None:
        await go.wait()
        for name in ("one", "two"):
            with spanwire.chat(name):
                pass

    async def main() -> None:
        go = asyncio.Event()
        with spanwire.invoke_agent("A"):
            task = asyncio.create_task(background(go))
            await asyncio.sleep(0)
        go.set()
        await task

    asyncio.run(main())
    spans = {span["name"]: span for span in recorded.spans()}
    for name in ("chat one", "chat two"):
        assert spans[name]["parent_span_id"] == spans["invoke_agent A"]["span_id"]


def test_a_cancelled_task_ends_its_span(recorded: Recorded) -> None:
    async def main() -> None:
        async def forever() -> None:
            async with spanwire.chat("m"):
                await asyncio.Event().wait()

        task = asyncio.create_task(forever())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert recorded.span()["attributes"]["error.type"] == "CancelledError"


def test_threads_begin_with_nothing_and_take_a_parent(recorded: Recorded) -> None:
    # Or with the context of whoever starts them: Python's own choice, since 3.14 where it has no GIL.
    inherits = getattr(sys.flags, "thread_inherit_context", False)

    def work(parent: spanwire.Span) -> None:
        assert spanwire.current_span() is (agent if inherits else None)
        with spanwire.use_span(parent), spanwire.chat("m"):
            pass

    with spanwire.invoke_agent("A") as agent:
        thread = threading.Thread(target=work, args=(agent,))
        thread.start()
        thread.join()
        assert spanwire.current_span() is agent
    assert recorded.named("chat m")["parent_span_id"] == agent.span_id


def test_many_threads_lose_nothing(recorded: Recorded) -> None:
    def work() -> None:
        for _ in range(200):
            with spanwire.invoke_agent("A"), spanwire.chat("m") as chat:
                chat.set_usage(input_tokens=1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spans = recorded.spans()
    assert len({span["span_id"] for span in spans}) == len(spans) == 8 * 200 * 2
    assert spanwire.stats()["sent"] == 8 * 200 * 2


def test_a_block_left_in_another_context(recorded: Recorded) -> None:
    span = spanwire.chat("m")
    contextvars.copy_context().run(span.__enter__)
    span.__exit__(None, None, None)
    assert spanwire.current_span() is None
    scope = spanwire.scope(conversation_id="c")
    contextvars.copy_context().run(scope.__enter__)
    scope.__exit__(None, None, None)
    assert recorded.span()["name"] == "chat m"


def test_blocks_left_in_the_wrong_order(recorded: Recorded) -> None:
    outer, inner = spanwire.invoke_agent("A"), spanwire.chat("m")
    outer.__enter__()
    inner.__enter__()
    outer.__exit__(None, None, None)
    assert spanwire.current_span() is inner
    inner.__exit__(None, None, None)
    assert spanwire.current_span() is None
    inner.__exit__(None, None, None)
    assert len(recorded.spans()) == 2


def test_a_generator_that_is_let_go(recorded: Recorded) -> None:
    def pieces() -> Iterator[int]:
        with spanwire.chat("m"):
            yield 1

    for _ in pieces():
        break
    gc.collect()
    assert spanwire.current_span() is None
    assert recorded.span()["status"] == "ok"


def test_an_async_generator_closed_by_the_loop(recorded: Recorded) -> None:
    async def pieces() -> AsyncIterator[int]:
        async with spanwire.chat("m"):
            yield 1

    async def main() -> None:
        async for _ in pieces():
            break

    asyncio.run(main())
    gc.collect()
    assert recorded.span()["name"] == "chat m"


def test_a_generator_closed_elsewhere_is_over_where_it_began(recorded: Recorded) -> None:
    def pieces() -> Iterator[int]:
        with spanwire.chat("m"):
            yield 1

    for carry in (lambda close: close, spanwire.wrap):
        with spanwire.invoke_agent("A") as agent:
            opened = pieces()
            next(opened)
            thread = threading.Thread(target=carry(opened.close))
            thread.start()
            thread.join()
            assert spanwire.current_span() is agent
            with spanwire.execute_tool("t") as tool:
                assert spanwire.current_span() is tool
            assert spanwire.current_span() is agent
        assert spanwire.current_span() is None
    parents = {span["name"]: span.get("parent_span_id") for span in recorded.spans()}
    assert parents["execute_tool t"] == parents["chat m"] is not None


def test_an_async_generator_that_was_left_is_nobody_s_place(recorded: Recorded) -> None:
    async def pieces() -> AsyncIterator[int]:
        async with spanwire.chat("m"):
            yield 1

    async def main() -> None:
        for _ in range(3):
            async for _ in pieces():
                break
            gc.collect()
            # The loop closes it in a task of its own, which has a copy of this context.
            for _ in range(10):
                await asyncio.sleep(0)
            assert spanwire.current_span() is None
        for _ in range(3):
            opened = pieces()
            await anext(opened)
            await asyncio.create_task(opened.aclose())
            assert spanwire.current_span() is None
        depth, frame = 0, _context.frames.get()
        with spanwire.chat("last"):
            frame = _context.frames.get()
            while frame is not None:
                depth, frame = depth + 1, frame[1]
        assert depth == 1, "what was left piles up"

    asyncio.run(main())
    spans = recorded.spans()
    assert [span["status"] for span in spans] == ["ok"] * 7
    assert [span for span in spans if "parent_span_id" in span] == []


def test_a_task_outlives_a_block_that_was_left_elsewhere(recorded: Recorded) -> None:
    async def main() -> None:
        with spanwire.invoke_agent("A"):
            opened = spanwire.chat("m")
            contextvars.copy_context().run(opened.__enter__)
            opened.__exit__(None, None, None)
            assert spanwire.current_span() is not None
        again = spanwire.invoke_agent("again")
        contextvars.copy_context().run(again.__enter__)
        again.__exit__(None, None, None)
        with again:
            assert spanwire.current_span() is again
        assert spanwire.current_span() is None

    asyncio.run(main())
    assert len(recorded.spans()) == 3


def test_a_span_that_is_let_go_ends_at_its_last_change(recorded: Recorded) -> None:
    spanwire.chat("m").set_attribute("k", "v")
    sent = recorded.span()
    assert sent["attributes"]["k"] == "v"


def test_scopes(recorded: Recorded) -> None:
    spanwire.set_conversation_id("c")
    spanwire.set_user({"id": 7, "email": "a@example.com"})
    spanwire.set_pipeline("p")
    with spanwire.scope(conversation_id="inner", attributes={"k": "v"}):
        spanwire.chat("one").end()
    spanwire.ai.set_conversation_id(None)
    spanwire.set_user(None)
    spanwire.chat("two").end()
    one, two = recorded.named("chat one")["attributes"], recorded.named("chat two")["attributes"]
    assert (one["gen_ai.conversation.id"], one["k"], one["user.id"]) == ("inner", "v", "7")
    assert two["gen_ai.pipeline.name"] == "p"
    assert not {"gen_ai.conversation.id", "k", "user.id"} & two.keys()


def test_a_scope_as_a_decorator(recorded: Recorded) -> None:
    @spanwire.scope(conversation_id="c")
    def work() -> None:
        spanwire.chat("sync").end()

    @spanwire.scope(conversation_id="d")
    async def work_async() -> None:
        spanwire.chat("async").end()

    work()
    asyncio.run(work_async())
    assert recorded.named("chat sync")["attributes"]["gen_ai.conversation.id"] == "c"
    assert recorded.named("chat async")["attributes"]["gen_ai.conversation.id"] == "d"


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sentry-Trace": f"{TRACE}-00f067aa0ba902b7-1"},
        [(b"sentry-trace", f"{TRACE}-00f067aa0ba902b7-1".encode())],
        {"HTTP_SENTRY_TRACE": f"{TRACE}-00f067aa0ba902b7-1", "wsgi.input": object()},
        {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"},
    ],
)
def test_a_trace_goes_on(recorded: Recorded, headers: object) -> None:
    context = spanwire.continue_trace(headers)
    assert (context.trace_id, context.span_id) == (TRACE, "00f067aa0ba902b7")
    with context:
        assert spanwire.current_span() is None
        assert spanwire.trace_headers()["sentry-trace"].startswith(TRACE)
        spanwire.chat("m").end()
    assert spanwire.trace_headers() == {}
    assert (recorded.span()["trace_id"], recorded.span()["parent_span_id"]) == (TRACE, "00f067aa0ba902b7")


@pytest.mark.parametrize("headers", [{}, None, 5, {"sentry-trace": "\ud800"}, {"sentry-trace": 5}, [1], {1: 2}, "ab"])
def test_headers_that_say_nothing_begin_a_new_trace(recorded: Recorded, headers: object) -> None:
    context = spanwire.continue_trace(headers)
    with spanwire.invoke_agent("A") as agent, context:
        assert spanwire.trace_headers() == {}
        spanwire.chat("m").end()
    spanwire.chat("other", parent=context).end()
    assert recorded.named("chat m")["trace_id"] != agent.trace_id
    assert "parent_span_id" not in recorded.named("chat other")


def test_outgoing_headers(recorded: Recorded) -> None:
    assert spanwire.trace_headers() == {}
    with spanwire.chat("m") as span:
        headers = spanwire.trace_headers()
    assert headers["sentry-trace"] == f"{span.trace_id}-{span.span_id}-1"
    assert f"sentry-trace_id={span.trace_id}" in headers["baggage"]


def test_a_wrapped_function_carries_its_place_and_scope_to_threads(recorded: Recorded) -> None:
    def work(name: str) -> str:
        with spanwire.chat(name):
            return name

    with spanwire.invoke_agent("A") as agent, spanwire.scope(conversation_id="c-1"):
        carried = spanwire.wrap(work)
    with ThreadPoolExecutor(4) as pool:
        names = [f"m{number}" for number in range(8)]
        assert list(pool.map(carried, names)) == names
        pool.submit(work, "left behind").result()
    assert carried.__name__ == "work"
    for name in names:
        span = recorded.named(f"chat {name}")
        assert span["parent_span_id"] == agent.span_id
        assert span["attributes"]["gen_ai.conversation.id"] == "c-1"
    assert "parent_span_id" not in recorded.named("chat left behind")


def test_wrapped_async_functions_and_generators_are_what_they_were(recorded: Recorded) -> None:
    async def coroutine() -> str:
        await asyncio.sleep(0)
        with spanwire.chat("coroutine"):
            return "done"

    def steps() -> Iterator[int]:
        yield 1
        with spanwire.chat("generator"):
            yield 2

    async def async_steps() -> AsyncIterator[int]:
        yield 1
        with spanwire.chat("async generator"):
            yield 2

    with spanwire.invoke_agent("A") as agent:
        carried = [spanwire.wrap(function) for function in (coroutine, steps, async_steps)]

    async def main() -> None:
        with spanwire.start_span(name="consumer", op="o") as consumer:
            assert await carried[0]() == "done"
            for _ in carried[1]():
                assert spanwire.current_span() is consumer
            async for _ in carried[2]():
                assert spanwire.current_span() is consumer

    asyncio.run(main())
    for name in ("coroutine", "generator", "async generator"):
        assert recorded.named(f"chat {name}")["parent_span_id"] == agent.span_id


def test_a_scope_holds_in_decorated_generators(recorded: Recorded) -> None:
    @spanwire.scope(conversation_id="c-1")
    def steps() -> Iterator[int]:
        spanwire.chat("inside").end()
        yield 1

    for _ in steps():
        spanwire.chat("consumer").end()
    assert recorded.named("chat inside")["attributes"]["gen_ai.conversation.id"] == "c-1"
    assert "gen_ai.conversation.id" not in recorded.named("chat consumer")["attributes"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_task_groups_of_anyio_keep_their_own(recorded: Recorded, backend: str) -> None:
    async def work(name: str) -> None:
        async with spanwire.invoke_agent(name) as agent:
            await anyio.sleep(0)
            await anyio.to_thread.run_sync(lambda: spanwire.chat(name).end())
            async with spanwire.execute_tool(name):
                await anyio.lowlevel.checkpoint()
            assert spanwire.current_span() is agent

    async def main() -> None:
        with spanwire.start_span(name="root", op="o"):
            async with anyio.create_task_group() as group:
                for number in range(5):
                    group.start_soon(work, f"m{number}")

    anyio.run(main, backend=backend)
    spans = {span["name"]: span for span in recorded.spans()}
    for number in range(5):
        agent = spans[f"invoke_agent m{number}"]
        assert agent["parent_span_id"] == spans["root"]["span_id"]
        assert spans[f"chat m{number}"]["parent_span_id"] == agent["span_id"]
        assert spans[f"execute_tool m{number}"]["parent_span_id"] == agent["span_id"]
