"""A program that the type checkers read (and nobody runs): what every call takes and gives."""

from __future__ import annotations

from collections.abc import AsyncIterator

import spanwire
from spanwire import SPANTEMPLATE
from typing_extensions import assert_type

spanwire.init("dsn", release="r", integrations="auto", transport=lambda envelope: print(len(envelope)))
spanwire.init(transport="file:x", integrations=["openai"], traces_sample_rate=0.5, debug=None)
assert_type(spanwire.flush(1.5), bool)
assert_type(spanwire.stats()["lost"], dict[str, int])

with spanwire.invoke_agent("A", model="m", tools=[{"name": "t"}], parent=None) as agent:
    assert_type(agent, spanwire.Span)
    with spanwire.chat("m", messages="hi", temperature=1, parent=agent, attributes={"flavour": "sweet"}) as chat:
        chat.set_usage(input_tokens=1)
        chat.add_link(agent, {"k": 1})
        assert_type(chat.trace_id, str)
        assert_type([piece for piece in chat.wrap_stream(["a", "b"])], list[str])
    with spanwire.continue_trace({"sentry-trace": "x"}) as place:
        assert_type(place, spanwire.TraceContext)
    spanwire.chat("m", parent=place).end(timestamp=1.0)
    # A misspelt argument is kept as an attribute, and a type checker says so.
    spanwire.chat("m", temprature=1).end()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    spanwire.handoff("A", "B")

assert_type(spanwire.current_span(), spanwire.Span | None)
assert_type(spanwire.trace_headers(), dict[str, str])


@spanwire.tool
def add(first: int, second: int = 2) -> int:
    return first + second


@spanwire.agent(name="A", provider="openai")
async def run(prompt: str) -> str:
    async with spanwire.chat("m"):
        return prompt


@spanwire.trace(template=SPANTEMPLATE.AI_CHAT, attributes={"k": "v"})
def ask(prompt: str) -> list[str]:
    return [prompt]


@spanwire.scope(conversation_id="c")
async def stream(chunks: AsyncIterator[bytes]) -> None:
    async for chunk in spanwire.chat("m").wrap_stream(chunks):
        assert_type(chunk, bytes)
    assert_type(await run("x"), str)


assert_type(add(1, second=3), int)
assert_type(ask("x"), list[str])
assert_type(spanwire.instrument(5), int)
spanwire.instrument()
spanwire.instrument_httpx("https://gateway.example.com/*")
