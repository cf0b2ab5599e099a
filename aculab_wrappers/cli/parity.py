"""`parity`: the faces, or another implementation, held against the parity suite."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from ..parity.driver import DriverError
from ..parity.folder import SuiteError, suite_folder
from ..parity.report import as_json, as_junit
from ..parity.run import chosen_cases, run_faces, run_program
from ..parity.runner import BROKEN, State
from ..parity.suite import load
from .errors import DONE, FAILED, CommandError, os_reason
from .output import emit_json, print_table, printable, progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..parity.report import Report
    from ..parity.runner import Verdict
    from ..parity.suite import Suite


@click.command()
@click.option(
    "--dialect",
    "dialects",
    multiple=True,
    type=click.Choice(["csharp", "vb", "java", "python", "php"]),
    help="Only this face. May be given several times.",
)
@click.option(
    "--case",
    "patterns",
    multiple=True,
    metavar="ID",
    help="Only the cases of this id; * and ? stand for anything. May be given several times.",
)
@click.option(
    "--driver",
    metavar="COMMAND",
    help="Hold the implementation behind this program against the suite, not the faces.",
)
@click.option(
    "--json", "as_document", is_flag=True, help="One JSON document instead of the matrix."
)
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the XML that build servers read into this file, too.",
)
@click.option("--no-skips", is_flag=True, help="Exit with 1 if a case cannot be run here.")
@click.option(
    "--suite",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Another copy of the suite than the one that came with this package.",
)
def parity(dialects: tuple[str, ...], patterns: tuple[str, ...], **given: Any) -> int:
    """Hold the five faces against the parity suite, and print the matrix of rules and dialects.

    Every case says what must be sent and what must come back, and names the sentence of the
    documentation that it rests on. They run over HTTP on this machine alone. Exits with 1 if
    anything differs. The suite's README.md describes the cases, and how to write a --driver.
    """
    driver, folder, junit = given["driver"], given["folder"], given["junit"]
    if driver is not None and dialects:
        raise click.UsageError("--driver says itself which dialect it speaks; leave out --dialect")
    if driver is not None and not driver.strip():
        raise click.UsageError("--driver is empty; give the command that starts the program")
    try:
        suite = load(suite_folder() if folder is None else folder)
        report = _run(suite, dialects, patterns, driver)
    except (SuiteError, DriverError) as error:
        raise CommandError(str(error)) from None
    if given["as_document"]:
        emit_json(as_json(report))
    else:
        _show(report)
    if junit is not None:  # last: what the run came to is not lost with the file
        _write(junit, as_junit(report))
    return FAILED if report.failed or (given["no_skips"] and report.skipped) else DONE


def _run(
    suite: Suite, dialects: tuple[str, ...], patterns: tuple[str, ...], driver: str | None
) -> Report:
    count = len(chosen_cases(suite, patterns))
    faces = len(dialects) or len(suite.dialects)
    with progress("cases") as bar:
        task = bar.add_task("running", total=count * (1 if driver else faces))

        def watch() -> None:
            bar.advance(task)
            bar.refresh()

        if driver is not None:
            return run_program(suite, driver, patterns, watch)
        return run_faces(suite, dialects, patterns, watch)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{path}: {os_reason(error)}") from None


def _show(report: Report) -> None:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("rule", no_wrap=True)
    for dialect in report.verdicts:
        table.add_column(dialect)
    for rule, cells in report.rows():
        table.add_row(rule, *(Text(cell, style=_style(cell)) for cell in cells))
    print_table(table)
    click.echo()
    for line in _explanations(report):
        click.echo(printable(line))
    click.echo(_summary(report))


def _style(cell: str) -> str:
    if "DIFFERS" in cell or "ERROR" in cell:
        return "bold red"
    return "dim" if cell == "n/a" else ""


def _explanations(report: Report) -> Iterator[str]:
    """A line for whatever is not simply as it must be; one for all that has the same reason."""
    absent = report.not_applicable().items()
    yield from _grouped("n/a", ((dialect, name, why) for (dialect, name), why in absent))
    for state in (State.GAP, State.SKIPPED, State.NOT_OFFERED):
        found = (
            (dialect, verdict.case.id, ", ".join(verdict.why))
            for dialect, verdict in _verdicts(report)
            if verdict.state is state
        )
        yield from _grouped(state.value, found)
    for dialect, verdict in _verdicts(report):
        if verdict.state in BROKEN:
            yield from _difference(report, dialect, verdict)
    for check in report.checks:
        for complaint in check.complaints:
            where = f"{check.column}, " if check.column else ""
            yield f"DIFFERS: {where}{check.name}, {check.title}: {complaint}"


def _grouped(word: str, found: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Lines of (dialect, what, why), those with the same reason as one."""
    whats: dict[tuple[str, str], list[str]] = {}
    for dialect, what, why in found:
        whats.setdefault((dialect, why), []).append(what)
    dialects: dict[tuple[str, str], list[str]] = {}
    for (dialect, why), names in whats.items():
        dialects.setdefault((", ".join(names), why), []).append(dialect)
    for (names_, why), who in dialects.items():
        yield f"{word}: {', '.join(who)}: {names_}: {why}"


def _verdicts(report: Report) -> Iterator[tuple[str, Verdict]]:
    for dialect, verdicts in report.verdicts.items():
        for verdict in verdicts:
            yield dialect, verdict


def _difference(report: Report, dialect: str, verdict: Verdict) -> Iterator[str]:
    sentence = report.suite.sentences[verdict.case.sentence]
    word = "ERROR" if verdict.state is State.ERRORED else "DIFFERS"
    yield f"{word}: {dialect}, {verdict.case.id}: {verdict.case.title}"
    for why in verdict.why:
        yield f"    {why}"
    yield f"    rests on ({verdict.case.evidence}): {sentence['text']}"


def _summary(report: Report) -> str:
    cases = len({verdict.case.id for verdict in report.all()})
    wrong = sum(verdict.state in BROKEN for verdict in report.all())
    wrong += sum(bool(check.complaints) for check in report.checks)
    gaps = sum(verdict.state is State.GAP for verdict in report.all())
    if not report.ran:
        end = "nothing was run"
    elif wrong:
        end = f"{wrong} {'differs' if wrong == 1 else 'differ'}"
    else:
        end = "nothing differs"
    if gaps:
        end += f", but for {_counted(gaps, 'known gap')}"
    if report.skipped:
        end += f", {report.skipped} skipped"
    checks = f", and {_counted(len(report.checks), 'check')}" if report.checks else ""
    times = _counted(report.ran, "time")
    return f"Suite {report.suite.version}: {_counted(cases, 'case')}, run {times}{checks}: {end}."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
