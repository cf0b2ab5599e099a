"""Running a sample: a sandbox of its own, the sample over real HTTP, and its calls to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._core.frozen import frozen
from ..client import OutboundClient
from ..sandbox import Sandbox, Service
from .environment import only

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..sandbox import Instance, Received

_MOST_POLLS = 10


@frozen
class Sample:
    """One sample of the page, ported.

    Attributes:
        dialect: The tab it stands in, or "HTTP" for the raw requests.
        title: What it calls.
        run: Runs it; takes what it sleeps with.
        user: The user name it must authenticate with.
        password: Its service password, a throw-away one that the page prints.
        kind: What the page's note wants its service configured for.
        documented: The JSON that it must send, as a value.
    """

    dialect: str
    title: str
    run: Callable[[Callable[[float], object]], None]
    user: str
    password: str
    kind: Literal["telephone", "conference"]
    documented: object


@frozen
class Result:
    """What a sample did.

    Attributes:
        sample: The sample.
        sent: The start requests that the sandbox received.
        instances: What they started, as it ended.
        complaint: What differs from the page, or "".
    """

    sample: Sample
    sent: tuple[Received, ...]
    instances: tuple[Instance, ...]
    complaint: str


def run(sample: Sample) -> Result:
    """Run `sample`, follow its calls to their end, and hold what it sent against the page."""
    cloud_id, username, name = sample.user.split("/")
    service = Service(username, name, sample.password, sample.kind, cloud_id=cloud_id)
    with Sandbox([service], time="manual") as cloud, only(cloud.environment()):
        # The sample's own sleep moves the sandbox's clock, so two seconds take no time.
        sample.run(cloud.advance)
        with OutboundClient(cloud_id, username, name, sample.password) as client:
            followed = client.status([instance.id for instance in cloud.instances])
            for _ in range(_MOST_POLLS):
                cloud.advance(1.0)
                followed = client.status(followed)
        sent = tuple(item for item in cloud.received if item.path == "/service_start")
        instances = tuple(cloud.instances)
    ended = all(item.finished for item in followed)
    return Result(sample, sent, instances, _complaint(sample, sent, instances, ended=ended))


def _complaint(
    sample: Sample, sent: tuple[Received, ...], instances: tuple[Instance, ...], *, ended: bool
) -> str:
    if len(sent) != 1:
        return f"sent {len(sent)} start requests, not 1"
    if sent[0].user != sample.user:
        return f"authenticated as {sent[0].user}, not {sample.user}"
    if sent[0].calls != sample.documented:
        return f"sent {sent[0].calls}, documented is {sample.documented}"
    wanted = len(sample.documented) if isinstance(sample.documented, list) else 1
    if len(instances) != wanted:
        return f"started {len(instances)} instances, not {wanted}"
    if not ended or any(item.status != "COMPLETED" for item in instances):
        return "not every call completed"
    return ""
