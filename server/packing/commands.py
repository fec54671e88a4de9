"""Why: what a packer's scans are called on the wire; the floor desk takes them beside those of picking."""

from __future__ import annotations

from typing import Final

from server.packing import service
from server.packing.schemas import ChooseCarton, OpenTote, PackItem, PackShort, UndoPacking, Weigh
from server.tasks.floor import Kind

KINDS: Final[dict[str, Kind]] = {
    "pack.open": Kind(OpenTote, service.open_tote, fact=False, permission="pack.work"),
    "pack.item": Kind(PackItem, service.pack_item, fact=True, permission="pack.work"),
    "pack.carton": Kind(ChooseCarton, service.choose_carton, fact=False, permission="pack.work"),
    "pack.weigh": Kind(Weigh, service.weigh, fact=False, permission="pack.work"),
    "pack.short": Kind(PackShort, service.short, fact=True, permission="pack.work"),
    "pack.undo": Kind(UndoPacking, service.undo, fact=False, permission="pack.work"),
}
