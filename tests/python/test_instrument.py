"""`instrument` and `uninstrument`: what they replace in `openai`, when, and that it can be taken back."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

import openai
import pytest
import spanwire
from conftest import QUESTION, Recorded, Servers
from openai.resources.chat.completions import AsyncCompletions, Completions


@pytest.fixture
def recorded(start: Callable[..., Recorded]) -> Recorded:
    """`openai` is imported, so `init` would instrument it by itself."""
    return start(send_default_pii=True, integrations=[])


def test_instrumenting_is_idempotent_and_can_be_taken_back(make: Callable[..., Any], recorded: Recorded) -> None:
    client = make()
    original = client.chat.completions.create
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
    assert client.chat.completions.create == original
    client.chat.completions.create(model="m", messages=QUESTION)
    assert len(recorded.spans()) == 2


def test_the_classes(make: Callable[..., Any], start: Callable[..., Recorded]) -> None:
    before = (Completions.create, AsyncCompletions.create)
    recorded = start()  # `openai` is imported already: `init` does it by itself.
    assert Completions.create is not before[0]
    make().chat.completions.create(model="sync", messages=QUESTION)

    async def main() -> None:
        async with make(openai.AsyncOpenAI) as client:
            await client.chat.completions.create(model="async", messages=QUESTION)

    asyncio.run(main())
    assert {span["name"] for span in recorded.spans()} == {"chat sync", "chat async"}
    start(disabled_integrations=["openai"])
    assert (Completions.create, AsyncCompletions.create) == before
    start(integrations=["other"])
    assert Completions.create is before[0]
    start(integrations=["openai"])
    assert Completions.create is not before[0]
    spanwire.uninstrument()
    assert (Completions.create, AsyncCompletions.create) == before


def test_what_others_put_on_top_stays(
    make: Callable[..., Any], recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    spanwire.instrument()
    ours = Completions.create

    @functools.wraps(ours)
    def theirs(*args: Any, **kwargs: Any) -> Any:
        return ours(*args, **kwargs)

    monkeypatch.setattr(Completions, "create", theirs)
    spanwire.uninstrument()
    assert Completions.create is theirs
    monkeypatch.undo()


def test_without_a_destination_nothing_is_replaced(make: Callable[..., Any], servers: Servers) -> None:
    before = Completions.create
    spanwire.init()
    assert Completions.create is before
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
    monkeypatch.setattr(Completions, "create", lambda self, prompt: prompt)
    client = spanwire.instrument(make())
    spanwire.instrument()
    assert client.chat.completions.create("as it is") == "as it is"
    assert capfd.readouterr().err.count("Completions.create is not as it is known") == 1
