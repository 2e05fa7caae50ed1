"""One span for one model call: a framework's span takes what the client below sees; a call beside has its own."""

from __future__ import annotations

import asyncio
import contextvars
import gc
from collections.abc import Callable
from typing import Any

import openai
import pytest
import spanwire
from conftest import QUESTION, Recorded, Servers
from programs.scripts import told
from spanwire._spanwire import begin
from spanwire._context import CURRENT
from spanwire.integrations._request import Seat, begin_call, current_owner, owning

REQUEST: Any = {"model": "gpt-4o-mini", "messages": QUESTION}


@pytest.fixture
def recorded(start: Callable[..., Recorded]) -> Recorded:
    """`openai` is instrumented by `init` itself."""
    return start(send_default_pii=True)


def framework_span(model: str = "asked") -> spanwire.Span:
    return begin("chat", model, CURRENT, None, integration="langchain")


def test_the_owner_takes_what_the_client_sees(make: Callable[..., Any], recorded: Recorded) -> None:
    span = framework_span()
    with owning(span) as owner:
        answer = make().chat.completions.create(**REQUEST)
    assert owner.was_fed and span.is_recording
    span.end()
    attributes = recorded.span()["attributes"]
    assert attributes["sentry.origin"] == "auto.ai.langchain"
    assert attributes["gen_ai.response.id"] == answer.id and attributes["gen_ai.request.model"] == "asked"
    assert attributes["gen_ai.usage.input_tokens"] == answer.usage.prompt_tokens
    assert attributes["server.address"] == "127.0.0.1"
    assert "Tell me a joke" in attributes["gen_ai.input.messages"] and attributes["gen_ai.output.messages"]


def test_an_owner_that_says_all_of_it(make: Callable[..., Any], recorded: Recorded) -> None:
    with framework_span() as span, owning(span, feeds=False) as owner:
        make().chat.completions.create(**REQUEST)
    assert not owner.was_fed
    assert "gen_ai.response.id" not in recorded.span()["attributes"]


def test_only_one_call_is_owned(make: Callable[..., Any], recorded: Recorded) -> None:
    client, span = make(), framework_span()
    with owning(span):
        client.chat.completions.create(**REQUEST)
        client.chat.completions.create(model="beside", messages=QUESTION)
    client.chat.completions.create(model="after", messages=QUESTION)
    span.end()
    assert sorted(span["name"] for span in recorded.spans()) == ["chat after", "chat asked", "chat beside"]


def test_owners_that_sit_where_others_make_the_requests(make: Callable[..., Any], recorded: Recorded) -> None:
    client, seat = make(), Seat()
    elsewhere = contextvars.copy_context()
    elsewhere.run(seat.enter)
    assert elsewhere.run(lambda: seat.is_here) and not seat.is_here
    for model in ("first", "second"):
        span = framework_span(model)
        seat.owner = owning(span)
        elsewhere.run(client.chat.completions.create, model=model, messages=QUESTION)
        assert seat.owner.was_fed
        span.end()
    client.chat.completions.create(model="here", messages=QUESTION)
    elsewhere.run(client.chat.completions.create, model="beside", messages=QUESTION)
    names = ["chat beside", "chat first", "chat here", "chat second"]
    assert sorted(span["name"] for span in recorded.spans()) == names


def test_an_owner_inside_of_a_seat_goes_before_it() -> None:
    def check() -> None:
        seat.enter()
        with owning(inner) as owner:
            assert current_owner() is owner
        assert current_owner() is seat.owner and seat.is_here

    seat, inner = Seat(), framework_span()
    seat.owner = owning(framework_span())
    contextvars.copy_context().run(check)


def test_a_second_try_is_owned_too(make: Callable[..., Any], recorded: Recorded) -> None:
    client, span = make(), framework_span()
    with owning(span):
        with pytest.raises(openai.InternalServerError):
            client.chat.completions.create(model="fault-500", messages=QUESTION)
        answer = client.chat.completions.create(**REQUEST)
    span.end()
    sent = recorded.span()
    assert sent["status"] == "ok" and sent["attributes"]["gen_ai.response.id"] == answer.id


def test_a_stream_feeds_its_owner_and_a_call_beside_it_does_not(make: Callable[..., Any], recorded: Recorded) -> None:
    client, span = make(), framework_span()
    with owning(span):
        stream = client.chat.completions.create(**REQUEST, stream=True)
        for _ in stream:
            client.chat.completions.create(model="beside", messages=QUESTION)
            break
    rest = list(stream)
    span.end()
    attributes = recorded.named("chat asked")["attributes"]
    assert attributes["gen_ai.response.id"] == rest[0].id and attributes["gen_ai.response.finish_reasons"]
    assert attributes["gen_ai.response.time_to_first_chunk"] >= 0
    beside = recorded.named("chat beside")
    assert "parent_span_id" not in beside


def test_frameworks_in_frameworks(make: Callable[..., Any], recorded: Recorded) -> None:
    span = framework_span()
    with owning(span) as outer, owning(outer.span) as inner:
        make().chat.completions.create(**REQUEST)
    span.end()
    assert inner.was_fed and len(recorded.spans()) == 1


def test_an_owner_that_is_over_owns_nothing_in_any_context(make: Callable[..., Any], recorded: Recorded) -> None:
    span = framework_span()
    owner = owning(span).enter()
    copied = contextvars.copy_context()
    owner.leave()
    span.end()
    copied.run(make().chat.completions.create, **REQUEST)
    assert sorted(span["name"] for span in recorded.spans()) == ["chat asked", "chat gpt-4o-mini"]


def test_each_task_has_its_own(make: Callable[..., Any], recorded: Recorded) -> None:
    async def run(client: Any, number: int) -> None:
        with framework_span(f"m{number}") as span, owning(span):
            await client.chat.completions.create(model=f"m{number}", messages=QUESTION)
            await client.chat.completions.create(model=f"beside{number}", messages=QUESTION)

    async def main() -> None:
        async with make(openai.AsyncOpenAI) as client:
            await asyncio.gather(*(run(client, number) for number in range(4)))

    asyncio.run(main())
    spans = {span["name"]: span for span in recorded.spans()}
    assert len(spans) == 8
    for number in range(4):
        assert spans[f"chat beside{number}"]["parent_span_id"] == spans[f"chat m{number}"]["span_id"]
        assert "gen_ai.response.id" in spans[f"chat m{number}"]["attributes"]


def test_the_request_is_current_while_it_is_made_and_a_stream_is_not(
    make: Callable[..., Any], recorded: Recorded
) -> None:
    seen: list[Any] = []
    client = make()
    build = client._build_request
    client._build_request = lambda *args, **kwargs: (seen.append(spanwire.current_span()), build(*args, **kwargs))[1]
    with spanwire.invoke_agent("A") as agent:
        stream = client.chat.completions.create(**REQUEST, stream=True)
        for _ in stream:
            assert spanwire.current_span() is agent
    assert seen[0].span_id == recorded.named("chat gpt-4o-mini")["span_id"]


def test_an_owner_that_follows_is_over_with_the_call(make: Callable[..., Any], recorded: Recorded) -> None:
    call = begin_call("litellm", "chat", "asked")
    assert call is not None
    owner = owning(call, follows=True).enter()  # Nobody leaves it.
    stream = make().chat.completions.create(**REQUEST, stream=True)
    next(stream)
    assert call.is_recording
    stream.close()
    assert not call.is_recording and owner.was_fed
    make().chat.completions.create(model="after", messages=QUESTION)
    assert sorted(span["name"] for span in recorded.spans()) == ["chat after", "chat asked"]


def test_an_owner_that_follows_tells_its_own_error(make: Callable[..., Any], recorded: Recorded) -> None:
    class OwnError(Exception):
        """What the framework makes of it."""

    call = begin_call("litellm", "chat", "asked")
    assert call is not None
    with pytest.raises(openai.RateLimitError):
        owner = owning(call, follows=True).enter()
        make().chat.completions.create(model="fault-429", messages=QUESTION)
    assert call.is_recording and not owner.is_free
    call.span.set_attribute("error.type", OwnError.__name__)
    call.failed(OwnError("no more"))
    make().chat.completions.create(model="after", messages=QUESTION)
    failed = recorded.named("chat asked")
    assert failed["status"] == "error" and failed["attributes"]["error.type"] == "OwnError"
    assert failed["attributes"]["http.response.status_code"] == 429
    assert recorded.named("chat after")["status"] == "ok"


def test_a_follower_in_a_framework_feeds_it_and_leaves_the_end_to_it(make: Callable[..., Any], recorded: Recorded) -> None:
    span = framework_span()
    with owning(span) as outer:
        call = begin_call("litellm", "chat", "below")
        assert call is not None
        owner = owning(call, follows=True).enter()
        answer = make().chat.completions.create(**REQUEST)
    assert owner.was_fed and outer.was_fed and span.is_recording
    span.end()
    assert recorded.span()["attributes"]["gen_ai.response.id"] == answer.id


def test_a_follower_in_a_silent_framework_is_silent(make: Callable[..., Any], recorded: Recorded) -> None:
    with framework_span() as span, owning(span, feeds=False):
        call = begin_call("litellm", "chat", "below")
        assert call is not None
        owner = owning(call, follows=True).enter()
        make().chat.completions.create(**REQUEST)
    assert not owner.is_free and "gen_ai.response.id" not in recorded.span()["attributes"]


def test_an_owner_that_nobody_keeps_or_leaves_goes_with_its_span(make: Callable[..., Any], recorded: Recorded) -> None:
    for _ in range(3):
        call = begin_call("litellm", "chat", "forgotten")
        assert call is not None
        owning(call, follows=True).enter()
        del call
    gc.collect()
    make().chat.completions.create(**REQUEST)
    assert sorted(span["name"] for span in recorded.spans()) == ["chat forgotten"] * 3 + ["chat gpt-4o-mini"]


def test_litellm_tells_a_framework_which_model_and_provider_it_asks(servers: Servers) -> None:
    script = f"""
    begin()
    import litellm
    from spanwire._context import CURRENT
    from spanwire._spanwire import begin as span_of
    from spanwire.integrations._request import owning

    for model in ("openai/gpt-4o", "anthropic/claude-sonnet-4-5"):
        base = "{servers.vendor}" + ("/v1" if model.startswith("openai") else "")
        with span_of("chat", model, CURRENT, {{"framework_provider": "litellm"}}, integration="langchain") as span:
            with owning(span):
                litellm.completion(model, [{{"role": "user", "content": "Hi"}}], api_key="key", api_base=base)
    done()
    """
    spans = told("litellm", script, LITELLM_LOCAL_MODEL_COST_MAP="True")["spans"]
    attributes = [span["attributes"] for span in spans]
    assert [span["name"] for span in spans] == ["chat gpt-4o", "chat claude-sonnet-4-5"]
    assert [each["gen_ai.request.model"] for each in attributes] == ["gpt-4o", "claude-sonnet-4-5"]
    assert [each["gen_ai.provider.name"] for each in attributes] == ["openai", "anthropic"]
