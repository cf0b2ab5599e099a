"""`start`: from the options to the exit code."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .._core.values import Call
from ..errors import InvalidInputError, Outcome
from .account import Options, account_options, connect
from .errors import FAILED, UNKNOWN, CommandError, os_reason
from .interrupt import Interrupts
from .output import emit_json, emit_table, places, progress, say
from .results import Results
from .rows import FORMATS, Row, format_of, read_rows, read_stdin
from .run import Report, Run, carry_out, plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .account import Connection

_SHOWN = 10
_EPILOG = """\
\b
Exit codes:
  0    every call is started, or was by an earlier run
  1    a call was rejected or not sent, or the run had to stop before its end
  2    the command line or the input cannot be used; nothing was sent
  3    a call may have been started, or its id is not in the results file:
       look before it is dialled again
  130  interrupted

\b
Rows that an earlier run started, or left unknown, are never dialled again;
rejected and unsent ones are. The results file says which is which: it holds
destinations and tokens, so that you can look for a call, and no password.
If a row that is unknown did not ring, put it into a file of its own.
"""


@click.command(epilog=_EPILOG, short_help="Start one call, or those of a file.")
@click.argument("to", required=False)
@click.option("--from", "from_", metavar="NUMBER", help="What the call comes from.")
@click.option("--token", metavar="TEXT", help="Handed to the application in instance_info.")
@click.option(
    "--outbound-parameters", metavar="TEXT", help="Handed to the application in this_call."
)
@click.option(
    "--file",
    "-f",
    "path",
    metavar="FILE",
    help="Start the calls of a file, one after the other; - is stdin. Columns or keys: to, from, "
    "token, outbound_parameters. All of it is checked before anything is dialled.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="What the file holds, if its name does not say.",
)
@click.option(
    "--results",
    metavar="FILE",
    help="Where outcomes are kept, so that a run that was broken off can go on. Default: the "
    "file's name with .results.jsonl; none for one call.",
)
@click.option("--allow-duplicates", is_flag=True, help="Call a destination more than once.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@account_options()
def start(options: Options, path: str | None, **given: Any) -> int:
    """Start a call to TO, or the calls of a file, and print their ids.

    TO is a telephone number, a SIP address or a conference room.
    """
    results_path = _results_path(path, given["results"])
    rows = _rows(path, given)
    connection = connect(options, stdin_is_taken=path == "-")
    with ExitStack() as stack:
        stack.callback(connection.close)
        results = None
        if results_path is not None:
            results = stack.enter_context(Results(results_path, connection.account))
        run = plan(rows, results, allow_duplicates=given["allow_duplicates"])
        interrupts = stack.enter_context(Interrupts())
        _carry_out(run, connection, results, interrupts)
        _print(run, connection, results_path, as_json=given["as_json"])
    return run.exit_code


def _rows(path: str | None, given: dict[str, Any]) -> list[Row]:
    """The rows of the file, or the one of the command line."""
    to = given["to"]
    if path is None:
        if to is None:
            raise click.UsageError("name a destination, or a file with --file")
        if given["format_"]:
            raise click.UsageError("--format goes with --file")
        return [Row(_call(to, given), "the call")]
    for name, option in (
        ("to", "TO"),
        ("from_", "--from"),
        ("token", "--token"),
        ("outbound_parameters", "--outbound-parameters"),
    ):
        if given[name] is not None:
            raise click.UsageError(f"{option} and --file exclude each other: the file says it")
    if path == "-":
        if not given["format_"]:
            raise click.UsageError("--file - needs --format: stdin has no name to guess from")
        return read_rows(read_stdin(), given["format_"], "stdin")
    return read_rows(_content(path), given["format_"] or format_of(path), path)


def _call(to: str, given: dict[str, Any]) -> Call:
    try:
        return Call(
            to,
            given["from_"],
            token=given["token"],
            outbound_parameters=given["outbound_parameters"],
        )
    except InvalidInputError as error:
        raise CommandError(f"{error}. Nothing was sent") from None


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise CommandError(f"{path}: cannot be read: {os_reason(error)}") from None


def _results_path(path: str | None, results: str | None) -> str | None:
    if path == "-" and results is None:
        raise click.UsageError(
            "--file - needs --results FILE: it is what keeps a second run from dialling again"
        )
    if results is None and path is not None:
        return f"{path}.results.jsonl"
    return results


def _carry_out(
    run: Run, connection: Connection, results: Results | None, interrupts: Interrupts
) -> None:
    with progress("calls") as bar:
        task = bar.add_task("Starting", total=len(run.reports))
        bar.advance(task, sum(report.earlier for report in run.reports))

        def show(_report: Report) -> None:
            bar.advance(task)
            bar.refresh()

        bar.refresh()
        carry_out(
            run,
            connection.client,
            results,
            interrupts=interrupts,
            on_report=show,
        )


def _print(run: Run, connection: Connection, results: str | None, *, as_json: bool) -> None:
    """Write results to stdout and messages to stderr; ids to stderr if stdout is gone.

    Raises:
        CommandError: stdout cannot be written.
    """
    try:
        if as_json:
            emit_json(_document(run, connection, results))
        else:
            emit_table(("Id", "To", "Outcome", "Row"), _cells(run))
    except (OSError, ValueError) as error:
        new = [report for report in run.reports if report.ids and not report.earlier]
        told = [say(f"{_name(report)}: {' '.join(report.ids)}") for report in new]
        # Without a results file, stderr was the last place where an id could be kept.
        code = FAILED if results is not None or all(told) else UNKNOWN
        why = os_reason(error) if isinstance(error, OSError) else "it is closed"
        raise CommandError(f"stdout: cannot be written: {why}", max(run.exit_code, code)) from None
    finally:
        _summary(run, results)


def _cells(run: Run) -> Iterable[tuple[str, str, str, str]]:
    for report in run.reports:
        word = f"{report.word} earlier" if report.earlier else report.word
        for id_ in report.ids or ("",):
            yield id_, report.row.call.to, word, report.row.where


def _document(run: Run, connection: Connection, results: str | None) -> dict[str, Any]:
    return {
        **asdict(connection.account),
        "results": results,
        "exit_code": run.exit_code,
        "stopped": run.stopped or None,
        "counts": {word: len(where) for word, where in _by_word(run).items()},
        "rows": [
            {
                "row": report.row.where,
                **report.row.call.to_wire(),
                "outcome": report.word,
                "earlier": report.earlier,
                "recorded": report.recorded and results is not None,
                "ids": list(report.ids),
                "hinted_ids": list(report.hinted_ids),
                "message": report.message or None,
            }
            for report in run.reports
        ],
    }


def _summary(run: Run, results: str | None) -> None:
    """What a person must know beside the table."""
    for line in _troubles(run):
        say(line)
    for report in run.reports:
        if report.hinted_ids:
            say(f"{_name(report)}: the damaged answer held {' '.join(report.hinted_ids)}")
    if len(run.reports) > 1:
        for word, where in _by_word(run).items():
            say(f"{word.capitalize() + ':':<11} {len(where):>5}  {places(where)}")
    if results is not None and any(r.outcome is Outcome.UNKNOWN for r in run.reports):
        say(f"What is unknown is not dialled again. {results} holds what is known of it.")


def _troubles(run: Run) -> Iterable[str]:
    """Why rows failed, and why the run stopped."""
    refused = [r for r in run.reports if r.outcome is Outcome.REJECTED and r is not run.stopped_by]
    for report in refused[:_SHOWN]:
        yield f"{_name(report)}: {report.message}"
    if len(refused) > _SHOWN:
        yield f"and {len(refused) - _SHOWN} more were rejected"
    if run.stopped and run.stopped_by is not None:
        yield f"Stopped at {_name(run.stopped_by)}: {run.stopped}"
    elif run.stopped:
        yield f"Stopped: {run.stopped}"


def _name(report: Report) -> str:
    return f"{report.row.where}, to {report.row.call.to}"


def _by_word(run: Run) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for report in run.reports:
        found.setdefault(report.word, []).append(report.row.where)
    return found
