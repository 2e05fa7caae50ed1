"""The vendors' own client libraries against the local vendor: that it speaks every format as they read it.

What the tests of integrations rest on. A client that is not installed is left out: the environment of the
suite has `openai` alone, that of an integration has its library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import openai
import pytest
from conftest import Servers
from pydantic import BaseModel

WEATHER = "How is the weather?"
TEXT = f"This is the answer to what you said: {WEATHER}"
USER: Any = [{"role": "user", "content": WEATHER}]
SCHEMA: Any = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
FUNCTION: Any = {"name": "get_weather", "description": "The weather", "parameters": SCHEMA}
TOOLS: Any = [{"type": "function", "function": FUNCTION}]


class Trip(BaseModel):
    city: str
    days: list[int]


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


@pytest.fixture
def told(servers: Servers) -> Iterator[Callable[[], dict[str, Any]]]:
    """What the last request was told; all of them were told something in the end."""
    yield lambda: servers.requests()[-1]["answered"]
    assert [request["path"] for request in servers.requests() if request["answered"] is None] == []


def test_openai_chat(servers: Servers, make: Callable[..., Any], told: Callable[[], Any]) -> None:
    client = make()
    answer = client.chat.completions.create(model="gpt-4o", messages=USER, n=2)
    assert [choice.message.content for choice in answer.choices] == [TEXT, TEXT]
    assert answer.usage.to_dict() == told()["usage"]
    assert client.chat.completions.create(model="audio", messages=USER).choices[0].message.audio.transcript == TEXT
    assert client.chat.completions.create(model="m-refusal", messages=USER).choices[0].message.refusal
    parsed = client.chat.completions.parse(model="gpt-4o", messages=USER, response_format=Trip)
    assert parsed.choices[0].message.parsed == Trip(city="sample", days=[1])
    options: Any = {"stream_options": {"include_usage": True}}
    with client.chat.completions.stream(model="o3-mini", messages=USER, tools=TOOLS, **options) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.arguments == '{"city":"Paris"}'
    assert final.usage.completion_tokens_details.reasoning_tokens == told()["tokens"]["reasoning_output_tokens"] == 65


def test_openai_responses(make: Callable[..., Any], told: Callable[[], Any]) -> None:
    client = make()
    tools: Any = [{"type": "function", **FUNCTION}]
    answer = client.responses.create(model="gpt-4o", input=WEATHER, tools=tools)
    call = answer.output[-1]
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "Rain"}
    more: Any = {"model": "gpt-4o", "input": [result], "previous_response_id": answer.id}
    with client.responses.stream(**more, tools=tools) as stream:
        final = stream.get_final_response()
    assert final.output_text == "The tool has answered: Rain" and final.id == told()["id"]
    assert client.responses.parse(model="m", input="x", text_format=Trip).output_parsed == Trip(city="sample", days=[1])
    events = list(client.responses.create(model="o3", input="x", stream=True, max_output_tokens=2))
    assert events[-1].type == "response.incomplete" and events[-1].response.usage.to_dict() == told()["usage"]
    assert client.responses.create(model="m-failed", input="x").error.code == "server_error"
    events = list(client.responses.create(model="m-fault-stream-error", input="x", stream=True))
    assert events[-1].type == "error"


def test_openai_embeddings(make: Callable[..., Any], servers: Servers) -> None:
    client = make()
    decoded = client.embeddings.create(model="e", input=["a", "b"]).data[0].embedding
    assert servers.requests()[-1]["body"]["encoding_format"] == "base64"
    assert client.embeddings.create(model="e", input="a", encoding_format="float").data[0].embedding == decoded


@pytest.mark.parametrize("fault", ["400", "401", "429", "500", "529"])
def test_openai_errors(make: Callable[..., Any], told: Callable[[], Any], fault: str) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        make().responses.create(model=f"m-fault-{fault}", input="x")
    assert caught.value.status_code == told()["status"]


def test_anthropic(servers: Servers, told: Callable[[], Any]) -> None:
    anthropic = pytest.importorskip("anthropic")
    client = anthropic.Anthropic(api_key="k", base_url=servers.vendor, max_retries=0)
    request: Any = {"model": "claude-x", "max_tokens": 2000, "messages": USER}
    assert client.messages.create(**request).content[0].text == TEXT
    tool = {"name": "get_weather", "input_schema": SCHEMA}
    with client.messages.stream(**request, tools=[tool], thinking={"type": "adaptive"}) as stream:
        final = stream.get_final_message()
    assert [block.type for block in final.content] == ["thinking", "text", "tool_use"]
    assert final.usage.output_tokens == told()["tokens"]["output_tokens"]
    assert final.content[-1].input == {"city": "Paris"}
    runner = client.beta.messages.tool_runner(**request, tools=[anthropic.beta_tool(get_weather)])
    assert runner.until_done().content[-1].text == "The tool has answered: Rain in Paris"
    assert client.messages.count_tokens(model="m", messages=USER).input_tokens == 121
    with pytest.raises(anthropic.APIStatusError) as caught:
        client.messages.create(**{**request, "model": "m-fault-529"})
    assert caught.value.status_code == 529
    with pytest.raises(anthropic.APIStatusError):
        list(client.messages.create(**{**request, "model": "m-fault-stream-error", "stream": True}))


def test_google(servers: Servers, told: Callable[[], Any]) -> None:
    genai = pytest.importorskip("google.genai")
    client = genai.Client(api_key="k", http_options={"base_url": servers.vendor})
    answer = client.models.generate_content(model="gemini-2.5-flash", contents=WEATHER)
    assert answer.text == TEXT and answer.usage_metadata.thoughts_token_count == 65
    before = len(servers.requests())
    answer = client.chats.create(model="m", config={"tools": [get_weather]}).send_message(WEATHER)
    assert "Rain in Paris" in answer.text and len(servers.requests()) == before + 2
    chunks = list(client.models.generate_content_stream(model="gemini-2.5-flash", contents=WEATHER))
    assert "".join(chunk.text for chunk in chunks) == TEXT
    assert chunks[-1].usage_metadata.total_token_count == told()["tokens"]["total_tokens"]
    assert len(client.models.embed_content(model="e", contents=["a", "b"]).embeddings) == 2
    with pytest.raises(genai.errors.APIError) as caught:
        client.models.generate_content(model="m-fault-429", contents=WEATHER)
    assert caught.value.status == "RESOURCE_EXHAUSTED"


def test_cohere(servers: Servers, told: Callable[[], Any]) -> None:
    cohere = pytest.importorskip("cohere")
    client = cohere.ClientV2(api_key="k", base_url=servers.vendor)
    assert client.chat(model="m", messages=USER).message.content[0].text == TEXT
    assert client.chat(model="m", messages=USER, tools=TOOLS).message.tool_calls[0].function.name == "get_weather"
    events = list(client.chat_stream(model="m", messages=USER))
    assert events[-1].delta.usage.tokens.input_tokens == told()["tokens"]["input_tokens"]
    assert client.embed(model="e", texts=["a"], input_type="search_query", embedding_types=["float"]).embeddings.float_
    assert client.rerank(model="r", query="q", documents=["a", "b"]).results[0].index == 0


def test_mistral(servers: Servers, told: Callable[[], Any]) -> None:
    mistralai = pytest.importorskip("mistralai.client")
    client = mistralai.Mistral(api_key="k", server_url=f"{servers.vendor}/mistral")
    assert client.chat.complete(model="m", messages=USER).choices[0].message.content == TEXT
    chunks = [event.data for event in client.chat.stream(model="m", messages=USER, tools=TOOLS)]
    assert chunks[-1].choices[0].delta.tool_calls[0].function.name == "get_weather"
    assert chunks[-1].usage.total_tokens == told()["tokens"]["total_tokens"]
    assert client.embeddings.create(model="e", inputs=["a"]).data[0].embedding


def test_ollama(servers: Servers, told: Callable[[], Any]) -> None:
    ollama = pytest.importorskip("ollama")
    client = ollama.Client(host=servers.vendor)
    assert client.chat(model="m", messages=USER).message.content == TEXT
    assert client.chat(model="m", messages=USER, tools=TOOLS).message.tool_calls[0].function.name == "get_weather"
    last = list(client.chat(model="m", messages=USER, stream=True, think=True))[-1]
    assert last.eval_count == told()["tokens"]["output_tokens"]
    assert client.generate(model="m", prompt=WEATHER).response == TEXT
    assert client.embed(model="m", input=["a"]).embeddings


def test_bedrock(servers: Servers, told: Callable[[], Any]) -> None:
    boto3 = pytest.importorskip("boto3")
    keys: Any = {"region_name": "us-east-1", "aws_access_key_id": "k", "aws_secret_access_key": "k"}
    client = boto3.client("bedrock-runtime", endpoint_url=servers.vendor, **keys)
    tool = {"toolSpec": {"name": "get_weather", "inputSchema": {"json": SCHEMA}}}
    request: Any = {"modelId": "m-v1:0", "messages": [{"role": "user", "content": [{"text": WEATHER}]}]}
    assert client.converse(**request)["output"]["message"]["content"] == [{"text": TEXT}]
    events = list(client.converse_stream(**request, toolConfig={"tools": [tool]})["stream"])
    assert [event for event in events if "messageStop" in event] == [{"messageStop": {"stopReason": "tool_use"}}]
    assert events[-1]["metadata"]["usage"] == told()["usage"]
    with pytest.raises(client.exceptions.ClientError) as caught:
        list(client.converse_stream(**{**request, "modelId": "m-fault-stream-error"})["stream"])
    assert "modelStreamErrorException" in str(caught.value)
