"""Reading the suite, and refusing one that cannot be relied on.

A suite that is empty, damaged, or silent about something is an error: no case may pass because
nobody looked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from .._core.frozen import frozen
from .._core.json_reader import NotJsonError, read_json
from .case import make_case
from .folder import SuiteError
from .soundness import problems

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from .case import Case

Documents = Mapping[str, Any]
"""Every file of the suite by its path within it, as JSON."""

SCHEMA: Final = "schema/v1.json"
_INDEX: Final = "index.json"
_KINDS: Final = {
    "wire": "cases",
    "surface": "surface",
    "samples": "samples",
    "meta": "meta",
    "sentences.json": "sentences",
    "known-gaps.json": "gaps",
    _INDEX: "index",
}


@frozen
class Suite:
    """The whole suite, read and checked."""

    version: str
    documents: Documents
    dialects: tuple[str, ...]
    capabilities: Mapping[str, str]
    rules: Mapping[str, str]
    sentences: Mapping[str, Mapping[str, str]]
    cases: tuple[Case, ...]
    surfaces: Mapping[str, Mapping[str, Any]]
    gaps: Mapping[tuple[str, str], Mapping[str, str]]

    def lacking(self, dialect: str, case: Case) -> list[str]:
        """The capabilities that the case needs and the dialect's page does not document."""
        return sorted(case.needs - set(self.surfaces[dialect]["capabilities"]))

    def initial(self, dialect: str) -> dict[str, dict[str, Any]]:
        """By class: the values that the members of its objects have at first."""
        return {
            kind["name"]: {
                member["name"]: member["initial"]
                for member in kind.get("members", ())
                if "initial" in member
            }
            for kind in self.surfaces[dialect]["classes"]
        }


def read_documents(folder: Path) -> dict[str, Any]:
    """Every JSON file below `folder`, by its path within it.

    Raises:
        SuiteError: there is no such folder, or no index in it, or a file is no JSON.
    """
    if not folder.is_dir():
        raise SuiteError(f"there is no folder {folder}")
    documents = {}
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).as_posix()
        try:
            documents[name] = read_json(path.read_bytes())
        except NotJsonError as error:
            raise SuiteError(f"{name}: {error}") from None
    if _INDEX not in documents:
        raise SuiteError(f"{folder} is no parity suite: it holds no {_INDEX}")
    return documents


def make_suite(documents: Documents, valid: Container[str] = ()) -> Suite:
    """The suite of these documents.

    Args:
        documents: The files.
        valid: Those that are known to be as the schema has them.

    Raises:
        SuiteError: with what is wrong, and where.
    """
    _all_listed(documents)
    for name in documents:
        if name != SCHEMA and name not in valid:
            validate(documents, _kind(name), documents[name], name)
    index = documents[_INDEX]
    surfaces = [document for name, document in documents.items() if name.startswith("surface/")]
    cases = [
        make_case(case, index["defaults"], document.get("defaults", {}))
        for name, document in documents.items()
        if name.startswith("wire/")
        for case in document["cases"]
    ]
    suite = Suite(
        version=index["version"],
        documents=documents,
        dialects=tuple(index["dialects"]),
        capabilities=index["capabilities"],
        rules=index["rules"],
        sentences=documents["sentences.json"]["sentences"],
        cases=tuple(cases),
        surfaces={surface["dialect"]: surface for surface in surfaces},
        gaps={(gap["case"], gap["dialect"]): gap for gap in documents["known-gaps.json"]["gaps"]},
    )
    problem = next(problems(suite), None)
    if problem is not None:
        raise SuiteError(problem)
    return suite


def load(folder: Path) -> Suite:
    """The suite in `folder`. Raises SuiteError."""
    return make_suite(read_documents(folder))


def validate(documents: Documents, kind: str, document: Any, where: str) -> None:
    """Check a document against its definition in the schema. Raises SuiteError."""
    # Imported here: other commands do without it, where its compiled part cannot be had.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    definitions = documents[SCHEMA]["$defs"]
    validator = Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": definitions})
    if validator.is_valid(document):
        return
    error = best_match(validator.iter_errors(document))
    raise SuiteError(f"{where}: {error.json_path}: {error.message[:300]}")


def _kind(name: str) -> str:
    kind = _KINDS.get(name.partition("/")[0])
    if kind is None:
        raise SuiteError(f"{name}: no file of the suite belongs there")
    return kind


def _all_listed(documents: Documents) -> None:
    if SCHEMA not in documents:
        raise SuiteError(f"{SCHEMA} is missing")
    if _INDEX not in documents:
        raise SuiteError(f"{_INDEX} is missing")
    validate(documents, "index", documents[_INDEX], _INDEX)
    listed = set(documents[_INDEX]["files"]) | {_INDEX, SCHEMA}
    for name in sorted(listed - documents.keys()):
        raise SuiteError(f"{_INDEX} lists {name}, which is missing")
    for name in sorted(documents.keys() - listed):
        raise SuiteError(f"{name} is not listed in {_INDEX}, so nobody would notice its loss")
