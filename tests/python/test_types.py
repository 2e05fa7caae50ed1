"""The package and a sample of its use, as mypy and pyright see them; and that they see mistakes."""

from __future__ import annotations

import importlib.resources
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spanwire

HERE = Path(__file__).resolve().parent

MISTAKES = """
import spanwire

spanwire.chat(5)
spanwire.init(traces_sample_rate="all")
spanwire.chat("m").set_usage(input_tokens="many")
spanwire.trace_headers()["sentry-trace"] + 1
"""


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        f"--cache-dir={os.devnull}",
        "--python-version",
        "3.10",
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, text=True, cwd=HERE)


def pyright(folder: Path, mode: str) -> list[str]:
    """What pyright says is wrong in a folder."""
    # The extension module has a stub and no source.
    config = {"typeCheckingMode": mode, "pythonVersion": "3.10", "reportMissingModuleSource": False}
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)]
    said = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    assert said["summary"]["filesAnalyzed"] > 0
    found = said["generalDiagnostics"]
    return [f"{one['file']}:{one['range']['start']['line'] + 1}: {one['message']}" for one in found]


def test_the_package_says_that_it_is_typed() -> None:
    assert importlib.resources.files("spanwire").joinpath("py.typed").is_file()


def test_mypy_on_the_package_and_the_sample() -> None:
    checked = mypy("-p", "spanwire")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    checked = mypy(str(HERE / "types_sample.py"))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_pyright_on_the_sample(tmp_path: Path) -> None:
    shutil.copy(HERE / "types_sample.py", tmp_path)
    assert pyright(tmp_path, "strict") == []


def test_pyright_on_the_package(tmp_path: Path) -> None:
    shutil.copytree(Path(spanwire.__file__).parent, tmp_path / "spanwire")
    assert pyright(tmp_path, "standard") == []


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_mistakes_are_seen(tmp_path: Path, checker: str) -> None:
    program = tmp_path / "mistakes.py"
    program.write_text(MISTAKES)
    lines = mypy(str(program)).stdout.splitlines() if checker == "mypy" else pyright(tmp_path, "strict")
    found = {int(line.split("mistakes.py:")[1].split(":")[0]) for line in lines if "mistakes.py:" in line}
    assert found == {4, 5, 6, 7}
