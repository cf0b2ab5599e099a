"""A run over rows: one start for each, in order, never one twice.

Pure logic over a client and a results file: no terminal, no options.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..errors import (
    InvalidInputError,
    Outcome,
    RejectedError,
    StartedMismatchError,
    StartError,
    UnknownOutcomeError,
)
from .errors import DONE, FAILED, INTERRUPTED, UNKNOWN, listed, os_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..client import OutboundClient
    from .interrupt import Interrupts
    from .results import Results
    from .rows import Row

_ALL_WILL_FAIL: Final = (401, 403)
_NUMBER = re.compile(r"\A\+?[0-9 ().-]+\Z")


@dataclass(slots=True)
class Report:
    """What became of one row.

    Attributes:
        row: The row.
        outcome: None while it is untouched.
        ids: Every id that the cloud gave.
        hinted_ids: Ids read in a damaged answer: hints, not results.
        message: Why it is not simply started.
        earlier: True when an earlier run dialled it, and this one did not.
        recorded: False when the results file could not take the outcome.
    """

    row: Row
    outcome: Outcome | None = None
    ids: tuple[str, ...] = ()
    hinted_ids: tuple[str, ...] = ()
    message: str = ""
    earlier: bool = False
    recorded: bool = True

    @property
    def word(self) -> str:
        """The outcome as people and programs read it."""
        return "untouched" if self.outcome is None else self.outcome.value


@dataclass(slots=True)
class Run:
    """A run, planned and then done.

    Attributes:
        reports: One for each row, in the order of the file.
        stopped: Why it stopped before its end, or "".
        stopped_by: The row whose start stopped it, if one did.
        interrupted: True when Ctrl-C or SIGTERM stopped it.
    """

    reports: list[Report]
    stopped: str = ""
    stopped_by: Report | None = None
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """What the command exits with."""
        if self.interrupted:
            return INTERRUPTED
        if any(r.outcome is Outcome.UNKNOWN or not r.recorded for r in self.reports):
            return UNKNOWN
        if self.stopped or any(r.outcome is not Outcome.STARTED for r in self.reports):
            return FAILED
        return DONE


def plan(rows: Iterable[Row], results: Results | None, *, allow_duplicates: bool = False) -> Run:
    """Which rows are to be dialled: those that no earlier run started or left unknown.

    Raises:
        CommandError: a destination would be dialled that is listed twice, or was dialled for a
            row with other content.
    """
    reports = [Report(row) for row in rows]
    if results is not None:
        for report in reports:
            entry = results.entries.get(results.key(report.row))
            if entry is not None and entry.settled:
                report.outcome, report.ids, report.earlier = entry.outcome, entry.ids, True
                if entry.outcome is Outcome.UNKNOWN:
                    report.message = "an earlier run may have started it"
    if not allow_duplicates:
        problems = _duplicates(reports, results)
        if problems:
            raise listed(
                problems,
                "Nothing was sent. Remove what is there twice, or, to call a destination more "
                "than once, add --allow-duplicates.",
            )
    return Run(reports)


def _duplicates(reports: Sequence[Report], results: Results | None) -> list[str]:
    """Why rows that are still to be dialled would ring where another row rings."""
    problems: list[str] = []
    dialled: dict[str, str] = {}
    if results is not None:
        mine = {results.key(report.row) for report in reports}
        for key, entry in results.entries.items():
            if entry.settled and key not in mine:
                dialled[_place(entry.to)] = f"was {_tense(entry.outcome)} by an earlier run"
    for report in reports:
        place = _place(report.row.call.to)
        if report.earlier:
            dialled.setdefault(place, f"is also on {report.row.where}, {_tense(report.outcome)}")
    for report in reports:
        if report.earlier:
            continue
        place = _place(report.row.call.to)
        if place in dialled:
            problems.append(f"{report.row.where}: {report.row.call.to} {dialled[place]}")
        dialled.setdefault(place, f"is also on {report.row.where}")
    return problems


def _tense(outcome: Outcome | None) -> str:
    return "started" if outcome is Outcome.STARTED else "perhaps started"


def _place(to: str) -> str:
    """What rings: a number written with spaces or dashes, or a name in capitals, rings the same."""
    if _NUMBER.match(to):
        return re.sub(r"[^0-9]", "", to) or to
    return to.strip().casefold()


def carry_out(
    run: Run,
    client: OutboundClient,
    results: Results | None,
    *,
    interrupts: Interrupts | None = None,
    on_report: Callable[[Report], object] = lambda _report: None,
) -> Run:
    """Dial what is to be dialled, in order, until the end or until something says stop.

    Args:
        run: What `plan` made.
        client: Starts the calls.
        results: Where outcomes are kept; None keeps none.
        interrupts: Says when to stop.
        on_report: Called after each start.
    """
    for report in run.reports:
        if report.earlier:
            continue
        if interrupts is not None and interrupts.asked:
            run.interrupted, run.stopped = True, "interrupted"
            break
        run.stopped = _intend(report, results)
        if run.stopped:
            break
        run.stopped = _dial(report, client, interrupts)
        run.interrupted = run.stopped == _BROKEN_OFF
        _record(run, report, results)
        on_report(report)
        if run.stopped:
            run.stopped_by = report
            break
    return run


_BROKEN_OFF: Final = "interrupted in the middle of a start"


def _intend(report: Report, results: Results | None) -> str:
    """Put the intent on disk. Returns why that is not possible, or ""."""
    if results is None:
        return ""
    try:
        results.intend(report.row)
    except OSError as error:
        return (
            f"{results.path}: cannot be written: {os_reason(error)}. "
            f"{report.row.where} was not sent"
        )
    return ""


def _dial(report: Report, client: OutboundClient, interrupts: Interrupts | None) -> str:
    """Start one call and note what became of it. Returns why the run must stop, or ""."""
    try:
        with nullcontext() if interrupts is None else interrupts.dialling():
            started = client.start(report.row.call)
    except StartError as error:
        return _failed(report, error)
    except InvalidInputError as error:
        report.outcome, report.message = Outcome.NOT_SENT, str(error)
        return str(error)
    except KeyboardInterrupt as stop:
        report.outcome, report.message = Outcome.UNKNOWN, _BROKEN_OFF
        if isinstance(stop.__cause__, StartError):
            _failed(report, stop.__cause__)
        return _BROKEN_OFF
    report.outcome, report.ids = Outcome.STARTED, tuple(item.id for item in started)
    return ""


def _failed(report: Report, error: StartError) -> str:
    """Note a failed start. Returns why the run must stop, or "" when it can go on."""
    report.outcome, report.message = error.outcome, str(error)
    if isinstance(error, StartedMismatchError):
        report.ids = tuple(item.id for item in error.invocations)
    elif isinstance(error, UnknownOutcomeError):
        report.hinted_ids = error.hinted_ids
    elif isinstance(error, RejectedError) and error.http_status not in _ALL_WILL_FAIL:
        return ""
    return report.message


def _record(run: Run, report: Report, results: Results | None) -> None:
    """Put the outcome on disk. If that fails the run stops: the next would fail as well."""
    if results is None or report.outcome is None:
        return
    try:
        results.record(
            report.row,
            report.outcome,
            ids=report.ids,
            hinted_ids=report.hinted_ids,
            message=report.message,
        )
    except OSError as error:
        report.recorded = False
        run.stopped = (
            f"{results.path}: cannot be written: {os_reason(error)}. NOT RECORDED: "
            f"{report.row.where}, to {report.row.call.to}: {report.word} "
            f"{' '.join(report.ids or report.hinted_ids)}".rstrip()
        )
