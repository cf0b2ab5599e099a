"""One headless Chromium for each worker, and the console page in it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from selenium import webdriver

from aculab_wrappers.sandbox import Sandbox, Service

from .console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

PHONES = Service("alice@example.com", "phones", "correct horse")
ROOMS = Service("alice@example.com", "rooms", "battery staple", "conference")

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",  # in a container, as root, it would not start otherwise
    "--disable-dev-shm-usage",
    "--no-proxy-server",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    # Both programs are named, so that selenium looks for none and downloads none.
    options.binary_location = shutil.which("chromium") or ""
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    for argument in ARGUMENTS:
        options.add_argument(argument)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NO_PROXY", "*")  # selenium speaks with the driver, on this machine
        browser = webdriver.Chrome(options, service)
    try:
        yield browser
    finally:
        browser.quit()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox([PHONES, ROOMS], time="manual", seed=7) as made:
        yield made


@pytest.fixture
def console(chromium: webdriver.Chrome, sandbox: Sandbox) -> Iterator[Console]:
    page = Console(chromium, sandbox.base_url)
    page.look(1280, "light")
    page.open()
    yield page
    chromium.get("about:blank")  # it asks the sandbox no more
