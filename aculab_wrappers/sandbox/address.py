"""Where a sandbox serves HTTP: its address, the names it goes by, and its certificate."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from ..errors import AculabError, InvalidInputError
from .quoting import quoted

if TYPE_CHECKING:
    from .app import Ask, Refuse
    from .server import Server
    from .tls import Certificate

# With "_", which names in container networks may hold: they are only compared.
_LABEL: Final = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_NAME: Final = re.compile(rf"\A{_LABEL}(\.{_LABEL})*\Z")


class Address:
    """Where to serve.

    Args:
        host: An IP address of this machine, or "localhost", which is 127.0.0.1.
        port: 0 takes any free one.
        allow_other_machines: Must be True for a host that is not a loopback address.
        host_names: Further names by which requests may call the sandbox.
        ca_file: Serve https, and write there the certificate of the throw-away authority that
            vouches for it. None: serve http.

    Raises:
        InvalidInputError: one of them cannot be used; it is named.

    Attributes:
        host: The IP address.
        host_names: In small letters.
        ca_file: The absolute path, or None.
    """

    __slots__ = ("_certificate", "ca_file", "host", "host_names", "port")

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        allow_other_machines: bool = False,
        host_names: Iterable[str] = (),
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        self.host = _host(host, allow_other_machines)
        self.port = _port(port)
        self.host_names = frozenset(_names(host_names))
        self.ca_file = None if ca_file is None else _path(ca_file)
        self._certificate: Certificate | None = None

    def url(self, port: int) -> str:
        """The address to ask at. A sandbox on all addresses is asked at the loopback one."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        scheme = "http" if self.ca_file is None else "https"
        return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"

    def environment(self, url: str) -> dict[str, str]:
        """Return the environment variables that send every wrapper to `url`.

        They are all that decide where a request goes. An empty one counts as not set, so that it
        hides what was there before: a company's proxy, or a time limit.
        """
        return {
            "ACULAB_BASE_URL": url,
            "ACULAB_PROXY": "",
            "ACULAB_CA_BUNDLE": self.ca_file or "",
            "ACULAB_TIMEOUT": "",
        }

    def serve(self, answer: Ask, refuse: Refuse) -> Server:
        """Begin to serve.

        Args:
            answer: Answers a request.
            refuse: Answers a request with an error.

        Raises:
            AculabError: a library is not installed, the port is taken, or the certificate cannot
                be written.
        """
        try:
            from .server import Server  # the extra's libraries are needed only here

            if self.ca_file is None:
                return Server(answer, refuse, self)
            from .tls import Certificate

            # One for all of this sandbox's life: clients keep what they once trusted.
            made = self._certificate or Certificate([self.host, *sorted(self.host_names)])
        except ModuleNotFoundError as error:
            name = (error.name or "").partition(".")[0]
            if name not in ("werkzeug", "trustme"):
                raise
            raise AculabError(
                f"to serve {'HTTP' if name == 'werkzeug' else 'https'} the sandbox needs "
                f"{name.capitalize()}: pip install 'aculab-wrappers[sandbox]'"
            ) from error
        self._certificate = made
        server = Server(answer, refuse, self, made.context)
        try:
            # After the port is ours: the file may be that of a sandbox which has it.
            made.write(self.ca_file)
        except BaseException:
            server.close()
            raise
        return server


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach the host: an IP address, or "localhost"."""
    return host == "localhost" or ip_address(host).is_loopback


def _host(host: object, allow_other_machines: object) -> str:
    if not isinstance(allow_other_machines, bool):
        kind = type(allow_other_machines).__name__
        raise InvalidInputError(f"allow_other_machines must be True or False, not {kind}")
    text = "127.0.0.1" if host == "localhost" else host
    try:
        if not isinstance(text, str) or "%" in text:
            raise ValueError
        found = ip_address(text)
    except ValueError:
        raise InvalidInputError(
            f"host must be an IP address of this machine or 'localhost', not {quoted(host)}"
        ) from None
    if not is_loopback(text) and not allow_other_machines:
        raise InvalidInputError(
            f"host {text} is not a loopback address: other machines could use the sandbox. "
            f"Pass allow_other_machines=True if they shall"
        )
    return str(found)


def _port(port: object) -> int:
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65_535:
        raise InvalidInputError("port must be a number from 0 to 65535")
    return port


def _names(host_names: object) -> list[str]:
    if isinstance(host_names, str) or not isinstance(host_names, Iterable):
        kind = type(host_names).__name__
        raise InvalidInputError(f"host_names must be an iterable of names, not {kind}")
    found = []
    for name in host_names:
        text = name.lower().removesuffix(".") if isinstance(name, str) else ""
        if not _NAME.match(text):
            raise InvalidInputError(
                f"host_names holds {quoted(name)}, expected names such as 'sandbox.example': "
                f"letters, digits, dots, dashes and underscores, without scheme or port"
            )
        found.append(text)
    return found


def _path(path: object) -> str:
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    if not isinstance(text, str) or not text or "\0" in text:
        raise InvalidInputError("ca_file must be a path of a file to write, or None")
    return os.path.abspath(text)
