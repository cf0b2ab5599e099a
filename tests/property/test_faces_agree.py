"""For any calls the faces send the same request; for any text the sandbox reads it back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aculab_wrappers import Call, OutboundClient, csharp, java, php, python
from aculab_wrappers.sandbox import Sandbox, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Everything that may be sent: all of Unicode but control characters and surrogates.
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
# Nor may an address hold a control of writing direction.
ADDRESS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), min_size=1, max_size=20)
USER = ("1-2-0", "bob@acompany.com", "svc", "pass word/:é")
Wanted = tuple[str, str | None, str | None, str | None]
CALLS = st.lists(
    st.tuples(ADDRESS, st.none() | ADDRESS, st.none() | TEXT, st.none() | TEXT),
    min_size=1,
    max_size=4,
)


def _dotnet(wanted: list[Wanted]) -> None:
    calls = csharp.List[csharp.OutboundCall]()
    for to, from_, token, parameters in wanted:
        call = csharp.OutboundCall(to) if from_ is None else csharp.OutboundCall(to, from_)
        if token is not None:
            call.Token = token
        if parameters is not None:
            call.OutboundParameters = parameters
        calls.Add(call)
    csharp.OutboundRESTAPIService(*USER).Start(calls)


def _java(wanted: list[Wanted]) -> None:
    calls = java.ArrayList[java.OutboundCall]()
    for to, from_, token, parameters in wanted:
        call = java.OutboundCall(to) if from_ is None else java.OutboundCall(to, from_)
        if token is not None:
            call.setToken(token)
        if parameters is not None:
            call.setOutboundParameters(parameters)
        calls.add(call)
    java.OutboundRESTAPIService(*USER).start(calls)


def _php(wanted: list[Wanted]) -> None:
    configurations = []
    for to, from_, token, parameters in wanted:
        configuration = php.OutboundInstanceConfiguration(to, from_ or "")
        if token is not None:
            configuration.setToken(token)
        if parameters is not None:
            configuration.setOutboundParameters(parameters)
        configurations.append(configuration)
    assert isinstance(php.OutboundService(*USER).startInstance(configurations), list)


def _python(wanted: list[Wanted]) -> None:
    calls = python.OutboundCalls(*wanted[0])
    for arguments in wanted[1:]:
        calls.add_call(*arguments)
    python.invoke_outbound_service(*USER, calls)


FACES: list[Callable[[list[Wanted]], None]] = [_dotnet, _java, _php, _python]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    before = os.environ.get("ACULAB_BASE_URL")
    # A conference service takes any name without a scheme; what the calls then do is all one.
    with Sandbox([Service(USER[1], USER[2], USER[3], "conference")], time="manual") as cloud:
        yield cloud
    assert os.environ.get("ACULAB_BASE_URL") == before


@settings(max_examples=15)
@given(wanted=CALLS)
def test_every_face_sends_the_same_json_with_the_same_credentials(
    sandbox: Sandbox, wanted: list[Wanted]
) -> None:
    documented = [
        {
            name: text
            for name, text in zip(("to", "from", "token", "outbound_parameters"), call, strict=True)
            if text is not None
        }
        for call in wanted
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACULAB_BASE_URL", sandbox.base_url)
        for face in FACES:
            before = sandbox.accepted
            face(wanted)

            received = sandbox.received[-1]
            assert received.status == 200
            assert received.calls == (documented if len(wanted) > 1 else documented[0])
            assert sandbox.accepted == before + len(wanted)


@given(
    username=st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=":/")),
    password=TEXT,
)
def test_any_credentials_reach_the_cloud(username: str, password: str) -> None:
    cloud = Sandbox([Service(username, "svc", password, "conference")])
    client = OutboundClient("1-2-0", username, "svc", password, transport=cloud)

    [invocation] = client.start(Call("room"))

    assert [instance.id for instance in cloud.instances] == [invocation.id]
