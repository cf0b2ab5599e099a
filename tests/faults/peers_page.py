"""The table that people read: which rows it has, and how it is written down."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from .peers_clients import OURS, PEERS, versions
from .peers_judge import Fault
from .row import Row, Way
from .rows import NOT_YET, ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .peers_play import Verdict

COMMAND: Final = "python -m tests.faults.peers"
BEGIN: Final = f"<!-- what follows is written by: {COMMAND} --write -->"
END: Final = "<!-- end of what is written by it -->"
LAST: Final = 59
PREFERRED: Final = (Way.TLS, Way.TUNNEL, Way.PLAIN, Way.ASKED)
GROUPS: Final = (
    (1, 15, "Before any byte of the request"),
    (16, 40, "The request was written, and what became of it is not clear"),
    (41, LAST, "An answer came, and it is not right"),
)
_SAME: Final = "is the same fault as the row before it, with one more demand on this package"
LEFT_OUT: Final[Mapping[str, str]] = {
    "10k": "wants a real proxy program",
    "10l": "wants a real proxy program",
    "10m": "wants a real proxy program",
    "13a": "takes away a part of urllib3 that only this package asks for",
    "13b": "takes away a part of urllib3 that only this package asks for",
    "15d": "slows down a part of this package",
    "30c": "wants a real proxy program",
    "34c": "asks for what only this package's errors have",
    "34d": "asks for what only this package's errors have",
    "35a": "turns on retries: two of the peers have them on anyway",
    "35b": "turns on retries: two of the peers have them on anyway",
    "35c": "turns on retries: two of the peers have them on anyway",
    "38-memory-reading": "breaks a part of this package",
    "38-memory-writing": "breaks a part of this package",
    "39b": "runs a program written for this package",
    "39c": "runs a program written for this package",
    "40c": "asks for what only this package promises",
    "40d": "is about this package's PHP face",
    "40e": "is about this package's PHP face",
    **{f"52-{name}-kept": _SAME for name in ("junk", "0.9", "200x", "99", "3.0", "half")},
    "53b": _SAME,
    "59e": "is about following a call, not about starting one",
}
"""Rows that no peer could play, and why."""


def table_rows() -> list[Row]:
    return [row for row in ROWS if row.number <= LAST and row.id not in LEFT_OUT]


def way(row: Row) -> Way:
    """The one way in which the table plays a row: over TLS, as the real cloud is reached."""
    if row.number == 36:  # whoever forks while another thread is inside OpenSSL may wait for ever
        return Way.PLAIN
    return next(one for one in PREFERRED if one in row.ways)


def unmet(row: Row) -> str | None:
    """Why this package does not come to what the row asks for, if it does not."""
    return NOT_YET.get(row.id) or NOT_YET.get(f"{row.id}-{way(row).value}")


def stem(row: Row) -> list[str]:
    """The cells of a row that do not come from running it."""
    asked = f"`{row.outcome.name}`" + (" *" if unmet(row) else "")
    return [row.id, escaped(row.title), way(row).value, asked]


def cell(verdict: Verdict) -> str:
    said = f"{verdict.starts}: {escaped(verdict.words)}"
    return said if verdict.fault is None else f"{said} **✗ {LETTERS[verdict.fault]}**"


def escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


LETTERS: Final = dict(zip(Fault, "ABCDEFGH", strict=True))


def generated(found: Mapping[tuple[str, str], Verdict], seconds: float) -> str:
    """All that comes from the rows and from running them."""
    return "\n".join(
        [
            f"Run with {versions()}. {len(table_rows())} rows in {seconds:.0f} seconds.",
            "",
            *_totals(found),
            *_codes(),
            *(line for first, last, title in GROUPS for line in _group(found, first, last, title)),
            *fixed_lists(),
        ]
    )


def _totals(found: Mapping[tuple[str, str], Verdict]) -> Iterator[str]:
    counts = {peer.name: Counter[Fault | None]() for peer in PEERS}
    for (_, name), verdict in found.items():
        counts[name][verdict.fault] += 1
    yield from _head(["", *counts])
    yield _line(["rows played", *(str(sum(count.values())) for count in counts.values())])
    yield _line(["survived", *(f"**{count[None]}**" for count in counts.values())])
    for fault, letter in LETTERS.items():
        yield _line(
            [f"✗ {letter}: {fault.value}", *(str(count[fault]) for count in counts.values())]
        )
    most = {
        name: max(found[row.id, name].starts - row.tries for row in table_rows()) for name in counts
    }
    yield _line(["most starts beyond those asked for", *(str(max(n, 0)) for n in most.values())])
    yield ""


def _codes() -> Iterator[str]:
    yield from ("### The code of the columns", "")
    yield "`at` holds what the caller was given: the address, the account, a time limit, a proxy,"
    yield "the certificates to trust. Each column is given the same."
    yield ""
    for peer in PEERS:
        if peer is not OURS:
            yield from (f"**{peer.name}**", "", "```text", peer.shown, "```", "")


def _group(
    found: Mapping[tuple[str, str], Verdict], first: int, last: int, title: str
) -> Iterator[str]:
    yield from (f"### {title}", "")
    yield from _head(["row", "fault", "way", "must be", *(peer.name for peer in PEERS)])
    for row in table_rows():
        if first <= row.number <= last:
            yield _line([*stem(row), *(cell(found[row.id, peer.name]) for peer in PEERS)])
    yield ""


def fixed_lists() -> list[str]:
    """What the page says of rows beside the table."""
    missed = [(row, text) for row in table_rows() if (text := unmet(row))]
    out = ["### Where this package misses its own target", ""]
    if missed:
        out += ["Marked * in the table.", ""]
        out += [f"- {row.id}: {escaped(text)}." for row, text in missed]
    else:
        out += ["Nowhere in these rows."]
    out += ["", "### Rows that are not in the table", ""]
    reasons: dict[str, list[str]] = {}
    for id_, text in LEFT_OUT.items():
        reasons.setdefault(text, []).append(id_)
    return [*out, *(f"- {', '.join(ids)}: {text}." for text, ids in reasons.items())]


def _head(names: Sequence[str]) -> list[str]:
    return [_line(names), _line(["---"] * len(names))]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def between_marks(page: str) -> str:
    """The part of the page that is generated."""
    return page.partition(BEGIN)[2].partition(END)[0].strip()


def with_generated(page: str, text: str) -> str:
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}"


def stems(page: str) -> list[list[str]]:
    """The rows that a page's tables show, without what came of running them."""
    lines = re.findall(r"(?m)^\| ([0-9].*) \|$", between_marks(page))
    return [re.split(r" (?<!\\)\| ", line)[:4] for line in lines]
