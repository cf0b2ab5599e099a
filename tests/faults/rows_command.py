"""Row 67: the command line. What tests/cli shows of it already is not repeated here.

There: that a password is no argument (test_account), that a file of one that others can read is
warned of, and that one password is in no file and no output.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import pytest

from aculab_wrappers import OutboundClient
from aculab_wrappers.cli import main
from aculab_wrappers.sandbox import Sandbox, Service

from ..transport.asking import PROXY_PASSWORD, PROXY_USER, basic
from .canaries import CANARIES, told_of
from .cloud import whole
from .rows_shown import WHO, nothing_of
from .rule import Rule, expect

if TYPE_CHECKING:
    from .rule import Scene

NAMES: Final = ("ACULAB_CLOUD_ID", "ACULAB_USERNAME", "ACULAB_SERVICE")
CALLS: Final = "to,token\nsip:a@b,one\nsip:c@d,two\n"


def at_home(scene: Scene, **more: str) -> None:
    """A folder of its own to work in and to live in, and an account in the environment."""
    scene.patch.chdir(scene.folder)
    for name in ("HOME", "XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
        scene.patch.setenv(name, str(scene.folder / "home"))
    for name, text in {**dict(zip(NAMES, WHO, strict=True)), **more}.items():
        scene.patch.setenv(name, text)


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def only_ours(*found: Path) -> None:
    """Nobody else may read or write them."""
    assert found
    for file in found if os.name == "posix" else ():
        mode = file.stat().st_mode & 0o777
        expect(mode == 0o600, f"{file.name} has the mode {mode:o}")


def results_hold_none(scene: Scene) -> None:
    """Runs of a file with each password: results, locks, output, and the sandbox's journal."""
    at_home(scene)
    Path("calls.csv").write_text(CALLS, encoding="utf-8")
    services = [Service(WHO[1], f"S{number}", one) for number, one in enumerate(CANARIES)]
    with Sandbox(services) as cloud:
        for name, text in cloud.environment().items():
            scene.patch.setenv(name, text)
        for number, password in enumerate(CANARIES):
            scene.patch.setenv("ACULAB_SERVICE", f"S{number}")
            scene.patch.setenv("ACULAB_SERVICE_PASSWORD", password)
            assert main(["start", "-f", "calls.csv", "--results", f"r{number}.jsonl"]) == 0
        assert main(["start", "sip:a@b", "--service", "Other"]) == 1
        journal = f"{cloud.received} {cloud!r} {cloud.snapshot()}"
    printed = scene.ears.capfd.readouterr()
    for password in CANARIES:
        nothing_of(password, journal, "the journal of the sandbox")
        nothing_of(password, printed.out + printed.err, "the output")
    Path("calls.csv").unlink()
    kept = "".join(file.read_text(encoding="utf-8") for file in files(scene.folder))
    for password in CANARIES:
        nothing_of(password, kept, "a file")
    assert len(files(scene.folder)) >= len(CANARIES)
    only_ours(*scene.folder.glob("*.jsonl"))


def own_sandbox(scene: Scene) -> None:
    """What `--sandbox` keeps between two commands is for its owner alone."""
    password = CANARIES[0]
    at_home(scene, ACULAB_SERVICE_PASSWORD=password)
    assert main(["start", "--sandbox", "sip:a@b"]) == 0
    kept = [file for file in files(scene.folder / "home") if file.name == "sandbox.json"]
    assert len(kept) == 1
    only_ours(*kept)
    nothing_of(password, kept[0].read_text(encoding="utf-8"), "the state of the sandbox")


def locks(scene: Scene) -> None:
    """Lock files hold nothing; but who may open one may hold it for ever."""
    at_home(scene)
    Path("calls.csv").write_text(CALLS, encoding="utf-8")
    assert main(["start", "--sandbox", "-f", "calls.csv"]) == 0
    only_ours(*(file for file in files(scene.folder) if file.name.endswith(".lock")))


def a_crash(scene: Scene) -> None:
    """A fault of our own in the middle of a command, seen by a crash reporter."""

    def fails(*_: object) -> Any:
        raise RuntimeError("a fault")

    scene.patch.setattr(OutboundClient, "start", fails)
    for password in CANARIES:
        at_home(scene, ACULAB_SERVICE_PASSWORD=password, ACULAB_BASE_URL="http://127.0.0.1:9")
        with pytest.raises(RuntimeError) as caught:
            main(["start", "sip:a@b"])
        nothing_of(password, told_of(caught.value), "a crash")


def asked_and_refused(scene: Scene) -> None:
    """What is typed at the prompt and cannot be used is not shown."""
    at_home(scene, ACULAB_BASE_URL="http://127.0.0.1:9")
    scene.patch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for password in CANARIES:
        scene.patch.setattr(click, "prompt", lambda *_, one=password, **__: one + "\x07")
        assert main(["start", "sip:a@b"]) == 2
        printed = scene.ears.capfd.readouterr()
        assert "service_password" in printed.err
        nothing_of(password, printed.out + printed.err, "the refusal")


def seen_by_others(scene: Scene) -> None:
    """A process that waits for its answer: what other users, and its own memory of itself, show."""
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("this system has no /proc")
    password = CANARIES[-1]
    server = scene.serve(whole())
    at_home(scene, ACULAB_BASE_URL=server.url)
    secret = scene.folder / "password"
    secret.write_text(password, encoding="utf-8")
    secret.chmod(0o600)
    command = [sys.executable, "-m", "aculab_wrappers", "start", "sip:a@b"]
    process = subprocess.Popen(
        [*command, "--password-file", str(secret), "--timeout", "30"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        server.wait_for(lambda: server.posts == 1)
        assert server.requests[0].header("Authorization") == basic("/".join(WHO), password)
        for name in ("cmdline", "environ", "comm"):
            shown = Path(f"/proc/{process.pid}/{name}").read_bytes().decode("utf-8", "replace")
            nothing_of(password, shown, name)
        threads = [task.name for task in Path(f"/proc/{process.pid}/task").iterdir()]
        nothing_of(password, " ".join(threads), "a thread's name")
    finally:
        process.kill()
        said, _ = process.communicate()
    nothing_of(password, said.decode(), "the output")


def proxys_password(scene: Scene) -> None:
    """Nor is a proxy's password taken from the command line."""
    at_home(scene, ACULAB_SERVICE_PASSWORD="p")
    proxy = f"http://{PROXY_USER}:{PROXY_PASSWORD}@127.0.0.1:9"
    assert main(["start", "sip:a@b", "--proxy", proxy]) == 2
    printed = scene.ears.capfd.readouterr()
    assert "not taken from the command line" in printed.err
    expect(PROXY_PASSWORD not in printed.out + printed.err, "the refusal tells it")


RULES: Final = (
    Rule(67, "a", "files, output and the sandbox's journal", results_hold_none),
    Rule(67, "b", "the state of the sandbox that a command keeps", own_sandbox),
    Rule(67, "b-locks", "lock files", locks),
    Rule(67, "c", "a crash in the middle of a command", a_crash),
    Rule(67, "d", "a password typed, and refused", asked_and_refused),
    Rule(67, "e", "a running process, seen by others", seen_by_others),
    Rule(67, "f", "a proxy's password as an argument", proxys_password),
)
