"""Run the rows of the fault table against this package and its peers, and print who dials twice.

    python -m tests.faults.peers                    print the table
    python -m tests.faults.peers --write            write it into docs/never-dial-twice.md
    python -m tests.faults.peers --row 19a --row 43a --peer requests

Loopback only. Each play runs in a process of its own and is ended when its time is over.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .peers_clients import INSTALL, PEERS, Peer
from .peers_page import cell, generated, table_rows, way, with_generated
from .peers_play import Play, Verdict, can_fork, verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from .row import Row

PAGE: Final = Path(__file__).parents[2] / "docs" / "never-dial-twice.md"


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    rows, peers = asked.row or table_rows(), asked.peer or list(PEERS)
    missing = sorted({name for peer in peers for name in peer.missing})
    if missing:
        _say(f"Not installed: {', '.join(missing)}. Run: {INSTALL}", sys.stderr)
        return 2
    if not can_fork():
        _say("This needs a system that can fork: Linux, macOS, WSL.", sys.stderr)
        return 2
    if asked.write and (asked.row or asked.peer):
        _say("--write writes the whole table: leave out --row and --peer.", sys.stderr)
        return 2
    whole = not (asked.row or asked.peer)
    found, seconds = _run([(row, peer) for row in rows for peer in peers], whole=whole)
    if whole:
        text = generated(found, seconds)
        if asked.write:
            PAGE.write_text(with_generated(PAGE.read_text("utf-8"), text), "utf-8")
            _say(f"written: {PAGE.name}; {text.splitlines()[0]}")
        else:
            _say(text)
    return 0


def _run(
    wanted: list[tuple[Row, Peer]], *, whole: bool
) -> tuple[dict[tuple[str, str], Verdict], float]:
    began = time.monotonic()
    found: dict[tuple[str, str], Verdict] = {}
    with tempfile.TemporaryDirectory() as folder:
        plays = [Play(row, way(row), peer) for row, peer in wanted]
        for play, verdict in verdicts(plays, Path(folder)):
            found[play.row.id, play.peer.name] = verdict
            if not whole:
                _say(f"{play.row.id} | {play.peer.name} | {cell(verdict)}")
            elif play.peer is PEERS[-1] and sys.stderr.isatty():
                _say(f"{len(found)} of {len(plays)}", sys.stderr)
    return found, time.monotonic() - began


def _say(text: str, out: TextIO | None = None) -> None:
    print(text, file=out, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.peers", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    parser.add_argument("--row", action="append", type=_row, help="only this row")
    parser.add_argument("--peer", action="append", type=_peer, help="only this peer")
    return parser


def _row(name: str) -> Row:
    found = {row.id: row for row in table_rows()}
    if name not in found:
        raise argparse.ArgumentTypeError(f"no such row in the table: {name}")
    return found[name]


def _peer(name: str) -> Peer:
    found = {peer.name: peer for peer in PEERS}
    if name not in found:
        raise argparse.ArgumentTypeError(f"the peers are: {', '.join(found)}")
    return found[name]


if __name__ == "__main__":
    sys.exit(main())
