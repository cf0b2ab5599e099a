"""The web services: service_start, service_status, and the outbound queues."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .answers import RefusedError, json_answer, malformed
from .calls import read_calls, read_json_parameter, type_of
from .destinations import is_telephone_number, mismatch, shown
from .life import ETA_SECONDS
from .scenarios import DELIVERIES, simulated

if TYPE_CHECKING:
    from .accounts import Account
    from .answers import Answer
    from .calls import WantedCall
    from .cloud import Cloud
    from .requests import Request
    from .services import Service

START_PATH: Final = "/service_start"
STATUS_PATH: Final = "/service_status"
"""Assumed, as its parameter is."""
QUEUES_PATH: Final = "/service/v1/outbound_queues"
STATUS_NAME: Final = "service_invocation_reference_ids"
"""Assumed, see `GetStatus` in the core."""
_QUEUE: Final = ("/service/v1/outbound/", "/queue")
_UNKNOWN: Final = {
    "status": "UNKNOWN",
    "status_detail": "",
    "application_status_eta": None,
    "application_instance_id": "",
}


def start_calls(cloud: Cloud, request: Request, service: Service) -> Answer:
    """Start the calls that are asked for, all or none.

    Source: Aculab's page; protocol notes 10.5. Evidence: documented; the answer's form is assumed.
    """
    account = cloud.accounts.of(service.user)
    calls = read_calls(request, service.kind, account.tier)
    words = [cloud.scenarios.of(call.to) for call in calls]
    for word in words:
        instead = simulated(word, request.path, cloud.now)
        if instead is not None:
            return instead
    ids = []
    for call, word in zip(calls, words, strict=True):
        unfit = _unfit(call, word, service, account)
        record = cloud.instances.start(service.user, call, cloud.now, word=word, unfit=unfit)
        cloud.queues.add(record)
        ids.append(record.id)
    gone = cloud.instances.surplus()
    if gone:
        cloud.progress.forget(gone)
    made = json_answer(ids)
    odd = [DELIVERIES[word] for word in words if word in DELIVERIES]
    return replace(made, delivery=odd[0]) if odd else made


def statuses(cloud: Cloud, request: Request, service: Service) -> Answer:
    """Say how far each call has come; an id is UNKNOWN to all services but its own.

    Source: protocol notes 10.6. Evidence: assumed.
    """
    name, ids = read_json_parameter(request, STATUS_NAME)
    if not isinstance(ids, list) or not ids:
        what = "an empty array" if ids == [] else type_of(ids)
        raise RefusedError(malformed(f"{name} is {what}, expected an array of ids", "status-ids"))
    for index, id_ in enumerate(ids):
        if not isinstance(id_, str):
            what = f"{name}[{index}] is {type_of(id_)}, expected a string"
            raise RefusedError(malformed(what, "status-ids"))
    return json_answer({id_: _report(cloud, id_, service) for id_ in ids})


def list_queues(cloud: Cloud, account: str) -> Answer:
    """The queues of an account's services.

    Source: protocol notes 8.2. Evidence: documented.
    """
    return json_answer(
        [
            {"service_name": service.name, "length": cloud.queues.length(service.user)}
            for service in cloud.services.all()
            if service.account == account
        ]
    )


def one_queue(cloud: Cloud, request: Request, service: Service) -> Answer:
    """The queue of one service, after purging it if that is asked for.

    Source: protocol notes 8.2. Evidence: documented; the answer's form, and that purged starts
        are CANCELLED, is assumed.
    """
    if request.method == "DELETE":
        cloud.progress.purge(service.user, cloud.now)
    length = cloud.queues.length(service.user)
    return json_answer({"service_name": service.name, "length": length})


def queue_name(path: str) -> str:
    """The service's name in the path of its queue; "" when it is another path."""
    first, last = _QUEUE
    if not (path.startswith(first) and path.endswith(last)):
        return ""
    return path[len(first) : -len(last)]


def _report(cloud: Cloud, id_: str, service: Service) -> dict[str, object]:
    record = cloud.instances.find(id_)
    if record is None or record.service != service.user or record.word == "unknown-id":
        return dict(_UNKNOWN)
    return record.report(ETA_SECONDS)


def _unfit(call: WantedCall, word: str, service: Service, account: Account) -> str:
    """Why the call will not be dialled, or ""."""
    wrong = mismatch(call.to, service.kind)
    if wrong:
        return wrong
    if word == "could-not-run":
        return "the cloud could not run the instance: asked for by the scenario 'could-not-run'"
    telephone = service.kind == "telephone" and is_telephone_number(call.to)
    if word == "wrong-caller-id" or (telephone and not account.may_call_from(call.from_ or "")):
        return f"{shown(call.from_ or '')} is not a validated caller id"
    return ""
