"""Real programs, each run without Spanwire and with it: the same to the program, and the spans that it states.

A program is a file `programs/<library>/<name>.py` as a user would write it, without a word of Spanwire. Its
`TREE` is the tree of spans that it gives (see `programs/trees.py`); what they say is held against what went
over the wire. It runs in the environment of its library, which `environments.txt` pins.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
import ast
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, running, spans_of

from programs import trees, wire

HERE = Path(__file__).resolve().parent
PROGRAMS = sorted((HERE / "programs").glob("*/*.py"))
TARGET = Path(os.environ.get("SPANWIRE_TARGET", ROOT / "target"))

#: How long all programs of a library may take; nothing waits that long when all is well.
PATIENCE = 300.0

Result = dict[str, Any]


class Results:
    """What the programs of one library did."""

    def __init__(self, library: str) -> None:
        programs = [path for path in PROGRAMS if path.parent.name == library]
        with running() as servers:
            self.plain = self._run("plain", library, servers.vendor, programs)
            self.traced = self._run("traced", library, servers.vendor, programs)

    def _run(self, mode: str, library: str, vendor: str, programs: list[Path]) -> list[Result]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("SENTRY_", "SPANWIRE_"))}
        if mode == "traced":
            environment["PYTHONPATH"] = str(package())
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "results"
            command = [str(interpreter(library)), str(HERE / "programs" / "runner.py"), mode, str(out), vendor]
            done = subprocess.run(
                [*command, *map(str, programs)], env=environment, timeout=PATIENCE, stderr=subprocess.PIPE, text=True
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
    for line in (HERE / "environments.txt").read_text().splitlines():
        names = line.strip("[]").split() if line.startswith("[") else []
        if library in names:
            return TARGET / "libraries" / names[0] / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    raise LookupError(f"environments.txt has no environment for {library}")


@pytest.fixture(scope="session")
def results(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Results]]]:
    """The programs of every library that was asked for, two libraries at a time."""
    paths = [getattr(item, "callspec").params.get("path") for item in request.session.items if hasattr(item, "callspec")]
    libraries = sorted({path.parent.name for path in paths if isinstance(path, Path) and path in PROGRAMS})
    with ThreadPoolExecutor(2) as pool:
        yield {library: pool.submit(Results, library) for library in libraries}


@functools.cache
def tree_of(path: Path) -> str:
    """The constant `TREE` of a program, which is not run for it."""
    for statement in ast.parse(path.read_text()).body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == "TREE":
            return str(ast.literal_eval(statement.value))
    raise LookupError(f"{path.name} states no TREE")


def assert_tree(spans: list[dict[str, Any]], path: Path) -> None:
    made, stated = trees.made(spans), trees.stated(tree_of(path))
    assert made == stated, f"\n== made\n{made}\n== stated\n{stated}"


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_program(path: Path, results: dict[str, Future[Results]]) -> None:
    done, program = results[path.parent.name].result(), path.stem
    plain, traced = Results.of(done.plain, program), Results.of(done.traced, program)
    for what in ("printed", "raised"):
        assert traced[what] == plain[what], f"the program {what} another thing with Spanwire"
    # How often a loop complains that is closed above open streams is a matter of luck.
    assert plain["complained"] or not traced["complained"], traced["complained"]
    assert sent(traced) == sent(plain), "another thing went over the wire"
    spans = spans_of([envelope.encode() for envelope in traced["envelopes"]])
    assert_tree(spans, path)
    assert wire.findings(spans, traced["requests"]) == []
    assert traced["is_gone"] and traced["is_open"] == 0


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_program_without_content(path: Path, results: dict[str, Future[Results]]) -> None:
    done, program = results[path.parent.name].result(), path.stem
    traced = Results.of(done.traced, program, content=False)
    assert traced["printed"] == Results.of(done.plain, program)["printed"]
    spans = spans_of([envelope.encode() for envelope in traced["envelopes"]])
    assert_tree(spans, path)
    everything = "".join(traced["envelopes"])
    assert [text for text in wire.content_of(traced["requests"]) if json.dumps(text)[1:-1] in everything] == []


def sent(result: Result) -> list[tuple[str, str]]:
    """The requests of a program; those that are made at once come in any order."""
    return sorted((request["path"], request["raw"]) for request in result["requests"])
