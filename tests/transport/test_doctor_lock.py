"""Whatever the doctor's probes come to hold, nothing leaves that could start a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.settings import Settings
from aculab_wrappers.doctor import probes as module
from aculab_wrappers.doctor.lock import LockedError
from aculab_wrappers.doctor.probes import Probe

from .sockets import reply

if TYPE_CHECKING:
    from .conftest import Serve

START = "/service_start"


@pytest.mark.parametrize(
    "probe",
    [
        Probe("start", "POST service_start", START),
        Probe("start", "GET service_start", f"{START}?outbound_parameters=[]", form=None),
        Probe("start", "POST service_start, asking for no JSON", START, accept=False),
        Probe("start", "POST service_start as a stranger", START, stranger=True),
    ],
    ids=lambda probe: probe.says,
)
def test_a_probe_that_could_start_a_call_is_not_sent(serve: Serve, probe: Probe) -> None:
    server = serve(reply())
    nowhere: Any = None  # a probe that is refused needs no route
    settings = Settings.checked(server.url, 5.0, None, None, None)
    who = Credentials("1-2-0", "user", "service", "password")
    asking = module._Asking(settings, nowhere, [], who)

    with pytest.raises(LockedError, match="service_start is not known to start nothing"):
        asking.ask(probe)

    assert server.connections == 0
