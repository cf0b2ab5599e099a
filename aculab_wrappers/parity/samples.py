"""The page's samples: unaltered, their faults named, their ports running.

`samples/<tab>.json` quotes every sample with the request it must send; the demo runs them. A port
is that sample in Python, a function of `aculab_wrappers.demo`.
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal

from .._core.frozen import frozen
from .._core.json_reader import NotJsonError, read_json
from ..demo.run import Sample, run
from .folder import SuiteError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from .report import Check

HTTP: Final = "http"
"""The tab of the raw requests, which no dialect owns."""
_INDEX: Final = "index.json"
_PORTS: Final = "aculab_wrappers.demo"


@frozen
class Fault:
    """What is wrong with a sample as printed.

    Attributes:
        name: What it is called.
        printed: The faulty part of the text.
        wanted: What it should say, or "".
        why: The evidence.
    """

    name: str
    printed: str
    wanted: str
    why: str


@frozen
class Quotation:
    """A text of the page, letter for letter.

    Attributes:
        id: Unique among the samples.
        title: What the sample calls, or what the table describes.
        printed: The text.
        sha256: The hash of its UTF-8.
        faults: What is wrong with it.
    """

    id: str
    title: str
    printed: str
    sha256: str
    faults: tuple[Fault, ...]


@frozen
class Snippet:
    """A sample of the page.

    Attributes:
        quotation: Its text.
        heading: The sentence above it.
        user: The user name that it authenticates with.
        password: Its service password, a throw-away one that the page prints.
        destination: What its service must be configured to call.
        sends: The JSON that it must send, as a value.
        port: The function that runs it, "module:function" in aculab_wrappers.demo.
    """

    quotation: Quotation
    heading: str
    user: str
    password: str
    destination: Literal["telephone", "conference"]
    sends: object
    port: str


@frozen
class Tab:
    """The samples of one tab of the page.

    Attributes:
        name: The tab's name as people know it, such as "C#".
        dialect: The dialect's key, such as "csharp", or HTTP.
        samples: Its samples, in the page's order.
        tables: Tables that print a fault.
    """

    name: str
    dialect: str
    samples: tuple[Snippet, ...]
    tables: tuple[Quotation, ...]


def read_samples(folder: Path) -> tuple[Tab, ...]:
    """The samples of the suite in `folder`, which is not checked against its schema.

    Raises:
        SuiteError: a file is missing, or no JSON.
    """
    names = [_INDEX, *(f"samples/{path.name}" for path in folder.glob("samples/*.json"))]
    documents = {}
    for name in names:
        try:
            documents[name] = read_json((folder / name).read_bytes())
        except OSError as error:
            raise SuiteError(f"{folder / name} cannot be read: {error.strerror}") from error
        except NotJsonError as error:
            raise SuiteError(f"{folder / name}: {error}") from None
    return make_samples(documents)


def make_samples(documents: Mapping[str, Any]) -> tuple[Tab, ...]:
    """The samples among the documents of a suite, in the page's order.

    Raises:
        SuiteError: a tab has no file, or one too many; or an id is there twice.
    """
    wanted = (HTTP, *documents[_INDEX]["dialects"])
    files = [name for name in documents if name.startswith("samples/")]
    by_dialect = {documents[name]["dialect"]: documents[name] for name in files}
    if by_dialect.keys() != set(wanted) or len(files) != len(wanted):
        raise SuiteError(f"samples/ must hold one file for each of {', '.join(wanted)}")
    tabs = tuple(_tab(by_dialect[dialect]) for dialect in wanted)
    ids = [quotation.id for tab in tabs for quotation in _quotations(tab)]
    for twice in sorted(known for known in set(ids) if ids.count(known) > 1):
        raise SuiteError(f"samples/: two samples of the id {twice}")
    return tabs


def as_demo(tab: Tab, snippet: Snippet) -> Sample:
    """A sample with its port, as the demo runs it.

    Raises:
        SuiteError: there is no such port.
    """
    module, _, function = snippet.port.partition(":")
    try:
        port = getattr(import_module(f"{_PORTS}.{module}"), function)
    except (ImportError, AttributeError) as error:
        raise SuiteError(f"its port {snippet.port} is not there: {error}") from error
    return Sample(
        tab.name,
        snippet.quotation.title,
        port,
        snippet.user,
        snippet.password,
        snippet.destination,
        snippet.sends,
    )


def check_samples(documents: Mapping[str, Any], dialects: Sequence[str]) -> Iterator[Check]:
    """Hold samples and tables against their hashes, their faults, and what the ports send.

    The ports run over HTTP, each against a sandbox of its own.

    Args:
        documents: The files of the suite.
        dialects: Whose samples; the raw requests, which are no dialect's, are always among them.

    Raises:
        SuiteError: a tab has no file, or one too many; or an id is there twice.
    """
    for tab in make_samples(documents):
        if tab.dialect in (HTTP, *dialects):
            yield from _checks(tab)


def _checks(tab: Tab) -> Iterator[Check]:
    from .report import Check  # the demo reads samples without the runner and its libraries

    column = "" if tab.dialect == HTTP else tab.dialect
    for snippet in tab.samples:
        title = f"{_title(snippet.quotation)}, and its port sends what is documented"
        complaints = (*_text(snippet.quotation), *_port(tab, snippet))
        yield Check("samples", column, title, complaints)
    for table in tab.tables:
        yield Check("samples", column, _title(table), tuple(_text(table)))


def _title(quotation: Quotation) -> str:
    faults = ", ".join(fault.name for fault in quotation.faults)
    return f"{quotation.id} is as printed" + (f" (its faults: {faults})" if faults else "")


def _quotations(tab: Tab) -> tuple[Quotation, ...]:
    return (*(snippet.quotation for snippet in tab.samples), *tab.tables)


def _text(quotation: Quotation) -> Iterator[str]:
    found = hashlib.sha256(quotation.printed.encode()).hexdigest()
    if found != quotation.sha256:
        yield f"the sha256 of the printed text is {found}, recorded is {quotation.sha256}"
    for fault in quotation.faults:
        if fault.printed not in quotation.printed:
            yield f"the fault {fault.name!r} quotes {fault.printed!r}, which is not in the text"


def _port(tab: Tab, snippet: Snippet) -> Iterator[str]:
    try:
        complaint = run(as_demo(tab, snippet)).complaint
    except SuiteError as error:
        yield str(error)
    except Exception as error:  # whatever a port raises is a difference, and the others still run
        yield f"its port {snippet.port} ended with {type(error).__name__}: {error}"
    else:
        if complaint:
            yield f"its port {snippet.port} differs: {complaint}"


def _tab(document: Mapping[str, Any]) -> Tab:
    return Tab(
        document["tab"],
        document["dialect"],
        tuple(_snippet(sample) for sample in document["samples"]),
        tuple(_quotation(table) for table in document.get("tables", ())),
    )


def _snippet(sample: Mapping[str, Any]) -> Snippet:
    service = sample["service"]
    return Snippet(
        _quotation(sample),
        sample["heading"],
        "/".join(service[part] for part in ("cloud_id", "username", "service_name")),
        service["service_password"],
        sample["destination"],
        sample["sends"],
        sample["port"],
    )


def _quotation(text: Mapping[str, Any]) -> Quotation:
    faults = tuple(Fault(**fault) for fault in text["faults"])
    return Quotation(text["id"], text["title"], text["printed"], text["sha256"], faults)
