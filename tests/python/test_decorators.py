"""`agent`, `tool` and `trace`: on functions of every sort, bare and called."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
from collections.abc import AsyncIterator, Callable, Generator, Iterator

import pytest
import spanwire
from conftest import Recorded
from sentry_sdk.consts import SPANTEMPLATE as SENTRYS
from spanwire import SPANTEMPLATE
from spanwire._spanwire import begin
from spanwire._context import CURRENT


def test_a_tool(recorded: Recorded) -> None:
    @spanwire.tool
    def add(first: int, second: int = 2) -> int:
        """Adds."""
        current = spanwire.current_span()
        assert current is not None and current.is_recording
        return first + second

    assert add(1, second=3) == 4
    assert add.__name__ == "add" and list(inspect.signature(add).parameters) == ["first", "second"]
    sent = recorded.span()
    assert sent["name"] == "execute_tool add"
    assert json.loads(sent["attributes"]["gen_ai.tool.call.arguments"]) == {"first": 1, "second": 3}
    assert sent["attributes"]["gen_ai.tool.call.result"] in (4, "4")
    assert sent["attributes"]["gen_ai.tool.description"] == "Adds."
    assert sent["attributes"]["gen_ai.tool.name"] == "add"


def test_a_tool_keeps_no_content_without_leave(start: Callable[..., Recorded]) -> None:
    recorded = start()

    @spanwire.tool(name="secret", description="d", attributes={"k": 1})
    def function(value: str) -> str:
        return value

    assert function("secret value") == "secret value"
    sent = recorded.span()
    assert sent["name"] == "execute_tool secret" and sent["attributes"]["k"] == 1
    assert "secret value" not in json.dumps(sent)


def test_a_method_and_a_failure(recorded: Recorded) -> None:
    class Desk:
        @spanwire.tool
        def look(self, *where: str, **how: str) -> None:
            raise LookupError("lost")

    with pytest.raises(LookupError):
        Desk().look("here", "there", how="closely")
    sent = recorded.span()
    assert sent["status"] == "error" and sent["attributes"]["error.type"] == "LookupError"
    arguments = json.loads(sent["attributes"]["gen_ai.tool.call.arguments"])
    assert arguments == {"where": ["here", "there"], "how": "closely"}


def test_wrong_arguments_raise_as_before(recorded: Recorded) -> None:
    @spanwire.tool
    def function(value: str) -> str:
        return value

    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        function()  # type: ignore[call-arg]
    assert recorded.span()["status"] == "error"


def test_an_agent(recorded: Recorded) -> None:
    @spanwire.agent(name="Weather Agent", provider="openai")
    async def run(prompt: str, model: str) -> str:
        await asyncio.sleep(0)
        with spanwire.chat(model):
            return "sunny"

    assert inspect.iscoroutinefunction(run)
    assert asyncio.run(run("weather?", model="gpt")) == "sunny"
    agent = recorded.named("invoke_agent Weather Agent")
    attributes = agent["attributes"]
    assert attributes["gen_ai.request.model"] == "gpt" and attributes["gen_ai.provider.name"] == "openai"
    assert "weather?" in attributes["gen_ai.input.messages"] and "sunny" in attributes["gen_ai.output.messages"]
    assert recorded.named("chat gpt")["parent_span_id"] == agent["span_id"]


def test_bare_decorators_take_the_name(recorded: Recorded) -> None:
    @spanwire.agent
    def helper() -> None: ...

    @spanwire.trace
    def work() -> None: ...

    helper()
    work()
    names = {span["name"] for span in recorded.spans()}
    assert "invoke_agent helper" in names
    assert f"{work.__module__}.{work.__qualname__}" in names


@pytest.mark.parametrize("template", [SPANTEMPLATE.AI_TOOL, SENTRYS.AI_TOOL, "ai_tool"])
def test_templates_of_the_sentry_sdk(recorded: Recorded, template: str) -> None:
    @spanwire.trace(template=template, name="look")
    def function(model: str, temperature: float, agent: str) -> dict[str, object]:
        """Looks."""
        return {"usage": {"prompt_tokens": 3, "completion_tokens": 4}, "model": "m-1"}

    function("m", 0.5, "A")
    sent = recorded.span()
    assert (sent["name"], sent["attributes"]["sentry.op"]) == ("execute_tool look", "gen_ai.execute_tool")
    attributes = sent["attributes"]
    assert attributes["gen_ai.tool.description"] == "Looks."
    assert (attributes["gen_ai.request.model"], attributes["gen_ai.request.temperature"]) == ("m", 0.5)
    assert attributes["gen_ai.agent.name"] == "A"
    assert (attributes["gen_ai.usage.input_tokens"], attributes["gen_ai.usage.output_tokens"]) == (3, 4)
    assert attributes["gen_ai.response.model"] == "m-1"


def test_the_chat_template(recorded: Recorded) -> None:
    @spanwire.trace(template=SPANTEMPLATE.AI_CHAT)
    def ask(prompt: str, system_prompt: str, model_name: str, max_tokens: int) -> str:
        return "answer"

    ask("question", system_prompt="be kind", model_name="gpt", max_tokens=5)
    sent = recorded.span()
    assert sent["name"] == "chat gpt"
    attributes = sent["attributes"]
    assert attributes["gen_ai.request.max_tokens"] == 5
    assert "question" in attributes["gen_ai.input.messages"]
    assert "be kind" in attributes["gen_ai.system_instructions"]
    assert "answer" in attributes["gen_ai.output.messages"]


def test_the_agent_template_and_an_op(recorded: Recorded) -> None:
    @spanwire.trace(template=SPANTEMPLATE.AI_AGENT)
    def run() -> None: ...

    @spanwire.trace(op="db.query", name="rows", attributes={"k": "v"})
    def rows() -> None: ...

    run()
    rows()
    full_name = f"{run.__module__}.{run.__qualname__}"
    agent = recorded.named(f"invoke_agent {full_name}")
    assert agent["attributes"]["gen_ai.agent.name"] == full_name
    assert recorded.named("rows")["attributes"]["sentry.op"] == "db.query"
    assert recorded.named("rows")["attributes"]["k"] == "v"


def test_a_partial(recorded: Recorded) -> None:
    def function(value: int) -> int:
        return value

    assert spanwire.trace(functools.partial(function, 5))() == 5
    assert "partial(<function " in recorded.span()["name"]


def test_a_generator_keeps_its_manners(recorded: Recorded) -> None:
    @spanwire.tool
    def pieces() -> Generator[int, str, str]:
        said = yield 1
        assert spanwire.current_span() is not None
        try:
            yield len(said)
        except KeyError:
            yield 3
        return "done"

    assert inspect.isgeneratorfunction(pieces)
    generator = pieces()
    assert next(generator) == 1
    assert spanwire.current_span() is None
    assert generator.send("four") == 4
    assert generator.throw(KeyError()) == 3
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value == "done"
    assert recorded.span()["attributes"]["gen_ai.tool.call.result"] == "done"


def test_a_generator_that_is_closed_or_fails(recorded: Recorded) -> None:
    closed: list[str] = []

    @spanwire.trace(name="closed")
    def closing() -> Iterator[int]:
        try:
            yield 1
        finally:
            closed.append("closed")

    @spanwire.trace(name="failing")
    def failing() -> Iterator[int]:
        yield 1
        raise LookupError

    generator = closing()
    next(generator)
    generator.close()  # type: ignore[attr-defined]
    assert closed == ["closed"]
    with pytest.raises(LookupError):
        list(failing())
    assert recorded.named("closed")["status"] == "ok"
    assert recorded.named("failing")["status"] == "error"


def test_an_async_generator(recorded: Recorded) -> None:
    @spanwire.agent
    async def pieces(prompt: str) -> AsyncIterator[str]:
        for word in prompt.split():
            assert spanwire.current_span() is not None
            yield word

    async def main() -> list[str]:
        found: list[str] = []
        async for piece in pieces("a b c"):
            assert spanwire.current_span() is None
            found.append(piece)
        generator = pieces("d e")
        assert await anext(generator) == "d"
        await generator.aclose()  # type: ignore[attr-defined]
        return found

    assert inspect.isasyncgenfunction(pieces)
    assert asyncio.run(main()) == ["a", "b", "c"]
    assert [span["status"] for span in recorded.spans()] == ["ok", "ok"]


def test_wrapped_streams(recorded: Recorded) -> None:
    chunks = [{"choices": [{"index": 0, "delta": {"content": word}}]} for word in ("one ", "two")]

    async def arriving() -> AsyncIterator[dict[str, object]]:
        for chunk in chunks:
            yield chunk

    async def main() -> None:
        async for chunk in spanwire.chat("async").wrap_stream(arriving()):
            assert chunk in chunks
        async for _ in spanwire.chat("async left").wrap_stream(arriving()):
            break

    assert list(spanwire.chat("sync").wrap_stream(chunks)) == chunks
    asyncio.run(main())
    kept = spanwire.chat("left")
    stream = kept.wrap_stream(iter(chunks))
    for _ in stream:
        break
    again = spanwire.chat("went on").wrap_stream(iter(chunks))
    for _ in again:
        break
    assert kept.is_recording and list(again) == chunks[1:]
    with spanwire.chat("closed").wrap_stream(chunks) as closed:
        next(closed)
    dropped = spanwire.chat("dropped")
    held = dropped.wrap_stream(chunks)
    next(held)
    del held
    assert not dropped.is_recording
    texts = {span["name"]: span["attributes"]["gen_ai.output.messages"] for span in recorded.spans()}
    assert not kept.is_recording
    whole, left = {"chat sync", "chat async", "chat went on"}, {"chat left", "chat closed", "chat dropped"}
    assert texts.keys() == {*whole, *left, "chat async left"}
    for name, text in texts.items():
        assert ("one two" in text) == (name in whole), name


def test_a_stream_that_fails(recorded: Recorded) -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise LookupError("cut")

    with pytest.raises(LookupError, match="cut"):
        list(spanwire.chat("m").wrap_stream(failing()))
    assert recorded.span()["attributes"]["exception.message"] == "cut"
    assert spanwire.chat("m").wrap_stream(5) == 5  # type: ignore[call-overload]


def test_a_tool_that_a_library_runs_has_one_span(recorded: Recorded) -> None:
    @spanwire.tool
    def look_up(city: str) -> str:
        return city

    with begin("execute_tool", "look_up", CURRENT, None, integration="langchain"):
        assert look_up("Paris") == "Paris"
        with spanwire.execute_tool("look_up"):
            look_up("Rome")
    assert [span["name"] for span in recorded.spans()] == ["execute_tool look_up"] * 3
