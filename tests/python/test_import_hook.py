"""Libraries that are imported after `init` are instrumented then; and imports go as they would have."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import PATIENCE
from spanwire.integrations import _imports
from spanwire.integrations._imports import forget, when_imported

NAME = "spanwire_library_for_tests"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that can be imported, and says what it saw of itself."""
    module = tmp_path / f"{NAME}.py"
    module.write_text("loader = __spec__.loader\nshadowed = dict(vars(loader))\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield module
    forget(NAME)
    sys.modules.pop(NAME, None)


def finder_is_there() -> bool:
    return _imports._finder in sys.meta_path


def test_the_module_is_told_of_when_it_has_been_run(library: Path) -> None:
    seen: list[ModuleType] = []
    when_imported(NAME, lambda: seen.append(sys.modules[NAME]))
    assert NAME not in sys.modules and finder_is_there()
    module = importlib.import_module(NAME)
    assert seen == [module] and hasattr(module, "shadowed")
    assert not finder_is_there()


def test_nothing_of_it_stays_in_the_module(library: Path) -> None:
    when_imported(NAME, lambda: None)
    module: Any = importlib.import_module(NAME)
    untouched = importlib.util.spec_from_file_location(NAME, library)
    assert untouched is not None
    assert type(module.__loader__) is type(untouched.loader)
    assert module.__loader__ is module.__spec__.loader is module.loader
    assert "exec_module" not in module.shadowed


def test_a_module_that_is_there_is_told_of_at_once(library: Path) -> None:
    importlib.import_module(NAME)
    seen: list[str] = []
    when_imported(NAME, lambda: seen.append("now"))
    assert seen == ["now"] and not finder_is_there()


def test_looking_for_a_module_is_no_import(library: Path) -> None:
    seen: list[str] = []
    when_imported(NAME, lambda: seen.append("imported"))
    assert importlib.util.find_spec(NAME) is not None
    assert seen == [] and NAME not in sys.modules
    importlib.import_module(NAME)
    assert seen == ["imported"]


def test_a_module_that_is_not_there(library: Path) -> None:
    library.unlink()
    when_imported(NAME, lambda: None)
    with pytest.raises(ModuleNotFoundError, match=NAME):
        importlib.import_module(NAME)
    assert importlib.util.find_spec(NAME) is None


def test_a_module_that_fails_may_come_a_second_time(library: Path) -> None:
    seen: list[str] = []
    when_imported(NAME, lambda: seen.append("imported"))
    library.write_text("raise LookupError('not yet')")
    with pytest.raises(LookupError, match="not yet"):
        importlib.import_module(NAME)
    assert seen == []
    library.write_text("# Longer than before, so that it is read again.\n" * 9)
    importlib.invalidate_caches()
    importlib.import_module(NAME)
    assert seen == ["imported"]


def test_what_goes_wrong_in_here_stays_in_here(library: Path) -> None:
    def broken() -> None:
        raise RuntimeError("ours")

    when_imported(NAME, broken)
    assert importlib.import_module(NAME).shadowed is not None


def test_a_module_out_of_an_archive(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One loader for all modules of the archive."""
    archive = tmp_path / "modules.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(f"{NAME}.py", f"import {NAME}_other")
        file.writestr(f"{NAME}_other.py", "")
    library.unlink()
    monkeypatch.syspath_prepend(str(archive))
    seen: list[str] = []
    when_imported(NAME, lambda: seen.append("imported"))
    module: Any = importlib.import_module(NAME)
    assert seen == ["imported"] and "exec_module" not in vars(module.__loader__)
    sys.modules.pop(f"{NAME}_other")


def test_finders_that_ask_all_of_them_again(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Asking:
        def __init__(self) -> None:
            self.is_asking = False

        def find_spec(self, name: str, *_: object) -> Any:
            if self.is_asking:
                return None
            self.is_asking = True
            try:
                return importlib.util.find_spec(name)
            finally:
                self.is_asking = False

    monkeypatch.setattr(sys, "meta_path", [Asking(), *sys.meta_path])
    seen: list[str] = []
    when_imported(NAME, lambda: seen.append("imported"))
    importlib.import_module(NAME)
    assert seen == ["imported"]


def test_many_threads_import_at_once(library: Path) -> None:
    seen: list[str] = []
    when_imported(NAME, lambda: seen.append("imported"))
    ready = threading.Barrier(8)

    def load() -> None:
        ready.wait()
        importlib.import_module(NAME)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["imported"]


LATE = """
import sys, spanwire
from spanwire._instrument import LIBRARIES
spanwire.init(dsn="https://public@sentry.example.com/42", transport=lambda envelope: None)
assert not [library.module for library in LIBRARIES if library.module in sys.modules]
import openai._base_client
request = openai._base_client.SyncAPIClient.request
assert hasattr(request, "__wrapped__")
spanwire.uninstrument()
assert openai._base_client.SyncAPIClient.request is request.__wrapped__
"""


def test_init_imports_no_library_and_sees_the_one_that_comes_later() -> None:
    subprocess.run([sys.executable, "-c", LATE], check=True, timeout=PATIENCE)
