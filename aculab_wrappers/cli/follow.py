"""`status` and `wait`: how far calls have come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from .._core.values import Invocation
from ..errors import Outcome, StatusError, WaitTimeoutError
from .account import Options, account_options, connect
from .errors import DONE, FAILED, INTERRUPTED, CommandError
from .output import emit_json, emit_table, places, progress, say, utc
from .results import read_results
from .rows import read_stdin
from .stop_signal import StopSignal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .account import Connection
    from .results import Account, Entry

_EPILOG = """\
\b
Exit codes:
  0    {done}
  1    {failed}
  2    the command line or the input cannot be used; nothing was asked
  130  interrupted
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What to ask about: ids, and what a results file says of them."""

    ids: list[str]
    entries: dict[str, Entry]


def _following(command: Callable[..., int]) -> Callable[..., int]:
    """What `status` and `wait` both take."""
    for decorate in (
        click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout."),
        click.option("--results", metavar="FILE", help="Ask about the calls of a run's results."),
        click.argument("ids", nargs=-1),
    ):
        command = decorate(command)
    return command


@click.command(
    epilog=_EPILOG.format(done="the cloud answered", failed="the cloud refused, or did not answer")
)
@_following
@account_options()
def status(options: Options, ids: tuple[str, ...], results: str | None, *, as_json: bool) -> int:
    """Ask once how far calls have come.

    IDS are what `start` printed; - reads them from stdin, one at the beginning of each line.
    """
    connection = connect(options, stdin_is_taken="-" in ids)
    asked = _asked(ids, results, connection.account)
    try:
        news: Sequence[Invocation] = connection.client.status(asked.ids)
        problem = ""
    except StatusError as error:
        news, problem = error.invocations, str(error)
    _print(news, asked, connection, as_json=as_json)
    return _ended(problem)


@click.command(
    epilog=_EPILOG.format(
        done="all have finished, however they ended",
        failed="not all finished in time, or the cloud refused or did not answer",
    )
)
@_following
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=float,
    default=600.0,
    show_default=True,
    help="How long to wait in all.",
)
@click.option(
    "--poll",
    metavar="SECONDS",
    type=float,
    default=2.0,
    show_default=True,
    help="How often to ask.",
)
@account_options("--request-timeout")
def wait(  # one parameter for each option
    options: Options,
    ids: tuple[str, ...],
    results: str | None,
    *,
    as_json: bool,
    timeout: float,
    poll: float,
) -> int:
    """Wait until calls have finished.

    IDS are what `start` printed; - reads them from stdin, one at the beginning of each line.
    """
    connection = connect(options, stdin_is_taken="-" in ids)
    asked = _asked(ids, results, connection.account)
    news, problem, interrupted = _waited(connection, asked.ids, timeout, poll)
    _print(news, asked, connection, as_json=as_json)
    code = _ended(problem)
    if interrupted:
        say("Interrupted. The calls go on; this was the last news of them.")
    return INTERRUPTED if interrupted else code


def _waited(
    connection: Connection, ids: list[str], timeout: float, poll: float
) -> tuple[Sequence[Invocation], str, bool]:
    """The last news, what went wrong, and whether it was interrupted."""
    news: Sequence[Invocation] = [Invocation(id_) for id_ in ids]
    with StopSignal() as stop, progress("finished") as bar:
        task = bar.add_task("Waiting", total=len(ids))

        def show(heard: list[Invocation]) -> None:
            nonlocal news
            news = heard
            bar.update(task, completed=sum(item.finished for item in heard))
            bar.refresh()

        try:
            bar.refresh()
            found = connection.client.wait(
                ids, timeout=timeout, poll=poll, on_update=show, cancel=stop
            )
        except (StatusError, WaitTimeoutError) as error:
            return error.invocations, str(error), False
        except KeyboardInterrupt:
            return news, "", True
        return found, "", stop.is_set() and not all(item.finished for item in found)


def _ended(problem: str) -> int:
    if problem:
        say(f"Error: {problem}")
    return FAILED if problem else DONE


def _asked(ids: tuple[str, ...], results: str | None, account: Account) -> _Asked:
    """The ids of the command line, of stdin and of the results file, each once."""
    found = [id_ for given in ids for id_ in (_from_stdin() if given == "-" else [given])]
    entries: dict[str, Entry] = {}
    if results is not None:
        rows, _ = read_results(results, account)
        entries = {id_: entry for entry in rows.values() for id_ in entry.ids}
        found += entries
        unknown = [entry.where for entry in rows.values() if entry.outcome is Outcome.UNKNOWN]
        if unknown:
            say(f"{results}: unknown, and without id: {places(unknown)}")
    found = list(dict.fromkeys(found))
    if not found:
        where = "stdin" if "-" in ids else results
        raise CommandError(
            "name the ids to ask about, or a results file with --results"
            if where is None
            else f"{where}: holds no ids: there is nothing to ask about"
        )
    return _Asked(found, entries)


def _from_stdin() -> list[str]:
    lines = read_stdin().decode("utf-8", "replace").splitlines()
    # What `start` writes into a pipe has the id before the first tab, and none where none came.
    return [first for line in lines if (first := line.split("\t")[0].strip())]


def _print(
    news: Sequence[Invocation], asked: _Asked, connection: Connection, *, as_json: bool
) -> None:
    if as_json:
        rows = [_object(item, asked.entries.get(item.id)) for item in news]
        emit_json({"service": connection.account.service, "invocations": rows})
        return
    columns = ["Id", "Status", "Detail"]
    cells = [[item.id, item.status or "no news", item.status_detail] for item in news]
    if asked.entries:
        columns.append("To")
        for row, item in zip(cells, news, strict=True):
            entry = asked.entries.get(item.id)
            row.append(entry.to if entry else "")
    emit_table(columns, cells)


def _object(item: Invocation, entry: Entry | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": item.id,
        "status": item.status or None,
        "status_detail": item.status_detail,
        "return_code": item.return_code,
        "finished": item.finished,
        "application_status_eta": utc(item.application_status_eta),
        "application_instance_id": item.application_instance_id,
    }
    if entry is not None:
        made |= {"to": entry.to, "token": entry.token, "row": entry.where}
    return made
