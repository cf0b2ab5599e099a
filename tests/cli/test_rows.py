"""Reading the calls of a file: every format, and an error for everything else."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aculab_wrappers import Call
from aculab_wrappers.cli.errors import CommandError
from aculab_wrappers.cli.rows import FIELDS, FORMATS, format_of, read_rows

FULL = Call("441908283800", "441908283801", token="my token", outbound_parameters="a,b")
BARE = Call("sip:bob@acompany.com")

TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cf"), exclude_characters="\x85"), max_size=8
)
CALLS = st.lists(
    st.builds(
        Call,
        TEXT.filter(bool),
        TEXT.filter(bool) | st.none(),
        token=TEXT.filter(bool) | st.none(),
        outbound_parameters=TEXT.filter(bool) | st.none(),
    ),
    min_size=1,
    max_size=4,
)


def written(calls: list[Call], format_: str) -> bytes:
    wire = [call.to_wire() for call in calls]
    if format_ == "json":
        return json.dumps(wire).encode()
    if format_ == "jsonl":
        return "\n".join(json.dumps(item, ensure_ascii=False) for item in wire).encode()
    text = io.StringIO()
    columns: list[str] = [*FIELDS]
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(wire)
    return text.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_says_the_same(format_: str) -> None:
    rows = read_rows(written([FULL, BARE], format_), format_, "calls")
    assert [row.call for row in rows] == [FULL, BARE]


@given(CALLS, st.sampled_from(FORMATS))
def test_what_is_written_is_read(calls: list[Call], format_: str) -> None:
    rows = read_rows(written(calls, format_), format_, "calls")
    assert [row.call for row in rows] == calls


def test_rows_know_where_they_stand() -> None:
    data = b'token,to\r\n\r\n"a",1\r\n,2\r\n,2\r\n'
    rows = read_rows(data, "csv", "calls")
    assert [(row.where, row.call.to, row.ordinal) for row in rows] == [
        ("line 3", "1", 1),
        ("line 4", "2", 1),
        ("line 5", "2", 2),
    ]


def test_an_empty_cell_and_null_are_not_set() -> None:
    assert read_rows(b"to,from,token\n1,,\n", "csv", "x")[0].call == Call("1")
    assert read_rows(b'{"to": "1", "token": null}', "json", "x")[0].call == Call("1")


def test_an_empty_token_in_json_is_set() -> None:
    assert read_rows(b'{"to": "1", "token": ""}', "json", "x")[0].call == Call("1", token="")


def test_a_json_line_may_hold_a_line_separator_of_unicode() -> None:
    data = '{"to": "1", "token": "a\u2028b"}\r\n\n{"to": "2"}\n'.encode()
    assert [row.where for row in read_rows(data, "jsonl", "x")] == ["line 1", "line 3"]


@pytest.mark.parametrize(
    ("format_", "data", "message"),
    [
        ("csv", b"to,form\n1,2\n", "calls, line 1: unknown column 'form'"),
        ("csv", b"to;from\n1;2\n", "separated by commas"),
        ("csv", b"from,token\n1,2\n", "calls, line 1: the column 'to' is missing"),
        ("csv", b"to,to\n1,2\n", "calls, line 1: the column 'to' is there twice"),
        ("csv", b"to,from\n1,2\n3\n", "calls, line 3: 1 cells, but the header names 2"),
        ("csv", b"to,from\n1,2,3\n", "calls, line 2: 3 cells, but the header names 2"),
        ("csv", b'to\n"1"2\n', "calls, line 2: not CSV"),
        ("csv", b'to,from\n1,2\n"a\nb",1\n', "calls, line 3: to holds a control character"),
        ("csv", b"to,from\n1,2\n,1\n", "calls, line 3: to is missing"),
        ("csv", b"to\n1\n\xff\n", "calls, line 3: not UTF-8"),
        ("csv", b"to,from\n", "calls: holds no calls"),
        ("csv", b"", "calls: holds no calls"),
        ("json", b"[]", "calls: holds no calls"),
        ("json", b'[{"to": "1"},\n{"to" "2"}]', "calls, line 2, column 7: not JSON"),
        ("json", b'[{"to": "1"}, 2]', "calls, item 2: an object with to, from"),
        ("json", b'[{"to": "1", "tokn": "x"}]', "calls, item 1: unknown field 'tokn'"),
        ("json", b'[{"to": 441908}]', "calls, item 1: to must be text in quotes, not a number"),
        ("json", b'[{"to": "1", "from": true}]', "calls, item 1: from must be text in quotes"),
        ("json", b'[{"to": null}]', "calls, item 1: to is missing"),
        ("json", b'[{"to": ""}]', "calls, item 1: to is empty"),
        ("json", b'[{"to": "1", "token": "\\ud800"}]', "item 1: token holds a lone surrogate"),
        ("json", b'[{"to": "1", "to": "2"}]', "an object names 'to' twice"),
        ("json", b'[{"to": NaN}]', "NaN is not JSON"),
        ("json", b"[" * 200_000, "nested too deeply"),
        ("jsonl", b'{"to": "1"}\n\n{"to": }\n', "calls, line 3, column 8: not JSON"),
        ("jsonl", b'{"to": "1"}\n[1]\n', "calls, line 2: an object with to, from"),
        ("jsonl", b'{"to": "1"}\n{"to": "2", "token": []}', "line 2: token must be text in quotes"),
    ],
)
def test_what_cannot_be_used_is_named(format_: str, data: bytes, message: str) -> None:
    with pytest.raises(CommandError, match=".*") as caught:
        read_rows(data, format_, "calls")
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "MyServicePassw0rd",
        "MyServicePassw0rd\n",
        "MyTop-secret;morrow,passw0rd",
        "\tMyServicePassw0rd",
        '"MyServicePassw0rd"',
        '{"MyServicePassw0rd"}',
        "password=MyServicePassw0rd",
        "-----BEGIN PRIVATE KEY-----\nMyServicePassw0rd",
    ],
)
@pytest.mark.parametrize("format_", FORMATS)
def test_a_file_that_is_no_list_may_hold_a_password(format_: str, text: str) -> None:
    with pytest.raises(CommandError) as caught:
        read_rows(text.encode(), format_, "calls")
    assert "assw0rd" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("csv", "to," + "x" * 9000),
        ("json", f'{{"to": "1", "{"x" * 9000}": 1}}'),
        ("json", f'{{"{"x" * 9000}": 1, "{"x" * 9000}": 1}}'),
        ("jsonl", f'{{"to": "1", "{"x" * 9000}": 1}}'),
    ],
)
def test_what_is_quoted_of_a_file_is_clipped(format_: str, text: str) -> None:
    with pytest.raises(CommandError) as caught:
        read_rows(text.encode(), format_, "calls")
    assert "xxx" in str(caught.value)
    assert len(str(caught.value)) < 250


def test_all_bad_rows_are_named_up_to_ten() -> None:
    with pytest.raises(CommandError) as caught:
        read_rows(b"to,from\n" + b",1\n" * 12, "csv", "calls")
    message = str(caught.value)
    assert "calls, line 11: " in message
    assert "calls, line 12: " not in message
    assert "and 2 more" in message


def test_the_name_says_the_format() -> None:
    names = ("a.csv", "b.JSON", "c.jsonl", "d.ndjson")
    assert [format_of(name) for name in names] == ["csv", "json", "jsonl", "jsonl"]
    with pytest.raises(CommandError, match="--format csv, json or jsonl"):
        format_of("calls.txt")
