"""`google_genai`: what is replaced and taken back, one client alone, whose child a span is, and who owns a request."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import spanwire
from conftest import Recorded, Servers
from google import genai
from google.genai import _extra_utils
from google.genai._api_client import BaseApiClient
from spanwire._spanwire import begin
from spanwire._context import CURRENT
from spanwire.integrations._request import owning

METHODS = ("request", "request_streamed", "async_request", "async_request_streamed", "_build_request")
FUNCTIONS = (
    *("invoke_function_from_dict_args", "invoke_function_from_dict_args_async"),
    *("get_function_response_parts", "get_function_response_parts_async"),
)


@pytest.fixture
def client(servers: Servers) -> genai.Client:
    return genai.Client(api_key="key", http_options={"base_url": servers.vendor})


def replaceable() -> list[object]:
    return [*(getattr(BaseApiClient, name) for name in METHODS), *(getattr(_extra_utils, name) for name in FUNCTIONS)]


def ask(client: Any, model: str = "asked", **config: Any) -> Any:
    return client.models.generate_content(model=model, contents="Is anybody there?", config=config or None)


def stream(client: Any, model: str = "asked") -> Any:
    return client.models.generate_content_stream(model=model, contents="Is anybody there?")


def get_weather(city: str) -> str:
    """How the weather is."""
    return f"It is sunny in {city}."


def names(recorded: Recorded) -> list[str]:
    return sorted(span["name"] for span in recorded.spans())


def test_everything_is_replaced_and_taken_back(client: genai.Client, start: Callable[..., Recorded]) -> None:
    before = replaceable()
    recorded = start()
    assert all(now is not then for now, then in zip(replaceable(), before, strict=True))
    spanwire.instrument()
    ask(client)
    assert names(recorded) == ["generate_content asked"]
    start(disabled_integrations=["google_genai"])
    assert replaceable() == before
    start(integrations=["google_genai"])
    assert replaceable() != before
    spanwire.uninstrument()
    assert replaceable() == before
    assert len(recorded.spans()) == 1


def test_one_client_with_its_tools(client: genai.Client, servers: Servers, start: Callable[..., Recorded]) -> None:
    recorded = start(send_default_pii=True, integrations=[])
    other = genai.Client(api_key="key", http_options={"base_url": servers.vendor})
    weather = {"model": "weather", "contents": "How is the weather?", "config": {"tools": [get_weather]}}
    for _ in range(3):
        assert spanwire.instrument(client) is client
    for one in (other, client, other):
        one.models.generate_content(**weather)
        one.chats.create(model="chat").send_message("Hello there")
        list(stream(one, "streamed"))
    expected = ["execute_tool get_weather", "generate_content chat", "generate_content streamed"]
    expected += ["generate_content weather", "generate_content weather"]
    assert names(recorded) == expected
    spanwire.uninstrument(client)
    client.models.generate_content(**weather)
    assert names(recorded) == expected
    assert not set(METHODS) & set(vars(client._api_client))


def test_a_client_and_its_class_together(client: genai.Client, start: Callable[..., Recorded]) -> None:
    recorded = start()
    spanwire.instrument(client)
    ask(client, "whole", tools=[get_weather])
    list(stream(client, "streamed"))

    async def main() -> None:
        async with client.aio as aio:
            await ask(aio, "async")
            assert [chunk async for chunk in await stream(aio, "async-streamed")]

    asyncio.run(main())
    models = ("async", "async-streamed", "streamed", "whole")
    assert names(recorded) == [f"generate_content {model}" for model in models]
    client.models.generate_content(model="m", contents="The weather?", config={"tools": [get_weather]})
    assert names(recorded).count("execute_tool get_weather") == 1


def test_an_instrumented_client_is_not_kept(client: genai.Client, start: Callable[..., Recorded], servers: Servers) -> None:
    start()
    mine = weakref.ref(spanwire.instrument(genai.Client(api_key="key", http_options={"base_url": servers.vendor})))
    gc.collect()
    assert mine() is None


def test_a_changed_library_is_left_alone(
    client: genai.Client,
    start: Callable[..., Recorded],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    spanwire.uninstrument()
    monkeypatch.setattr(BaseApiClient, "request", lambda self, everything: everything)
    monkeypatch.delattr(BaseApiClient, "_build_request")
    recorded = start(debug=True)
    assert client._api_client.request("as it is") == "as it is"
    said = capfd.readouterr().err
    assert "BaseApiClient.request is not as it is known" in said and "BaseApiClient._build_request is not" in said
    assert recorded.spans() == []


def test_what_is_sent_is_told_without_the_method_that_makes_it(
    client: genai.Client, start: Callable[..., Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    spanwire.uninstrument()
    build = BaseApiClient._build_request
    monkeypatch.setattr(BaseApiClient, "_build_request", lambda self, *given: build(self, *given))
    recorded = start(send_default_pii=True)
    ask(client, temperature=0.25)
    attributes = recorded.span()["attributes"]
    assert attributes["gen_ai.request.temperature"] == 0.25
    assert "Is anybody there?" in attributes["gen_ai.input.messages"] and attributes["gen_ai.usage.input_tokens"]


def test_extra_body_and_a_base_url_of_the_request(client: genai.Client, recorded: Recorded, servers: Servers) -> None:
    elsewhere = servers.vendor.replace("127.0.0.1", "localhost")
    ask(client, http_options={"base_url": elsewhere, "extra_body": {"generationConfig": {"topK": 7}}})
    attributes = recorded.span()["attributes"]
    assert attributes["server.address"] == "localhost" and attributes["gen_ai.request.top_k"] == 7


def test_an_open_stream_is_nobodys_parent(client: genai.Client, recorded: Recorded) -> None:
    with spanwire.invoke_agent("A") as agent:
        for _ in stream(client, "open"):
            ask(client, "beside")
            break
        ask(client, "after")
    spans = {span["name"]: span for span in recorded.spans()}
    assert spans.pop("invoke_agent A")["span_id"] == agent.span_id
    assert {span["parent_span_id"] for span in spans.values()} == {agent.span_id} and len(spans) == 3


def framework_span() -> spanwire.Span:
    return begin("chat", "framework", CURRENT, None, integration="langchain")


def test_a_framework_owns_its_request(client: genai.Client, recorded: Recorded) -> None:
    span = framework_span()
    with owning(span) as owner:
        answer = ask(client)
        ask(client, "beside")
    assert owner.was_fed
    span.end()
    assert names(recorded) == ["chat framework", "generate_content beside"]
    attributes = recorded.named("chat framework")["attributes"]
    assert attributes["sentry.origin"] == "auto.ai.langchain" and attributes["server.address"] == "127.0.0.1"
    assert attributes["gen_ai.response.id"] == answer.response_id
    assert attributes["gen_ai.usage.input_tokens"] == answer.usage_metadata.prompt_token_count
    assert "Is anybody there?" in attributes["gen_ai.input.messages"]


def test_a_framework_owns_its_streams(client: genai.Client, recorded: Recorded) -> None:
    async def chunks(aio: Any) -> AsyncIterator[Any]:
        async for chunk in await stream(aio):
            yield chunk

    async def main() -> list[Any]:
        async with client.aio as aio:
            with framework_span() as span, owning(span):
                return [chunk async for chunk in chunks(aio)]

    with framework_span() as span, owning(span):
        came = list(stream(client))
    for identifier in (came[0].response_id, asyncio.run(main())[0].response_id):
        assert identifier in [span["attributes"]["gen_ai.response.id"] for span in recorded.spans()]
    assert names(recorded) == ["chat framework", "chat framework"]
    for span in recorded.spans():
        assert span["attributes"]["gen_ai.response.finish_reasons"] == "STOP"
        assert span["attributes"]["gen_ai.response.time_to_first_chunk"] >= 0


def test_an_owned_request_that_fails_may_be_tried_again(client: genai.Client, recorded: Recorded) -> None:
    span = framework_span()
    with owning(span):
        with pytest.raises(genai.errors.ServerError):
            ask(client, "fault-500")
        ask(client)
    span.end()
    sent = recorded.span()
    assert sent["status"] == "ok" and "http.response.status_code" not in sent["attributes"]


def test_beside_requests_of_plain_httpx(client: genai.Client, recorded: Recorded) -> None:
    spanwire.instrument_httpx()
    ask(client, "whole")
    list(stream(client, "streamed"))

    async def main() -> None:
        async with client.aio as aio:
            await ask(aio, "async")
            assert [chunk async for chunk in await stream(aio, "async-streamed")]

    asyncio.run(main())
    models = ("async", "async-streamed", "streamed", "whole")
    assert names(recorded) == [f"generate_content {model}" for model in models]


def test_the_async_side_of_one_client(client: genai.Client, start: Callable[..., Recorded]) -> None:
    recorded = start(integrations=[])
    assert spanwire.instrument(client.aio) is client.aio
    spanwire.instrument(client)

    async def main() -> None:
        await client.aio.models.generate_content(model="asked", contents="Is anybody there?")

    asyncio.run(main())
    assert names(recorded) == ["generate_content asked"]
