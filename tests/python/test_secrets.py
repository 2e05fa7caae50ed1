"""What must not leave does not: not in an envelope, not on disk, not in what is said in debug mode."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import PATIENCE, Servers

#: Stands in every prompt, answer and piece of tool data, and nowhere else.
MARK = "marked-and-private"
#: Stands in the DSN and in the proxy's address.
SECRET = "hunter2"

PROGRAM = """
import json, sys, openai, spanwire
spanwire.init(**json.loads(sys.argv[1]))
client = spanwire.instrument(openai.OpenAI(api_key="key", base_url=sys.argv[2], max_retries=0))

@spanwire.tool
def look(text: str) -> str:
    return text

with spanwire.invoke_agent("Agent"):
    client.chat.completions.create(model="m", messages=[{"role": "user", "content": MARK}])
    look(MARK)
spanwire.flush(0.5)
spanwire.close(0.5)
print(json.dumps(spanwire.stats()))
"""


def run(servers: Servers, options: dict[str, Any]) -> tuple[dict[str, Any], str]:
    program = PROGRAM.replace("MARK", repr(MARK))
    command = [sys.executable, "-c", program, json.dumps(options), f"{servers.vendor}/v1"]
    done = subprocess.run(command, check=True, timeout=PATIENCE, capture_output=True, text=True)
    return json.loads(done.stdout), done.stderr


def on_disk(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("is_kept", [False, True])
def test_content_follows_the_policy_onto_the_disk_and_into_what_is_said(
    servers: Servers, tmp_path: Path, is_kept: bool
) -> None:
    spool = tmp_path / "spool"
    dsn = f"http://public:{SECRET}@127.0.0.1:9/42"
    proxy = f"http://user:{SECRET}@127.0.0.1:9"
    options = {"dsn": dsn, "http_proxy": proxy, "spool_dir": str(spool), "debug": True, "send_default_pii": is_kept}
    stats, said = run(servers, options)
    assert stats["spooled"] == 3
    assert "sending failed" in said
    assert MARK not in said and SECRET not in said
    kept = on_disk(spool)
    assert "chat m" in kept and SECRET not in kept and '"sent_at"' not in kept
    assert (MARK in kept) == is_kept


@pytest.mark.parametrize("is_kept", [False, True])
def test_content_follows_the_policy_into_envelopes(servers: Servers, is_kept: bool) -> None:
    dsn = servers.dsn.replace("public@", f"public:{SECRET}@")
    stats, said = run(servers, {"dsn": dsn, "send_default_pii": is_kept})
    assert stats["sent"] == 3 and said == ""
    received = json.dumps(servers.envelopes())
    assert (MARK in received) == is_kept and SECRET not in received
