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

    def __init__(self, library: str, versions: str = "environments") -> None:
        self._python = interpreter(library, versions)
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
            command = [str(self._python), str(HERE / "runner.py"), mode, str(out), vendor]
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


def interpreter(library: str, versions: str = "environments") -> Path:
    """The Python of a library's environment, which may be shared: that of the newest versions or of the oldest."""
    for names in environments(versions):
        if library in names:
            folder = TARGET / {"environments": "libraries", "oldest": "oldest"}[versions] / names[0]
            return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    raise LookupError(f"{versions}.txt has no environment for {library}")


def environments(versions: str) -> list[list[str]]:
    """The libraries of each environment that a file pins."""
    lines = (HERE.parent / f"{versions}.txt").read_text().splitlines()
    return [line.strip("[]").split() for line in lines if line.startswith("[")]
