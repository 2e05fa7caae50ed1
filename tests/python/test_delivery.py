"""The ways out: HTTP to the receiver, a file, a function; and what happens when nobody is there."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import spanwire
from conftest import DSN, PATIENCE, Recorded, Servers, spans_of

#: A port on which nobody listens.
NOBODY = "http://public@127.0.0.1:9/42"


def test_http(servers: Servers) -> None:
    spanwire.init(servers.dsn, release="shop@1.0", environment="test", server_name="host")
    with spanwire.invoke_agent("A"), spanwire.chat("m"):
        pass
    assert spanwire.flush(PATIENCE)
    assert spanwire.stats() == {"started": 2, "sent": 2, "waiting": 0, "spooled": 0, "lost": {}, "removed": {"messages": 0, "characters": 0}}
    envelopes = servers.envelopes()
    assert [envelope["findings"] for envelope in envelopes] == [[]] * len(envelopes)
    for envelope in envelopes:
        assert envelope["encoding"] == "gzip" and envelope["headers"]["content-encoding"] == "gzip"
        assert envelope["path"] == "/api/42/envelope/"
        assert envelope["envelope"]["sdk"] == {"name": "spanwire.python", "version": spanwire.__version__}
    for span in servers.spans():
        attributes = span["attributes"]
        assert attributes["process.runtime.name"] == "CPython"
        assert attributes["process.runtime.version"].split(".")[:2] == [str(part) for part in sys.version_info[:2]]
        assert (attributes["sentry.release"], attributes["sentry.environment"]) == ("shop@1.0", "test")
        assert attributes["server.address"] == "host"


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "run.envelopes"
    spanwire.init(transport=f"file:{path}")
    spanwire.chat("m").end()
    assert spanwire.flush(PATIENCE)
    assert [span["name"] for span in spans_of([path.read_bytes()])] == ["chat m"]


def test_a_file_of_the_environment_and_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "run.envelopes"
    program = "import spanwire; spanwire.init(); spanwire.chat('gpt').end()"
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "SPANWIRE_FILE": str(path)})
    command = [str(Path(sys.executable).with_name("spanwire")), "inspect", str(path)]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "chat gpt" in shown and shown == spanwire.inspect(path.read_bytes())
    failed = subprocess.run([sys.executable, "-m", "spanwire", "inspect", "nowhere"], capture_output=True, text=True)
    assert failed.returncode == 1 and "nowhere" in failed.stderr


def test_the_command_line_lints(tmp_path: Path) -> None:
    def lint(path: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "spanwire", "lint", str(path)], capture_output=True, text=True)

    def write(name: str, **request: str) -> Path:
        spanwire.init(transport=f"file:{tmp_path / name}")
        spanwire.chat("m", **request).end()
        assert spanwire.flush(PATIENCE)
        return tmp_path / name

    clean = lint(write("clean", provider="openai"))
    assert (clean.returncode, clean.stdout) == (0, "no findings in 1 envelope, 1 trace, 1 span\n")
    path = write("found")
    found, (span,) = lint(path), spans_of([path.read_bytes()])
    assert found.returncode == 1
    assert found.stdout.splitlines() == [
        f"{span['trace_id']} {span['span_id']}: error `gen_ai.provider.name` is missing; a request must have it",
        "1 finding in 1 envelope, 1 trace, 1 span",
    ]
    missing = lint(tmp_path / "nowhere")
    assert missing.returncode == 2 and "nowhere" in missing.stderr


def test_debug_says_each_kind_of_finding_once(capfd: pytest.CaptureFixture[str]) -> None:
    spanwire.init(DSN, transport=lambda envelope: None, debug=True, testing={"clock": 1.0, "random": "01", "platform": {}})
    for _ in range(3):
        spanwire.chat("m", messages="a secret").end()
    assert spanwire.flush(1)
    said = capfd.readouterr().err
    assert said.count("lint, on `chat m`: error `gen_ai.provider.name` is missing") == 1
    assert said.count("lint") == 1 and "secret" not in said


def test_a_function(recorded: Recorded) -> None:
    spanwire.chat("m").end()
    assert recorded.span()["name"] == "chat m"
    assert all(type(envelope) is bytes for envelope in recorded)


def test_a_function_that_fails(capfd: pytest.CaptureFixture[str]) -> None:
    def fails(envelope: bytes) -> None:
        raise LookupError("no room for it")

    spanwire.init(DSN, transport=fails, debug=True, testing={"clock": 1.0, "random": "01", "platform": {}})
    spanwire.chat("m").end()
    assert not spanwire.flush(1)
    assert spanwire.stats()["sent"] == 0
    assert "no room for it" in capfd.readouterr().err


def test_a_function_runs_while_others_hold_the_interpreter() -> None:
    arrived = threading.Event()
    spanwire.init(DSN, transport=lambda envelope: arrived.set())
    spanwire.chat("m").end()
    assert spanwire.flush(PATIENCE) and arrived.is_set()


def test_flush_lets_others_run(servers: Servers) -> None:
    servers.answer([{"delay_ms": 300}])
    spanwire.init(servers.dsn)
    spanwire.chat("m").end()
    ran: list[bool] = []
    started, done = threading.Event(), threading.Event()

    def flush() -> None:
        started.set()
        spanwire.flush(PATIENCE)
        done.set()

    thread = threading.Thread(target=flush)
    thread.start()
    started.wait(PATIENCE)
    while not done.is_set():
        ran.append(True)
    thread.join()
    assert len(ran) > 100


def test_flush_ends_while_more_comes_than_can_be_sent() -> None:
    def slow(_: bytes) -> None:
        if not is_over.is_set():
            for _ in range(3):
                spanwire.chat("m", parent=None).end()
            time.sleep(0.01)

    is_over = threading.Event()
    spanwire.init(DSN, transport=slow)
    for _ in range(10):
        spanwire.chat("m", parent=None).end()
    assert spanwire.flush(PATIENCE / 3)
    is_over.set()


def test_flush_says_when_nobody_is_there() -> None:
    spanwire.init(NOBODY)
    spanwire.chat("m").end()
    assert spanwire.flush(0.2) is False
    assert spanwire.flush(0) is False
    counts = spanwire.stats()
    assert (counts["started"], counts["sent"], counts["waiting"]) == (1, 0, 1)
    assert spanwire.close(0.2) is False
    assert spanwire.stats()["lost"] == {"network_error": 1}


def test_a_key_that_is_pressed_ends_a_flush() -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    spanwire.init(f"http://public@127.0.0.1:{silent.getsockname()[1]}/42")
    spanwire.chat("m").end()

    is_waited_for = threading.Event()

    def press() -> None:
        silent.accept()
        is_waited_for.wait(PATIENCE)
        signal.raise_signal(signal.SIGINT)

    threading.Thread(target=press).start()
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        is_waited_for.set()
        spanwire.flush(PATIENCE)
    assert time.monotonic() - begin < PATIENCE / 2
    silent.close()
    assert spanwire.close(0) is False


def test_what_ends_after_close_is_counted(recorded: Recorded) -> None:
    span = spanwire.chat("m")
    assert spanwire.close(PATIENCE)
    span.end()
    counts = spanwire.stats()
    assert counts["started"] == counts["sent"] + counts["waiting"] + sum(counts["lost"].values()) == 1
    assert spanwire.close() and spanwire.flush()


AT_EXIT: dict[str, Callable[[str], str]] = {
    "ended": lambda dsn: f"import spanwire; spanwire.init({dsn!r}); spanwire.chat('m').end()",
    "by exit": lambda dsn: f"import sys, spanwire; spanwire.init({dsn!r}); spanwire.chat('m').end(); sys.exit(0)",
    "mark": lambda dsn: f"import spanwire; spanwire.init({dsn!r}); kept = spanwire.handoff('A', 'B')",
    "thread": lambda dsn: (
        f"import threading, spanwire; spanwire.init({dsn!r}); "
        "threading.Thread(target=lambda: spanwire.chat('m').end()).start()"
    ),
}


@pytest.mark.parametrize("case", AT_EXIT)
def test_the_end_of_the_process_sends_what_waits(servers: Servers, case: str) -> None:
    subprocess.run([sys.executable, "-c", AT_EXIT[case](servers.dsn)], check=True, timeout=PATIENCE)
    assert len(servers.spans()) == 1


def test_the_end_of_the_process_calls_a_function(tmp_path: Path) -> None:
    program = (
        "import sys, spanwire; "
        f"spanwire.init({DSN!r}, transport=lambda envelope: sys.stdout.write(envelope.decode())); "
        "spanwire.chat('m').end()"
    )
    shown = subprocess.run([sys.executable, "-c", program], check=True, timeout=PATIENCE, capture_output=True)
    assert [span["name"] for span in spans_of([shown.stdout])] == ["chat m"] and shown.stderr == b""


def test_the_end_of_the_process_does_not_wait_long_for_nobody() -> None:
    program = f"import spanwire; spanwire.init({NOBODY!r}); spanwire.chat('m').end()"
    done = subprocess.run([sys.executable, "-c", program], check=True, timeout=PATIENCE, capture_output=True)
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.parametrize("reports", [True, False])
def test_a_process_without_a_sampled_span_reports_what_it_left_out(reports: bool, servers: Servers) -> None:
    spanwire.init(servers.dsn, traces_sample_rate=0, send_client_reports=reports)
    for _ in range(3):
        spanwire.chat("m").end()
    assert spanwire.flush(PATIENCE) and servers.envelopes() == []
    assert spanwire.close(PATIENCE)
    items = [item for envelope in servers.envelopes() for item in envelope["items"]]
    discarded = [event for item in items for event in item["payload"]["discarded_events"]]
    expected = [{"reason": "sample_rate", "category": "span", "quantity": 3}]
    assert discarded == (expected if reports else [])
