"""Every face has what its page prints and nothing else, and no difference stays unseen."""

from __future__ import annotations

import copy
import importlib
import itertools
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import aculab_wrappers
from aculab_wrappers.parity.folder import suite_folder
from aculab_wrappers.parity.surface import check_surface

if TYPE_CHECKING:
    from collections.abc import Iterator

DIALECTS = ("csharp", "vb", "java", "python", "php")
DOTNET = ("_dotnet_types", "_dotnet")
FILES = {"csharp": (*DOTNET, "csharp"), "vb": (*DOTNET, "vb")}

number = itertools.count()


def transcript(dialect: str) -> dict[str, Any]:
    text = (suite_folder() / "surface" / f"{dialect}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def face(dialect: str) -> ModuleType:
    return importlib.import_module(transcript(dialect)["module"])


def altered(
    monkeypatch: pytest.MonkeyPatch, dialect: str, edit: tuple[str, str, str]
) -> ModuleType:
    """A copy of the face in which the edit's `new` stands wherever its file has `old`."""
    file, old, new = edit
    # typing keeps overloads by module and name: a copy must not be taken for the original.
    prefix, folder = f"copy{next(number)}_", Path(aculab_wrappers.__file__).parent
    files = FILES.get(dialect, (dialect,))
    assert file in files
    module = ModuleType("nothing")
    for stem in files:
        text = (folder / f"{stem}.py").read_text(encoding="utf-8")
        for other in files:
            text = text.replace(f"from .{other} import", f"from .{prefix}{other} import")
        if stem == file:
            assert old in text, f"{file}.py has no {old!r} any more"
            text = text.replace(old, new)
        module = ModuleType(prefix + stem)
        vars(module)["__package__"] = "aculab_wrappers"
        monkeypatch.setitem(sys.modules, f"aculab_wrappers.{prefix}{stem}", module)
        exec(compile(text, f"<copy of {stem}.py>", "exec"), vars(module))
    return module


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_face_agrees_with_its_page(dialect: str) -> None:
    assert check_surface(transcript(dialect), face(dialect)) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_unaltered_copy_agrees_too(monkeypatch: pytest.MonkeyPatch, dialect: str) -> None:
    module = altered(monkeypatch, dialect, (dialect, "import", "import"))
    assert check_surface(transcript(dialect), module) == []


FACES_ALTERED = [
    # names
    ("csharp", "csharp", '    "ServiceInvocation",\n', "", "__all__: lacks ServiceInvocation"),
    ("vb", "vb", '"ByRef",', '"ByRef", "Any",', "__all__: has Any, which is neither"),
    ("java", "java", '"ArrayList",', '"ArrayList", "ArrayList",', "ArrayList more than once"),
    ("php", "php", "WebServiceBase", "WebserviceBase", "php.WebServiceBase: the face has no class"),
    ("php", "php", "startInstance", "startinstance", "OutboundService.startInstance: is missing"),
    ("php", "php", "startInstance", "startinstance", "startinstance: is neither documented"),
    ("csharp", "_dotnet", "Token", "Tokne", "OutboundCall.Token: is missing, expected 'String T"),
    ("csharp", "_dotnet_types", "def Count", "def Length", "List.Count: is missing"),
    ("vb", "_dotnet_types", "Value", "value", "vb.Ref.Value: is missing"),
    ("python", "python", "def invoke_", "def start_", "python.invoke_outbound_service: is a None"),
    ("python", "python", "def get_calls", "def calls", "OutboundCalls.calls: is neither"),
    ("php", "php", "def last_error", "def lastError", "WebServiceBase.last_error: is missing"),
    ("php", "php", '"_last_error")', '"_last_error", "timeout")', "WebServiceBase.timeout: is nei"),
    (
        "java",
        "java",
        "    def get(",
        "    first = 0\n\n    def get(",
        "ArrayList.first: is neither",
    ),
    # parameters
    ("csharp", "_dotnet", "serviceName: str", "servicename: str", "expected (account: PlatformAcc"),
    ("php", "php", "user_name: str", "username: str", "OutboundService.__init__: has (target: st"),
    ("php", "php", "target: str, user_name: str", "user_name: str, target: str", "has (user_name"),
    ("csharp", "_dotnet", "to: str, from_:", "to: str, *, from_:", "has (to: str) -> None and"),
    ("python", "python", "target: str,", "target: str, /,", "has (target: str, /, username"),
    (
        "php",
        "php",
        'from_: str = ""',
        "from_: str | None = None",
        "expected (to: str, from_: str =",
    ),
    ("php", "php", 'from_: str = ""', "from_: str", "expected (to: str, from_: str = '')"),
    ("java", "java", "updateStatus(self)", "updateStatus(self, wait=0)", "has (wait=0) ->"),
    # annotations
    ("java", "java", "token: str | None", "token: str", "expected (token: str | None) -> None"),
    ("java", "java", "token: str | None", "token", "has (token) -> None, expected"),
    ("python", "python", "-> list[str]:", "-> list[object]:", "expected (target: str, username"),
    ("vb", "_dotnet", "def ReturnCode(self) -> int", "def ReturnCode(self) -> str", "is str, exp"),
    ("vb", "_dotnet", "value: str | None", "value: str", "Token: its type is str, expected str |"),
    ("csharp", "_dotnet_types", "Value: T\n", "Value: bool\n", "Ref.Value: its type is bool"),
    ("python", "python", "(self) -> list[dict[str, str]]", "(self)", "get_calls: has (), expected"),
    # overloads
    (
        "vb",
        "_dotnet",
        "    @overload\n    def UpdateStatus(self) -> tuple[List[ServiceInvocation], bool]: ...\n",
        "",
        "UpdateStatus: has (finished: Ref[bool]) -> List[ServiceInvocation], expected () -> tuple",
    ),
    (
        "csharp",
        "_dotnet",
        "    @overload\n    def Start(self, call:",
        "    @overload\n    def Start(self) -> None: ...\n    @overload\n    def Start(self, call:",
        "csharp.OutboundRESTAPIService.Start: () -> None is neither documented nor",
    ),
    (
        "java",
        "java",
        "calls: Iterable[",
        "calls: list[",
        "expected (calls: Iterable[OutboundCall])",
    ),
    ("java", "java", "    @overload\n", "", "OutboundCall.__init__: has (*args: object, **kwargs"),
    ("csharp", "_dotnet_types", "capacity: int", "size: int", "List.__init__: has () -> None"),
    (
        "java",
        "java",
        "def start(self, *args: object, **kwargs: object)",
        "def start(self, *args: object)",
        "java.OutboundRESTAPIService.start: cannot be called as (call: OutboundCall)",
    ),
    # what kind of member it is
    ("vb", "_dotnet", "@Token.setter", "@staticmethod", "Token: is a staticmethod, expected a p"),
    ("java", "java", "    def getStatus", "    @property\n    def getStatus", "is a property, exp"),
    ("java", "java", "    def size", "    @staticmethod\n    def size", "size: is a staticmethod"),
    (
        "csharp",
        "_dotnet",
        "    @Token.setter\n    def Token(self, value",
        "    def _set(self, value",
        "csharp.OutboundCall.Token: cannot be set, expected that it can",
    ),
    (
        "csharp",
        "_dotnet",
        "        return self._invocation.finished\n",
        "        return True\n\n    @Finished.setter\n    def Finished(self, to: bool): ...\n",
        "csharp.ServiceInvocation.Finished: can be set, expected that it cannot",
    ),
    # enumerations and constants
    ("java", "java", '    RUNNING = "RUNNING"\n', "", "ServiceStatus: its values are"),
    ("vb", "_dotnet_types", '"QUEUED"', '"queued"', "vb.ServiceStatus: its values are"),
    ("java", "java", "    QUEUED =", '    PAUSED = "PAUSED"\n    QUEUED =', "PAUSED: is neither"),
    ("java", "java", "(enum.StrEnum)", "(str, enum.Enum)", "extends str, Enum, expected StrEnum"),
    ("java", "java", "(enum.StrEnum)", "", "java.ServiceStatus: its values are [], expected"),
    ("php", "php", 'Final = "UNKNOWN"', 'Final = "unknown"', "is 'unknown', expected the constant"),
    ("php", "php", '    UNKNOWN: Final = "UNKNOWN"\n', "", "OutboundInstanceStatus.UNKNOWN: is mi"),
    # classes
    (
        "php",
        "php",
        "class OutboundService(WebServiceBase)",
        "class OutboundService",
        "extends obje",
    ),
    ("php", "php", '    __slots__ = ("_heard",)\n', "", "OutboundService: its objects take any"),
    ("vb", "_dotnet", '    __slots__ = ("_call",)\n', "", "OutboundCall: its objects take any"),
    ("vb", "vb", "ByRef = Ref", "class ByRef(Ref[bool]): ...", "vb.ByRef: is not Ref"),
    (
        "csharp",
        "_dotnet_types",
        "PlatformAccount = PlatformAccount",
        "PlatformAccount = ServiceStatus",
        "csharp.WebServiceWrappers.PlatformAccount: is <enum 'ServiceStatus'>, expected the face's",
    ),
    (
        "java",
        "java",
        "@names_members()\nclass OutboundCall:",
        "class OutboundCall:\n    def __getattr__(self, name: str) -> object: ...\n",
        "java.OutboundCall: has a __getattr__",
    ),
    (
        "java",
        "java",
        '\nT = TypeVar("T")',
        '\nT = TypeVar("T")\n\ndef __getattr__(name: str) -> object: ...\n',
        "java: the module has a __getattr__",
    ),
    (
        "python",
        "python",
        "\ndef invoke_outbound_service(",
        "\nclass Other(OutboundCalls): ...\n\nOutboundCalls = Other\ndef invoke_outbound_service(",
        "python.OutboundCalls: the class calls itself Other, expected OutboundCalls",
    ),
    ("vb", "vb", "def __call__", "def Item", "vb.List.Item: is neither documented"),
    ("vb", "vb", "def __call__", "def _call", "vb.List.__call__: is missing"),
    ("vb", "vb", "(_List[T])", "(tuple[T])", "extends tuple, expected list"),
    # what a page does not have
    ("java", "java", "def getReturnText", "def getReturnCode", "exists, expected no return-code"),
    (
        "python",
        "python",
        "from .errors",
        "update_status = 1\nfrom .errors",
        "exists, expected no s",
    ),
    ("php", "php", "    def startInstance", "    def isFinished", "expected no service.finished"),
]


@pytest.mark.parametrize(
    ("dialect", "edit", "message"),
    [(dialect, tuple(edit), message) for dialect, *edit, message in FACES_ALTERED],
)
def test_an_altered_face_is_noticed(
    monkeypatch: pytest.MonkeyPatch, dialect: str, edit: tuple[str, str, str], message: str
) -> None:
    messages = check_surface(transcript(dialect), altered(monkeypatch, dialect, edit))
    assert [text for text in messages if message in text], messages
    assert all(text.startswith(dialect) for text in messages)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in the transcript, the outer ones first."""
    yield path
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


REMOVABLE = {"parameters", "constructors", "members", "classes", "functions", "extras", "values"}
CHANGEABLE = {"name", "python", "type", "types", "renamed", "returns", "extends", "of", "values"}


def changed(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The transcript with one thing removed or changed, for each thing that a face must match."""
    for path in places(document):
        if len(path) < 2 or "absent" in path:
            continue
        other = copy.deepcopy(document)
        owner: Any = other
        for key in path[:-1]:
            owner = owner[key]
        kind, last = path[-2], path[-1]
        # With `python`, the page's own type says nothing about the face.
        told = last in ("type", "returns") and "python" in owner
        if last in ("default", "settable", "value"):
            owner[last] = 0 if last != "settable" else not owner[last]
            yield f"changed {path}", other
        elif isinstance(owner[last], str) and {kind, last} & CHANGEABLE and not told:
            owner[last] += "x"
            yield f"changed {path}", other
        elif kind in REMOVABLE and owner[last].get("kind") != "alias":
            del owner[last]
            yield f"removed {path}", other


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_change_of_a_transcript_is_silent(dialect: str) -> None:
    module, count = face(dialect), 0
    for change, document in changed(transcript(dialect)):
        count += 1
        assert check_surface(document, module), change
    assert count > 25


def test_a_name_that_should_be_absent_is_noticed() -> None:
    document = transcript("java")
    document["absent"] = [
        {"capability": "proxy", "names": ["OutboundRESTAPIService.isFinished"], "why": "so it is"}
    ]
    assert check_surface(document, face("java")) == [
        "java.OutboundRESTAPIService.isFinished: exists, expected no proxy, for so it is"
    ]


def test_spaces_in_an_annotation_do_not_matter() -> None:
    document = transcript("java")
    document["types"]["ServiceStatus"] = "ServiceStatus  |\n OtherStatus"
    assert check_surface(document, face("java")) == []
