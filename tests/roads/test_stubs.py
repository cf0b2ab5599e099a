"""The nets of existing test suites stop our starts, as they stop all that goes over requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from aculab_wrappers import Outcome, StatusError, UnknownOutcomeError

from ..transport.sockets import closed_port
from .asking import ID, SoftLimit, client, start, starts_at
from .needed import package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Server

URL = "http://127.0.0.1:9"
"""Nobody listens there."""


@pytest.fixture(params=["plain", "TLS"])
def real(
    request: pytest.FixtureRequest, serve: Serve, certificates: Certificates
) -> tuple[Server, dict[str, Any]]:
    """A server that is there, and what a client needs to reach it."""
    from .asking import starting

    tls = certificates.good if request.param == "TLS" else None
    server = serve(starting, tls=tls)
    return server, {"base_url": server.url, "ca_bundle": certificates.file}


# ---- responses


@pytest.fixture
def net() -> Iterator[Any]:
    with package("responses").RequestsMock(assert_all_requests_are_fired=False) as made:
        yield made


def test_responses_answers_a_start_and_a_poll(net: Any) -> None:
    net.post(f"{URL}/service_start", json=[ID])
    net.post(f"{URL}/service_status", json={ID: {"status": "RUNNING"}})
    assert start(client(URL)).ids == (ID,)
    [report] = client(URL).status(ID)
    assert report.status == "RUNNING"
    assert len(net.calls) == 2
    assert "outbound_parameters" in net.calls[0].request.body.decode()


def test_responses_refuses_a_start(net: Any) -> None:
    net.post(f"{URL}/service_start", status=400, json={"error": {"code": "0001", "text": "no"}})
    assert start(client(URL)).outcome is Outcome.REJECTED


def no_match(net: Any) -> None:
    net.get(f"{URL}/elsewhere")


def connection_error(net: Any) -> None:
    net.post(f"{URL}/service_start", body=requests.ConnectionError("gone"))
    net.post(f"{URL}/service_status", body=requests.ConnectionError("gone"))


def timeout(net: Any) -> None:
    net.post(f"{URL}/service_start", body=requests.ConnectTimeout("gone"))
    net.post(f"{URL}/service_status", body=requests.ConnectTimeout("gone"))


@pytest.mark.parametrize("fails", [no_match, connection_error, timeout])
def test_responses_is_asked_once_when_it_fails_and_its_word_is_no_proof(
    net: Any, fails: Callable[[Any], None]
) -> None:
    fails(net)
    assert isinstance(start(client(URL)).error, UnknownOutcomeError)
    assert len(net.calls) == 1
    with pytest.raises(StatusError):
        client(URL).status(ID)
    assert len(net.calls) == 2


def test_an_exception_of_its_own_that_responses_raises_comes_out_as_it_is(net: Any) -> None:
    stop = SoftLimit()
    net.post(f"{URL}/service_start", body=stop)
    found = start(client(URL))
    assert found.error is stop
    assert found.outcome is Outcome.UNKNOWN


def test_responses_passes_a_start_through(net: Any, real: tuple[Server, dict[str, Any]]) -> None:
    server, options = real
    net.add_passthru(server.url)
    assert start(client(**options)).ids == (ID,)
    with client(**options) as asking:
        [report] = asking.status(ID)
    assert report.status == "RUNNING"
    assert starts_at(server) == 1


def test_where_responses_passes_through_nothing_is_proven(net: Any) -> None:
    with closed_port() as port:
        net.add_passthru(f"http://127.0.0.1:{port}")
        assert start(client(f"http://127.0.0.1:{port}")).outcome is Outcome.UNKNOWN


# ---- requests-mock


@pytest.fixture
def mocker() -> Iterator[Any]:
    with package("requests_mock").Mocker() as made:
        yield made


def test_requests_mock_answers_a_start_and_a_poll(mocker: Any) -> None:
    mocker.post(f"{URL}/service_start", json=[ID])
    mocker.post(f"{URL}/service_status", json={ID: {"status": "RUNNING"}})
    assert start(client(URL)).ids == (ID,)
    [report] = client(URL).status(ID)
    assert report.status == "RUNNING"
    assert mocker.call_count == 2


def test_requests_mock_stops_what_it_does_not_know(mocker: Any, cloud: Server) -> None:
    stop = package("requests_mock").NoMockAddress
    found = start(client(cloud.url))
    assert isinstance(found.error, stop)
    assert found.outcome is Outcome.UNKNOWN
    with pytest.raises(stop):
        client(cloud.url).status(ID)
    assert starts_at(cloud) == len(cloud.requests[1:]) == 0


def test_requests_mock_is_asked_once_when_it_fails(mocker: Any) -> None:
    mocker.post(f"{URL}/service_start", exc=requests.exceptions.ConnectTimeout)
    assert isinstance(start(client(URL)).error, UnknownOutcomeError)
    assert mocker.call_count == 1


def test_requests_mock_lets_a_start_through(real: tuple[Server, dict[str, Any]]) -> None:
    server, options = real
    with package("requests_mock").Mocker(real_http=True) as mocker:
        mocker.get(f"{URL}/elsewhere")
        assert start(client(**options)).ids == (ID,)
    assert starts_at(server) == 1


def test_where_requests_mock_lets_through_nothing_is_proven() -> None:
    with package("requests_mock").Mocker(real_http=True), closed_port() as port:
        found = start(client(f"http://127.0.0.1:{port}"))
    assert found.outcome is Outcome.UNKNOWN


# ---- vcrpy


def test_vcrpy_records_a_start_and_a_poll_and_replays_them(
    real: tuple[Server, dict[str, Any]], tmp_path: Path
) -> None:
    server, options = real
    recorder = package("vcr").VCR(record_mode="once")
    for _time in ("recorded", "replayed"):
        with recorder.use_cassette(str(tmp_path / "tape.yaml")):
            assert start(client(**options)).ids == (ID,)
            with client(**options) as asking:
                [report] = asking.status(ID)
            assert report.status == "RUNNING"
    assert starts_at(server) == 1


def test_vcrpy_without_a_match_lets_no_start_through(cloud: Server, tmp_path: Path) -> None:
    vcr = package("vcr")
    with vcr.VCR(record_mode="none").use_cassette(str(tmp_path / "tape.yaml")):
        found = start(client(cloud.url))
    assert isinstance(found.error, vcr.errors.CannotOverwriteExistingCassetteException)
    assert found.outcome is Outcome.UNKNOWN
    assert starts_at(cloud) == 0


def test_vcrpy_records_the_polls_of_a_client_that_has_kept_its_connection(
    cloud: Server, tmp_path: Path
) -> None:
    recorder = package("vcr").VCR(record_mode="once")
    with client(cloud.url) as asking:
        asking.status(ID)
        with recorder.use_cassette(str(tmp_path / "tape.yaml")) as tape:
            asking.status(ID)
        assert len(tape) == 1
        asking.status(ID)
    assert len(tape) == 1


def test_where_vcrpy_records_nothing_is_proven(tmp_path: Path) -> None:
    with package("vcr").VCR().use_cassette(str(tmp_path / "tape.yaml")), closed_port() as port:
        found = start(client(f"http://127.0.0.1:{port}"))
    assert found.outcome is Outcome.UNKNOWN


# ---- pook


@pytest.fixture
def hook() -> Iterator[Any]:
    pook = package("pook")
    pook.on()
    try:
        yield pook
    finally:
        pook.off()
        pook.reset()


def test_pook_answers_a_start(hook: Any) -> None:
    answer = hook.post(f"{URL}/service_start").reply(200).json([ID])
    assert start(client(URL)).ids == (ID,)
    assert answer.mock.calls == 1


def test_pook_without_a_match_lets_no_start_through(hook: Any, cloud: Server) -> None:
    found = start(client(cloud.url))
    assert found.outcome is Outcome.UNKNOWN
    assert starts_at(cloud) == 0


# ---- pytest-socket


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_pytest_socket_lets_no_start_through(cloud: Server) -> None:
    """It refuses in our own connection, before anything can have left."""
    pytest_socket = package("pytest_socket")
    pytest_socket.disable_socket()
    try:
        found = start(client(cloud.url))
    finally:
        pytest_socket.enable_socket()
    assert isinstance(found.error, pytest_socket.SocketBlockedError)
    assert found.outcome is Outcome.NOT_SENT
    assert starts_at(cloud) == 0


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_pytest_socket_lets_no_start_reach_another_host(cloud: Server) -> None:
    pytest_socket = package("pytest_socket")
    pytest_socket.socket_allow_hosts(["192.0.2.1"])
    try:
        found = start(client(cloud.url))
    finally:
        pytest_socket._remove_restrictions()
    assert isinstance(found.error, pytest_socket.SocketConnectBlockedError)
    assert found.outcome is Outcome.NOT_SENT
    assert starts_at(cloud) == 0
