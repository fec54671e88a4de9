"""Why: where goods can be, and the floor that people walk on to get there.

A floor is a pure function of the warehouse's geometry, so it is kept by that text: a changed warehouse is another
text, in every process, without anyone having to be told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from server.core.editions import unchanged
from server.core.refusal import Fault, Refusal
from server.db.base import CORE
from server.db.work import Work, counted
from server.locations import growing, layout, serials, store
from server.locations.floor import Corner, Floor, Link, OffGrid, Stop
from server.locations.models import BIN_TYPES, VIRTUAL_TYPES
from server.locations.schemas import (
    Aisles,
    Bin,
    BinList,
    FloorMap,
    FloorZone,
    LaidOut,
    Layout,
    NewBin,
    NewWarehouse,
    NewZone,
    PutWarehouse,
    Warehouse,
    WarehouseList,
    WarehouseView,
)
from server.locations.store import Connection

BIN_CODE: Final = re.compile(r"^[A-Z0-9]+(?:-[A-Z0-9]+)*$")
MOST: Final = 500
"""Bins on a page, at most."""
MOST_AISLES: Final = 99


# --- making places -----------------------------------------------------------------------------------------------


def create_warehouse(work: Work, new: NewWarehouse) -> int:
    """Makes a warehouse and gives its number; refuses `invalid` with every fault and `name_taken`."""
    if faults := tuple(_warehouse_faults(new)):
        raise Refusal("invalid", *faults, count=len(faults))
    for row in store.warehouses(work.conn):
        if new.number == row.number or new.code == row.code:
            raise Refusal("name_taken", field="code", got=new.code)
    floor_text = msgspec.to_builtins(new.floor)
    store.add_warehouse(
        work.conn,
        {
            "id": new.number, "code": new.code, "name": new.name, "time_zone": new.time_zone,
            "country": new.country, "address": new.address, "gcp": new.gcp, "floor": floor_text,
        },
    )  # fmt: skip
    return new.number


def put_warehouse(work: Work, number: int, new: PutWarehouse) -> int:
    """Makes a warehouse with the places that every one has, or changes what is said of it.

    It needs its stream beside the core, once it is clear that it is one: nobody gets a writer for a mere number.

    Refuses `invalid` with every fault and `name_taken` where another warehouse has the code.
    """
    row: dict[str, Any] = {
        **msgspec.structs.asdict(new),
        "address": {**msgspec.structs.asdict(new.address), "country": new.country},
    }
    del row["edition"]
    if store.warehouse_of(work.conn, number) is None:
        create_warehouse(work, NewWarehouse(number=number, floor=layout.EMPTY, **row))
        work.need(number)
        create_bins(work, number, layout.special_bins())
        return number
    unchanged(new.edition, warehouse_view(work.conn, number))
    if faults := tuple(_said_faults(new)):
        raise Refusal("invalid", *faults, count=len(faults))
    if any(each.code == new.code and each.number != number for each in store.warehouses(work.conn)):
        raise Refusal("name_taken", field="code", got=new.code)
    work.need(number)
    store.change_warehouse(work.conn, number, row)
    return number


def _warehouse_faults(new: NewWarehouse) -> Iterable[Fault]:
    if not 1 <= new.number <= 32767:
        yield Fault("number", "A warehouse's number is its stream.", "1 to 32767", str(new.number))
    yield from _said_faults(new)
    try:
        _grid(new.floor)
    except ValueError as error:
        yield Fault("floor", "No way leads through this plan.", "aisles and cross-aisles that rise", str(error))


def _said_faults(new: NewWarehouse | PutWarehouse) -> Iterable[Fault]:
    try:
        ZoneInfo(new.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Fault("time_zone", "There is no such time zone.", "a name such as Europe/Berlin", new.time_zone[:60])
    if not (new.gcp.isascii() and new.gcp.isdigit() and 4 <= len(new.gcp) <= 12):
        yield Fault("gcp", "This is no GS1 company prefix.", "4 to 12 digits", new.gcp[:60])


def create_zones(work: Work, warehouse: int, zones: Sequence[NewZone]) -> dict[str, UUID]:
    """Makes zones and gives their ids by code."""
    ids = {each.code: work.new_id() for each in zones}
    rows = [{"id": ids[each.code], "warehouse_id": warehouse, "code": each.code, "name": each.name} for each in zones]
    if rows:
        store.add_zones(work.conn, rows)
    return ids


def create_bins(work: Work, warehouse: int, bins: Sequence[NewBin]) -> dict[str, UUID]:
    """Makes bins, many at a time, and gives their ids by code; refuses `invalid` with every fault."""
    zones = {each.code: each.id for each in store.zones(work.conn, warehouse)}
    if faults := tuple(_bin_faults(bins, zones)):
        raise Refusal("invalid", *faults, count=len(faults))
    ids = {each.code: work.new_id() for each in bins}
    rows = [
        {
            **msgspec.structs.asdict(each), "id": ids[each.code], "warehouse_id": warehouse,
            "zone_id": zones[each.zone] if each.zone is not None else None,
        }
        for each in bins
    ]  # fmt: skip
    for row in rows:
        del row["zone"]
    if rows:
        store.add_bins(work.conn, rows)
    for bin_id in ids.values():
        work.emit("bin.changed", stream=warehouse, bin=bin_id)
    return ids


def _bin_faults(bins: Sequence[NewBin], zones: dict[str, UUID]) -> Iterable[Fault]:
    seen: set[str] = set()
    for index, each in enumerate(bins):
        if not BIN_CODE.match(each.code) or len(each.code) > 40:
            yield Fault(f"bins[{index}].code", "Wanted capitals, digits, dashes.", "A07-03-B", each.code[:60])
        if each.code in seen:
            yield Fault(f"bins[{index}].code", "This code stands twice.", "a code of its own", each.code[:60])
        if each.type not in BIN_TYPES:
            yield Fault(f"bins[{index}].type", "There is no such type.", ", ".join(BIN_TYPES), each.type[:60])
        if each.zone is not None and each.zone not in zones:
            yield Fault(f"bins[{index}].zone", "There is no such zone.", ", ".join(zones), each.zone[:60])
        seen.add(each.code)


def put_bin(work: Work, warehouse: int, new: NewBin, given: Collection[str], *, zone_name: str = "") -> UUID:
    """Makes a bin, or changes the one with this code, and gives its id; a zone that is not there yet is made.

    `given` are the fields that somebody has said: where a bin stands is drawn where nobody has. Its aisle is on the
    floor from then on. Refuses `invalid` with every fault.
    """
    if new.zone is not None and new.zone not in {each.code for each in store.zones(work.conn, warehouse)}:
        create_zones(work, warehouse, [NewZone(code=new.zone, name=zone_name or new.zone)])
    plan = plan_of(work.conn, warehouse)
    grown, standing = growing.placed(plan, new, given)
    if grown != plan:
        store.set_floor(work.conn, warehouse, msgspec.to_builtins(grown))
    known = store.bins_by_code(work.conn, warehouse, [new.code]).get(new.code)
    if known is None:
        return create_bins(work, warehouse, [standing])[new.code]
    zones = {each.code: each.id for each in store.zones(work.conn, warehouse)}
    if faults := tuple(_bin_faults([standing], zones)):
        raise Refusal("invalid", *faults, count=len(faults))
    row = {**msgspec.structs.asdict(standing), "zone_id": None if standing.zone is None else zones[standing.zone]}
    del row["zone"], row["code"]
    store.change_bin(work.conn, warehouse, known[0], row)
    work.emit("bin.changed", stream=warehouse, bin=known[0])
    return known[0]


def ensure_virtual_bins(work: Work, warehouse: int) -> None:
    """Makes the places that close the books (supplier, customer, …) and the carts' own, where they are missing."""
    wanted = [each for each in layout.special_bins() if each.type in (*VIRTUAL_TYPES, "cart")]
    missing = [each for each in wanted if store.special(work.conn, warehouse, each.type) is None]
    if missing:
        create_bins(work, warehouse, missing)


class Planned(NamedTuple):
    """A floor on which a block of aisles is to be made, and the highest number of bin order so far."""

    floor: Aisles
    last: int


def lay_out(work: Work, warehouse: int, wanted: Layout) -> Planned:
    """Puts a block of aisles on the floor plan and makes its zone; its bins are still to be made.

    They follow in portions (`create_missing`), so that no scan waits for a thousand of them. Asked again it goes on.
    """
    _check_aisles(wanted)
    floor = layout.grown(wanted, plan_of(work.conn, warehouse))
    if wanted.zone not in {each.code for each in store.zones(work.conn, warehouse)}:
        create_zones(work, warehouse, [NewZone(code=wanted.zone, name=wanted.zone_name)])
    store.set_floor(work.conn, warehouse, msgspec.to_builtins(floor))
    return Planned(floor, store.last_in_order(work.conn, warehouse))


def create_missing(work: Work, warehouse: int, bins: Sequence[NewBin]) -> int:
    """Makes those of the bins that are not there; answers how many."""
    return len(create_bins(work, warehouse, _missing(work.conn, warehouse, bins)))


def laid_out(conn: Connection, warehouse: int, wanted: Layout) -> LaidOut:
    """What a block of aisles would come to; none of its bins is drawn for that."""
    warehouse_of(conn, warehouse)
    _check_aisles(wanted)
    there = layout.of_block(wanted, store.codes(conn, warehouse))
    return LaidOut(layout.count(wanted) - there, there, *layout.ends(wanted))


def _check_aisles(wanted: Layout) -> None:
    beyond = wanted.first + wanted.aisles - 1
    if beyond > MOST_AISLES:
        raise Refusal("invalid", Fault("aisles", "Aisles are numbered to 99.", "1 to 99", str(beyond)), count=1)


def _missing(conn: Connection, warehouse: int, bins: Sequence[NewBin]) -> list[NewBin]:
    known = store.known_codes(conn, warehouse, [each.code for each in bins])
    return [each for each in bins if each.code not in known]


def lock_bin(work: Work, warehouse: int, bin_id: UUID, *, locked: bool) -> None:
    """Locks a bin (nothing is allocated from it) or unlocks it."""
    if store.bin_by_id(work.conn, warehouse, bin_id) is None:
        raise Refusal("bin_unknown", bin=str(bin_id))
    store.lock(work.conn, warehouse, bin_id, locked)
    work.emit("bin.changed", stream=warehouse, bin=bin_id)


def bins_by_code(conn: Connection, warehouse: int, codes: Iterable[str]) -> dict[str, tuple[UUID, NewBin]]:
    """These bins as they were made or last changed, by code, with their ids."""
    return store.bins_by_code(conn, warehouse, codes)


# --- finding places ----------------------------------------------------------------------------------------------


def warehouse_of(conn: Connection, number: int) -> Warehouse:
    """A warehouse; refuses `not_found`."""
    found = store.warehouse_of(conn, number)
    if found is None:
        raise Refusal("not_found", Fault("warehouse", "There is no such warehouse.", "a number", str(number)))
    return found


def bin_by_code(conn: Connection, warehouse: int, code: str) -> Bin | None:
    """The bin with this code (without `B-`), or None."""
    return store.bin_by_code(conn, warehouse, code)


def bin_by_id(conn: Connection, warehouse: int, bin_id: UUID) -> Bin | None:
    """The bin with this id, or None: also when it is another warehouse's."""
    return store.bin_by_id(conn, warehouse, bin_id)


def special_bin(conn: Connection, warehouse: int, type: str) -> UUID:  # noqa: A002
    """The bin that stands for a type (adjustment, customer, cart, …): the first in bin order."""
    found = store.special(conn, warehouse, type)
    if found is None:
        raise Refusal("bin_unknown", Fault("bin", "This warehouse has no bin of this type.", type), bin=type)
    return found


def today(conn: Connection, warehouse: int, now: datetime) -> date:
    """The day on the warehouse's wall."""
    return now.astimezone(ZoneInfo(warehouse_of(conn, warehouse).time_zone)).date()


def plan_of(conn: Connection, warehouse: int) -> Aisles:
    """The walkable grid of a warehouse; refuses `not_found`."""
    text = store.floor_text(conn, warehouse)
    if text is None:
        raise Refusal("not_found", Fault("warehouse", "There is no such warehouse.", "a number", str(warehouse)))
    return msgspec.json.decode(text, type=Aisles)


# --- the floor ---------------------------------------------------------------------------------------------------


class Ground(NamedTuple):
    """A floor, and which of its aisles has which code."""

    floor: Floor
    aisles: dict[str, int]


def floor(conn: Connection, warehouse: int) -> Floor:
    """The floor that tours are routed on, in millimetres."""
    return ground(conn, warehouse).floor


def ground(conn: Connection, warehouse: int) -> Ground:
    """The floor and the numbers of its aisles by code; refuses `no_aisles` where nobody can walk yet."""
    text = store.floor_text(conn, warehouse)
    if text is None:
        raise Refusal("not_found", Fault("warehouse", "There is no such warehouse.", "a number", str(warehouse)))
    found = _ground(text)
    if found is None:
        raise Refusal("no_aisles")
    return found


def stops(conn: Connection, warehouse: int, bins: Iterable[UUID]) -> dict[UUID, Stop[UUID]]:
    """Where these bins are picked at: a stop each, its key the bin's id. Bins that stand in no aisle are left out."""
    of = ground(conn, warehouse)
    low, high = of.floor.cross_y[0], of.floor.cross_y[-1]
    return {
        each.id: Stop(of.aisles[each.aisle], min(max(each.y_mm, low), high), each.id)
        for each in store.bins_by_id(conn, warehouse, bins)
        if each.aisle in of.aisles
    }


@lru_cache(maxsize=64)
def _ground(text: str) -> Ground | None:
    return _grid(msgspec.json.decode(text, type=Aisles))


def _grid(plan: Aisles) -> Ground | None:
    """Raises ValueError for what is no grid; None without an aisle."""
    if not plan.aisles:
        return None
    by_x = sorted(plan.aisles.items(), key=lambda aisle: aisle[1])
    xs, ys = tuple(x for _, x in by_x), tuple(sorted(plan.cross))
    depot_x, depot_y = plan.depot
    numbers = {code: number for number, (code, _) in enumerate(by_x)}
    if depot_x in xs and depot_y in ys:
        return Ground(Floor(xs, ys, Corner(xs.index(depot_x), ys.index(depot_y))), numbers)
    nearest = min(range(len(ys)), key=lambda cross: abs(ys[cross] - depot_y)) if ys else 0
    links = tuple(
        Link(aisle, nearest, abs(x - depot_x) + abs(ys[nearest] - depot_y)) for aisle, x in enumerate(xs) if ys
    )
    return Ground(Floor(xs, ys, OffGrid(depot_x, depot_y, links)), numbers)


# --- what the pages show -----------------------------------------------------------------------------------------


def warehouses(conn: Connection) -> WarehouseList:
    """All warehouses."""
    return WarehouseList(store.warehouses(conn))


def warehouse_view(conn: Connection, number: int) -> WarehouseView:
    """A warehouse as it is set up; refuses `not_found`."""
    found = warehouse_of(conn, number)
    plan = plan_of(conn, number)
    zones, bins_ = store.counts(conn, number)
    taken = counted(conn, CORE, serials.counter(found.gcp))
    return WarehouseView(
        number, found.code, found.name, found.time_zone, found.country, found.gcp, found.address,
        len(plan.aisles), zones, bins_, serials.left(found.gcp, taken), serials.few(found.gcp, taken),
    )  # fmt: skip


def bins(conn: Connection, warehouse: int, after: str, limit: int) -> BinList:
    """A page of bins in bin order. `after` is the `next` of the page before, empty for the first."""
    warehouse_of(conn, warehouse)
    sequence, code = _cursor(after)
    rows = store.page(conn, warehouse, sequence, code, limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    return BinList(rows[:limit], None if last is None else f"{last.sequence}.{last.code}")


def _cursor(after: str) -> tuple[int, str]:
    if not after:
        return -(2**31), ""
    sequence, dot, code = after.partition(".")
    if not dot or not re.fullmatch(r"-?[0-9]{1,10}", sequence):
        raise Refusal("invalid", Fault("after", "Wanted the `next` of a page.", "a cursor", after[:60]), count=1)
    return max(-(2**31), min(int(sequence), 2**31 - 1)), code


def floor_map(conn: Connection, warehouse: int) -> FloorMap:
    """The geometry of a warehouse for its map."""
    plan = plan_of(conn, warehouse)
    inside: dict[str, list[str]] = {}
    for zone, aisle in store.zone_aisles(conn, warehouse):
        inside.setdefault(zone, []).append(aisle)
    zones = [FloorZone(each.code, each.name, inside.get(each.code, [])) for each in store.zones(conn, warehouse)]
    return FloorMap(warehouse, plan.aisles, plan.cross, plan.depot, zones, store.standing(conn, warehouse))
