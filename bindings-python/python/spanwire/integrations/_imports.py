"""Knowing when a module has been imported, without importing it.

The finder stands first in `sys.meta_path` as long as a module is waited for, finds nothing itself, and asks
the others. What they find keeps its type: only the loader's `exec_module` is shadowed, until it runs.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING, Any

from ._guard import guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

#: What is done when a module has been imported.
_awaited: dict[str, Callable[[], None]] = {}


def when_imported(module: str, act: Callable[[], None]) -> None:
    """Calls `act` when the module has been imported: now, if it is. Again, it replaces what was asked before."""
    if module in sys.modules:
        with guarded(f"that {module} is there"):
            act()
        return
    _awaited[module] = act
    _settle()


def forget(module: str) -> None:
    """Takes `when_imported` back."""
    _awaited.pop(module, None)
    _settle()


def _settle() -> None:
    """Puts the finder there or takes it away. Other threads may be doing so: each looks until it is as it has to be."""
    while bool(_awaited) != (_finder in sys.meta_path):
        if _awaited:
            sys.meta_path.insert(0, _finder)
        else:
            with contextlib.suppress(ValueError):
                sys.meta_path.remove(_finder)


class _Finder:
    """Finds nothing itself."""

    def __init__(self) -> None:
        self._searching = threading.local()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _awaited or getattr(self._searching, "name", None) == name:
            return None
        self._searching.name = name  # Another finder may ask all of them again.
        try:
            spec = self._ask_others(name, path, target)
        finally:
            self._searching.name = None
        if spec is not None:
            with guarded(f"the way in which {name} is loaded"):
                _announce(spec.loader, name)
        return spec

    def _ask_others(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        for finder in list(sys.meta_path):
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = None if find is None else find(name, path, target)
            if spec is not None:
                found: ModuleSpec = spec
                return found
        return None


_finder: Any = _Finder()


def _announce(loader: Any, name: str) -> None:
    """Has the loader say when it has run the module."""
    if isinstance(loader, type):
        raise TypeError("a class that loads many modules: nothing is put into it")
    run = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        if module.__name__ == name and vars(loader).get("exec_module") is exec_module:
            del loader.exec_module  # From here on the loader is as it was: the module may look.
        run(module)
        if module.__name__ == name:
            _has_come(name)

    loader.exec_module = exec_module


def _has_come(name: str) -> None:
    act = _awaited.get(name)
    forget(name)
    if act is not None:
        with guarded(f"that {name} was imported"):
            act()
