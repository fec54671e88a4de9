"""Writes the large CSV files of `demo/` from what people wrote: warehouse.toml, stories.toml, trade.toml, goods.py.

It exists so that 1,200 bins and 300 items are never edited by hand, and come out the same on every machine.
Run `python -m seed.make`; a test proves that the committed files are what it writes.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple, TypeVar

from seed.customers import COUNTRIES, Country
from seed.goods import FAMILIES
from server.core.barcodes import check_digit

DEMO: Final = Path(__file__).parent / "demo"
SEED: Final = 20_240_419

# GS1 keeps prefix 952 for demonstrations: these numbers are valid and belong to nobody.
GTIN_PREFIX: Final = "9520000"
SKU_OF_NAME: Final = {"Coffee, ground, 250 g": 77, "Almond drink, 1 L": 182}
VELOCITY: Final = (("A", 60), ("B", 90), ("C", 150))
QUANTITY: Final = {"A": (60, 140), "B": (28, 70), "C": (10, 30)}
BINS: Final = {"A": (2, 3, 3), "B": (1, 2, 2), "C": (1, 1, 2)}
DEMAND: Final = {"A": 6, "B": 2, "C": 1}
ORDERS: Final = {"web": 32, "market": 16, "phone": 12}
COUNTRY_COUNTS: Final = {"DE": 36, "AT": 7, "FR": 6, "NL": 6, "PL": 5}
ORDER_WEIGHT_G: Final = 13_000
ORDER_VOLUME_MM3: Final = 26_000_000

Row = dict[str, str | int]
T = TypeVar("T")


class Dice:
    """Draws from a fixed seed through `Random.random` alone, the one method whose numbers Python promises to keep."""

    def __init__(self, name: str) -> None:
        self._random = Random(f"{SEED} {name}").random

    def below(self, count: int) -> int:
        return int(self._random() * count)

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def weighted(self, choices: Sequence[T], weights: Sequence[int]) -> T:
        at = self._random() * sum(weights)
        for choice, weight in zip(choices, weights, strict=True):
            at -= weight
            if at < 0:
                return choice
        return choices[-1]

    def shuffled(self, choices: Iterable[T]) -> list[T]:
        return [choice for _, _, choice in sorted((self._random(), i, c) for i, c in enumerate(choices))]

    def jitter(self, size: float) -> float:
        return self._random() * size


class Written(NamedTuple):
    """What people wrote, as read from the TOML files."""

    warehouse: dict[str, Any]
    stories: dict[str, Any]
    trade: dict[str, Any]


def main() -> None:
    """Write the files."""
    for name, text in files().items():
        (DEMO / name).write_text(text, encoding="utf-8", newline="")


def files() -> dict[str, str]:
    """The text of each generated file by its name."""
    written = Written(*(tomllib.loads((DEMO / f"{name}.toml").read_text("utf-8")) for name in Written._fields))
    bins = _bins(written.warehouse)
    goods = _goods()
    lots, stock = _stock(written, bins, goods)
    orders, lines = _orders(written, goods, stock)
    tables = {
        "bins": bins,
        "items": [good.row for good in goods],
        "barcodes": _barcodes(goods),
        "lots": lots,
        "stock": stock,
        "orders": orders,
        "order_lines": lines,
    }
    return {f"{name}.csv": _csv(rows) for name, rows in tables.items()}


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# --- bins -------------------------------------------------------------------------------------------------------


def _bins(warehouse: Mapping[str, Any]) -> list[Row]:
    """Every pick face, in pick sequence: an S through the aisles, up the odd ones and down the even ones."""
    zones = {zone["code"]: zone for zone in warehouse["zone"]}
    cross_y = [cross["y_mm"] for cross in warehouse["cross_aisle"]]
    dice = Dice("check digits")
    recent: list[str] = []
    rows: list[Row] = []
    for number, aisle in enumerate(warehouse["aisle"]):
        zone = zones[aisle["zone"]]
        pairs = range(zone["bays"] // 2)
        for pair in pairs if number % 2 == 0 else reversed(pairs):
            for right in (True, False):
                for height, level in enumerate(zone["levels"]):
                    bay = 2 * pair + (1 if right else 2)
                    reach = (zone["aisle_width_mm"] + zone["depth_mm"]) // 2
                    rows.append(
                        {
                            "code": f"{aisle['code']}-{bay:02d}-{level}",
                            "zone": zone["code"],
                            "aisle": aisle["code"],
                            "bay": bay,
                            "level": level,
                            "side": "right" if right else "left",
                            "x_mm": aisle["x_mm"] + (reach if right else -reach),
                            "y_mm": _bay_y(zone, pair, cross_y),
                            "z_mm": height * zone["level_height_mm"],
                            "check_digits": _check_digits(dice, recent),
                            "sequence": 10 * (len(rows) + 1),
                            "max_weight_g": zone["bin_weight_g"],
                            "max_volume_mm3": zone["bin_volume_mm3"],
                        }
                    )
    return rows


def _bay_y(zone: Mapping[str, Any], pair: int, cross_y: Sequence[int]) -> int:
    """The middle of the pair-th bay on either side; the bays of a block stand centred between its cross-aisles."""
    block_bays = zone["bays"] // 2 // (len(cross_y) - 1)
    block, place = divmod(pair, block_bays)
    width = zone["bay_width_mm"]
    margin = (cross_y[block + 1] - cross_y[block] - block_bays * width) // 2
    return int(cross_y[block] + margin + place * width + width // 2)


def _check_digits(dice: Dice, recent: list[str]) -> str:
    """Two digits that none of the bins around has, so that nobody reads them off the neighbour."""
    while (digits := f"{dice.between(10, 99)}") in recent:
        continue
    recent.append(digits)
    del recent[:-12]
    return digits


# --- items ------------------------------------------------------------------------------------------------------


class Good(NamedTuple):
    """An item's row, with what only the generator needs to know of it."""

    row: Row
    zone: str
    life: tuple[int, int] | None
    case: int

    @property
    def sku(self) -> str:
        return str(self.row["sku"])

    @property
    def velocity(self) -> str:
        return str(self.row["velocity"])


def _goods() -> list[Good]:
    dice = Dice("velocity")
    laid_out = _numbered(
        [(family, variant.strip().split("|")) for family in FAMILIES for variant in family.variants.split(";")]
    )
    by_rank = sorted(range(len(laid_out)), key=lambda i: laid_out[i][0].rank + dice.jitter(3))
    classes = dict(zip(by_rank, (name for name, count in VELOCITY for _ in range(count)), strict=True))
    return [
        _good(number, family, variant, classes[number - 1])
        for number, (family, variant) in enumerate(laid_out, start=1)
    ]


def _numbered(laid_out: list[tuple[Any, list[str]]]) -> list[tuple[Any, list[str]]]:
    """The items in SKU order: as written, but those of SKU_OF_NAME at their numbers."""
    for name, number in SKU_OF_NAME.items():
        at = next(i for i, (family, variant) in enumerate(laid_out) if family.name_en.format(variant[0]) == name)
        laid_out[at], laid_out[number - 1] = laid_out[number - 1], laid_out[at]
    return laid_out


def _good(number: int, family: Any, variant: Sequence[str], velocity: str) -> Good:
    english, german, label = variant
    length, width, height = family.size
    row: Row = {
        "sku": f"40-{number:04d}",
        "name_en": family.name_en.format(english),
        "name_de": family.name_de.format(german),
        "group": family.group,
        "weight_g": family.weight_g,
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
        "tracking": "lot_expiry" if family.life else "none",
        "hazmat": family.hazmat,
        "velocity": velocity,
        "price": family.price + 10 * (number % 4),
        "picture": family.picture,
        "body": family.body,
        "cap": family.cap,
        "label": label,
    }
    return Good(row, family.zone, family.life, family.case)


def _barcodes(goods: Iterable[Good]) -> list[Row]:
    """A GTIN-13 for each item, and a GTIN-14 for the case of every second one that is sold in cases."""
    rows: list[Row] = []
    for number, good in enumerate(goods, start=1):
        each = f"{GTIN_PREFIX}{number:05d}"
        rows.append({"gtin": each + check_digit(each), "sku": good.sku, "uom": "each", "quantity": 1})
        if good.case and number % 2:
            rows.append(
                {"gtin": f"1{each}" + check_digit(f"1{each}"), "sku": good.sku, "uom": "case", "quantity": good.case}
            )
    return rows


# --- stock ------------------------------------------------------------------------------------------------------


def _stock(written: Written, bins: Sequence[Row], goods: Sequence[Good]) -> tuple[list[Row], list[Row]]:
    """Lots and stock: each item in one to three bins of its zone, what sells best nearest to the depot."""
    stories = written.stories
    fefo = stories["fefo"]
    pins = {pin["sku"]: pin["bin"] for pin in stories["pin"]}
    scarce = {short["sku"]: short["quantity"] for short in stories["scarce"]}
    taken = {place["bin"] for place in fefo["stock"]} | set(pins.values())
    free = {zone: _nearest_first(written.warehouse, bins, zone, taken) for zone in ("MEZ", "FLR")}
    dice = Dice("stock")
    lots: list[Row] = []
    stock: list[Row] = []
    for good in sorted(goods, key=lambda good: (good.velocity, good.sku)):
        if good.sku == fefo["sku"]:
            lots += [{"sku": good.sku, "lot": p["lot"], "expiry_days": p["expiry_days"]} for p in fefo["stock"]]
            stock += [
                {"bin": p["bin"], "sku": good.sku, "lot": p["lot"], "quantity": p["quantity"]} for p in fefo["stock"]
            ]
            continue
        count = 1 if good.sku in scarce else dice.pick(BINS[good.velocity])
        for place in range(count):
            pinned = pins.get(good.sku) if place == 0 else None
            code = pinned or _take(free[good.zone], dice, spread=place > 0)
            lot = _lot(good, dice, lots) if good.life else ""
            quantity = scarce.get(good.sku) or dice.between(*QUANTITY[good.velocity])
            stock.append({"bin": code, "sku": good.sku, "lot": lot, "quantity": quantity})
    lots.sort(key=lambda row: (row["sku"], row["expiry_days"]))
    stock.sort(key=lambda row: str(row["bin"]))
    return lots, stock


def _nearest_first(warehouse: Mapping[str, Any], bins: Iterable[Row], zone: str, taken: set[str]) -> list[str]:
    """The free bins of a zone by their walk from the depot; hands prefer the middle level, and nothing is strict."""
    dice = Dice(f"slotting {zone}")

    depot_x = int(warehouse["depot"]["x_mm"])

    def walk(row: Row) -> float:
        off_level = 0 if row["level"] == "B" else 4_000
        return abs(int(row["x_mm"]) - depot_x) + int(row["y_mm"]) + off_level + dice.jitter(14_000)

    ranked = sorted((walk(row), str(row["code"])) for row in bins if row["zone"] == zone)
    return [code for _, code in ranked if code not in taken]


def _take(free: list[str], dice: Dice, *, spread: bool) -> str:
    """The next best bin, or, for an item's further ones, any of the zone."""
    return free.pop(dice.below(len(free)) if spread else 0)


def _lot(good: Good, dice: Dice, lots: list[Row]) -> str:
    assert good.life is not None
    used = {row["lot"] for row in lots if row["sku"] == good.sku}
    while (lot := f"L{dice.between(2600, 2697)}") in used:
        continue
    lots.append({"sku": good.sku, "lot": lot, "expiry_days": dice.between(*good.life)})
    return lot


# --- orders -----------------------------------------------------------------------------------------------------


class Basket(NamedTuple):
    """An order before its customer and its prices are known."""

    reference: str
    channel: str
    story: str
    lines: list[tuple[Good, int]]


def _orders(written: Written, goods: Sequence[Good], stock: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    baskets = _baskets(written, goods, stock)
    dice = Dice("customers")
    countries = dice.shuffled(code for code, count in COUNTRY_COUNTS.items() for _ in range(count))
    people = {code: dice.shuffled(COUNTRIES[code].people) for code in COUNTRIES}
    prices = {service["code"]: int(service["price"]) for service in written.trade["service"]}
    orders: list[Row] = []
    lines: list[Row] = []
    minutes = 1_380
    for code, order in _german_where_told(baskets, countries):
        minutes -= dice.between(8, 34) if minutes > 60 else 1
        priced = [_line(order.reference, at, good, count) for at, (good, count) in enumerate(order.lines, start=1)]
        customer = _customer(code, people[code].pop(), dice, order)
        service = _service(order, code, str(customer["address.postal_code"]), dice)
        goods_total = sum(int(line["line_total"]) for line in priced)
        shipping = 0 if goods_total >= 5_900 else prices[service]
        orders.append(
            {
                "reference": order.reference,
                "channel": order.channel,
                "placed_minutes_ago": minutes,
                "service": service,
                **customer,
                "payment": "card_declined" if "declined" in order.story else "card",
                "currency": "EUR",
                "goods": goods_total,
                "shipping": shipping,
                "total": goods_total + shipping,
                "story": order.story,
            }
        )
        lines += priced
    return orders, lines


def _baskets(written: Written, goods: Sequence[Good], stock: Sequence[Row]) -> list[Basket]:
    """The orders written by hand, then as many drawn ones as each channel lacks; none of these runs short."""
    by_sku = {good.sku: good for good in goods}
    prefixes = {channel["code"]: channel["prefix"] for channel in written.trade["channel"]}
    left: dict[str, int] = {}
    for row in stock:
        left[str(row["sku"])] = left.get(str(row["sku"]), 0) + int(row["quantity"])
    by_hand: list[Basket] = []
    for order in written.stories["order"]:
        channel = next(code for code, prefix in prefixes.items() if order["reference"].startswith(prefix))
        by_hand.append(Basket(order["reference"], channel, order["story"], [(by_sku[s], n) for s, n in order["lines"]]))
        for sku, count in order["lines"]:
            left[sku] -= count
    kept = {written.stories["fefo"]["sku"]} | {short["sku"] for short in written.stories["scarce"]}
    pool = [good for good in goods if not good.row["hazmat"] and good.sku not in kept]
    dice = Dice("baskets")
    drawn: list[Basket] = []
    for number, (channel, count) in enumerate(ORDERS.items(), start=1):
        own = [basket for basket in by_hand if basket.channel == channel]
        drawn += [
            Basket(f"{prefixes[channel]}{number}{extra:03d}", channel, "", _lines(dice, pool, left))
            for extra in range(len(own) + 1, count + 1)
        ]
    return _mixed(by_hand, drawn, dice)


def _mixed(by_hand: Sequence[Basket], drawn: Sequence[Basket], dice: Dice) -> list[Basket]:
    """All orders in the order in which they came in: each channel's own numbers rise."""
    queues: dict[str, list[Basket]] = {}
    for basket in sorted([*by_hand, *drawn], key=lambda basket: basket.reference):
        queues.setdefault(basket.channel, []).append(basket)
    turns = dice.shuffled(channel for channel, queue in queues.items() for _ in queue)
    return [queues[channel].pop(0) for channel in turns]


def _lines(dice: Dice, pool: Sequence[Good], left: dict[str, int]) -> list[tuple[Good, int]]:
    """One to eight lines that one tote and one carton can hold."""
    wanted = dice.weighted((1, 2, 3, 4, 5, 6, 7, 8), (26, 14, 14, 12, 10, 9, 8, 7))
    lines: list[tuple[Good, int]] = []
    weight = volume = 0
    weights = [DEMAND[good.velocity] for good in pool]
    while len(lines) < wanted:
        good = dice.weighted(pool, weights)
        count = dice.weighted((1, 2, 3, 4), (60, 25, 10, 5))
        row = good.row
        weight += count * int(row["weight_g"])
        volume += count * int(row["length_mm"]) * int(row["width_mm"]) * int(row["height_mm"])
        if lines and (weight > ORDER_WEIGHT_G or volume > ORDER_VOLUME_MM3):
            break
        if left[good.sku] >= count and good not in [other for other, _ in lines]:
            left[good.sku] -= count
            lines.append((good, count))
    return lines


def _line(reference: str, at: int, good: Good, count: int) -> Row:
    price = int(good.row["price"])
    return {
        "reference": reference,
        "line": at,
        "sku": good.sku,
        "quantity": count,
        "unit_price": price,
        "line_total": price * count,
    }


def _german_where_told(baskets: Sequence[Basket], countries: list[str]) -> Iterator[tuple[str, Basket]]:
    """Each order with its country; those with a story are German, as their texts say."""
    for basket in baskets:
        code = "DE" if basket.story else countries[0]
        countries.remove(code)
        yield code, basket


def _customer(code: str, name: str, dice: Dice, order: Basket) -> Row:
    country: Country = COUNTRIES[code]
    near = [town for town in country.towns if town[1] == "Berlin"]
    by_phone = order.channel == "phone" and not order.story and near  # the desk's callers live round the corner
    postal_code, city = dice.pick(near if by_phone else country.towns)
    street, number = dice.pick(country.streets), dice.between(2, 89)
    doubtful = "postal code" in order.story
    digits = str(dice.below(10**country.free_digits)).zfill(country.free_digits)
    return {
        "language": country.language,
        "address.name": name,
        "address.street": f"{number} {street}" if country.number_first else f"{street} {number}",
        "address.postal_code": postal_code[:-1] if doubtful else postal_code,
        "address.city": city,
        "address.country": code,
        "phone": country.phone + digits,
        "email": f"{order.reference.lower()}@example.com",
    }


def _service(order: Basket, country: str, postal_code: str, dice: Dice) -> str:
    """Most by parcel, some express; in Berlin the same day or, from the phone desk, at the counter."""
    if country == "DE" and postal_code[:2] in ("10", "12"):
        return "abholung-counter" if order.channel == "phone" else "kurier24-same-day"
    if country in ("DE", "AT", "NL") and dice.below(5) == 0:
        return "blitz-express"
    return "nordpost-parcel" if country == "DE" else "nordpost-parcel-eu"


if __name__ == "__main__":
    main()
