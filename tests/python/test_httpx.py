"""`instrument_httpx`: which requests it records, whose they are, and that it can be taken back."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any
from unittest import mock

import httpx2
import pytest
import spanwire
from conftest import QUESTION, Recorded, Servers
from programs import scripts
from spanwire import _state
from spanwire._spanwire import begin
from spanwire._context import CURRENT
from spanwire.integrations import _refused, httpx
from spanwire.integrations._patches import Patches
from spanwire.integrations._request import owning


@pytest.fixture
def post(servers: Servers) -> Callable[..., Any]:
    def ask(model: str, path: str = "/v1/chat/completions") -> Any:
        return httpx2.post(f"{servers.vendor}{path}", json={"model": model, "messages": QUESTION})

    return ask


def test_nothing_is_recorded_unasked_and_it_can_be_taken_back(post: Callable[..., Any], recorded: Recorded) -> None:
    before = (httpx2.Client.send, httpx2.AsyncClient.send)
    post("unasked")
    for _ in range(3):
        spanwire.instrument_httpx()
    post("asked")
    assert httpx2.Client.send is not before[0] and httpx2.AsyncClient.send is not before[1]
    spanwire.uninstrument()
    post("no more")
    assert (httpx2.Client.send, httpx2.AsyncClient.send) == before
    assert recorded.span()["name"] == "chat asked"


def test_patterns_say_which_urls_are_models(post: Callable[..., Any], servers: Servers, recorded: Recorded) -> None:
    spanwire.instrument_httpx("https://elsewhere.example.com/*", f"{servers.vendor}/v2/*")
    post("other")
    post("fits", "/v2/chat?version=1")
    spanwire.instrument_httpx(f"{servers.vendor}/gateway/*")
    assert post("unknown path", "/gateway/talk").status_code == 404
    spans = recorded.spans()
    assert [span["name"] for span in spans] == ["chat fits", "chat unknown path"]
    assert spans[0]["attributes"]["sentry.origin"] == "auto.ai.httpx"
    assert spans[1]["attributes"]["http.response.status_code"] == 404 and spans[1]["status"] == "error"


def test_a_request_by_hand_is_not_recorded_twice(post: Callable[..., Any], recorded: Recorded) -> None:
    spanwire.instrument_httpx()
    with spanwire.invoke_agent("A"):
        with spanwire.chat("by hand"):
            post("below")
        post("beside")
    assert {span["name"] for span in recorded.spans()} == {"invoke_agent A", "chat by hand", "chat beside"}


def test_a_framework_owns_what_it_asks(post: Callable[..., Any], recorded: Recorded) -> None:
    spanwire.instrument_httpx()
    span = begin("chat", "asked", CURRENT, None, integration="langchain")
    with owning(span) as owner:
        answer = post("asked").json()
    span.end()
    assert owner.was_fed
    assert recorded.span()["attributes"]["gen_ai.response.id"] == answer["id"]


def test_a_body_that_is_made_while_it_is_sent(servers: Servers, recorded: Recorded) -> None:
    spanwire.instrument_httpx()
    body = (part for part in (b'{"model": "m", "messages": [{"role": "user",', b' "content": "Hi"}]}'))
    answer = httpx2.post(f"{servers.vendor}/v1/chat/completions", content=body)
    assert answer.status_code == 200
    assert recorded.span()["attributes"]["gen_ai.response.id"] == answer.json()["id"]


def test_a_refusal_ends_when_it_came_though_its_answer_is_kept(post: Callable[..., Any], recorded: Recorded) -> None:
    spanwire.instrument_httpx()
    first = post("fault-401")
    second = post("fault-500")
    # The next request ends the one before; the last one ends where the program flushes.
    ended = recorded.spans()
    assert [span["attributes"]["error.type"] for span in ended] == ["invalid_request_error", "server_error"]
    with pytest.raises(httpx2.HTTPStatusError):
        second.raise_for_status()
    assert first.status_code == 401 and recorded.spans() == ended


def test_nothing_of_refusals_stays(post: Callable[..., Any], recorded: Recorded) -> None:
    spanwire.instrument_httpx()
    for _ in range(5):
        with pytest.raises(httpx2.HTTPStatusError):
            post("fault-429").raise_for_status()
        post("fault-429")
    assert not _refused._waiting and not _state.streams
    kinds = [span["attributes"]["error.type"] for span in recorded.spans()]
    assert sorted(kinds) == ["HTTPStatusError"] * 5 + ["requests"] * 5


def test_a_request_of_a_framework_is_fed_where_it_is_current_too(post: Callable[..., Any], recorded: Recorded) -> None:
    spanwire.instrument_httpx()
    span = begin("chat", "asked", CURRENT, None, integration="pydantic_ai")
    with spanwire.use_span(span), owning(span) as owner:
        identifier = post("on the wire").json()["id"]
        post("another one")
    assert owner.was_fed
    span.end()
    assert recorded.span()["attributes"]["gen_ai.response.id"] == identifier


def test_one_client_alone(servers: Servers, start: Callable[..., Recorded]) -> None:
    recorded, before = start(integrations=[]), httpx2.Client.send
    client = spanwire.instrument(spanwire.instrument(httpx2.Client()))
    body = {"model": "alone", "messages": QUESTION}
    client.post(f"{servers.vendor}/v1/chat/completions", json=body)
    client.get(f"{servers.vendor}/__requests")
    httpx2.post(f"{servers.vendor}/v1/chat/completions", json=body)
    spanwire.uninstrument(client)
    client.post(f"{servers.vendor}/v1/chat/completions", json=body)
    assert recorded.span()["name"] == "chat alone" and httpx2.Client.send is before


def test_nothing_of_clients_that_are_gone_stays(start: Callable[..., Recorded]) -> None:
    start(integrations=[])
    before = httpx2.Client.send
    for _ in range(2):
        clients = [spanwire.instrument(httpx2.Client()) for _ in range(2)]
        clients.pop()
        gc.collect()
        assert httpx2.Client.send is not before
        clients.clear()
        gc.collect()
        assert httpx2.Client.send is before


class Refusal(Exception):
    """What a library makes of an answer that says no."""

    def __init__(self, response: Any) -> None:
        self.response, self.status_code = response, response.status_code


def test_two_objects_of_a_library_that_share_a_client(servers: Servers, start: Callable[..., Recorded]) -> None:
    recorded, before, init = start(integrations=[]), httpx2.Client.send, Refusal.__init__
    shared, (first, second) = httpx2.Client(), (Patches("cohere"), Patches("cohere"))
    for patches in (first, second):
        httpx.watch_alone(patches, "cohere", [shared], error=Refusal)

    def ask(model: str) -> None:
        answer = shared.post(f"{servers.vendor}/v1/chat/completions", json={"model": model, "messages": QUESTION})
        if answer.is_error:
            Refusal(answer)

    first.undo()
    ask("fault-401")
    del second, patches
    gc.collect()
    ask("unseen")
    span = recorded.span()
    assert (span["attributes"]["sentry.origin"], span["attributes"]["error.type"]) == ("auto.ai.cohere", "Refusal")
    assert httpx2.Client.send is before and Refusal.__init__ is init


def test_what_others_put_back_below_ours_is_seen(post: Callable[..., Any], recorded: Recorded) -> None:
    before = httpx2.Client.send
    spanwire.instrument_httpx()

    def come_on_top_of_others() -> None:
        standing, send = httpx.standing(), httpx2.Client.send
        httpx2.Client.send = lambda *args, **kwargs: send(*args, **kwargs)  # type: ignore[method-assign]
        httpx.come_on_top(standing)

    ours = httpx2.Client.send
    with mock.patch.object(httpx2.Client, "send", lambda *args, **kwargs: ours(*args, **kwargs)):
        mocked = httpx2.Client.send
        httpx.come_on_top(httpx.standing())
        assert httpx2.Client.send is mocked
        for _ in range(2):
            come_on_top_of_others()
        post("inside")
    post("after")
    come_on_top_of_others()
    post("on top again")
    assert sorted(span["name"] for span in recorded.spans()) == ["chat after", "chat inside", "chat on top again"]
    spanwire.uninstrument()
    post("no more")
    httpx2.Client.send = before  # type: ignore[method-assign]
    spanwire.instrument_httpx()
    post("once more")
    spanwire.uninstrument()
    assert len(recorded.spans()) == 4 and httpx2.Client.send is before


def test_clients_of_libraries_on_httpx_alone(servers: Servers) -> None:
    result = scripts.told(
        "cohere",
        """
        begin(integrations=[])
        import os
        import cohere, httpx, ollama
        from mistralai.client import Mistral
        vendor, messages = os.environ["VENDOR"], [{"role": "user", "content": "How are you?"}]
        clients = [cohere.ClientV2(api_key="key", base_url=vendor), Mistral(api_key="key", server_url=vendor + "/mistral")]
        clients += [ollama.Client(host=vendor), ollama.Client(host=vendor)]
        before = httpx.Client.send
        for client in clients[:3]:
            assert spanwire.instrument(client) is client
        for _ in range(2):
            clients[0].chat(model="cohere", messages=messages)
            clients[1].chat.complete(model="mistral", messages=messages)
            for client in clients[2:]:
                client.chat("ollama", messages)
            for client in clients[:3]:
                spanwire.uninstrument(client)
        done(is_off=httpx.Client.send is before)
        """,
        VENDOR=servers.vendor,
    )
    origins = {(span["name"], span["attributes"]["sentry.origin"]) for span in result["spans"]}
    assert origins == {("chat cohere", "auto.ai.cohere"), ("chat mistral", "auto.ai.mistralai"), ("chat ollama", "auto.ai.ollama")}
    assert len(result["spans"]) == 3 and result["is_off"] is True


def test_clients_that_share_what_is_below_alone(servers: Servers) -> None:
    """Sessions of the hub and streams of botocore are not one client's: others are left alone nevertheless."""
    result = scripts.told(
        "cohere",
        """
        begin(integrations=[])
        import os
        import boto3, httpx2
        from botocore.eventstream import EventStream
        from huggingface_hub import InferenceClient
        vendor = os.environ["VENDOR"]
        aws = {"endpoint_url": vendor, "region_name": "us-east-1", "aws_access_key_id": "a"}
        aws["aws_secret_access_key"] = "b"
        hub = [InferenceClient(base_url=vendor + "/v1", api_key="key") for _ in range(2)]
        bedrock = [boto3.client("bedrock-runtime", **aws) for _ in range(2)]
        storage = boto3.client("s3", **aws)
        before = httpx2.Client.send, EventStream._parse_event, EventStream.close

        def ask(which):
            for number, client in enumerate(hub):
                client.chat_completion(model=f"{which}-hub-{number}", messages=[{"role": "user", "content": "Hi"}])
            for number, client in enumerate(bedrock):
                messages = [{"role": "user", "content": [{"text": "Hi"}]}]
                client.converse(modelId=f"{which}-whole-{number}", messages=messages)
                for event in client.converse_stream(modelId=f"{which}-stream-{number}", messages=messages)["stream"]:
                    pass

        for client in (hub[0], bedrock[0], storage):
            assert spanwire.instrument(client) is client
        ask("alone")
        spanwire.instrument()
        ask("all")
        spanwire.uninstrument()
        for client in (hub[0], bedrock[0], storage):
            spanwire.uninstrument(client)
        ask("none")
        after = httpx2.Client.send, EventStream._parse_event, EventStream.close
        own = {*vars(hub[0]), *vars(bedrock[0]), *vars(storage)} & {"_inner_post", "_make_api_call", "_spanwire_patches"}
        done(is_off=before == after and not own)
        """,
        VENDOR=servers.vendor,
    )
    names = sorted(span["name"].removeprefix("chat ") for span in result["spans"])
    kinds = ("hub", "stream", "whole")
    assert names == [
        *(f"all-{kind}-{number}" for kind in kinds for number in (0, 1)),
        *(f"alone-{kind}-0" for kind in kinds),
    ]
    assert all(span["attributes"].get("gen_ai.usage.output_tokens") for span in result["spans"])
    assert result["is_off"] is True


def test_errors_of_clients_of_libraries_alone(servers: Servers) -> None:
    result = scripts.told(
        "cohere",
        """
        begin(integrations=[])
        import os
        import cohere, ollama
        from mistralai.client import Mistral
        vendor, messages = os.environ["VENDOR"], [{"role": "user", "content": "How are you?"}]
        by_cohere = cohere.ClientV2(api_key="key", base_url=vendor)
        by_mistral = Mistral(api_key="key", server_url=vendor + "/mistral")
        by_ollama = ollama.Client(host=vendor)
        asks = [
            lambda: by_cohere.chat(model="fault-401", messages=messages),
            lambda: by_mistral.chat.complete(model="fault-401", messages=messages),
            lambda: by_ollama.chat("fault-401", messages),
        ]
        raised = []
        for client, ask in zip((by_cohere, by_mistral, by_ollama), asks):
            spanwire.instrument(client)
            try:
                ask()
            except Exception as error:
                raised.append(type(error).__name__)
            spanwire.uninstrument(client)
        done(raised=raised)
        """,
        VENDOR=servers.vendor,
    )
    assert [span["attributes"]["error.type"] for span in result["spans"]] == result["raised"]
    assert len(result["raised"]) == 3
