"""Rows 8, 9 and 11 to 14: whom the client trusts, and what in its surroundings has no say in it."""

from __future__ import annotations

import ssl
import warnings
from typing import TYPE_CHECKING, Any, Final

import requests
import urllib3

from ..transport.asking import PASSWORD, USER, basic
from .cloud import posts, says
from .leaves import GOOD, MADE
from .row import (
    EVERY,
    SECURE,
    STRAIGHT,
    USUAL,
    Way,
    not_sent,
    started,
    unknown,
)

if TYPE_CHECKING:
    from pathlib import Path

    from aculab_wrappers import Invocation

    from .bench import Bench
    from .row import Row


def shows(name: str) -> Any:
    def arrange(bench: Bench) -> None:
        bench.tls = bench.leaves.context(name)
        bench.options["ca_bundle"] = bench.leaves.bundle

    return arrange


def persuaded(bench: Bench) -> None:
    """Everything in the environment that makes some program trust the wrong certificate."""
    bench.tls = bench.leaves.context("signed by itself")
    trusting = bench.folder / "trusting.pem"
    trusting.write_bytes((bench.leaves.folder / "signed by itself.pem").read_bytes())
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "ACULAB_CA_BUNDLE"):
        bench.patch.setenv(name, str(trusting))
    bench.patch.setenv("SSL_CERT_DIR", str(bench.folder))
    for name in ("PYTHONHTTPSVERIFY", "NODE_TLS_REJECT_UNAUTHORIZED", "ACULAB_VERIFY"):
        bench.patch.setenv(name, "0")
    bench.patch.setattr(ssl, "_create_default_https_context", ssl._create_unverified_context)


def old_tls(version: ssl.TLSVersion) -> Any:
    def arrange(bench: Bench) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.load_cert_chain(_good_chain(bench))
        bench.tls = context
        bench.options["ca_bundle"] = bench.leaves.bundle

    return arrange


def _good_chain(bench: Bench) -> Path:
    bench.leaves.context(GOOD)
    return bench.leaves.folder / f"{GOOD}.pem"


def netrc(bench: Bench) -> None:
    place = bench.folder / ".netrc"
    place.write_text("machine 127.0.0.1 login a password b\ndefault login a password b\n")
    place.chmod(0o600)
    for name, text in (("HOME", bench.folder), ("USERPROFILE", bench.folder), ("NETRC", place)):
        bench.patch.setenv(name, str(text))
    bench.notes["opened"] = opened = []
    really_open = open

    def watched(file: Any, *args: Any, **more: Any) -> Any:
        opened.append(str(file))
        return really_open(file, *args, **more)

    bench.patch.setattr("builtins.open", watched)


def our_credentials_only(bench: Bench) -> None:
    (sent,) = posts(bench.cloud)
    assert sent.header("Authorization") == basic(USER, PASSWORD)
    assert not [name for name in bench.notes["opened"] if name.endswith("netrc")]


def other_programs_settings(bench: Bench) -> None:
    empty = bench.folder / "nobody.pem"
    empty.write_text("")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        bench.patch.setenv(name, f"http://127.0.0.1:{bench.nobody()}")
        bench.patch.setenv(name.lower(), f"http://127.0.0.1:{bench.nobody()}")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        bench.patch.setenv(name, str(empty))
    bench.patch.setenv("SSLKEYLOGFILE", str(bench.folder / "keys.log"))


def our_settings_too(bench: Bench) -> None:
    other_programs_settings(bench)
    bench.patch.setenv("ACULAB_BASE_URL", f"https://localhost:{bench.nobody()}")
    bench.patch.setenv("ACULAB_CA_BUNDLE", str(bench.folder / "nobody.pem"))
    bench.patch.setenv("ACULAB_TIMEOUT", "0.001")
    if bench.way in (Way.TUNNEL, Way.ASKED):
        bench.patch.setenv("ACULAB_PROXY", f"http://127.0.0.1:{bench.nobody()}")


def no_keys_logged(bench: Bench) -> None:
    assert not (bench.folder / "keys.log").exists()


QUIET: Final = {"debuglevel": 0}  # what http.client prints for debugging, whoever made it asked for


def others_connections(bench: Bench) -> None:
    """Put other connections into urllib3's pools, as recorders do: ours do not see the request."""
    for pool in (urllib3.HTTPConnectionPool, urllib3.HTTPSConnectionPool):
        bench.patch.setattr(pool, "ConnectionCls", type("Other", (pool.ConnectionCls,), QUIET))


def others_connections_to_nobody(bench: Bench) -> None:
    others_connections(bench)
    bench.reach(bench.nobody())


def unverified_first(bench: Bench) -> list[Invocation]:
    """Another part of the program does not verify, and our client does."""
    with warnings.catch_warnings(), requests.Session() as session:
        warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
        url = f"https://localhost:{bench.cloud.port}/other"
        assert session.post(url, verify=False, timeout=5).status_code == 200
    return bench.start()


def trusting_first(bench: Bench) -> list[Invocation]:
    """A client that trusts the certificate, and then one that does not."""
    trusting = bench.leaves.folder / "signed by itself.pem"
    assert bench.client(ca_bundle=trusting).start(bench.row.calls)
    return bench.start()


ROWS: Final[tuple[Row, ...]] = (
    *(
        not_sent(
            8,
            f"-{name.replace(' ', '-')}",
            f"certificate: {name}",
            says(),
            ways=SECURE,
            arrange=shows(name),
            transient=False,
            says="certificate",
        )
        for name in MADE
        if name != GOOD
    ),
    started(8, "-good", "the same from a good one", says(), ways=SECURE, arrange=shows(GOOD)),
    not_sent(8, "-environment", "no opt-out", says(), ways=SECURE, arrange=persuaded),
    *(
        not_sent(
            9,
            letter,
            f"only {version.name}",
            says(),
            ways=SECURE,
            arrange=old_tls(version),
            says=r"TLS 1\.2",
            transient=False,
        )
        for letter, version in (("a", ssl.TLSVersion.TLSv1), ("b", ssl.TLSVersion.TLSv1_1))
    ),
    started(11, "", "netrc", says(), ways=EVERY[:4], arrange=netrc, check=our_credentials_only),
    started(
        12, "a", "others' settings", says(), arrange=other_programs_settings, check=no_keys_logged
    ),
    started(
        12,
        "b",
        "an argument wins",
        says(),
        ways=USUAL,
        arrange=our_settings_too,
        check=no_keys_logged,
    ),
    started(13, "a", "another program's connections: answered", says(), arrange=others_connections),
    unknown(
        13,
        "b",
        "another program's connections: nobody listens",
        starts=0,
        arrange=others_connections_to_nobody,
        ways=STRAIGHT,
    ),
    not_sent(
        14,
        "a",
        "somebody else did not verify",
        says(),
        ways=(Way.TLS,),
        arrange=shows("signed by itself"),
        run=unverified_first,
        tries=2,
        transient=False,
    ),
    not_sent(
        14,
        "b",
        "another client trusted it",
        says(),
        ways=(Way.TLS,),
        arrange=shows("signed by itself"),
        run=trusting_first,
        starts=1,
        tries=2,
        transient=False,
    ),
)
