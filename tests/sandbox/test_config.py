"""The TOML file: what it may say, and what is said when it says something else."""

from __future__ import annotations

import inspect
import traceback
from pathlib import Path
from typing import Any

import pytest

from aculab_wrappers import Call, InvalidInputError, OutboundClient
from aculab_wrappers.sandbox import Account, Sandbox, Service
from aculab_wrappers.sandbox.config import ACCOUNT, SERVICE, TOP, read_config

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "sandbox.toml"
SECRET = "canary-pa55word"
SERVICES = f"""
[[services]]
username = "a@b"
name = "mine"
password = "{SECRET}"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.toml"


def refusal(file: Path, text: str | bytes) -> str:
    """What is said of a file, without the file's name, which must be there."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InvalidInputError) as caught:
        read_config(file)
    error = caught.value
    assert error.__traceback__ is not None
    # Without this frame, which holds the text.
    inside = error.__traceback__.tb_next
    told = traceback.TracebackException(type(error), error, inside, capture_locals=True)
    assert SECRET not in "".join(told.format())
    name, message = str(caught.value)[: len(str(file))], str(caught.value)[len(str(file)) :]
    assert name == str(file)
    return message.removeprefix(": ")


def arguments_of(kind: Any) -> set[str]:
    return set(inspect.signature(kind).parameters)


def test_the_keys_are_the_arguments() -> None:
    # A file that came with a project must not open the machine to others.
    assert set(TOP) == arguments_of(Sandbox) - {"allow_other_machines"}
    assert set(SERVICE) == arguments_of(Service) | {"password_env"}
    assert set(ACCOUNT) == arguments_of(Account)


def test_the_example_shows_every_key_and_makes_a_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_CONFERENCE_PASSWORD", SECRET)
    text = EXAMPLE.read_text(encoding="utf-8")
    for key in {**TOP, **SERVICE, **ACCOUNT}:
        assert f"\n{key} = " in text or f"\n# {key} = " in text or f"[{key}]" in text, key
    arguments = read_config(EXAMPLE)
    assert [service.kind for service in arguments["services"]] == ["telephone", "conference"]
    assert arguments["services"][1].password == SECRET
    cloud = Sandbox.from_file(EXAMPLE)
    client = OutboundClient(
        "1-2-0", "bob@acompany.com", "myCallAConferenceService", SECRET, transport=cloud
    )
    client.start(Call("myConference"))
    cloud.assert_started(1, to="myConference")


def test_an_empty_file_is_a_sandbox_as_usual(file: Path) -> None:
    file.write_text("", encoding="utf-8")
    assert read_config(str(file)) == {}


def test_an_argument_wins_over_the_file(file: Path) -> None:
    file.write_text('seed = 1\ntime = "manual"', encoding="utf-8")
    ids = []
    for overrides in ({}, {}, {"seed": 2}):
        cloud = Sandbox.from_file(file, **overrides)
        OutboundClient("1-2-0", "user@example.com", "appname", "pass", transport=cloud).start(
            Call("sip:a@b")
        )
        ids.append(cloud.instances[0].id)
    assert ids[0] == ids[1] != ids[2]


def test_a_relative_ca_file_is_beside_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('ca_file = "ca.pem"', encoding="utf-8")
    assert read_config(file) == {"ca_file": str(file.parent / "ca.pem")}
    monkeypatch.chdir(file.parent)
    assert read_config(file.name) == {"ca_file": str(file.parent / "ca.pem")}
    file.write_text('ca_file = "/other/ca.pem"', encoding="utf-8")
    assert read_config(file) == {"ca_file": "/other/ca.pem"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tiem = 1", "tiem is no key that is known here. Did you mean time?"),
        ("Port = 1", "Port is no key that is known here. Did you mean port?"),
        (
            "seed = 1\nxyzzy = 1",
            f"xyzzy is no key that is known here. Known are {', '.join(TOP)}",
        ),
        (
            SERVICES + 'pasword_env = "X"',
            "services[0].pasword_env is no key that is known here. Did you mean password_env?",
        ),
        (
            SERVICES + SERVICES + "far_end_clasification = true",
            (
                "services[1].far_end_clasification is no key that is known here. "
                "Did you mean far_end_classification?"
            ),
        ),
        (
            '[[accounts]]\nusername = "a@b"\nteir = "developer"',
            "accounts[0].teir is no key that is known here. Did you mean tier?",
        ),
    ],
)
def test_an_unknown_key_is_answered_with_the_nearest(file: Path, text: str, said: str) -> None:
    assert refusal(file, text) == said


@pytest.mark.parametrize(
    "text",
    [
        "MyServicePassw0rd",
        "MyServicePassw0rd=1",
        "MyServicePassw0rd='x'",
        "[MyServicePassw0rd]",
        "'MyServicePassw0rd#!'=1",
        "[[services]]\nMyServicePassw0rd = 1",
        "[[services]]\nusername = 'a@b'\nname = 'x'\npassword_env = 'MyServicePassw0rd'",
        "[[services]]\nusername = 'a@b'\nname = 'x'\npassword = ['MyServicePassw0rd']",
    ],
)
def test_what_may_be_a_secret_is_not_quoted(file: Path, text: str) -> None:
    assert "Passw0rd" not in refusal(file, text)


@pytest.mark.parametrize(
    "text",
    [
        f"seed = 1\n{'k' * 9000} = 1",
        f"time = '{'v' * 9000}'",
        f"[[accounts]]\nusername = 'a@b'\ntier = '{'v' * 9000}'",
        f"[[accounts]]\nusername = 'a@b'\ncaller_ids = ['{'v' * 9000}']",
        f"host = '{'v' * 9000}'",
        f"host_names = ['{'v v' * 9000}']",
        f"[outcomes]\n{'k' * 9000} = 'x'",
        f"[outcomes]\nk = '{'v' * 9000}'",
        f"[{'k' * 9000}]\n" * 2,
        SERVICES + f"kind = '{'v' * 9000}'",
    ],
)
def test_what_is_quoted_is_clipped(file: Path, text: str) -> None:
    assert len(refusal(file, text)) < 500


def test_a_file_cannot_open_the_machine_to_others(file: Path) -> None:
    said = refusal(file, "allow_other_machines = true")
    assert said.startswith("allow_other_machines is no key: ")
    assert "--allow-other-machines" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('port = "8080"', "port must be a whole number, not text ('8080')"),
        ("port = 80.5", "port must be a whole number, not a number (80.5)"),
        ("seed = true", "seed must be a whole number, not true or false (true)"),
        ('calls_per_second = "1"', "calls_per_second must be a number, not text ('1')"),
        ("calls_per_second = true", "calls_per_second must be a number, not true or false (true)"),
        ("time = 12:00:00", "time must be text, not a date or time (12:00:00)"),
        ("time = ['polls']", "time must be text, not an array"),
        ("host_names = 'a'", "host_names must be an array of texts, not text ('a')"),
        ("host_names = ['a', 1]", "host_names[1] must be text, not a whole number (1)"),
        (
            "[services]\nusername = 'a'",
            "services must be an array of tables, each with two brackets, not a table",
        ),
        ("services = ['a']", "services[0] must be a table, written [[services]], not text ('a')"),
        ("outcomes = ['a']", "outcomes must be a table, not an array"),
        ("[outcomes]\n44 = 486", "outcomes.44 must be text, not a whole number (486)"),
        (
            SERVICES + "far_end_classification = 1",
            "services[0].far_end_classification must be true or false, not a whole number (1)",
        ),
        (
            "[[accounts]]\nusername = 'a'\ncaller_ids = [1]",
            "accounts[0].caller_ids[0] must be text, not a whole number (1)",
        ),
        ("[[services]]\npassword = 5309", "services[0].password must be text, not a whole number"),
    ],
)
def test_a_value_of_another_type(file: Path, text: str, said: str) -> None:
    assert refusal(file, text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[services]]\nname = 'x'", "services[0] has no username"),
        ("[[services]]\nusername = 'x'", "services[0] has no name"),
        ("[[accounts]]\ntier = 'premium'", "accounts[0] has no username"),
        ("[[services]]\nusername = 'x'\nname = 'y'", "services[0] needs either password or "),
        (SERVICES + "password_env = 'X'", "services[0] needs either password or password_env"),
        (SERVICES + "kind = 'fax'", "services[0] cannot be: kind must be "),
        (SERVICES.replace("a@b", "a:b"), "services[0] cannot be: "),
        ('time = "never"', "time must be "),
        ("port = 70000", "port must be "),
        ("services = []", "services is empty"),
        (
            '[outcomes]\n"sip:a@b" = "bussy"',
            "outcomes.sip:a@b is text ('bussy'), which is no outcome. Did you mean busy?",
        ),
        ('[outcomes]\n44 = "xyzzy"', "outcomes.44 is text ('xyzzy'), which is no outcome. Known"),
    ],
)
def test_what_no_sandbox_could_use(file: Path, text: str, said: str) -> None:
    assert refusal(file, text).startswith(said)


def test_a_variable_that_holds_no_password(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "[[services]]\nusername = 'x'\nname = 'y'\npassword_env = 'MY_PASSWORD'"
    monkeypatch.delenv("MY_PASSWORD", raising=False)
    said = "services[0].password_env names the environment variable MY_PASSWORD, which is not set"
    assert refusal(file, text).startswith(said)
    monkeypatch.setenv("MY_PASSWORD", "")
    assert refusal(file, text).startswith(said)
    # A password in the wrong key is still a password.
    assert "names an environment variable, which" in refusal(
        file, text.replace("MY_PASSWORD", SECRET)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"time = ", "is not TOML: "),
        (f"password = {SECRET}".encode(), "is not TOML: "),
        (SERVICES.encode() + b"name = 'x'", "is not TOML: "),
        (b'host = "\xff"', "is not UTF-8"),
        (b"seed = " + b"[" * 100_000, "is "),
    ],
)
def test_what_is_no_toml(file: Path, text: bytes, said: str) -> None:
    assert refusal(file, text).startswith(said)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(InvalidInputError) as caught:
            Sandbox.from_file(path)
        assert str(caught.value).startswith(f"{path}: cannot be read: {why}")
    with pytest.raises(InvalidInputError, match="path must be a str or a path, not NoneType"):
        read_config(None)  # type: ignore[arg-type]  # the point
    with pytest.raises(InvalidInputError):
        read_config("a\0b")
