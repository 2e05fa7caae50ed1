"""Judges written by others: Sentry's own envelope reader and the schema of the spans that it ingests.

They judge every vector and, where `SPANWIRE_ENVELOPES` names a folder of envelope files, what a receiver got.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sentry_kafka_schemas import get_codec
from sentry_relay.processing import StoreNormalizer
from sentry_sdk.envelope import Envelope

ROOT = Path(__file__).resolve().parents[2]
SPAN_V2 = "application/vnd.sentry.items.span.v2+json"


def split(file: bytes) -> list[bytes]:
    """The envelopes of a file that holds one after the other: an item's header has a type, an envelope's has none."""
    found: list[bytes] = []
    while file:
        line, _, file = file.partition(b"\n")
        header = json.loads(line)
        if "type" not in header:
            found.append(line + b"\n")
        else:
            length = header["length"] + 1
            found[-1] += line + b"\n" + file[:length]
            file = file[length:]
    return found


def files() -> list[Path]:
    """What the demo's programs sent, where it has run, a file each."""
    folder = os.environ.get("SPANWIRE_ENVELOPES")
    return sorted(Path(folder).glob("*.envelopes")) if folder else []


def received() -> list[Any]:
    """The envelopes in them."""
    return [
        pytest.param(envelope, id=f"{path.stem}-{number}")
        for path in files()
        for number, envelope in enumerate(split(path.read_bytes()))
    ]


def envelopes() -> list[Any]:
    """Every envelope of every vector, and what was received."""
    found = received()
    for path in sorted((ROOT / "tests" / "vectors").glob("*.json")):
        for number, lines in enumerate(json.loads(path.read_text("utf-8"))["expected"]):
            found.append(pytest.param(("\n".join(lines) + "\n").encode(), id=f"{path.stem}-{number}"))
    return found


def test_there_is_something_to_judge() -> None:
    assert len(envelopes()) - len(received()) >= 50
    if "SPANWIRE_ENVELOPES" in os.environ:
        assert len(received()) >= 3


@pytest.mark.parametrize("envelope", envelopes())
def test_framing_by_sentry_sdk(envelope: bytes) -> None:
    parsed = Envelope.deserialize(envelope)
    assert ("event_id" in parsed.headers) == any(item.headers["type"] == "transaction" for item in parsed.items)
    assert parsed.headers["sdk"].keys() == {"name", "version"}
    assert parsed.headers["trace"]["trace_id"] and parsed.headers["trace"]["public_key"]
    assert all(isinstance(value, str) for value in parsed.headers["trace"].values())
    assert parsed.items
    payloads = [item.get_bytes() for item in parsed.items]
    for item, payload in zip(parsed.items, payloads):
        body = json.loads(payload)
        # A transaction was cut out by its length, too, but is written anew when it is asked for.
        assert item.headers["type"] == "transaction" or item.headers["length"] == len(payload)
        if item.headers["type"] == "span":
            assert item.headers["content_type"] == SPAN_V2
            assert item.headers["item_count"] == len(body["items"]) and body["version"] == 2
            assert {span["trace_id"] for span in body["items"]} == {parsed.headers["trace"]["trace_id"]}
        elif item.headers["type"] == "transaction":
            trace_id = parsed.headers["trace"]["trace_id"]
            assert parsed.headers["event_id"] == body["event_id"]
            assert {span["trace_id"] for span in [body["contexts"]["trace"], *body["spans"]]} == {trace_id}
        else:
            assert item.headers["type"] == "client_report" and body["discarded_events"]


@pytest.mark.parametrize("envelope", envelopes())
def test_spans_by_the_schema_of_ingest_spans(envelope: bytes) -> None:
    codec = get_codec("ingest-spans")
    for item in Envelope.deserialize(envelope).items:
        if item.headers["type"] != "span":
            continue
        for span in json.loads(item.get_bytes())["items"]:
            assert span["status"] in ("ok", "error")
            assert 0 < span["start_timestamp"] <= span["end_timestamp"]
            # What the server adds before the schema applies.
            added = {"organization_id": 1, "project_id": 42, "received": span["end_timestamp"], "retention_days": 90}
            codec.validate({**span, **added})


#: What Relay moves or adds by itself.
MOVED = {"server_name"}


def normalized(event: dict[str, Any], sent_at: str) -> dict[str, Any]:
    """An event as Relay stores it."""
    relay = StoreNormalizer(project_id=42, normalize_spans=True, enable_trimming=True, received_at=sent_at)
    stored: dict[str, Any] = relay.normalize_event(json.loads(json.dumps(event)))
    return stored


def remarks(meta: dict[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    """What Relay remarks on the members of an event, by their names."""
    for key, inner in meta.items():
        if key == "":
            yield at, inner
        else:
            yield from remarks(inner, key)


@pytest.mark.parametrize("envelope", envelopes())
def test_transactions_by_relay(envelope: bytes, request: pytest.FixtureRequest) -> None:
    parsed = Envelope.deserialize(envelope)
    for item in parsed.items:
        if item.headers["type"] != "transaction":
            continue
        event = json.loads(item.get_bytes())
        stored = normalized(event, parsed.headers["sent_at"])
        # Where old names were asked for, Relay takes those away that stand beside their current ones.
        taken = dict(remarks(stored.get("_meta") or {}))
        assert not taken or request.node.callspec.id.startswith("conventions_both")
        assert all(what == {"rem": [["attribute.deprecated", "x"]]} for what in taken.values())
        assert event.keys() - stored.keys() <= MOVED
        assert len(event["spans"]) == len(stored["spans"])
        pairs = zip([event["contexts"]["trace"], *event["spans"]], [stored["contexts"]["trace"], *stored["spans"]])
        for sent, kept in pairs:
            assert {key: kept.get(key) for key in sent if key != "data"} == {
                key: sent[key] for key in sent if key != "data"
            }
            data = {key: value for key, value in sent["data"].items() if key not in taken}
            assert {key: kept["data"].get(key) for key in data} == data


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_the_demo_by_our_own_lint(path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "spanwire", "lint", str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.startswith("no findings in ")


def test_relay_can_find_fault() -> None:
    path = ROOT / "tests" / "vectors" / "transaction_nesting.json"
    ((header, _, payload),) = json.loads(path.read_text("utf-8"))["expected"]
    event = json.loads(payload)
    event["spans"][0]["status"] = "error"
    assert normalized(event, json.loads(header)["sent_at"])["_meta"]


def test_the_schema_can_refuse() -> None:
    with pytest.raises(Exception):
        get_codec("ingest-spans").validate({"trace_id": "short"})
