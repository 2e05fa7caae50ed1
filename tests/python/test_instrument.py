"""`instrument` and `uninstrument`: what they replace in `openai`, when, and that it can be taken back."""

from __future__ import annotations

import asyncio
import functools
import gc
import json
import weakref
from collections.abc import Callable
from typing import Any

import openai
import pytest
import spanwire
from conftest import QUESTION, Recorded, Servers
from openai._base_client import AsyncAPIClient, SyncAPIClient
from spanwire import _context
from spanwire.integrations import _request
from spanwire.integrations._patches import Patches


@pytest.fixture
def recorded(start: Callable[..., Recorded]) -> Recorded:
    """`openai` is imported, so `init` would instrument it by itself."""
    return start(send_default_pii=True, integrations=[])


def test_instrumenting_is_idempotent_and_can_be_taken_back(make: Callable[..., Any], recorded: Recorded) -> None:
    client = make()
    original = client.request
    for _ in range(3):
        assert spanwire.instrument(client) is client
        spanwire.instrument()
    client.chat.completions.create(model="m", messages=QUESTION)
    assert len(recorded.spans()) == 1
    spanwire.uninstrument()
    client.chat.completions.create(model="m", messages=QUESTION)
    assert len(recorded.spans()) == 2
    assert spanwire.uninstrument(client) is client
    spanwire.uninstrument(client)
    assert client.request == original
    client.chat.completions.create(model="m", messages=QUESTION)
    assert len(recorded.spans()) == 2


def test_the_classes(make: Callable[..., Any], start: Callable[..., Recorded]) -> None:
    before = (SyncAPIClient.request, AsyncAPIClient.request)
    recorded = start()  # `openai` is imported already: `init` does it by itself.
    assert SyncAPIClient.request is not before[0]
    make().chat.completions.create(model="sync", messages=QUESTION)

    async def main() -> None:
        async with make(openai.AsyncOpenAI) as client:
            await client.chat.completions.create(model="async", messages=QUESTION)

    asyncio.run(main())
    assert {span["name"] for span in recorded.spans()} == {"chat sync", "chat async"}
    start(disabled_integrations=["openai"])
    assert (SyncAPIClient.request, AsyncAPIClient.request) == before
    start(integrations=["other"])
    assert SyncAPIClient.request is before[0]
    start(integrations=["openai"])
    assert SyncAPIClient.request is not before[0]
    spanwire.uninstrument()
    assert (SyncAPIClient.request, AsyncAPIClient.request) == before
    assert "_build_request" not in vars(SyncAPIClient)


def test_what_others_put_on_top_stays(
    make: Callable[..., Any], recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    spanwire.instrument()
    ours = SyncAPIClient.request

    @functools.wraps(ours)
    def theirs(*args: Any, **kwargs: Any) -> Any:
        return ours(*args, **kwargs)

    monkeypatch.setattr(SyncAPIClient, "request", theirs)
    spanwire.uninstrument()
    assert SyncAPIClient.request is theirs
    make().chat.completions.create(model="off", messages=QUESTION)
    spanwire.instrument()
    assert SyncAPIClient.request is theirs
    make().chat.completions.create(model="on", messages=QUESTION)
    assert [span["name"] for span in recorded.spans()] == ["chat on"]
    monkeypatch.undo()
    spanwire.uninstrument()
    assert SyncAPIClient.request is not ours


def test_a_method_that_was_put_back_is_replaced_again(
    make: Callable[..., Any], recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = SyncAPIClient.request
    spanwire.instrument()
    monkeypatch.setattr(SyncAPIClient, "request", original)
    spanwire.instrument()
    make().chat.completions.create(model="m", messages=QUESTION)
    assert len(recorded.spans()) == 1


def test_a_stream_is_read_once_where_both_the_client_and_its_class_are_instrumented(
    make: Callable[..., Any], recorded: Recorded
) -> None:
    spanwire.instrument()
    client = spanwire.instrument(make())
    stream = client.chat.completions.create(model="m", messages=QUESTION, stream=True)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    (span,) = recorded.spans()
    (message,) = json.loads(span["attributes"]["gen_ai.output.messages"])
    assert [part["content"] for part in message["parts"]] == [text]


def test_copies_of_a_client(make: Callable[..., Any], recorded: Recorded) -> None:
    client = spanwire.instrument(make())
    client.with_options(timeout=20).chat.completions.create(model="m", messages=QUESTION)
    assert len(recorded.spans()) == 1


def test_an_instrumented_client_is_not_kept(make: Callable[..., Any], recorded: Recorded) -> None:
    client = weakref.ref(spanwire.instrument(make()))
    gc.collect()
    assert client() is None


def test_without_a_destination_nothing_is_replaced(make: Callable[..., Any], servers: Servers) -> None:
    before = SyncAPIClient.request
    spanwire.init()
    assert SyncAPIClient.request is before
    client = spanwire.instrument(make())
    assert client.chat.completions.create(model="m", messages=QUESTION).choices


def test_another_client_is_left_alone(start: Callable[..., Recorded], capfd: pytest.CaptureFixture[str]) -> None:
    start(debug=True)
    other = object()
    assert spanwire.instrument(other) is other and spanwire.uninstrument(other) is other
    assert "no integration knows" in capfd.readouterr().err


def test_a_changed_library_is_left_alone(
    make: Callable[..., Any],
    start: Callable[..., Recorded],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    start(debug=True, disabled_integrations=["openai"])
    monkeypatch.setattr(SyncAPIClient, "request", lambda self, prompt: prompt)
    client = spanwire.instrument(make())
    spanwire.instrument()
    assert client.request("as it is") == "as it is"
    assert capfd.readouterr().err.count("SyncAPIClient.request is not as it is known") == 1


@pytest.mark.parametrize("missing", ["_build_request", "_process_response"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_library_that_tells_less(
    make: Callable[..., Any],
    start: Callable[..., Recorded],
    monkeypatch: pytest.MonkeyPatch,
    missing: str,
    stream: bool,
) -> None:
    """Bodies that are not seen on their way are read from arguments and results."""
    hidden = getattr(SyncAPIClient, missing)
    monkeypatch.setattr(SyncAPIClient, missing, lambda *args, **kwargs: hidden(*args, **kwargs))
    recorded = start(send_default_pii=True)
    answer = make().chat.completions.create(model="m", messages=QUESTION, stream=stream)
    identifier = next(iter(list(answer))).id if stream else answer.id
    attributes = recorded.span()["attributes"]
    assert attributes["gen_ai.response.id"] == identifier
    assert "Tell me a joke" in attributes["gen_ai.input.messages"]
    assert attributes["gen_ai.output.messages"]


def test_hooks_are_put_once_and_taken_out() -> None:
    patches, put = Patches("openai"), []  # type: ignore[var-annotated]
    for _ in range(2):
        patches.hook("processor", lambda: put.append(1), put.clear)
    assert put == [1]
    patches.undo()
    assert put == []
    patches.hook("processor", lambda: put.append(2), put.clear)
    assert put == [2]


def test_traces_that_are_not_recorded_cost_their_stream_nothing(
    make: Callable[..., Any], start: Callable[..., Recorded]
) -> None:
    recorded = start(traces_sample_rate=0.0)
    with spanwire.invoke_agent("A"):
        stream = make().chat.completions.create(model="m", messages=QUESTION, stream=True)
        assert type(stream._iterator).__name__ == "generator" and list(stream)
    assert recorded.spans() == []
    assert spanwire.stats()["lost"] == {"sample_rate": 2}


def refuse(*_: Any, **__: Any) -> Any:
    raise RuntimeError("this is ours")


class Broken:
    """A span of which nothing works."""

    is_recording = True

    def __getattr__(self, name: str) -> Any:
        return refuse


@pytest.mark.parametrize("broken", ["begin", "span", "enter", "leave"])
def test_what_goes_wrong_here_is_not_the_programs(
    make: Callable[..., Any], start: Callable[..., Recorded], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    start()
    where: Any = _request if broken in ("begin", "span") else _context
    name, instead = ("begin", lambda *_, **__: Broken()) if broken == "span" else (broken, refuse)
    monkeypatch.setattr(where, name, instead)
    client = make()
    assert client.chat.completions.create(model="m", messages=QUESTION).choices
    assert len(list(client.chat.completions.create(model="m", messages=QUESTION, stream=True))) > 2
    stream = client.chat.completions.create(model="m", messages=QUESTION, stream=True)
    next(stream)
    stream.close()
    with pytest.raises(openai.InternalServerError):
        client.chat.completions.create(model="fault-500", messages=QUESTION)
    with client.responses.with_streaming_response.create(model="m", input="x") as response:
        assert response.parse().output_text

    async def main() -> None:
        async with make(openai.AsyncOpenAI) as client:
            stream = await client.chat.completions.create(model="m", messages=QUESTION, stream=True)
            assert len([chunk async for chunk in stream]) > 2

    asyncio.run(main())
    del stream, response
    gc.collect()  # A stream that was closed in its middle is in a cycle, as it is without this.
