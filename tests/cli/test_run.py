"""The run itself, over a scripted transport: what stops it, what it keeps, what it dials."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from aculab_wrappers import (
    Call,
    InvalidInputError,
    OutboundClient,
    Outcome,
    TransportError,
)
from aculab_wrappers._core.http import HttpRequest, HttpResponse
from aculab_wrappers.cli.errors import CommandError
from aculab_wrappers.cli.interrupt import Interrupts
from aculab_wrappers.cli.results import Account, Results
from aculab_wrappers.cli.rows import Row
from aculab_wrappers.cli.run import Run, carry_out, plan

if TYPE_CHECKING:
    from collections.abc import Callable

MINE = Account("1-2-0/user@example.com/MyOutboundService", "aculabcloud.net")
PATH = "results.jsonl"
SECRET = "canary-password"

Step = HttpResponse | BaseException


class Scripted:
    """A transport that gives ids of its own until its script names something else."""

    def __init__(self, **script: Step) -> None:
        self.dialled: list[str] = []
        self.script = script

    def send(self, request: HttpRequest) -> HttpResponse:
        to = json.loads(dict(request.form)["outbound_parameters"])["to"]
        self.dialled.append(to)
        step = self.script.get(f"to_{to}", answer(200, [f"id-{to}"]))
        if isinstance(step, BaseException):
            raise step
        return step


def answer(status: int, body: Any) -> HttpResponse:
    return HttpResponse(status, (), json.dumps(body).encode())


def refusal(status: int, text: str = "no") -> HttpResponse:
    return answer(status, {"error": {"code": f"HTTP {status}", "text": text}, "request": {}})


def rows(*numbers: object) -> list[Row]:
    seen: dict[str, int] = {}
    made = []
    for line, number in enumerate(numbers, 2):
        to = str(number)
        seen[to] = seen.get(to, 0) + 1
        made.append(Row(Call(to), f"line {line}", seen[to]))
    return made


def go(
    cloud: Scripted,
    given: list[Row],
    *,
    allow_duplicates: bool = False,
    on_report: Callable[[Any], object] = lambda report: None,
    interrupts: Interrupts | None = None,
) -> Run:
    user, name = "user@example.com", "MyOutboundService"
    client = OutboundClient("1-2-0", user, name, SECRET, transport=cloud)
    with Results(PATH, MINE) as results:
        made = plan(given, results, allow_duplicates=allow_duplicates)
        return carry_out(
            made,
            client,
            results,
            interrupts=interrupts,
            on_report=on_report,
        )


def words(run: Run) -> list[str]:
    return [report.word for report in run.reports]


def test_one_start_for_each_row_in_order() -> None:
    cloud = Scripted()
    run = go(cloud, rows(3, 1, 2))
    assert cloud.dialled == ["3", "1", "2"]
    assert [report.ids for report in run.reports] == [("id-3",), ("id-1",), ("id-2",)]
    assert run.exit_code == 0


def test_the_intent_is_on_disk_before_the_start_and_the_id_before_the_next() -> None:
    class Looking(Scripted):
        def send(self, request: HttpRequest) -> HttpResponse:
            with open(PATH, encoding="ascii") as file:
                events = [json.loads(line).get("event") for line in file][1:]
            assert events == ["intent", "started"] * len(self.dialled) + ["intent"]
            return super().send(request)

    assert go(Looking(), rows(1, 2, 3)).exit_code == 0


def test_the_first_unknown_outcome_stops_the_run() -> None:
    cloud = Scripted(to_2=TransportError("no answer"))
    run = go(cloud, rows(1, 2, 3))
    assert words(run) == ["started", "unknown", "untouched"]
    assert run.exit_code == 3
    assert "may have been started" in run.stopped

    again = Scripted()
    run = go(again, rows(1, 2, 3))
    assert again.dialled == ["3"]
    assert words(run) == ["started", "unknown", "started"]
    assert [report.earlier for report in run.reports] == [True, True, False]
    assert run.exit_code == 3


def test_hinted_ids_are_kept() -> None:
    cut = HttpResponse(200, (), b'["id-1","id-', fault="the body is 9 bytes short")
    run = go(Scripted(to_1=cut), rows(1))
    assert run.reports[0].hinted_ids == ("id-1",)
    with open(PATH, encoding="ascii") as file:
        assert '"hinted_ids":["id-1"]' in file.read()


def test_an_unsent_row_stops_the_run_and_is_tried_again() -> None:
    run = go(Scripted(to_2=TransportError("refused", sent=False)), rows(1, 2, 3))
    assert words(run) == ["started", "not sent", "untouched"]
    assert run.exit_code == 1
    again = Scripted()
    assert go(again, rows(1, 2, 3)).exit_code == 0
    assert again.dialled == ["2", "3"]


def test_a_rejected_row_does_not_stop_the_run_and_is_tried_again() -> None:
    run = go(Scripted(to_1=refusal(400)), rows(1, 2))
    assert words(run) == ["rejected", "started"]
    assert run.exit_code == 1
    assert not run.stopped
    again = Scripted()
    assert go(again, rows(1, 2)).exit_code == 0
    assert again.dialled == ["1"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_account_stops_the_run(status: int) -> None:
    cloud = Scripted(to_1=refusal(status))
    run = go(cloud, rows(1, 2))
    assert words(run) == ["rejected", "untouched"]
    assert cloud.dialled == ["1"]
    assert run.exit_code == 1


def test_surplus_ids_are_all_kept_and_stop_the_run() -> None:
    cloud = Scripted(to_1=answer(200, ["id-a", "id-b"]))
    run = go(cloud, rows(1, 2))
    assert words(run) == ["started", "untouched"]
    assert run.reports[0].ids == ("id-a", "id-b")
    assert "which id belongs to which is not known" in run.stopped
    assert run.exit_code == 1
    again = Scripted()
    run = go(again, rows(1, 2))
    assert again.dialled == ["2"]
    assert run.reports[0].ids == ("id-a", "id-b")


def test_an_answer_that_echoes_the_password_is_cleaned() -> None:
    run = go(Scripted(to_1=refusal(400, SECRET), to_2=refusal(401, SECRET)), rows(1, 2))
    assert "***" in run.reports[0].message
    assert SECRET not in run.stopped + str(run)
    with open(PATH, encoding="ascii") as file:
        assert SECRET not in file.read()


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (KeyboardInterrupt(), Outcome.UNKNOWN),
        (TransportError("no answer"), Outcome.UNKNOWN),
        (TransportError("refused", sent=False), Outcome.NOT_SENT),
    ],
)
def test_an_interrupt_in_the_middle_of_a_start_is_recorded(
    trouble: BaseException, outcome: Outcome
) -> None:
    stop = KeyboardInterrupt()
    if isinstance(trouble, TransportError):
        stop.__cause__ = trouble
    run = go(Scripted(to_1=stop), rows(1, 2))
    assert run.interrupted
    assert run.exit_code == 130
    assert words(run) == [outcome.value, "untouched"]
    again = Scripted()
    go(again, rows(1, 2))
    assert again.dialled == (["1", "2"] if outcome is Outcome.NOT_SENT else ["2"])


def test_a_wish_to_stop_is_met_between_two_starts() -> None:
    interrupts = Interrupts()

    def ask(_report: object) -> None:
        interrupts.asked = True

    cloud = Scripted()
    run = go(cloud, rows(1, 2), on_report=ask, interrupts=interrupts)
    assert cloud.dialled == ["1"]
    assert words(run) == ["started", "untouched"]
    assert run.exit_code == 130


def test_rows_may_be_reordered_and_added() -> None:
    go(Scripted(), rows(1, 2))
    cloud = Scripted()
    assert go(cloud, rows(3, 2, 1)).exit_code == 0
    assert cloud.dialled == ["3"]


def test_nothing_left_to_do_is_success() -> None:
    go(Scripted(), rows(1))
    before = os.stat(PATH).st_size
    cloud = Scripted()
    assert go(cloud, rows(1)).exit_code == 0
    assert not cloud.dialled
    assert os.stat(PATH).st_size == before


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("441908283800", "441908283800"),
        ("441908283800", "+44 1908-283800"),
        ("sip:bob@acompany.com", "SIP:Bob@acompany.com"),
    ],
)
def test_a_destination_that_is_listed_twice_is_refused(first: str, second: str) -> None:
    cloud = Scripted()
    with pytest.raises(CommandError, match="line 4: .* is also on line 2") as caught:
        go(cloud, rows(first, "1", second))
    assert "--allow-duplicates" in str(caught.value)
    assert not cloud.dialled
    assert not os.path.exists(PATH)
    assert go(cloud, rows(first, "1", second), allow_duplicates=True).exit_code == 0
    assert len(cloud.dialled) == 3


def test_equal_rows_are_counted() -> None:
    go(Scripted(), rows(1, 1), allow_duplicates=True)
    cloud = Scripted()
    assert go(cloud, rows(1, 1)).exit_code == 0
    assert not cloud.dialled
    with pytest.raises(CommandError, match="line 4: 1 is also on line 2, started"):
        go(cloud, rows(1, 1, 1))
    go(cloud, rows(1, 1, 1), allow_duplicates=True)
    assert cloud.dialled == ["1"]


@pytest.mark.parametrize(
    ("step", "word"),
    [(answer(200, ["id-1"]), "was started"), (TransportError("x"), "was perhaps started")],
)
def test_a_destination_that_an_earlier_run_called_is_refused(step: Step, word: str) -> None:
    go(Scripted(to_1=step), rows(1))
    changed = [Row(Call("1", token="changed"), "line 2")]
    cloud = Scripted()
    with pytest.raises(CommandError, match=f"line 2: 1 {word} by an earlier run"):
        go(cloud, changed)
    assert not cloud.dialled
    go(cloud, changed, allow_duplicates=True)
    assert cloud.dialled == ["1"]


def test_a_rejected_row_may_be_corrected() -> None:
    go(Scripted(to_1=refusal(400)), rows(1))
    cloud = Scripted()
    go(cloud, [Row(Call("1", "2"), "line 2")])
    assert cloud.dialled == ["1"]


def failing_at(call: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full at the n-th sync."""
    real, count = os.fsync, iter(range(1, 1000))

    def fsync(file: int) -> None:
        if next(count) >= call:
            raise OSError(28, "No space left on device")
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.parametrize("call", [1, 2, 3])
def test_without_an_intent_on_disk_nothing_is_sent(
    call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_at(call, monkeypatch)  # the new file, its folder, the intent
    cloud = Scripted()
    run = go(cloud, rows(1, 2))
    assert not cloud.dialled
    assert "cannot be written: No space left on device. line 2 was not sent" in run.stopped
    assert run.exit_code == 1
    assert words(run) == ["untouched", "untouched"]


def test_an_outcome_that_cannot_be_kept_is_said_and_stops_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing_at(4, monkeypatch)
    cloud = Scripted()
    run = go(cloud, rows(1, 2))
    assert cloud.dialled == ["1"]
    assert "NOT RECORDED: line 2, to 1: started id-1" in run.stopped
    assert words(run) == ["started", "untouched"]
    assert run.exit_code == 3


def test_a_write_that_is_cut_short_leaves_a_row_that_is_not_dialled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = os.write

    def write(file: int, data: bytes | memoryview) -> int:
        if b'"event":"started"' in bytes(data):
            real(file, bytes(data)[:60])
            raise OSError(28, "No space left on device")
        return real(file, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        assert go(Scripted(), rows(1, 2)).exit_code == 3
    cloud = Scripted()
    run = go(cloud, rows(1, 2))
    assert cloud.dialled == ["2"]
    assert words(run) == ["unknown", "started"]


class CrashError(BaseException):
    """The end of the process, at one exact point."""


def crashing_at(step: int, cloud: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end before the n-th write, sync, rename, request or answer."""
    count = iter(range(1, 1000))

    def reach() -> None:
        if next(count) >= step:
            raise CrashError

    def before(real: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: Any) -> Any:
            reach()
            return real(*arguments)

        return stepped

    real_send = cloud.send

    def send(request: HttpRequest) -> HttpResponse:
        reach()
        response = real_send(request)
        reach()
        return response

    monkeypatch.setattr(cloud, "send", send)
    for name in ("write", "fsync", "replace"):
        monkeypatch.setattr(os, name, before(getattr(os, name)))


def test_no_crash_at_any_step_dials_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    step = 0
    while True:
        step += 1
        cloud = Scripted()
        with monkeypatch.context() as patch:
            crashing_at(step, cloud, patch)
            try:
                go(cloud, rows(1, 2, 3))
                break
            except CrashError:
                pass
        before = list(cloud.dialled)
        run = go(cloud, rows(1, 2, 3))
        assert len(cloud.dialled) == len(set(cloud.dialled)), step
        unknown = [r.row.call.to for r in run.reports if r.outcome is Outcome.UNKNOWN]
        assert len(unknown) <= 1, step
        assert set(cloud.dialled) | set(unknown) == {"1", "2", "3"}, step
        for report in run.reports:
            if report.row.call.to in before and not unknown:
                assert report.ids, step
        os.unlink(PATH)
    assert step > 20


def test_without_a_results_file_it_runs_as_well() -> None:
    client = OutboundClient("1-2-0", "a@b", "c", SECRET, transport=Scripted())
    run = carry_out(plan(rows(1), None), client, None)
    assert run.reports[0].ids == ("id-1",)
    assert run.exit_code == 0


def test_an_environment_that_turns_bad_under_way_sends_nothing() -> None:
    run = go(Scripted(to_1=InvalidInputError("ACULAB_PROXY is no address")), rows(1, 2))
    assert words(run) == ["not sent", "untouched"]
    assert run.exit_code == 1
