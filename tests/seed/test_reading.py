"""A slip in the data is told with its file, line and field, what was wanted and what was found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from seed.data import DEMO, DemoError, load_demo

# file, what stands there, what is put in its place, the fault that is told
SLIPS = [
    ("people.toml", 'pin = "481726"', 'pin = "48172"', "people.toml:9: pin: wanted `str` matching regex"),
    ("people.toml", 'pin = "481726"', 'pin = "654321"', "people.toml:9: pin: wanted six digits that are no row"),
    ("people.toml", 'pin = "481726"', 'pin = "905318"', "people.toml:16: pin: wanted another one than people.toml:4"),
    ("people.toml", 'pin = "481726"\n', "", "people.toml:4: pin: wanted a value, got 'nothing'"),
    ("people.toml", 'pin = "481726"', "pin =", "people.toml:9: file: wanted TOML"),
    ("people.toml", 'pin = "481726"', "pin = 481726", "people.toml:9: pin: wanted `str`, got `int`, got 481726"),
    (
        "people.toml",
        "P-7K2M9QXTS",
        "P-7K2M9QXTA",
        "people.toml:8: badge: wanted a badge with its right check character",
    ),
    ("people.toml", 'roles = ["picker"]', 'roles = ["boss"]', "people.toml:6: roles: wanted"),
    (
        "people.toml",
        'roles = ["picker"]',
        'rank = 1\nroles = ["picker"]',
        "people.toml:6: rank: wanted no such field, got 1",
    ),
    ("people.toml", "[[person]]", "[[persn]]", "people.toml:4: persn: wanted [table] or [[table]] headers of person"),
    (
        "people.toml",
        "[[person]]",
        "a = 1\n[[person]]",
        "people.toml:1: a: wanted [table] or [[table]] headers of person",
    ),
    ("warehouse.toml", "x_mm = 23600\ny_mm = 0", "x_mm = 1\ny_mm = 0", "x_mm: wanted 23600, as of its corner, got 1"),
    ("warehouse.toml", 'cross = "front"', 'cross = "side"', "cross: wanted a cross-aisle, got 'side'"),
    ("warehouse.toml", 'code = "FLR"', 'code = "HAL"', "zone: wanted a zone, got 'FLR'"),
    ("warehouse.toml", 'check_digits = "83"\n', "", "kind: wanted x_mm, y_mm and check_digits, got 'receiving'"),
    ("warehouse.toml", "x_mm = 4400", "x_mm = 4401", "x_mm: wanted 900 mm right of its aisle, got 5300"),
    ("bins.csv", "A01-01-A,MEZ", "A01-01-B,MEZ", "bins.csv:2: code: wanted A01-01-A, got 'A01-01-B'"),
    ("bins.csv", "A01-01-A,MEZ", "A01-01-B,MEZ", "bins.csv:3: code: wanted another one than bins.csv:2"),
    ("bins.csv", "A,right,2900", "A,left,2900", "bins.csv:2: side: wanted right: odd bays stand on the right"),
    ("bins.csv", "2900,2700,0", "2900,2700,600", "bins.csv:3: z_mm: wanted another one than bins.csv:2"),
    ("bins.csv", "2900,2700,0", "2900,-2700,0", "bins.csv:2: y_mm: wanted between 0 and 30000, got -2700"),
    ("bins.csv", "2900,2700,0", "2900,zero,0", "bins.csv:2: y_mm: wanted `int`, got `str`, got 'zero'"),
    ("bins.csv", "2900,2700,0", "2900,2700", "bins.csv:2: "),
    (
        "bins.csv",
        "90,10,200000,700000000",
        "90,10,200000,700000000,1",
        "bins.csv:2: more columns: wanted no such field",
    ),
    (
        "barcodes.csv",
        "9520000000011",
        "9520000000012",
        "barcodes.csv:2: gtin: wanted check digit 1, got '9520000000012'",
    ),
    ("barcodes.csv", "9520000000011,40-0001,each,1", "9520000000011,40-0001,each,2", "wanted 1 for an each"),
    ("barcodes.csv", "9520000000011,40-0001,each,1\n", "", "items.csv:2: sku: wanted a barcode for the each"),
    (
        "barcodes.csv",
        "40-0001,case,8",
        "40-9999,case,8",
        "barcodes.csv:3: sku: wanted an SKU of items.csv, got '40-9999'",
    ),
    ("items.csv", ",carton,", ",cartoon,", "items.csv:2: picture: wanted a picture of seed/pictures.py, got 'cartoon'"),
    (
        "stock.csv",
        "A01-01-B,40-0216,,30",
        "A01-01-B,40-0216,L1,30",
        "stock.csv:2: lot: wanted none: 40-0216 has no lots",
    ),
    ("stock.csv", "A01-01-B,40-0216,,30", "A01-01-B,40-0216,,9999", "stock.csv:2: quantity: wanted at most 200000 g"),
    ("lots.csv", "40-0001,L2639,134\n", "", "lot: wanted a lot of 40-0001 in lots.csv, got 'L2639'"),
    ("equipment.toml", 'printer = "PRN-2"', 'printer = "PRN-9"', "printer: wanted a printer, got 'PRN-9'"),
    (
        "equipment.toml",
        'second_printer = "PRN-3"',
        'second_printer = "PRN-2"',
        "second_printer: wanted a printer with as many dots as the first, got 'PRN-2'",
    ),
    ("equipment.toml", 'place = "PACK-2"', 'place = "STAGE-1"', "place: wanted a place of kind pack, got 'STAGE-1'"),
    ("trade.toml", 'cut_off = "16:00"', 'cut_off = "24:00"', "cut_off: wanted `str` matching regex"),
    (
        "orders.csv",
        "1434,1590,3024",
        "1434,1590,3025",
        "orders.csv:2: total: wanted 3024, goods + shipping",
    ),
    ("orders.csv", "1434,1590,3024", "1435,1590,3025", "orders.csv:2: goods: wanted 1434, the sum of its lines"),
    ("orders.csv", "10115,Berlin,DE", "10115,Berlin,PL", "orders.csv:2: service: wanted one that goes to PL"),
    ("orders.csv", "10115,Berlin,DE", "10115,,DE", "orders.csv:2: address.city: wanted a value, got 'nothing'"),
    (
        "order_lines.csv",
        "6,239,1434",
        "6,239,1433",
        "order_lines.csv:2: line_total: wanted 1434, quantity × unit_price",
    ),
    ("order_lines.csv", "6,239,1434", "6,240,1440", "order_lines.csv:2: unit_price: wanted 239, as in items.csv"),
    (
        "order_lines.csv",
        "WEB-1001,1,",
        "WEB-1001,2,",
        "order_lines.csv:2: line: wanted 1: lines count up from 1, got 2",
    ),
    ("order_lines.csv", "WEB-1001,1,", "WEB-9999,1,", "order_lines.csv:2: reference: wanted an order of orders.csv"),
    (
        "stories.toml",
        "quantity = 48",
        "quantity = 47",
        "stock: wanted 48 of L2698 in A10-02-B, as in stock.csv, got 47",
    ),
    ("stories.toml", "quantity = 1\n", "quantity = 2\n", "quantity: wanted 1, as in stock.csv, got 2"),
    ("stories.toml", 'bin = "A14-07-C"', 'bin = "A14-08-C"', "bin: wanted a bin where 40-0077 lies, got 'A14-08-C'"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


@pytest.mark.parametrize(("file", "right", "wrong", "told"), SLIPS)
def test_a_slip_is_told_with_its_place(copy: Path, file: str, right: str, wrong: str, told: str) -> None:
    text = (copy / file).read_text("utf-8")
    assert right in text
    (copy / file).write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(DemoError) as caught:
        load_demo(copy)
    assert told in str(caught.value)


def test_all_slips_are_told_at_once(copy: Path) -> None:
    path = copy / "order_lines.csv"
    path.write_text(path.read_text("utf-8").replace("WEB-1002,1,40-0140,5", "WEB-1002,1,40-0140,4"), "utf-8")
    path = copy / "people.toml"
    path.write_text(path.read_text("utf-8").replace('"P-3FH8W4NDK"', '"P-3FH8W4NDA"'), "utf-8")
    with pytest.raises(DemoError) as caught:
        load_demo(copy)
    assert {(fault.file, fault.field) for fault in caught.value.faults} == {
        ("order_lines.csv", "line_total"),
        ("people.toml", "badge"),
    }


@pytest.mark.parametrize("file", ["people.toml", "bins.csv"])
def test_a_file_that_is_not_there_is_told(copy: Path, file: str) -> None:
    (copy / file).unlink()
    with pytest.raises(DemoError, match=f"{file}:1: file: wanted UTF-8 text that can be read"):
        load_demo(copy)


def test_a_file_that_is_no_text_is_told(copy: Path) -> None:
    (copy / "items.csv").write_bytes(b"sku\n\xff\xfe\n")
    with pytest.raises(DemoError, match=r"items\.csv:1: file: wanted UTF-8 text"):
        load_demo(copy)


def test_a_csv_with_an_open_quote_is_told(copy: Path) -> None:
    with (copy / "items.csv").open("a", encoding="utf-8") as file:
        file.write('"40-0301')
    with pytest.raises(DemoError, match=r"items\.csv:302: line: wanted CSV"):
        load_demo(copy)
