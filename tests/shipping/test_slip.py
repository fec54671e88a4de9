"""A packing slip says what lies in its carton, in the customer's language, and is found again by its barcode."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa

from server.core.ids import new_id
from server.db.base import CORE
from server.db.work import Actor
from server.orders.models import order as orders
from server.settings import Settings
from server.shipping import api, slip
from tests.support.bench import Bench
from tests.support.slips import scanned, texts
from tests.support.wire import client

ROWS = (slip.Row(3, "Milch, 1 l", "40-0001"), slip.Row(1, "Honig", "40-0002", lot="L2639", price="5.00 EUR"))
PAIRS = [("order", "10042"), ("carton", "2"), ("reference", "W-7")]
SLIP = slip.Slip(
    "de", "10042", ["Pickwave", "Hof 1"], ["Łukasz Żak", "Σταδίου 5", "50667 Köln", "DE"], ROWS, pairs=PAIRS
)


@pytest.mark.parametrize("size", ["A6", "A4"])
def test_the_orders_number_is_scanned_from_the_slip(size: slip.Size) -> None:
    pdf = slip.draw([SLIP], size)
    assert pdf.startswith(b"%PDF-")
    assert pdf == slip.draw([SLIP], size), "the same slip, the same bytes"
    assert scanned(pdf, slip.SIZES[size]) == ["10042"]


def test_a_slip_is_written_in_the_customers_language_and_in_letters_that_every_reader_has() -> None:
    said = texts(slip.draw([SLIP], "A6"))
    for text in ("Packzettel", "10042", "W-7", "Lukasz Zak", "Stadioy 5", "50667 Köln", "Milch, 1 l", "3", "5.00 EUR"):
        assert text in said, text
    assert "40-0002 · Charge L2639" in said
    assert "Stück in diesem Karton: 4" in said
    english = texts(slip.draw([SLIP._replace(language="ja", rows=ROWS[:1])], "A6"))
    assert "Packing slip" in english
    assert not [text for text in english if text in ("Price each", "Einzelpreis")]


def test_a_long_slip_goes_on_with_its_barcode_on_each_page_and_loses_nothing() -> None:
    rows = [
        slip.Row(1, f"A thing with quite a long name that takes two lines, number {n}", f"S-{n}") for n in range(40)
    ]
    pdf = slip.draw([SLIP._replace(rows=rows)], "A6")
    said = texts(pdf)
    assert [text for text in said if text.startswith("S-")] == [row.sku for row in rows]
    assert set(scanned(pdf)) == {"10042"}
    assert len(scanned(pdf)) == len([text for text in said if text.startswith("Seite")]) > 2


def test_a_printer_is_asked_to_print_on_one_side_only() -> None:
    assert b"/Duplex /Simplex" in slip.draw([SLIP, SLIP._replace(order="10043")], "A4")


async def test_a_cartons_slip_is_given_to_who_packs_without_prices_unless_the_site_wants_them(bench: Bench) -> None:
    order = await bench.picked()
    part = await bench.all_in(order)
    carton = await bench.carton(part)
    where = f"/api/warehouses/1/cartons/{carton.id}/slip.pdf"
    async with _client(bench) as http:
        given = await http.get(where)
        assert (given.status_code, given.headers["content-type"]) == (200, "application/pdf"), given.text
        number = (await bench.shown(part)).number
        assert scanned(given.content) == [str(number)]
        said = texts(given.content)
        assert not [text for text in said if text.endswith(" EUR")]
        assert "Stück in diesem Karton: 4" in said
        assert (await http.get(where, params={"size": "A4"})).status_code == 200
        assert (await http.get(where, params={"size": "A5"})).status_code == 422
        none = await http.get(f"/api/warehouses/1/cartons/{new_id()}/slip.pdf")
        assert (none.status_code, none.json()["code"]) == (404, "carton_unknown")
    async with _client(bench, prices=True) as http:
        assert [text for text in texts((await http.get(where)).content) if text.endswith(" EUR")]
    async with _client(bench, warehouse=2) as http:
        assert (await http.get(where)).status_code == 403
    english = sa.update(orders).values(customer={"name": "Ana", "language": "en"})
    await bench.world.do(lambda work: work.execute(english), streams={CORE})
    async with _client(bench) as http:
        assert "Packing slip" in texts((await http.get(where)).content)


def _client(bench: Bench, warehouse: int = 1, *, prices: bool = False) -> httpx.AsyncClient:
    actor = Actor(person=bench.world.picker, name="Pia", warehouse=warehouse)
    return client(bench.db, [api.router], actor, settings=Settings(slip_prices=prices))


async def test_an_orders_confirmation_says_what_it_costs_and_how_it_is_paid(bench: Bench) -> None:
    await bench.picked()
    number, total = await bench.db.read(
        lambda conn: tuple(conn.execute(sa.select(orders.c.number, orders.c.total_minor).limit(1)).one())
    )
    async with client(bench.db, [api.links_router], Actor(name="Sara")) as http:
        answer = await http.get(f"/api/orders/{number}/confirmation.pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        said = texts(answer.content)
        assert scanned(answer.content, slip.SIZES["A4"]) == [str(number)]
        assert said[said.index("Summe") + 1] == f"{total // 100},{total % 100:02d} EUR"
        assert said.count(str(number)) == 2  # below its bars, and by its name
        assert (await http.get("/api/orders/999999/confirmation.pdf")).status_code == 404
