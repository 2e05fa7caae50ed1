"""Scripts that say in the end what they saw, run in the environment of a library."""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
from typing import Any

import pytest
from conftest import DSN, PATIENCE, spans_of

from .results import interpreter, package

#: What a script begins with.
PRELUDE = f"""
import asyncio, json, sys
import spanwire

envelopes = []

def begin(**options):
    spanwire.init(dsn={DSN!r}, transport=envelopes.append, send_default_pii=True, **options)

def done(**told):
    spanwire.flush(30.0)
    print(json.dumps({{"envelopes": [each.decode() for each in envelopes], **told}}))
"""

#: What the environment of the suites has in it, and that of a script not.
NOT_THEIRS = ("SENTRY_", "SPANWIRE_", "PYTEST_", "CI")


def told(library: str, script: str, **environment_too: str) -> dict[str, Any]:
    """What a script says in the end, its spans, its envelopes as text, and what it complained of."""
    if not interpreter(library).exists():
        pytest.skip(f"the environment of {library} is not set up")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(NOT_THEIRS)}
    environment.update(environment_too, PYTHONPATH=str(package()))
    command = [str(interpreter(library)), "-c", PRELUDE + textwrap.dedent(script)]
    done = subprocess.run(command, env=environment, timeout=PATIENCE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    envelopes = result.pop("envelopes")
    result["spans"] = spans_of([envelope.encode() for envelope in envelopes])
    return {**result, "raw": "".join(envelopes), "complained": done.stderr}
