"""Why: before the day somebody has to be let in: people with their badges, devices with a secret.

The demo's own badges and PINs are data (`demo/people.toml`, `seed/pins.py`). Devices are the shift's own, made by the
administrator over the API and offered anew on the next day, so that those of `make run` stay free for whoever tries
them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from seed.model import Demo, Person
from seed.pins import new_pin
from seed.shift.caller import Caller
from seed.shift.handheld import Handheld


@dataclass
class Crew:
    """Lets people in. `office` is signed in as the administrator; `caller` makes a screen at which nobody stands."""

    office: Caller
    demo: Demo
    caller: Callable[[], Awaitable[Caller]]
    _devices: dict[str, str] | None = None
    """The devices there are: name → id."""

    def people(self, role: str) -> list[Person]:
        """The demo's people with this role, of the first warehouse."""
        return [each for each in self.demo.people if role in each.roles and not each.branch]

    async def pickers(self, wanted: int) -> list[tuple[str, str, str]]:
        """Name, badge and PIN of so many pickers; who is missing is hired."""
        own = [(each.name, each.badge, each.pin) for each in self.people("picker")][:wanted]
        return [*own, *[await self._hired(number) for number in range(len(own) + 1, wanted + 1)]]

    async def _hired(self, number: int) -> tuple[str, str, str]:
        """Somebody for the day; on a further day the same person with a new PIN."""
        name = f"Demo picker {number}"
        known = {each["name"]: each for each in await self._all("people")}
        if name in known:
            person, reset = known[name], await self._post(f"people/{known[name]['id']}/reset-pin", {})
            once = reset["pin"]
        else:
            body = {"name": name, "roles": ["picker"], "language": "en", "warehouse": self.demo.warehouse.number}
            added = await self._post("people", body)
            person, once = added["person"], added["pin"]
        pin = new_pin()
        await (await self.caller()).sign_in(person["badge"], once, new_pin=pin)
        return name, person["badge"], pin

    async def equip(self, handheld: Handheld, name: str, badge: str, pin: str, station: str | None = None) -> None:
        """A device in somebody's hand, enrolled and signed in."""
        await handheld.enrol(await self._code(f"Demo device of {name}", station))
        await handheld.sign_in(badge, pin)

    async def _code(self, name: str, station: str | None) -> str:
        """An enrolment code for this device, whether it is there already or not."""
        if self._devices is None:
            self._devices = {each["name"]: each["id"] for each in await self._all("devices")}
        if name in self._devices:
            return str((await self._post(f"devices/{self._devices[name]}/offer", {}))["code"])
        kind = "handheld" if station is None else "station"
        new = {"name": name, "warehouse": self.demo.warehouse.number, "kind": kind, "station": station}
        made = await self._post("devices", new)
        return str(made["code"])

    async def _all(self, what: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": 500}
        while True:
            page = await self.office.get(f"/api/auth/{what}", **query)
            rows += page["items"]
            if page["next"] is None:
                return rows
            query["after"] = page["next"]

    async def _post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer: httpx.Response = await self.office.ask("POST", f"/api/auth/{what}", body or None)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said
