"""A real server with the demo warehouse, a real Chromium, and hands that scan."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.support.site import Site

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PICTURES = os.environ.get("PICKWAVE_PICTURES")
"""A folder: where the story leaves its pictures, for the README."""


def chromium() -> str:
    """The Chromium of this machine."""
    given = os.environ.get("PICKWAVE_CHROMIUM")
    found = given or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "no Chromium: run `make chromium`, or name one with PICKWAVE_CHROMIUM"
    return found


@pytest.fixture
async def site(tmp_path: Path, demo_data: Callable[[Path], Path]) -> AsyncIterator[Site]:
    opened = Site(demo_data(tmp_path / "data"))
    await opened.start("--demo")
    yield opened
    await opened.kill()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        await opened.close()


AXE = Path(__file__).parents[2] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
_VIOLATED = """() => axe.run(document, {resultTypes: ['violations']}).then(({violations}) =>
  violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(', ')}`))"""

_STILL = """() => Promise.all(document.getAnimations()
  .filter((each) => each.effect.getTiming().iterations !== Infinity)
  .map((each) => each.finished.catch(() => null))).then(() => true)"""
"""Resolves when nothing moves any more but what breathes for ever; what is gone before its end moves no more."""


_SCANNED = """(keys) => keys.forEach((key) => (document.activeElement ?? document.body).dispatchEvent(
  new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})))"""


WALL = ((1920, 1080, 1.0),) if os.environ.get("PICKWAVE_SOAK") else ()
SIZES = ((360, 640, 2.0), (1440, 900, 1.0), *WALL)
"""Width, height, and how many times as large the text is; the wall in `make soak`."""
_LARGER = "(times) => { document.documentElement.style.fontSize = `${100 * times}%`; }"
_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Hands:
    """Somebody in front of a screen: they scan, tap and look."""

    site: Site
    context: BrowserContext
    page: Page

    async def open(self, path: str) -> None:
        """Goes to an address of the app."""
        await self.page.goto(self.site.url + path)

    async def scan(self, text: str) -> None:
        """What a scanner does: keys in a burst, then Enter.

        All of them in one task of the page. A scanner's keys wait in the system's queue when the machine is busy; keys
        that are sent one by one from another process come apart there, and the app rightly takes that for typing.
        """
        await self.page.evaluate(_SCANNED, [*text, "Enter"])

    async def types(self, text: str) -> None:
        """What a person does: looks that the field is ready, types key by key, then Enter."""
        await expect(self.page.locator("input:focus")).to_have_count(1, timeout=15_000)
        await self.page.keyboard.type(text, delay=120)
        await self.page.keyboard.press("Enter")

    async def tap(self, name: str) -> None:
        """Taps the button with these words."""
        await self.page.get_by_role("button", name=name).first.click()

    async def sees(self, text: str) -> None:
        """Waits until these words are on the screen."""
        await expect(self.page.get_by_text(text).first).to_be_visible(timeout=15_000)

    async def sign_in(self, badge: str, pin: str) -> None:
        """Scans the badge, types the PIN."""
        await self.sees("Scan your badge")
        await self.scan(badge)
        await self.sees("PIN")
        await self.types(pin)
        await expect(self.page).not_to_have_url(re.compile("/sign-in"), timeout=15_000)

    async def is_accessible(self) -> None:
        """Looks for what shuts somebody out: axe-core finds nothing on the screen as it stands."""
        await self.page.evaluate(_STILL)
        await self.page.evaluate(f"{AXE.read_text()};0")
        assert await self.page.evaluate(_VIOLATED) == []

    async def faults_at_every_size(self) -> list[str]:
        """What shuts somebody out of this screen, small with large text, large, on a wall; leaves it as it was."""
        before = self.page.viewport_size
        found: list[str] = []
        for width, height, times in SIZES:
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.evaluate(_LARGER, times)
            found.extend(f"at {width}×{height}, text ×{times}: {each}" for each in await self._faults())
        await self.page.evaluate(_LARGER, 1)
        if before is not None:
            await self.page.set_viewport_size(before)
        return found

    async def _faults(self) -> list[str]:
        beyond = await self.page.evaluate(_WIDE)
        found = [f"{beyond} px too wide"] if beyond > 0 else []
        try:
            await self.is_accessible()
        except AssertionError as violated:
            found.append(str(violated).splitlines()[0])
        return found

    async def picture(self, name: str, *, answer: bool = False) -> None:
        """Keeps what is on the screen, where pictures are wanted; `answer`: with the full-screen answer over it."""
        if not PICTURES:
            return
        if not answer:
            await expect(self.page.locator(".full")).to_have_count(0)
        await self.page.evaluate(_STILL)
        await self.page.screenshot(path=Path(PICTURES) / f"{name}.png")


@pytest.fixture
async def hands(site: Site, browser: Browser, tmp_path: Path) -> AsyncIterator[Callable[..., object]]:
    """Makes people with a browser of their own."""
    contexts: list[BrowserContext] = []

    async def make(*, handheld: bool = False, language: str = "en-GB") -> Hands:
        size = {"width": 360, "height": 640} if handheld else {"width": 1440, "height": 900}
        context = await browser.new_context(
            viewport=size,  # type: ignore[arg-type]  # a typed dict that this is
            locale=language,
            is_mobile=handheld,
            has_touch=handheld,
            color_scheme="dark" if handheld else "light",
        )
        contexts.append(context)
        return Hands(site, context, await context.new_page())

    yield make
    for number, context in enumerate(contexts):
        for page in context.pages:
            await page.screenshot(path=tmp_path / f"last-{number}.png")
        await context.close()
