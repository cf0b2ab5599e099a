"""What is configured, where each value comes from, and what runs here: no network is needed.

A finding about the configuration is one function in `_CHECKS`.
"""

from __future__ import annotations

import http.client
import os
import platform
import ssl
import sys
from dataclasses import replace
from difflib import get_close_matches
from importlib.machinery import PathFinder
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import requests
import urllib3
from urllib3 import connection as urllib3_connection

from .._core.credentials import CLOUD_ID, Credentials
from .._core.frozen import frozen
from .._core.settings import SANDBOX_REQUIRED, Proxy, Resolved, Settings
from .._core.tls import client_context
from .._version import __version__
from ..errors import InvalidInputError, TransportError
from .step import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONFIGURATION: Final = "Configuration"
CREDENTIALS: Final = "Credentials"

VARIABLES: Final = {
    "cloud_id": "ACULAB_CLOUD_ID",
    "username": "ACULAB_USERNAME",
    "service": "ACULAB_SERVICE",
    "password": "ACULAB_SERVICE_PASSWORD",
    "base_url": "ACULAB_BASE_URL",
    "proxy": "ACULAB_PROXY",
    "ca_bundle": "ACULAB_CA_BUNDLE",
    "request_timeout": "ACULAB_TIMEOUT",
}
"""The environment variables that are read, by the name of their option."""

_OPTION_NAMES: Final = {"request_timeout": "timeout"}
_LABELS: Final = {"cloud_id": "cloud id", "username": "user name", "service": "service name"}
_VALID_PARTS: Final = ("1-2-0", "user", "service")
_OTHER_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy")
_WEB_SERVICES: Final = ("service_start", "service_status")
_DROP_IN: Final = "web_services"
_PYTHON: Final = "aculab_wrappers.python"


@frozen
class Inputs:
    """What is to be checked: the options and the environment, before anything of it is read.

    Attributes:
        options: What was given on the command line, by the option's name. A proxy's password is
            never among it.
        environ: The environment.
        password: Returns the service password, or None without one. Raises InvalidInputError. Not
            the text itself: nothing that prints this value shows it.
        is_account_needed: Whether a missing account is a failure.
    """

    options: Mapping[str, str]
    environ: Mapping[str, str]
    password: Callable[[], str | None]
    is_account_needed: bool

    def text(self, name: str) -> str | None:
        """Return what an option or its variable says, or None. An empty text counts as none."""
        return self.options.get(name) or self.environ.get(VARIABLES[name]) or None

    def source(self, name: str) -> str:
        """Return where that comes from."""
        if self.options.get(name):
            return f"--{_OPTION_NAMES.get(name, name).replace('_', '-')}"
        return VARIABLES[name] if self.environ.get(VARIABLES[name]) else "default"

    def settings(self) -> Settings:
        """Return what the options say of the way to the server. Raises InvalidInputError."""
        seconds = self.options.get("request_timeout")
        return Settings.checked(
            self.options.get("base_url"),
            None if seconds is None else float(seconds),
            self.options.get("proxy"),
            self.options.get("ca_bundle"),
        )


def describe_software() -> str:
    """Return the versions of what runs here, for people who help."""
    # Not that of the distribution: another package may stand in the place of this one.
    urllib3_version = getattr(urllib3, "__version__", "?")
    return (
        f"aculab-wrappers {__version__}, Python {platform.python_version()}, "
        f"{ssl.OPENSSL_VERSION}, requests {requests.__version__}, urllib3 {urllib3_version}, "
        f"{platform.system() or 'unknown system'}"
    )


# ---- The first step


def check_configuration(inputs: Inputs) -> tuple[Step, Settings | None]:
    """Check everything about the way to the server that can be checked without the network.

    Returns:
        The step, and the settings unless it failed.
    """
    step = Step(CONFIGURATION, "the options and the environment variables ACULAB_*")
    step.note(describe_software())
    for check in _CHECKS:
        check(step, inputs)
    return step, None if step.has_failed else inputs.settings()


def _check_urllib3(step: Step, _inputs: Inputs) -> None:
    if not issubclass(urllib3_connection.HTTPConnection, http.client.HTTPConnection):
        step.warn(
            "another package stands in the place of urllib3 (urllib3-future?): after a failure "
            "nothing can prove that a start was not sent, so each counts as UNKNOWN",
            "pip uninstall urllib3-future, then pip install --force-reinstall 'urllib3>=2.2'",
        )
    elif not hasattr(urllib3.HTTPResponse, "read1"):  # as before 2.2
        step.fail("urllib3 is older than 2.2", "pip install --upgrade 'urllib3>=2.2'")


def _check_settings(step: Step, inputs: Inputs) -> None:
    """Check each setting on its own, so that all mistakes show at once."""
    try:
        settings = inputs.settings()
    except InvalidInputError as error:
        step.fail(f"{error}", "correct this option")
        return
    # Settings.resolve stops at the first mistake. So each is resolved among others that are right.
    usable = Settings("https://localhost", 1.0, Proxy("http://127.0.0.1:1", "proxy"), "-")

    def resolve(name: str, option: str) -> Resolved | None:
        try:
            found = replace(usable, **{name: getattr(settings, name)}).resolve()
            if name == "ca_bundle":
                client_context(found.ca_bundle)
        except (InvalidInputError, TransportError) as error:
            step.fail(f"{error}", *_advise_correcting(inputs.source(option)))
            return None
        return found

    if found := resolve("base_url", "base_url"):
        usable = replace(usable, base_url=found.base_url)
        step.note(f"base URL   {found.base_url}  ({inputs.source('base_url')})")
        _check_base_path(step, found.base_url)
    if found := resolve("timeout", "request_timeout"):
        step.note(f"timeout    {found.timeout:g} s  ({inputs.source('request_timeout')})")
    if found := resolve("proxy", "proxy"):
        shown = found.proxy.url if found.proxy else "none"
        step.note(f"proxy      {shown}  ({inputs.source('proxy')})")
    if found := resolve("ca_bundle", "ca_bundle"):
        shown = found.ca_bundle or "the certificates of certifi"
        step.note(f"trust      {shown}  ({inputs.source('ca_bundle')})")


def _advise_correcting(source: str) -> tuple[str, ...]:
    if source == "default":
        return ()
    return (f"correct {source}" + (", or unset it" if source.startswith("ACULAB_") else ""),)


def _check_base_path(step: Step, base_url: str) -> None:
    """Check for the name of a web service in the base URL: the page's own example, pasted."""
    path = unquote(urlsplit(base_url).path).lower()
    for name in _WEB_SERVICES:
        if name in path:
            # Below such an address a server may run service_start whatever follows.
            step.fail(
                f"the base URL holds the name of a web service, {name}",
                f"end it before /{name}: the package adds that by itself",
            )
            return
    if path:
        step.note(f"           requests go to {base_url}/service_start")


def _check_account(step: Step, inputs: Inputs) -> None:
    """Note where each part of the login comes from, and show none but the cloud id."""
    for name in ("cloud_id", "username", "service", "password"):
        text = inputs.text(name)
        if text is not None:
            label = {"cloud_id": "cloud id", "username": "user name"}.get(name, name)
            # A cloud id that is none may be the whole user name.
            is_shown = name == "cloud_id" and CLOUD_ID.match(text)
            shown = text if is_shown else "set, not shown"
            step.note(f"{label:<10} {shown}  ({inputs.source(name)})")


def _check_other_proxies(step: Step, inputs: Inputs) -> None:
    """Name the proxy variables of other programs. Their values may hold a password."""
    environ = inputs.environ.items()
    found = sorted(name for name, text in environ if text and name.lower() in _OTHER_PROXIES)
    if not found:
        return
    told = f"{', '.join(found)}: set, and not read by this package"
    if inputs.text("proxy") or (inputs.text("base_url") or "").startswith("http:"):
        step.note(told)
    else:
        step.warn(told, "if that proxy must be used, put its address into ACULAB_PROXY")


def _check_other_variables(step: Step, inputs: Inputs) -> None:
    """Name the variables that nothing reads. A misspelt one may hold a password."""
    known = (*VARIABLES.values(), SANDBOX_REQUIRED)
    for name in sorted(inputs.environ):
        if name in known:
            if not inputs.environ[name]:
                step.note(f"{name} is set and empty, which counts as not set")
        elif name.upper().startswith("ACULAB"):
            rest = name.upper().removeprefix("ACULAB").lstrip("_")
            near = get_close_matches(rest, [one[len("ACULAB_") :] for one in known], n=1)
            hint = f"rename {name} to ACULAB_{''.join(near)}, if that is what it is meant to be"
            step.warn(
                f"{name} is set, and nothing reads it",
                hint if near else f"unset {name}, unless another program needs it",
            )


def _check_drop_in(step: Step, _inputs: Inputs) -> None:
    """Warn if the module of Aculab's own wrapper, `web_services`, is not this package's."""
    if hasattr(sys, "frozen"):
        return  # there, only what the program imports is present
    owners = set(packages_distributions().get(_DROP_IN, ())) - {"aculab-wrappers"}
    if owners:
        step.warn(
            f"{_DROP_IN} is also a module of {', '.join(sorted(owners))}: whichever was installed "
            f"last has overwritten the other",
            "install them in environments of their own: uninstalling one removes it for both",
        )
    found = find_spec(_DROP_IN)
    if found is None:
        step.warn(
            f"{_DROP_IN} cannot be imported, though this package installs it",
            "pip install --force-reinstall --no-deps aculab-wrappers",
        )
    here = PathFinder.find_spec(_DROP_IN, [os.getcwd()])
    for spec in (found, here):
        if spec is not None and spec.origin is not None and not _is_ours(spec.origin):
            step.warn(
                f"{_DROP_IN} is {spec.origin}, which is not of this package",
                f"if it should be, rename or uninstall that one; or import {_PYTHON} instead",
            )
            return


def _is_ours(path: str) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return _PYTHON in file.read()
    except OSError:
        return True  # in a zip file: nothing is known against it


_CHECKS: Final[tuple[Callable[[Step, Inputs], None], ...]] = (
    _check_urllib3,
    _check_settings,
    _check_account,
    _check_other_proxies,
    _check_other_variables,
    _check_drop_in,
)
"""Every finding about the configuration, in the order of the report."""


# ---- The fifth step


def check_credentials(inputs: Inputs) -> tuple[Step, Credentials | None]:
    """Check the form of each part, and that there is a password. No part but the id is shown.

    Whether they are right is not asked here.

    Returns:
        The step, and the credentials unless something is missing or malformed.
    """
    step = Step(
        CREDENTIALS, "cloud id, user name, service name and service password; no value is shown"
    )
    texts = [inputs.text(name) for name in _LABELS]
    if not any(texts) and not inputs.is_account_needed:
        step.warn(
            "no account is given: there is nothing to check",
            f"set {', '.join(VARIABLES[name] for name in _LABELS)} (or the options)",
        )
        return step, None
    for place, name in enumerate(_LABELS):
        _check_part(step, name, texts[place], place)
    password = _check_password(step, inputs)
    try:
        if step.has_failed or password is None:
            return step, None
        cloud_id, username, service = (text or "" for text in texts)
        return step, Credentials(cloud_id, username, service, password)
    finally:
        del password  # see SecretHolder


def _check_part(step: Step, name: str, text: str | None, place: int) -> None:
    label = _LABELS[name]
    if not text:
        advice = f"set {VARIABLES[name]}, or give --{name.replace('_', '-')}"
        step.fail(f"{label}: missing", advice)
        return
    parts = [*_VALID_PARTS]
    parts[place] = text
    cloud_id, username, service = parts
    try:
        Credentials(cloud_id, username, service, "-")
    except InvalidInputError as error:
        # Its text quotes a malformed cloud id, which may be the whole user name.
        step.fail(f"{label}: {str(error).partition(', not ')[0]}", *_part_advice(label, text))
        return
    if text != text.strip():
        step.warn(f"{label}: begins or ends with a blank", "see whether the blank belongs there")
    else:
        step.note(f"{label}: its form is right")


def _part_advice(label: str, text: str) -> tuple[str, ...]:
    if "/" in text:
        return ("give the three parts on their own: this package joins them with '/'",)
    if label == "cloud id":
        return (f"the {label} is the first part of a service's login: three numbers, like 1-2-0",)
    return ()


def _check_password(step: Step, inputs: Inputs) -> str | None:
    """Return the password. Nothing is said of it but whether it is there and can be sent."""
    password = None
    try:
        password = inputs.password()
        if not password:
            missing = "service password: none is given"
            advice = f"set {VARIABLES['password']}, or give --password-file FILE"
            if inputs.is_account_needed:
                step.fail(missing, advice)
            else:
                step.warn(missing, f"{advice}; on a terminal the other commands ask for it")
            return None
        Credentials(*_VALID_PARTS, password)
    except InvalidInputError as error:
        step.fail(f"{error}", "correct the password, or where it is read from")
        return None
    else:
        if password != password.strip():
            step.warn(
                "service password: begins or ends with a blank",
                "see whether the blank belongs there, or came with the copying",
            )
        else:
            step.note("service password: there, and can be sent")
        return password
    finally:
        del password
