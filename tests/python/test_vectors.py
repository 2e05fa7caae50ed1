"""Every vector, replayed through the public API, gives exactly its bytes."""

from __future__ import annotations

import gc
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
import spanwire

VECTORS = sorted((Path(__file__).resolve().parents[1] / "vectors").glob("*.json"))

#: The calls whose result is a span.
SPANS = (
    "invoke_agent create_agent chat generate_content text_completion responses embeddings rerank ai_request "
    "execute_tool handoff start_span"
).split()


def test_there_are_vectors() -> None:
    assert VECTORS


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    vector = host(json.loads(path.read_text("utf-8")))
    envelopes: list[bytes] = []
    spanwire.init(**vector["options"], **hooks(vector.get("hooks", {})), transport=envelopes.append)
    replay = Replay()
    replay.run(vector["steps"])
    assert spanwire.flush()
    expected = [("\n".join(lines) + "\n").encode() for lines in vector["expected"]]
    assert [envelope.decode() for envelope in envelopes] == [envelope.decode() for envelope in expected]
    assert envelopes == expected
    if "stats" in vector:
        assert spanwire.stats() == vector["stats"]
    assert replay.names is not None  # Spans that are still open live until here.


def host(value: Any) -> Any:
    """What JSON cannot say, as Python has it."""
    if isinstance(value, dict):
        if value.keys() == {"$float"}:
            return float(value["$float"])
        if value.keys() == {"$int"}:
            return int(value["$int"])
        return {key: host(member) for key, member in value.items()}
    return [host(item) for item in value] if isinstance(value, list) else value


def hooks(wanted: dict[str, Any]) -> dict[str, Any]:
    """The functions of a vector."""

    def traces_sampler(question: dict[str, Any]) -> Any:
        answers = wanted["traces_sampler"]
        return next((answers[key] for key in (question["name"], question["op"], "*") if key in answers), None)

    def before_send_span(span: dict[str, Any]) -> dict[str, Any] | None:
        changes = wanted["before_send_span"]
        if span["name"] in changes.get("drop", []):
            return None
        for key in changes.get("remove", []):
            span["attributes"].pop(key, None)
        span["attributes"].update(changes.get("set", {}))
        return {**span, "name": changes.get("name", span["name"])}

    functions = {"traces_sampler": traces_sampler, "before_send_span": before_send_span}
    return {name: functions[name] for name in wanted}


class Replay:
    """One program."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}

    def run(self, steps: list[dict[str, Any]]) -> None:
        for step in steps:
            self.step(step)

    def step(self, step: dict[str, Any]) -> None:
        if "clock" in step:
            spanwire.testing.set_clock(step["clock"])
        elif "on" in step:
            self.method(step["on"], step["call"], dict(step.get("args", {})))
        elif step["call"] in SPANS:
            self.span(step)
        elif step["call"] == "trace_headers":
            assert spanwire.trace_headers() == step["expect"]
        else:
            self.function(step)

    def span(self, step: dict[str, Any]) -> None:
        arguments = dict(step.get("args", {}))
        if "parent" in step:
            parent = step["parent"]
            arguments["parent"] = None if parent is None else self.names[parent]
        self.block(step, getattr(spanwire, step["call"])(**arguments))

    def function(self, step: dict[str, Any]) -> None:
        made = getattr(spanwire, step["call"])(**step.get("args", {}))
        if step["call"] in ("scope", "continue_trace"):
            self.block(step, made)

    def block(self, step: dict[str, Any], made: Any) -> None:
        if "as" in step:
            self.names[step["as"]] = made
        if "within" not in step:
            return
        throws = step.get("throws")
        try:
            with made:
                self.run(step["within"])
                if throws:
                    raise error_of(**throws)
        except Exception as error:
            if not throws or str(error) != throws["message"]:
                raise

    def method(self, name: str, call: str, arguments: dict[str, Any]) -> None:
        if call == "drop":
            del self.names[name]
            gc.collect()
            return
        span = self.names[name]
        if call == "record_exception":
            arguments = {"error": error_of(**arguments)}
        elif call == "add_link":
            arguments["to"] = self.names[arguments["to"]]
        inspect.signature(getattr(span, call)).bind(**arguments)
        getattr(span, call)(**arguments)


def error_of(**error: str) -> Exception:
    made: Exception = type(error["type"], (Exception,), {})(error["message"])
    return made
