"""Rows are what they mean, or faults with row and column; nothing is guessed and nothing rounded."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest

from server.core.refusal import Fault
from server.integrations import cells
from server.integrations.cells import Wrong
from server.integrations.drafts import Draft, Drafts, Options, RowFault
from server.integrations.kinds import KINDS, header_of, plain, template
from server.integrations.reading import Layout, Rows, written
from server.integrations.service import imports
from server.integrations.service.found import fault_of
from server.integrations.told import FAULTS, NOTES
from server.orders.schemas.captures import NewOrder

ORDER = "reference,sku,quantity,price,currency,shipping,total,name,street,city,country,service,payment"
REST = "Ana,Weg 1,Köln,DE,nordpost-parcel,prepaid"


def drafts(kind: str, text: str) -> list[Draft]:
    rows = Rows(io.BytesIO(text.encode()), Layout("utf-8", ","))
    header = header_of(KINDS[kind], text.splitlines()[0].split(","))
    return list(Drafts(KINDS[kind], Options(header.columns, 1)).of(rows))


def orders(*rows: str) -> list[Draft]:
    return drafts("orders", "\n".join((ORDER, *rows)))


def faults(of: list[Draft]) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for draft in of for fault in draft.faults]


def test_what_was_wanted_in_a_cell_is_said_in_the_readers_language() -> None:
    fault = Fault("lines", "An order has lines.", "1 to {most} lines", "{count} lines", {"most": 500, "count": 501})
    kept = fault_of(KINDS["orders"], Draft(2, 502, None), fault)
    assert kept == RowFault(2, "sku", "refused", "1 to {most} lines", "{count} lines", {"most": 500, "count": 501})
    shown = imports.fault_view("orders", {}, 1, kept, "de")
    assert (shown.wanted, shown.got) == ("1 bis 500 Positionen", "501 Positionen")


@pytest.mark.parametrize("kind", KINDS)
def test_the_template_of_a_kind_is_a_file_without_faults(kind: str) -> None:
    text = written(template(KINDS[kind]))
    (found,) = drafts(kind, text)
    assert found.record is not None, found.faults


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_columns_of_a_kind_go_by_the_same_name(kind: str) -> None:
    names = [plain(name) for column in KINDS[kind].columns for name in {column.name, *column.aliases}]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)


def test_a_header_is_known_by_its_names_in_both_languages_whatever_their_capitals() -> None:
    found = header_of(KINDS["stock"], ["Lagerplatz", " ARTIKEL-Nummer ", "Menge", "Farbe", "MHD"])
    assert found.columns == ("bin", None, "quantity", None, "expiry")
    assert (found.ignored, found.missing, found.twice) == (("ARTIKEL-Nummer", "Farbe"), ("sku",), ())
    assert header_of(KINDS["stock"], ["bin", "sku", "qty", "menge"]).twice == ("quantity",)


def test_rows_that_stand_together_are_one_order_and_its_sums_are_made() -> None:
    first, second = orders(
        f"R-1,HONEY,2,5.00,EUR,4.90,,{REST}", 'R-1,TEA,1,"1.234,50",EUR,,,,,,,,', f"R-2,TEA,1,3,EUR,,3.00,{REST}"
    )
    order = first.record
    assert isinstance(order, NewOrder)
    assert [(line.sku, line.quantity, line.price_minor) for line in order.lines] == [
        ("HONEY", 2, 500), ("TEA", 1, 123_450),
    ]  # fmt: skip
    assert (order.totals.items_minor, order.totals.total_minor, order.channel) == (124_450, 124_940, "import")
    assert (first.first, first.last, second.first) == (2, 3, 4)
    assert first.place(KINDS["orders"], "lines[1].sku") == (3, "sku")


def test_an_order_that_comes_back_or_contradicts_itself_is_told() -> None:
    found = orders(
        f"R-1,HONEY,2,5,EUR,,,{REST}",
        f"R-2,HONEY,2,5,EUR,,,{REST}",
        "R-2,TEA,1,5,EUR,,,Bea,,,,,",
        f"R-1,TEA,1,5,EUR,,,{REST}",
    )
    assert faults(found) == [(4, "name", "another_value"), (5, "reference", "comes_back")]


def test_an_order_beside_a_row_that_cannot_be_read_waits() -> None:
    found = orders(f"R-1,HONEY,2,5,EUR,,,{REST}", 'R-1,"TEA', f"R-2,TEA,1,5,EUR,,,{REST}", f"R-3,TEA,1,5,EUR,,,{REST}")
    assert faults(found) == [
        (2, "reference", "beside_unreadable"), (3, "", "quote_wrong"), (4, "reference", "beside_unreadable"),
    ]  # fmt: skip
    assert found[-1].record is not None


def test_every_wrong_cell_of_a_row_is_told_at_once() -> None:
    found = orders(f"R-1,,two,1.999,EUR,-1,x,{REST}", f"R-2,TEA,1,5,XXX,,,{REST}", "R-3,TEA")
    assert faults(found)[:7] == [
        (2, "sku", "empty"), (2, "quantity", "wrong"), (2, "price", "decimals"), (2, "shipping", "wrong"),
        (2, "total", "wrong"), (3, "currency", "wrong"), (4, "", "cells_missing"),
    ]  # fmt: skip


def test_a_formula_is_text() -> None:
    (found,) = orders(f"=cmd|' /C calc'!A0,HONEY,2,5,EUR,,,{REST}")
    assert isinstance(found.record, NewOrder)
    assert found.record.external_ref == "=cmd|' /C calc'!A0"


def test_what_tells_things_apart_stands_in_a_file_once() -> None:
    items = "sku,name,weight_g,length_mm,width_mm,height_mm,ean\n"
    code = "4006381333931"
    found = drafts("items", f"{items}A,a,1,1,1,1,{code}\nB,b,1,1,1,1,{code}\nA,c,1,1,1,1,\n")
    assert faults(found) == [(3, "barcode", "twice"), (4, "sku", "twice")]
    assert faults(drafts("bins", "code\nA01-01-A\nA01-01-A\n")) == [(3, "code", "twice")]


def test_aisle_bay_and_level_come_from_the_code_of_a_shelf() -> None:
    (found,) = drafts("bins", "code\nA07-04-B\n")
    bin_: Any = found.record
    assert (bin_.new.aisle, bin_.new.bay, bin_.new.level, bin_.new.side) == ("A07", 4, "B", "left")
    (pack,) = drafts("bins", "code,type\nPACK-1,pack\n")
    assert pack.record.new.aisle == ""  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12.9", "12.9"), ("12,90", "12.90"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("1.234.567", "1234567")],
)
def test_an_amount_is_read_as_it_is_written_here_and_there(text: str, value: str) -> None:
    assert cells.amount(text) == Decimal(value)


@pytest.mark.parametrize("text", ["12.90 €", "1,2,3", "1.23.4", "NaN", "1e3", "٣", "--1", ""])
def test_what_is_no_amount_is_none(text: str) -> None:
    with pytest.raises(Wrong):
        cells.amount(text)


@pytest.mark.parametrize("text", ["03/04/2027", "2027-02-30", "31.3.27", "٢٠٢٧-٠١-٠١"])
def test_a_day_that_two_readers_read_differently_is_none(text: str) -> None:
    with pytest.raises(Wrong):
        cells.day(text)


def test_everything_is_said_in_both_languages_with_the_same_parameters() -> None:
    for told in (*FAULTS.values(), *NOTES.values()):
        assert told.en != told.de
        assert ("{count}" in told.en) == ("{count}" in told.de)
