"""`demo`: the page's samples, run over HTTP against a sandbox each, and held against the page."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from ..demo.run import run
from ..demo.samples import samples
from ..parity.folder import SuiteError
from .errors import DONE, FAILED, CommandError
from .output import emit_json, print_table, progress

if TYPE_CHECKING:
    from ..demo.run import Result

_MADE_FOR_JAVA = (
    "Java's third sample names the service of its conference sample. Here that service is "
    "configured for telephone numbers, or the calls would end as COULDNOTRUN."
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of the table.")
def demo(as_json: bool) -> int:
    """Run the documentation's fifteen samples and three raw requests against the embedded cloud.

    Every sample runs over real HTTP against a sandbox of its own on this machine: no account, no
    network, and no telephone rings. What it sends is compared with the request that the page
    documents. Exits with 1 if anything differs.
    """
    try:
        wanted = samples()
    except SuiteError as error:
        raise CommandError(str(error)) from None
    results = []
    with progress("samples") as bar:
        task = bar.add_task("running", total=len(wanted))
        for sample in wanted:
            results.append(run(sample))
            bar.advance(task)
            bar.refresh()
    complaints = [result for result in results if result.complaint]
    if as_json:
        emit_json([_document(result) for result in results])
    else:
        _show(results)
        _sum_up(results, complaints)
    return FAILED if complaints else DONE


def _show(results: list[Result]) -> None:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("sample", no_wrap=True)
    table.add_column("sent", overflow="fold", ratio=1)
    table.add_column("id, and how it ended", no_wrap=True)
    for result in results:
        name = f"{result.sample.dialect}\n{result.sample.title}"
        sent = [call for request in result.sent for call in _calls(request.calls)]
        came = [f"{instance.id}\n{instance.status}" for instance in result.instances]
        for row, (call, end) in enumerate(zip_longest(sent, came)):
            shown = "" if call is None else json.dumps(call, ensure_ascii=False)
            table.add_row("" if row else name, Text(shown), end)
        table.add_section()
    print_table(table)


def _calls(sent: object) -> list[object]:
    return sent if isinstance(sent, list) else [sent]


def _sum_up(results: list[Result], complaints: list[Result]) -> None:
    click.echo()
    for result in complaints:
        click.echo(f"DIFFERS: {result.sample.dialect} {result.sample.title}: {result.complaint}")
    instances = [instance for result in results for instance in result.instances]
    completed = sum(instance.status == "COMPLETED" for instance in instances)
    same = len(results) - len(complaints)
    click.echo(
        f"{same} of {len(results)} samples sent what the page documents; "
        f"{completed} of {len(instances)} calls completed."
    )
    click.echo(click.wrap_text(f"Note: {_MADE_FOR_JAVA}", 80))


def _document(result: Result) -> dict[str, object]:
    return {
        "dialect": result.sample.dialect,
        "sample": result.sample.title,
        "sent": [request.calls for request in result.sent],
        "documented": result.sample.documented,
        "ids": [instance.id for instance in result.instances],
        "ended": [instance.status for instance in result.instances],
        "differs": result.complaint,
    }
