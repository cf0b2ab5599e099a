"""The Python of README.md runs as it stands there, against a sandbox."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(r"(?ms)^```python\n(.*?)^```", README.read_text(encoding="utf-8"))


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(time="manual") as cloud:
        monkeypatch.setenv("ACULAB_BASE_URL", cloud.base_url)

        # Waiting moves the sandbox's clock instead of the world's.
        monkeypatch.setattr(time, "sleep", cloud.advance)
        yield cloud


def test_there_are_the_five_dialects_and_the_new_way() -> None:
    assert len(BLOCKS) == 6


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_starts_the_call_that_it_shows(
    block: str, cloud: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(block, "README.md", "exec"), {"password": "MyOutboundServicePassword"})

    [instance] = cloud.instances
    assert instance.to in ("441908273800", "441908283800")
    assert instance.token == "my token info"
    if "print(" in block:
        assert capsys.readouterr().out == f"{instance.id} COMPLETED 0\n"
