"""The runner itself: cases that must pass, that must fail, and suites that must be refused.

A runner that lets everything pass proves nothing. The tests are data, under `meta/`.
"""

from __future__ import annotations

import base64
import http.client
import json
from copy import deepcopy
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from .._core.frozen import frozen
from .case import make_case
from .driver import Hello
from .folder import SuiteError
from .report import Check
from .runner import Runner, State
from .soundness import case_problems
from .suite import make_suite, validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .cloud import ScriptedCloud
    from .driver import Order
    from .suite import Suite


@frozen
class Puppet:
    """A driver that sends what it is told to send, and says what it is told to say.

    Attributes:
        hello: Who it says it is.
        sends: Requests, in the words of an expected request.
        reply: Its reply, without the seq.
    """

    hello: Hello
    sends: tuple[Mapping[str, Any], ...]
    reply: Mapping[str, Any]

    def run(self, order: Order) -> dict[str, Any]:
        """Perform a case. See `Driver`."""
        for request in self.sends:
            _send(order["base_url"], request)
        return {"seq": order["seq"], **self.reply}


def self_test(suite: Suite, cloud: ScriptedCloud) -> Iterator[Check]:
    """Every test under `meta/`."""
    for name, document in suite.documents.items():
        if name.startswith("meta/"):
            for test in document["tests"]:
                complaints = tuple(_complaints(suite, cloud, document["base"], test))
                yield Check("the runner", "", test["title"], complaints)


def _complaints(
    suite: Suite, cloud: ScriptedCloud, base: Mapping[str, Any], test: Mapping[str, Any]
) -> Iterator[str]:
    document = _merged(deepcopy(base["case"]), test.get("case", {}))
    said = _refusal(suite, document, test)
    if test["expect"] == "refused":
        if said is None:
            yield "it was not refused"
        elif test["because"] not in said:
            yield f"it was refused because of something else: {said}"
        return
    if said is not None:
        yield f"it was refused: {said}"
        return
    case = make_case(document, _defaults(suite))
    puppet = _puppet(suite, _merged(deepcopy(base["puppet"]), test.get("puppet", {})))
    if "gap" in test:
        suite = replace(suite, gaps={(case.id, puppet.hello.dialect): test["gap"]})
    [verdict] = Runner(suite, cloud, None).verdicts(puppet, [case])
    yield from _judged(test, verdict.state, "; ".join(verdict.why))


def _puppet(suite: Suite, document: Mapping[str, Any]) -> Puppet:
    validate(suite.documents, "puppet", document, "puppet")
    usual = {"path": "/service_start", **_defaults(suite)["request"]}
    return Puppet(
        Hello("puppet", document["dialect"], frozenset(document["capabilities"])),
        tuple({**usual, **request} for request in document["sends"]),
        document["reply"],
    )


def _judged(test: Mapping[str, Any], state: State, why: str) -> Iterator[str]:
    wanted = (
        {State.DIFFERS, State.ERRORED} if test["expect"] == "fail" else {State.PROVED, State.GAP}
    )
    if state not in wanted:
        yield f"it must {test['expect']}, and was {state.value}: {why}"
    elif test.get("because", "") not in why:
        yield f"the reason given is another one: {why}"


def _refusal(suite: Suite, case: object, test: Mapping[str, Any]) -> str | None:
    """Why the case, or the suite with the test's changes, is refused; None if it is not."""
    try:
        if "change" not in test and "remove" not in test:
            validate(suite.documents, "case", case, "case")
            assert isinstance(case, dict)  # the schema said so
            return next(case_problems(suite, make_case(case, _defaults(suite))), None)
        documents = {
            name: document
            for name, document in suite.documents.items()
            if not any(fnmatchcase(name, pattern) for pattern in test.get("remove", ()))
        }
        valid = suite.documents.keys() - test.get("change", {}).keys()
        for name, change in test.get("change", {}).items():
            documents[name] = _merged(deepcopy(documents.get(name)), change)
        make_suite(documents, valid)
    except SuiteError as error:
        return str(error)
    return None


def _merged(document: Any, change: Any) -> Any:
    """A document after a JSON merge patch (RFC 7396)."""
    if not isinstance(change, dict):
        return change
    merged = document if isinstance(document, dict) else {}
    for name, item in change.items():
        if item is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), item)
    return merged


def _defaults(suite: Suite) -> Mapping[str, Any]:
    defaults: Mapping[str, Any] = suite.documents["index.json"]["defaults"]
    return defaults


def _send(base_url: str, request: Mapping[str, Any]) -> None:
    """Send a request that is written as an expected one is."""
    url = urlsplit(base_url)
    assert url.hostname is not None
    pair = f"{'/'.join(request['user'])}:{request['password']}"
    form = {
        name: field["text"] if "text" in field else json.dumps(field["json"])
        for name, field in request.get("form", {}).items()
    }
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=5)
    try:
        connection.request(
            request["method"],
            request["path"],
            urlencode(form),
            {
                "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                **request.get("headers", {}),
            },
        )
        connection.getresponse().read()
    finally:
        connection.close()
