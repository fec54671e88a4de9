"""A file is looked at, then written behind everything else, each row once, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from server.catalog.models import item, item_barcode
from server.core.clock import ManualClock
from server.core.refusal import Refusal
from server.db.base import CORE
from server.db.database import Database
from server.db.unit import Command
from server.db.work import Actor, Work
from server.integrations import checking
from server.integrations.drafts import Draft
from server.integrations.files import Files
from server.integrations.importer import KEPT, Importer
from server.integrations.kinds import KINDS, template
from server.integrations.rules.channels import Settings, Table
from server.integrations.schemas.channels import PutChannel
from server.integrations.service import channels
from server.integrations.service import imports as service
from server.integrations.service.ways import WAYS
from server.integrations.store import imports as store
from server.inventory import service as inventory
from server.inventory.models import quant
from server.locations import service as locations
from server.locations.models import bin as bin_table
from server.locations.models import zone
from server.orders.models import expected_receipt, order, order_line
from tests.support.importing import Desk, order_rows
from tests.support.shop import REACTIONS, build


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
async def desk(
    open_database: Callable[..., Awaitable[Database]], clock: ManualClock, tmp_path: Path, thread: ThreadPoolExecutor
) -> Desk:
    shop = await build(await open_database(reactions=REACTIONS), clock)
    files = Files(tmp_path / "imports", 100_000)
    return Desk(shop, Importer(shop.db, clock, files, lambda: thread), files)


ITEMS = "sku,name,weight_g,length_mm,width_mm,height_mm,ean,case_barcode,case_quantity,price\n"


async def rows(desk: Desk, *columns: sa.Column[Any]) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in await desk.shop.ask(sa.select(*columns)))


async def test_a_check_changes_nothing_and_says_what_it_would_come_to(desk: Desk) -> None:
    before = await desk.check(
        "orders", order_rows("R-1,HONEY,1,5.00", "R-1,TEA,2,3.00", "R-2,NOBODY,1,5.00", "R-3,TEA,0,1")
    )
    assert (before.state, before.allowed) == ("checked", ["start", "cancel"])
    assert (before.checked.records, before.checked.made, before.checked.lines, before.checked.faulty) == (3, 1, 2, 2)
    assert await desk.faults(before.id) == [(4, "sku", "unknown"), (5, "quantity", "wrong")]
    assert before.preview[0][:3] == ["R-1", "HONEY", "1"]
    assert await rows(desk, order.c.external_ref) == []


async def test_what_has_faults_starts_only_where_somebody_leaves_them_out(desk: Desk) -> None:
    found = await desk.check("orders", order_rows("R-1,HONEY,1,5.00", "R-2,NOBODY,1,5.00"), start_at_once=True)
    assert found.state == "checked"
    with pytest.raises(Refusal) as refused:
        await desk.importer.start(found.id, "stop", Actor())
    assert refused.value.code == "import_faulty"
    await desk.importer.start(found.id, "skip", Actor())
    await desk.importer.work_on(found.id)
    done = await desk.view(found.id)
    assert (done.state, done.written.made, done.written.faulty) == ("done", 1, 1)
    assert await desk.faults(found.id) == [(3, "sku", "unknown")]
    assert not desk.files.path(found.id).exists()


async def test_orders_that_are_there_are_skipped_however_often_they_come(desk: Desk) -> None:
    text = order_rows(*(f"R-{number},TEA,1,3.00" for number in range(7)))
    assert (await desk.run("orders", text)).written.made == 7
    again = await desk.run("orders", text + "\n" + order_rows("R-8,TEA,1,3.00").splitlines()[1])
    assert (again.written.made, again.written.skipped, again.state) == (1, 7, "done")
    assert await desk.skipped(again.id) == [(row, "The order is here already.") for row in range(2, 9)]
    looked = await desk.check("orders", text)
    assert await desk.skipped(looked.id) == await desk.skipped(again.id)
    assert len(await rows(desk, order.c.external_ref)) == 8
    assert len(await rows(desk, order_line.c.id)) == 8


async def test_what_is_true_now_is_looked_at_again_while_it_is_written(desk: Desk) -> None:
    found = await desk.check("items", f"{ITEMS}A,a,1,1,1,1,4006381333931,,,\nB,b,1,1,1,1,,,,\n")
    assert found.checked.made == 2
    await desk.run("items", f"{ITEMS}C,c,1,1,1,1,4006381333931,,,\n")
    await desk.importer.start(found.id, "stop", Actor())
    await desk.importer.work_on(found.id)
    done = await desk.view(found.id)
    assert (done.written.made, done.written.faulty) == (1, 1)
    assert await desk.faults(found.id) == [(2, "ean", "taken")]


async def test_an_item_is_made_and_later_changed_in_what_the_file_says(desk: Desk) -> None:
    text = f'{ITEMS}OIL,Oil,950,80,80,250,4006381333931,14006381333938,6,"7,49"\n'
    assert (await desk.run("items", text)).written.made == 1
    assert (await desk.run("items", text)).written.skipped == 1
    changed = await desk.run("items", "sku,name,weight_g,length_mm,width_mm,height_mm\nOIL,Olive oil,960,80,80,250\n")
    assert changed.written.changed == 1
    (kept,) = await desk.shop.ask(sa.select(item).where(item.c.sku == "OIL"))
    assert (kept.names, kept.weight_g, kept.price_minor) == ({"en": "Olive oil"}, 960, 749)
    codes = await desk.shop.ask(
        sa.select(item_barcode.c.uom, item_barcode.c.quantity).where(item_barcode.c.item_id == kept.id)
    )
    assert sorted(tuple(code) for code in codes) == [("case", 6), ("each", 1)]


async def test_bins_bring_their_zones_their_aisles_and_the_places_that_close_the_books(desk: Desk) -> None:
    text = "code,zone,zone name\nA09-01-A,NEW,New hall\nA09-02-A,NEW,\nA01-01-A,Z,\n"
    done = await desk.run("bins", text)
    assert (done.written.made, done.written.skipped, done.written.changed) == (2, 1, 0), await desk.faults(done.id)
    assert ("NEW", "New hall") in await rows(desk, zone.c.code, zone.c.name)
    types = {row[0] for row in await rows(desk, bin_table.c.type)}
    assert {"supplier", "customer", "adjustment", "scrap", "cart"} <= types
    made = await desk.shop.ask(sa.select(bin_table).where(bin_table.c.code == "A09-02-A"))
    stops = await desk.shop.db.read(lambda conn: locations.stops(conn, 1, [row.id for row in made]))
    assert [stop.aisle for stop in stops.values()] == [2]
    assert (await desk.run("bins", text)).written.skipped == 3


async def test_the_templates_fit_each_other_when_they_come_in_the_guide_s_order(desk: Desk) -> None:
    for kind in ("items", "bins", "stock"):
        header, example = template(KINDS[kind])
        done = await desk.run(kind, ";".join(header) + "\n" + ";".join(example) + "\n")
        assert (done.written.made, done.written.faulty) == (1, 0), await desk.faults(done.id)


async def test_what_is_on_its_way_comes_from_a_file_and_the_newest_file_counts(desk: Desk) -> None:
    head = "Bestellung;Artikel;Menge;Liefertermin\n"
    first = head + "PO-1;TEA;40;27.11.2026\nPO-1;HONEY;5;2026-11-27\nPO-1;GOLD;1;2026-11-27\n"
    done = await desk.run("receipts", first)
    assert (done.written.made, done.written.faulty) == (2, 1), await desk.faults(done.id)
    again = await desk.run("receipts", head + "PO-1;TEA;40;27.11.2026\nPO-1;HONEY;6;2026-11-30\n")
    assert (again.written.made, again.written.changed, again.written.skipped) == (0, 1, 1)
    known = await desk.shop.ask(sa.select(expected_receipt.c.quantity, expected_receipt.c.expected_on))
    assert set(map(tuple, known)) == {(40, date(2026, 11, 27)), (6, date(2026, 11, 30))}


async def test_opening_stock_is_booked_once_and_the_books_are_whole(desk: Desk) -> None:
    text = "bin,sku,quantity\nA01-03-A,TEA,40\nA01-01-A,HONEY,5\nNOWHERE,TEA,1\n"
    found = await desk.check("stock", text)
    assert (found.checked.made, found.checked.skipped, found.checked.faulty) == (1, 1, 1)
    assert "holds" in [note.code for note in found.notes]
    done = await desk.run("stock", text)
    again = await desk.run("stock", text)
    assert (done.written.made, again.written.made, again.written.skipped) == (1, 0, 2)
    held = await desk.shop.ask(
        sa.select(quant.c.on_hand)
        .join(bin_table, bin_table.c.id == quant.c.bin_id)
        .where(bin_table.c.code == "A01-03-A")
    )
    assert [row[0] for row in held] == [40]
    assert await desk.shop.db.read(inventory.invariants) == []


async def test_an_item_kept_by_lot_and_date_wants_both(desk: Desk) -> None:
    await desk.run("items", f"{ITEMS[:-1]},tracking\nHAM,Ham,1,1,1,1,,,,,lot_expiry\n")
    found = await desk.check(
        "stock", "bin,sku,quantity,lot,mhd\nA01-03-A,HAM,4,,\nA01-03-A,HAM,4,L1,31.03.2027\nA01-04-A,TEA,1,L1,\n"
    )
    assert await desk.faults(found.id) == [(2, "lot", "empty"), (2, "mhd", "empty"), (4, "lot", "not_tracked")]


# --- in between ----------------------------------------------------------------------------------------------------


async def slice_of(desk: Desk, import_id: Any, drafts: list[Draft], after: int) -> int | None:
    here = partial(
        service.write_slice, import_id=import_id, life=desk.shop.db.life, after=after, drafts=drafts, bytes_read=1
    )
    return (await desk.shop.db.write(Command(here, frozenset({CORE, 1}), Actor(), "test"))).answer


async def begun(desk: Desk, orders: int) -> tuple[Any, list[Draft]]:
    """An import of so many orders that is to be written, and its drafts."""
    found = await desk.check("orders", order_rows(*(f"R-{number},TEA,1,3.00" for number in range(orders))))
    await desk.importer.start(found.id, "stop", Actor())
    run = await desk.shop.db.read(partial(store.by_id, import_id=found.id))
    assert run is not None
    got = checking.read(desk.importer._task(run), 1, 100)
    checking.forget(found.id)
    return found.id, got.drafts


async def test_after_a_crash_it_goes_on_behind_the_last_row_that_is_written(desk: Desk) -> None:
    import_id, drafts = await begun(desk, 5)
    assert await slice_of(desk, import_id, drafts[:2], 1) == 2
    assert await slice_of(desk, import_id, drafts[:2], 1) is None  # a slice that comes again does nothing
    checking.forget(import_id)  # the worker process has ended too
    await desk.importer.work_on(import_id)
    done = await desk.view(import_id)
    assert (done.state, done.written.made, done.written.skipped) == ("done", 5, 0)


async def test_whoever_lost_an_import_changes_nothing_any_more(desk: Desk) -> None:
    import_id, drafts = await begun(desk, 3)
    other = desk.shop.db.life + 1
    claim = partial(service.claim, import_id=import_id, life=other, dead={desk.shop.db.life})
    assert (await desk.shop.db.write(Command(claim, frozenset({CORE}), Actor(), "test"))).answer
    assert await slice_of(desk, import_id, drafts, 1) is None
    back = partial(service.claim, import_id=import_id, life=desk.shop.db.life, dead=())
    assert not (await desk.shop.db.write(Command(back, frozenset({CORE}), Actor(), "test"))).answer
    desk.shop.clock.advance(service.PATIENCE.total_seconds() + 1)  # the other one gives no sign any more
    assert (await desk.shop.db.write(Command(back, frozenset({CORE}), Actor(), "test"))).answer


async def test_a_slice_stops_where_the_floor_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id, drafts = await begun(desk, 4)
    monkeypatch.setitem(cast(Any, WAYS), "orders", WAYS["orders"]._replace(together=None))

    def crowded(work: Work) -> int | None:
        work._crowded = lambda: True
        return service.write_slice(work, import_id, desk.shop.db.life, 1, drafts, 1)

    done = await desk.shop.db.write(Command(crowded, frozenset({CORE, 1}), Actor(), "test"))
    assert done.answer == 1
    assert len(await rows(desk, order.c.external_ref)) == 1


async def test_what_is_cancelled_in_the_middle_keeps_what_is_written_and_writes_no_more(desk: Desk) -> None:
    import_id, drafts = await begun(desk, 5)
    await slice_of(desk, import_id, drafts[:2], 1)
    await desk.importer.cancel(import_id, Actor())
    assert await slice_of(desk, import_id, drafts[2:], 3) is None
    await desk.importer.work_on(import_id)
    found = await desk.view(import_id)
    assert (found.state, found.written.made, found.allowed, found.preview) == ("cancelled", 2, [], [])
    with pytest.raises(Refusal) as refused:
        await desk.importer.cancel(import_id, Actor())
    assert refused.value.code == "move_not_allowed"


async def test_what_a_service_refuses_after_all_is_told_and_the_others_are_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id, _ = await begun(desk, 4)
    ways = WAYS["orders"]

    def refusing(work: Work, drafts: Sequence[Draft], options: Any) -> list[str]:
        if any(draft.first == 3 for draft in drafts):
            raise Refusal("stock_missing", available=0)
        if any(draft.first == 4 for draft in drafts):
            raise ZeroDivisionError
        return [ways.write(work, draft, options) for draft in drafts]

    monkeypatch.setitem(cast(Any, WAYS), "orders", ways._replace(together=refusing))
    with capture_logs() as logged:
        await desk.importer.work_on(import_id)
    done = await desk.view(import_id)
    assert (done.state, done.written.made, done.written.faulty) == ("done", 2, 2)
    assert [(each["event"], each["row"]) for each in logged] == [("import_row_broken", 4)]
    assert [(row, code) for row, _, code in await desk.faults(import_id)] == [(3, "refused"), (4, "broken")]


async def test_a_file_that_is_gone_ends_its_import_in_words(desk: Desk) -> None:
    import_id, _ = await begun(desk, 3)
    desk.files.path(import_id).unlink()
    with capture_logs():
        await desk.importer._kept(import_id)
    found = await desk.view(import_id)
    assert (found.state, found.why) == ("failed", "The file is no longer there. Bring it in again.")


async def test_faults_beyond_any_use_are_counted_and_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_FAULTS", 70)
    found = await desk.check("stock", "bin,sku,quantity\n" + "X,Y,0\n" * 300)
    assert found.checked.faulty == 300
    assert len(await desk.faults(found.id)) == 70
    assert "more_faults" in [note.code for note in found.notes]


async def test_skipped_rows_beyond_any_use_are_counted_and_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = order_rows(*(f"R-{number},TEA,1,3.00" for number in range(9)))
    await desk.run("orders", text)
    monkeypatch.setattr(service, "MOST_FAULTS", 4)
    found = await desk.run("orders", text)
    assert (found.checked.skipped, found.written.skipped) == (9, 9)
    assert [row for row, _ in await desk.skipped(found.id)] == [2, 3, 4, 5]
    assert "more_skipped" in [note.code for note in found.notes]


async def test_what_nobody_starts_is_called_off_and_faults_of_long_ago_are_forgotten(desk: Desk) -> None:
    found = await desk.check("stock", "bin,sku,quantity\n" + "X,Y,0\n" * 130)
    await desk.importer._let_go()
    assert (await desk.view(found.id)).state == "checked"
    desk.shop.clock.advance(KEPT.total_seconds() + 1)
    await desk.importer._let_go()
    assert (await desk.view(found.id)).state == "cancelled"
    assert not desk.files.path(found.id).exists()
    assert len(await desk.faults(found.id)) == 100
    desk.shop.clock.advance(service.FAULTS_KEPT.total_seconds() + 1)
    await desk.importer._let_go()
    assert await desk.faults(found.id) == []


# --- the door ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "import_unreadable"),
        (b"bin,quantity\nA,1\n", "import_columns"),
        (b"bin,sku,artikel,quantity\nA,B,B,1\n", "import_columns"),
        (b"x" * 100_001, "import_too_large"),
    ],
    ids=["empty", "picture", "missing", "twice", "large"],
)
async def test_what_cannot_be_used_is_refused_at_once_and_leaves_nothing(
    desk: Desk, tmp_path: Path, data: bytes, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        await desk.bring("stock", data)
    assert refused.value.code == code
    assert not list((tmp_path / "imports").iterdir())


async def test_a_header_alone_is_an_import_of_nothing(desk: Desk) -> None:
    found = await desk.check("stock", "bin,sku,quantity\n")
    assert (found.state, found.checked.records, [note.code for note in found.notes]) == ("checked", 0, ["no_rows"])


async def test_files_that_a_crash_left_are_removed_and_those_in_use_are_not(desk: Desk, tmp_path: Path) -> None:
    import_id = await desk.bring("stock", "bin,sku,quantity\n")
    stray = tmp_path / "imports" / "stray.part"
    stray.write_bytes(b"x")
    needed = await desk.shop.db.read(store.with_files)
    later = stray.stat().st_mtime + 4000
    await desk.files.sweep(needed, later)
    assert not stray.exists()
    assert desk.files.path(import_id).exists()


async def report(desk: Desk, import_id: Any, most: int = 2) -> list[list[str]]:
    """Every line of an import's report, a few at a time."""
    found, after = [], 0
    while True:
        read = partial(service.report, import_id=import_id, after=after, most=most, language="en")
        lines, after = await desk.shop.db.read(read)
        found += lines
        if not after:
            return found


async def test_the_report_says_of_each_record_what_became_of_it(desk: Desk) -> None:
    await desk.run("orders", order_rows("R-2,TEA,1,3.00"))
    text = order_rows("R-1,HONEY,1,5.00", "R-1,TEA,1,3.00", "R-2,TEA,1,3.00", "R-3,NOBODY,1,5.00", "R-4,TEA,x,1")
    found = await desk.run("orders", text)
    numbers = dict(await rows(desk, order.c.external_ref, order.c.number))
    assert [line[:5] for line in await report(desk, found.id)] == [
        ["2", "3", "R-1", "taken in", str(numbers["R-1"])],
        ["4", "4", "R-2", "skipped, it is here already", ""],
        ["5", "5", "R-3", "not taken", ""],
        ["6", "6", "R-4", "not taken", ""],
    ]  # fmt: skip
    assert [line[5] for line in await report(desk, found.id)][2:] == [
        "sku: Nobody knows this. (NOBODY)", "quantity: This cannot be meant. (x)",
    ]  # fmt: skip


async def test_a_channels_file_is_read_by_its_own_columns_words_and_decimal_sign(desk: Desk) -> None:
    table = Table(columns={"Beleg": "reference", "Artikelname": "sku", "Stück netto": "price"}, decimal=",",
                  constants={"currency": "EUR", "payment": "prepaid"})  # fmt: skip
    settings = Settings(table=table, items={"Honig 500 g": "HONEY"}, services={"Post": "nordpost-parcel"})
    body = PutChannel(kind="csv", settings=settings)
    await desk.shop.do(partial(channels.put, code="fair", body=body))
    text = "Beleg;Artikelname;Menge;Stück netto;Name;Straße;PLZ;Ort;Land;Versandart;Farbe\n"
    text += "7;Honig 500 g;2;1.234,5;Ana;Weg 1;50667;Köln;DE;Post;blau\n"
    found = await desk.check("orders", text, channel="fair")
    assert (found.checked.made, await desk.faults(found.id)) == (1, [])
    await desk.importer.start(found.id, "stop", Actor())
    await desk.importer.work_on(found.id)
    assert await rows(desk, order.c.channel, order.c.external_ref, order.c.items_minor) == [("fair", "7", 246_900)]
    again = await desk.run("orders", text.replace("1.234,5", "12.5"), channel="fair")
    assert await desk.faults(again.id) == [(2, "Stück netto", "wrong")]
    with pytest.raises(Refusal, match="channel_unknown"):
        await desk.check("orders", text, channel="nobody")


async def test_what_was_broken_off_says_from_which_row_on_nothing_was_done(desk: Desk) -> None:
    found = await desk.check("orders", order_rows("R-1,HONEY,1,5.00", "R-2,TEA,1,3.00", "R-3,TEA,1,3.00"))
    await desk.importer.start(found.id, "stop", Actor())
    claim = partial(service.claim, import_id=found.id, life=desk.shop.db.life, dead=frozenset())
    await desk.shop.do(claim)
    run = await desk.shop.db.read(partial(store.by_id, import_id=found.id))
    assert run is not None
    got = checking.read(desk.importer._task(run), 1, 1)
    first = partial(service.write_slice, import_id=found.id, life=desk.shop.db.life, after=1, drafts=got.drafts,
                    bytes_read=0)  # fmt: skip
    await desk.shop.do(first, CORE, 1)
    await desk.importer.cancel(found.id, Actor())
    lines = await report(desk, found.id)
    assert [(line[0], line[3]) for line in lines] == [("2", "taken in"), ("3", "from here on nothing was done")]


@pytest.mark.parametrize("many", [60, pytest.param(100_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_large_file_is_broken_off_keeps_what_it_has_and_run_again_brings_the_rest(
    desk: Desk, many: int
) -> None:
    desk.files.most = 200 * many
    text = order_rows(*(f"L-{number},{'HONEY' if number % 7 else 'NOBODY'},1,5.00" for number in range(many)))
    first = await desk.bring("orders", text, start_at_once=True, skip_faults=True)
    work = asyncio.create_task(desk.importer.work_on(first))
    while (seen := await desk.view(first)).written.records < many // 3:
        await desk.shop.db.rang(0.05)
    assert 0 < seen.progress < 1
    await desk.importer.cancel(first, Actor())
    await work
    kept = (await desk.view(first)).written
    assert 0 < kept.made < len(await rows(desk, order.c.number)) + 1
    assert (await report(desk, first, 1_000))[-1][3] == "from here on nothing was done"
    again = await desk.run("orders", text)
    refused = len(range(0, many, 7))
    assert (again.written.skipped, again.written.faulty) == (kept.made, refused)
    assert len(await rows(desk, order.c.number)) == many - refused
    lines = await report(desk, again.id, 1_000)
    assert [line[2] for line in lines] == [f"L-{number}" for number in range(many)]
    assert len({line[4] for line in lines if line[4]}) == again.written.made
