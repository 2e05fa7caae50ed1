"""Nothing that is passed in raises, is changed, or never ends; without a destination nothing happens."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import decimal
import enum
import json
import resource
import subprocess
import sys
import threading
import uuid
from collections import OrderedDict, deque
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pydantic
import pytest
import spanwire
from conftest import Recorded


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


@dataclasses.dataclass
class Point:
    x: int
    y: Any = None


@dataclasses.dataclass(slots=True)
class Slotted:
    x: int


class Model(pydantic.BaseModel):
    name: str
    extra: Any = None


class Rude:
    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__


class RudeToAsk:
    @property
    def __class__(self) -> type:  # type: ignore[override]
        raise RuntimeError("no")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("no")


class Indexed:
    def __index__(self) -> int:
        return 5


class Hungry:
    """Iterating has an effect."""

    eaten = 0

    def __iter__(self) -> Any:
        Hungry.eaten += 1
        return iter([1])


def written(recorded: Recorded, value: object) -> Any:
    """What arrives of a value inside of a structure."""
    span = spanwire.execute_tool("t")
    span.set_result({"value": value})
    span.end()
    (sent,) = [json.loads(span["attributes"]["gen_ai.tool.call.result"]) for span in recorded.spans()[-1:]]
    return sent["value"]


circular: list[Any] = [1]
circular.append(circular)
deep: Any = "bottom"
for _ in range(100):
    deep = [deep]

VALUES: list[tuple[str, Any, Any]] = [
    ("none", None, None),
    ("flag", True, True),
    ("integer", -7, -7),
    ("float", 1.5, 1.5),
    ("not a number", float("nan"), "NaN"),
    ("infinite", float("-inf"), "-Infinity"),
    ("lone surrogate", "a\ud800b", "a\ufffdb"),
    ("two halves", "\ud83d\ude00", "\U0001f600"),
    ("two lone surrogates", "\ude00\ud83d", "\ufffd\ufffd"),
    ("control", 'a\x00"\\\n', 'a\x00"\\\n'),
    ("keys", {1: 2, None: 3, ("a",): 4, "\ud800": 5}, {"1": 2, "None": 3, "('a',)": 4, "\ufffd": 5}),
    ("bytes", b"abc", "<3 bytes>"),
    ("bytearray", bytearray(5), "<5 bytes>"),
    ("tuple", (1, "a"), [1, "a"]),
    ("set", {1}, [1]),
    ("range", range(3), [0, 1, 2]),
    ("deque", deque([1]), [1]),
    ("view", {"a": 1}.values(), [1]),
    ("mapping", MappingProxyType({"a": 1}), {"a": 1}),
    ("ordered", OrderedDict(a=1), {"a": 1}),
    ("enum", Colour.RED, "red"),
    ("int enum", Level.HIGH, 3),
    ("dataclass", Point(1, Point(2)), {"x": 1, "y": {"x": 2, "y": None}}),
    ("slots", Slotted(1), {"x": 1}),
    ("model", Model(name="a", extra={"b": 1}), {"name": "a", "extra": {"b": 1}}),
    ("date", datetime.date(2026, 1, 2), "2026-01-02"),
    ("decimal", decimal.Decimal("1.10"), "1.10"),
    ("uuid", uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ("index", Indexed(), 5),
    ("circular", circular, [1, "[Circular]"]),
    ("rude", Rude(), "<Rude>"),
    ("rude inside", [Rude(), 1], ["<Rude>", 1]),
    ("class", Point, str(Point)),
]


@pytest.mark.parametrize(("value", "expected"), [case[1:] for case in VALUES], ids=[case[0] for case in VALUES])
def test_values(recorded: Recorded, value: object, expected: object) -> None:
    assert written(recorded, value) == expected


def test_integers_of_any_size(recorded: Recorded) -> None:
    spanwire.chat("m", attributes={"a": 2**63 - 1}).end()
    span = spanwire.chat("n")
    span.set_attribute("a", -(2**63) - 1)
    span.set_attribute("b", 10**400)
    span.set_attribute("c", 1 << 100_000)  # More digits than Python writes.
    span.end()
    assert recorded.named("chat m")["attributes"]["a"] == 2**63 - 1
    attributes = recorded.named("chat n")["attributes"]
    assert attributes["a"] == str(-(2**63) - 1) and attributes["b"] == str(10**400) and attributes["c"] == "<int>"


def test_what_is_deep_ends(recorded: Recorded) -> None:
    found = written(recorded, deep)
    depth = 1  # The object around it.
    while isinstance(found, list):
        (found,) = found
        depth += 1
    assert (found, depth) == ("[Too deep]", 64)


def test_what_is_huge_ends(recorded: Recorded) -> None:
    span = spanwire.chat("m")
    span.set_input("x" * 50_000_000)
    span.set_output(["y" * 1000] * 100_000)
    span.set_attribute("z", "z" * 10_000_000)
    span.record_request({"messages": [{"role": "user", "content": "x" * 30_000_000}]})
    span.end()
    assert len(json.dumps(recorded.span())) < 1024 * 1024


def test_iterators_are_not_consumed_and_nothing_is_changed(recorded: Recorded) -> None:
    numbers = (number for number in range(3))
    value = {"list": [1, {"a": (2, 3)}], "numbers": [1]}
    before = copy.deepcopy(value)
    span = spanwire.chat("m", messages=numbers)
    span.set_output(value)
    span.set_result(Hungry())
    span.end()
    recorded.spans()
    assert list(numbers) == [0, 1, 2] and value == before and Hungry.eaten == 0


ODD: dict[str, Any] = {
    "none": None,
    "object": object(),
    "rude": Rude(),
    "rude to ask": RudeToAsk(),
    "surrogate": "\ud800",
    "bytes": b"\xff",
    "negative": -1,
    "huge": 2**80,
    "nan": float("nan"),
    "list": [],
    "dict": {},
    "circular": circular,
    "deep": deep,
    "class": Rude,
    "rude inside": {1: Rude()},
}


@pytest.mark.parametrize("name", ODD)
def test_odd_values_everywhere(recorded: Recorded, name: str) -> None:
    odd = ODD[name]
    for call in (
        spanwire.chat,
        spanwire.invoke_agent,
        spanwire.create_agent,
        spanwire.execute_tool,
        spanwire.embeddings,
    ):
        with call(odd, conversation_id=odd, attributes=odd, tools=odd, provider=odd, parent=odd):  # type: ignore[operator]
            pass
    spanwire.handoff(odd, odd, parent=odd)
    with spanwire.start_span(odd, odd, odd, description=odd, other=odd) as span:
        use(span, odd)
    spanwire.set_user(odd)
    spanwire.set_conversation_id(odd)
    spanwire.set_pipeline(odd)
    with spanwire.scope(conversation_id=odd, user=odd, pipeline=odd, attributes=odd):
        spanwire.continue_trace(odd)
        spanwire.trace_headers()
    spanwire.flush(odd if odd is not None else 1)
    assert recorded.spans()
    assert spanwire.stats()["waiting"] == 0


def use(span: spanwire.Span, odd: Any) -> None:
    """Every method, with something that it is not for."""
    span.set_attribute(odd, odd)
    span.set_data(odd, odd)
    span.set_attributes(odd)
    span.set_name(odd)
    span.set_status(odd, odd)
    span.set_input(odd)
    span.set_output(odd)
    span.set_result(odd)
    span.set_usage(input_tokens=odd, other=odd)
    span.record_request(odd)
    span.record_response(odd)
    span.record_chunk(odd)
    span.record_exception(odd)
    span.add_link(odd, odd)
    span.end(odd)


def test_after_the_end_nothing_happens(recorded: Recorded) -> None:
    span = spanwire.chat("m")
    span.end()
    span.end()
    use(span, "late")
    with span:
        assert spanwire.current_span() is span
    with pytest.raises(ValueError):
        span.record_request({}, "soap")
    assert recorded.span()["name"] == "chat m"
    assert "late" not in json.dumps(recorded.span())


def test_a_value_that_uses_its_own_span(recorded: Recorded) -> None:
    span = spanwire.chat("m")

    class Meddling:
        def __str__(self) -> str:
            span.set_attribute("inner", 1)
            span.end()
            return "outer"

    span.set_result(Meddling())
    assert recorded.span()["attributes"]["inner"] == 1


def test_a_value_that_changes_while_it_is_read(recorded: Recorded) -> None:
    growing: dict[Any, Any] = {}

    class Growing:
        def __str__(self) -> str:
            growing[len(growing)] = 1
            return "grown"

    growing.update({"a": Growing(), "b": Growing()})
    assert written(recorded, growing) == {"a": "grown", "b": "grown"}


def test_an_interrupt_is_not_swallowed(recorded: Recorded) -> None:
    class Interrupted:
        def __str__(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spanwire.chat("m").set_result(Interrupted())
        for _ in range(1000):
            pass


QUIET = """
import sys, threading
import spanwire
spanwire.init()
with spanwire.invoke_agent("A") as agent:
    with spanwire.chat("m", messages="hi") as chat:
        assert not chat.is_recording and not agent.is_recording
        assert chat.trace_id == "0" * 32 and spanwire.trace_headers() == {}
        assert spanwire.current_span() is chat
        chat.set_usage(input_tokens=1)
    spanwire.handoff("A", "B")
@spanwire.tool
def tool(value): return value
assert tool(5) == 5
assert list(spanwire.chat("m").wrap_stream([1, 2])) == [1, 2]
with spanwire.continue_trace({"sentry-trace": "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1"}):
    with spanwire.chat("m"):
        assert spanwire.trace_headers()["sentry-trace"].startswith("4bf92f35")
assert spanwire.flush() and spanwire.close()
assert spanwire.stats() == {"started": 0, "sent": 0, "waiting": 0, "spooled": 0, "lost": {}, "removed": {"messages": 0, "characters": 0}}
assert threading.active_count() == 1
if sys.platform == "linux":
    import os
    assert len(os.listdir("/proc/self/task")) == 1
assert "openai" not in sys.modules and "asyncio" not in sys.modules
"""


def test_without_a_destination_everything_is_a_no_op(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", QUIET], check=True, cwd=tmp_path, timeout=60)


@pytest.mark.skipif(sys.platform != "linux", reason="counts the threads of the system")
def test_no_thread_before_the_first_span(recorded: Recorded) -> None:
    def threads() -> int:
        return len(list(Path("/proc/self/task").iterdir()))

    before, of_python = threads(), threading.active_count()
    span = spanwire.chat("m")
    assert threads() == before
    span.end()
    assert recorded.span() and threading.active_count() == of_python


def test_binary_data_is_not_copied(recorded: Recorded) -> None:
    data = "QUJD" * 5_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
    with spanwire.chat("m", messages=[{"role": "user", "content": [image]}]):
        pass
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    # The text of the program itself is twice that: once as the data, once in the URL.
    assert grown < 3 * len(data)
    assert "15000000" in recorded.span()["attributes"]["gen_ai.input.messages"]
