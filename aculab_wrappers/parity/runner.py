"""One case on one driver, and what came of it."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._core.frozen import frozen
from . import compare
from .proxy import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .case import Case
    from .cloud import ScriptedCloud
    from .driver import Driver, Order
    from .proxy import Proxies
    from .suite import Suite


class State(enum.Enum):
    """What came of a case."""

    PROVED = "proved"
    DIFFERS = "differs"
    GAP = "gap"
    NOT_APPLICABLE = "not applicable"
    NOT_OFFERED = "not offered"
    SKIPPED = "skipped"
    ERRORED = "errored"


BROKEN = frozenset((State.DIFFERS, State.ERRORED))
"""The states that make a run fail."""


@frozen
class Verdict:
    """What came of one case on one dialect.

    Attributes:
        case: The case.
        state: What came of it.
        why: The differences; or why it was not run, or differs knowingly.
    """

    case: Case
    state: State
    why: tuple[str, ...] = ()


@frozen
class Runner:
    """Runs the cases of a suite.

    Attributes:
        suite: The suite.
        cloud: The cloud that the cases play on.
        proxies: Real proxy servers, if this machine has them.
        own: Whether the driver is a face of this package, whose gaps the suite records.
    """

    suite: Suite
    cloud: ScriptedCloud
    proxies: Proxies | None
    own: bool = True

    def verdicts(self, driver: Driver, cases: Iterable[Case]) -> Iterator[Verdict]:
        """What comes of each case, as it comes."""
        for number, case in enumerate(cases, 1):
            yield self._verdict(driver, case, number)

    def _verdict(self, driver: Driver, case: Case, number: int) -> Verdict:
        unasked = self._unasked(driver, case)
        if unasked is not None:
            return unasked
        reply = self._perform(driver, case, number)
        for word, state in (("skipped", State.SKIPPED), ("errored", State.ERRORED)):
            if word in reply:
                return Verdict(case, state, (f"the driver: {reply[word]}",))
        differences = tuple(self._differences(driver, case, reply["results"]))
        gap = self.suite.gaps.get((case.id, driver.hello.dialect)) if self.own else None
        if gap is None:
            return Verdict(case, State.DIFFERS if differences else State.PROVED, differences)
        if differences:
            return Verdict(case, State.GAP, (gap["reason"],))
        stale = "known-gaps.json has an entry for it, but it no longer differs: take the entry out"
        return Verdict(case, State.DIFFERS, (stale,))

    def _unasked(self, driver: Driver, case: Case) -> Verdict | None:
        """Why the case is not run, if it is not."""
        lacking = self.suite.lacking(driver.hello.dialect, case)
        if lacking:
            return Verdict(case, State.NOT_APPLICABLE, tuple(lacking))
        missing = sorted(self._needed(case) - driver.hello.capabilities)
        if missing:
            return Verdict(case, State.NOT_OFFERED, tuple(missing))
        if case.real_proxy and self.proxies is None:
            return Verdict(case, State.SKIPPED, (f"there is no {PROGRAM} on this machine",))
        return None

    def _needed(self, case: Case) -> frozenset[str]:
        kinds = set(case.needs)
        for step in case.steps:
            if step.action["do"] == "start" and "raw" not in step.action:
                kinds.add("start.one" if "call" in step.action else "start.list")
        return frozenset(kinds)

    def _perform(self, driver: Driver, case: Case, number: int) -> Mapping[str, Any]:
        self.cloud.play(exchange["answer"] for step in case.steps for exchange in step.exchanges)
        return driver.run(self._order(case, number))

    def _order(self, case: Case, number: int) -> Order:
        address = self.cloud.dead_address if case.refuses else self.cloud.address
        places = {"{cloud}": self.cloud.address}
        if self.proxies is not None:
            places |= {"{proxy}": self.proxies.open, "{guarded}": self.proxies.guarded}
        order: Order = _placed(
            {
                "seq": number,
                "case": case.id,
                "base_url": f"http://{address}",
                "timeout": case.timeout,
                "arguments": "named" if case.named else "positional",
                "environment": case.environment,
                "service": case.service,
                "steps": [step.action for step in case.steps],
            },
            places,
        )
        return order

    def _differences(
        self, driver: Driver, case: Case, reports: list[Mapping[str, Any]]
    ) -> Iterator[str]:
        wanted = [exchange["request"] for step in case.steps for exchange in step.exchanges]
        yield from compare.requests(wanted, self.cloud.asked)
        yield from compare.results(
            [step.results[driver.hello.dialect] for step in case.steps],
            reports,
            self.suite.initial(driver.hello.dialect),
            outcomes="outcome" in driver.hello.capabilities,
        )
        password = case.service["service_password"]
        if password and password in json.dumps(reports, ensure_ascii=False):
            yield "the report holds the service password"


def _placed(found: Any, places: Mapping[str, str]) -> Any:
    """The value with every placeholder in its texts filled in."""
    if isinstance(found, str):
        for name, text in places.items():
            found = found.replace(name, text)
        return found
    if isinstance(found, Mapping):
        return {name: _placed(item, places) for name, item in found.items()}
    if isinstance(found, list):
        return [_placed(item, places) for item in found]
    return found
