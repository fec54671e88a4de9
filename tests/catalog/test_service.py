"""Items and their barcodes, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
import pytest

from server.catalog import service
from server.catalog.schemas import Barcode, ItemBarcode, NewBarcode
from server.core.refusal import Refusal
from server.db import log
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from tests.catalog.test_rules import ITEM, PLAIN

T = TypeVar("T")
CASE = NewBarcode(code="14006381333938", uom="case", quantity=8)


async def do(db: Database, run: Callable[[Work], T]) -> T:
    return (await db.write(Command(run, frozenset({CORE}), Actor(), "test"))).answer


async def test_a_scanned_code_finds_its_item_and_how_many_it_is(database: Database) -> None:
    item = msgspec.structs.replace(ITEM, barcodes=[*ITEM.barcodes, CASE])
    item_id = await do(database, lambda work: service.put_item(work, item))
    found = await database.read(lambda conn: service.resolve(conn, "14006381333938"))
    assert found == ItemBarcode(item_id, "case", 8)
    assert await database.read(lambda conn: service.resolve(conn, "04006381333931")) == ItemBarcode(item_id, "each", 1)
    assert await database.read(lambda conn: service.resolve(conn, "99999999999999")) is None


async def test_an_item_put_again_is_changed_and_keeps_its_id(database: Database) -> None:
    first = await do(database, lambda work: service.put_item(work, ITEM))
    changed = msgspec.structs.replace(ITEM, names={"en": "Oat drink"}, barcodes=[CASE], picture_svg=PLAIN)
    assert await do(database, lambda work: service.put_item(work, changed)) == first
    page = await database.read(lambda conn: service.page(conn, ITEM.sku))
    assert page.item.names == {"en": "Oat drink"}
    assert page.barcodes == [Barcode("14006381333938", "case", 8)]
    assert page.item.picture is not None
    assert await database.read(lambda conn: service.resolve(conn, "04006381333931")) is None
    events = await database.read(lambda conn: log.tail(conn, CORE, 0, 10))
    assert [each.type for each in events] == ["item.changed"] * 2


async def test_a_barcode_belongs_to_one_item(database: Database) -> None:
    await do(database, lambda work: service.put_item(work, ITEM))
    other = msgspec.structs.replace(ITEM, sku="OTHER")
    with pytest.raises(Refusal) as caught:
        await do(database, lambda work: service.put_item(work, other))
    assert (caught.value.code, caught.value.params["got"]) == ("name_taken", "04006381333931")
    twice = msgspec.structs.replace(other, barcodes=[CASE, CASE])
    with pytest.raises(Refusal):
        await do(database, lambda work: service.put_item(work, twice))
    assert await database.read(lambda conn: service.item_of(conn, "OTHER")) is None


async def test_a_wrong_item_leaves_nothing(database: Database) -> None:
    wrong = msgspec.structs.replace(ITEM, weight_g=-1)
    with pytest.raises(Refusal) as caught:
        await do(database, lambda work: service.put_item(work, wrong))
    assert caught.value.faults[0].field == "weight_g"
    assert await database.read(lambda conn: service.item_of(conn, ITEM.sku)) is None


async def test_items_are_found_by_sku_name_and_barcode_a_page_at_a_time(database: Database) -> None:
    for n, name in enumerate(("Honey", "Forest honey", "Tea 100%", "Tea_x")):
        item = msgspec.structs.replace(ITEM, sku=f"40-{n}", names={"en": name, "de": f"Öl {n}"}, barcodes=[])
        await do(database, lambda work, item=item: service.put_item(work, item))  # type: ignore[misc]
    await do(database, lambda work: service.put_item(work, ITEM))

    async def found(text: str, after: str = "", limit: int = 10) -> tuple[list[str], str | None]:
        page = await database.read(lambda conn: service.search(conn, text, after, limit))
        return [item.sku for item in page.items], page.next

    assert await found("", limit=2) == (["40-0", "40-0182"], "40-0182")
    assert await found("", "40-0182") == (["40-1", "40-2", "40-3"], None)
    assert await found("HONEY") == (["40-0", "40-1"], None)
    assert await found("honey", limit=1) == (["40-0"], "40-0")
    assert await found("öl 3") == (["40-3"], None)
    assert await found("ÖL 3") == (["40-3"], None)
    assert await found("4006381333931") == (["40-0182"], None)
    assert await found("0%") == (["40-2"], None)
    assert await found("a_x") == (["40-3"], None)
    assert await found("\\") == ([], None)


async def test_what_a_device_must_know_comes_in_one_piece(database: Database) -> None:
    item_id = await do(database, lambda work: service.put_item(work, ITEM))
    assert await database.read(lambda conn: service.barcodes(conn, [item_id])) == {
        item_id: [Barcode("04006381333931", "each", 1)]
    }
    assert (await database.read(lambda conn: service.items(conn, [item_id])))[item_id].sku == ITEM.sku
    assert await database.read(lambda conn: service.items(conn, [])) == {}
