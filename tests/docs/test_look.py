"""The site in a browser: nothing is wider than the screen, and the tabs are in sight at once."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By

from ..programs import needs
from .pages import pages
from .site import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

    from .site import Site

pytestmark = [needs("chromium"), needs("chromedriver"), needs("mkdocs")]

DESKTOP, PHONE = (1280, 900), (390, 844)

# What sticks out to the right of the screen, and is not inside of something that scrolls.
_STICKS_OUT = """
const width = document.documentElement.clientWidth;
const scrolls = element => element && (
  (getComputedStyle(element).overflowX !== "visible"
    && element.getBoundingClientRect().right <= width + 1)
  || scrolls(element.parentElement));
return [...document.querySelectorAll("article *")]
  .filter(element => element.getBoundingClientRect().right > width + 1
    && !scrolls(element.parentElement))
  .map(element => element.outerHTML.slice(0, 80));
"""


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    handler = partial(_Silent, directory=str(site.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def look(chromium: Chrome, size: tuple[int, int], scheme: str = "light") -> None:
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == PHONE}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_is_wider_than_the_screen(
    chromium: Chrome, address: str, size: tuple[int, int]
) -> None:
    look(chromium, size)
    for page in pages():
        chromium.get(f"{address}/{name_of(page)}")
        assert chromium.execute_script(_STICKS_OUT) == [], page
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert chromium.execute_script(wide) <= 0, page


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_six_tabs_and_their_code_are_in_sight(
    chromium: Chrome, address: str, size: tuple[int, int]
) -> None:
    look(chromium, size)
    chromium.get(f"{address}/index.html")
    labels = chromium.find_elements(By.CSS_SELECTOR, ".tabbed-labels > label")
    assert len(labels) == 6
    for label in labels:
        place = label.rect
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= size[0]
        label.click()
        [code] = [one for one in chromium.find_elements(By.CSS_SELECTOR, ".tabbed-block pre")
                  if one.is_displayed()]  # fmt: skip
        assert code.rect["y"] + 100 < size[1]
        chromium.execute_script("window.scrollTo(0, 0)")


@pytest.mark.parametrize(("scheme", "name"), [("light", "default"), ("dark", "slate")])
def test_the_colours_are_those_of_the_system(
    chromium: Chrome, address: str, scheme: str, name: str
) -> None:
    look(chromium, DESKTOP, scheme)
    chromium.get(f"{address}/index.html")
    body = chromium.find_element(By.TAG_NAME, "body")
    assert body.get_attribute("data-md-color-scheme") == name
