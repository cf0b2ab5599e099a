"""The pytest plug-in, in runs of pytest of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import aculab_wrappers
from aculab_wrappers import Call, OutboundClient
from aculab_wrappers.sandbox import Sandbox
from aculab_wrappers.sandbox.refusals import explained

CLIENT = """
import os
import pytest
from aculab_wrappers import Call, InvalidInputError, OutboundClient, RejectedError

def start(*to, password="MyOutboundServicePassword"):
    client = OutboundClient("1-2-0", "user@example.com", "MyOutboundService", password)
    return client.start([Call(each) for each in to])

def refused():
    with pytest.raises(RejectedError):
        start("441908283800")
"""
WHAT_WAS_WRONG = (
    "*POST /service_start by 1-2-0/user@example.com/MyOutboundService, answered 400, error 0001*",
    "*Mandatory parameter missing: outbound_parameters*from*",
    "*rule: *see /sandbox/facts",
)


@pytest.fixture(scope="module", autouse=True)
def _all_is_imported() -> None:
    """An inner run forgets the modules that it was first to import; a second copy of them would
    be another module to all later tests of this process."""
    with Sandbox() as cloud:
        client = OutboundClient(
            "1-2-0", "user@example.com", "appname", "pass", base_url=cloud.base_url
        )
        client.start(Call("sip:a@b"))
        for request in cloud.received:
            explained(request)


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("CI", "BUILD_NUMBER"):  # where they are set, a summary repeats whole messages
        monkeypatch.delenv(name, raising=False)
    return Run(pytester)


class Run:
    """Runs tests, without the plug-ins that mix or spread them."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester

    def __call__(self, tests: str, *arguments: str, apart: bool = False) -> pytest.RunResult:
        """Run them in this process, or apart from it in one of their own."""
        self.pytester.makepyfile(CLIENT + tests)
        usual = ("-p", "no:randomly", "-p", "no:cacheprovider", "-W", "error", "--strict-markers")
        run = self.pytester.runpytest_subprocess if apart else self.pytester.runpytest_inprocess
        return run(*usual, *arguments)


def test_a_test_has_a_sandbox_of_its_own(run: Run) -> None:
    result = run("""
def test_one(aculab_sandbox):
    assert os.environ["ACULAB_BASE_URL"] == aculab_sandbox.base_url
    start("sip:a@b", "sip:c@d")
    aculab_sandbox.assert_started(2)

def test_two(aculab_sandbox):
    aculab_sandbox.assert_started(0)
    start("sip:a@b")
    aculab_sandbox.assert_started(1, to="sip:a@b")
    aculab_sandbox.assert_started_at_most_once()
""")
    result.assert_outcomes(passed=2)


def test_ids_are_the_same_in_each_run_and_time_goes_by_polls(run: Run) -> None:
    tests = """
def test_one(aculab_sandbox):
    assert aculab_sandbox.time == "polls"
    [call] = start("sip:a@b")
    print("id:", call.id)
"""
    ids = [re.findall("id: (.*)", run(tests, "-s").stdout.str()) for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 1


def test_a_refused_request_at_which_nobody_looked_fails_the_test_itself(run: Run) -> None:
    result = run("""
def test_one(aculab_sandbox):
    refused()
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the test did not look*", *WHAT_WAS_WRONG])
    assert "Traceback" not in result.stdout.str()
    assert "MyOutboundServicePassword" not in result.stdout.str()


def test_a_flood_of_refusals_is_cut(run: Run) -> None:
    result = run("""
def test_one(aculab_sandbox):
    for _ in range(25):
        refused()
""")
    result.assert_outcomes(failed=1)
    assert result.stdout.str().count("POST /service_start by") == 20
    result.stdout.fnmatch_lines(["  and 5 more"])


@pytest.mark.parametrize("look", ["refused", "received"])
def test_looking_is_enough(run: Run, look: str) -> None:
    result = run(f"""
def test_one(aculab_sandbox):
    refused()
    assert [request.code for request in aculab_sandbox.{look}] == ["0001"]

def test_two(aculab_sandbox):
    refused()
    aculab_sandbox.{look}
    refused()
""")
    result.assert_outcomes(passed=1, failed=1)


def test_an_error_that_was_asked_for_is_no_refusal(run: Run) -> None:
    result = run("""
def test_one(aculab_sandbox):
    with pytest.raises(RejectedError):
        start("sip:unauthorised@sandbox")
    aculab_sandbox.answer_next("unauthorised")
    with pytest.raises(RejectedError):
        start("sip:a@b")
""")
    result.assert_outcomes(passed=1)


def test_through_another_fixture(run: Run) -> None:
    result = run("""
@pytest.fixture
def phone(aculab_sandbox):
    refused()
    return start

def test_one(phone):
    phone("sip:a@b")
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(WHAT_WAS_WRONG)


def test_a_test_that_fails_by_itself_is_told_beside(run: Run) -> None:
    result = run("""
def test_one(aculab_sandbox):
    refused()
    assert "mine" == "yours"

def test_two(aculab_sandbox):
    refused()
    pytest.fail("of my own")
""")
    result.assert_outcomes(failed=2)
    report = result.stdout.str()
    assert "AssertionError: assert 'mine' == 'yours'" in report
    assert "Failed: of my own" in report
    result.stdout.fnmatch_lines(["*- aculab_sandbox -*", "*did not look*", *WHAT_WAS_WRONG])
    assert report.count("did not look") == 2


def test_a_class_of_unittest_through_a_fixture(run: Run) -> None:
    result = run("""
import unittest

class TestMine(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _cloud(self, aculab_sandbox):
        self.cloud = aculab_sandbox

    def test_started(self):
        start("sip:a@b")
        self.cloud.assert_started(1)

    def test_refused(self):
        refused()

    def test_by_itself(self):
        refused()
        self.fail("of my own")
""")
    result.assert_outcomes(passed=1, failed=2)
    report = result.stdout.str()
    _, _, by_itself = report.partition("_ TestMine.test_by_itself _")
    by_itself, _, by_the_refusal = by_itself.partition("_ TestMine.test_refused _")
    assert "AssertionError: of my own" in by_itself
    for told in (by_itself, by_the_refusal):
        assert told.count("did not look") == 1
        assert "Mandatory parameter missing: outbound_parameters.from" in told


def test_a_part_of_a_test_that_fails_by_itself(run: Run) -> None:
    result = run("""
import unittest

class TestMine(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _cloud(self, aculab_sandbox):
        self.cloud = aculab_sandbox

    def test_one(self):
        with self.subTest("part"):
            refused()
            self.fail("of my own")

class TestOuter:
    class TestInner:
        def test_nested(self, aculab_sandbox):
            refused()
            pytest.fail("of my own, too")
""")
    report = result.stdout.str()
    assert "AssertionError: of my own" in report
    assert "Failed: of my own, too" in report
    assert report.count("did not look") == 2
    result.stdout.fnmatch_lines(WHAT_WAS_WRONG)


def test_a_test_that_is_expected_to_fail(run: Run) -> None:
    result = run("""
@pytest.mark.xfail(strict=True)
def test_by_itself(aculab_sandbox):
    refused()
    assert False

@pytest.mark.xfail(strict=True)
def test_by_the_refusal(aculab_sandbox):
    refused()

@pytest.mark.xfail(strict=True, raises=KeyError)
def test_not_by_that(aculab_sandbox):
    refused()

@pytest.mark.xfail(strict=True)
def test_by_nothing(aculab_sandbox):
    start("sip:a@b")
""")
    result.assert_outcomes(xfailed=2, failed=2)


def test_a_test_that_skips_itself_stays_skipped(run: Run) -> None:
    result = run("""
def test_one(aculab_sandbox):
    refused()
    pytest.skip("not today")
""")
    result.assert_outcomes(skipped=1)


def test_what_is_refused_after_the_test_is_an_error(run: Run) -> None:
    result = run("""
@pytest.fixture
def phone(aculab_sandbox):
    yield
    refused()

def test_one(phone):
    pass

def test_two(aculab_sandbox):
    refused()
""")
    result.assert_outcomes(passed=1, errors=1, failed=1)
    assert result.stdout.str().count("did not look (") == 2


def test_an_assertion_points_into_the_test(run: Run) -> None:
    result = run("""
def test_one(aculab_sandbox):
    aculab_sandbox.assert_started(1)

def test_two(aculab_sandbox):
    start("sip:a@b", "sip:a@b")
    aculab_sandbox.assert_started_at_most_once()
""")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*: AssertionError", "*: AssertionError"])
    for line in re.findall(r"(?m)^(\S+):\d+: AssertionError$", result.stdout.str()):
        assert line.endswith("test_an_assertion_points_into_the_test.py")


def test_markers_give_arguments_and_the_nearest_wins(run: Run) -> None:
    result = run("""
from aculab_wrappers.sandbox import Service

pytestmark = pytest.mark.aculab_sandbox(time="manual", seed=5)

def test_the_module(aculab_sandbox):
    assert aculab_sandbox.time == "manual"

@pytest.mark.aculab_sandbox(time="real")
class TestMine:
    def test_the_class(self, aculab_sandbox):
        assert aculab_sandbox.time == "real"

    @pytest.mark.aculab_sandbox(time="polls", services=[Service("a@b", "mine", "pw")])
    def test_the_function(self, aculab_sandbox):
        assert aculab_sandbox.time == "polls"
        OutboundClient("1-2-0", "a@b", "mine", "pw").start([Call("sip:a@b")])
""")
    result.assert_outcomes(passed=3)


def test_a_wrong_marker_is_named_with_its_test(run: Run) -> None:
    result = run("""
@pytest.mark.aculab_sandbox(tiem="polls")
def test_misspelt(aculab_sandbox): ...

@pytest.mark.aculab_sandbox(xyzzy=1)
def test_unknown(aculab_sandbox): ...

@pytest.mark.aculab_sandbox("polls")
def test_no_name(aculab_sandbox): ...

@pytest.mark.aculab_sandbox(time="never")
def test_no_such_time(aculab_sandbox): ...
""")
    result.assert_outcomes(errors=4)
    name = "test_a_wrong_marker_is_named_with_its_test.py::test"
    result.stdout.fnmatch_lines(
        [
            f"{name}_misspelt: the marker aculab_sandbox has no argument tiem: did you mean time?",
            f"{name}_unknown: the marker aculab_sandbox has no argument xyzzy: known are services*",
            f"{name}_no_name: the marker aculab_sandbox takes named arguments only: *",
            f"{name}_no_such_time: time must be *not 'never'",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "During handling" not in result.stdout.str()


def test_a_file_beside_the_ini_file_configures_it(run: Run) -> None:
    run.pytester.makefile(".ini", pytest="[pytest]\naculab_sandbox_config = conf/sandbox.toml")
    (run.pytester.mkdir("conf") / "sandbox.toml").write_text(
        'time = "manual"\nport = 1\n'
        '[[services]]\nusername = "a@b"\nname = "mine"\npassword = "canary"',
        encoding="utf-8",
    )
    tests = """
@pytest.mark.parametrize("time", [1, 2])
def test_the_file(aculab_sandbox, time):
    assert aculab_sandbox.time == "manual"
    assert not aculab_sandbox.base_url.endswith(":1")
    OutboundClient("1-2-0", "a@b", "mine", "canary").start([Call("sip:a@b")])

@pytest.mark.aculab_sandbox(time="polls")
def test_the_marker_wins(aculab_sandbox):
    assert aculab_sandbox.time == "polls"
"""
    run(tests, "--rootdir", "conf").assert_outcomes(passed=3)
    (run.pytester.path / "conf" / "sandbox.toml").write_text("tiem = 1", encoding="utf-8")
    result = run(tests)
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(
        ["*::test_the_marker_wins: aculab_sandbox_config: *sandbox.toml: tiem is no key*"]
    )


def test_each_test_has_an_authority_of_its_own(run: Run) -> None:
    run.pytester.makefile(".ini", pytest="[pytest]\naculab_sandbox_config = sandbox.toml")
    run.pytester.makefile(".toml", sandbox='ca_file = "ca.pem"')
    tests = """
seen = []

@pytest.mark.parametrize("time", [1, 2])
def test_one(aculab_sandbox, time):
    assert aculab_sandbox.base_url.startswith("https://")
    start("sip:a@b")
    seen.append(os.environ["ACULAB_CA_BUNDLE"])
    assert os.path.exists(seen[-1])
    assert len(set(seen)) == time
"""
    result = run(tests, apart=True)  # cryptography cannot be imported twice
    result.assert_outcomes(passed=2)
    assert not (run.pytester.path / "ca.pem").exists()


def test_the_user_s_own_environment_neither_interferes_nor_changes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = {
        "ACULAB_BASE_URL": "http://127.0.0.1:9",
        "ACULAB_PROXY": "http://127.0.0.1:9",
        "ACULAB_CA_BUNDLE": "/no/such/file",
        "ACULAB_TIMEOUT": "0.000001",
    }
    for name, value in mine.items():
        monkeypatch.setenv(name, value)
    result = run("""
def test_one(aculab_sandbox, monkeypatch):
    start("sip:a@b")
    aculab_sandbox.assert_started(1)
    monkeypatch.undo()  # undoes what the test set, and no more
    start("sip:a@b")

def test_two():
    assert os.environ["ACULAB_TIMEOUT"] == "0.000001"
""")
    result.assert_outcomes(passed=2)
    assert {name: os.environ[name] for name in mine} == mine


@pytest.mark.parametrize("scope", ["session", "module", "class"])
def test_a_sandbox_for_a_fixture_of_a_wider_scope(run: Run, scope: str) -> None:
    result = run(f"""
@pytest.fixture(scope={scope!r})
def app(aculab_sandbox_session):
    start("sip:a@b")
    return aculab_sandbox_session

class TestApp:
    def test_one(self, app):
        app.assert_started(1)
        assert os.environ["ACULAB_BASE_URL"] == app.base_url

    def test_two(self, app, aculab_sandbox):
        assert app is not aculab_sandbox
        start("sip:c@d")
        aculab_sandbox.assert_started(1, to="sip:c@d")
        app.assert_started(1)

    def test_three(self, app):
        start("sip:e@f")
        app.assert_started(2)
""")
    result.assert_outcomes(passed=3)


def test_a_session_s_refusal_is_told_to_the_test_in_which_it_came(run: Run) -> None:
    result = run(
        """
@pytest.fixture
def late(aculab_sandbox_session):
    yield
    refused()

def test_before(aculab_sandbox_session): ...
def test_in_between(aculab_sandbox_session): refused()
def test_not_asked_for(): refused()
def test_seen(aculab_sandbox_session):
    refused()
    assert aculab_sandbox_session.refused
def test_last(late): ...
""",
        "-v",
    )
    result.assert_outcomes(passed=3, failed=2, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*::test_before PASSED*",
            "*::test_in_between FAILED*",
            "*::test_not_asked_for FAILED*",
            "*::test_seen PASSED*",
            "*::test_last PASSED*",
            "*::test_last ERROR*",
        ]
    )


def test_a_session_s_sandbox_is_configured_by_the_file(run: Run) -> None:
    run.pytester.makeini("[pytest]\naculab_sandbox_config = cloud.toml")
    run.pytester.path.joinpath("cloud.toml").write_text('time = "manual"', encoding="utf-8")
    result = run("""
def test_one(aculab_sandbox_session):
    assert aculab_sandbox_session.time == "manual"
""")
    result.assert_outcomes(passed=1)


def test_a_session_s_sandbox_that_cannot_be_made_says_why(run: Run) -> None:
    run.pytester.makeini("[pytest]\naculab_sandbox_config = cloud.toml")
    run.pytester.path.joinpath("cloud.toml").write_text('tme = "manual"', encoding="utf-8")
    result = run("def test_one(aculab_sandbox_session): ...")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*aculab_sandbox_session: aculab_sandbox_config: *tme*"])


@pytest.mark.parametrize("scope", ["session", "package", "module", "class"])
def test_the_usual_fixture_in_a_wider_scope_names_the_other(run: Run, scope: str) -> None:
    result = run(f"""
@pytest.fixture(scope={scope!r})
def app(aculab_sandbox): ...

def test_one(app): ...
""")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*use aculab_sandbox_session*"])


def test_another_mismatch_of_scopes_is_none_of_ours(run: Run) -> None:
    result = run("""
@pytest.fixture
def other(): ...

@pytest.fixture(scope="session")
def app(other, aculab_sandbox_session): ...

def test_one(app): ...
""")
    result.assert_outcomes(errors=1)
    assert "use aculab_sandbox_session" not in result.stdout.str()


@pytest.mark.parametrize("before", [None, "0"])
@pytest.mark.parametrize(
    ("ini", "value"),
    [
        ("aculab_sandbox_required = true", "1"),
        ("aculab_sandbox_required = yes", "1"),
        ("aculab_sandbox_required = false", None),
        ("", None),
    ],
)
def test_a_sandbox_can_be_required(
    run: Run, monkeypatch: pytest.MonkeyPatch, ini: str, value: str | None, before: str | None
) -> None:
    name = "ACULAB_SANDBOX_REQUIRED"
    if before is not None:
        monkeypatch.setenv(name, before)
    run.pytester.makeini(f"[pytest]\n{ini}")
    result = run(f"""
AT_IMPORT = os.environ.get("{name}")

@pytest.mark.parametrize("_", [1, 2])
def test_one(_):
    assert AT_IMPORT == os.environ.get("{name}") == {value or before!r}

def test_two(aculab_sandbox):
    assert os.environ.get("{name}") == {value or before!r}
    start("sip:a@b")
""")
    result.assert_outcomes(passed=3)
    assert os.environ.get(name) == before


def test_a_missing_library_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("app", "server"):
        monkeypatch.delitem(sys.modules, f"aculab_wrappers.sandbox.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "werkzeug.serving", None)
    result = run("def test_one(aculab_sandbox): ...")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*pip install 'aculab-wrappers?sandbox?'*"])


def test_parallel_tests_do_not_disturb_each_other(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        CLIENT
        + """
@pytest.mark.parametrize("count", range(1, 9))
def test_one(aculab_sandbox, count):
    for number in range(count):
        start(f"sip:{number}@b")
    aculab_sandbox.assert_started(count)
    aculab_sandbox.assert_started_at_most_once()
    assert len(aculab_sandbox.received) == count
"""
    )
    result = pytester.runpytest_subprocess("-n", "2", "-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=8)


def test_every_worker_requires_a_sandbox(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\naculab_sandbox_required = true")
    pytester.makepyfile("""
import os, pytest

@pytest.mark.parametrize("count", range(4))
def test_one(count):
    assert os.environ["ACULAB_SANDBOX_REQUIRED"] == "1"
""")
    pytester.runpytest_subprocess("-n", "2", "-p", "no:randomly").assert_outcomes(passed=4)


def test_a_run_that_does_not_use_it_imports_nothing_for_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
import sys

def test_one():
    assert "aculab_wrappers.pytest_plugin" in sys.modules
    ours = {name for name in sys.modules if name.startswith("aculab_wrappers")}
    assert ours == {"aculab_wrappers", "aculab_wrappers._version", "aculab_wrappers.pytest_plugin"}
    assert not {"werkzeug", "requests"} & set(sys.modules)
"""
    )
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment["PYTHONPATH"] = str(Path(aculab_wrappers.__file__).parent.parent)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "aculab_wrappers.pytest_plugin"]
    done = subprocess.run(
        command, cwd=pytester.path, env=environment, capture_output=True, text=True, check=False
    )
    assert "1 passed" in done.stdout, done.stdout


def test_it_is_registered(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess("--fixtures", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.aculab_sandbox(*"])
