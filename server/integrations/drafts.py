"""Why: rows become what they mean (an order, an item, a bin, stock) or faults, before any database is asked. Pure.

Rows of an order stand together. A row that cannot be read may have belonged to the order beside it, so both wait.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final

import msgspec

from server.catalog import rules as catalog
from server.catalog.schemas import NewBarcode, NewItem
from server.integrations import cells
from server.integrations.cells import Wrong
from server.integrations.kinds import PAID, Kind
from server.integrations.reading import Row
from server.locations.schemas import NewBin
from server.orders import intake
from server.orders.currencies import exact, shown
from server.orders.schemas.captures import Address, Customer, NewLine, NewOrder, NewPayment, NewTotals
from server.orders.schemas.supply import NewReceipt

SHOWN: Final = 60
MOST_LINES: Final = intake.MOST_LINES


class RowFault(msgspec.Struct, frozen=True):
    """What is wrong, and where: a code of `told.FAULTS`. `wanted` is empty where the column says it."""

    row: int
    column: str
    code: str
    wanted: str = ""
    got: str = ""
    params: dict[str, str | int] = {}


class ItemRow(msgspec.Struct, frozen=True):
    """An item as a file has it; `given` are the columns whose cell is not empty."""

    new: NewItem
    given: frozenset[str]


class BinRow(msgspec.Struct, frozen=True):
    """A bin as a file has it; `given` are the columns whose cell is not empty."""

    new: NewBin
    zone_name: str
    given: frozenset[str]
    row: int


class StockRow(msgspec.Struct, frozen=True):
    """What lies in a bin."""

    bin: str
    sku: str
    quantity: int
    lot: str
    expiry: date | None


_NAMES: Final = ("sku", "code", "reference")
"""The columns by which a record is called, the first that says something."""
Record = NewOrder | ItemRow | BinRow | StockRow | NewReceipt


class Draft(msgspec.Struct, frozen=True):
    """What rows from `first` to `last` mean. With faults there is no record."""

    first: int
    last: int
    record: Record | None
    faults: tuple[RowFault, ...] = ()
    name: str = ""
    """What the file calls it."""
    places: dict[str, tuple[int, str]] = {}
    """Of a part of the record (`lines[2]`): its row, and its column where it is one cell."""
    lines: int = 1

    def place(self, kind: Kind, field: str) -> tuple[int, str]:
        """Row and column of a field of the record."""
        for part, (row, column) in self.places.items():
            if field == part or field.startswith(f"{part}."):
                inner = field[len(part) + 1 :]
                return row, column or kind.fields.get(inner, inner)
        return self.first, kind.fields.get(field, field)


class Understood(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a channel's files are understood: what each row says unspoken, its decimal sign, what its words mean."""

    constants: dict[str, str] = {}
    decimal: str = ""
    words: dict[str, dict[str, str]] = {}
    """By column: their word → ours."""


class Options(msgspec.Struct, frozen=True):
    """What holds for a whole file: the column at each place of a row, the warehouse, and how it is understood."""

    columns: tuple[str | None, ...]
    warehouse: int
    understood: Understood = Understood()


# --- cells ---------------------------------------------------------------------------------------------------------


class _Line:
    """One row being read: its values, and what is wrong with it."""

    def __init__(self, kind: Kind, row: Row, options: Options) -> None:
        self.kind = kind
        self.number = row.number
        self.faults: list[RowFault] = []
        self._understood = options.understood
        if len(row.cells) < len(options.columns):
            self.fault("", "cells_missing", str(len(options.columns)), str(len(row.cells)))
        elif any(cell.strip() for cell in row.cells[len(options.columns) :]):
            self.fault("", "cells_more", str(len(options.columns)), str(len(row.cells)))
        self.texts = {
            name: self._text(name, cell)
            for name, cell in zip(options.columns, row.cells, strict=False)
            if name is not None
        }
        for name, said in self._understood.constants.items():
            self.texts[name] = self.texts.get(name) or said

    def _text(self, name: str, cell: str) -> str:
        try:
            text = cells.looked_at(cell)
            return self._understood.words.get(name, {}).get(text, text)
        except Wrong as wrong:
            self.fault(name, wrong.code, got=_shown(cell))
            return ""

    @property
    def given(self) -> frozenset[str]:
        """The columns whose cell is not empty."""
        return frozenset(name for name, text in self.texts.items() if text)

    def fault(self, column: str, code: str, wanted: str = "", got: str = "") -> None:
        """Notes what is wrong."""
        self.faults.append(RowFault(self.number, column, code, wanted, got))

    def value(self, name: str, otherwise: Any = None) -> Any:
        """What a cell means; `otherwise` where it is empty or not there."""
        text = self.texts.get(name, "")
        column = self.kind.column(name)
        assert column is not None
        if not text:
            if column.required and not any(fault.column == name for fault in self.faults):
                self.fault(name, "empty")
            return otherwise
        by = self._understood.decimal
        try:
            return cells.amount_by(by)(text) if by and column.read is cells.amount else column.read(text)
        except Wrong as wrong:
            self.fault(name, wrong.code, got=_shown(text))
            return otherwise

    def values(self, names: Iterable[str], **otherwise: Any) -> dict[str, Any]:
        """The values of these columns that are not empty, and `otherwise` for those that are."""
        found = {name: self.value(name, otherwise.get(name)) for name in names}
        return {name: value for name, value in found.items() if value is not None}

    def minor(self, name: str, currency: str | None) -> int:
        """An amount in the currency's minor units."""
        amount: Decimal | None = self.value(name)
        if amount is None or currency is None:
            return 0
        found = exact(amount, currency)
        if found is None:
            self.fault(name, "decimals", currency, _shown(self.texts[name]))
        elif not 0 <= found <= intake.MOST_MINOR:
            self.fault(name, "wrong", f"{shown(0, currency)} – {shown(intake.MOST_MINOR, currency)}", self.texts[name])
        else:
            return found
        return 0


def _shown(text: str) -> str:
    cut = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return "".join(char if char.isprintable() else " " for char in cut)


# --- one row, one thing --------------------------------------------------------------------------------------------

_ITEM_WHOLE: Final = ("weight_g", "length_mm", "width_mm", "height_mm")


def _item(line: _Line, _options: Options) -> tuple[Record, dict[str, tuple[int, str]]]:
    names = {"en": line.value("name_en", ""), "de": line.value("name_de", "")}
    currency = line.value("currency", "EUR")
    barcodes, places = _barcodes(line)
    new = NewItem(
        sku=line.value("sku", ""),
        names={language: name for language, name in names.items() if name},
        price_minor=line.minor("price", currency),
        currency=currency,
        picture_svg=line.value("picture_svg"),
        hazmat=line.value("hazmat"),
        active=line.value("active", True),
        barcodes=barcodes,
        **line.values(_ITEM_WHOLE, **dict.fromkeys(_ITEM_WHOLE, 0)),
        **line.values(("uom", "tracking", "velocity", "minimum_age")),
    )
    if not line.faults:
        for fault in catalog.faults(new):
            line.fault(line.kind.fields.get(fault.field, fault.field), "wrong", fault.wanted, fault.got)
    return ItemRow(new, line.given), places


def _barcodes(line: _Line) -> tuple[list[NewBarcode], dict[str, tuple[int, str]]]:
    found: list[NewBarcode] = []
    places: dict[str, tuple[int, str]] = {}
    for uom in catalog.UOMS:
        column = "barcode" if uom == "each" else f"{uom}_barcode"
        codes: tuple[str, ...] = line.value(column, ())
        quantity = 1 if uom == "each" else line.value(f"{uom}_quantity")
        if codes and quantity is None and not any(fault.column == f"{uom}_quantity" for fault in line.faults):
            line.fault(f"{uom}_quantity", "empty")
        for code in codes:
            stored = catalog.canonical(code) or code
            if any(each.code == stored for each in found):
                line.fault(column, "twice", got=code)
            places[f"barcodes[{len(found)}]"] = (line.number, column)
            found.append(NewBarcode(code=stored, uom=uom, quantity=quantity or 1))
    return found, places


_CODE_PARTS: Final = re.compile(r"(?P<aisle>[A-Z]+[0-9]*)-(?P<bay>[0-9]{1,4})(?:-(?P<level>[A-Z0-9]{1,10}))?")
_BIN_PLAIN: Final = (
    "type", "zone", "sequence", "x_mm", "y_mm", "z_mm", "check_digits", "max_weight_g", "max_volume_ml", "locked",
)  # fmt: skip


def _bin(line: _Line, _options: Options) -> tuple[Record, dict[str, tuple[int, str]]]:
    code = line.value("code", "")
    plain = line.values(_BIN_PLAIN)
    shelf = plain.get("type", "pick") in ("pick", "reserve")
    parts = _CODE_PARTS.fullmatch(code) if shelf else None
    bay = line.value("bay", int(parts["bay"]) if parts else 0)
    new = NewBin(
        code=code,
        aisle=line.value("aisle", parts["aisle"] if parts else ""),
        bay=bay,
        level=line.value("level", (parts["level"] or "") if parts else ""),
        side=line.value("side", ("right" if bay % 2 else "left") if parts else ""),
        **plain,
    )
    return BinRow(new, line.value("zone_name", ""), line.given, line.number), {}


def _stock(line: _Line, _options: Options) -> tuple[Record, dict[str, tuple[int, str]]]:
    row = StockRow(
        bin=line.value("bin", "").removeprefix("B-"),
        sku=line.value("sku", ""),
        quantity=line.value("quantity", 1),
        lot=line.value("lot", ""),
        expiry=line.value("expiry"),
    )
    return row, {}


def _receipt(line: _Line, _options: Options) -> tuple[Record, dict[str, tuple[int, str]]]:
    new = NewReceipt(
        reference=line.value("reference", "-"),
        sku=line.value("sku", "-"),
        quantity=line.value("quantity", 1),
        expected_on=line.value("expected_on", date.max),
    )
    return new, {}


# --- several rows, one order ---------------------------------------------------------------------------------------

_OF_A_LINE: Final = frozenset({"sku", "quantity", "price"})


def _order(lines: Sequence[_Line], options: Options) -> tuple[Record | None, dict[str, tuple[int, str]]]:
    first = lines[0]
    currency = first.value("currency")
    bought = [
        NewLine(
            sku=each.value("sku", ""), quantity=each.value("quantity", 1), price_minor=each.minor("price", currency)
        )
        for each in lines
    ]
    items = sum(line.quantity * line.price_minor for line in bought)
    shipping, tax = first.minor("shipping", currency), first.minor("tax", currency)
    total = first.minor("total", currency) if first.texts.get("total") else items + shipping + tax
    customer = {name: first.value(name, "") for name in ("name", "email", "phone")}
    address = {
        name: first.value(name, "") for name in ("street", "city", "postal_code", "region", "country", "company")
    }
    new = NewOrder(
        channel=first.value("channel", "import"),
        external_ref=first.value("reference", ""),
        currency=currency or "",
        lines=bought,
        totals=NewTotals(items_minor=items, total_minor=total, shipping_minor=shipping, tax_minor=tax),
        customer=Customer(**customer, language=first.value("language", "en")),
        address=Address(**address, name=first.value("recipient", "")),
        payment=_payment(first.value("payment", ""), first.value("payment_token", "")),
        service=first.value("service", ""),
        split=first.value("split", "ship_available"),
        warehouse=first.value("warehouse", options.warehouse),
    )
    for other in lines[1:]:
        _same_as_first(first, other)
    if len(lines) > MOST_LINES:
        first.fault("reference", "wrong", f"1–{MOST_LINES}", str(len(lines)))
    return new, {f"lines[{index}]": (each.number, "") for index, each in enumerate(lines)}


def _payment(how: str, token: str) -> NewPayment:
    return NewPayment(method="prepaid" if how == PAID else how, token=token, received=how == PAID)


def _same_as_first(first: _Line, other: _Line) -> None:
    for name, text in other.texts.items():
        if name not in _OF_A_LINE and text and text != first.texts.get(name, ""):
            other.fault(name, "another_value", _shown(first.texts.get(name, "")), _shown(text))


def _order_key(row: Row, options: Options) -> tuple[str, str]:
    named = dict(zip(options.columns, row.cells, strict=False))
    otherwise = options.understood.constants.get("channel", "import")
    return (named.get("channel", "").strip() or otherwise, named.get("reference", "").strip())


# --- a whole file --------------------------------------------------------------------------------------------------

One = Callable[[_Line, Options], tuple[Record, dict[str, tuple[int, str]]]]
_ONE: Final[Mapping[str, One]] = {"items": _item, "bins": _bin, "stock": _stock, "receipts": _receipt}


class Drafts:
    """The drafts of a file, in its order. What stood further up is remembered by eight bytes each."""

    def __init__(self, kind: Kind, options: Options) -> None:
        self._kind = kind
        self._options = options
        self._seen: set[bytes] = set()

    def of(self, rows: Iterable[Row]) -> Iterator[Draft]:
        """The drafts of these rows; the header is among them and left out, as are empty rows."""
        body = (row for row in rows if row.number > 1)
        return self._orders(body) if self._kind.name == "orders" else self._single(body)

    def _single(self, rows: Iterable[Row]) -> Iterator[Draft]:
        for row in rows:
            if row.fault:
                yield _unreadable(row)
            elif any(cell.strip() for cell in row.cells):
                line = _Line(self._kind, row, self._options)
                record, places = _ONE[self._kind.name](line, self._options)
                self._know(line, record)
                name = next((line.texts[each] for each in _NAMES if line.texts.get(each)), "")
                yield Draft(row.number, row.number, None if line.faults else record, tuple(line.faults), name, places)

    def _orders(self, rows: Iterable[Row]) -> Iterator[Draft]:
        """Groups rows of one order. An unreadable row spoils the order before it and the one behind it."""
        group: list[Row] = []
        spoilt = False
        for row in rows:
            if row.fault:
                if group:
                    yield self._grouped(group, spoilt=True)
                yield _unreadable(row)
                group, spoilt = [], True
            elif any(cell.strip() for cell in row.cells):
                if group and _order_key(group[0], self._options) != _order_key(row, self._options):
                    yield self._grouped(group, spoilt)
                    group, spoilt = [], False
                if len(group) <= 2 * MOST_LINES:
                    group.append(row)
                else:
                    group[-1] = row
        if group:
            yield self._grouped(group, spoilt)

    def _grouped(self, rows: Sequence[Row], spoilt: bool) -> Draft:
        lines = [_Line(self._kind, row, self._options) for row in rows]
        record, places = _order(lines, self._options)
        if spoilt:
            lines[0].fault("reference", "beside_unreadable", got=_shown(lines[0].texts.get("reference", "")))
        key = "\0".join(_order_key(rows[0], self._options))
        if self._known(key):
            lines[0].fault("reference", "comes_back", got=_shown(lines[0].texts.get("reference", "")))
        faults = tuple(fault for line in lines for fault in line.faults)
        name = _shown(lines[0].texts.get("reference", ""))
        return Draft(rows[0].number, rows[-1].number, None if faults else record, faults, name, places, len(rows))

    def _know(self, line: _Line, record: Record) -> None:
        for column, key in _keys(record):
            if self._known(key):
                line.fault(column, "twice", got=_shown(line.texts.get(column, "")))

    def _known(self, key: str) -> bool:
        """Whether it stood further up; from now on it did."""
        mark = blake2b(key.encode(), digest_size=8).digest()
        if mark in self._seen:
            return True
        self._seen.add(mark)
        return False


def _unreadable(row: Row) -> Draft:
    return Draft(row.number, row.number, None, (RowFault(row.number, "", row.fault),))


def _keys(record: Record) -> Iterator[tuple[str, str]]:
    """By what a record is told from every other of its file: the column that says it, and its text."""
    if isinstance(record, ItemRow):
        yield "sku", f"s{record.new.sku}"
        for barcode in record.new.barcodes:
            column = "barcode" if barcode.uom == "each" else f"{barcode.uom}_barcode"
            yield column, f"b{barcode.code}"
    elif isinstance(record, BinRow):
        yield "code", record.new.code
    elif isinstance(record, StockRow):
        yield "sku", f"{record.bin}\0{record.sku}\0{record.lot}"
    elif isinstance(record, NewReceipt):
        yield "sku", f"{record.reference}\0{record.sku}"
