"""A phone without a scanner: the camera reads what is held before it, by the browser's reader or by ours."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image
from playwright.async_api import async_playwright, expect

from tests.e2e.conftest import FLAGS, Hands, chromium
from tests.support.site import Site

pytestmark = [pytest.mark.story, pytest.mark.asyncio(loop_scope="module")]

SIZE = (640, 480)
OWN_READER = """globalThis.BarcodeDetector = class {
  static getSupportedFormats = async () => ['code_128', 'ean_13', 'qr_code'];
  detect = async (video) => video.videoWidth > 0 && globalThis.held ? [{rawValue: globalThis.held}] : [];
};"""
"""What a browser that reads barcodes itself offers; the Chromium of a Linux machine has none."""


def film(barcode: str, file: Path) -> Path:
    """What a camera sees that is held before this barcode: a few pictures, one after the other."""
    bars = zxingcpp.create_barcode(barcode, zxingcpp.BarcodeFormat.Code128).to_image(scale=3)
    height, width = bars.shape
    drawn = Image.frombytes("L", (width, height), memoryview(bars).tobytes())  # type: ignore[arg-type]  # a buffer
    pictures = io.BytesIO()
    for step in range(6):
        picture = Image.new("RGB", SIZE, (96, 92, 88))
        card = drawn.resize((min(width, 560), 160)).rotate(2 * step - 5, expand=True, fillcolor=255)
        picture.paste(card.convert("RGB"), (30 + 2 * step, 140))
        picture.save(pictures, "JPEG", quality=85)
    file.write_bytes(pictures.getvalue())
    return file


@asynccontextmanager
async def phone(site: Site, *flags: str, reader: str = "", allowed: bool = True) -> AsyncIterator[Hands]:
    """A phone in somebody's hand, before the sign-in."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *flags])
        context = await browser.new_context(
            viewport={"width": 360, "height": 640}, locale="en-GB", is_mobile=True, has_touch=True, color_scheme="dark",
            permissions=["camera"] if allowed else [],
        )  # fmt: skip
        hands = Hands(site, context, await context.new_page())
        if reader:
            await hands.page.add_init_script(reader)
        await hands.open("/sign-in")
        await hands.sees("Scan your badge")
        yield hands
        await browser.close()


def seeing(file: Path) -> tuple[str, ...]:
    """Chromium takes this film for its camera."""
    return ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={file}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory, demo_data: Callable[[Path], Path]) -> AsyncIterator[Site]:
    opened = Site(demo_data(tmp_path_factory.mktemp("camera") / "data"))
    await opened.start("--demo")
    yield opened
    await opened.kill()


async def test_our_own_reader_reads_a_badge_and_is_there_without_a_network_from_then_on(
    site: Site, tmp_path: Path
) -> None:
    badge, pin = site.people["picker"][0]
    async with phone(site, *seeing(film(badge, tmp_path / "badge.mjpeg"))) as hand:
        assert not await hand.page.evaluate("'BarcodeDetector' in globalThis")
        fetched: list[str] = []
        hand.page.on("request", lambda request: fetched.append(request.url))
        await hand.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await hand.page.reload()
        await hand.page.wait_for_function("navigator.serviceWorker.controller !== null")
        assert not any(".wasm" in url for url in fetched)
        await hand.tap("Scan with the camera")
        await hand.sees("PIN")
        await expect(hand.page.locator("dialog.camera")).to_have_count(0)
        assert any(".wasm" in url for url in fetched)

        await hand.context.set_offline(True)
        await hand.page.reload()
        await hand.sees("Scan your badge")
        await hand.tap("Scan with the camera")
        await hand.sees("PIN")
        await hand.context.set_offline(False)
        await hand.page.keyboard.type(pin, delay=60)
        await hand.page.keyboard.press("Enter")
        await hand.sees("This device is not enrolled")


async def test_a_browser_that_reads_barcodes_itself_needs_nothing_of_ours(site: Site, tmp_path: Path) -> None:
    badge = site.people["picker"][1][0]
    flags = seeing(film("T-0419", tmp_path / "tote.mjpeg"))
    async with phone(site, *flags, reader=OWN_READER) as hand:
        fetched: list[str] = []
        hand.page.on("request", lambda request: fetched.append(request.url))
        await hand.tap("Scan with the camera")
        await expect(hand.page.locator("dialog.camera video")).to_be_visible()
        assert await hand.faults_at_every_size() == []
        await hand.page.evaluate("(badge) => { globalThis.held = badge; }", badge)
        await hand.sees("PIN")
        assert not any(".wasm" in url for url in fetched)


async def test_what_is_no_badge_is_answered_as_if_a_scanner_had_read_it(site: Site, tmp_path: Path) -> None:
    async with phone(site, *seeing(film("T-0419", tmp_path / "tote.mjpeg"))) as hand:
        await hand.tap("Scan with the camera")
        await hand.sees("This is a tote.")


async def test_whoever_says_no_and_whoever_has_no_camera_reads_why_and_what_to_do(site: Site, tmp_path: Path) -> None:
    flags = seeing(film("T-0419", tmp_path / "tote.mjpeg"))
    async with phone(site, *flags, "--deny-permission-prompts", allowed=False) as hand:
        await hand.tap("Scan with the camera")
        await hand.sees("was told not to use the camera")
        assert await hand.faults_at_every_size() == []
        await hand.picture("camera-refused")
        await hand.context.grant_permissions(["camera"])
        await hand.tap("Try again")
        await hand.sees("This is a tote.")
    async with phone(site) as hand:
        await hand.tap("Scan with the camera")
        await hand.sees("has no camera")
        await hand.tap("Close")
        await hand.sees("Scan your badge")
        await hand.is_accessible()
        await hand.picture("camera-none")
