"""Judges written by others: Sentry's own envelope reader and the schema of the spans that it ingests.

They judge every vector and, where `SPANWIRE_ENVELOPES` names a folder of envelope files, what a receiver got.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sentry_kafka_schemas import get_codec
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


def received() -> list[Any]:
    """What the demo's programs sent, where it has run."""
    folder = os.environ.get("SPANWIRE_ENVELOPES")
    files = sorted(Path(folder).glob("*.envelopes")) if folder else []
    return [
        pytest.param(envelope, id=f"{path.stem}-{number}")
        for path in files
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
    assert parsed.headers["sdk"].keys() == {"name", "version"}
    assert parsed.headers["trace"]["trace_id"] and parsed.headers["trace"]["public_key"]
    assert all(isinstance(value, str) for value in parsed.headers["trace"].values())
    assert parsed.items
    payloads = [item.get_bytes() for item in parsed.items]
    assert [item.headers["length"] for item in parsed.items] == [len(payload) for payload in payloads]
    for item, payload in zip(parsed.items, payloads):
        body = json.loads(payload)
        if item.headers["type"] == "span":
            assert item.headers["content_type"] == SPAN_V2
            assert item.headers["item_count"] == len(body["items"]) and body["version"] == 2
            assert {span["trace_id"] for span in body["items"]} == {parsed.headers["trace"]["trace_id"]}
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


def test_the_schema_can_refuse() -> None:
    with pytest.raises(Exception):
        get_codec("ingest-spans").validate({"trace_id": "short"})
