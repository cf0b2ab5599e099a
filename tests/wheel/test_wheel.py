"""What people install: the built wheel in an empty environment, and an editable install.

Slow, and in need of a package registry: CI runs it with `-m wheel`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from ..programs import needs

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel"), needs("build")]

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("every_face.py")
DROP_IN = (
    "import web_services, sys\n"
    "from web_services import invoke_outbound_service, OutboundCalls\n"
    "print(OutboundCalls('x').get_calls())\n"
)


WITH_A_SANDBOX = """
import pytest
from aculab_wrappers import Call, OutboundClient, RejectedError

def start(password="MyOutboundServicePassword"):
    client = OutboundClient("1-2-0", "user@example.com", "MyOutboundService", password)
    return client.start(Call("sip:a@b"))

def test_one(aculab_sandbox):
    start()
    aculab_sandbox.assert_started(1)

def test_the_session(aculab_sandbox_session):
    start()
    aculab_sandbox_session.assert_started(1)

def test_unseen(aculab_sandbox):
    with pytest.raises(RejectedError):
        start("wrong")
"""


class Environment:
    """A virtual environment of its own; programs run in an empty folder, far from the checkout."""

    def __init__(self, folder: Path, *requirements: str) -> None:
        venv.create(folder / "venv", with_pip=True)
        self.python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
        self.work = folder / "work"
        self.work.mkdir()
        if requirements:
            self.run("-m", "pip", "install", "--quiet", *requirements)

    def run(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [self.python, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.work,
            env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def distributions(self) -> set[str]:
        listed = self.run("-m", "pip", "list", "--format=freeze").split()
        return {line.partition("==")[0] for line in listed} - {"pip", "setuptools"}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    [built] = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("installed"), str(wheel))


@pytest.fixture(scope="session")
def editable(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("editable"), "--editable", str(ROOT))


def test_the_wheel_holds_the_package_and_the_drop_in_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "aculab_wrappers",
        "web_services",
    }
    assert "aculab_wrappers/py.typed" in names
    assert {"web_services/__init__.py", "web_services/py.typed"} <= set(names)
    assert not [name for name in names if name.startswith("aculab_wrappers/web_services")]
    assert [name for name in names if name.endswith("/licenses/LICENSE")]
    suite = {
        f"aculab_wrappers/parity/suite/{path.relative_to(ROOT / 'parity').as_posix()}"
        for path in (ROOT / "parity").rglob("*")
        if path.is_file()
    }
    assert len(suite) > 40
    assert suite <= set(names)
    modules = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "aculab_wrappers").rglob("*.py")
        if "web_services" not in path.parts
    }
    assert modules <= set(names)


def test_the_suite_and_the_demo_run_from_the_wheel(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    environment = Environment(tmp_path_factory.mktemp("cli"), f"{wheel}[cli]")

    said = environment.run("-m", "aculab_wrappers", "parity")
    assert "nothing differs" in said
    assert "surface" in said
    assert "18 of 18 samples sent what the page documents" in environment.run(
        "-m", "aculab_wrappers", "demo"
    )


def test_two_dependencies_are_enough_for_every_face(installed: Environment) -> None:
    of_requests = {"requests", "certifi", "charset-normalizer", "idna", "urllib3"}
    assert {name.replace("_", "-") for name in installed.distributions()} == {
        "aculab-wrappers",
        "typing-extensions",
        *of_requests,
    }

    assert installed.run(str(PROGRAM)).splitlines()[-1] == "every face started its calls"


def test_the_command_says_what_it_lacks(installed: Environment) -> None:
    said = installed.run("-m", "aculab_wrappers", "demo", code=1)

    assert "pip install 'aculab-wrappers[cli]'" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "versions", [("pytest==7.2.2", "pluggy==1.0.0"), ("pytest==6.2.5", "pluggy==0.13.1")]
)
def test_a_project_with_an_old_pytest(
    wheel: Path, versions: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    environment = Environment(tmp_path_factory.mktemp("pytest"), f"{wheel}[sandbox]", *versions)
    tests = environment.work / "test_mine.py"

    tests.write_text("def test_mine(): pass\n", encoding="utf-8")
    assert "1 passed" in environment.run("-m", "pytest", "-W", "error")

    tests.write_text(WITH_A_SANDBOX, encoding="utf-8")
    told = environment.run("-m", "pytest", code=1)
    assert "1 failed, 2 passed" in told
    assert "the user name is right; the password is another" in told


def test_an_application_on_an_old_flask_adds_the_sandbox(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    environment = Environment(
        tmp_path_factory.mktemp("flask"), "flask==2.1.3", "werkzeug==2.1.2", "pytest"
    )
    environment.run("-m", "pip", "install", "--quiet", f"{wheel}[sandbox]")
    environment.run("-m", "pip", "check")
    environment.run("-W", "ignore", "-c", "import flask")
    environment.work.joinpath("test_mine.py").write_text(WITH_A_SANDBOX, encoding="utf-8")
    assert "1 failed, 2 passed" in environment.run("-m", "pytest", code=1)


@needs("ldd")
@needs("objcopy")
@needs("objdump")
def test_a_frozen_program_has_all_files(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    environment = Environment(tmp_path_factory.mktemp("frozen"), f"{wheel}[cli]", "pyinstaller")
    program = environment.work / "program.py"
    program.write_text("from aculab_wrappers.cli import main\nraise SystemExit(main())\n")
    environment.run("-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", str(program))
    frozen = environment.work / "dist" / "program" / "program"

    for command in ("demo", "parity"):
        subprocess.run([frozen, command], check=True, capture_output=True)


def test_a_zip_file_has_all_files(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    environment = Environment(tmp_path_factory.mktemp("zip"))
    environment.run("-m", "pip", "install", "--quiet", "--target", "app", f"{wheel}[cli]")
    environment.run("-m", "zipapp", "app", "--main", "aculab_wrappers.cli:main")

    assert "18 of 18 samples" in environment.run("app.pyz", "demo")
    # A compiled part cannot be imported out of a zip file: that is said, and by one command alone.
    assert "rpds is not installed" in environment.run("app.pyz", "parity")


@pytest.mark.parametrize("how", ["installed", "editable"])
def test_old_code_finds_the_drop_in(how: str, request: pytest.FixtureRequest) -> None:
    environment: Environment = request.getfixturevalue(how)

    assert environment.run("-c", DROP_IN) == "[{'to': 'x'}]\n"


@pytest.mark.parametrize("how", ["installed", "editable"])
def test_a_module_of_the_users_own_still_wins(how: str, request: pytest.FixtureRequest) -> None:
    environment: Environment = request.getfixturevalue(how)
    own = environment.work / "own"
    own.mkdir()
    (own / "web_services.py").write_text("print('mine')\n")
    (own / "program.py").write_text("import web_services\n")

    assert environment.run(str(own / "program.py")) == "mine\n"
