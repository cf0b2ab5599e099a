"""The page's samples as the suite quotes them, held against their hashes, faults and ports."""

from __future__ import annotations

import copy
import json
import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from aculab_wrappers.parity.folder import SuiteError, suite_folder
from aculab_wrappers.parity.report import Check
from aculab_wrappers.parity.samples import check_samples, make_samples, read_samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIALECTS = ("http", "csharp", "vb", "java", "python", "php")
DOCUMENTS: dict[str, Any] = {
    path.relative_to(suite_folder()).as_posix(): json.loads(path.read_text(encoding="utf-8"))
    for path in (
        suite_folder() / "index.json",
        *(suite_folder() / "samples" / f"{dialect}.json" for dialect in DIALECTS),
    )
}
SAMPLES: dict[str, dict[str, Any]] = {
    sample["id"]: sample
    for dialect in DIALECTS
    for sample in DOCUMENTS[f"samples/{dialect}.json"]["samples"]
}
TABLES: dict[str, dict[str, Any]] = {
    table["id"]: table
    for dialect in DIALECTS
    for table in DOCUMENTS[f"samples/{dialect}.json"].get("tables", ())
}


@pytest.fixture
def documents() -> dict[str, Any]:
    """A copy to break."""
    return copy.deepcopy(DOCUMENTS)


def _sample(documents: dict[str, Any], name: str) -> dict[str, Any]:
    """A sample to break. All others are taken out, to save their running."""
    found: list[dict[str, Any]] = []
    for dialect in DIALECTS:
        file = documents[f"samples/{dialect}.json"]
        file["samples"] = [sample for sample in file["samples"] if sample["id"] == name]
        found += file["samples"]
    [sample] = found
    return sample


def _differences(documents: dict[str, Any]) -> list[str]:
    return [
        f"{check.title.split()[0]}: {complaint}"
        for check in check_samples(documents, DIALECTS[1:])
        for complaint in check.complaints
    ]


def test_everything_agrees() -> None:
    checks = list(check_samples(DOCUMENTS, DIALECTS[1:]))

    assert [complaint for check in checks for complaint in check.complaints] == []
    columns = [check.column for check in checks]
    counted = {column: columns.count(column) for column in columns}
    assert counted == {"": 4, "csharp": 3, "vb": 3, "java": 3, "python": 4, "php": 3}
    assert [check.title.split()[0] for check in checks if check.column == "python"] == [
        "python-telephone",
        "python-conference",
        "python-several",
        "python-add-call",
    ]
    assert (
        Check(
            "samples",
            "csharp",
            "csharp-several is as printed (its faults: call2), "
            "and its port sends what is documented",
            (),
        )
        in checks
    )


def test_the_raw_requests_are_checked_with_any_dialect() -> None:
    assert {check.column for check in check_samples(DOCUMENTS, ["php"])} == {"", "php"}


def test_the_demo_reads_the_same_samples() -> None:
    assert read_samples(suite_folder()) == make_samples(DOCUMENTS)


@pytest.mark.parametrize(
    ("name", "fault", "printed"),
    [
        ("csharp-several", "call2", "myService.Start(call2)"),
        ("java-several", "call2", "myService.start(call2)"),
        ("java-several", "calls[0]", 'calls[0].setToken("my token info 1")'),
        ("java-several", "calls[1]", 'calls[1].setToken("my token info 2")'),
        ("java-several", "calls[2]", 'calls[2].setToken("my token info 3")'),
        ("java-several", "numbers through a conference service", '"myCallAConferenceService"'),
        ("java-conference", "another service's password", '"myOutboundServicePassword"'),
        ("vb-telephone", "call as a name", "Dim call As OutboundCall = New"),
        ("vb-conference", "call as a name", "Dim call As OutboundCall = New"),
        ("vb-several", "Dim without As", "Dim calls List(Of OutboundCall) = New"),
        ("http-telephone", "unencoded URL", 'outbound_parameters= { "to" : '),
        ("http-conference", "unencoded URL", 'outbound_parameters= { "to" : '),
        ("http-several", "unencoded URL", 'outbound_parameters= [ { "to" : '),
        ("http-properties", "a space in a name", "\noutbound parameters | optional |"),
        ("python-add-call", "conferences forgotten", "a telephone number or SIP address."),
    ],
)
def test_the_faults_of_the_page_are_named(name: str, fault: str, printed: str) -> None:
    text = {**SAMPLES, **TABLES}[name]

    assert fault in [known["name"] for known in text["faults"]]
    assert printed in text["printed"]


def test_no_other_fault_is_claimed() -> None:
    assert sum(len(text["faults"]) for text in (*SAMPLES.values(), *TABLES.values())) == 15


@pytest.mark.parametrize("name", [*SAMPLES, *TABLES])
def test_a_mended_text_no_longer_has_the_fault(name: str) -> None:
    text = {**SAMPLES, **TABLES}[name]

    for fault in text["faults"]:
        mended = text["printed"].replace(fault["printed"], fault["wanted"])
        assert fault["wanted"] in mended
        assert fault["printed"] not in mended


@pytest.mark.parametrize("name", ["http-telephone", "http-conference", "http-several"])
def test_the_mended_url_carries_what_is_sent(name: str) -> None:
    [fault] = SAMPLES[name]["faults"]
    url = urlsplit(fault["wanted"])

    assert f"{url.scheme}://{url.netloc}{url.path}" == "https://ws.aculabcloud.net/service_start"
    [sent] = parse_qs(url.query, strict_parsing=True)["outbound_parameters"]
    assert json.loads(sent) == SAMPLES[name]["sends"]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value if isinstance(value, list) else []:
        yield from _texts(item)
    for item in value.values() if isinstance(value, dict) else []:
        yield from _texts(item)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_sent_stands_in_the_sample(name: str) -> None:
    sample = SAMPLES[name]

    for text in _texts(sample["sends"]):
        assert f'"{text}"' in sample["printed"].replace("'", '"')


@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.startswith("http")])
def test_the_service_stands_in_the_sample(name: str) -> None:
    sample = SAMPLES[name]

    for text in _texts(sample["service"]):
        assert f'"{text}"' in sample["printed"].replace("'", '"')


def test_only_the_conference_samples_call_a_conference() -> None:
    """A conference room may be named like a number, so that running alone would not show it."""
    conferences = {name for name in SAMPLES if SAMPLES[name]["destination"] == "conference"}

    assert conferences == {f"{dialect}-conference" for dialect in DIALECTS}


def test_an_altered_text_is_reported(documents: dict[str, Any]) -> None:
    sample = _sample(documents, "vb-several")
    sample["printed"] = sample["printed"].replace("Loop while", "Loop While")

    [difference] = _differences(documents)

    assert difference.startswith("vb-several: the sha256 of the printed text is ")
    assert difference.endswith(f", recorded is {sample['sha256']}")


def test_a_wrong_hash_is_reported(documents: dict[str, Any]) -> None:
    _sample(documents, "php-telephone")["sha256"] = "0" * 64

    [difference] = _differences(documents)

    assert difference.endswith(f"recorded is {'0' * 64}")


def test_an_altered_table_is_reported(documents: dict[str, Any]) -> None:
    _sample(documents, "python-telephone")
    [table] = documents["samples/python.json"]["tables"]
    table["printed"] = table["printed"].replace(" or SIP address", ", SIP address or conference")

    hashed, fault = _differences(documents)

    assert hashed.startswith("python-add-call: the sha256 of the printed text is ")
    assert "python-add-call: the fault 'conferences forgotten' quotes 'The call" in fault


def test_a_fault_that_is_not_there_is_reported(documents: dict[str, Any]) -> None:
    _sample(documents, "csharp-several")["faults"][0]["printed"] = "Start(call3)"

    assert _differences(documents) == [
        "csharp-several: the fault 'call2' quotes 'Start(call3)', which is not in the text"
    ]


def test_another_request_than_the_documented_one_is_reported(documents: dict[str, Any]) -> None:
    _sample(documents, "java-several")["sends"][2]["token"] = "my token info 4"

    [difference] = _differences(documents)

    assert difference.startswith("java-several: its port java_samples:several differs: sent [")
    assert "'token': 'my token info 3'}], documented is [" in difference


def test_another_service_than_the_documented_one_is_reported(documents: dict[str, Any]) -> None:
    _sample(documents, "python-conference")["service"]["service_password"] = "another"

    [difference] = _differences(documents)

    assert difference.startswith(
        "python-conference: its port python_samples:conference ended with RejectedError: "
    )


@pytest.mark.parametrize(
    ("name", "destination"), [("vb-conference", "telephone"), ("java-several", "conference")]
)
def test_a_service_for_other_destinations_is_reported(
    documents: dict[str, Any], name: str, destination: str
) -> None:
    _sample(documents, name)["destination"] = destination

    [difference] = _differences(documents)

    assert difference.endswith("differs: not every call completed")


@pytest.mark.parametrize(
    "port", ["csharp_samples:missing", "missing_samples:telephone", "csharp_samples", ""]
)
def test_a_missing_port_is_reported(documents: dict[str, Any], port: str) -> None:
    _sample(documents, "csharp-telephone")["port"] = port

    [difference] = _differences(documents)

    assert difference.startswith(f"csharp-telephone: its port {port} is not there: ")


def test_a_missing_tab_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "suite"
    shutil.copytree(suite_folder() / "samples", folder / "samples")
    shutil.copy(suite_folder() / "index.json", folder)
    assert len(read_samples(folder)) == 6

    (folder / "samples" / "vb.json").unlink()

    with pytest.raises(SuiteError, match="one file for each of http, csharp, vb, java, python"):
        read_samples(folder)


@pytest.mark.parametrize(
    ("body", "reason"), [(None, "cannot be read: "), (b"{", "the body is not JSON")]
)
def test_a_damaged_file_is_refused(tmp_path: Path, body: bytes | None, reason: str) -> None:
    if body is not None:
        (tmp_path / "index.json").write_bytes(body)

    with pytest.raises(SuiteError, match=reason):
        read_samples(tmp_path)


def test_two_files_for_one_tab_are_refused(documents: dict[str, Any]) -> None:
    documents["samples/more.json"] = documents["samples/php.json"]

    with pytest.raises(SuiteError, match="one file for each"):
        make_samples(documents)


def test_an_id_that_is_there_twice_is_refused(documents: dict[str, Any]) -> None:
    documents["samples/python.json"]["tables"][0]["id"] = "php-several"

    with pytest.raises(SuiteError, match="two samples of the id php-several"):
        make_samples(documents)
