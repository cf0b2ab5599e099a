"""The package as a whole: its public names, its layers, and what importing it costs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import aculab_wrappers

PACKAGE = Path(aculab_wrappers.__file__).parent
FACES = ("csharp", "vb", "java", "php", "python")


def _imports(path: Path, *, for_types: bool = False) -> set[str]:
    """The modules that a file imports, absolute; those for type checkers alone if asked for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = ("aculab_wrappers", *path.relative_to(PACKAGE).with_suffix("").parts)
    package = parts if path.name == "__init__.py" else parts[:-1]
    if path.name == "__init__.py":
        package = parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not for_types:
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            found.add(".".join((*above, *([node.module] if node.module else []))))
    return found


@pytest.mark.parametrize("name", aculab_wrappers.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(aculab_wrappers, name) is not None


def test_the_public_names_are_sorted_and_listed() -> None:
    assert aculab_wrappers.__all__ == sorted(aculab_wrappers.__all__)
    assert dir(aculab_wrappers) == aculab_wrappers.__all__


@pytest.mark.parametrize(
    "name",
    sorted({name for face in FACES for name in import_module(f"aculab_wrappers.{face}").__all__}),
)
def test_a_name_of_a_wrapper_says_in_which_modules_it_is(name: str) -> None:
    modules = [face for face in FACES if name in import_module(f"aculab_wrappers.{face}").__all__]
    said = f"{name} is a name of a wrapper: import it from aculab_wrappers." + (
        " or aculab_wrappers.".join(modules)
    )

    with pytest.raises(ImportError, match=f"^{said}$"):
        exec(f"from aculab_wrappers import {name}", {})
    with pytest.raises(AttributeError, match=f"^{said}$"):
        getattr(aculab_wrappers, name)
    assert not hasattr(aculab_wrappers, name)
    assert name not in aculab_wrappers.__all__


def test_any_other_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'OutboundClint'"):
        aculab_wrappers.OutboundClint  # type: ignore[attr-defined]  # noqa: B018  the point


@pytest.mark.parametrize("module", ["aculab_wrappers", *(f"aculab_wrappers.{f}" for f in FACES)])
def test_an_import_loads_nothing_that_only_a_request_needs(module: str) -> None:
    heavy = ("requests", "urllib3", "ssl", "asyncio", "werkzeug", "click", "rich", "http.client")
    program = (
        f"import sys, {module} as m\n"
        "for name in getattr(m, '__all__', ()): getattr(m, name)\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )

    printed = subprocess.check_output([sys.executable, "-c", program], text=True)

    assert printed == "[]\n"


@pytest.mark.parametrize("face", FACES)
def test_no_face_imports_another(face: str) -> None:
    others = {f"aculab_wrappers.{other}" for other in FACES if other != face}

    assert not _imports(PACKAGE / f"{face}.py") & others


@pytest.mark.parametrize(
    "path",
    [
        *(f"_core/{name}.py" for name in ("answers", "credentials", "http", "json_reader")),
        *(f"_core/{name}.py" for name in ("operations", "outcome", "redaction", "values")),
        "sandbox/cloud.py",
        "doctor/allowed_requests.py",
        "doctor/assumptions.py",
    ],
)
def test_the_pure_modules_do_no_io(path: str) -> None:
    impure = {"time", "socket", "http", "http.client", "requests", "os", "logging", "threading"}

    assert not _imports(PACKAGE / path) & impure


@pytest.mark.parametrize("path", sorted((PACKAGE / "_core").glob("*.py")), ids=lambda p: p.name)
def test_the_core_stands_on_nothing_but_errors(path: Path) -> None:
    ours = {name for name in _imports(path) if name.startswith("aculab_wrappers")}

    assert all(
        name.startswith("aculab_wrappers._core")
        or name in ("aculab_wrappers.errors", "aculab_wrappers._version")
        for name in ours
    ), ours


SANDBOX = sorted((PACKAGE / "sandbox").glob("*.py"))
SANDBOX.remove(PACKAGE / "sandbox" / "__main__.py")  # a program, which nobody imports


@pytest.mark.parametrize("path", SANDBOX, ids=lambda p: p.name)
def test_the_sandbox_knows_no_face_and_no_client(path: Path) -> None:
    above = {
        f"aculab_wrappers.{name}" for name in (*FACES, "client", "_dotnet", "cli", "parity", "demo")
    }

    assert not _imports(path) & above


@pytest.mark.parametrize("path", sorted((PACKAGE / "doctor").glob("*.py")), ids=lambda p: p.name)
def test_the_doctor_stands_on_the_core_alone(path: Path) -> None:
    ours = {name for name in _imports(path) if name.startswith("aculab_wrappers.")}
    below = ("aculab_wrappers._core", "aculab_wrappers.doctor")
    plain = {"aculab_wrappers.errors", "aculab_wrappers._version"}

    assert all(name.startswith(below) or name in plain for name in ours), ours


def test_errors_stand_on_what_everything_may_raise() -> None:
    ours = {name for name in _imports(PACKAGE / "errors.py") if name.startswith("aculab")}

    assert ours == {"aculab_wrappers._core.invalid"}


def _plan() -> list[str]:
    """The modules of the core, in the order of the plan that it opens with."""
    text = (PACKAGE / "_core" / "__init__.py").read_text(encoding="utf-8")
    return re.findall(r"(?m)^    ([a-z_]+)  ", text)


def test_the_plan_of_the_core_names_each_module_once() -> None:
    files = {path.stem for path in (PACKAGE / "_core").glob("*.py")} - {"__init__"}

    assert len(_plan()) == len(set(_plan()))
    assert set(_plan()) == files


@pytest.mark.parametrize("name", _plan())
def test_a_module_of_the_core_imports_from_those_above_it_alone(name: str) -> None:
    above = {f"aculab_wrappers._core.{one}" for one in _plan()[: _plan().index(name)]}
    core = {
        one
        for one in _imports(PACKAGE / "_core" / f"{name}.py", for_types=True)
        if one.startswith("aculab_wrappers._core.")
    }

    assert core <= above
