"""What the options and the environment say, before anything of it is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .._core.settings import Settings
from .._core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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


@frozen
class Given:
    """What is to be examined.

    Attributes:
        options: What was given on the command line, by the option's name. A proxy's password is
            never among it.
        environ: The environment.
        password: Gives the service password, or None without one. Raises InvalidInputError. Not
            the text itself: nothing that prints this value shows it.
        account_needed: Whether a missing account is a failure.
    """

    options: Mapping[str, str]
    environ: Mapping[str, str]
    password: Callable[[], str | None]
    account_needed: bool

    def text(self, name: str) -> str | None:
        """What an option or its variable says; None when neither does. An empty one does not."""
        return self.options.get(name) or self.environ.get(VARIABLES[name]) or None

    def source(self, name: str) -> str:
        """Where that comes from."""
        if self.options.get(name):
            return f"--{_OPTION_NAMES.get(name, name).replace('_', '-')}"
        return VARIABLES[name] if self.environ.get(VARIABLES[name]) else "default"

    def settings(self) -> Settings:
        """What the command line says of the way there; the environment says the rest."""
        seconds = self.options.get("request_timeout")
        return Settings.checked(
            self.options.get("base_url"),
            None if seconds is None else float(seconds),
            self.options.get("proxy"),
            self.options.get("ca_bundle"),
        )


_OPTION_NAMES: Final = {"request_timeout": "timeout"}
