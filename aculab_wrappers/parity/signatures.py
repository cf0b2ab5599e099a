"""Signatures as a page's transcript has them, and as a face has them, side by side."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, get_overloads

from .._core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


class _Plain(str):
    """An annotation, which `str(signature)` shows without quotation marks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def text_of(annotation: object) -> str:
    """The text of an annotation, spaces aside."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return _Plain(" ".join(text.split()))


@frozen
class Transcribed:
    """What a transcript says of a function, a constructor or a property, written in Python.

    Attributes:
        names: Names of the parameters, in order.
        returns: The annotation of what is returned or, of a property, of its value.
        text: The signature as Python shows it.
    """

    names: tuple[str, ...]
    returns: str
    text: str

    @classmethod
    def of(cls, document: Mapping[str, Any], item: Mapping[str, Any]) -> Transcribed:
        """Write the item of that transcript in Python."""
        types = document["types"]

        def annotation(described: Mapping[str, Any], kind: str) -> str:
            printed = described.get(kind, "")
            return text_of(described.get("python") or types.get(printed, f"<{printed}: no type>"))

        parameters = [
            inspect.Parameter(
                document.get("renamed", {}).get(parameter["name"], parameter["name"]),
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=parameter.get("default", inspect.Parameter.empty),
                annotation=annotation(parameter, "type"),
            )
            for parameter in item.get("parameters", ())
        ]
        returns = annotation(item, "returns" if "returns" in item else "type")
        signature = inspect.Signature(parameters, return_annotation=returns)
        return cls(tuple(signature.parameters), returns, str(signature))


def check_function(
    where: str, found: object, expected: Sequence[Transcribed], *, method: bool = False
) -> Iterator[str]:
    """What differs: overloads missing, surplus or changed, and names that cannot be called."""
    texts = [item.text for item in expected]
    if not inspect.isfunction(found):
        yield f"{where}: is a {type(found).__name__}, expected a function {' and '.join(texts)}"
        return
    has = [_text(function, method=method) for function in get_overloads(found) or [found]]
    lacking = [text for text in texts if text not in has]
    surplus = [text for text in has if text not in texts]
    if lacking:
        yield f"{where}: has {' and '.join(has)}, expected {' and '.join(lacking)}"
    elif surplus:
        yield f"{where}: {' and '.join(surplus)} is neither documented nor a known extra"
    for item in expected:
        yield from _refused(where, found, item, method=method)


def _text(function: Callable[..., Any], *, method: bool) -> str:
    signature = inspect.signature(function)
    parameters = [
        parameter
        if parameter.annotation is parameter.empty
        else parameter.replace(annotation=text_of(parameter.annotation))
        for parameter in signature.parameters.values()
    ]
    returns = signature.return_annotation
    if returns is not signature.empty:
        returns = text_of(returns)
    return str(signature.replace(parameters=parameters[method:], return_annotation=returns))


def _refused(
    where: str, found: Callable[..., Any], item: Transcribed, *, method: bool
) -> Iterator[str]:
    """Overloads promise; the function behind them must take what they promise."""
    signature, this = inspect.signature(found), [None] * method
    try:
        signature.bind(*this, *item.names)
        signature.bind(*this, **dict.fromkeys(item.names))
    except TypeError as error:
        yield f"{where}: cannot be called as {item.text}, by position or by name: {error}"
