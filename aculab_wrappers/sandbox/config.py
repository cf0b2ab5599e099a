"""A sandbox as a TOML file says it: read strictly, so that a misspelt key is never overlooked.

    time = "polls"

    [[services]]
    username = "bob@acompany.com"
    name = "myOutboundService"
    password_env = "MY_SERVICE_PASSWORD"

docs/examples/sandbox.toml shows every key.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NoReturn

from .._core.frozen import frozen
from ..errors import InvalidInputError
from .accounts import Account
from .quoting import MAX_QUOTED
from .scenarios import WORDS
from .services import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_TEXT: Final = ((str,), "text")
_WHOLE: Final = ((int,), "a whole number")
_NUMBER: Final = ((int, float), "a number")
_SWITCH: Final = ((bool,), "true or false")
_TABLES: Final = ((list,), "an array of tables, each with two brackets")
_TABLE: Final = ((dict,), "a table")
_LIST: Final = ((list,), "an array of texts")

TOP: Final = {
    "time": _TEXT,
    "seed": _WHOLE,
    "port": _WHOLE,
    "host": _TEXT,
    "host_names": _LIST,
    "calls_per_second": _NUMBER,
    "ca_file": _TEXT,
    "services": _TABLES,
    "accounts": _TABLES,
    "outcomes": _TABLE,
}
"""What may stand in the file itself. Most are arguments of Sandbox."""
SERVICE: Final = {
    "username": _TEXT,
    "name": _TEXT,
    "password": _TEXT,
    "password_env": _TEXT,
    "kind": _TEXT,
    "cloud_id": _TEXT,
    "first_page": _TEXT,
    "final_page": _TEXT,
    "far_end_classification": _SWITCH,
    "api_version": _TEXT,
    "calls_per_second": _NUMBER,
}
"""What may stand in a [[services]]: the arguments of Service, and password_env."""
ACCOUNT: Final = {
    "username": _TEXT,
    "cloud_id": _TEXT,
    "tier": _TEXT,
    "calls_per_second": _NUMBER,
    "caller_ids": _LIST,
    "api_access_key": _TEXT,
}
"""What may stand in an [[accounts]]: the arguments of Account."""

_SECRET: Final = ("password", "password_env", "api_access_key")
_SLIP: Final = 0.75
"""How like a known key one must be that is quoted in any case: "tiem" is, for "time"."""
_MAX_TOML_MESSAGE: Final = 150
"""Most characters that are shown of what tomllib says: it may quote a key of any length."""
_VARIABLE: Final = re.compile(r"\A[A-Z_][A-Z0-9_]{0,60}\Z")
_CONFIGURED_ELSEWHERE: Final = {
    "allow_other_machines": "is no key: a file that came with a project must not open your machine "
    "to others. Give the argument allow_other_machines, or the option --allow-other-machines"
}
_KINDS: Final = (
    (bool, "true or false"),
    (str, "text"),
    (int, "a whole number"),
    (float, "a number"),
    (list, "an array"),
    (dict, "a table"),
    ((dt.date, dt.time), "a date or time"),
)


def read_config(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The arguments of Sandbox that a TOML file holds.

    Args:
        path: The file. A relative ca_file in it is beside it.

    Returns:
        Name of an argument -> its value; only those that the file says.

    Raises:
        InvalidInputError: it cannot be read, or holds what no sandbox could use. The message names
            the file and the key, and no password.
    """
    try:
        return _read(path)
    except InvalidInputError as error:
        why = str(error)
    # Anew, from here: a traceback that prints local variables must find no password.
    raise InvalidInputError(why)


def _read(path: str | os.PathLike[str]) -> dict[str, Any]:
    try:
        where = _Place(os.fsdecode(path))
    except TypeError:
        kind = type(path).__name__
        raise InvalidInputError(f"path must be a str or a path, not {kind}") from None
    table = _parsed(where)
    where.check(table, TOP)
    arguments = dict(table)
    if "ca_file" in table:
        folder = os.path.dirname(os.path.abspath(where.file))
        arguments["ca_file"] = os.path.join(folder, table["ca_file"])
    for name, known, make in (("services", SERVICE, _service), ("accounts", ACCOUNT, _account)):
        if name in table:
            arguments[name] = _each(table[name], where.at(name), known, make)
    if "outcomes" in table:
        _check_outcomes(table["outcomes"], where.at("outcomes"))
    _check_values(arguments, where)
    return arguments


def _check_outcomes(table: Mapping[str, Any], where: _Place) -> None:
    for destination, word in table.items():
        where.typed(table, destination, _TEXT)
        if word not in WORDS:
            here = where.at(destination)
            here.refuse(f"is {_found('', word)}, which is no outcome. {_advice(word, WORDS)}")


def _check_values(arguments: dict[str, Any], where: _Place) -> None:
    """Sandbox knows what each argument may be: one is made, and not kept."""
    from .sandbox import Sandbox  # here, because it imports this module

    try:
        # Whether other machines may use it is not for the file to say, and so not checked here.
        Sandbox(**arguments, allow_other_machines=True)
    except InvalidInputError as error:
        why = str(error)
    else:
        return
    where.refuse(why)


@frozen
class _Place:
    """A place in the file, for messages: the file, and the table or key, "" for the file itself."""

    file: str
    key: str = ""

    def at(self, key: str) -> _Place:
        """A key or table in this one."""
        key = key if len(key) <= MAX_QUOTED else f"{key[:MAX_QUOTED]}..."
        return _Place(self.file, f"{self.key}.{key}" if self.key else key)

    def item(self, index: int) -> _Place:
        """One of this array."""
        return _Place(self.file, f"{self.key}[{index}]")

    def refuse(self, what: str) -> NoReturn:
        """Say what is wrong here."""
        raise InvalidInputError(f"{self.file}: {f'{self.key} ' if self.key else ''}{what}")

    def check(self, table: Mapping[str, Any], known: Mapping[str, tuple[Any, str]]) -> None:
        """Every key of the table is known and has a value of its type."""
        for key in table:
            if key not in known:
                self._refuse_key(key, table, known)
            self.typed(table, key, known[key])

    def typed(self, table: Mapping[str, Any], key: str, kind: tuple[Any, str]) -> None:
        """The value of a key is of its type."""
        types, expected = kind
        found = table[key]
        fits = isinstance(found, types) and (bool in types or not isinstance(found, bool))
        if not fits:
            self.at(key).refuse(f"must be {expected}, not {_found(key, found)}")
        if kind is _LIST:
            for index, item in enumerate(table[key]):
                if not isinstance(item, str):
                    self.at(key).item(index).refuse(f"must be text, not {_found(key, item)}")

    def _refuse_key(
        self, key: str, table: Mapping[str, object], known: Mapping[str, object]
    ) -> NoReturn:
        if not self.key and key in _CONFIGURED_ELSEWHERE:
            self.at(key).refuse(_CONFIGURED_ELSEWHERE[key])
        is_slip = get_close_matches(key.lower(), known, n=1, cutoff=_SLIP)
        if is_slip or not table.keys().isdisjoint(known):
            self.at(key).refuse(f"is no key that is known here. {_advice(key, known)}")
        # A line such as "pass=1" may be a password, in a file that is no configuration at all.
        self.refuse(
            f"holds a key that is not known here, and that is not shown because it may be a "
            f"secret. {_advice(key, known)}"
        )


def _advice(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word.lower(), known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}"


def _parsed(where: _Place) -> dict[str, Any]:
    try:
        with open(where.file, "rb") as file:
            return tomllib.load(file)
    except OSError as error:
        why = f"cannot be read: {error.strerror or type(error).__name__}"
    except UnicodeDecodeError:
        why = "is not UTF-8, as TOML must be"
    except ValueError as error:  # a NUL in the path, or what is no TOML
        why = f"is not TOML: {str(error)[-_MAX_TOML_MESSAGE:]}"  # its end says where
    except RecursionError:
        why = "is nested too deeply"
    # Not from within the handlers: the errors hold the text, and so the passwords in it.
    return where.refuse(why)


def _each(
    tables: list[Any],
    where: _Place,
    known: Mapping[str, tuple[Any, str]],
    make: Callable[[dict[str, Any], _Place], Any],
) -> list[Any]:
    made = []
    for index, table in enumerate(tables):
        here = where.item(index)
        if not isinstance(table, dict):
            here.refuse(f"must be a table, written [[{where.key}]], not {_found('', table)}")
        here.check(table, known)
        if "username" not in table:
            here.refuse("has no username")
        made.append(make(table, here))
    return made


def _service(table: dict[str, Any], where: _Place) -> Service:
    if "name" not in table:
        where.refuse("has no name")
    arguments = dict(table)
    variable = arguments.pop("password_env", None)
    if (variable is None) == ("password" not in arguments):
        where.refuse("needs either password or password_env, the name of a variable that holds it")
    if variable is not None:
        arguments["password"] = os.environ.get(variable) or where.at("password_env").refuse(
            f"names {_variable(variable)}, which is not set or is empty"
        )
    made: Service = _made(Service, arguments, where)
    return made


def _variable(name: str) -> str:
    # What looks like no variable may be the password itself, put into the wrong key.
    plain = _VARIABLE.match(name)
    return f"the environment variable {name}" if plain else "an environment variable"


def _account(table: dict[str, Any], where: _Place) -> Account:
    made: Account = _made(Account, table, where)
    return made


def _made(kind: Callable[..., Any], arguments: dict[str, Any], where: _Place) -> Any:
    try:
        return kind(**arguments)
    except InvalidInputError as error:
        why = str(error)
    return where.refuse(f"cannot be: {why}")


def _found(key: str, found: object) -> str:
    """What stands there: its type, and its value unless that is a secret or a table."""
    kind = next((name for types, name in _KINDS if isinstance(found, types)), "that")
    if key in _SECRET or isinstance(found, (dict, list)):
        return kind
    text = repr(found) if isinstance(found, str) else str(found).lower()
    return f"{kind} ({text if len(text) <= MAX_QUOTED else text[:MAX_QUOTED] + '...'})"
