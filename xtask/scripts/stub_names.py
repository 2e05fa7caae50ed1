"""Prints the names that a stub file declares and those that the compiled module has, as JSON.

Usage: stub_names.py STUB MODULE. Members of classes are told as `Class.member`. A module that is not installed
is told as null.
"""

import ast
import importlib
import json
import sys
from pathlib import Path


def declared(body: list[ast.stmt], prefix: str = "") -> dict[str, int]:
    """The names a stub declares, with their lines; what it imports is not its own."""
    names: dict[str, int] = {}
    for node in body:
        if isinstance(node, ast.ClassDef):
            if not is_type_only(node):
                names[prefix + node.name] = node.lineno
                names |= declared(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names[prefix + node.name] = node.lineno
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if "TypeAlias" not in ast.unparse(node.annotation):
                names[prefix + node.target.id] = node.lineno
    return {name: line for name, line in names.items() if not is_private(name)}


def is_type_only(node: ast.ClassDef) -> bool:
    """Whether a class exists for type checkers alone."""
    bases = {ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases}
    decorators = {ast.unparse(decorator).split(".")[-1] for decorator in node.decorator_list}
    return bool(bases & {"Protocol", "TypedDict"}) or "type_check_only" in decorators


def present(module: str) -> dict[str, int] | None:
    """The names a module has, with those of its own classes."""
    try:
        members = vars(importlib.import_module(module))
    except ModuleNotFoundError:
        return None
    names: dict[str, int] = {}
    for name, value in members.items():
        names[name] = 1
        if isinstance(value, type) and not issubclass(value, BaseException):
            names |= {f"{name}.{member}": 1 for member in vars(value)}
    return {name: line for name, line in names.items() if not is_private(name)}


def is_private(name: str) -> bool:
    """Whether the last part of a name is not for users; special methods are Python's, not ours."""
    return name.rsplit(".", 1)[-1].startswith("_")


if __name__ == "__main__":
    stub, module = sys.argv[1:]
    tree = ast.parse(Path(stub).read_text(encoding="utf-8"))
    print(json.dumps({"stub": declared(tree.body), "module": present(module)}))
