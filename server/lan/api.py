"""Why: whoever hands out handhelds shows them the way: the page's address as a QR code, the fingerprint to compare,
and in time what is wrong with the authority.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Final, cast

import msgspec
from litestar import Request, Router, get

from printers import qr
from server.background import Site
from server.lan import keeper
from server.lan.keeper import At
from server.lan.rules import Standing
from server.settings import Settings

DEVICES: Final = {"permission": "devices.manage"}


class LanShown(msgspec.Struct, frozen=True):
    """How the server is reached on the local network.

    `page` is where a new device begins and `qr` its drawing; `urls` are the server's own addresses, the one to use
    first; `fingerprint` is the authority's (SHA-256), `until` its end. `out_of_reach`: names of this machine for which
    the authority cannot vouch.
    """

    page: str
    qr: str
    urls: tuple[str, ...]
    fingerprint: str
    until: datetime
    standing: Standing
    out_of_reach: tuple[str, ...]


class LanAnswer(msgspec.Struct, frozen=True):
    """`lan` is null where the server is not there for the local network: start it with `PICKWAVE_LAN=1`."""

    lan: LanShown | None


@get("/lan", opt=DEVICES, summary="How handhelds of the local network come in")
async def lan(request: Request[Any, Any, Any]) -> LanAnswer:
    """The onboarding page with its QR code, the server's addresses, the authority's fingerprint and how it stands."""
    at: At | None = request.app.state.lan
    if at is None:
        return LanAnswer(None)
    authority = at.lan.authority
    return LanAnswer(
        LanShown(
            page=at.page,
            qr=qr.svg(at.page),
            urls=at.urls,
            fingerprint=authority.fingerprint,
            until=authority.span.until,
            standing=at.lan.standing,
            out_of_reach=at.lan.out_of_reach,
        )
    )


async def run(site: Site) -> None:
    """For `app.py`'s BACKGROUND: looks again and again, and makes anew what is due."""
    at = cast(At, site.things["lan"])
    while True:
        await asyncio.sleep(at.lan.every)
        reason = await asyncio.to_thread(at.lan.look)
        if reason is not None:
            keeper.note(reason, at.lan)


def wanted(settings: Settings) -> bool:
    """Whether this process is there for the local network."""
    return settings.lan


router = Router(path="/api", route_handlers=[lan], tags=["Local network"])
