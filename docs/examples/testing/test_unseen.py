import contextlib

import pytest
from aculab_wrappers import RejectedError
from reminder import remind


@pytest.mark.usefixtures("aculab_sandbox")
def test_all_is_well(monkeypatch):
    monkeypatch.setenv("ACULAB_SERVICE_PASSWORD", "wrong")
    with contextlib.suppress(RejectedError):
        remind("441908283800", "dentist")
