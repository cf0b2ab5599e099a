"""An Aculab Cloud on your desk: run outbound code with no account, no network and no telephone.

    with Sandbox() as cloud:
        os.environ.update(cloud.environment())      # every wrapper now talks to the sandbox
        ...                                         # any sample of the documentation
        print(cloud.accepted, cloud.instances)

`sandbox.py` holds `Sandbox`, which is all that most people need. Behind it, `cloud.py` decides
every answer without any I/O, `calls.py` reads what a start asks for, `instances.py` holds how long
a call takes, `answers.py` the form of errors; `app.py` and `server.py` speak HTTP and `tls.py`
https (extra `sandbox`), and `guard.py` keeps web pages out.

What a docstring here calls assumed is this project's guess: the real cloud may differ.
"""

from .calls import WantedCall
from .instances import Instance
from .journal import Received
from .sandbox import Sandbox
from .services import DEFAULT_SERVICES, Service

__all__ = ["DEFAULT_SERVICES", "Instance", "Received", "Sandbox", "Service", "WantedCall"]
