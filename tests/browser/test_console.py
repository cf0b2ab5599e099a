"""The console in a real browser: everything that the page about outbound services describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aculab_wrappers import Call, OutboundClient, RejectedError
from aculab_wrappers.sandbox import FACTS, Sandbox
from aculab_wrappers.sandbox.sources import sources_of

from ..programs import needs
from .conftest import PHONES, ROOMS
from .console import Console

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

pytestmark = [needs("chromium"), needs("chromedriver")]

ANSWERED = "447700900000"
CALLER = "441908283801"
SCRIPT = (
    "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">'&amp;"
)


def start(sandbox: Sandbox, calls: Sequence[Call]) -> None:
    client = OutboundClient(
        PHONES.cloud_id, PHONES.username, PHONES.name, PHONES.password, transport=sandbox
    )
    client.start(calls)


def test_a_started_test_is_followed_to_its_end(console: Console, sandbox: Sandbox) -> None:
    console.settings("phones")
    console.type(to=ANSWERED, from_=CALLER, token=SCRIPT, outbound_parameters="some user data")
    console.start_test()

    answered = console.answer()
    [instance] = sandbox.instances
    assert instance.id in answered
    assert (instance.to, instance.from_, instance.token) == (ANSWERED, CALLER, SCRIPT)
    assert instance.outbound_parameters == "some user data"

    word = "#instance-list [data-part='status']"
    console.wait(lambda: console.find(word).text in ("QUEUED", "RUNNING"))
    for _ in range(20):
        console.press("#advance button")
        console.next_state()
        if sandbox.instances[0].status == "COMPLETED":
            break
    console.wait(lambda: console.find(word).text == "COMPLETED")
    console.wait(lambda: "COMPLETED" in console.answer())

    console.press("#instance-list summary")
    more = console.find("#instance-list .more").text
    assert SCRIPT in more
    assert instance.id in more
    assert len(console.all("#instance-list .timeline li")) == len(sandbox.instances[0].timeline) > 1
    assert console.browser.title == "Aculab Cloud sandbox"


def test_a_refused_start_shows_what_was_wrong(console: Console, sandbox: Sandbox) -> None:
    console.settings("phones")
    console.type(to=ANSWERED)
    console.start_test()

    answered = console.answer()
    [refused] = sandbox.refused
    assert refused.text
    assert refused.text in answered
    assert refused.code in answered
    assert sandbox.accepted == 0

    console.wait(lambda: console.find("#request-list summary"))
    console.press("#request-list summary")
    shown = console.find("#request-list li").text
    assert f"{refused.status} refused" in shown
    assert "Start Test" in shown
    assert PHONES.user in shown
    assert refused.text in shown
    evidence = console.find("#request-list .rule .evidence").text
    assert evidence in ("documented", "inferred", "assumed")


def test_why_a_login_was_refused_is_told_to_who_looks(console: Console, sandbox: Sandbox) -> None:
    stranger = OutboundClient("1-2-0", PHONES.username, "phone", "guess", transport=sandbox)
    with pytest.raises(RejectedError) as caught:
        stranger.start(Call("sip:bob@example.com"))
    assert "did you mean" not in str(caught.value)
    console.next_state()
    console.press("#request-list summary")

    shown = console.find("#request-list [data-part='why']").text
    assert f"did you mean {PHONES.user}?" in shown


def test_polling_does_not_push_out_the_start(console: Console, sandbox: Sandbox) -> None:
    client = OutboundClient(
        PHONES.cloud_id, PHONES.username, PHONES.name, PHONES.password, transport=sandbox
    )
    [started] = client.start(Call("sip:bob@example.com"))
    for _ in range(12):
        client.status(started)
    console.next_state()

    shown = [line.text for line in console.all("#request-list [data-part='line']")]
    assert shown == ["POST /service_status"] * 10 + ["POST /service_start"]
    assert console.find("#requests-left-out").text == "without 2 earlier status requests"


def test_what_is_simulated_is_listed_with_its_evidence_and_source(console: Console) -> None:
    console.press("#facts > summary")
    rows = console.wait(lambda: console.all("#fact-list tr:not(.area)"))
    assert len(rows) == len(FACTS)
    for row, fact in zip(rows, FACTS, strict=True):
        assert row.text.startswith(f"{fact.behaviour} {fact.id}")
        assert row.find_element(By.CSS_SELECTOR, ".evidence").text == fact.evidence
        links = row.find_elements(By.CSS_SELECTOR, "a")
        linked = [(link.text, link.get_attribute("href")) for link in links]
        assert linked == [source for source in sources_of(fact) if source[1]]
        assert row.text.endswith(fact.source)


def test_everything_can_be_done_with_the_keyboard(console: Console, sandbox: Sandbox) -> None:
    def has(**attributes: str) -> Callable[[WebElement], bool]:
        def holds(element: WebElement) -> bool:
            return all(
                element.get_attribute(name.replace("_", "-")) == text
                for name, text in attributes.items()
            )

        return holds

    console.tab_to(has(aria_label="Settings of rooms")).send_keys(Keys.ENTER)
    assert console.focused().text == "Settings of rooms"
    console.tab_to(has(name="to")).send_keys("sip:nobody@example.com")
    console.tab_to(has(name="token")).send_keys("t", Keys.ENTER)
    assert "Started" in console.answer()
    console.focused().send_keys(Keys.ESCAPE)

    assert console.focused() == console.gearwheel("rooms")
    assert not console.all(".panel:not([hidden])")
    assert console.gearwheel("rooms").get_attribute("aria-expanded") == "false"
    assert [instance.token for instance in sandbox.instances] == ["t"]

    summary = console.tab_to(lambda element: element.tag_name == "summary")
    summary.send_keys(Keys.SPACE)
    assert console.find("#instance-list .more").is_displayed()


def test_a_refresh_takes_nothing_from_whoever_is_at_work(
    console: Console, sandbox: Sandbox
) -> None:
    start(sandbox, [Call("sip:bob@example.com", token=f"{number}") for number in range(30)])
    console.settings("phones")
    console.type(first_page="http://127.0.0.1:9/first", token="half a wo")
    console.next_state()
    console.press("#instance-list > li:nth-child(20) summary")
    token = console.field("token")
    console.run("arguments[0].focus(); arguments[0].setSelectionRange(2, 4)", token)
    where = "return [arguments[0].selectionStart, arguments[0].selectionEnd, scrollY]"
    before = console.run(where, token)

    sandbox.advance(1)
    sandbox.change_service(PHONES.user, final_page="http://127.0.0.1:9/final")
    console.next_state()

    assert console.focused() == token
    assert console.run(where, token) == before
    assert token.get_attribute("value") == "half a wo"
    assert console.field("first_page").get_attribute("value") == "http://127.0.0.1:9/first"
    assert len(console.all("#instance-list details[open]")) == 1


def test_settings_are_saved_or_refused_by_name(console: Console, sandbox: Sandbox) -> None:
    console.settings("phones")
    console.field("kind").send_keys("Conference")
    console.type(first_page="http://127.0.0.1:9/first", final_page="http://127.0.0.1:9/final")
    console.type(calls_per_second="2.5")
    console.field("api_version").send_keys("2.0")
    console.field("far_end_classification").click()
    console.press(".panel:not([hidden]) [data-part='settings'] button")
    saved = ".panel:not([hidden]) [data-part='saved']"
    console.wait(lambda: console.find(saved).text == "Saved.")

    [service] = [one for one in sandbox.services if one.user == PHONES.user]
    assert (service.kind, service.api_version) == ("conference", "2.0")
    assert service.first_page == "http://127.0.0.1:9/first"
    assert service.final_page == "http://127.0.0.1:9/final"
    assert service.far_end_classification is True
    assert service.calls_per_second == 2.5

    console.type(calls_per_second="fast")
    console.press(".panel:not([hidden]) [data-part='settings'] button")
    console.wait(lambda: "Not saved" in console.find(saved).text)
    assert "calls_per_second" in console.find(saved).text
    assert console.field("calls_per_second").get_attribute("value") == "fast"


def test_a_queue_is_purged(console: Console, sandbox: Sandbox) -> None:
    start(sandbox, [Call("sip:bob@example.com")] * 12)
    waiting = sandbox.queue_lengths()[PHONES.user]
    purge = "button[aria-label='Purge queue of phones']"
    console.next_state()
    console.press(purge)

    console.wait(lambda: f"{waiting} taken" in console.find("#said").text)
    console.wait(lambda: not console.find(purge).is_displayed())
    assert not sandbox.queue_lengths().get(PHONES.user)
    assert console.focused() == console.gearwheel("phones")


def test_a_reset_asks_first(console: Console, sandbox: Sandbox) -> None:
    start(sandbox, [Call("sip:bob@example.com")])
    console.next_state()
    console.press("#reset")
    console.focused().send_keys(Keys.ESCAPE)
    console.next_state()
    assert len(sandbox.instances) == 1
    assert console.focused() == console.find("#reset")

    console.press("#reset")
    console.press("#reset-yes")
    console.wait(lambda: not console.all("#instance-list > li"))
    assert sandbox.instances == []


def test_no_password_and_no_other_machine(console: Console, sandbox: Sandbox) -> None:
    start(sandbox, [Call("sip:bob@example.com")])
    console.settings("phones")
    console.next_state()
    read = "const done = arguments[0]; fetch('/sandbox/state').then(r => r.text()).then(done)"
    state = console.browser.execute_async_script(read)

    for held in (console.browser.page_source, state):
        assert PHONES.name in held
        assert PHONES.password not in held
        assert ROOMS.password not in held
    asked = console.run(
        "return performance.getEntries().map(entry => entry.name)"
        ".filter(name => /^[a-z]+:/.test(name) && !name.startsWith('data:'))"
    )
    assert len(asked) > 5
    assert [name for name in asked if not name.startswith(sandbox.base_url)] == []


def test_of_ten_thousand_queued_calls_the_latest_are_listed(
    console: Console, sandbox: Sandbox
) -> None:
    start(sandbox, [Call("sip:bob@example.com", token="t" * 50)] * 10_000)
    console.open()
    console.wait(lambda: "latest 100 of 10,000" in console.find("#instances-shown").text)

    # What the page holds, and so what it costs, does not grow with what is queued.
    assert len(console.all("#instance-list > li")) == 100
    assert "10,000 in the queue" in console.find("#service-list").text
    assert "QUEUED 10,000" in console.find("#counts").text


def test_the_page_says_when_the_sandbox_is_gone_and_goes_on_when_it_is_back(
    chromium: Chrome,
) -> None:
    with Sandbox([PHONES], time="manual") as first:
        port = int(first.base_url.rpartition(":")[2])
        console = Console(chromium, first.base_url)
        console.open()
    console.wait(lambda: "does not answer" in console.find("#gone").text)

    with Sandbox([PHONES], time="manual", port=port) as second:
        start(second, [Call("sip:bob@example.com")])
        console.wait(lambda: not console.find("#gone").is_displayed())
        console.wait(lambda: console.find("#accepted").text == "1")
        chromium.get("about:blank")
