"""Print the lowest versions that pyproject.toml allows, one requirement a line, for pip."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
for requirement in [*project["dependencies"], *project["optional-dependencies"]["cli"]]:
    name, lowest = re.fullmatch(r"([A-Za-z0-9-]+)>=([0-9.]+)", requirement).groups()
    print(f"{name}=={lowest}")
