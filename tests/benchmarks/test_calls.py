"""How many functions are called for a start, for a poll, and for a face."""

from __future__ import annotations

import sys

import pytest

from . import contestants
from .counting import calls_of, function_calls
from .faces import CORES, FACES, MOST_CALLS, calls_in_memory, core_of, share
from .starts import MOST_POLL_CALLS, MOST_START_CALLS

pytestmark = pytest.mark.usefixtures("environment")

NEWER = sys.version_info >= (3, 12)
"""The budgets are those of Python 3.11: of others, fewer functions are called in newer ones."""

OF_REQUESTS = 0.6 if NEWER else 0.5


def test_calls_of_python_and_of_c_are_counted() -> None:
    def two() -> int:
        return len("two")

    assert function_calls(two) == 2
    assert function_calls(lambda: [two() for _ in range(10)]) >= 21
    assert function_calls(lambda: None) == 1


def test_a_start_calls_few_functions(base: str) -> None:
    ours, bare = calls_of(contestants.ours(base)), calls_of(contestants.http_client(base))
    assert ours / bare <= (3.2 if NEWER else MOST_START_CALLS)
    assert ours < calls_of(contestants.requests_post(base)) * OF_REQUESTS


def test_a_poll_calls_few_functions(base: str) -> None:
    ours, bare = calls_of(contestants.our_poll(base)), calls_of(contestants.http_client(base))
    assert ours / bare <= (2.8 if NEWER else MOST_POLL_CALLS)
    assert ours < calls_of(contestants.requests_poll(base)) * OF_REQUESTS


@pytest.mark.parametrize("name", FACES)
def test_a_face_adds_few_calls_to_the_core(name: str, base: str) -> None:
    face, core = calls_in_memory(FACES[name]()), calls_in_memory(CORES[core_of(name)]())
    assert 0 < share(face, core, calls_of(contestants.http_client(base))) <= MOST_CALLS
