"""A real server with the demo warehouse, and its administrator signed in at a device."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.site import Site


@dataclass
class Admin:
    """The administrator over plain HTTP; signs in again when a request has ended the session."""

    site: Site
    http: httpx.Client
    secret: str = ""
    device: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def enrol(self) -> None:
        """Becomes one of the demo's devices."""
        code = next(iter(self.site.codes.values()))
        answer = self.http.post("/api/auth/devices/enrol", json={"code": code})
        answer.raise_for_status()
        self.secret, self.device = answer.json()["secret"], answer.json()["device"]

    def sign_in(self) -> None:
        """A fresh session."""
        badge, pin = self.site.people["admin"][0]
        self.http.cookies.clear()
        headers = {"Authorization": f"Device {self.secret}"}
        answer = self.http.post("/api/auth/sign-in", json={"badge": badge, "pin": pin}, headers=headers)
        answer.raise_for_status()
        self.cookies = dict(answer.cookies)
        self.http.cookies.update(self.cookies)

    @property
    def headers(self) -> dict[str, str]:
        """What our app sends with every request."""
        return {"X-Pickwave": "1", "Accept-Language": "en"}

    @property
    def as_device(self) -> dict[str, str]:
        """What the device itself sends, without a person."""
        return {"Authorization": f"Device {self.secret}"}

    def again(self, ask: Callable[[], Any]) -> Any:
        """An answer to `ask`, asked once more with a fresh session where this one has ended."""
        answer = ask()
        if answer.status_code != 401:
            return answer
        self.sign_in()
        return ask()


@pytest.fixture(scope="module")
def admin(tmp_path_factory: pytest.TempPathFactory, demo_data: Callable[[Path], Path]) -> Iterator[Admin]:
    loop = asyncio.new_event_loop()
    site = Site(demo_data(tmp_path_factory.mktemp("schema") / "data"))
    loop.run_until_complete(site.start("--demo"))
    try:
        with httpx.Client(base_url=site.url, headers={"X-Pickwave": "1"}, timeout=20) as http:
            signed_in = Admin(site, http)
            signed_in.enrol()
            signed_in.sign_in()
            yield signed_in
    finally:
        stopped = loop.run_until_complete(site.stop())
        loop.close()
    assert stopped == 0
