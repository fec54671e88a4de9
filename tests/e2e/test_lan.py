"""A new handheld on the local network: from the page without TLS to work without a network, all certificates believed.

Chromium reads whom to trust from the NSS database of its user's home; each browser here has a home of its own.
"""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Browser, BrowserContext, async_playwright, expect
from playwright.async_api import Error as BrowserError

from tests.e2e.conftest import FLAGS, Hands, chromium
from tests.support.site import Site

pytestmark = pytest.mark.story


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    opened = Site(tmp_path / "data", settings={"LAN": "1"})
    await opened.start("--demo")
    yield opened
    await opened.kill()


async def certutil(*words: str) -> None:
    process = await asyncio.create_subprocess_exec("certutil", *words)
    assert await process.wait() == 0


async def home(folder: Path, *authorities: Path) -> Path:
    """The home of somebody whose browser trusts these authorities, and beside them whom every browser trusts."""
    store = folder / ".pki" / "nssdb"
    store.mkdir(parents=True)
    await certutil("-N", "-d", f"sql:{store}", "--empty-password")
    for number, file in enumerate(authorities):
        await certutil("-A", "-d", f"sql:{store}", "-t", "C,,", "-n", f"authority {number}", "-i", str(file))
    return folder


@asynccontextmanager
async def browser_of(home: Path, *flags: str) -> AsyncIterator[Browser]:
    """A browser with this home."""
    env: dict[str, str | float | bool] = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / ".local/share")}
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *flags], env=env)
        yield opened
        await opened.close()


async def desk(site: Site, browser: Browser) -> Hands:
    """A desk with this browser."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB", color_scheme="light")
    return Hands(site, context, await context.new_page())


async def handheld(site: Site, browser: Browser) -> Hands:
    """A handheld with this browser."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": 360, "height": 640}, locale="en-GB", is_mobile=True, has_touch=True, color_scheme="dark"
    )
    return Hands(site, context, await context.new_page())


def begins(site: Site) -> SplitResult:
    """Where a new device begins, as the terminal says it."""
    (line,) = [line for line in site.said if line.startswith("Handhelds begin on ")]
    return urlsplit(line.removeprefix("Handhelds begin on "))


def page_of(site: Site) -> str:
    """The same, but by this machine's own address."""
    return f"http://127.0.0.1:{begins(site).port}/"


async def test_a_new_handheld_comes_to_work_without_a_network(site: Site, tmp_path: Path) -> None:
    ca = tmp_path / "pickwave-ca.pem"
    async with browser_of(await home(tmp_path / "stranger")) as browser:
        stranger = await handheld(site, browser)
        await stranger.page.goto(page_of(site))
        await stranger.sees("Bring this device to Pickwave")
        await stranger.is_accessible()
        assert await stranger.page.evaluate("document.documentElement.scrollWidth") <= 360
        await stranger.picture("onboarding")
        async with stranger.page.expect_download() as download:
            await stranger.page.get_by_role("link", name="pem", exact=True).click()
        await (await download.value).save_as(ca)
        with pytest.raises(BrowserError, match="ERR_CERT_AUTHORITY_INVALID"):
            await stranger.page.goto(site.url)

    async with browser_of(await home(tmp_path / "trusting", ca)) as browser:
        hand = await handheld(site, browser)
        await hand.page.goto(page_of(site))
        await hand.page.get_by_role("link", name="Open Pickwave").click()
        await hand.sees("Scan your badge")
        assert hand.page.url.startswith(site.url)
        assert await hand.page.evaluate(
            "isSecureContext && navigator.serviceWorker.ready.then((it) => it.active !== null)"
        )

        badge, pin = site.people["picker"][0]
        await hand.open(f"/sign-in?enrol={next(iter(site.codes.values()))}")
        await hand.sign_in(badge, pin)
        await hand.sees("Me and this device")
        await expect(hand.page.locator(".pill.ok")).to_have_text("live")
        (cookie,) = [each for each in await hand.context.cookies() if "session" in each["name"]]
        assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == ("__Host-pickwave_session", True, True)

        await hand.page.wait_for_function("navigator.serviceWorker.controller !== null")
        await hand.context.set_offline(True)
        await hand.page.reload()
        await hand.sees("Me and this device")
        await hand.sees("no network")
        await hand.context.set_offline(False)
        await expect(hand.page.locator(".pill.ok")).to_have_text("live", timeout=40_000)

        await leads_there(await desk(site, browser), site)
        await is_told_that_it_is_not_trusted(await handheld(site, browser))


async def leads_there(desk: Hands, site: Site) -> None:
    """The supervisor's screen shows the way, and a camera that looks at it finds the page."""
    await desk.open("/sign-in?to=/lan")
    await desk.sign_in(*site.people["supervisor"][0])
    await desk.sees("Bring in a new handheld")
    await desk.is_accessible()
    await desk.picture("lan")
    await expect(desk.page.locator(".full")).to_have_count(0)
    code = desk.page.locator(".lan-sheet img")
    await code.evaluate("(picture) => picture.decode()")
    seen = Image.open(io.BytesIO(await code.screenshot()))
    assert [found.text for found in zxingcpp.read_barcodes(seen)] == [begins(site).geturl()]
    await desk.page.set_viewport_size({"width": 320, "height": 568})
    assert await desk.page.evaluate("document.documentElement.scrollWidth") <= 320


async def is_told_that_it_is_not_trusted(hand: Hands) -> None:
    """A browser that shows a page past its warning keeps no service worker; this one is made to say so."""
    await hand.page.add_init_script(
        "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('SSL', 'SecurityError'))"
    )
    await hand.open("/sign-in")
    await hand.sees("does not trust the server's certificate")
    await hand.is_accessible()
    await hand.picture("untrusted")
