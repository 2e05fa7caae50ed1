"""The real `openai` package against the local vendor: what is recorded, and that nothing else changes."""

from __future__ import annotations

import asyncio
import gc
import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest
import spanwire
from conftest import QUESTION, Recorded, Servers
from openai.types.chat import ChatCompletion
from programs import scripts
from spanwire.integrations._request import begin_call

WEATHER: Any = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
    }
]


@pytest.fixture
def recorded(start: Callable[..., Recorded]) -> Recorded:
    """`openai` is imported, so `init` would instrument it by itself."""
    return start(send_default_pii=True, integrations=[])


@pytest.fixture
def client(make: Callable[..., Any], recorded: Recorded) -> Iterator[Any]:
    with spanwire.instrument(make()) as instrumented:
        yield instrumented


def sent(servers: Servers) -> dict[str, Any]:
    """The last request, as the vendor saw it, without what belongs to its connection."""
    request = servers.requests()[-1]
    return {"path": request["path"], "body": request["raw"]}


def test_a_plain_answer(client: Any, make: Callable[..., Any], recorded: Recorded, servers: Servers) -> None:
    untouched = make().chat.completions.create(model="gpt-4o-mini", messages=QUESTION, temperature=0.5)
    before = sent(servers)
    answer = client.chat.completions.create(model="gpt-4o-mini", messages=QUESTION, temperature=0.5)
    assert sent(servers) == before
    assert type(answer) is type(untouched) is ChatCompletion
    assert answer == untouched
    span = recorded.span()
    attributes = span["attributes"]
    assert (span["name"], span["status"]) == ("chat gpt-4o-mini", "ok")
    assert attributes["sentry.origin"] == "auto.ai.openai" and attributes["sentry.op"] == "gen_ai.chat"
    assert attributes["gen_ai.response.model"] == answer.model and attributes["gen_ai.response.id"] == answer.id
    assert attributes["gen_ai.usage.input_tokens"] == answer.usage.prompt_tokens
    assert attributes["gen_ai.usage.output_tokens"] == answer.usage.completion_tokens
    assert attributes["gen_ai.request.temperature"] == 0.5
    assert attributes["gen_ai.provider.name"] == "openai"
    assert attributes["server.address"] == "127.0.0.1" and f":{attributes['server.port']}" in servers.vendor
    assert "Tell me a joke" in attributes["gen_ai.input.messages"]
    assert "Be kind." in attributes["gen_ai.system_instructions"]
    assert json.dumps(answer.choices[0].message.content)[1:-1] in attributes["gen_ai.output.messages"]


def test_no_content_without_leave(make: Callable[..., Any], start: Callable[..., Recorded]) -> None:
    recorded = start()
    spanwire.instrument(make()).chat.completions.create(model="m", messages=QUESTION)
    text = json.dumps(recorded.span())
    assert "joke" not in text and "Be kind" not in text and "gen_ai.usage.input_tokens" in text


def test_tools_and_messages_that_are_objects(client: Any, recorded: Recorded, servers: Servers) -> None:
    messages: Any = [{"role": "user", "content": "How is the weather?"}]
    first = client.chat.completions.create(model="gpt-4o", messages=messages, tools=WEATHER)
    (call,) = first.choices[0].message.tool_calls
    messages += [first.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "Rain"}]
    client.chat.completions.create(model="gpt-4o", messages=messages, tools=WEATHER)
    calling, answering = recorded.spans()
    assert "get_weather" in calling["attributes"]["gen_ai.output.messages"]
    assert "get_weather" in calling["attributes"]["gen_ai.tool.definitions"]
    assert call.id in answering["attributes"]["gen_ai.input.messages"]
    assert "Rain" in answering["attributes"]["gen_ai.input.messages"]


@pytest.mark.parametrize("with_usage", [True, False])
def test_a_stream(
    client: Any, make: Callable[..., Any], recorded: Recorded, servers: Servers, with_usage: bool
) -> None:
    options = {"stream_options": {"include_usage": True}} if with_usage else {}
    request: Any = {"model": "gpt-4o-mini", "messages": QUESTION, "stream": True, **options}
    untouched = list(make().chat.completions.create(**request))
    before = sent(servers)
    stream = client.chat.completions.create(**request)
    assert type(stream) is openai.Stream and sent(servers) == before
    assert list(stream) == untouched
    attributes = recorded.span()["attributes"]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in untouched if chunk.choices)
    assert json.dumps(text)[1:-1] in attributes["gen_ai.output.messages"]
    assert attributes["gen_ai.response.streaming"] is True
    assert attributes["gen_ai.response.finish_reasons"]
    assert attributes["gen_ai.response.time_to_first_chunk"] >= 0
    assert ("gen_ai.usage.input_tokens" in attributes) is with_usage


@pytest.mark.parametrize("asked", [None, {"include_usage": False}, {"include_obfuscation": False}])
def test_streams_can_be_asked_for_their_usage(
    make: Callable[..., Any], start: Callable[..., Recorded], servers: Servers, asked: Any
) -> None:
    recorded = start(send_default_pii=True, integration_options={"openai": {"stream_usage": True}})
    request: Any = {"model": "m", "messages": QUESTION, "stream": True}
    options = {} if asked is None else {"stream_options": asked}
    client = make()
    chunks = list(client.chat.completions.create(**request, **options))
    sent_options = servers.requests()[-1]["body"].get("stream_options")
    is_wanted = "include_usage" not in (asked or {})
    assert sent_options == ({**(asked or {}), "include_usage": True} if is_wanted else asked)
    assert all(chunk.choices for chunk in chunks) and options == ({} if asked is None else {"stream_options": asked})
    assert ("gen_ai.usage.input_tokens" in recorded.span()["attributes"]) is is_wanted


def test_an_async_stream_that_is_asked_for_its_usage(
    make: Callable[..., Any], start: Callable[..., Recorded], servers: Servers
) -> None:
    recorded = start(integration_options={"openai": {"stream_usage": True}})

    async def main() -> None:
        async with make(openai.AsyncOpenAI) as client:
            create = client.chat.completions.create
            stream = await create(model="m", messages=QUESTION, stream=True)
            assert [chunk async for chunk in stream if not chunk.choices] == []
            raw = await client.chat.completions.with_raw_response.create(model="raw", messages=QUESTION, stream=True)
            assert [chunk async for chunk in raw.parse()]

    asyncio.run(main())
    assert "stream_options" not in servers.requests()[-1]["body"]
    assert recorded.named("chat m")["attributes"]["gen_ai.usage.output_tokens"] > 0
    assert "gen_ai.usage.output_tokens" not in recorded.named("chat raw")["attributes"]


def test_litellm_is_told_the_usage_that_is_asked_for_it(servers: Servers) -> None:
    result = scripts.told(
        "litellm",
        """
        begin(integration_options={"openai": {"stream_usage": True}})
        import litellm
        request = {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
        usages = [getattr(chunk, "usage", None) for chunk in litellm.completion(**request)]
        async def main():
            return [getattr(chunk, "usage", None) async for chunk in await litellm.acompletion(**request)]
        done(usages=[str(usage) for usage in usages + asyncio.run(main()) if usage is not None])
        """,
        OPENAI_BASE_URL=f"{servers.vendor}/v1",
        OPENAI_API_KEY="key",
        LITELLM_LOCAL_MODEL_COST_MAP="True",
    )
    assert result["usages"] == []
    assert [span["attributes"]["gen_ai.usage.output_tokens"] > 0 for span in result["spans"]] == [True, True]


def test_a_stream_of_bytes_cut_anywhere(recorded: Recorded) -> None:
    events = "".join(
        "data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": word}}]}, ensure_ascii=False) + "\n\n"
        for word in ("für ", "5", " → ", "🦀")
    ).encode()
    for size in (1, 2, 3, 7, 50, len(events)):
        call = begin_call("openai", "chat", f"cut-{size}")
        assert call is not None
        call.request(b'{"model": "m"}', "openai_chat")
        for place in range(0, len(events), size):
            call.piece(events[place : place + size])
        call.ended()
    assert all("für 5 → 🦀" in span["attributes"]["gen_ai.output.messages"] for span in recorded.spans())


def test_next_and_the_block_of_a_stream(client: Any, recorded: Recorded) -> None:
    with client.chat.completions.create(model="m", messages=QUESTION, stream=True) as stream:
        assert next(stream).id
        assert recorded.spans() == []
    assert len(recorded.spans()) == 1


def leave_by_break(stream: Any) -> None:
    for _ in stream:
        break


def leave_by_close(stream: Any) -> None:
    next(stream)
    stream.close()


def leave_by_block(stream: Any) -> None:
    with pytest.raises(LookupError), stream:
        next(stream)
        raise LookupError


@pytest.mark.parametrize("leave", [leave_by_break, leave_by_close, leave_by_block])
def test_a_stream_that_is_left_ends_its_span(client: Any, recorded: Recorded, leave: Callable[[Any], None]) -> None:
    stream = client.chat.completions.create(model="m", messages=QUESTION, stream=True)
    leave(stream)
    assert recorded.span()["status"] == "ok"
    stream.close()


def test_a_stream_that_is_let_go_ends_its_span(client: Any, recorded: Recorded) -> None:
    stream = client.chat.completions.create(model="m", messages=QUESTION, stream=True)
    next(stream)
    del stream
    gc.collect()
    assert recorded.span()["status"] == "ok"


def test_a_stream_that_is_cut(client: Any, make: Callable[..., Any], recorded: Recorded) -> None:
    request: Any = {"model": "fault-cut", "messages": QUESTION, "stream": True}
    with pytest.raises(Exception) as untouched:  # noqa: B017  Whatever the library raises.
        list(make().chat.completions.create(**request))
    with pytest.raises(type(untouched.value)) as caught:
        list(client.chat.completions.create(**request))
    assert str(caught.value) == str(untouched.value)
    span = recorded.span()
    assert span["status"] == "error"
    assert span["attributes"]["error.type"] == type(untouched.value).__name__


def test_an_error_inside_of_a_stream(client: Any, recorded: Recorded) -> None:
    with pytest.raises(openai.APIError):
        list(client.chat.completions.create(model="fault-stream-error", messages=QUESTION, stream=True))
    assert recorded.span()["attributes"]["error.type"] == "APIError"


def test_retries_are_one_request(make: Callable[..., Any], recorded: Recorded, servers: Servers) -> None:
    client = spanwire.instrument(make(max_retries=2))
    client.chat.completions.create(model="fault-429-once", messages=QUESTION)
    assert len(servers.requests()) == 2
    assert recorded.span()["status"] == "ok"


@pytest.mark.parametrize(("model", "status"), [("fault-500", 500), ("fault-400", 400), ("fault-429-once", 429)])
def test_errors_of_the_vendor(
    client: Any, make: Callable[..., Any], recorded: Recorded, servers: Servers, model: str, status: int
) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        client.chat.completions.create(model=model, messages=QUESTION)
    servers.reset()
    with pytest.raises(type(caught.value)) as untouched:
        make().chat.completions.create(model=model, messages=QUESTION)
    assert str(caught.value) == str(untouched.value) and caught.value.__cause__ is None
    span = recorded.span()
    assert span["status"] == "error"
    assert span["attributes"]["http.response.status_code"] == status
    assert span["attributes"]["error.type"] == type(caught.value).__name__


def test_nobody_is_there(recorded: Recorded) -> None:
    client = spanwire.instrument(openai.OpenAI(api_key="k", base_url="http://127.0.0.1:9/v1", max_retries=0))
    with pytest.raises(openai.APIConnectionError):
        client.chat.completions.create(model="m", messages=QUESTION)
    assert recorded.span()["attributes"]["error.type"] == "APIConnectionError"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("model", ["fault-nonsense", "fault-null-choices", "fault-cut"])
def test_nonsense_is_the_users_to_see(
    client: Any, make: Callable[..., Any], recorded: Recorded, model: str, stream: bool
) -> None:
    def outcome(of: Any) -> tuple[type, str]:
        try:
            answer = of.chat.completions.create(model=model, messages=QUESTION, stream=stream)
            return (type(answer), repr(list(answer) if stream else answer))
        except Exception as error:
            return (type(error), str(error))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert outcome(client) == outcome(make())
    assert len(recorded.spans()) == 1


def test_raw_and_streaming_responses_stay(client: Any, make: Callable[..., Any], recorded: Recorded) -> None:
    raw = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=QUESTION)
    untouched = make().chat.completions.with_raw_response.create(model="gpt-4o", messages=QUESTION)
    assert type(raw) is type(untouched) and raw.parse() == untouched.parse()
    assert raw.headers["x-request-id"] == untouched.headers["x-request-id"]
    with client.chat.completions.with_streaming_response.create(model="other", messages=QUESTION) as response:
        assert json.loads("".join(response.iter_text()))["choices"]
    attributes = recorded.named("chat gpt-4o")["attributes"]
    assert attributes["gen_ai.response.id"] == raw.parse().id
    assert len(recorded.spans()) == 2


def test_parse_and_the_librarys_own_stream_helper(client: Any, recorded: Recorded) -> None:
    parsed = client.chat.completions.parse(model="gpt-4o", messages=QUESTION)
    with client.chat.completions.stream(model="other", messages=QUESTION) as stream:
        stream.until_done()
        final = stream.get_final_completion()
    with client.chat.completions.stream(model="left", messages=QUESTION) as stream:
        next(iter(stream))
    assert recorded.named("chat gpt-4o")["attributes"]["gen_ai.response.id"] == parsed.id
    assert recorded.named("chat other")["attributes"]["gen_ai.response.id"] == final.id
    assert recorded.named("chat left")["status"] == "ok"


def test_async(make: Callable[..., Any], recorded: Recorded, servers: Servers) -> None:
    async def main() -> None:
        async with spanwire.instrument(make(openai.AsyncOpenAI)) as client, make(openai.AsyncOpenAI) as untouched:
            request: Any = {"messages": QUESTION}
            create, plain = client.chat.completions.create, untouched.chat.completions.create
            assert await create(model="plain", **request) == await plain(model="plain", **request)
            stream = await create(model="streamed", stream=True, **request)
            assert type(stream) is openai.AsyncStream
            chunks = [chunk async for chunk in stream]
            assert chunks == [chunk async for chunk in await plain(model="streamed", stream=True, **request)]
            async for _ in await create(model="left", stream=True, **request):
                break
            async with await create(model="block", stream=True, **request) as stream:
                await anext(stream)
            stream = await create(model="closed", stream=True, **request)
            await anext(stream)
            await stream.close()
            with pytest.raises(openai.InternalServerError):
                await create(model="fault-500", **request)
            with pytest.raises(Exception):  # noqa: B017  Whatever the library raises.
                [chunk async for chunk in await create(model="fault-cut", stream=True, **request)]
            await asyncio.gather(*(create(model=f"g{number}", **request) for number in range(5)))

    asyncio.run(main())
    statuses = {span["name"].removeprefix("chat "): span["status"] for span in recorded.spans()}
    well = dict.fromkeys(["plain", "streamed", "left", "block", "closed", *(f"g{number}" for number in range(5))], "ok")
    assert statuses == {**well, "fault-500": "error", "fault-cut": "error"}


def test_a_task_that_is_cancelled(make: Callable[..., Any], recorded: Recorded) -> None:
    async def main() -> None:
        async with spanwire.instrument(make(openai.AsyncOpenAI)) as client:
            create = client.chat.completions.create
            task = asyncio.create_task(create(model="fault-slow", messages=QUESTION))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert recorded.span()["attributes"]["error.type"] == "CancelledError"


def test_azure(servers: Servers, recorded: Recorded) -> None:
    client = openai.AzureOpenAI(api_key="k", api_version="2024-10-21", azure_endpoint=servers.vendor)
    spanwire.instrument(client).chat.completions.create(model="gpt-4o", messages=QUESTION)
    assert servers.requests()[-1]["path"].startswith("/openai/deployments/gpt-4o/")
    assert recorded.span()["attributes"]["gen_ai.usage.input_tokens"] > 0


def test_requests_hang_below_the_agent(client: Any, recorded: Recorded) -> None:
    with spanwire.invoke_agent("A") as agent:
        client.chat.completions.create(model="m", messages=QUESTION)
    span = recorded.named("chat m")
    assert span["parent_span_id"] == agent.span_id and span["attributes"]["gen_ai.agent.name"] == "A"


def test_wrong_arguments_raise_as_before(client: Any, make: Callable[..., Any]) -> None:
    with pytest.raises(TypeError) as untouched:
        make().chat.completions.create(model="m")
    with pytest.raises(TypeError) as caught:
        client.chat.completions.create(model="m")
    assert str(caught.value) == str(untouched.value)


def test_what_goes_wrong_in_here_stays_in_here(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("ours")

    for name in ("Vendor._begin", "_Exchange.sent", "_Exchange.answered", "_Exchange._take"):
        with monkeypatch.context() as patch:
            patch.setattr(f"spanwire.integrations._stainless.{name}", broken)
            assert client.chat.completions.create(model="m", messages=QUESTION).choices
            assert list(client.chat.completions.create(model="m", messages=QUESTION, stream=True))
