"""One case, with the defaults filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@frozen
class Step:
    """One step of a case.

    Attributes:
        action: What is done: the step without what is expected of it.
        exchanges: The expected requests, with the defaults filled in, and the cloud's answers.
        results: The expected result of each dialect.
    """

    action: Mapping[str, Any]
    exchanges: tuple[Mapping[str, Any], ...]
    results: Mapping[str, Mapping[str, Any]]


@frozen
class Case:
    """One case. The attributes are the members that README.md describes."""

    id: str
    title: str
    rule: str
    sentence: str
    evidence: str
    needs: frozenset[str]
    named: bool
    service: Mapping[str, str]
    environment: Mapping[str, str]
    timeout: float
    refuses: bool
    real_proxy: bool
    started: tuple[str, ...]
    steps: tuple[Step, ...]


def make_case(document: Mapping[str, Any], *defaults: Mapping[str, Any]) -> Case:
    """The case of its JSON, which has been validated. Later defaults win over earlier ones."""
    service: dict[str, str] = {"constructor": "connection"}
    request: dict[str, Any] = {}
    for layer in defaults:
        service |= layer.get("service", {})
        request |= layer.get("request", {})
    return Case(
        id=document["id"],
        title=document["title"],
        rule=document["rule"],
        sentence=document["sentence"],
        evidence=document["evidence"],
        needs=frozenset(document.get("needs", ())),
        named="arguments" in document,
        service=service | document.get("service", {}),
        environment=document.get("environment", {}),
        timeout=document.get("timeout", 5),
        refuses="cloud" in document,
        real_proxy="proxy" in document,
        started=tuple(document.get("started", ())),
        steps=(
            *_started(document.get("started", ()), request),
            *(_step(step, request) for step in document["steps"]),
        ),
    )


def _started(ids: Sequence[str], request: Mapping[str, Any]) -> Iterator[Step]:
    """The step that `started` stands for: a start that gave these ids, as any start does."""
    if not ids:
        return
    calls = [{"to": "sip:bob@acompany.com"} for _ in ids]
    objects = {"returns": [{"$object": "ServiceInvocation"} for _ in ids]}
    plain = {"returns": list(ids)}
    asked = {
        "request": {**request, "path": "/service_start"},
        "answer": {"status": 200, "json": ids},
    }
    yield Step(
        action={"do": "start", **({"call": calls[0]} if len(calls) == 1 else {"calls": calls})},
        exchanges=(asked,),
        results={"csharp": objects, "vb": objects, "java": objects, "python": plain, "php": plain},
    )


def _step(step: Mapping[str, Any], request: Mapping[str, Any]) -> Step:
    return Step(
        action={name: item for name, item in step.items() if name not in ("exchanges", "results")},
        exchanges=tuple(
            {**exchange, "request": {**request, **exchange["request"]}}
            for exchange in step.get("exchanges", ())
        ),
        results={
            dialect: result
            for dialects, result in step["results"].items()
            for dialect in dialects.split(",")
        },
    )
