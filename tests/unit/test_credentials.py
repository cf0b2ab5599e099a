"""Credentials: what is sent, what is refused, and that the password shows nowhere."""

from __future__ import annotations

import base64
import copy
import pickle
import traceback
from dataclasses import asdict

import pytest

from aculab_wrappers import Call, InvalidInputError, OutboundClient
from aculab_wrappers._core.credentials import Credentials
from aculab_wrappers._core.operations import Start

SECRET = "canary-pässword"


def _decoded(credentials: Credentials) -> str:
    scheme, _, pair = credentials.authorization().partition(" ")
    assert scheme == "Basic"
    return base64.b64decode(pair).decode("utf-8")


def test_the_pages_example_is_sent_as_the_page_says() -> None:
    credentials = Credentials(
        "1-2-0", "user@example.com", "MyOutboundService", "MyOutboundServicePassword"
    )

    assert (
        _decoded(credentials)
        == "1-2-0/user@example.com/MyOutboundService:MyOutboundServicePassword"
    )


def test_text_beyond_latin_1_is_sent_as_utf_8() -> None:
    assert (
        _decoded(Credentials("1-2-0", "żółw", "дом", "пароль:/😀")) == "1-2-0/żółw/дом:пароль:/😀"
    )


def test_empty_names_are_the_clouds_business() -> None:
    assert _decoded(Credentials("1-2-0", "", "", "p")) == "1-2-0//:p"


def test_an_empty_password_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="^service_password is empty"):
        Credentials("1-2-0", "u", "s", "")


@pytest.mark.parametrize("cloud_id", ["1-2-0", "0-0-0", "100-20-3", "999-999-999"])
def test_three_numbers_are_a_cloud_id(cloud_id: str) -> None:
    assert Credentials(cloud_id, "u", "s", "p").user == f"{cloud_id}/u/s"


@pytest.mark.parametrize(
    "cloud_id",
    [
        "",
        "1-2",
        "1-2-0-1",
        "1--2-0",
        "-1-2-0",
        "1-2-0\n",
        " 1-2-0",
        "1-2-x",
        "１-2-0",
        "1-2-0000",
        "1.2.0",
        "1-2-0@evil.example/",
        "evil.example/#",
        "..",
        None,
        120,
    ],
)
def test_anything_else_is_no_cloud_id(cloud_id: object) -> None:
    with pytest.raises(InvalidInputError, match="^cloud_id "):
        Credentials(cloud_id, "u", "s", "p")  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize("bad", ["a:b", "a/b", "a\r\nb", "\x00", "\x7f", "\udc80", None, 5, b"u"])
@pytest.mark.parametrize("name", ["username", "service_name"])
def test_a_user_or_service_that_would_break_the_header_is_refused(name: str, bad: object) -> None:
    arguments = {"cloud_id": "1-2-0", "username": "u", "service_name": "s", name: bad}

    with pytest.raises(InvalidInputError, match=f"^{name} "):
        Credentials(**arguments, service_password="p")  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize("bad", [SECRET + "\n", "\x00" + SECRET, SECRET + "\ud83d", None, 5])
def test_a_bad_password_is_named_but_not_shown(bad: object) -> None:
    with pytest.raises(InvalidInputError, match="^service_password ") as caught:
        OutboundClient("1-2-0", "u", "s", bad)  # type: ignore[arg-type]  # the point of the test

    shown = "".join(traceback.TracebackException.from_exception(caught.value).format())
    assert SECRET not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("1-2-0", "u\n", "s", SECRET),
        ("not one", "u", "s", SECRET),
        ("1-2-0", "u", "s", SECRET + "\0"),
    ],
)
def test_no_traceback_with_local_variables_shows_the_password(arguments: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        OutboundClient(*arguments)

    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    own, *frames = told.stack
    assert own.name == "test_no_traceback_with_local_variables_shows_the_password"
    assert len(frames) > 1
    assert SECRET not in repr([frame.locals for frame in frames])


def test_nothing_that_holds_credentials_shows_them() -> None:
    credentials = Credentials("1-2-0", "user", "service", SECRET)
    request = Start((Call("x"),)).request(credentials)
    client = OutboundClient("1-2-0", "user", "service", SECRET)
    encoded = credentials.authorization().removeprefix("Basic ")

    for thing in (credentials, request, client):
        for shown in (repr(thing), str(thing), f"{thing}", repr(dir(thing))):
            assert SECRET not in shown
            assert encoded not in shown
        with pytest.raises(TypeError):
            vars(thing)
        with pytest.raises(TypeError, match="cannot be pickled|cannot pickle"):
            pickle.dumps(thing)
    assert SECRET not in repr(asdict(request))
    assert encoded not in repr(asdict(request))


def test_a_copy_still_authenticates() -> None:
    credentials = Credentials("1-2-0", "user", "service", SECRET)

    assert copy.copy(credentials).authorization() == credentials.authorization()
    assert copy.deepcopy(credentials).authorization() == credentials.authorization()
