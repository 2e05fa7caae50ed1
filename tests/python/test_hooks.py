"""The functions of `init`: `traces_sampler` and `before_send_span`, also when they misbehave."""

from __future__ import annotations

from typing import Any

import pytest
import spanwire
from conftest import PATIENCE, Servers


def test_a_sampler_sees_the_span_that_begins_and_the_decision_of_the_caller(servers: Servers) -> None:
    asked: list[dict[str, Any]] = []

    def sampler(context: dict[str, Any]) -> bool:
        asked.append(context)
        return bool(context["name"] != "chat quiet")

    spanwire.init(servers.dsn, traces_sampler=sampler)
    with spanwire.invoke_agent("Ada", model="m", attributes={"team": "a"}), spanwire.chat("m"):
        pass
    headers = {"sentry-trace": "0123456789abcdef0123456789abcdef-00f067aa0ba902b7-0"}
    with spanwire.continue_trace(headers), spanwire.chat("quiet"):
        pass
    assert spanwire.flush(PATIENCE)
    assert [span["name"] for span in servers.spans()] == ["chat m", "invoke_agent Ada"]
    assert [(one["name"], one["op"], one["parent_sampled"]) for one in asked] == [
        ("invoke_agent Ada", "gen_ai.invoke_agent", None),
        ("chat quiet", "gen_ai.chat", False),
    ]
    assert asked[0]["attributes"]["team"] == "a"
    assert spanwire.stats()["lost"] == {"sample_rate": 1}


def refuse(_: object) -> Any:
    raise RuntimeError("no")


@pytest.mark.parametrize("sampler", [refuse, lambda _: "often", lambda _: 7, lambda _: None])
def test_a_sampler_that_fails_is_as_if_there_were_none(servers: Servers, sampler: Any) -> None:
    spanwire.init(servers.dsn, traces_sampler=sampler)
    spanwire.chat("m").end()
    assert spanwire.flush(PATIENCE) and spanwire.stats()["sent"] == 1


def test_a_filter_changes_and_drops_spans(servers: Servers) -> None:
    def filtered(span: dict[str, Any]) -> dict[str, Any] | None:
        if span["name"] == "chat gone":
            return None
        span["attributes"]["seen"] = span["status"]
        return {**span, "name": "renamed"}

    spanwire.init(servers.dsn, before_send_span=filtered)
    for model in ("gone", "other"):
        spanwire.chat(model, parent=None).end()
    assert spanwire.flush(PATIENCE)
    (span,) = servers.spans()
    assert (span["name"], span["attributes"]["seen"]) == ("renamed", "ok")
    assert spanwire.stats()["lost"] == {"before_send": 1}


@pytest.mark.parametrize("wrong", [refuse, lambda _: "text", lambda _: {"attributes": 5}])
def test_a_filter_that_fails_lets_nothing_through(servers: Servers, wrong: Any) -> None:
    spanwire.init(servers.dsn, before_send_span=wrong)
    spanwire.chat("m").end()
    assert spanwire.flush(PATIENCE)
    assert servers.spans() == [] and spanwire.stats()["lost"] == {"before_send": 1}


def test_what_is_no_function_is_refused() -> None:
    wrong: Any = 0.5
    with pytest.raises(spanwire.ConfigError, match=r"`traces_sampler` cannot be 0.5; allowed: a function"):
        spanwire.init(traces_sampler=wrong)
    with pytest.raises(spanwire.ConfigError, match="`before_send_span`"):
        spanwire.init(before_send_span=wrong)
