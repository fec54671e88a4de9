"""Whoever is at work stays at work: their own badge again, another badge by accident, their own language."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Hands
from tests.support.site import Site

pytestmark = pytest.mark.story

Make = Callable[..., Awaitable[Hands]]


async def test_a_person_who_signs_in_again_simply_goes_on_in_the_language_they_chose(site: Site, hands: Make) -> None:
    badge, pin = site.people["picker"][0]
    picker = await hands(handheld=True)
    await picker.open(f"/sign-in?enrol={next(iter(site.codes.values()))}")
    await picker.tap("English")
    await picker.sees("Scan your badge")
    await picker.scan(badge)
    await expect(picker.page.locator(".full")).to_have_count(0)  # the answer goes; the PIN's field keeps the focus
    await picker.types(pin)
    await picker.sees("Me and this device")
    for _ in range(2):
        await picker.scan(badge)
        await picker.sees("Go on as")
        await picker.types(pin)
        await picker.sees("Me and this device")
        await expect(picker.page.locator(".pill.ok")).to_have_text("live")
        assert (await picker.page.evaluate("fetch('/api/auth/me').then((answer) => answer.status)")) == 200
        await expect(picker.page).to_have_url(re.compile("/pick$"))

    await picker.scan(site.people["picker"][1][0])
    await picker.sees("Go on as")
    await picker.is_accessible()
    await picker.tap("Go on as")
    await picker.sees("Me and this device")

    await picker.page.reload()
    await picker.tap("Me and this device")
    await picker.tap("Deutsch")
    await picker.sees("Abmelden")
    await picker.page.reload()
    await picker.sees("Abmelden")
