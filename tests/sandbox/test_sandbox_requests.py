"""What the cloud refuses, by which code and with which explanation; and what it takes."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest

from aculab_wrappers.sandbox import Service, WantedCall
from aculab_wrappers.sandbox.cloud import Cloud
from aculab_wrappers.sandbox.requests import read_request

if TYPE_CHECKING:
    from aculab_wrappers.sandbox.answers import Answer

PHONES = Service("alice@example.com", "phones", "pw")
ROOMS = Service("alice@example.com", "rooms", "pw", "conference")
START = "/service_start"


@pytest.fixture
def cloud() -> Cloud:
    return Cloud([PHONES, ROOMS], now=1_735_689_600.0, seed=1)


def basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def ask(
    cloud: Cloud,
    target: str = START,
    form: Any = (),
    *,
    method: str = "POST",
    service: Service = PHONES,
    kind: str = "application/x-www-form-urlencoded",
) -> Answer:
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    login = basic(service.user, service.password)
    return cloud.answer(read_request(method, target, login, kind, body))


def start(cloud: Cloud, wanted: object, service: Service = PHONES) -> Answer:
    text = wanted if isinstance(wanted, str) else json.dumps(wanted)
    return ask(cloud, form={"outbound_parameters": text}, service=service)


def error(answer: Answer) -> dict[str, Any]:
    found = json.loads(answer.body)["error"]
    assert isinstance(found, dict)
    assert found["code"] == answer.code
    return found


def calls(cloud: Cloud) -> list[WantedCall]:
    return [record.call for record in cloud.instances.all()]


NUMBER = {
    "to": "441908283800",
    "from": "441908283801",
    "token": "my token info",
    "outbound_parameters": "some user data",
}
THREE = [
    NUMBER | {"token": "token1"},
    {"to": "sip:bob@acompany.com", "token": "token2"},
    {"to": "sip:bill@anotherCompany.com", "from": "sip:bob@acompany.com", "token": "token3"},
]


@pytest.mark.parametrize("name", ["outbound_parameters", "rest_calls"])
@pytest.mark.parametrize("where", ["query", "form"])
def test_the_pages_requests_are_understood(cloud: Cloud, name: str, where: str) -> None:
    for wanted in (NUMBER, THREE):
        text = json.dumps(wanted, indent=1)
        if where == "query":
            answer = ask(cloud, f"{START}?{name}={quote(' ' + text)}", method="GET")
        else:
            answer = ask(cloud, form={name: text})
        assert answer.status == 200

    ids = [record.id for record in cloud.instances.all()]
    assert json.loads(answer.body) == ids[1:]
    assert cloud.instances.accepted == 4
    assert calls(cloud)[0] == WantedCall(
        "441908283800", "441908283801", "my token info", "some user data"
    )
    assert calls(cloud)[2] == WantedCall("sip:bob@acompany.com", token="token2")


def test_one_object_is_answered_by_a_list_too(cloud: Cloud) -> None:
    answer = start(cloud, {"to": "myConference", "token": ""}, ROOMS)

    assert (answer.status, len(json.loads(answer.body))) == (200, 1)
    assert calls(cloud) == [WantedCall("myConference", token="")]


def test_an_error_has_the_documented_shape(cloud: Cloud) -> None:
    answer = ask(cloud)

    assert answer.status == 400
    assert answer.headers == (
        ("Content-Type", "application/json"),
        ("X-Sandbox-Rule", "parameter"),
    )
    assert json.loads(answer.body) == {
        "error": {
            "code": "0001",
            "text": (
                "Mandatory parameter missing: outbound_parameters or rest_calls; "
                "no parameters were received"
            ),
            "datetime": "2025-01-01_00:00:00",
            "link": "https://www.aculab.com/cloud/web-services/web-service-errors?error=0001",
        },
        "request": {"url": "/service_start", "datetime": "2025-01-01_00:00:00"},
    }


@pytest.mark.parametrize(
    ("wanted", "code", "says"),
    [
        ("", "0002", "outbound_parameters is not JSON"),
        ("to=1", "0002", "is not JSON (character 0); received 'to=1'"),
        ('{"to":"a","to":"b"}', "0002", "names a member twice"),
        ('{"to":NaN}', "0002", "NaN"),
        ("[" * 100_000, "0002", "nested too deeply"),
        ("null", "0002", "outbound_parameters is null, expected an object"),
        ([], "0002", "empty array"),
        ([[NUMBER]], "0002", "outbound_parameters[0] is an array"),
        ({}, "0001", "outbound_parameters.to"),
        ([NUMBER, {"token": "t"}], "0001", "outbound_parameters[1].to"),
        ({"to": ""}, "0002", "to is empty"),
        ({"to": 441908283800}, "0002", "outbound_parameters.to is a number, expected a string"),
        ({"to": "sip:a@b", "token": True}, "0002", "token is true or false"),
        ({"to": "sip:a@b", "from": None}, "0002", "from is null"),
        ({"to": "a\nb"}, "0002", "outbound_parameters.to holds a control character"),
        ({"to": "sip:a@b", "token": "\ud800"}, "0002", "half a surrogate pair"),
        ({"to": "441908283800"}, "0001", "outbound_parameters.from, required"),
        ({"to": "441908283800", "from": ""}, "0001", "is a telephone number"),
        ([NUMBER, {"to": "tel:+44-1908"}], "0001", "outbound_parameters[1].from"),
        (
            {"to": "x", "outbound parameters": "y"},
            "0002",
            (
                "'outbound parameters', which is not known; expected to, from, token, "
                "outbound_parameters; did you mean 'outbound_parameters'?"
            ),
        ),
        ({"to": "x", "colour": "y"}, "0002", "expected to, from, token, outbound_parameters"),
    ],
)
def test_what_is_wrong_is_named(cloud: Cloud, wanted: object, code: str, says: str) -> None:
    answer = start(cloud, wanted)

    assert (answer.status, answer.code) == (400, code)
    assert says in error(answer)["text"]
    assert "details" not in error(answer)
    assert cloud.instances.accepted == 0


def test_several_problems_come_as_details_and_start_nothing(cloud: Cloud) -> None:
    answer = start(cloud, [NUMBER, {"to": 5, "token": 6}, 7])

    details = error(answer)["details"]
    assert len(details) == 3
    assert error(answer)["text"] == details[0] + " (and 2 more, see details)"
    assert cloud.instances.accepted == 0


def test_endless_problems_are_cut(cloud: Cloud) -> None:
    assert len(error(start(cloud, [5] * 5000))["details"]) == 20


def test_more_calls_than_the_sandbox_takes(cloud: Cloud) -> None:
    answer = start(cloud, [0] * 100_001)

    assert (answer.status, answer.code) == (413, "HTTP 413")


@pytest.mark.parametrize("to", ["441908283800", "tel:441908283800", "sip:a@b", "a@b"])
def test_only_a_telephone_service_needs_from(cloud: Cloud, to: str) -> None:
    assert start(cloud, {"to": to}, ROOMS).status == 200


def test_control_characters_may_be_handed_to_the_application(cloud: Cloud) -> None:
    data = '{\n\t"campaign": "späť"\n}'

    assert start(cloud, {"to": "sip:a@b", "token": data, "outbound_parameters": data}).status == 200
    assert calls(cloud)[0].token == calls(cloud)[0].outbound_parameters == data


@pytest.mark.parametrize(
    ("target", "form"),
    [
        (START, [("outbound_parameters", "{}"), ("outbound_parameters", "{}")]),
        (START, [("outbound_parameters", "{}"), ("rest_calls", "{}")]),
        (START + "?rest_calls={}", [("outbound_parameters", "{}")]),
        (START, [("count", "1"), ("count", "1")]),
    ],
)
def test_a_parameter_given_twice(cloud: Cloud, target: str, form: Any) -> None:
    answer = ask(cloud, target, form)

    assert (answer.status, answer.code) == (400, "0003")
    assert "came 2 times" in error(answer)["text"]


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("count", "0", "0004"),
        ("count", "-00", "0004"),
        ("count", "two", "0002"),
        ("count", "", "0002"),
        ("count", "\u0660", "0002"),
        ("count", "2", "0002"),
        ("delimiter", ",", "0002"),
    ],
)
def test_what_only_uas_applications_take(cloud: Cloud, name: str, given: str, code: str) -> None:
    answer = ask(cloud, form={"outbound_parameters": '{"to":"sip:a@b"}', name: given})

    assert (answer.code, cloud.instances.accepted) == (code, 0)


def test_other_parameters_are_passed_over(cloud: Cloud) -> None:
    assert ask(cloud, form={"outbound_parameters": '{"to":"a@b"}', "x": "y"}).status == 200


@pytest.mark.parametrize(
    ("form", "kind", "says"),
    [
        (b"outbound_parameter={}", "", "did you mean 'outbound_parameters'?"),
        (b"a=1&b=2&a=3", "", "received 'a', 'b'"),
        (b'{"to":"sip:a@b"}', "application/json", "the body came as 'application/json', expected"),
    ],
)
def test_a_missing_parameter_shows_what_came_instead(
    cloud: Cloud, form: bytes, kind: str, says: str
) -> None:
    answer = ask(cloud, form=form, kind=kind)

    assert answer.code == "0001"
    assert says in error(answer)["text"]


def test_bytes_that_are_no_utf8_are_refused(cloud: Cloud) -> None:
    for form in (b'outbound_parameters={"to":"\xff"}', b"outbound_parameters=%ff"):
        answer = ask(cloud, form=form)
        assert answer.code == "0002"
        assert "is not UTF-8" in error(answer)["text"]


def test_too_many_parameters_cannot_be_read(cloud: Cloud) -> None:
    with pytest.raises(Exception, match="more than 1000 parameters"):
        ask(cloud, form=b"a=1&" * 2000)
