"""Why: what a packer's scans are called on the wire; the floor desk takes them beside those of picking."""

from __future__ import annotations

from typing import Final

from server.packing.schemas import ChooseCarton, OpenTote, PackItem, PackShort, UndoPacking, Weigh
from server.packing.service import cartons, items, shorts, totes, undo, weights
from server.tasks.floor import Kind

KINDS: Final[dict[str, Kind]] = {
    "pack.open": Kind(OpenTote, totes.open_tote, fact=False, permission="pack.work"),
    "pack.item": Kind(PackItem, items.pack_item, fact=True, permission="pack.work"),
    "pack.carton": Kind(ChooseCarton, cartons.choose_carton, fact=False, permission="pack.work"),
    "pack.weigh": Kind(Weigh, weights.weigh, fact=False, permission="pack.work"),
    "pack.short": Kind(PackShort, shorts.short, fact=True, permission="pack.work"),
    "pack.undo": Kind(UndoPacking, undo.undo, fact=False, permission="pack.work"),
}
