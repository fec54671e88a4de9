"""Whoever sends JSON of their own is understood by a mapping, which is checked before anything comes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from server.integrations import hearing
from server.integrations.rules import mapped, paths
from server.integrations.rules.channels import House, Settings, Signature, Take
from server.integrations.rules.sold import Left, Sold, Wrong, moment
from tests.integrations.conftest import Told
from tests.support import channels
from tests.support.channels import SECRET, Channel

HOUSE = House({"nordpost-parcel"}, {1})
BODY: dict[str, Any] = {
    "meta": {"changed": "2026-11-24T09:30:00Z"},
    "order": {
        "no": 4711, "state": "neu", "cur": "eur", "ship": 4.9, "sum": "14.90", "way": "DHL Paket",
        "buyer": {"first": "Nina", "last": "Berg", "mail": "nina@example.com"},
        "to": {"line 1": "Hafenstraße 12", "town": "Hamburg", "zip": 20457, "land": "Deutschland"},
        "rows": [{"art": "H-1", "n": 2, "each": "5.00"}],
    },
}  # fmt: skip
FIELDS = {
    "reference": Take(path='"A-" + order.no'),
    "updated_at": Take(path="meta.changed"),
    "status": Take(path="order.state", table={"storniert": "cancelled", "offen": "unpaid", "korb": "draft"}),
    "currency": Take(path="order.cur"),
    "lines.sku": Take(path="order.rows[].art", table={"H-1": "HONEY"}),
    "lines.quantity": Take(path="order.rows[].n"),
    "lines.price": Take(path="order.rows[].each"),
    "shipping": Take(path="order.ship"),
    "total": Take(path="order.sum"),
    "name": Take(path='order.buyer.first + " " + order.buyer.last'),
    "email": Take(path="order.buyer.mail"),
    "street": Take(path="order.to['line 1']"),
    "city": Take(path="order.to.town"),
    "postal_code": Take(path="order.to.zip"),
    "country": Take(path="order.to.land"),
    "language": Take(otherwise="de"),
    "service": Take(path="order.way"),
}
SETTINGS = Settings(fields=FIELDS, services={"DHL Paket": "nordpost-parcel"}, countries={"Deutschland": "DE"})

HUGE = ("1e999999999", "1e99999", "Infinity", "NaN", 10**40, -1)
"""Numbers that are soon written, and with which no time is spent."""


def read(settings: Settings = SETTINGS, **order: Any) -> Any:
    body = {**BODY, "order": {**BODY["order"], **order}}
    return hearing.read("json", "order", json.dumps(body).encode(), channels.way(settings))


@pytest.mark.parametrize(
    ("path", "wanted"),
    [("a.b[1].c", 7), ("a.b[].c", 5), ("a.b[9].c", None), ("x", None), ('"web"', "web"), ("a['b'][0].c", 5),
     ('n + "-" + a.b[0].c', "true-5"), ("a.b", [{"c": 5}, {"c": 7}]), ('"a + b"', "a + b")],
)  # fmt: skip
def test_a_path_finds_what_stands_there(path: str, wanted: object) -> None:
    assert paths.value(paths.parse(path), {"a": {"b": [{"c": 5}, {"c": 7}]}, "n": True}) == wanted


@pytest.mark.parametrize("path", ["", "a..b", "a.", "a[b]", "a[].b[].c", "a +", '"open', "a b", "[", "1a", "a.b-c!"])
def test_what_is_no_path_is_told(path: str) -> None:
    with pytest.raises(paths.BadPath):
        paths.parse(path)


def test_an_order_in_their_words_is_one_of_ours() -> None:
    sold = read()
    assert isinstance(sold, Sold)
    new = sold.order
    assert new is not None
    assert [(line.sku, line.quantity, line.price_minor) for line in new.lines] == [("HONEY", 2, 500)]
    assert (new.external_ref, new.currency, new.totals.total_minor, new.customer.name, new.customer.language) == (
        "A-4711", "EUR", 1490, "Nina Berg", "de",
    )  # fmt: skip
    assert (new.address.street, new.address.postal_code, new.address.country, new.service) == (
        "Hafenstraße 12", "20457", "DE", "nordpost-parcel",
    )  # fmt: skip
    assert isinstance(read(state="korb"), Left)
    assert read(state="storniert").told.cancelled == "cancelled"


@pytest.mark.parametrize(
    ("order", "field"),
    [({"rows": [{"art": "H-1", "n": 1.5, "each": "5.00"}]}, "order.rows[0].n"),
     ({"rows": [{"art": "H-1", "n": 2, "each": "5.00"}, {"art": "H-1", "n": 1}]}, "order.rows[1].each"),
     ({"rows": [{"art": "H-1", "n": 2, "each": "5.005"}]}, "order.rows[0].each"), ({"cur": "euro"}, "order.cur"),
     *(({"rows": [{"art": "H-1", "n": much, "each": "5.00"}]}, "order.rows[0].n") for much in HUGE),
     *(({"ship": much}, "order.ship") for much in HUGE),
     ({"ship": "free"}, "order.ship"), ({"way": "drone"}, "order.way")],
)  # fmt: skip
def test_what_cannot_be_read_says_where_it_stands_in_their_body(order: dict[str, Any], field: str) -> None:
    wrong = read(**order)
    assert isinstance(wrong, Wrong | Sold)
    assert [fault.field for fault in wrong.faults] == [field]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reference": Take(path="order..no")}, "fields.reference.path"), ({"colour": Take(path="x")}, "fields.colour"),
     ({"name": Take()}, "fields.name"), ({"city": Take(path="order.rows[].art")}, "fields.city.path"),
     ({"lines.sku": Take(path="other[].art")}, "fields.lines.sku"),
     ({"service": Take(path="order.way", table={"DHL": "pigeon"})}, "fields.service.table[DHL]"),
     ({"payment": Take(path="order.pay", table={"card": "card"})}, "fields.payment.table[card]")],
)  # fmt: skip
def test_a_mapping_that_cannot_work_is_told_at_its_field(changes: dict[str, Take], field: str) -> None:
    assert [each.field for each in mapped.faults(Settings(fields={**FIELDS, **changes}), HOUSE)] == [field]
    assert list(mapped.faults(SETTINGS, HOUSE)) == []


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-24T09:30:00", "x"])
def test_what_is_no_moment_of_the_world_is_none(text: str) -> None:
    assert moment(text) is None


def test_a_field_is_described_for_whoever_maps() -> None:
    assert all(field.what for field in mapped.FIELDS.values())


@pytest.fixture
async def shop(told: Told) -> AsyncIterator[Channel]:
    async with channels.channel(told.shop, "json", SETTINGS) as opened:
        yield opened


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_their_orders_come_in_and_follow_what_they_say_later(shop: Channel) -> None:
    assert (await shop.send(BODY)).state == "placed"
    fewer = {"order": {**BODY["order"], "rows": [{"art": "H-1", "n": 1, "each": "5.00"}]},
             "meta": {"changed": "2026-11-24T10:30:00Z"}}  # fmt: skip
    assert (await shop.send(fewer)).state == "placed"
    page = await shop.order()
    assert [(each.item.sku, each.facts.wanted) for each in page.lines] == [("HONEY", 1)]


@pytest.mark.parametrize("rows", [[], None, [{"art": "H-1", "n": 2, "each": None}]])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_order_is_called_off_whatever_is_said_of_its_lines(shop: Channel, rows: Any) -> None:
    await shop.send(BODY)
    off = {"order": {**BODY["order"], "state": "storniert", "rows": rows}, "meta": {"changed": "2026-11-24T10:30:00Z"}}
    assert (await shop.send(off)).state == "placed"
    assert (await shop.order()).status == "cancelled"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_header_and_the_way_of_its_signature_are_theirs_to_choose(shop: Channel) -> None:
    how = Signature(header="X-Hub-Signature-256", prefix="sha256=", delivery="")
    settings = Settings(fields=FIELDS, services=SETTINGS.services, countries=SETTINGS.countries, signature=how)
    await shop.set_up(settings, version=1)
    body = json.dumps(BODY).encode()
    right = "sha256=" + channels.json_headers(body, "", "")["X-Signature"]
    at = "/api/integrations/json/shop"
    for wrong in ("", right[7:], right.replace("a", "b"), "sha256=" + channels.proof(body, SECRET)):
        assert (await shop.http.post(at, content=body, headers={"X-Hub-Signature-256": wrong})).status_code == 401
    assert (await shop.http.post(at, content=body, headers={"X-Hub-Signature-256": right})).json()["first"] is True
    assert (await shop.http.post(at, content=body, headers={"X-Hub-Signature-256": right})).json()["first"] is False
