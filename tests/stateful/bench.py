"""The same shift with its pack stations: totes, items, cartons, labels, and a carrier who is not always there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from server.packing.schemas import AcceptWeight
from server.packing.service import weights
from server.shipping import service as shipping
from server.shipping.port import Booked, CarrierAway, CarrierRefused, Parcel
from server.shipping.worker import LabelWorker
from server.tasks.schemas import Answered
from tests.stateful import books
from tests.stateful.machine import ANY, BINS, MOSTLY, UNITS, WHO, Sent, Shift, nth
from tests.support.world import gtin

STATION = st.integers(0, 1)
SCANS = ("weigh", "weigh wrong", "close", "close wrong", "change", "new", "reprint")
MOODS = ("yes", "yes", "yes", "no", "away")


class Carrier:
    """Answers as it feels."""

    def __init__(self, mood: str) -> None:
        self.mood = mood

    async def book(self, parcel: Parcel) -> Booked | CarrierRefused:
        """A tracking number, a no, or nothing."""
        if self.mood == "away":
            raise CarrierAway
        return Booked(f"TP{parcel.key.hex[-10:]}", "DE 53") if self.mood == "yes" else CarrierRefused("No.")

    async def void(self, key: UUID) -> None:
        """Hears it, or not."""
        if self.mood == "away":
            raise CarrierAway


class House(Shift):
    """The shift, the pack stations and the edge that asks the carrier."""

    # --- the way it should be

    @precondition(lambda self: bool(books.packable(self.seen)))
    @rule(who=WHO, station=STATION, at=ANY, far=st.integers(0, 3))
    def pack_an_order(self, who: int, station: int, at: int, far: int) -> None:
        """What lies in an order's totes goes into its carton, a part or all; then weight and label, up to a point."""
        part = nth(books.packable(self.seen), at).part
        due = _once([each for each in books.packable(self.seen) if each.part == part])
        opened = [
            ("pack.open", {"station": self.ground.stations[station], "tote": tote})
            for tote in dict.fromkeys(each.tote for each in due)
        ]
        items = [("pack.item", self.item(station, each, each.units if far else 1)) for each in due]
        self.do(who, *opened, *(items if far else items[:1]))
        if far > 1 and self.online[who]:
            self.look()
            self.carrier("yes")
            self.look()
            for carton in [each for each in self.seen.cartons if (each.fulfilment_id, each.label) == (part, "live")]:
                weigh = ("pack.weigh", {"carton": carton.id, "grams": carton.expected_g})
                close = ("pack.close", {"carton": carton.id, "sscc": f"00{carton.sscc}"})
                self.do(who, *(weigh, close)[: far - 1])

    # --- any other way

    @precondition(lambda self: bool(books.packable(self.seen)))
    @rule(who=WHO, station=STATION, at=ANY, units=UNITS, tote=BINS, any_lot=st.booleans())
    def pack(self, who: int, station: int, at: int, units: str, tote: str, any_lot: bool) -> None:
        each = nth(books.packable(self.seen), at)
        quantity = {"right": each.units, "few": max(1, each.units - 1), "many": each.units + 2, "absurd": 2_000_000}
        body = self.item(station, each, quantity[units])
        body["tote"] = {"right": each.tote, "other": "T-0020", "unknown": "T-9999"}[tote]
        self.do(who, ("pack.item", body | ({"lot": None} if any_lot else {})))

    @precondition(lambda self: any(row.kind == "tote" and row.on_hand for row in self.seen.stock))
    @rule(who=WHO, station=STATION, at=ANY)
    def open_a_tote(self, who: int, station: int, at: int) -> None:
        """Mostly one in which something lies."""
        filled = sorted({row.lpn for row in self.seen.stock if row.kind == "tote" and row.on_hand})
        tote = nth(filled, at) if at < MOSTLY else f"T-{at:04d}"
        self.do(who, ("pack.open", {"station": self.ground.stations[station], "tote": tote}))

    @precondition(lambda self: bool(books.packable(self.seen)))
    @rule(who=WHO, station=STATION, at=ANY, missing=st.integers(1, 3), reason=st.sampled_from(("missing", "damaged")))
    def find_too_few(self, who: int, station: int, at: int, missing: int, reason: str) -> None:
        """Units that were picked are not in the tote, or are broken."""
        body = self.item(station, nth(books.packable(self.seen), at), missing)
        del body["lot"]
        self.do(who, ("pack.short", {**body, "missing": body.pop("qty"), "reason": reason}))

    @precondition(lambda self: any(each.state == "open" for each in self.seen.cartons))
    @rule(who=WHO, at=ANY)
    def unpack(self, who: int, at: int) -> None:
        """The last item comes out again."""
        carton = nth([each for each in self.seen.cartons if each.state == "open"], at)
        self.do(who, ("pack.undo", {"fulfilment": carton.fulfilment_id}))

    @precondition(lambda self: self.seen.cartons)
    @rule(
        who=WHO,
        at=ANY,
        what=st.sampled_from(SCANS),
    )
    def scan_at_a_carton(self, who: int, at: int, what: str) -> None:
        carton = self.some_carton(at)
        bodies: dict[str, tuple[str, dict[str, Any]]] = {
            "weigh": ("pack.weigh", {"carton": carton.id, "grams": max(1, carton.expected_g)}),
            "weigh wrong": ("pack.weigh", {"carton": carton.id, "grams": carton.expected_g + 400}),
            "close": ("pack.close", {"carton": carton.id, "sscc": f"00{carton.sscc}"}),
            "close wrong": ("pack.close", {"carton": carton.id, "sscc": f"00{self.seen.cartons[0].sscc}"}),
            "change": ("pack.carton", {"fulfilment": carton.fulfilment_id, "carton_type": "M"}),
            "new": ("pack.carton", {"fulfilment": carton.fulfilment_id, "carton_type": "S", "new": True}),
            "reprint": ("pack.reprint", {"carton": carton.id}),
        }
        self.do(who, bodies[what])

    # --- desk and carrier

    @precondition(lambda self: self.seen.cartons)
    @rule(at=ANY, what=st.sampled_from(("void", "retry", "accept")))
    def decide_about_a_carton(self, at: int, what: str) -> None:
        """A label is taken back or asked for again, a weight is taken as it is."""
        carton = self.some_carton(at).id
        runs = {
            "void": lambda work: shipping.void_label(work, 1, carton),
            "retry": lambda work: shipping.retry_label(work, 1, carton),
            "accept": lambda work: weights.accept_weight(work, 1, carton, AcceptWeight(grams=777, why="as it is")),
        }
        self.ask(runs[what])

    @precondition(lambda self: any(each.label == "wanted" for each in self.seen.cartons))
    @rule(mood=st.sampled_from(MOODS))
    def carrier(self, mood: str) -> None:
        """The carrier hears of everything that is due."""
        self.changed = True
        world = self.ground.world
        self.ground.run(LabelWorker(world.db, Carrier(mood), world.clock).step())

    # --- how it is done

    def some_carton(self, at: int) -> Any:
        """A carton, mostly one that is on a bench."""
        here = [each for each in self.seen.cartons if each.state in ("open", "complete")]
        return nth(here if here and at < MOSTLY else self.seen.cartons, at)

    def item(self, station: int, each: books.Packable, quantity: int) -> dict[str, Any]:
        """What a packer's scan of an item says."""
        return {
            "station": self.ground.stations[station], "fulfilment": each.part, "tote": each.tote,
            "item": self.codes[each.item], "qty": quantity, "lot": each.lot or None,
        }  # fmt: skip

    @property
    def codes(self) -> dict[UUID, str]:
        """The barcode of each item."""
        return {item: gtin(number) for number, item in enumerate(self.ground.world.items.values())}

    def believe(self, who: int, command: Sent, answer: Answered) -> None:
        """What a packer did not find is in nobody's hands."""
        super().believe(who, command, answer)
        if answer.outcome == "shorted_backordered" and command["kind"] == "pack.short":
            body = command["body"]
            item = next(item for item, code in self.codes.items() if code == body["item"])
            self.taken[item] -= body["missing"]


def _once(due: list[books.Packable]) -> list[books.Packable]:
    """Each item of the order out of the first of the totes that hold it."""
    return list({each.item: each for each in reversed(due)}.values())
