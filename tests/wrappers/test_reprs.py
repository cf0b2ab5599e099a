"""What a debugger or a log shows of a wrapper's objects: enough to know them, and no password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aculab_wrappers import csharp, java, php, python, vb

if TYPE_CHECKING:
    from .conftest import ScriptedCloud

WHO = ("1-2-0", "bob@acompany.com", "svc", "canary")


@pytest.mark.parametrize(
    ("thing", "shown"),
    [
        (csharp.OutboundRESTAPIService(*WHO), "1-2-0/bob@acompany.com/svc"),
        (csharp.PlatformAccount("1-2-0", "bob@acompany.com"), "1-2-0/bob@acompany.com"),
        (csharp.OutboundCall("room"), "to='room'"),
        (vb.ByRef(Value=True), "Ref(True)"),
        (java.OutboundRESTAPIService(*WHO), "1-2-0/bob@acompany.com/svc"),
        (java.OutboundCall("room"), "to='room'"),
        (php.OutboundService(*WHO), "1-2-0/bob@acompany.com/svc"),
        (php.OutboundInstanceConfiguration("room"), "to='room'"),
        (python.OutboundCalls("room"), "to='room'"),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_an_object_shows_what_it_is_about(thing: object, shown: str) -> None:
    assert shown in repr(thing)
    assert "canary" not in repr(thing)
    with pytest.raises(TypeError):
        vars(thing)


def test_a_status_shows_its_id_and_its_word(cloud: ScriptedCloud) -> None:
    cloud.reports(a="RUNNING")

    result = php.OutboundService(*WHO).getInstanceStatus("a")

    assert repr(result) == "{'a': <OutboundInstanceStatus a RUNNING>}"


def test_an_object_whose_constructor_refused_can_still_be_shown() -> None:
    """Tracebacks with local variables show it."""
    for kind in (
        csharp.OutboundRESTAPIService,
        csharp.OutboundCall,
        java.OutboundRESTAPIService,
        java.OutboundCall,
        php.OutboundService,
        php.OutboundInstanceConfiguration,
        python.OutboundCalls,
    ):
        assert repr(kind.__new__(kind)).startswith(f"<{kind.__name__} ")
