"""What traces requests sees each start once, and takes no proof away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import NotSentError, Outcome

from ..transport.sockets import closed_port, tunnel
from .asking import CALL, ID, client, start, starting, starts_at
from .needed import package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..transport.conftest import Certificates, Serve
    from ..transport.sockets import Server


@pytest.fixture(params=["both", "requests", "urllib3"])
def spans(request: pytest.FixtureRequest) -> Iterator[Callable[[], list[Any]]]:
    """The client spans that have ended, while OpenTelemetry's instrumentations are on."""
    trace = package("opentelemetry.sdk.trace")
    export = package("opentelemetry.sdk.trace.export")
    memory = package("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    kinds = {
        "requests": package("opentelemetry.instrumentation.requests").RequestsInstrumentor,
        "urllib3": package("opentelemetry.instrumentation.urllib3").URLLib3Instrumentor,
    }
    kept = memory.InMemorySpanExporter()
    provider = trace.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(kept))
    chosen = [kinds[name]() for name in kinds if request.param in (name, "both")]
    for one in chosen:
        one.instrument(tracer_provider=provider)
    try:
        yield lambda: list(kept.get_finished_spans())
    finally:
        for one in chosen:
            one.uninstrument()


def test_a_start_is_one_client_span_and_carries_it(
    spans: Callable[[], list[Any]], cloud: Server
) -> None:
    assert start(client(cloud.url)).ids == (ID,)
    [span] = spans()
    assert span.kind.name == "CLIENT"
    assert span.attributes.get("http.status_code", 200) == 200
    [request] = cloud.requests
    assert request.header("traceparent").split("-")[1] == f"{span.context.trace_id:032x}"
    assert starts_at(cloud) == 1


def test_a_start_through_a_tunnel_is_one_client_span(
    spans: Callable[[], list[Any]], serve: Serve, certificates: Certificates
) -> None:
    proxy = serve(tunnel(starting, certificates.good))
    asking = client(
        "https://localhost",
        proxy=f"http://127.0.0.1:{proxy.port}",
        ca_bundle=certificates.file,
    )
    assert start(asking).ids == (ID,)
    assert len(spans()) == 1
    connect, request = proxy.requests
    assert not connect.has("traceparent")
    assert request.has("traceparent")


def test_a_poll_is_a_client_span_each_time(spans: Callable[[], list[Any]], cloud: Server) -> None:
    with client(cloud.url) as asking:
        asking.status(ID)
        asking.status(ID)
    assert len(spans()) == 2


def test_a_closed_port_is_proven_and_tried_again(
    spans: Callable[[], list[Any]], pauses: list[float]
) -> None:
    with closed_port() as port, pytest.raises(NotSentError) as caught:
        client(f"http://127.0.0.1:{port}").start(CALL)
    assert caught.value.attempts == 3
    assert len(spans()) == 3
    assert len(pauses) == 2


def test_a_request_that_was_sent_is_unknown_and_one_span(
    spans: Callable[[], list[Any]], serve: Serve
) -> None:
    def cuts(peer: Any) -> None:
        peer.read_request()
        peer.reset()

    server = serve(cuts)
    assert start(client(server.url)).outcome is Outcome.UNKNOWN
    assert len(spans()) == 1
    assert starts_at(server) == 1


def test_what_stands_below_the_tracing_takes_the_proof_away(
    spans: Callable[[], list[Any]], monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    """A stranger's function that OpenTelemetry has wrapped is still a stranger's."""
    from requests.adapters import HTTPAdapter

    original = HTTPAdapter.add_headers

    def patched(self: HTTPAdapter, *args: Any, **more: Any) -> None:
        original(self, *args, **more)

    monkeypatch.setattr(HTTPAdapter, "add_headers", patched)
    with closed_port() as port:
        assert start(client(f"http://127.0.0.1:{port}")).outcome is Outcome.UNKNOWN
    assert pauses == []
