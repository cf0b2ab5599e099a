"""What every test relies on: loopback only, and no setting of the developer's own machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import Any

import pytest
from hypothesis import settings

# Runs of pytest inside a test, for the plug-in.
pytest_plugins = ["pytester"]

# The same examples in every run: a failing property is a finding, not luck.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")

_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = address[0]
        if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise AssertionError(f"a test tried to connect to {host}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def _loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ACULAB_"):
            monkeypatch.delenv(name)
