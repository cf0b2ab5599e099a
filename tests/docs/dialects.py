"""Write the members and the samples into each language's page, from the parity suite.

python -m tests.docs.dialects            say whether the pages are up to date
python -m tests.docs.dialects --write    write them
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from aculab_wrappers.parity.folder import suite_folder
from aculab_wrappers.parity.samples import HTTP, Tab, read_samples

from ..whole_suite import suite
from .pages import DOCS
from .written import Written, code, main, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aculab_wrappers.parity.samples import Quotation, Snippet

Json = Mapping[str, Any]

_FENCES: Final = {
    "csharp": "csharp",
    "vb": "vbnet",
    "java": "java",
    "php": "php",
    "python": "python",
    "http": "text",
}
_WAITS: Final = ", and wait for their end"
_LONGEST: Final = 90
_TITLES: Final = {
    "telephone": "Call a telephone number",
    "conference": "Call a conference",
    "several": "Several calls",
}


@cache
def tabs() -> Mapping[str, Tab]:
    return {tab.dialect: tab for tab in read_samples(suite_folder())}


def generated(dialect: str) -> str:
    """What stands between the marks of a language's page."""
    lines = [] if dialect == HTTP else [*_members(suite().surfaces[dialect])]
    return "\n".join([*lines, *_samples(tabs()[dialect])])


def anchor(class_: str, name: str, nth: int = 1) -> str:
    """Where a member's row is on its page."""
    place = f"{class_}.{name}" if class_ else name
    return place if nth == 1 else f"{place}.{nth}"


# Members


def _members(surface: Json) -> Iterator[str]:
    yield from ("## The members, in the page's order", "")
    if functions := surface.get("functions", ()):
        yield from ("### The function", "")
        yield from _table([_row(surface, "", one["name"], one, 1) for one in functions])
    for class_ in surface["classes"]:
        yield from _class(surface, class_)
    yield from ("### What the tab does not have", "")
    yield "Names that one may look for. They are not there, and a test holds that."
    yield ""
    yield from table(["not there", "why"], _absent(surface))
    if extras := surface["extras"]:
        yield from ("### What is here beside the page's names", "")
        yield from table(["here", "why"], [[_extra(one), one["why"]] for one in extras])


def _absent(surface: Json) -> list[list[str]]:
    """Each name once, with those that are absent for the same reason."""
    told = set[str]()
    names: dict[str, list[str]] = {}
    for entry in surface["absent"]:
        new = [name for name in entry["names"] if name not in told]
        told.update(new)
        if new:
            names.setdefault(entry["why"], []).extend(new)
    return [[", ".join(map(code, new)), why] for why, new in names.items()]


def _class(surface: Json, class_: Json) -> Iterator[str]:
    name = class_["name"]
    yield from (f"### {name}", "")
    yield f"The page prints {code(class_['printed'])}."
    if note := class_.get("note"):
        yield note
    yield ""
    rows = []
    for nth, constructor in enumerate(class_.get("constructors", ()), 1):
        rows.append(_row(surface, name, name, constructor, nth))
    counted: dict[str, int] = {}
    for member in class_.get("members", ()):
        nth = counted[member["name"]] = counted.get(member["name"], 0) + 1
        rows.append(_row(surface, name, member["name"], member, nth))
    if values := class_.get("values"):
        rows.append(["nowhere", ", ".join(code(f"{name}.{one}") for one in values), "inferred"])
    yield from _table(rows)


def _table(rows: list[list[str]]) -> list[str]:
    return table(["the page prints", "here, in Python", "evidence"], rows) if rows else []


def _row(surface: Json, class_: str, name: str, member: Json, nth: int) -> list[str]:
    printed = code(member["printed"]) if "printed" in member else "nowhere"
    evidence = member["evidence"] + (f". {member['note']}" if "note" in member else "")
    here = f'<a id="{anchor(class_, name, nth)}"></a>{code(python(surface, name, member))}'
    fixed = member.get("kind") == "property" and not member["settable"]
    return [printed, f"{here}, read only" if fixed else here, evidence]


def python(surface: Json, name: str, member: Json) -> str:
    """A member as Python's type checkers see it."""
    kind = member.get("kind", "constructor" if "parameters" in member else "class")
    if kind == "class":
        return name
    if kind == "constant":
        return f'{name} = "{member["value"]}"'
    if kind == "property":
        return f"{name}: {_type(surface, member, 'type')}"
    parameters = ", ".join(_parameter(surface, one) for one in member["parameters"])
    is_constructor = "kind" not in member and "returns" not in member and "python" not in member
    end = "" if is_constructor else f" -> {_type(surface, member, 'returns')}"
    return f"{name}({parameters}){end}"


def _parameter(surface: Json, parameter: Json) -> str:
    name = surface.get("renamed", {}).get(parameter["name"], parameter["name"])
    default = f" = {parameter['default']!r}" if "default" in parameter else ""
    return f"{name}: {_type(surface, parameter, 'type')}{default}"


def _type(surface: Json, member: Json, printed: str) -> str:
    found: str = member.get("python") or surface["types"][member[printed]]
    return found


def _extra(extra: Json) -> str:
    name = f'<a id="{extra["name"]}"></a>' if extra["kind"] == "class" else ""
    members = [code(one["name"]) for one in extra.get("members", ())]
    if extra["kind"] == "alias":
        return f"{code(extra['name'])}, another name of {code(extra['of'])}"
    if extra["kind"] == "overload":
        return f"{code(extra['name'] + '()')}, giving {code(extra['python'])}"
    return name + code(extra["name"]) + (f", with {', '.join(members)}" if members else "")


# Samples


def _samples(tab: Tab) -> Iterator[str]:
    yield from ("## The three samples, beside the original", "")
    for snippet in tab.samples:
        yield from _sample(tab, snippet)
    for quotation in tab.tables:
        yield from (f"### A table: {quotation.title}", "")
        yield from _faults(quotation)


def _sample(tab: Tab, snippet: Snippet) -> Iterator[str]:
    title = snippet.quotation.title
    waits = _WAITS if "Wait for all" in snippet.heading else ""
    yield f"### {_TITLES[title]}{waits} {{ #{snippet.quotation.id} }}"
    yield ""
    yield f"The page: “{snippet.heading.rstrip(':')}”."
    yield ""
    if tab.dialect == "python":
        yield from _code("printed/python", f"{title}.py", "python", "Runs here as it is printed")
    else:
        [printed] = (DOCS / "printed" / tab.dialect).glob(f"{title}.*")
        yield from ('<div class="beside" markdown>', "")
        language = _FENCES[tab.dialect]
        yield from _code(f"printed/{tab.dialect}", printed.name, language, "As the page prints it")
        yield from _code(f"examples/{tab.dialect}", f"{title}.py", "python", "Here, in Python")
        yield from ("</div>", "")
    yield from _faults(snippet.quotation)


def _code(folder: str, name: str, language: str, title: str) -> list[str]:
    return [f'```{language} title="{title}"', f'--8<-- "{folder}/{name}"', "```", ""]


def _faults(quotation: Quotation) -> Iterator[str]:
    if not quotation.faults:
        return
    yield from ('!!! warning "Faults of the printed text"', "")
    for fault in quotation.faults:
        said = f"Printed: {_clipped(fault.printed)}. "
        wanted = f"Wanted: {_clipped(fault.wanted)}. " if fault.wanted else ""
        yield f"    - **{fault.name}.** {said}{wanted}{fault.why}"
    yield ""


def _clipped(text: str) -> str:
    # An address with everything in its query: the sample above shows it.
    return code(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")


PARTS: Final = tuple(
    Written(f"{dialect}.md", "python -m tests.docs.dialects", partial(generated, dialect))
    for dialect in _FENCES
)

if __name__ == "__main__":
    sys.exit(main(PARTS, __doc__))
