"""The public surface: names, arguments, what raises and what does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import pytest
import spanwire
from conftest import DSN, Recorded
from spanwire._setup import Options


def test_everything_public_is_there() -> None:
    for name in spanwire.__all__:
        assert hasattr(spanwire, name), name
    assert len(set(spanwire.__all__)) == len(spanwire.__all__)


def test_the_options_are_those_of_the_core() -> None:
    with pytest.raises(spanwire.ConfigError) as caught:
        spanwire.init(nonsense=1)  # type: ignore[call-arg]
    listed = re.search(r"the options are: (.*)", str(caught.value))
    assert listed is not None
    assert {"dsn", *Options.__annotations__} == set(listed[1].split(", "))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"traces_sample_rate": 2}, "option `traces_sample_rate` cannot be 2; allowed: a number from 0 to 1"),
        ({"dsn": "nonsense"}, "option `dsn` cannot be read"),
        ({"transport": 5}, "a function that takes an envelope's bytes"),
        ({"release": object}, "unknown"),
    ],
)
def test_a_wrong_option_is_told(options: dict[str, Any], said: str) -> None:
    if said == "unknown":
        spanwire.init(**options)  # Anything can be told as a text.
        return
    with pytest.raises(spanwire.ConfigError, match=re.escape(said)):
        spanwire.init(**options)
    assert issubclass(spanwire.ConfigError, ValueError)


def test_a_wrong_option_leaves_what_was_set_up(recorded: Recorded) -> None:
    with pytest.raises(spanwire.ConfigError):
        spanwire.init(transport=1)  # type: ignore[arg-type]
    spanwire.chat("m").end()
    assert recorded.span()["name"] == "chat m"


def test_a_second_init_sends_what_waited(start: Callable[..., Recorded]) -> None:
    first = start()
    spanwire.chat("one").end()
    second = start()
    spanwire.chat("two").end()
    assert second.span()["name"] == "chat two"
    assert first and b"chat one" in first[0]


@pytest.mark.parametrize("operation", ["handoff", "dance", "", "ai_request", "\ud800", None])
def test_an_unknown_operation_raises(operation: Any) -> None:
    with pytest.raises(ValueError, match="the operations are: chat, responses"):
        spanwire.ai_request(operation, "m")


def test_an_unknown_format_raises(recorded: Recorded) -> None:
    span = spanwire.chat("m")
    with pytest.raises(ValueError, match="unknown format `soap`"):
        span.record_request({}, "soap")


def test_a_missing_argument_raises_as_in_any_call() -> None:
    for call in (spanwire.chat, spanwire.execute_tool, spanwire.create_agent, spanwire.handoff):
        with pytest.raises(TypeError):
            call()  # type: ignore[operator]


def test_every_call_makes_its_kind(recorded: Recorded) -> None:
    spanwire.invoke_agent("A").end()
    spanwire.create_agent("A").end()
    for call in ("chat", "generate_content", "text_completion", "responses", "embeddings", "rerank"):
        getattr(spanwire, call)("m").end()
        spanwire.ai_request(call, "other").end()
    spanwire.execute_tool("t").end()
    spanwire.handoff("A", "B")
    spanwire.start_span(name="n", op="o").end()
    requests = "chat generate_content text_completion responses embeddings rerank".split()
    expected = {("invoke_agent A", "gen_ai.invoke_agent"), ("create_agent A", "gen_ai.create_agent")}
    expected |= {(f"{call} {model}", f"gen_ai.{call}") for call in requests for model in ("m", "other")}
    expected |= {("execute_tool t", "gen_ai.execute_tool"), ("handoff from A to B", "gen_ai.handoff"), ("n", "o")}
    spans = recorded.spans()
    assert {(span["name"], span["attributes"]["sentry.op"]) for span in spans} == expected


def test_arguments_are_kept_also_those_that_are_not_known(recorded: Recorded) -> None:
    spanwire.chat("m", temperature=0.5, max_tokens=7, seed=1, conversation_id="c", flavour="sweet").end()
    attributes = recorded.span()["attributes"]
    assert attributes["gen_ai.request.temperature"] == 0.5
    assert attributes["gen_ai.request.max_tokens"] == 7
    assert attributes["gen_ai.request.seed"] == "1"
    assert attributes["gen_ai.conversation.id"] == "c"
    assert attributes["flavour"] == "sweet"


def test_attributes_beat_arguments(recorded: Recorded) -> None:
    spanwire.chat("m", temperature=0.5, attributes={"gen_ai.request.temperature": 1.5}).end()
    assert recorded.span()["attributes"]["gen_ai.request.temperature"] == 1.5


def test_what_start_span_does_not_know_is_said_in_debug_mode(
    start: Callable[..., Recorded], capfd: pytest.CaptureFixture[str]
) -> None:
    recorded = start(debug=True)
    with spanwire.start_span(op="o", description="d", sampled=True, sampling_context={}):
        pass
    assert recorded.span()["name"] == "d"
    said = capfd.readouterr().err
    assert "`sampled`" in said and "`sampling_context`" in said


def test_a_link_to_nothing_is_said_in_debug_mode(
    start: Callable[..., Recorded], capfd: pytest.CaptureFixture[str]
) -> None:
    start(debug=True)
    span, ended = spanwire.chat("m"), spanwire.chat("other")
    ended.end()
    span.add_link(ended)
    assert "add_link" not in capfd.readouterr().err
    span.add_link(cast("Any", "4bf92f3577b34da6a3ce929d0e0e4736"))
    assert "add_link takes a span or a trace context" in capfd.readouterr().err


def test_methods(recorded: Recorded) -> None:
    other = spanwire.chat("other")
    with spanwire.chat("m") as span:
        assert span.is_recording and len(span.trace_id) == 32 and len(span.span_id) == 16
        span.set_attribute("a", 1)
        span.set_attributes({"b": 2.5, "c": None})
        span.set_data("d", [1, "x"])
        span.set_name("named")
        span.set_status("cancelled")
        span.set_input("question")
        span.set_output("answer")
        span.set_usage(input_tokens=1, output_tokens=2, nonsense=3)
        span.add_link(other, {"why": "so"})
        span.record_exception(LookupError("lost"))
    assert not span.is_recording
    sent = recorded.span()
    attributes = sent["attributes"]
    assert (sent["name"], sent["status"]) == ("named", "error")
    assert (attributes["a"], attributes["b"], attributes["d"]) == (1, 2.5, '[1,"x"]')
    assert attributes["sentry.status.message"] == "cancelled"
    assert attributes["error.type"] == "LookupError" and attributes["exception.message"] == "lost"
    assert "question" in attributes["gen_ai.input.messages"] and "answer" in attributes["gen_ai.output.messages"]
    assert attributes["gen_ai.usage.total_tokens"] == 3
    assert [link["span_id"] for link in sent["links"]] == [other.span_id]


def test_a_handoff_is_a_mark_or_a_block(start: Callable[..., Recorded]) -> None:
    testing = {"clock": 10.0, "random": "0102030405060708090a0b0c0d0e0f", "platform": {"sdk_name": "s"}}
    recorded = start(testing=testing)
    kept = spanwire.handoff("A", "B")
    spanwire.testing.set_clock(11.0)
    kept.set_attribute("late", True)
    with spanwire.handoff("B", "C"):
        spanwire.testing.set_clock(12.0)
    times = {span["name"]: (span["start_timestamp"], span["end_timestamp"]) for span in recorded.spans()}
    assert times == {"handoff from A to B": (10.0, 10.0), "handoff from B to C": (11.0, 12.0)}
    assert "late" not in recorded.named("handoff from A to B")["attributes"]


@pytest.mark.parametrize("settle", [spanwire.flush, spanwire.stats, lambda: spanwire.chat("m"), spanwire.close])
def test_a_mark_that_is_kept_ends_with_the_next_thing(recorded: Recorded, settle: Callable[[], object]) -> None:
    kept = spanwire.handoff("A", "B")
    open_span = settle()
    assert spanwire.stats()["started"] - (open_span is not None and hasattr(open_span, "end")) == 1
    spanwire.flush()
    assert b"handoff from A to B" in b"".join(recorded)
    assert not kept.is_recording


def test_the_clock_of_tests(start: Callable[..., Recorded]) -> None:
    spanwire.testing.set_clock(5.0)  # Without `testing` nothing happens.
    recorded = start(testing={"clock": 1.0, "random": "01", "platform": {}})
    span = spanwire.chat("m")
    spanwire.testing.set_clock(3.0)
    span.end(timestamp=2.5)
    sent = recorded.span()
    assert (sent["start_timestamp"], sent["end_timestamp"]) == (1.0, 2.5)


def test_inspect(recorded: Recorded) -> None:
    spanwire.chat("m").end()
    spanwire.flush()
    assert "chat m" in spanwire.inspect(b"".join(recorded))
    with pytest.raises(ValueError):
        spanwire.inspect(b"{oops")


def test_stats_before_init_are_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spanwire._spanwire, "driver", lambda: None)
    assert spanwire.stats() == {"started": 0, "sent": 0, "waiting": 0, "spooled": 0, "lost": {}, "removed": {"messages": 0, "characters": 0}}
    assert spanwire.flush() and spanwire.close()
    spanwire.chat("m").end()


def test_sampled_out_traces_are_counted(start: Callable[..., Recorded]) -> None:
    start(traces_sample_rate=0.0)
    with spanwire.chat("m") as span:
        assert not span.is_recording
        assert spanwire.trace_headers()["sentry-trace"].endswith("-0")
    assert spanwire.stats()["lost"] == {"sample_rate": 1}


def test_the_dsn_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_DSN", DSN)
    envelopes: list[bytes] = []
    spanwire.init(transport=envelopes.append)
    spanwire.chat("m").end()
    assert spanwire.flush() and DSN.encode() in envelopes[0]
