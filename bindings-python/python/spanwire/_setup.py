"""`init`, `flush`, `close` and `stats`."""

from __future__ import annotations

import json
import platform
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict

from . import _bridging, _instrument, _spanwire, _state

if TYPE_CHECKING:
    from typing import Literal

    from typing_extensions import Unpack


class Options(TypedDict, total=False):
    """The options of `init` beside the DSN; defaults and rules are the core's."""

    release: str | None
    environment: str | None
    server_name: str | None
    traces_sample_rate: float | None
    traces_sampler: Callable[[dict[str, Any]], float | bool] | None
    before_send_span: Callable[[dict[str, Any]], dict[str, Any] | None] | None
    propagate_traceparent: bool | None
    send_default_pii: bool | None
    record_inputs: bool | None
    record_outputs: bool | None
    input_messages: Literal["since_last_response", "all"] | None
    max_content_bytes: int | None
    max_waiting_bytes: int | None
    conventions: Literal["current", "legacy", "both"] | None
    trace_lifecycle: str | None
    transport: str | Callable[[bytes], object] | None
    http_proxy: str | None
    https_proxy: str | None
    ca_certs: str | None
    spool_dir: str | None
    spotlight: bool | str | None
    bridge: Literal["auto", "sentry", "opentelemetry", "none"] | None
    send_client_reports: bool | None
    integrations: Literal["auto"] | list[str] | None
    disabled_integrations: list[str] | None
    integration_options: dict[str, dict[str, bool]] | None
    debug: bool | None
    testing: dict[str, Any] | None


class Stats(TypedDict):
    """Counts of spans."""

    started: int
    sent: int
    waiting: int
    spooled: int
    lost: dict[str, int]
    removed: dict[str, int]


def init(dsn: str | None = None, **options: Unpack[Options]) -> None:
    """Gets ready to send spans to a DSN (or ``SENTRY_DSN``), a file or a function.

    Without any of them every call is a cheap no-op. Called again, it replaces what was set up before.

    Raises:
        ConfigError: an option does not exist or does not fit; the message says what would.
    """
    given: dict[str, Any] = {"dsn": dsn, **options}
    _bridging.fill(given)
    functions = [_taken(given, name) for name in ("transport", "traces_sampler", "before_send_span")]
    driver = _spanwire.Driver(given, _platform(), *functions)
    with _state.process.one_at_a_time():
        _settle()
        # The new one first: what other threads do meanwhile is its own.
        before = _spanwire.set_driver(driver)
        if before is not None:
            before.close(None)
        _state.integration_options = dict(options.get("integration_options") or {})
        if driver.is_active:
            _state.process.watch()
        _instrument.instrument_wanted(driver)
        _bridging.bridge(driver)


def _taken(options: dict[str, Any], name: str) -> Any:
    """The function under that name, of which the options only say that it is there."""
    function = options.get(name)
    if not callable(function):
        return None
    options[name] = "callable"
    return function


def flush(timeout: float | None = None) -> bool:
    """Sends what waits; true when it is all gone within `timeout` seconds (2 if none is given)."""
    _state.settle_marks()
    _state.settle_streams(if_left=True)
    driver = _spanwire.driver()
    return driver is None or driver.flush(timeout)


def close(timeout: float | None = None) -> bool:
    """Sends what waits and takes nothing more; true when it is all gone within `timeout` seconds."""
    _settle()
    driver = _spanwire.driver()
    return driver is None or driver.close(timeout)


def _settle() -> None:
    _state.settle_marks()
    _state.settle_streams(if_left=False)
    _bridging.take_down()


def stats() -> Stats:
    """How many spans were started, sent, wait, are on disk, and were lost for which reason."""
    _state.settle_marks()
    driver = _spanwire.driver()
    if driver is None:
        return {"started": 0, "sent": 0, "waiting": 0, "spooled": 0, "lost": {}, "removed": {"messages": 0, "characters": 0}}
    counts: Stats = json.loads(driver.stats())
    return counts


def inspect(envelopes: bytes) -> str:
    """Envelopes, as a file or function was given them, as trees that a person can read.

    Raises:
        ValueError: the bytes are no envelopes.
    """
    return _spanwire.inspect(envelopes)


def _platform() -> tuple[str, str, str, str, str]:
    """SDK name and version, runtime name and version, name of the host."""
    try:
        host = socket.gethostname()
    except OSError:
        host = ""
    runtime = (platform.python_implementation(), platform.python_version())
    return ("spanwire.python", _spanwire.__version__, *runtime, host)
