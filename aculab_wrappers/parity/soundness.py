"""What the schema cannot say of a suite: names that must exist, and nothing left unused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .case import Case, Step
    from .suite import Suite

_SERVICE: Final = frozenset(("cloud_id", "username", "service_name", "service_password"))
_REQUEST: Final = frozenset(("method", "path", "user", "password"))
"""What every expected request must say, if need be by the defaults of its file."""
_IMPLIED: Final = frozenset(("start.one", "start.list", "outcome"))
"""What every dialect has, so that no case need say it needs it; and how errors are compared."""


def problems(suite: Suite) -> Iterator[str]:
    """What is wrong with a suite whose files are each as the schema has them."""
    yield from _surface_problems(suite)
    yield from _all_cases(suite)
    yield from _unproved(suite)
    yield from _sentences(suite)
    yield from _gaps(suite)


def _gaps(suite: Suite) -> Iterator[str]:
    gaps = suite.documents["known-gaps.json"]["gaps"]
    if len(gaps) != len(suite.gaps):
        yield "known-gaps.json: two entries for one case and dialect"
    applicable = {(case.id, dialect) for case in suite.cases for dialect in case.steps[-1].results}
    for case, dialect in sorted(suite.gaps.keys() - applicable):
        yield f"known-gaps.json: there is no case {case} for {dialect}"


def _surface_problems(suite: Suite) -> Iterator[str]:
    surfaces = [name for name in suite.documents if name.startswith("surface/")]
    if set(surfaces) != {f"surface/{dialect}.json" for dialect in suite.dialects}:
        yield f"surface/ must hold one file for each of {', '.join(suite.dialects)}"
    for dialect, surface in suite.surfaces.items():
        has = set(surface["capabilities"])
        absent = {entry["capability"] for entry in surface["absent"]}
        for name in sorted((has | absent) ^ suite.capabilities.keys()):
            yield f"surface/{dialect}.json: says nothing of {name}, or index.json does not know it"
        for name in sorted(has & absent):
            yield f"surface/{dialect}.json: {name} is both a capability and absent"


def _all_cases(suite: Suite) -> Iterator[str]:
    seen = set()
    for case in suite.cases:
        if case.id in seen:
            yield f"{case.id}: two cases of that id"
        seen.add(case.id)
        yield from case_problems(suite, case)
    if not seen:
        yield "wire/: there is not one case"


def case_problems(suite: Suite, case: Case) -> Iterator[str]:
    """What is wrong with one case, beyond the schema."""
    if case.rule not in suite.rules:
        yield f"{case.id}: index.json knows no rule {case.rule}"
    if case.sentence not in suite.sentences:
        yield f"{case.id}: sentences.json knows no sentence {case.sentence}"
    for name in sorted(case.needs - suite.capabilities.keys()):
        yield f"{case.id}: index.json knows no capability {name}"
    for name in sorted(_SERVICE - case.service.keys()):
        yield f"{case.id}: does not say the service's {name}"
    if case.environment and "environment" not in case.needs:
        yield f"{case.id}: sets the environment, and does not need it"
    wanted = {dialect for dialect in suite.dialects if not suite.lacking(dialect, case)}
    if not wanted:
        yield f"{case.id}: no dialect has all it needs"
    # The step that `started` stands for is the suite's own.
    first = 2 if case.started else 1
    for number, step in enumerate(case.steps[first - 1 :], first):
        for problem in _step_problems(step, wanted):
            yield f"{case.id}, step {number}: {problem}"


def _step_problems(step: Step, wanted: set[str]) -> Iterator[str]:
    for exchange in step.exchanges:
        for name in sorted(_REQUEST - exchange["request"].keys()):
            yield f"a request does not say its {name}"
    for dialect in sorted(wanted - step.results.keys()):
        yield f"no result for {dialect}"
    for dialect in sorted(step.results.keys() - wanted):
        yield f"a result, though it lacks what it needs, for {dialect}"


def _unproved(suite: Suite) -> Iterator[str]:
    for rule in sorted(suite.rules.keys() - {case.rule for case in suite.cases}):
        yield f"index.json: no case proves {rule}"
    needed = {name for case in suite.cases for name in case.needs} | _IMPLIED
    for name in sorted(suite.capabilities.keys() - needed):
        yield f"index.json: no case needs {name}"


def _sentences(suite: Suite) -> Iterator[str]:
    used = {case.sentence for case in suite.cases}
    for surface in suite.surfaces.values():
        used |= set(_named(surface))
    for name in sorted(suite.sentences.keys() - used):
        yield f"sentences.json: nothing rests on {name}"
    for name in sorted(used - suite.sentences.keys()):
        yield f"sentences.json: knows no sentence {name}"
    pages = suite.documents["sentences.json"]["pages"]
    for name, sentence in suite.sentences.items():
        if sentence["page"] not in pages:
            yield f"sentences.json: {name} is from a page that is not listed"


def _named(document: object) -> Iterator[str]:
    """Every sentence that a transcript names, however deep."""
    if isinstance(document, Mapping):
        if "sentence" in document:
            yield document["sentence"]
        for item in document.values():
            yield from _named(item)
    elif isinstance(document, list):
        for item in document:
            yield from _named(item)
