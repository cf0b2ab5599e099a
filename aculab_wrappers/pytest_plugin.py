"""The pytest plug-in: the fixture `aculab_sandbox`, an Aculab Cloud for one test.

    def test_reminder(aculab_sandbox):
        remind("441908283800")                      # code of yours, with any of the wrappers
        aculab_sandbox.assert_started(1, to="441908283800")
        aculab_sandbox.assert_started_at_most_once()

Every wrapper finds it through ACULAB_BASE_URL, in this process and in those that the test starts.
A test that passes although a request was refused, and that did not look, fails with what was
wrong. Nothing but pytest is imported until a test asks for the fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from .sandbox import Sandbox

_MARKER: Final = "aculab_sandbox"
_CONFIG: Final = "aculab_sandbox_config"
_USUAL: Final = {"time": "polls", "seed": 0}
"""What the fixture has when nobody says otherwise: ids that are the same in each run."""
_SHOWN: Final = 20
_UNSEEN: Final = (
    "The sandbox refused what it was asked, and the test did not look (aculab_sandbox.refused):"
)
_sandbox: Final = pytest.StashKey["Sandbox"]()
_told: Final = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini option."""
    parser.addini(
        _CONFIG, "TOML file that configures the fixture aculab_sandbox, relative to the ini file"
    )


def pytest_configure(config: pytest.Config) -> None:
    """The marker."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(time=..., seed=..., services=..., ...): arguments of aculab_wrappers.sandbox."
        f"Sandbox for the fixture {_MARKER}; they win over the file of {_CONFIG}",
    )


@pytest.fixture
def aculab_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """An Aculab Cloud for this test, to which ACULAB_BASE_URL leads."""
    made = _serving(request)
    request.node.stash[_sandbox] = made
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in made.environment().items():
                patch.setenv(name, value)
            yield made
    finally:
        made.stop()
    # Those after the test's own code, or before a set-up that failed: nothing else would tell.
    _fail_for_refusals(made)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail the test itself when a request was refused and it did not look."""
    try:
        result = yield
    finally:
        made = item.stash.get(_sandbox, None)
        item.stash[_told] = _explanation(made) if made else ""
    if item.stash[_told]:
        pytest.fail(item.stash[_told], pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell of it beside another failure: the test's own, or one that unittest has kept."""
    report = yield
    told = item.stash.get(_told, "")
    if call.when == "call" and told not in report.longreprtext:
        report.sections.append((_MARKER, told))
    return report


def _serving(request: pytest.FixtureRequest) -> Sandbox:
    """The test's sandbox, at an address of its own."""
    from .errors import AculabError
    from .sandbox import Sandbox

    item = request.node
    arguments = {**_USUAL, **_of_file(request), **_of_markers(item)}
    try:
        made = Sandbox(**arguments)
        made.start()
    except AculabError as error:
        why = str(error)
    else:
        return made
    return _refuse(item, why)


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


def _refuse(item: pytest.Item, why: str) -> NoReturn:
    pytest.fail(f"{item.nodeid}: {why}", pytrace=False)


def _fail_for_refusals(made: Sandbox) -> None:
    told = _explanation(made)
    if told:
        pytest.fail(told, pytrace=False)


def _explanation(made: Sandbox) -> str:
    """What was wrong with the refused requests that nobody looked at. They are looked at then."""
    from .sandbox.refusals import explained

    unseen = made.unseen_refusals()
    if not unseen:
        return ""
    made.refused  # noqa: B018  marks them as looked at: they are told once
    lines = [f"  {line}" for request in unseen[:_SHOWN] for line in explained(request)]
    if len(unseen) > _SHOWN:
        lines.append(f"  and {len(unseen) - _SHOWN} more")
    return "\n".join([_UNSEEN, *lines])
