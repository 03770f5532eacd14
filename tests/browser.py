"""A headless Chromium for the tests that need one."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "no Chromium with its driver: `apt-get install chromium chromium-driver`, or Chrome with "
    "`chromedriver` on the PATH"
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1400,900",
)


def programs() -> tuple[str, str] | None:
    """The paths of a browser and of its driver."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


def chromium(profile: Path) -> Iterator[Any]:
    """A browser, until the test is done; where none is, the test is skipped.

    With ``NETWRIGHT_BROWSER=required`` it fails, as it must where nobody reads what was skipped.
    """
    found = programs()
    if found is None:
        if os.environ.get("NETWRIGHT_BROWSER") == "required":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = found[0]
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(found[1]))
    try:
        yield browser
    finally:
        browser.quit()
