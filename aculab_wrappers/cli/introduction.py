"""What `sandbox` says when it begins: where it is, and how to send programs there."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..sandbox import DEFAULT_SERVICES
from ..sandbox.address import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..sandbox import Service

_DESTINATION: Final = {"telephone": "sip:bob@acompany.com", "conference": "myConference"}


@dataclass(frozen=True, slots=True)
class Offered:
    """The services, and where each comes from: that says which password it has.

    Attributes:
        configured: Those of the file, or the usual ones.
        added: Those of the command line.
        config: The file's name, if there is one.
    """

    configured: Sequence[Service]
    added: Sequence[Service]
    config: str | None

    @property
    def services(self) -> list[Service]:
        """All of them."""
        return [*self.configured, *self.added]

    def password(self, service: Service) -> str:
        """Which password a service has, in words: none is shown here."""
        if service in self.added:
            return 'the word "sandbox"'
        return "as in the documentation" if service in DEFAULT_SERVICES else f"as in {self.config}"


def introduction(environment: Mapping[str, str], offered: Offered) -> list[str]:
    """The lines. They hold no password but one that the documentation prints."""
    base_url = environment["ACULAB_BASE_URL"]
    # The documentation gives one service two passwords; it is one line here.
    listed = {service.user: service for service in offered.services}.values()
    return [
        f"A sandbox of Aculab Cloud is at {base_url}. Ctrl-C stops it.",
        f"Open {base_url} in a browser to see its services, calls and requests.",
        "",
        "Send every wrapper there, in another shell:",
        *(f"  export {name}={shlex.quote(value)}" for name, value in environment.items() if value),
        f"  unset {' '.join(name for name, value in environment.items() if not value)}",
        "",
        "Its services (kind, user name, password):",
        *(f"  {item.kind:<10}  {item.user}  {offered.password(item)}" for item in listed),
        "",
        "Try it:",
        *_trial(offered.services[0]),
        "",
        "Requests (method, path, user, calls, answer):",
    ]


def warning(host: str | None) -> list[str]:
    """What to say when other machines may reach it."""
    if host is None or is_loopback(host):
        return []
    what = f"Warning: other machines can reach this sandbox, because it listens on {host}."
    return [f"{what} Whoever does can see what it was asked, and start and purge."]


def _trial(service: Service) -> list[str]:
    if service in DEFAULT_SERVICES:
        first = f"  export ACULAB_SERVICE_PASSWORD={service.password}"
    else:
        first = f"  # ACULAB_SERVICE_PASSWORD holds the password of {service.name}"
    names = (("cloud-id", service.cloud_id), ("username", service.username))
    given = [f"--{name} {shlex.quote(value)}" for name, value in names]
    return [
        first,
        f"  aculab-wrappers start {_DESTINATION[service.kind]} {' '.join(given)} \\",
        f"    --service {shlex.quote(service.name)}",
    ]
