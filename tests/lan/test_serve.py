"""A demo that worked on its own machine comes to the local network: TLS, a page without it, and PINs of its own."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from seed.data import load_demo
from seed.pins import FILE, kept, with_pins
from seed.shift.handheld import Handheld
from seed.shift.live import Follower
from server.core.ids import new_id
from server.lan.client import trust
from server.web.origin import SESSION_COOKIE
from tests.support.site import Site

PUBLIC = {each.badge: each.pin for each in load_demo().people}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    opened = Site(tmp_path / "data")
    await opened.start("--demo")
    yield opened
    await opened.kill()


async def sign_in(client: httpx.AsyncClient, badge: str, pin: str) -> httpx.Response:
    return await client.post("/api/auth/sign-in", json={"badge": badge, "pin": pin})


async def test_a_demo_that_comes_to_the_local_network(site: Site) -> None:
    (badge, public), *_ = site.people["supervisor"]
    assert public == PUBLIC[badge]
    async with site.client() as client:
        assert (await sign_in(client, badge, public)).status_code == 200
    assert await site.stop() == 0
    site.people.clear()

    site.settings["LAN"] = "1"
    await site.start("--demo")
    assert any(f"{len(PUBLIC)} PINs of the demo were everybody's" in line for line in site.said)
    assert (site.folder / FILE).stat().st_mode & 0o777 == 0o600
    own = dict(site.people["supervisor"])[badge]
    assert own == kept(site.folder)[badge]
    assert not {pin for people in site.people.values() for _, pin in people} & set(PUBLIC.values())

    async with site.client() as client:
        assert (await sign_in(client, badge, public)).status_code == 401
        signed = await sign_in(client, badge, own)
        cookie = signed.headers["set-cookie"]
        assert cookie.startswith(f"__Host-{SESSION_COOKIE}=")
        assert {"Secure", "HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))
        assert "strict-transport-security" not in signed.headers
        foreign = {"Origin": f"http://127.0.0.1:{site.port}"}
        assert (await client.post("/api/auth/sign-out", headers=foreign)).status_code == 403
        assert (await client.get("/api/auth/me", headers={"Host": "evil.example"})).status_code == 400

        shown = (await client.get("/api/lan")).json()["lan"]
        assert any(line == f"Handhelds begin on {shown['page']}" for line in site.said)
        assert f"https://localhost:{site.port}/" in shown["urls"]
        assert shown["standing"] == "good"

        live = f"wss://127.0.0.1:{site.port}/api/live"
        follower = Follower(live, cookie.partition(";")[0], origin=site.url, tls=trust(site.folder))
        async with follower:
            await follower.follow("board", "1")

        port = re.search(r":(\d+)/$", shown["page"])
        assert port is not None
        page = f"http://127.0.0.1:{port.group(1)}/"
        async with httpx.AsyncClient(follow_redirects=False) as plain:
            told = await plain.get(page)
            assert shown["fingerprint"] in told.text.replace("<wbr>", "")
            assert f"https://127.0.0.1:{site.port}/" in told.text
            assert (await plain.get(f"{page}api/auth/me")).status_code == 303
            assert (await plain.post(f"{page}api/auth/sign-in", json={})).status_code == 405

    assert (await site.run("health"))[0] == 0
    code, said = await site.run("demo", "--for", "0.02", "--people", "2", "--pace", "50")
    assert code == 0, said
    assert f"A Pickwave runs on {site.url}" in said
    code, said = await site.run("backup", str(site.folder.parent / "backup.zip"))
    assert code == 0
    assert f"Not in it: {site.folder / 'lan'}" in said
    assert await site.stop() == 0

    del site.settings["LAN"]  # back on its own machine the PINs stay the folder's own
    site.people.clear()
    await site.start("--demo")
    assert dict(site.people["supervisor"])[badge] == own
    async with site.client() as client:
        assert (await sign_in(client, badge, public)).status_code == 401
        assert (await sign_in(client, badge, own)).status_code == 200
        assert (await client.get("/api/lan")).json() == {"lan": None}


@pytest.mark.soak
async def test_two_hundred_sign_ins_at_once_are_all_answered_and_the_floor_goes_on(tmp_path: Path) -> None:
    """Over TLS, each on a connection of its own, with PINs as slow as they are; among them some that are wrong."""
    site = Site(tmp_path / "data", settings={"LAN": "1"})
    await site.start("--demo")
    everybody = [who for people in site.people.values() for who in people]
    tls = trust(site.folder)

    async def come(number: int) -> int:
        badge, pin = everybody[number % len(everybody)]
        async with httpx.AsyncClient(base_url=site.url, headers={"X-Pickwave": "1"}, timeout=60, verify=tls) as client:
            return (await sign_in(client, badge, pin if number % 20 else "000000")).status_code

    async with site.client() as client:
        hand = Handheld(client, back=_never)
        await hand.enrol(site.codes["Handheld 1"])
        await hand.sign_in(*site.people["picker"][0])
        shift = asyncio.gather(*(come(number) for number in range(200)))
        served = 0
        while not shift.done():
            assert (await hand.did("skip", task=str(new_id()), reason="later"))["outcome"] == "task_unknown"
            served += 1
        codes = Counter(await shift)
    assert codes[200] == 190
    assert codes.total() == 200
    assert set(codes) <= {200, 401, 429}
    assert served > 50
    assert await site.stop() == 0


async def _never() -> None:
    raise AssertionError("the server was away")


def test_the_sheets_and_the_people_who_are_not_there_know_the_folders_own_pins(tmp_path: Path) -> None:
    demo = load_demo()
    assert with_pins(demo, kept(tmp_path)) == demo
    badge = demo.people[0].badge
    assert with_pins(demo, {badge: "864209"}).people[0].pin == "864209"
    assert with_pins(demo, {badge: "864209"}).people[1:] == demo.people[1:]
