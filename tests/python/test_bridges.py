"""Spanwire beside `sentry_sdk` and OpenTelemetry, in processes of their own: one trace, and no call twice."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import PATIENCE, Servers, spans_of
from spanwire.bridges import sentry

from programs.results import interpreter, package

HERE = Path(__file__).with_name("bridge")


def run(name: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(package())}
    command = [str(interpreter("bridge")), str(HERE / f"{name}.py"), *arguments]
    done = subprocess.run(command, env=environment, timeout=PATIENCE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


class Received:
    """What both SDKs have sent, as one."""

    def __init__(self, servers: Servers) -> None:
        self.spans: dict[str, dict[str, Any]] = {}
        self.errors: list[dict[str, Any]] = []
        for envelope in servers.envelopes():
            for item in envelope["items"]:
                self._take(item["header"]["type"], item["payload"])

    def _take(self, kind: str, payload: Any) -> None:
        if kind == "span":
            for span in payload["items"]:
                self._add(span["name"], span)
        elif kind == "transaction":
            self._add(payload["transaction"], payload["contexts"]["trace"])
            for span in payload["spans"]:
                self._add(span["description"] or span["op"], span)
        elif kind == "event":
            self.errors.append(payload)

    def _add(self, name: str, span: dict[str, Any]) -> None:
        assert span["span_id"] not in self.spans, f"{name} was sent twice"
        self.spans[span["span_id"]] = {**span, "name": name}

    @property
    def traces(self) -> set[str]:
        return {span["trace_id"] for span in self.spans.values()}

    def parent_of(self, name: str) -> str | None:
        """The name of the span above one; `?` where it is nobody's here."""
        (span,) = [span for span in self.spans.values() if span["name"] == name]
        parent = span.get("parent_span_id")
        return None if parent is None else self.spans.get(parent, {}).get("name", "?")

    def linked(self, error: dict[str, Any]) -> str:
        """The name of the span that an error is linked to."""
        context = error["contexts"]["trace"]
        span = self.spans[context["span_id"]]
        assert span["trace_id"] == context["trace_id"]
        return str(span["name"])


@pytest.mark.parametrize("first", ["sentry", "spanwire"])
@pytest.mark.parametrize("mode", ["transactions", "streamed"])
def test_a_service_with_sentry_sdk(mode: str, first: str, servers: Servers) -> None:
    run("service", mode, first, servers.dsn, servers.vendor)
    received = Received(servers)
    assert received.traces == {"0123456789abcdef0123456789abcdef"}
    names = [span["name"] for span in received.spans.values()]
    assert len([name for name in names if name.startswith("chat ")]) == 2, names
    above = {
        "chat in-theirs": "load session",
        "chat in-ours": "invoke_agent planner",
        "load rules": "invoke_agent planner",
        "execute_tool nested": "load rules",
        "select rules": "execute_tool nested",
        "execute_tool lookup": "invoke_agent planner",
        "select hotels": "execute_tool lookup",
    }
    assert {name: received.parent_of(name) for name in above} == above
    # The requests that their integration of httpx sees are those that ours sees further up.
    below = {received.spans[span["parent_span_id"]]["name"] for span in received.spans.values() if "/v1/chat" in span["name"]}
    assert below == {"chat in-theirs", "chat in-ours"}
    message, error = sorted(received.errors, key=lambda error: "exception" in error)
    assert (received.linked(message), received.linked(error)) == ("select rules", "execute_tool lookup")
    (agent,) = [span for span in received.spans.values() if span["name"] == "invoke_agent planner"]
    assert agent["attributes"]["user.id"]["value"] == "u-1"
    assert agent["attributes"]["sentry.release"]["value"] == "shop@1"


@pytest.mark.parametrize(("rate", "is_kept"), [("1.0", True), ("0.0", False), ("none", True)])
def test_the_sampling_decision_is_theirs_where_they_make_one(rate: str, is_kept: bool) -> None:
    found = json.loads(run("decisions", rate))
    spans = spans_of([envelope.encode() for envelope in found["envelopes"]])
    assert [span["name"] for span in spans] == (["chat m"] if is_kept else [])
    assert found["lost"] == ({} if is_kept else {"sample_rate": 1})
    if is_kept:
        assert found["linked"] == [spans[0]["span_id"]]


def test_their_integration_of_agents_is_silent(servers: Servers) -> None:
    run("workflow", servers.dsn, servers.vendor)
    received = Received(servers)
    # Their spans of HTTP requests, and of processes that the library asks about the machine.
    others = ("http", "subprocess")
    names = sorted(span["name"] for span in received.spans.values() if not (span.get("op") or "").startswith(others))
    assert names == sorted(
        [*["job", "Agent workflow", "invoke_agent finder", "execute_tool search", "select"], *["responses gpt-4o"] * 2]
    )
    assert received.parent_of("select") == "execute_tool search"
    assert received.parent_of("Agent workflow") == "job"
    assert len(received.traces) == 1


@pytest.mark.parametrize("first", ["sentry", "spanwire"])
def test_their_spans_of_http_are_below_ours_whoever_came_first(first: str, servers: Servers) -> None:
    run("clients", first, servers.dsn, servers.vendor)
    received = Received(servers)
    above = [(span["name"], received.spans.get(span.get("parent_span_id"), {}).get("name")) for span in received.spans.values()]
    http = f"POST {servers.vendor}/v1/chat/completions"
    assert sorted(above, key=str) == sorted(
        [("job", None), ("chat plain", "job"), ("chat async", "job"), (http, "chat plain"), (http, "chat async")], key=str
    )


def test_transactions_inside_of_ours_and_errors_reported_further_out(servers: Servers) -> None:
    run("outside", servers.dsn)
    received = Received(servers)
    assert [received.parent_of(name) for name in ("job", "chat m", "work")] == ["invoke_agent outer", "job", None]
    errors = [error for error in received.errors if "exception" in error]
    assert [received.linked(error) for error in errors] == ["execute_tool alone tool", "cleaning", "execute_tool within tool"]
    (message,) = [error for error in received.errors if "exception" not in error]
    assert message["contexts"]["trace"]["span_id"] not in received.spans


def test_of_their_spans_of_aws_only_those_of_models_are_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentry, "is_recorded", lambda name: name == "bedrock")
    assert sentry._is_doubled("start_span", (), {"origin": "auto.ai.boto3", "op": "gen_ai.chat"})
    assert sentry._is_doubled("start_streamed_span", (), {"attributes": {"sentry.origin": "auto.ai.boto3"}})
    assert not sentry._is_doubled("start_span", (), {"origin": "auto.http.boto3"})
    assert not sentry._is_ours("boto3")


def test_opentelemetry() -> None:
    found = json.loads(run("telemetry"))
    ours = spans_of([envelope.encode() for envelope in found["envelopes"]])
    spans = {span["span_id"]: span for span in [*found["spans"], *ours]}
    parents = {span["name"]: spans.get(span.get("parent_span_id"), {}).get("name") for span in spans.values()}
    branches = {}
    for name in ("b0", "b1", "b2"):
        branches |= {f"invoke_agent {name}": "invoke_agent planner", f"select {name}": f"invoke_agent {name}"}
        branches[f"chat {name}"] = f"select {name}"
    assert parents == {
        "request": None,
        "invoke_agent planner": "request",
        "load": "invoke_agent planner",
        "execute_tool nested": "load",
        "chat m": "invoke_agent planner",
        "chat beside": "request",
        "chat carried": "request",
        "invoke_agent carrier": "request",
        "inner": "invoke_agent carrier",
        "chat carried further": "inner",
        "invoke_agent root": None,
        "below": "invoke_agent root",
        "chat apart": None,
        "alone": None,
        **branches,
    }
    for span in spans.values():
        parent = spans.get(span.get("parent_span_id"))
        assert parent is None or parent["trace_id"] == span["trace_id"]
    (tool,) = [span for span in ours if span["name"] == "execute_tool nested"]
    assert tool["attributes"]["gen_ai.agent.name"] == "planner"


def test_their_spans_may_outlive_ours(servers: Servers) -> None:
    theirs = json.loads(run("late", servers.dsn))
    received = Received(servers)
    for span in theirs:
        received.spans[span["span_id"]] = span
    above = {"in a copy": "request", "execute_tool copied": "request", "chat innermost": "innermost", "chat select": "select"}
    for number in range(3):
        above |= {f"outlives {number}": f"invoke_agent early {number}", f"invoke_agent early {number}": "request"}
        above |= {f"{kind}after {number}": "request" for kind in ("", "chat ")}
    above |= {"in a thread": "invoke_agent threaded", "chat in a thread": "in a thread", "invoke_agent threaded": "threads"}
    above |= {"innermost": "invoke_agent between", "select": "invoke_agent between", "invoke_agent between": "job"}
    assert {name: received.parent_of(name) for name in above} == above
    (tool,) = [span for span in received.spans.values() if span["name"] == "execute_tool copied"]
    assert tool["attributes"]["row.count"]["value"] == 7


@pytest.mark.parametrize("mode", ["transactions", "streamed"])
def test_threads_tasks_and_errors_with_sentry_sdk(mode: str, servers: Servers) -> None:
    run("threads", mode, servers.dsn)
    received = Received(servers)
    above = {"invoke_agent planner": "job"}
    for number in range(3):
        above |= {f"select t{number}": "invoke_agent planner", f"chat t{number}": f"select t{number}"}
        above |= {f"execute_tool b{number}": "invoke_agent planner", f"chat b{number}": f"select b{number}"}
        above |= {f"select b{number}": f"execute_tool b{number}"}
        above |= {f"execute_tool broken {number}": f"invoke_agent helper {number}"}
    above |= {"select after": "after"}
    assert {name: received.parent_of(name) for name in above} == above
    linked = {error["exception"]["values"][-1]["value"]: received.linked(error) for error in received.errors if "exception" in error}
    assert linked == {
        **{f"broken {number}": f"execute_tool broken {number}" for number in range(3)},
        "refused": "execute_tool refused",
        "apart": "invoke_agent planner",
    }
    (message,) = [error for error in received.errors if "exception" not in error]
    assert received.linked(message) == "select after"
