"""What every operation has in common: the protocol, and that it is pure."""

from __future__ import annotations

from aculab_wrappers import Call, Invocation
from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.http import HttpResponse, Operation
from aculab_wrappers._core.operations import GetStatus, Start

# The annotation is half of the test: the type checkers hold each operation against the protocol.
OPERATIONS: list[tuple[Operation[list[Invocation]], HttpResponse]] = [
    (Start((Call("x"),)), HttpResponse(200, body=b'["id"]')),
    (GetStatus((Invocation("id"),)), HttpResponse(200, body=b'{"id": {"status": "RUNNING"}}')),
]


def test_an_operation_asks_and_reads_the_same_each_time() -> None:
    credentials = Credentials("1-2-0", "user", "service", "password")

    for operation, response in OPERATIONS:
        assert operation.request(credentials) == operation.request(credentials)
        assert [item.id for item in operation.parse(response)] == ["id"]
        assert operation.parse(response) == operation.parse(response)
