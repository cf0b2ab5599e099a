"""What the .NET pages write behind `WebServiceWrappers.`, and that namespace itself."""

from __future__ import annotations

import enum


class ServiceStatus(enum.Enum):
    """How far an invocation has come.

    Source: seed page, VB tab, for the name; the members are the six words of the PHP wrapper's
        documentation. Evidence: the name documented, the members inferred.
    """

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    COULDNOTRUN = "COULDNOTRUN"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"


class PlatformAccount:
    """The account that a service is configured on.

    Args:
        connection: The cloud id, such as "1-2-0".
        username: The user name on it.

    Source: seed page, first constructor of OutboundRESTAPIService, for the name. Evidence: the
        constructor's arguments are assumed.
    """

    __slots__ = ("_connection", "_username")

    def __init__(self, connection: str, username: str) -> None:
        self._connection = connection
        self._username = username

    def __repr__(self) -> str:
        return f"<PlatformAccount {self._connection}/{self._username}>"


class WebServiceWrappers:
    """The namespace that the page writes before PlatformAccount and ServiceStatus."""

    PlatformAccount = PlatformAccount
    ServiceStatus = ServiceStatus
