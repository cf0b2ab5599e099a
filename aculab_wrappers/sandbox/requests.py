"""What the cloud is asked, read from the raw parts of an HTTP request."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, unquote

from .._core.frozen import frozen
from .answers import RefusedError, http_problem, repeated
from .login import Login

MOST_FIELDS: Final = 1000
"""Most parameters in one request. A limit of this sandbox, not a documented one."""

_FORM: Final = "application/x-www-form-urlencoded"
_ABSOLUTE = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)")


@frozen
class Request:
    """One request.

    Attributes:
        path: Starts with one slash, decoded, without the query.
        parameters: Those of the query and then those of the form, decoded, in order.
        login: Who asks, or None when there is no readable Basic login. Holds the password, and
            shows none.
        unread: The content type of a body that is no form and so gave no parameters, or "".
        agent: The program that asks, as its User-Agent header says, or "".
        anonymous: Whether it came without an Authorization header.
    """

    method: str
    path: str
    parameters: tuple[tuple[str, str], ...] = ()
    login: Login | None = None
    unread: str = ""
    agent: str = ""
    anonymous: bool = True


def read_request(
    method: str,
    target: str,
    authorization: str | None,
    content_type: str = _FORM,
    body: bytes = b"",
    *,
    agent: str = "",
) -> Request:
    """Read a request as HTTP carries it.

    Args:
        method: As in the request line.
        target: As in the request line: a path with or without a query, or the absolute form that
            a client sends to a proxy.
        authorization: The Authorization header, if there is one.
        content_type: The Content-Type header, or "".
        body: The body, whole.
        agent: The User-Agent header, or "".

    Raises:
        RefusedError: more than MOST_FIELDS parameters.
    """
    path, query = split_target(target)
    # Without a content type a body is taken for a form (assumed).
    is_form = content_type.partition(";")[0].strip().lower() in ("", _FORM)
    form = body.decode("utf-8", "surrogateescape") if is_form else ""
    return Request(
        method,
        path,
        (*_fields(query), *_fields(form)),
        Login.read(authorization),
        "" if is_form or not body else content_type,
        agent,
        authorization is None,
    )


def split_target(target: str) -> tuple[str, str]:
    """Path and query of a request target.

    Slashes at the start count as one: the page for UAS services prints `//service_start`.
    """
    local = _ABSOLUTE.sub("", target).partition("#")[0]
    path, _, query = local.partition("?")
    return "/" + unquote(path).lstrip("/"), query


def authority_of(target: str) -> tuple[str, str] | None:
    """Scheme, and host with port, of a target in the absolute form; None for a mere path.

    What stands before an @ is a user name and password, and is left out.
    """
    match = _ABSOLUTE.match(target)
    return (match[1].lower(), match[2].rpartition("@")[2]) if match else None


def value_of(request: Request, *names: str) -> tuple[str, str] | None:
    """The one parameter that goes by any of the names: its name and value, or None.

    Raises:
        RefusedError: 0003, it is there more than once.
    """
    found = [pair for pair in request.parameters if pair[0] in names]
    if len(found) > 1:
        which = " and ".join(dict.fromkeys(name for name, _ in found))
        alias = f"; {' and '.join(names)} are two names of one parameter" if len(names) > 1 else ""
        raise RefusedError(
            repeated(f"{which} came {len(found)} times, expected once{alias}", "one-value")
        )
    return found[0] if found else None


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        # What is no UTF-8 becomes lone surrogates, which the strict JSON reader refuses later.
        return parse_qsl(
            text,
            keep_blank_values=True,
            errors="surrogateescape",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise RefusedError(
            http_problem(400, f"Bad Request: more than {MOST_FIELDS} parameters")
        ) from None
