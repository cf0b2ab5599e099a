"""The extension of mkdocstrings, named in mkdocs.yml, that sets the labels of docstrings off."""

from __future__ import annotations

from typing import Any

import griffe

from tests.docs.labels import labelled


class Labels(griffe.Extension):
    """Set the labels off, before the docstring is read for its sections."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = labelled(obj.docstring.value)
