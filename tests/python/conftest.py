"""What the suites share: the test servers, a clean Spanwire for each test, envelopes as spans."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import spanwire
from spanwire import _context

ROOT = Path(__file__).resolve().parents[2]
DSN = "https://public@sentry.example.com/42"

#: A request to a model.
QUESTION: Any = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Tell me a joke"}]

#: How long anything may take that has to happen; nothing waits that long when all is well.
PATIENCE = 30.0


class Servers:
    """The running program `spanwire-test-servers`."""

    def __init__(self, vendor: str, receiver: str) -> None:
        self.vendor = vendor
        self.receiver = receiver

    @property
    def dsn(self) -> str:
        return self.receiver.replace("http://", "http://public@") + "/42"

    def envelopes(self) -> list[dict[str, Any]]:
        return fetch(f"{self.receiver}/__envelopes")

    def requests(self) -> list[dict[str, Any]]:
        return fetch(f"{self.vendor}/__requests")

    def answer(self, answers: list[dict[str, Any]]) -> None:
        fetch(f"{self.receiver}/__answer", answers)

    def reset(self) -> None:
        fetch(f"{self.receiver}/__reset", {})
        fetch(f"{self.vendor}/__reset", {})

    def spans(self) -> list[dict[str, Any]]:
        """Every span that was received, after a look at what the receiver has against them."""
        received = self.envelopes()
        assert [finding for envelope in received for finding in envelope["findings"]] == []
        items = [item for envelope in received for item in envelope["items"] if item["header"]["type"] == "span"]
        return [plain(span) for item in items for span in item["payload"]["items"]]


def fetch(url: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=PATIENCE) as response:
        return json.loads(response.read())


def plain(span: dict[str, Any]) -> dict[str, Any]:
    """A span whose attributes are their values."""
    return {**span, "attributes": {key: value["value"] for key, value in span["attributes"].items()}}


def spans_of(envelopes: list[bytes]) -> list[dict[str, Any]]:
    """The spans of envelopes as a transport function was given them."""
    spans: list[dict[str, Any]] = []
    for envelope in envelopes:
        lines = envelope.decode().split("\n")
        for header, payload in zip(lines[1::2], lines[2::2], strict=False):
            if json.loads(header)["type"] == "span":
                spans += [plain(span) for span in json.loads(payload)["items"]]
    return spans


def spans_in(path: Path) -> list[dict[str, Any]]:
    """The spans of an envelope file to which one or several processes have appended."""
    spans: list[dict[str, Any]] = []
    lines = path.read_bytes().splitlines()
    for number, line in enumerate(lines):
        if json.loads(line).get("type") == "span":
            spans += spans_of([b"{}\n" + line + b"\n" + lines[number + 1] + b"\n"])
    return spans


class Recorded(list[bytes]):
    """The envelopes of one `init`."""

    def spans(self) -> list[dict[str, Any]]:
        assert spanwire.flush(PATIENCE)
        return spans_of(self)

    def span(self) -> dict[str, Any]:
        (span,) = self.spans()
        return span

    def named(self, name: str) -> dict[str, Any]:
        (span,) = [span for span in self.spans() if span["name"] == name]
        return span


def server_program() -> Path:
    given = os.environ.get("SPANWIRE_TEST_SERVERS")
    built = [ROOT / "target" / profile / "spanwire-test-servers" for profile in ("debug", "release")]
    for program in [Path(given)] if given else built:
        if program.exists():
            return program
    raise FileNotFoundError("build the test servers first: cargo build -p spanwire-tests")


@contextlib.contextmanager
def running() -> Iterator[Servers]:
    """Servers of one's own."""
    command = [str(server_program()), "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        yield Servers(**json.loads(process.stdout.readline()))
        process.stdin.close()
        process.wait(PATIENCE)


@pytest.fixture(scope="session")
def running_servers() -> Iterator[Servers]:
    with running() as servers:
        yield servers


@pytest.fixture
def servers(running_servers: Servers) -> Servers:
    running_servers.reset()
    return running_servers


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of the environment and nothing of the test before."""
    for name in ("SENTRY_DSN", "SENTRY_RELEASE", "SENTRY_ENVIRONMENT", "SENTRY_SPOTLIGHT", "SPANWIRE_FILE", "SPANWIRE_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    frames, scope = _context.frames.set(None), _context.scope_var.set(spanwire._spanwire.Scope())
    yield
    _context.frames.reset(frames)
    _context.scope_var.reset(scope)
    spanwire.uninstrument()
    spanwire.init()


@pytest.fixture
def start() -> Callable[..., Recorded]:
    """Calls `init` with a transport that keeps the envelopes."""

    def begin(**options: Any) -> Recorded:
        recorded = Recorded()
        spanwire.init(**{"dsn": DSN, "transport": recorded.append, **options})
        return recorded

    return begin


@pytest.fixture
def recorded(start: Callable[..., Recorded]) -> Recorded:
    """Everything is recorded, and kept here."""
    return start(send_default_pii=True)


@pytest.fixture
def make(servers: Servers) -> Callable[..., Any]:
    """Makes a client of the local vendor."""
    # Not above: a free-threaded Python runs the suites that need no library.
    from openai import OpenAI

    def client(kind: Any = OpenAI, **options: Any) -> Any:
        return kind(api_key="key", base_url=f"{servers.vendor}/v1", **{"max_retries": 0, **options})

    return client
