"""A user's command line, scripted servers, and secrets that no output may hold."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Protocol

import pytest

from aculab_wrappers.parity.cloud import ScriptedCloud
from aculab_wrappers.sandbox import Sandbox, Service

from ..cli.conftest import PASSWORD, Result, account, folder, run
from ..transport.conftest import certificates, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..cli.conftest import Run

__all__ = ["account", "certificates", "folder", "run", "serve"]

USERNAME = "user@example.com"
SERVICE = "MyOutboundService"
PROXY_PASSWORD = "canary-proxy"
USER = f"1-2-0/{USERNAME}/{SERVICE}"
PAIR = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
SECRETS = ("canary", PAIR, USERNAME, SERVICE)


class Doctor(Protocol):
    def __call__(self, *arguments: object) -> Result: ...


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the developer's own machine would be told of."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def doctor(run: Run) -> Doctor:
    """The command. Whatever comes of it, it shows no password, user name or service name."""

    def examine(*arguments: object) -> Result:
        result = run("doctor", *arguments)
        for secret in SECRETS:
            assert secret not in result.out
            assert secret not in result.err
        assert "Traceback" not in result.err
        return result

    return examine


@pytest.fixture
def cloud(
    account: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sandbox]:
    """A sandbox over TLS, and an environment that leads there."""
    with Sandbox([Service(USERNAME, SERVICE, PASSWORD)], ca_file=tmp_path / "ca.pem") as made:
        for name, value in made.environment().items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def scripted(account: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedCloud]:
    """A cloud that answers as a test says, and an environment that leads there."""
    with ScriptedCloud() as made:
        monkeypatch.setenv("ACULAB_BASE_URL", f"http://{made.address}")
        yield made


def step(text: str, name: str) -> str:
    """What a command printed of one step."""
    (found,) = [part for part in text.split("\n\n") if part.lstrip().startswith(f"{name}: ")]
    return found.strip()
