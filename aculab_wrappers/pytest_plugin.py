"""The pytest plug-in: the fixture `aculab_sandbox`, an Aculab Cloud for one test.

    def test_reminder(aculab_sandbox):
        remind("441908283800")                      # code of yours, with any of the wrappers
        aculab_sandbox.assert_started(1, to="441908283800")
        aculab_sandbox.assert_started_at_most_once()

Every wrapper finds it through ACULAB_BASE_URL, in this process and in those that the test starts.
`aculab_sandbox_session` is one for the whole run. A test that passes although a request was
refused, and that did not look, fails with what was wrong.

The plug-in is loaded into every run of pytest in an environment that has this package. So it
imports nothing but pytest until a test asks for a fixture, and uses nothing that pytest 7 lacks.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn
from weakref import WeakKeyDictionary

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from .sandbox import Sandbox

_MARKER: Final = "aculab_sandbox"
_FOR_A_SESSION: Final = "aculab_sandbox_session"
_CONFIG: Final = "aculab_sandbox_config"
_REQUIRED: Final = "aculab_sandbox_required"
_USUAL: Final = {"time": "polls", "seed": 0}
"""What the fixtures have when nobody says otherwise: ids that are the same in each run."""
_SHOWN: Final = 20
_UNSEEN: Final = (
    "The sandbox refused what it was asked, and the test did not look (aculab_sandbox.refused):"
)
_OTHER_SCOPE: Final = (
    f"{_MARKER} is a sandbox for one test. In a fixture of a wider scope use {_FOR_A_SESSION}, "
    f"which is one for the whole run."
)
_MISMATCH: Final = re.compile(rf"scoped fixture '?{_MARKER}'? with a")
_sandboxes: Final[WeakKeyDictionary[pytest.Item | pytest.Session, Sandbox]] = WeakKeyDictionary()
_told: Final[WeakKeyDictionary[pytest.Item, str]] = WeakKeyDictionary()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini options."""
    parser.addini(
        _CONFIG, "TOML file that configures the fixture aculab_sandbox, relative to the ini file"
    )
    parser.addini(
        _REQUIRED,
        "let no wrapper send anything to another machine while tests run: a test that forgets the "
        "fixture aculab_sandbox fails, and no telephone rings",
        type="bool",
        default=False,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Add the marker, and keep requests on this machine if the ini file says so."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(time=..., seed=..., services=..., ...): arguments of aculab_wrappers.sandbox."
        f"Sandbox for the fixture {_MARKER}; they win over the file of {_CONFIG}",
    )
    if config.getini(_REQUIRED):
        patch = pytest.MonkeyPatch()
        patch.setenv(_REQUIRED.upper(), "1")
        config.add_cleanup(patch.undo)


@pytest.fixture
def aculab_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Provide an Aculab Cloud for this test, to which ACULAB_BASE_URL leads."""
    with _serving(request, {**_of_file(request), **_of_markers(request.node)}) as made:
        yield made


@pytest.fixture(scope="session")
def aculab_sandbox_session(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Provide an Aculab Cloud for the whole run, to which ACULAB_BASE_URL leads."""
    with _serving(request, _of_file(request)) as made:
        yield made


@pytest.hookimpl(trylast=True)  # after pytest's own, which runs the test
def pytest_runtest_call(item: pytest.Item) -> None:
    """Fail a test that passed although a request was refused and it did not look."""
    _told[item] = _explanation(item)
    if _told[item]:
        pytest.fail(_told[item], pytrace=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, None]:
    """Say beside another failure of the test what was refused, and what to do about a scope."""
    told = ""
    if call.when == "call":
        # Its own failure, or one that unittest has kept, hides what pytest_runtest_call found.
        told = _told.get(item) or _explanation(item)
    elif call.excinfo is not None and _MISMATCH.search(str(call.excinfo.value)):
        told = _OTHER_SCOPE
    outcome = yield
    if told:
        report = outcome.get_result()
        if told not in report.longreprtext:
            report.sections.append((_MARKER, told))


@contextlib.contextmanager
def _serving(request: pytest.FixtureRequest, arguments: dict[str, Any]) -> Iterator[Sandbox]:
    """Serve a sandbox at an address of its own, which the environment leads to meanwhile."""
    made = _started(request.node, {**_USUAL, **arguments})
    _sandboxes[request.node] = made
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in made.environment().items():
                patch.setenv(name, value)
            yield made
    finally:
        made.stop()
        del _sandboxes[request.node]
    # Those after the test's own code, or before a set-up that failed: nothing else would tell.
    told = _refusals(made)
    if told:
        pytest.fail(told, pytrace=False)


def _started(node: pytest.Item | pytest.Session, arguments: dict[str, Any]) -> Sandbox:
    from .errors import AculabError
    from .sandbox import Sandbox

    try:
        made = Sandbox(**arguments)
        made.start()
    except AculabError as error:
        why = str(error)
    else:
        return made
    return _refuse(node, why)


def _of_file(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the configuration file says, if there is one."""
    from .errors import InvalidInputError
    from .sandbox.config import read_config

    config = request.config
    name = config.getini(_CONFIG)
    if not name:
        return {}
    folder = config.inipath.parent if config.inipath else config.rootpath
    try:
        arguments = read_config(folder / name)
    except InvalidInputError as error:
        why = f"{_CONFIG}: {error}"
    else:
        return _own(arguments, request)
    return _refuse(request.node, why)


def _own(arguments: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    """The arguments for this test alone: two tests at once share neither port nor file."""
    arguments.pop("port", None)
    if "ca_file" in arguments:
        factory = request.getfixturevalue("tmp_path_factory")
        arguments["ca_file"] = factory.mktemp(_MARKER) / "ca.pem"
    return arguments


def _of_markers(item: pytest.Item) -> dict[str, Any]:
    """What the markers of the test, its class and its module say; the nearest wins."""
    from inspect import signature

    from .sandbox import Sandbox

    known = signature(Sandbox).parameters
    arguments: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers(_MARKER))):
        if marker.args:
            _refuse(item, f"the marker {_MARKER} takes named arguments only: time=..., seed=...")
        for name in marker.kwargs:
            if name not in known:
                _refuse(item, _unknown(name, list(known)))
        arguments.update(marker.kwargs)
    return arguments


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
    return f"the marker {_MARKER} has no argument {name}: {advice}"


def _refuse(node: pytest.Item | pytest.Session, why: str) -> NoReturn:
    pytest.fail(f"{node.nodeid or _FOR_A_SESSION}: {why}", pytrace=False)


def _explanation(item: pytest.Item) -> str:
    """Return what was wrong with the refused requests that this test did not look at, or ""."""
    found = [_sandboxes[node] for node in (item, item.session) if node in _sandboxes]
    return "\n".join(filter(None, map(_refusals, found)))


def _refusals(made: Sandbox) -> str:
    """Return what was wrong with a sandbox's unseen refusals, or "", and mark them as seen."""
    from .sandbox.refusals import explained

    unseen = made.unseen_refusals()
    if not unseen:
        return ""
    made.refused  # noqa: B018  marks them as looked at: they are told once
    lines = [f"  {line}" for request in unseen[:_SHOWN] for line in explained(request)]
    if len(unseen) > _SHOWN:
        lines.append(f"  and {len(unseen) - _SHOWN} more")
    return "\n".join([_UNSEEN, *lines])
