"""The Python surface is the one list that all three packages are held against, and so is the README."""

from __future__ import annotations

import json
import re
from pathlib import Path

import spanwire
import spanwire.testing

ROOT = Path(__file__).resolve().parents[2]
SURFACE = json.loads((ROOT / "tests" / "surface.json").read_text("utf-8"))


def camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def test_every_name_is_there_and_no_other_function_is() -> None:
    functions = {name for name in spanwire.__all__ if callable(getattr(spanwire, name)) and name.islower()}
    assert functions == {*SURFACE["functions"], *SURFACE["functions_of_python"]}
    for name in SURFACE["types"]:
        assert name in spanwire.__all__ and hasattr(spanwire, name)
    for name in SURFACE["testing"]:
        assert callable(getattr(spanwire.testing, name))


def test_a_span_has_every_method_and_no_other() -> None:
    public = {name for name in dir(spanwire.Span) if not name.startswith("_")}
    assert public == set(SURFACE["span"])


def test_the_readme_names_everything_in_both_spellings() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    words = set(re.findall(r"\w+", readme))
    missing = [name for name in [*SURFACE["functions"], *SURFACE["functions_of_python"], *SURFACE["span"]] if name not in words]
    missing += [name for name in map(camel, SURFACE["functions"]) if name not in words]
    assert missing == []
