"""The page without TLS: it hands out the certificate and the way, and nothing else is to be had there."""

from __future__ import annotations

import base64
import hashlib
import plistlib
import re
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from server.core.clock import ManualClock
from server.lan.keeper import Lan
from server.lan.onboarding import FILES, Onboarding
from server.lan.words import DEVICES
from server.settings import Settings

ANDROID = "Mozilla/5.0 (Linux; Android 13; TC52) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Version/18.1 Mobile Safari/604"


@pytest.fixture(scope="module")
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 26, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def lan(tmp_path_factory: pytest.TempPathFactory, clock: ManualClock) -> Lan:
    settings = Settings(lan=True, data_dir=tmp_path_factory.mktemp("lan"))
    return Lan.open(settings, clock, lambda: ("halle-3", ("10.20.0.5",)))


@pytest.fixture
async def page(lan: Lan) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Onboarding(lan, 8300))  # type: ignore[arg-type]  # ASGI, typed differently
    async with httpx.AsyncClient(transport=transport, base_url="http://10.20.0.5:8380") as client:
        yield client


async def test_the_page_needs_no_script_and_sets_no_cookie(page: httpx.AsyncClient) -> None:
    answer = await page.get("/")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "set-cookie" not in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "strict-transport-security" not in answer.headers
    assert (await page.get("/page.css")).headers["content-type"].startswith("text/css")


async def test_the_page_speaks_the_readers_language_and_begins_with_their_device(page: httpx.AsyncClient) -> None:
    german = await page.get("/", headers={"Accept-Language": "de-DE,de;q=0.9", "User-Agent": IPHONE})
    assert 'lang="de"' in german.text
    first = re.search(r"<details( open)?><summary>([^<]+)", german.text)
    assert first is not None
    assert first.groups() == (" open", DEVICES["ios"].name.de)
    english = await page.get("/", headers={"Accept-Language": "en", "User-Agent": ANDROID})
    assert f"<details open><summary>{DEVICES['android'].name.en}" in english.text
    assert english.text.count("<details") == len(DEVICES)
    assert english.text.count("<details open") == 1


async def test_the_certificate_is_one_in_every_form_and_its_fingerprint_is_on_the_page(
    page: httpx.AsyncClient, lan: Lan
) -> None:
    shown = (await page.get("/")).text.replace("<wbr>", "")
    assert lan.authority.fingerprint in shown
    got = {path: (await page.get(path)) for path in FILES}
    assert all("attachment" in answer.headers["content-disposition"] for answer in got.values())
    profile = plistlib.loads(got["/pickwave.mobileconfig"].content)
    forms = (
        got["/pickwave-ca.crt"].content,
        got["/pickwave-ca.der"].content,
        ssl.PEM_cert_to_DER_cert(got["/pickwave-ca.pem"].text),
        profile["PayloadContent"][0]["PayloadContent"],
    )
    for form in forms:
        assert hashlib.sha256(form).hexdigest().upper() == lan.authority.fingerprint.replace(":", "")
    assert profile["PayloadContent"][0]["PayloadType"] == "com.apple.security.root"
    key = base64.b64encode(b"PRIVATE KEY")
    assert not any(b"PRIVATE" in answer.content or key in answer.content for answer in got.values())


@pytest.mark.parametrize(
    ("host", "link"),
    [
        ("10.20.0.5:8380", "https://10.20.0.5:8300/"),
        ("halle-3.local:8380", "https://halle-3.local:8300/"),
        ("[::1]:8380", "https://[::1]:8300/"),
    ],
)
async def test_the_page_leads_to_tls_under_the_name_by_which_it_was_called(
    page: httpx.AsyncClient, host: str, link: str
) -> None:
    assert f'href="{link}"' in (await page.get("/", headers={"Host": host})).text


async def test_a_name_of_somebody_else_is_refused(page: httpx.AsyncClient) -> None:
    """DNS rebinding: another site's name that leads to our address."""
    answer = await page.get("/", headers={"Host": "evil.example:8380"})
    assert answer.status_code == 421
    assert "evil" not in answer.text


async def test_everything_else_leads_to_the_page_and_nothing_is_done_here(page: httpx.AsyncClient) -> None:
    for path in ("/api/auth/me", "/orders/1", "/sw.js", "/../lan/authority.pem", "/pickwave-ca.key"):
        answer = await page.get(path, headers={"Cookie": "pickwave_session=x"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), path
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = await page.request(method, "/api/auth/sign-in", content=b'{"badge":"P-7K2M9QXTS","pin":"482915"}')
        assert answer.status_code == 405
        assert "https://10.20.0.5:8300/" in answer.text


async def test_an_authority_that_is_over_is_said_on_the_page(
    page: httpx.AsyncClient, lan: Lan, clock: ManualClock
) -> None:
    now, span = clock.now(), lan.authority.span
    for moment, said in ((span.until + timedelta(days=1), "pickwave lan new"), (span.since, "Valid until"),
                         (span.since - timedelta(days=1), "clock is wrong")):  # fmt: skip
        clock.advance((moment - clock.now()).total_seconds())
        assert said in (await page.get("/")).text
    clock.advance((now - clock.now()).total_seconds())
