"""A local fake Aculab Cloud: run outbound code with no account, no network and no telephone.

    with Sandbox() as cloud:
        os.environ.update(cloud.environment())      # every wrapper now talks to the sandbox
        ...                                         # any sample of the documentation
        print(cloud.accepted, cloud.instances)

`sandbox.py` holds `Sandbox`, which is all that most people need. Behind it:

    cloud.py        decides every answer, without any I/O: routes, and who may ask
    webservices.py  service_start, service_status, the outbound queues
    calls.py        reads what a start asks for, and says what is wrong with it
    scenarios.py    the destinations with an outcome of their own
    pacing.py, life.py, progress.py     the queue, the steps of a call, and what moves both along
    pages.py, pager.py                  the requests to the application's pages, and who makes them
    facts.py        what of all this is documented, and what is assumed
    server.py, app.py, guard.py, tls.py HTTP around it (extra `sandbox`)
    admin.py, console/                  the Outbound Services page

What a docstring here calls assumed is this project's guess: the real cloud may differ.
"""

from .accounts import Account
from .calls import WantedCall
from .facts import FACTS, Fact
from .instances import Instance
from .journal import Received
from .sandbox import Sandbox
from .scenarios import SCENARIOS, Scenario
from .services import DEFAULT_SERVICES, Service

__all__ = [
    "DEFAULT_SERVICES",
    "FACTS",
    "SCENARIOS",
    "Account",
    "Fact",
    "Instance",
    "Received",
    "Sandbox",
    "Scenario",
    "Service",
    "WantedCall",
]
