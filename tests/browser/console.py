"""The console page as somebody in front of it uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

from selenium.common.exceptions import (
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Callable

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

    Scheme = Literal["light", "dark"]

T = TypeVar("T")

PATIENCE = 20.0
_NOT_YET = (
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
)
_ASK_NOW = "document.dispatchEvent(new Event('visibilitychange'));"
_SHOWN_STATES = (
    "return performance.getEntriesByType('resource')"
    ".filter(entry => entry.name.endsWith('/sandbox/state')).length"
)


class Console:
    """The page in a browser, at one sandbox."""

    def __init__(self, browser: Chrome, base_url: str) -> None:
        self.browser = browser
        self.base_url = base_url

    def open(self) -> None:
        self.browser.get(self.base_url + "/")
        self.wait(lambda: self.all("#service-list > li"))

    def look(self, width: int, scheme: Scheme) -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def wait(self, condition: Callable[[], T], seconds: float = PATIENCE) -> T:
        waiting = WebDriverWait(self.browser, seconds, 0.02, _NOT_YET)
        return waiting.until(lambda _browser: condition())

    def find(self, css: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def press(self, css: str) -> None:
        button = self.wait(lambda: self.find(css))
        self.run("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()

    def gearwheel(self, service: str) -> WebElement:
        return self.find(f"button[aria-label='Settings of {service}']")

    def settings(self, service: str) -> None:
        """Press the gearwheel, and wait until the settings are there."""
        self.press(f"button[aria-label='Settings of {service}']")
        self.wait(lambda: self.find(".panel:not([hidden])").is_displayed())

    def field(self, name: str) -> WebElement:
        return self.find(f".panel:not([hidden]) [name='{name}']")

    def type(self, **fields: str) -> None:
        for name, text in fields.items():
            field = self.field(name.rstrip("_"))
            field.clear()
            field.send_keys(text)

    def start_test(self) -> None:
        self.press(".panel:not([hidden]) [data-part='test'] button")

    def answer(self) -> str:
        """What the page says of the test, once it says something."""
        result = ".panel:not([hidden]) [data-part='answer'][data-outcome]"
        return self.wait(lambda: self.find(result).text)

    def focused(self) -> WebElement:
        return self.browser.switch_to.active_element

    def tab_to(self, wanted: Callable[[WebElement], bool]) -> WebElement:
        """Press Tab until the focus is where it is wanted."""
        for _ in range(60):
            here = self.focused()
            if wanted(here):
                return here
            here.send_keys(Keys.TAB)
        raise AssertionError("60 times Tab did not lead there")

    def next_state(self) -> None:
        """Have the page ask for the state now, as it does when its tab is shown again, and wait
        until it has shown what it then got.
        """
        seen = self.run(_SHOWN_STATES)
        # One may have been on its way, one is asked for from here, and is shown before the third.
        self.wait(lambda: self.run(_ASK_NOW + _SHOWN_STATES) >= seen + 3)
