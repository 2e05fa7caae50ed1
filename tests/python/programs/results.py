"""What the programs of a library do, each mode of `runner.py` in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from conftest import ROOT, running

HERE = Path(__file__).resolve().parent
PROGRAMS = sorted(HERE.glob("*/*.py"))
TARGET = Path(os.environ.get("SPANWIRE_TARGET", ROOT / "target"))

#: How long all programs of a library may take; nothing waits that long when all is well.
PATIENCE = 300.0

Result = dict[str, Any]


class Results:
    """What the programs of one library did."""

    def __init__(self, library: str) -> None:
        self._library = library
        self._programs = [path for path in PROGRAMS if path.parent.name == library]
        self.plain = self.run("plain")
        self.traced = self.run("traced")
        self.maimed = self.run("maimed:1/2")
        #: How many hooks the library has.
        self.hooks: int = self.maimed[-1]["hooks"]

    def run(self, mode: str) -> list[Result]:
        """What all programs do in a mode of the runner."""
        with running() as servers:
            return self._run(mode, servers.vendor)

    def _run(self, mode: str, vendor: str) -> list[Result]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("SENTRY_", "SPANWIRE_"))}
        if mode != "plain":
            environment["PYTHONPATH"] = str(package())
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "results"
            command = [str(interpreter(self._library)), str(HERE / "runner.py"), mode, str(out), vendor]
            done = subprocess.run(
                [*command, *map(str, self._programs)], env=environment, timeout=PATIENCE, stderr=subprocess.PIPE, text=True
            )
            results = [json.loads(line) for line in out.read_text().splitlines()]
        assert done.returncode == 0, f"after {[one['program'] for one in results][-1:]}: {done.stderr[-4000:]}"
        return results

    @staticmethod
    def of(results: list[Result], program: str, *, content: bool = True) -> Result:
        (result,) = [one for one in results if one["program"] == program and one["content"] is content]
        return result


def package() -> Path:
    """The package alone, for environments that it is not installed into."""
    return TARGET / "package"


def interpreter(library: str) -> Path:
    """The Python of a library's environment, which may be shared."""
    for line in (HERE.parent / "environments.txt").read_text().splitlines():
        names = line.strip("[]").split() if line.startswith("[") else []
        if library in names:
            return TARGET / "libraries" / names[0] / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    raise LookupError(f"environments.txt has no environment for {library}")
