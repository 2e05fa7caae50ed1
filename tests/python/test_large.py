"""Values of many megabytes: what a span is about arrives, the newest stays, and whatever never ends does."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pydantic
import pytest
import spanwire
from conftest import Recorded


def vectors(embedding: list[float] | str, count: int) -> dict[str, Any]:
    data = [{"object": "embedding", "index": index, "embedding": embedding} for index in range(count)]
    return {"object": "list", "data": data, "model": "e-3", "usage": {"prompt_tokens": 512, "total_tokens": 512}}


@pytest.mark.parametrize(
    ("embedding", "count"), [("QUJD" * 4096, 300), ("QUJD" * 4096, 2048), ([0.1234567] * 3072, 2048)]
)
def test_an_answer_with_vectors_says_its_model_and_usage(
    recorded: Recorded, embedding: list[float] | str, count: int
) -> None:
    with spanwire.embeddings("e") as span:
        span.record_request({"model": "e", "input": ["a"]}, "openai_embeddings")
        span.record_response(vectors(embedding, count))
    attributes = recorded.span()["attributes"]
    assert (attributes["gen_ai.response.model"], attributes["gen_ai.usage.input_tokens"]) == ("e-3", 512)


def test_of_a_long_history_the_newest_stays(recorded: Recorded) -> None:
    messages = [{"role": "user", "content": "w " * 3000}] * 900 + [{"role": "user", "content": "LAST"}]
    with spanwire.chat("m") as span:
        span.record_request({"model": "m", "messages": messages, "temperature": 0.5}, "openai_chat")
    attributes = recorded.span()["attributes"]
    kept = json.loads(attributes["gen_ai.input.messages"])
    assert kept[-1]["parts"][0]["content"] == "LAST" and attributes["gen_ai.request.temperature"] == 0.5
    assert spanwire.stats()["removed"]["messages"] == 901 - len(kept)


def test_a_long_text_keeps_its_end_and_is_counted(recorded: Recorded) -> None:
    with spanwire.execute_tool("f") as span:
        span.set_result("a " * 3_000_000 + "THE END")
    result = recorded.span()["attributes"]["gen_ai.tool.call.result"]
    assert result.endswith("THE END")
    assert f"[... {spanwire.stats()['removed']['characters']} characters removed ...]" in result


def test_what_is_too_large_to_be_written_is_counted_too(recorded: Recorded) -> None:
    with spanwire.execute_tool("f") as span:
        span.set_result("a " * 6_000_000 + "THE END")
    result = recorded.span()["attributes"]["gen_ai.tool.call.result"]
    removed = spanwire.stats()["removed"]["characters"]
    assert result.endswith("THE END") and f"[... {removed} characters removed ...]" in result


def test_items_that_there_is_no_room_for_are_counted_and_marked(recorded: Recorded) -> None:
    with spanwire.execute_tool("f") as span:
        span.set_result({"numbers": list(range(4_000_000)), "more": 1})
    result = recorded.span()["attributes"]["gen_ai.tool.call.result"]
    assert "items removed ...]" in result
    assert spanwire.stats()["removed"]["messages"] > 1_500_000


def test_what_policy_keeps_back_is_not_counted(recorded: Recorded) -> None:
    with spanwire.chat("m", record_inputs=False) as span:
        span._gather("input", "a " * 6_000_000)
    recorded.span()
    assert spanwire.stats()["removed"] == {"messages": 0, "characters": 0}


class Usage(pydantic.BaseModel):
    prompt_tokens: int
    total_tokens: int


class Vector(pydantic.BaseModel):
    index: int
    embedding: list[float]


class Answer(pydantic.BaseModel):
    object: str
    data: list[Vector]
    model: str
    usage: Usage


class Secretive(pydantic.BaseModel):
    key: str = pydantic.Field(exclude=True)
    docs: list[str]


def test_what_a_model_keeps_to_itself_stays_there(recorded: Recorded) -> None:
    with spanwire.execute_tool("t") as span:
        span.set_result(Secretive(key="marked-secret", docs=["x" * 3_000_000] * 4))
    assert "marked-secret" not in json.dumps(recorded.spans()) and "docs" in json.dumps(recorded.spans())


def test_a_model_that_is_too_large_is_read_in_pieces(recorded: Recorded) -> None:
    for count in (100, 600):
        with spanwire.embeddings("e") as span:
            span.record_request({"model": "e", "input": ["a"]}, "openai_embeddings")
            span.record_response(Answer.model_validate(vectors([0.0123456789012345] * 3072, count)))
    for span_ in recorded.spans():
        attributes = span_["attributes"]
        assert (attributes["gen_ai.response.model"], attributes["gen_ai.usage.input_tokens"]) == ("e-3", 512)


class Endless(Sequence[int]):
    def __len__(self) -> int:
        return 2**60

    def __getitem__(self, index: Any) -> Any:
        return index

    def __iter__(self) -> Iterator[int]:
        return itertools.count()


def test_what_never_ends_does(recorded: Recorded) -> None:
    with spanwire.execute_tool("f") as span:
        span.set_result({"numbers": Endless(), "after": "kept"})
    assert '"after":"kept"' in recorded.span()["attributes"]["gen_ai.tool.call.result"]
