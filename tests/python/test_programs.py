"""Real programs, each run without Spanwire and with it: the same to the program, and the spans that it states.

A program is a file `programs/<library>/<name>.py` as a user would write it, without a word of Spanwire. Its
`TREE` is the tree of spans that it gives (see `programs/trees.py`); what they say is held against what went
over the wire. It runs in the environment of its library, which `environments.txt` pins. A third run has every
second hook missing, as in a version of the library that nobody has seen yet; `cargo xtask soak` runs each library
once for each of its hooks.
"""

from __future__ import annotations

import ast
import functools
import json
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import spans_of

from programs import trees, wire
from programs.results import PROGRAMS, Result, Results, environments

SOAK = bool(os.environ.get("SPANWIRE_SOAK"))

#: Spans that may stay open where the hook that tells of their end is missing.
FORGOTTEN = 5

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
    assert_harmless(plain, traced)
    spans = spans_of([envelope.encode() for envelope in traced["envelopes"]])
    assert_tree(spans, path)
    assert wire.findings(spans, traced["requests"]) == []


def assert_harmless(plain: Result, traced: Result, *, still_open: int = 0) -> None:
    """Nothing was different to the program, and no span stayed open, or not too many of all programs so far."""
    for what in ("printed", "raised"):
        assert traced[what] == plain[what], f"the program {what} another thing with Spanwire{without(traced)}"
    # Whether a loop complains that is closed above open streams is a matter of luck, without Spanwire too.
    is_luck = plain["complained"] or "asynchronous generator is already running" in traced["complained"]
    assert is_luck or not traced["complained"], traced["complained"] + without(traced)
    assert sent(traced) == sent(plain), f"another thing went over the wire{without(traced)}"
    assert traced["is_gone"] and traced["is_open"] <= still_open, f"spans stay open{without(traced)}"


def without(traced: Result) -> str:
    """What was missing, as the end of a sentence."""
    return f" without {', '.join(traced['missing'])}" if traced["missing"] else ""


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_program_with_every_second_hook_missing(path: Path, results: dict[str, Future[Results]]) -> None:
    done, program = results[path.parent.name].result(), path.stem
    assert_harmless(Results.of(done.plain, program), Results.of(done.maimed, program))


@pytest.mark.skipif(not SOAK, reason="takes minutes")
@pytest.mark.parametrize("library", sorted({path.parent.name for path in PROGRAMS}))
def test_programs_with_each_hook_missing(library: str) -> None:
    done = Results(library)
    for hook in range(done.hooks):
        for result in done.run(f"maimed:{hook}/{done.hooks}"):
            print(result["program"], result["missing"])
            # What a framework begins and only the client below sees the end of may stay until the library lets go.
            assert_harmless(Results.of(done.plain, result["program"]), result, still_open=FORGOTTEN)


@pytest.mark.skipif(not SOAK, reason="takes minutes")
@pytest.mark.parametrize("library", [library for libraries in environments("oldest") for library in libraries])
def test_programs_with_the_oldest_versions(library: str) -> None:
    done, same = Results(library, "oldest"), 0
    for result in done.plain:
        traced = Results.of(done.traced, result["program"])
        assert_harmless(result, traced, still_open=FORGOTTEN)
        spans = spans_of([envelope.encode() for envelope in traced["envelopes"]])
        path = next(path for path in PROGRAMS if (path.parent.name, path.stem) == (library, result["program"]))
        is_same = trees.made(spans) == trees.stated(tree_of(path))
        same += is_same
        if not is_same:
            print(f"{library}-{path.stem} has another tree, and ended with {result['raised']}")
    print(f"{library}: {same} of {len(done.plain)} programs have the tree that they state for the newest version")
    # Programs are written for the newest: what there was not yet, they stumble over, with Spanwire or without.
    ended = [result for result in done.plain if result["raised"] is None]
    assert same * 2 > len(ended) > 0


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
