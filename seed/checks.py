"""What must hold between the rows of the demo: unique codes, references, geometry, capacities, sums.

It exists so that data that has the right shape but does not fit together is told before it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seed.model import Bin, Item, OrderLine
from seed.pictures import SHAPES
from seed.reading import Fault, Located, Rows
from server.core.barcodes import check_digit, parse


def faults(rows: Rows) -> Iterator[Fault]:
    """Every slip that the rows show together."""
    yield from _check_unique(rows)
    yield from _check_references(rows)
    for check in (
        _check_depot,
        _check_bins,
        _check_items,
        _check_barcodes,
        _check_stock,
        _check_people,
        _check_stations,
        _check_orders,
        _check_stories,
    ):
        yield from check(rows)


def _check_unique(rows: Rows) -> Iterator[Fault]:
    table: tuple[tuple[Sequence[Located[Any]], tuple[str, ...]], ...] = (
        (rows.zones, ("code",)),
        (rows.cross_aisles, ("code",)),
        (rows.aisles, ("code",)),
        (rows.aisles, ("x_mm",)),
        ([*rows.bins, *rows.places], ("code",)),
        (rows.bins, ("sequence",)),
        (rows.bins, ("x_mm", "y_mm", "z_mm")),
        ([place for place in rows.places if not place.value.nowhere], ("x_mm", "y_mm")),
        (rows.items, ("sku",)),
        (rows.items, ("name_en",)),
        (rows.items, ("name_de",)),
        (rows.barcodes, ("gtin",)),
        (rows.lots, ("sku", "lot")),
        (rows.stock, ("bin", "sku", "lot")),
        (rows.people, ("badge",)),
        (rows.people, ("pin",)),
        (rows.handhelds, ("code",)),
        (rows.printers, ("code",)),
        (rows.stations, ("code",)),
        (rows.stations, ("printer",)),
        (rows.carts, ("code",)),
        (rows.cartons, ("code",)),
        (rows.carriers, ("code",)),
        (rows.services, ("code",)),
        (rows.services, ("tracking_prefix",)),
        (rows.channels, ("code",)),
        (rows.orders, ("reference",)),
        (rows.order_lines, ("reference", "line")),
        (rows.order_lines, ("reference", "sku")),
    )
    for located, fields in table:
        first: dict[tuple[object, ...], Located[Any]] = {}
        for row in located:
            key = tuple(getattr(row.value, field) for field in fields)
            other = first.setdefault(key, row)
            if other is not row:
                shown = key[0] if len(key) == 1 else key
                yield row.fault(fields[-1], f"another one than {other.file}:{other.line}", shown)


def _check_references(rows: Rows) -> Iterator[Fault]:
    aisles = {row.value.code for row in rows.aisles}
    zones = {row.value.code for row in rows.zones}
    skus = {row.value.sku for row in rows.items}
    bins = {row.value.code for row in rows.bins}
    references = {row.value.reference for row in rows.orders}
    table: tuple[tuple[Sequence[Located[Any]], str, set[str], str], ...] = (
        ([rows.depot], "aisle", aisles, "an aisle"),
        ([rows.depot], "cross", {row.value.code for row in rows.cross_aisles}, "a cross-aisle"),
        (rows.aisles, "zone", zones, "a zone"),
        (rows.bins, "zone", zones, "a zone"),
        (rows.bins, "aisle", aisles, "an aisle"),
        (rows.items, "picture", set(SHAPES), "a picture of seed/pictures.py"),
        (rows.barcodes, "sku", skus, "an SKU of items.csv"),
        (rows.lots, "sku", skus, "an SKU of items.csv"),
        (rows.stock, "sku", skus, "an SKU of items.csv"),
        (rows.stock, "bin", bins, "a bin of bins.csv"),
        (rows.stations, "printer", {row.value.code for row in rows.printers}, "a printer"),
        (rows.services, "carrier", {row.value.code for row in rows.carriers}, "a carrier"),
        (rows.orders, "channel", {row.value.code for row in rows.channels}, "a channel"),
        (rows.orders, "service", {row.value.code for row in rows.services}, "a service"),
        (rows.order_lines, "reference", references, "an order of orders.csv"),
        (rows.order_lines, "sku", skus, "an SKU of items.csv"),
        ([rows.fefo], "sku", skus, "an SKU of items.csv"),
        ([rows.fefo], "order", references, "an order of orders.csv"),
        (rows.pins, "sku", skus, "an SKU of items.csv"),
        (rows.pins, "bin", bins, "a bin of bins.csv"),
        (rows.scarce, "sku", skus, "an SKU of items.csv"),
    )
    for located, field, known, wanted in table:
        for row in located:
            if (value := getattr(row.value, field)) not in known:
                yield row.fault(field, wanted, value)


def _check_depot(rows: Rows) -> Iterator[Fault]:
    depot = rows.depot.value
    for found, field, wanted in (
        ({row.value.code: row.value.x_mm for row in rows.aisles}.get(depot.aisle), "x_mm", depot.x_mm),
        ({row.value.code: row.value.y_mm for row in rows.cross_aisles}.get(depot.cross), "y_mm", depot.y_mm),
    ):
        if found is not None and found != wanted:
            yield rows.depot.fault(field, f"{found}, as of its corner", wanted)


def _check_bins(rows: Rows) -> Iterator[Fault]:
    aisles = {row.value.code: row.value for row in rows.aisles}
    zones = {row.value.code: row.value for row in rows.zones}
    front = min(row.value.y_mm for row in rows.cross_aisles)
    back = max(row.value.y_mm for row in rows.cross_aisles)
    for row in rows.bins:
        spot, aisle, zone = row.value, aisles.get(row.value.aisle), zones.get(row.value.zone)
        if aisle is None or zone is None:
            continue
        code = f"{spot.aisle}-{spot.bay:02d}-{spot.level}"
        side = "right" if spot.bay % 2 else "left"
        reach = (zone.aisle_width_mm + zone.depth_mm) // 2
        yield from (
            row.fault(field, wanted, got)
            for field, wanted, got, right in (
                ("code", code, spot.code, spot.code == code),
                ("zone", f"{aisle.zone}, as of its aisle", spot.zone, spot.zone == aisle.zone),
                ("bay", f"at most {zone.bays}", spot.bay, spot.bay <= zone.bays),
                ("level", f"one of {zone.levels}", spot.level, spot.level in zone.levels),
                ("side", f"{side}: odd bays stand on the right", spot.side, spot.side == side),
                (
                    "x_mm",
                    f"{reach} mm {spot.side} of its aisle",
                    spot.x_mm,
                    spot.x_mm - aisle.x_mm == _signed(reach, spot),
                ),
                ("y_mm", f"between {front} and {back}", spot.y_mm, front < spot.y_mm < back),
            )
            if not right
        )
    for place in rows.places:
        has = (place.value.x_mm, place.value.y_mm, place.value.check_digits)
        nowhere = place.value.nowhere
        if any((value is None) != nowhere for value in has):
            wanted = "no position and no check digits" if nowhere else "x_mm, y_mm and check_digits"
            yield place.fault("kind", wanted, place.value.kind)


def _signed(reach: int, spot: Bin) -> int:
    return reach if spot.side == "right" else -reach


def _check_items(rows: Rows) -> Iterator[Fault]:
    each = {row.value.sku for row in rows.barcodes if row.value.uom == "each"}
    stocked = {row.value.sku for row in rows.stock}
    for row in rows.items:
        if row.value.sku not in each:
            yield row.fault("sku", "a barcode for the each in barcodes.csv", row.value.sku)
        if row.value.sku not in stocked:
            yield row.fault("sku", "stock in stock.csv", row.value.sku)


def _check_barcodes(rows: Rows) -> Iterator[Fault]:
    for row in rows.barcodes:
        barcode = row.value
        if (digit := check_digit(barcode.gtin[:-1])) != barcode.gtin[-1]:
            yield row.fault("gtin", f"check digit {digit}", barcode.gtin)
        if (len(barcode.gtin) == 14) != (barcode.uom == "case"):
            yield row.fault("gtin", "13 digits for an each, 14 for a case", barcode.gtin)
        if (barcode.quantity == 1) != (barcode.uom == "each"):
            yield row.fault("quantity", "1 for an each, more for a case", barcode.quantity)


def _check_stock(rows: Rows) -> Iterator[Fault]:
    items = {row.value.sku: row.value for row in rows.items}
    lots = {(row.value.sku, row.value.lot) for row in rows.lots}
    bins = {row.value.code: row.value for row in rows.bins}
    load: dict[str, list[int]] = {}
    for row in rows.stock:
        stock, item, spot = row.value, items.get(row.value.sku), bins.get(row.value.bin)
        if item is None or spot is None:
            continue
        if item.tracking == "none" and stock.lot:
            yield row.fault("lot", f"none: {item.sku} has no lots", stock.lot)
        if item.tracking == "lot_expiry" and (stock.sku, stock.lot) not in lots:
            yield row.fault("lot", f"a lot of {item.sku} in lots.csv", stock.lot)
        held = load.setdefault(stock.bin, [0, 0])
        held[0] += stock.quantity * item.weight_g
        held[1] += stock.quantity * item.volume_mm3
        if held[0] > spot.max_weight_g or held[1] > spot.max_volume_mm3:
            wanted = f"at most {spot.max_weight_g} g and {spot.max_volume_mm3} mm³ in {spot.code}"
            yield row.fault("quantity", wanted, f"{held[0]} g, {held[1]} mm³")


def _check_people(rows: Rows) -> Iterator[Fault]:
    for row in rows.people:
        if parse(row.value.badge).kind != "badge":
            yield row.fault("badge", "a badge with its right check character", row.value.badge)
        steps = {int(b) - int(a) for a, b in zip(row.value.pin, row.value.pin[1:], strict=False)}
        if len(steps) == 1:
            yield row.fault("pin", "six digits that are no row and not all the same", row.value.pin)


def _check_stations(rows: Rows) -> Iterator[Fault]:
    pack = {row.value.code for row in rows.places if row.value.kind == "pack"}
    dots = {row.value.code: row.value.dpi for row in rows.printers}
    for row in rows.stations:
        if row.value.second_printer is not None and dots.get(row.value.second_printer) != dots.get(row.value.printer):
            yield row.fault("second_printer", "a printer with as many dots as the first", row.value.second_printer)
        if row.value.place not in pack:
            yield row.fault("place", "a place of kind pack", row.value.place)


def _check_orders(rows: Rows) -> Iterator[Fault]:
    items = {row.value.sku: row.value for row in rows.items}
    channels = {row.value.code: row.value for row in rows.channels}
    services = {row.value.code: row.value for row in rows.services}
    lines: dict[str, list[Located[OrderLine]]] = {}
    for line in rows.order_lines:
        lines.setdefault(line.value.reference, []).append(line)
    for row in rows.orders:
        order, own = row.value, lines.get(row.value.reference, [])
        channel, service = channels.get(order.channel), services.get(order.service)
        if channel and not order.reference.startswith(channel.prefix):
            yield row.fault("reference", f"one that begins with {channel.prefix}", order.reference)
        if service and order.address.country not in service.countries:
            yield row.fault("service", f"one that goes to {order.address.country}", order.service)
        if not own:
            yield row.fault("reference", "lines in order_lines.csv", order.reference)
        if (goods := sum(line.value.line_total for line in own)) != order.goods:
            yield row.fault("goods", f"{goods}, the sum of its lines", order.goods)
        if (total := order.goods + order.shipping) != order.total:
            yield row.fault("total", f"{total}, goods + shipping", order.total)
        for at, line in enumerate(own, start=1):
            yield from _check_line(line, at, items)


def _check_line(row: Located[OrderLine], at: int, items: Mapping[str, Item]) -> Iterator[Fault]:
    line, item = row.value, items.get(row.value.sku)
    if line.line != at:
        yield row.fault("line", f"{at}: lines count up from 1", line.line)
    if item and line.unit_price != item.price:
        yield row.fault("unit_price", f"{item.price}, as in items.csv", line.unit_price)
    if line.line_total != line.quantity * line.unit_price:
        yield row.fault("line_total", f"{line.quantity * line.unit_price}, quantity × unit_price", line.line_total)


def _check_stories(rows: Rows) -> Iterator[Fault]:
    stock = {(row.value.bin, row.value.sku, row.value.lot): row.value.quantity for row in rows.stock}
    held: dict[str, int] = {}
    for (_, sku, _), quantity in stock.items():
        held[sku] = held.get(sku, 0) + quantity
    fefo = rows.fefo.value
    for told in fefo.stock:
        if (quantity := stock.get((told.bin, fefo.sku, told.lot), 0)) != told.quantity:
            yield rows.fefo.fault("stock", f"{quantity} of {told.lot} in {told.bin}, as in stock.csv", told.quantity)
    for short in rows.scarce:
        if held.get(short.value.sku, 0) != short.value.quantity:
            yield short.fault("quantity", f"{held.get(short.value.sku, 0)}, as in stock.csv", short.value.quantity)
    for pin in rows.pins:
        if not any((bin_, sku) == (pin.value.bin, pin.value.sku) for bin_, sku, _ in stock):
            yield pin.fault("bin", f"a bin where {pin.value.sku} lies", pin.value.bin)
