"""JSON that somebody else wrote: strict, bounded in depth, and with one error of our own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from aculab_wrappers._core.json_reader import MAX_DEPTH, NotJsonError, read_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"[1, 2.5, null, true]", [1, 2.5, None, True]),
        (b'\xef\xbb\xbf{"a": "\xc3\xbc"}', {"a": "ü"}),
        (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, None),
        (b'["' + b"[{" * 1000 + b'"]', ["[{" * 1000]),
        (b'["' + b'\\"[' * 1000 + b'"]', ['"[' * 1000]),
        (b"[" + b"[]," * 1000 + b"{}]", [*[[]] * 1000, {}]),
    ],
)
def test_what_can_be_relied_on_is_read(body: bytes, value: object) -> None:
    found = read_json(body)

    assert value is None or found == value


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "the body is not JSON (character 0)"),
        (b'["a"', "the body is not JSON (character 4)"),
        (b'["\xff"]', "the body is not UTF-8"),
        (b'["a", NaN]', "the body holds NaN or Infinity, which is not JSON"),
        (b"[-Infinity]", "the body holds NaN or Infinity, which is not JSON"),
        (b'{"a": 1, "a": 2}', "the body names a member twice in one object"),
        (b"[" + b"9" * 10_000 + b"]", "the body holds a number that cannot be read"),
        (b"[" * 101 + b"]" * 101, "the body is nested too deeply"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "the body is nested too deeply"),
        (b'["x", ' * 100_000, "the body is nested too deeply"),
        (b'["\\' + b"[" * 200, "the body is not JSON (character 2)"),
    ],
)
def test_what_cannot_be_relied_on_is_refused_with_a_reason(body: bytes, why: str) -> None:
    with pytest.raises(NotJsonError) as caught:
        read_json(body)

    assert str(caught.value) == why
    assert caught.value.__context__ is None


def test_where_the_stack_is_short_it_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_more: object) -> Any:
        raise RecursionError

    monkeypatch.setattr(json.JSONDecoder, "decode", fails)

    with pytest.raises(NotJsonError, match="nested too deeply"):
        read_json(b"[]")


PROGRAM = """
import sys, threading
from aculab_wrappers._core.json_reader import MAX_DEPTH, NotJsonError, read_json

def read():
    sys.setrecursionlimit(1_000_000)
    print(len(read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)))
    for body in (b"[" * 1_000_000, b'{"a":' * 200_000, b'[{"a":' * 200_000):
        try:
            read_json(body)
        except NotJsonError as error:
            print(error)

threading.stack_size(64 * 1024)
thread = threading.Thread(target=read)
thread.start()
thread.join()
"""


def test_no_depth_ends_the_process_where_a_thread_has_a_small_stack() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["1", *["the body is nested too deeply"] * 3]
