"""The labels at the end of this project's docstrings, for the API reference.

`Wire:`, `Source:` and `Evidence:` open a paragraph each, their names in bold.
"""

from __future__ import annotations

import re
from typing import Final

_TAIL: Final = re.compile(r"^(Wire|Source): .*\Z", re.MULTILINE | re.DOTALL)


def labelled(text: str) -> str:
    """The docstring with its labels as paragraphs of their own."""
    return _TAIL.sub(_paragraphs, text)


def _paragraphs(tail: re.Match[str]) -> str:
    one_line = re.sub(r"\n+ *", " ", tail[0])
    return re.sub(r"(?:^| )(Wire|Source|Evidence): ", r"\n\n**\1:** ", one_line)
