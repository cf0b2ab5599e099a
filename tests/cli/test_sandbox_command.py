"""`sandbox`: its options, its file, and what it says of itself."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import AculabError
from aculab_wrappers.cli import serve
from aculab_wrappers.cli.introduction import Offered, introduction, warning
from aculab_wrappers.sandbox import DEFAULT_SERVICES, Sandbox, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Run

SECRET = "canary-pa55word"
FILE = f"""
time = "manual"
seed = 1
port = 1
host_names = ["in.the.file"]
calls_per_second = 3
[[services]]
username = "a@b"
name = "mine"
password = "{SECRET}"
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the command makes its sandbox of; there is none."""
    found: dict[str, Any] = {}

    def make(**arguments: Any) -> None:
        found.update(arguments)
        raise AculabError("seen")

    monkeypatch.setattr(serve, "Sandbox", make)
    return found


@pytest.fixture
def config() -> str:
    Path("sandbox.toml").write_text(FILE, encoding="utf-8")
    return "sandbox.toml"


def test_without_options_time_is_real_and_the_services_are_the_page_s(
    run: Run, asked: dict[str, Any]
) -> None:
    run("sandbox")
    assert asked.pop("services") == list(DEFAULT_SERVICES)
    assert asked == {"time": "real", "allow_other_machines": False}


def test_the_file_is_obeyed(run: Run, asked: dict[str, Any], config: str) -> None:
    run("sandbox", "--config", config)
    assert [service.user for service in asked.pop("services")] == ["1-2-0/a@b/mine"]
    assert asked == {
        "time": "manual",
        "seed": 1,
        "port": 1,
        "host_names": ["in.the.file"],
        "calls_per_second": 3,
        "allow_other_machines": False,
    }


def test_options_win_over_the_file(run: Run, asked: dict[str, Any], config: str) -> None:
    options = "--port 0 --host 127.0.0.2 --allow-other-machines --host-name a --host-name b "
    options += "--time polls --seed 0 --calls-per-second 2.5 --ca-file ca.pem --telephone x/y "
    options += "--conference v/w"
    run("sandbox", "--config", config, *options.split())
    users = [(service.user, service.kind) for service in asked.pop("services")]
    assert users == [
        ("1-2-0/a@b/mine", "telephone"),
        ("1-2-0/x/y", "telephone"),
        ("1-2-0/v/w", "conference"),
    ]
    assert asked == {
        "time": "polls",
        "seed": 0,
        "port": 0,
        "host": "127.0.0.2",
        "allow_other_machines": True,
        "host_names": ("a", "b"),
        "calls_per_second": 2.5,
        "ca_file": str(Path("ca.pem").resolve()),
    }


def test_a_file_that_cannot_be_used(run: Run, config: str) -> None:
    Path(config).write_text(FILE + "pasword = 1", encoding="utf-8")
    result = run("sandbox", "--config", config)
    assert result.code == 2
    assert result.out == ""
    assert result.err == (
        "Error: sandbox.toml: services[0].pasword is no key that is known here. "
        "Did you mean password?\n"
    )


@pytest.mark.parametrize("option", [("--time", "never"), ("--port", "-1"), ("--seed", "x")])
def test_an_option_that_cannot_be(run: Run, option: tuple[str, str]) -> None:
    result = run("sandbox", *option)
    assert result.code == 2
    assert option[0] in result.err


def test_other_machines_are_let_in_by_the_flag_alone(
    process: Callable[..., subprocess.Popen[str]],
) -> None:
    made = process("sandbox", "--host", "0.0.0.0")
    out, err = made.communicate(timeout=60)
    assert (made.returncode, out) == (2, "")
    assert "other machines" in err


@pytest.mark.parametrize("host", [None, "127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_a_loopback_address_needs_no_warning(host: str | None) -> None:
    assert warning(host) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_another_address_is_warned_of(host: str) -> None:
    [line] = warning(host)
    assert "other machines can reach this sandbox" in line
    assert host in line


def lines(*services: Service, added: tuple[Service, ...] = (), **more: str) -> list[str]:
    environment = {"ACULAB_BASE_URL": "https://127.0.0.1:1", "ACULAB_PROXY": "", **more}
    return introduction(environment, Offered(services, added, "my.toml"))


def test_the_introduction_sends_people_and_programs_there() -> None:
    said = lines(*DEFAULT_SERVICES, ACULAB_CA_BUNDLE="/with space/ca.pem")
    assert "Open https://127.0.0.1:1 in a browser to see its services, calls and requests." in said
    assert "  export ACULAB_BASE_URL=https://127.0.0.1:1" in said
    assert "  export ACULAB_CA_BUNDLE='/with space/ca.pem'" in said
    assert "  unset ACULAB_PROXY" in said


def test_the_passwords_of_the_documentation_alone_are_printed() -> None:
    mine = Service("a@b", "it's mine", SECRET, "conference")
    said = lines(*DEFAULT_SERVICES, added=(mine,))
    assert "  export ACULAB_SERVICE_PASSWORD=MyOutboundServicePassword" in said
    assert '  conference  1-2-0/a@b/it\'s mine  the word "sandbox"' in said
    assert len([line for line in said if "myCallAConferenceService" in line]) == 1
    said = lines(mine)
    assert "  conference  1-2-0/a@b/it's mine  as in my.toml" in said
    assert SECRET not in "\n".join(said)
    trial = said[said.index("Try it:") + 1 :]
    assert trial[0] == "  # ACULAB_SERVICE_PASSWORD holds the password of it's mine"
    command = shlex.split(f"{trial[1].removesuffix(chr(92))} {trial[2]}")
    assert " ".join(command[:-1]) == (
        "aculab-wrappers start myConference --cloud-id 1-2-0 --username a@b --service"
    )
    assert command[-1] == mine.name


def test_the_trial_works_as_it_stands(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as cloud:
        said = introduction(cloud.environment(), Offered(DEFAULT_SERVICES, (), None))
        for line in said:
            if line.startswith("  export "):
                name, _, value = line.removeprefix("  export ").partition("=")
                monkeypatch.setenv(name, value)
        at = said.index("Try it:")
        command = shlex.split(" ".join(line.removesuffix("\\") for line in said[at + 2 : at + 4]))
        result = run(*command[1:])
        assert (result.code, result.err) == (0, "")
        cloud.assert_started(1)


def test_the_package_is_a_program() -> None:
    command = [sys.executable, "-m", "aculab_wrappers.sandbox", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: aculab-wrappers sandbox [OPTIONS]")


def test_the_program_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['click'] = None\n"
        "import runpy; runpy.run_module('aculab_wrappers.sandbox', run_name='__main__')"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "aculab-wrappers: click is not installed: pip install 'aculab-wrappers[cli]'\n"
    )
