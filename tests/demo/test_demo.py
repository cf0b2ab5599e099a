"""The page's samples through the faces over HTTP, and the command that shows them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aculab_wrappers.cli import demo as command
from aculab_wrappers.cli.errors import CommandError
from aculab_wrappers.demo.run import Sample, run
from aculab_wrappers.demo.samples import samples
from aculab_wrappers.parity.folder import SuiteError

if TYPE_CHECKING:
    from typing import NoReturn

SAMPLES = samples()
BY_NAME = {f"{sample.dialect} {sample.title}": sample for sample in SAMPLES}


def test_there_are_three_raw_requests_and_fifteen_samples() -> None:
    dialects = [sample.dialect for sample in SAMPLES]

    assert {name: dialects.count(name) for name in dialects} == {
        "HTTP": 3,
        "C#": 3,
        "VB": 3,
        "Java": 3,
        "Python": 3,
        "PHP": 3,
    }


@pytest.mark.parametrize("name", BY_NAME)
def test_a_sample_sends_what_the_page_documents_and_completes(name: str) -> None:
    sample = BY_NAME[name]

    result = run(sample)

    assert result.complaint == ""
    [request] = result.sent
    assert request.calls == sample.documented
    assert request.user == sample.user
    assert request.method == ("GET" if sample.dialect == "HTTP" else "POST")
    assert {instance.status for instance in result.instances} == {"COMPLETED"}


def test_the_documented_requests_are_those_of_the_page() -> None:
    """A few, written out once more: what all others are held against cannot change unnoticed."""
    assert BY_NAME["HTTP several"].documented == [
        {
            "to": "441908283800",
            "from": "441908283801",
            "token": "token1",
            "outbound_parameters": "some user data",
        },
        {"to": "sip:bob@acompany.com", "token": "token2"},
        {"to": "sip:bill@anotherCompany.com", "from": "sip:bob@acompany.com", "token": "token3"},
    ]
    assert BY_NAME["Java several"].documented == [
        {
            "to": "441908273800",
            "from": "441908273801",
            "token": "my token info 1",
            "outbound_parameters": "some user data",
        },
        {"to": "sip:bob@acompany.com", "token": "my token info 2"},
        {
            "to": "sip:bill@anothercompany.com",
            "from": "sip:bob@acompany.com",
            "token": "my token info 3",
        },
    ]
    assert BY_NAME["Python several"].documented == [
        {
            "to": "441908273800",
            "from": "441908273801",
            "token": "my token info 1",
            "outbound_parameters": "some additional data",
        },
        {
            "to": "sip:bob@acompany.com",
            "token": "my token info 2",
            "outbound_parameters": "some additional data",
        },
        {
            "to": "sip:bill@anothercompany.com",
            "from": "sip:bob@acompany.com",
            "token": "my token info 3",
            "outbound_parameters": "some additional data",
        },
    ]
    assert BY_NAME["PHP conference"].documented == {
        "to": "myConference",
        "token": "my token info",
        "outbound_parameters": "some user data",
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"documented": {"to": "somewhere else"}}, "documented is {'to': 'somewhere else'}"),
        ({"kind": "telephone"}, "not every call completed"),
        ({"run": lambda _sleep: None}, "sent 0 start requests, not 1"),
    ],
)
def test_what_differs_from_the_page_is_said(change: dict[str, object], complaint: str) -> None:
    sample: Sample = replace(BY_NAME["C# conference"], **change)  # type: ignore[arg-type]  # any

    assert complaint in run(sample).complaint


def test_without_the_suite_the_demo_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> NoReturn:
        raise SuiteError("the parity suite is missing")

    monkeypatch.setattr(command, "samples", missing)

    with pytest.raises(CommandError, match="the parity suite is missing"):
        command.demo.callback(as_json=False)  # type: ignore[misc]


def test_the_environment_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACULAB_PROXY", "http://127.0.0.1:1")  # would break every sample
    before = dict(os.environ)

    assert run(BY_NAME["PHP telephone"]).complaint == ""
    assert dict(os.environ) == before


def _demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aculab_wrappers", "demo", *arguments],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )


def test_the_command_prints_a_table_and_succeeds() -> None:
    done = _demo()

    assert done.returncode == 0, done.stderr
    assert "18 of 18 samples sent what the page documents; 30 of 30 calls completed." in done.stdout
    assert done.stderr == ""
    assert "myOutboundServicePassword" not in done.stdout


def test_the_command_prints_json_for_programs() -> None:
    documents = json.loads(_demo("--json").stdout)

    assert len(documents) == 18
    assert all(document["differs"] == "" for document in documents)
    assert all(document["sent"] == [document["documented"]] for document in documents)


def test_the_command_fails_when_anything_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from aculab_wrappers.cli import demo, main

    wrong = replace(BY_NAME["VB telephone"], documented={"to": "somewhere else"})
    monkeypatch.setattr(demo, "samples", lambda: (wrong,))

    assert main(["demo"]) == 1
    assert "DIFFERS: VB telephone: sent {'to': '441908273800'" in capsys.readouterr().out
