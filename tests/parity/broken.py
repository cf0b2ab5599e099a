"""A face with one line of its source changed, beside the one that is installed."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

import aculab_wrappers

if TYPE_CHECKING:
    import pytest

PACKAGE = Path(aculab_wrappers.__file__).parent
_NUMBERS: Final = itertools.count()
_DOTNET: Final = ("_dotnet_types", "_dotnet")
MODULES: Final = {
    "csharp": (*_DOTNET, "csharp"),
    "vb": (*_DOTNET, "vb"),
    "java": ("java",),
    "python": ("python",),
    "php": ("php",),
}
"""The modules of which a face consists, in the order of their imports."""


def broken_face(
    patch: pytest.MonkeyPatch, dialect: str, module: str, right: str, wrong: str
) -> ModuleType:
    """The face of `dialect`, made from its sources with `right` replaced by `wrong` in `module`."""
    made, number = ModuleType(""), next(_NUMBERS)
    for name in MODULES[dialect]:
        source = (PACKAGE / f"{name}.py").read_text(encoding="utf-8")
        if name == module:
            assert source.count(right) == 1, f"{name}.py holds {source.count(right)} times: {right}"
            source = source.replace(right, wrong)
        # A name of its own: typing keeps overloads by module, name and line.
        made = ModuleType(f"broken_{number}.{name}")
        made.__package__ = "aculab_wrappers"
        patch.setitem(sys.modules, f"aculab_wrappers.{name}", made)
        exec(compile(source, f"{name}.py", "exec"), made.__dict__)
    return made
