"""A whole handheld in sixty lines: enrols, signs in, takes a tour, loads the cart, picks every stop, hands it over.

    python pick_a_tour.py http://127.0.0.1:8300 ENROLMENT-CODE P-BADGE PIN S-PACK-1
"""

import secrets
import sys
import time
import uuid
from datetime import UTC, datetime

import httpx


def uuid7() -> str:
    now = int(time.time() * 1000) << 80
    return str(uuid.UUID(int=now | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)))


class Handheld:
    def __init__(self, url: str, code: str, badge: str, pin: str) -> None:
        self.http = httpx.Client(base_url=url, headers={"X-Pickwave": "1"})
        enrolled = self.post("/api/auth/devices/enrol", {"code": code})
        self.device, self.as_device = enrolled["device"], {"Authorization": f"Device {enrolled['secret']}"}
        self.ticket = self.post("/api/auth/sign-in", {"badge": badge, "pin": pin})["ticket"]
        self.epoch, self.seq = secrets.token_urlsafe(16), 0

    def post(self, path: str, body: dict) -> dict:
        answer = self.http.post(path, json=body, headers=getattr(self, "as_device", {}))
        answer.raise_for_status()
        return answer.json()

    def say(self, kind: str, **body: object) -> dict:
        """One command. A real device stores it before it sends, and sends again until it is answered."""
        self.seq += 1
        command = {"id": uuid7(), "seq": self.seq, "kind": kind, "ticket": self.ticket, "after": [], "version": None,
                   "at": datetime.now(UTC).isoformat(), "body": body}  # fmt: skip
        answer = self.post("/api/floor/commands", {"device": self.device, "epoch": self.epoch, "commands": [command]})
        print(kind, answer["answers"][0]["outcome"])
        return answer["answers"][0]

    def tours(self) -> dict:
        return self.http.get("/api/floor/queue").raise_for_status().json()


def first(handheld: Handheld, kind: str, right: str, what: str, codes: list[str], **body: object) -> str:
    """The first of these carts or totes that is free."""
    return next(code for code in codes if handheld.say(kind, **body, **{what: code})["outcome"] == right)


def pick_a_tour(handheld: Handheld, station: str) -> None:
    tour = next(iter(handheld.tours()["offers"]))
    handheld.say("tour.take", tour=tour)
    first(handheld, "tour.cart", "cart_bound", "cart", [f"C-{n:02d}" for n in range(1, 99)], tour=tour)
    for slot in handheld.tours()["tours"][tour]["slots"]:
        totes = [f"T-{n:04d}" for n in range(1, 9999)]
        first(handheld, "tour.tote", "tote_bound", "tote", totes, tour=tour, slot=slot["slot"])
    for stop in handheld.tours()["tours"][tour]["stops"]:
        what = {"task": stop["task"], "qty": stop["quantity"], "item": "scanned", "lot": stop["lot"] or None}
        handheld.say("pick", bin=f"B-{stop['bin']['code']}", tote=stop["tote"], slot=stop["slot"], **what)
    handheld.say("tour.finish", tour=tour, place=station)


if __name__ == "__main__":
    pick_a_tour(Handheld(*sys.argv[1:5]), sys.argv[5])
