"""Runs the programs of one library, one after the other, and writes down what each did.

Started with the interpreter of the library's environment, once without Spanwire and once with it:
`python runner.py plain|traced|maimed:N/OF OUT VENDOR PROGRAM ...`. `OUT` gets one JSON object a line. Maimed is
traced without those hooks of the library whose number, divided by `OF`, leaves `N`.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import runpy
import sys
import types
import urllib.request
import warnings
from pathlib import Path
from typing import Any

# This folder has folders named like libraries.
del sys.path[0]

PATIENCE = 30.0
DSN = "https://public@sentry.example.com/42"

#: How each client is pointed at the local vendor, without a word in the programs.
ENVIRONMENT = {
    "OPENAI_BASE_URL": "{vendor}/v1",
    "OPENAI_API_KEY": "key",
    "ANTHROPIC_BASE_URL": "{vendor}",
    "ANTHROPIC_API_BASE": "{vendor}",
    "ANTHROPIC_API_KEY": "key",
    "GOOGLE_GEMINI_BASE_URL": "{vendor}",
    "GOOGLE_VERTEX_BASE_URL": "{vendor}",
    "GEMINI_API_KEY": "key",
    # That tasks of one program's loop are carried into the next one's is a matter of luck.
    "LITELLM_LOG": "ERROR",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "{vendor}",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "key",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "VENDOR": "{vendor}",
}


def fetch(url: str, body: bytes | None = None) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=PATIENCE) as response:
        return json.loads(response.read())


def forget_clients() -> None:
    """Drops the clients that libraries keep for the process: they are of no use in another event loop."""
    for name in ("langchain_openai.chat_models._client_utils", "langchain_anthropic._client_utils"):
        for kept in vars(sys.modules.get(name, contextlib)).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
    if "agents.models.openai_provider" in sys.modules:
        sys.modules["agents.models.openai_provider"]._http_client = None


def run(program: Path) -> dict[str, Any]:
    """What a program prints and raises, and what is said on standard error until nothing of it is left."""
    printed, complained, raised = io.StringIO(), io.StringIO(), None
    forget_clients()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complained):
        # Which warnings are errors is each program's own.
        with warnings.catch_warnings():
            try:
                runpy.run_path(str(program), run_name="__main__")
            except BaseException as error:
                raised = f"{type(error).__module__}.{type(error).__qualname__}: {error}"
        gc.collect()
    said = {"printed": printed.getvalue(), "complained": complained.getvalue()}
    return {"program": program.stem, "raised": raised, **said}


class Hooks:
    """The hooks that integrations look for, some of which are missing."""

    def __init__(self, number: int, of: int) -> None:
        self._number, self._of = number, of
        self._numbers: dict[tuple[int, str], int] = {}
        #: The names of those that were looked for.
        self.missing: set[str] = set()

    def __len__(self) -> int:
        return len(self._numbers)

    def is_missing(self, owner: object, name: str) -> bool:
        """Whether it is one of those; each has the same number all the time."""
        number = self._numbers.setdefault((id(owner), name), len(self._numbers))
        if number % self._of == self._number:
            self.missing.add(f"{getattr(owner, '__name__', type(owner).__name__)}.{name}")
            return True
        return False

    def watch(self) -> None:
        """From here on integrations do not find what is missing."""
        from spanwire.integrations._patches import Patches

        has, hook = Patches.has, Patches.hook

        def has_if_there(patches: Any, owner: Any, name: str, *arguments: Any) -> bool:
            found = types.SimpleNamespace() if self.is_missing(owner, name) else owner
            return has(patches, found, name, *arguments)

        def hook_if_there(patches: Any, name: str, *arguments: Any) -> None:
            if not self.is_missing(patches, name):
                hook(patches, name, *arguments)

        Patches.has, Patches.hook = has_if_there, hook_if_there


class Recorder:
    """Spanwire, from before the library is imported."""

    def __init__(self, programs: Path, mode: str) -> None:
        import spanwire

        number, of = map(int, mode.partition(":")[2].split("/")) if ":" in mode else (-1, 1)
        self.hooks = Hooks(number, of)
        self.hooks.watch()
        self.spanwire = spanwire
        self.envelopes: list[bytes] = []
        options = programs / "options.json"
        self.options = json.loads(options.read_text()) if options.exists() else {}
        #: What is no option of `init`: URLs that are models, where programs use plain `httpx`.
        self.patterns = self.options.pop("instrument_httpx", None)

    def begin(self, *, content: bool) -> None:
        """From here on, with content or without."""
        self.spanwire.init(dsn=DSN, transport=self.envelopes.append, send_default_pii=content, **self.options)
        if self.patterns is not None:
            self.spanwire.instrument_httpx(*self.patterns)

    def taken(self) -> dict[str, Any]:
        """What was sent since this was asked the last time."""
        is_gone = self.spanwire.flush(PATIENCE)
        envelopes = [envelope.decode() for envelope in self.envelopes]
        self.envelopes.clear()
        stats = self.spanwire.stats()
        is_open = stats["started"] - stats["sent"]
        hooks = {"hooks": len(self.hooks), "missing": sorted(self.hooks.missing)}
        return {"envelopes": envelopes, "is_gone": is_gone, "is_open": is_open, **hooks}


def main(mode: str, out: str, vendor: str, *paths: str) -> None:
    os.environ.update({name: value.format(vendor=vendor) for name, value in ENVIRONMENT.items()})
    programs = [Path(path) for path in paths]
    recorder = Recorder(programs[0].parent, mode) if mode != "plain" else None
    with open(out, "w") as results:
        for content in (True, False) if mode == "traced" else (True,):
            if recorder is not None:
                recorder.begin(content=content)
            for program in programs:
                fetch(f"{vendor}/__reset", b"")
                result = {"content": content, **run(program)}
                if recorder is not None:
                    result.update(recorder.taken())
                result["requests"] = fetch(f"{vendor}/__requests")
                results.write(json.dumps(result) + "\n")
                results.flush()
    if mode == "plain":
        assert "spanwire" not in sys.modules


if __name__ == "__main__":
    main(*sys.argv[1:])
