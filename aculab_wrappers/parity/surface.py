"""Hold a face against the transcript of its page: every name, in both directions.

The transcript, `parity/surface/<dialect>.json`, says what the page prints and how that is written
in Python; the face is read by reflection. Annotations are compared as the text they are.
"""

from __future__ import annotations

import enum
import inspect
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

from .._core.frozen import frozen
from .signatures import Transcribed, check_function, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

    Item = Mapping[str, Any]

_ABSENT = object()
# Extras that are members of a documented class.
_MEMBER_KINDS = {"member": "property", "overload": "method"}


def check_surface(document: Mapping[str, Any], module: ModuleType) -> list[str]:
    """What differs between a page's transcript and a face.

    Args:
        document: A `surface/<dialect>.json` that is valid by the schema.
        module: The face.

    Returns:
        One sentence for each difference: where it is, what the face has, what is expected.
        Empty when they agree.
    """
    return list(_Face(document, module).differences())


@frozen
class _Face:
    document: Item
    module: ModuleType

    def differences(self) -> Iterator[str]:
        yield from self._exported()
        page = self.document["dialect"]
        if "__getattr__" in vars(self.module):
            yield f"{page}: the module has a __getattr__, so a misspelt name may be taken for one"
        for item in self.document.get("functions", ()):
            found = vars(self.module).get(item["name"])
            expected = [Transcribed.of(self.document, item)]
            yield from check_function(f"{page}.{item['name']}", found, expected)
        for item in _classes(self.document):
            found = vars(self.module).get(item["name"])
            where = f"{page}.{item['name']}"
            if isinstance(found, type):
                yield from _Class(where, item, found, self).differences()
            else:
                yield f"{where}: the face has no class of that name, expected {_said(item)}"
        yield from self._aliases()
        yield from self._absent()

    def _exported(self) -> Iterator[str]:
        """`__all__` is what is documented and the extras, and nothing else."""
        where = f"{self.document['dialect']}.__all__"
        found = list(vars(self.module).get("__all__", ()))
        kinds = ("functions", "classes", "extras")
        named = {item["name"] for kind in kinds for item in self.document.get(kind, ())}
        expected = {name for name in named if "." not in name}
        for name in sorted(expected - set(found)):
            yield f"{where}: lacks {name}, which is documented or a known extra"
        for name in sorted(set(found) - expected):
            yield f"{where}: has {name}, which is neither documented nor a known extra"
        for name in sorted({name for name in found if found.count(name) > 1}):
            yield f"{where}: has {name} more than once, expected once"

    def _aliases(self) -> Iterator[str]:
        known = {item["name"] for item in _classes(self.document)}
        for item in self.document["extras"]:
            if item["kind"] == "alias":
                where = f"{self.document['dialect']}.{item['name']}"
                found, meant = self._find(item["name"]), self._find(item["of"])
                if found is _ABSENT or found is not meant:
                    yield f"{where}: is not {item['of']}, expected another name for it"
                if item["of"].rpartition(".")[2] not in known:
                    yield f"{where}: expected another name for a class, {item['of']} is none"

    def _absent(self) -> Iterator[str]:
        for item in self.document["absent"]:
            for name in item["names"]:
                if self._find(name) is not _ABSENT:
                    where = f"{self.document['dialect']}.{name}"
                    yield f"{where}: exists, expected no {item['capability']}, for {item['why']}"

    def _find(self, name: str) -> object:
        found: object = self.module
        for part in name.split("."):
            found = getattr(found, part, _ABSENT)
        return found


@frozen
class _Class:
    where: str
    described: Item
    found: type
    face: _Face

    def differences(self) -> Iterator[str]:
        yield from self._shape()
        if "values" in self.described:
            yield from self._values()
        if "constructors" in self.described:
            expected = [
                Transcribed.of(self.face.document, {**item, "python": "None"})
                for item in self.described["constructors"]
            ]
            found = inspect.getattr_static(self.found, "__init__")
            yield from check_function(f"{self.where}.__init__", found, expected, method=True)
        yield from self._members()

    @property
    def _own(self) -> list[type]:
        """The class, and those of the same name below it: what two languages share of theirs."""
        own = [self.found]
        while [base.__name__ for base in own[-1].__bases__] == [self.described["name"]]:
            own += own[-1].__bases__
        return own

    def _shape(self) -> Iterator[str]:
        """Its own name, what it extends, and that a misspelt attribute fails."""
        found, name = self.found, self.described["name"]
        if found.__name__ != name:
            yield f"{self.where}: the class calls itself {found.__name__}, expected {name}"
        default = "StrEnum" if "values" in self.described else "object"
        wanted = self.described.get("extends", default)
        parent = self._own[-1].__base__
        bases = [base.__name__ for base in self._own[-1].__bases__]
        if bases != [wanted] or vars(self.face.module).get(wanted, parent) is not parent:
            yield f"{self.where}: extends {', '.join(bases)}, expected {wanted} and no other"
        if self._takes_any_name():
            yield f"{self.where}: has a __getattr__, so a misspelt name may be taken for one"
        if self._makes_objects() and found.__dictoffset__:
            yield f"{self.where}: its objects take any attribute, expected __slots__ to prevent it"

    def _takes_any_name(self) -> bool:
        """A `__getattr__` may say the right name, and must then raise."""
        found: Any = self.found
        answers = [vars(owner).get("__getattr__") for owner in found.__mro__]
        for answer in filter(None, answers):
            try:
                answer(found.__new__(found), "no_such_member")
            except AttributeError:
                continue
            return True
        return False

    def _makes_objects(self) -> bool:
        """Enumerations and namespaces do not."""
        kinds = {member["kind"] for member in self.described["members"]}
        return "values" not in self.described and (
            "constructors" in self.described or kinds != {"class"}
        )

    def _values(self) -> Iterator[str]:
        members = self.found.__members__ if issubclass(self.found, enum.Enum) else {}
        values = [(name, member.value) for name, member in members.items()]
        expected = [(name, name) for name in self.described["values"]]
        if values != expected:
            yield f"{self.where}: its values are {values}, expected {expected}"

    def _members(self) -> Iterator[str]:
        documented: dict[str, list[Item]] = {}
        for item in self.described["members"]:
            documented.setdefault(item["name"], []).append(item)
        known = documented.keys() | set(self.described.get("values", ()))
        has = {name: item for own in reversed(self._own) for name, item in vars(own).items()}
        for name in sorted(has):
            if (not name.startswith("_") or name == "__call__") and name not in known:
                yield f"{self.where}.{name}: is neither documented nor a known extra"
        for name, items in documented.items():
            found = has.get(name, _ABSENT)
            if found is _ABSENT:
                yield f"{self.where}.{name}: is missing, expected {_said(items[0])}"
            else:
                yield from self._member(f"{self.where}.{name}", items, found)

    def _member(self, where: str, items: Sequence[Item], found: object) -> Iterator[str]:
        first = items[0]
        match first["kind"]:
            case "method":
                expected = [Transcribed.of(self.face.document, item) for item in items]
                yield from check_function(where, found, expected, method=True)
            case "property":
                yield from self._property(where, first, found)
            case "constant":
                if type(found) is not type(first["value"]) or found != first["value"]:
                    yield f"{where}: is {found!r}, expected the constant {first['value']!r}"
            case _:  # a class within a namespace
                if found is not vars(self.face.module).get(first["name"]):
                    yield f"{where}: is {found!r}, expected the face's {first['name']}"

    def _property(self, where: str, item: Item, found: object) -> Iterator[str]:
        if isinstance(found, MemberDescriptorType):  # a slot
            types = [text_of(inspect.get_annotations(self.found).get(item["name"]))] * 2
        elif isinstance(found, property) and found.fget is not None:
            types = _types(found)
        else:
            yield f"{where}: is a {type(found).__name__}, expected a property that can be read"
            return
        expected = Transcribed.of(self.face.document, item).returns
        for text in dict.fromkeys(types):
            if text != expected:
                yield f"{where}: its type is {text}, expected {expected}"
        settable = item.get("settable", False)
        if settable and len(types) == 1:
            yield f"{where}: cannot be set, expected that it can"
        if not settable and len(types) == 2:
            yield f"{where}: can be set, expected that it cannot"


def _types(found: property) -> list[str]:
    """The type that is read and, if it can be set, the one that is written."""
    types = [text_of(inspect.signature(found.fget).return_annotation)] if found.fget else []
    if found.fset is not None:
        types.append(text_of([*inspect.signature(found.fset).parameters.values()][-1].annotation))
    return types


def _classes(document: Item) -> Iterator[Item]:
    """The documented classes, each with this package's own members, and the extra classes."""
    extras = document["extras"]
    for item in (*document["classes"], *(extra for extra in extras if extra["kind"] == "class")):
        more = [
            {**extra, "name": name, "kind": _MEMBER_KINDS[extra["kind"]]}
            for extra in extras
            for owner, _, name in [extra["name"].partition(".")]
            if extra["kind"] in _MEMBER_KINDS and owner == item["name"]
        ]
        yield {**item, "members": [*item.get("members", ()), *more]}


def _said(item: Item) -> str:
    """What the page says of it or, of an extra, why it is there."""
    return repr(item["printed"]) if "printed" in item else f"the extra {item['name']}"
