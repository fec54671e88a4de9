"""The papers of many orders are one PDF: in the order in which they were asked for, each in its customer's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from server.db.base import CORE
from server.db.work import Actor
from server.orders.models import order as orders
from server.shipping import api, slip
from tests.support.bench import Bench
from tests.support.paper import pages
from tests.support.slips import scanned, texts, written
from tests.support.wire import client
from tests.support.world import release

T = TypeVar("T")
CONFIRMATIONS = "/api/orders/confirmations.pdf"
SLIPS = "/api/orders/slips.pdf"
ONE = slip.Slip("de", "10042", ["Pickwave"], ["Ana"], [slip.Row(3, "Milch", "M-1")], pairs=[("carton", "1")])
OTHER = slip.Slip("en", "10007", ["Pickwave"], ["Ben"], [slip.Row(1, f"Tea {n}", f"T-{n}") for n in range(40)])


class AtOnce:
    """Draws without a process of its own."""

    async def do(self, job: Callable[[], T]) -> T:
        return job()


def _client(bench: Bench, warehouse: int | None = None) -> httpx.AsyncClient:
    actor = Actor(person=bench.world.picker, name="Sara", warehouse=warehouse)
    return client(bench.db, [api.papers_router, api.links_router], actor, draughtsman=AtOnce())


async def _number(bench: Bench, order: UUID) -> int:
    query = sa.select(orders.c.number).where(orders.c.id == order)
    return await bench.db.read(lambda conn: int(conn.execute(query).scalar_one()))


async def _speaks(bench: Bench, order: UUID, language: str) -> None:
    said = sa.update(orders).where(orders.c.id == order).values(customer={"name": "Ben", "language": language})
    await bench.world.do(lambda work: work.execute(said), streams={CORE})


def _orders_on(pdf: bytes, size: slip.Size) -> list[str]:
    """The number on each page, page by page."""
    return scanned(pdf, slip.SIZES[size])


def _units(pdf: bytes) -> list[str]:
    return [text for text in texts(pdf) if text.startswith(("Stück in", "Units in"))]


# --- drawn ---------------------------------------------------------------------------------------------------------


def test_each_paper_begins_on_a_page_of_its_own_and_counts_its_own_pages() -> None:
    pdf = slip.draw([OTHER, ONE], "A6")
    found = [written(page) for page in pages(pdf)]
    assert len(found) > 2
    assert _orders_on(pdf, "A6") == ["10007"] * (len(found) - 1) + ["10042"]
    assert [text for page in found for text in page if text.startswith(("Page", "Seite"))] == [
        *(f"Page {n}" for n in range(1, len(found))),
        "Seite 1",
    ]
    assert "Packing slip" in found[0]
    assert "Packzettel" in found[-1]


def test_the_same_papers_are_the_same_bytes_and_another_order_of_them_is_another_pdf() -> None:
    assert slip.draw([ONE, OTHER], "A4") == slip.draw([ONE, OTHER], "A4")
    assert _orders_on(slip.draw([ONE, OTHER], "A4"), "A4") != _orders_on(slip.draw([OTHER, ONE], "A4"), "A4")


def test_a_pdf_is_called_by_its_papers() -> None:
    assert b"(Packzettel 10042-1)" in slip.draw([ONE], "A6")
    assert slip.draw([ONE, OTHER], "A6").count(b"(Packzettel 10042-1") == 1


# --- confirmations -------------------------------------------------------------------------------------------------


async def test_confirmations_come_as_named_each_once_in_its_customers_language(bench: Bench) -> None:
    made = [await bench.order(f"R-{n}", MILK=n + 1) for n in range(3)]
    await _speaks(bench, made[1], "en")
    first, second, third = [await _number(bench, each) for each in made]
    async with _client(bench) as http:
        given = await http.post(CONFIRMATIONS, json={"orders": [third, second, first, third]})
        assert (given.status_code, given.headers["content-type"]) == (200, "application/pdf"), given.text
        assert _orders_on(given.content, "A4") == [str(third), str(second), str(first)]
        papers = [written(page) for page in pages(given.content)]
        assert [page[0] for page in papers] == ["Auftragsbestätigung", "Order confirmation", "Auftragsbestätigung"]
        for page, total, amount in zip(papers, ("Summe", "Total", "Summe"), ("7,50", "5.00", "2,50"), strict=True):
            assert page[page.index(total) + 1] == f"{amount} EUR"
        assert (await http.post(CONFIRMATIONS, json={"orders": [third, second, first]})).content == given.content
        small = await http.post(CONFIRMATIONS, json={"orders": [first], "size": "A6"})
        assert _orders_on(small.content, "A6") == [str(first)]


async def test_a_confirmation_among_many_says_what_the_single_one_says(bench: Bench) -> None:
    order = await bench.picked()
    number = await _number(bench, order)
    async with _client(bench) as http:
        alone = await http.get(f"/api/orders/{number}/confirmation.pdf")
        assert (await http.post(CONFIRMATIONS, json={"orders": [number]})).content == alone.content


async def test_more_than_a_slice_of_orders_keep_their_places(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "READ_AT_ONCE", 2)
    numbers = [await _number(bench, await bench.order(f"R-{n}", MILK=1)) for n in range(5)]
    async with _client(bench) as http:
        given = await http.post(CONFIRMATIONS, json={"orders": numbers[::-1]})
        assert _orders_on(given.content, "A4") == [str(number) for number in numbers[::-1]]


# --- slips ---------------------------------------------------------------------------------------------------------


async def _packed(bench: Bench) -> tuple[int, int, int]:
    """Of three orders the first lies in two cartons and the second, whose customer speaks English, in one."""
    made = [await bench.order("R-1"), await bench.order("R-2", TEA=2), await bench.order("R-3", HONEY=1)]
    await _speaks(bench, made[1], "en")
    await release(bench.world)
    await bench.pick_all()
    totes = [(await bench.totes_of(await bench.part(each)))[0] for each in made]
    part = await bench.part(made[0])
    await bench.open(totes[0])
    await bench.item(part, "MILK", 3, totes[0])
    await bench.another(part)
    await bench.item(part, "OATS", 1, totes[0])
    await bench.label_worker().step()
    await bench.all_in(made[1], totes[1])
    first, second, third = [await _number(bench, each) for each in made]
    return first, second, third


async def test_slips_come_by_order_as_named_then_by_carton_and_who_has_none_is_told(bench: Bench) -> None:
    first, second, third = await _packed(bench)
    async with _client(bench) as http:
        given = await http.post(SLIPS, json={"orders": [third, second, first]})
        assert (given.status_code, given.headers["content-type"]) == (200, "application/pdf"), given.text
        assert given.headers[api.WITHOUT] == str(third)
        assert _orders_on(given.content, "A6") == [str(second), str(first), str(first)]
        assert _units(given.content) == [
            "Units in this carton: 2", "Stück in diesem Karton: 3", "Stück in diesem Karton: 1",
        ]  # fmt: skip
        turned = await http.post(SLIPS, json={"orders": [first, second]})
        assert _orders_on(turned.content, "A6") == [str(first), str(first), str(second)]
        assert api.WITHOUT not in turned.headers
        none = await http.post(SLIPS, json={"orders": [third]})
        assert (none.status_code, none.json()["code"]) == (409, "cartons_missing")
        assert none.json()["detail"] == "None of these orders has anything in a carton yet."


async def test_a_carton_in_which_nothing_lies_yet_has_no_slip(bench: Bench) -> None:
    order = await bench.picked()
    await bench.one_closed(order)
    await bench.label_worker().step()
    async with _client(bench) as http:
        given = await http.post(SLIPS, json={"orders": [await _number(bench, order)]})
        assert _units(given.content) == ["Stück in diesem Karton: 3"]


async def test_who_works_in_one_warehouse_gets_the_slips_of_its_cartons_alone(bench: Bench) -> None:
    first, second, third = await _packed(bench)
    asked = {"orders": [first, second, third]}
    async with _client(bench, warehouse=1) as http:
        assert _orders_on((await http.post(SLIPS, json=asked)).content, "A6") == [str(first), str(first), str(second)]
    async with _client(bench, warehouse=2) as http:
        assert (await http.post(SLIPS, json=asked)).json()["code"] == "cartons_missing"


async def test_too_many_cartons_at_once_are_refused_at_their_field(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _ = await _packed(bench)
    monkeypatch.setattr(api, "MOST_PAPERS", 2)
    async with _client(bench) as http:
        refused = await http.post(SLIPS, json={"orders": [first, second]})
        assert (refused.status_code, refused.json()["code"]) == (422, "too_many_papers")
        (fault,) = refused.json()["faults"]
        assert (fault["field"], fault["wanted"], fault["got"]) == ("orders", "at most 2", "3 or more")


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [CONFIRMATIONS, SLIPS])
async def test_a_number_that_is_no_order_is_named_at_its_place(bench: Bench, path: str) -> None:
    number = await _number(bench, await bench.order())
    async with _client(bench) as http:
        refused = await http.post(path, json={"orders": [number, 999_999, number, 999_998]})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
        assert [(each["field"], each["got"]) for each in refused.json()["faults"]] == [
            ("orders[1]", "999999"),
            ("orders[3]", "999998"),
        ]


@pytest.mark.parametrize("path", [CONFIRMATIONS, SLIPS])
@pytest.mark.parametrize(
    ("orders", "size", "field"),
    [([], "A4", "orders"), (list(range(1, 202)), "A4", "orders"), ([0], "A4", "orders[0]"), ([1], "A5", "size")],
)
async def test_what_cannot_be_printed_is_told_at_its_field(
    bench: Bench, path: str, orders: Sequence[int], size: str, field: str
) -> None:
    async with _client(bench) as http:
        refused = await http.post(path, json={"orders": orders, "size": size})
        assert refused.status_code == 422
        assert [each["field"] for each in refused.json()["faults"]] == [field]


def test_each_kind_of_paper_wants_the_permission_of_its_single_one() -> None:
    assert api.confirmations.opt["permission"] == api.confirmation.opt["permission"] == "orders.read"
    assert api.packing_slips.opt["permission"] == api.packing_slip.opt["permission"] == "slips.read"
