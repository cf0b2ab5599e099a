"""The first step: what is configured, where each value comes from, and what runs here."""

from __future__ import annotations

import platform
import ssl
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.metadata import version
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from .._core.credentials import _CLOUD_ID
from .._core.transport import NetworkTransport, _tls_context
from .._version import __version__
from ..errors import InvalidInputError, TransportError
from .given import VARIABLES
from .step import Notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._core.settings import Settings
    from .given import Given
    from .step import Step

NAME: Final = "Configuration"
_NOT_READ: Final = ("http_proxy", "https_proxy", "all_proxy")
_SERVICES: Final = ("service_start", "service_status")


def versions() -> str:
    """What runs here, for people who help."""
    return (
        f"aculab-wrappers {__version__}, Python {platform.python_version()}, "
        f"{ssl.OPENSSL_VERSION}, requests {version('requests')}, urllib3 {version('urllib3')}, "
        f"{platform.system() or 'unknown system'}"
    )


def look(given: Given) -> tuple[Step, Settings | None]:
    """Check everything about the way there that can be checked without the network.

    Returns:
        The step, and the settings unless it failed.
    """
    notes = Notes(NAME, "the options and the environment variables ACULAB_*")
    notes.saw(versions())
    _unusable_library(notes)
    settings = None
    try:
        settings = given.settings()
        _way(notes, given, settings)
    except InvalidInputError as error:
        notes.fail(f"{error}", "correct this option")
    for name in ("cloud_id", "username", "service", "password"):
        _of_account(notes, given, name)
    _other_proxies(notes, given)
    _other_variables(notes, given)
    return notes.step(), None if notes.failed else settings


def _unusable_library(notes: Notes) -> None:
    try:
        NetworkTransport()
    except TransportError as error:
        notes.fail(f"{error}")


def _way(notes: Notes, given: Given, settings: Settings) -> None:
    """Each setting of the way there: all of them, so that all mistakes show at once."""
    with _failing(notes, given, "base_url"):
        base = settings.base()
        notes.saw(f"base URL   {base}  ({given.source('base_url')})")
        _base_path(notes, base)
    with _failing(notes, given, "request_timeout"):
        notes.saw(f"timeout    {settings.seconds():g} s  ({given.source('request_timeout')})")
    with _failing(notes, given, "proxy"):
        proxy = settings.way()
        shown = proxy.url if proxy else "none"
        notes.saw(f"proxy      {shown}  ({given.source('proxy')})")
    with _failing(notes, given, "ca_bundle"):
        trust = settings.trust()
        _tls_context(trust)
        notes.saw(
            f"trust      {trust or 'the certificates of certifi'}  ({given.source('ca_bundle')})"
        )


@contextmanager
def _failing(notes: Notes, given: Given, name: str) -> Iterator[None]:
    try:
        yield
    except InvalidInputError as error:
        source = given.source(name)
        what = f"correct {source}" + (", or unset it" if source.startswith("ACULAB_") else "")
        notes.fail(f"{error}", what)


def _base_path(notes: Notes, base: str) -> None:
    """A base URL with the web service's name in it is the page's own example, pasted."""
    path = unquote(urlsplit(base).path).lower()
    for name in _SERVICES:
        if name in path:
            # Below such an address a server may run service_start whatever follows.
            notes.fail(
                f"the base URL holds the name of a web service, {name}",
                f"end it before /{name}: the package adds that by itself",
            )
            return
    if path:
        notes.saw(f"           requests go to {base}/service_start")


def _other_proxies(notes: Notes, given: Given) -> None:
    """The variables of other programs. Their values may hold a password: names only."""
    found = [name for name, text in given.environ.items() if text and name.lower() in _NOT_READ]
    if not found:
        return
    told = f"{', '.join(sorted(found))}: set, and not read by this package"
    if given.text("proxy") or (given.text("base_url") or "").startswith("http:"):
        notes.saw(told)
    else:
        notes.warn(told, "if that proxy must be used, put its address into ACULAB_PROXY")


def _of_account(notes: Notes, given: Given, name: str) -> None:
    text = given.text(name)
    if text is None:
        return
    label = {"cloud_id": "cloud id", "username": "user name"}.get(name, name)
    # A cloud id that is none may be the whole user name.
    shown = text if name == "cloud_id" and _CLOUD_ID.match(text) else "set, not shown"
    notes.saw(f"{label:<10} {shown}  ({given.source(name)})")


def _other_variables(notes: Notes, given: Given) -> None:
    """What is set and read by nobody. Names only: a misspelt one may hold a password."""
    known = tuple(VARIABLES.values())
    for name in sorted(given.environ):
        if name in known:
            if not given.environ[name]:
                notes.saw(f"{name} is set and empty, which counts as not set")
        elif name.upper().startswith("ACULAB"):
            rest = name.upper().removeprefix("ACULAB").lstrip("_")
            near = get_close_matches(rest, [one[len("ACULAB_") :] for one in known], n=1)
            hint = f"rename {name} to ACULAB_{''.join(near)}, if that is what it is meant to be"
            notes.warn(
                f"{name} is set, and nothing reads it",
                hint if near else f"unset {name}, unless another program needs it",
            )
