"""Two sandboxes at once, in one process: neither knows of the other."""

from __future__ import annotations

import threading

import pytest

from aculab_wrappers import Call, OutboundClient, RejectedError
from aculab_wrappers.sandbox import Sandbox, Service

EACH = 30


def test_two_sandboxes_do_not_disturb_each_other() -> None:
    with (
        Sandbox([Service("a@b", "mine", "one")], time="polls", seed=1) as first,
        Sandbox([Service("a@b", "mine", "two")], time="manual", seed=1) as second,
    ):
        assert first.base_url != second.base_url
        ids: dict[str, list[str]] = {"one": [], "two": []}

        def start(cloud: Sandbox, password: str) -> None:
            client = OutboundClient("1-2-0", "a@b", "mine", password, base_url=cloud.base_url)
            for number in range(EACH):
                [call] = client.start(Call(f"sip:{password}-{number}@b"))
                ids[password].append(call.id)
            client.status(ids[password])

        threads = [
            threading.Thread(target=start, args=pair) for pair in ((first, "one"), (second, "two"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        for cloud, password in ((first, "one"), (second, "two")):
            assert [call.id for call in cloud.instances] == ids[password]
            assert {call.to.partition("-")[0] for call in cloud.instances} == {f"sip:{password}"}
            assert len(cloud.received) == EACH + 1
            cloud.assert_started(EACH)
            cloud.assert_started_at_most_once()
        # One seed, one life: the same ids, whatever the other does.
        assert ids["one"] == ids["two"]
        # The poll moved one clock.
        assert first.now > second.now

        stranger = OutboundClient("1-2-0", "a@b", "mine", "one", base_url=second.base_url)
        with pytest.raises(RejectedError, match="401"):
            stranger.start(Call("sip:a@b"))
        assert (len(first.unseen_refusals()), len(second.unseen_refusals())) == (0, 1)
        second.advance(1000)
        first.stop()
        second.assert_started(EACH)
        assert OutboundClient("1-2-0", "a@b", "mine", "two", base_url=second.base_url).status(
            ids["two"]
        )
