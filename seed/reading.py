"""Reads the files of `demo/` into rows that remember where they stand.

It exists so that whatever is wrong with a row, now or later, is told with its file and line.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

import msgspec

from seed.model import (
    Aisle,
    Barcode,
    Bin,
    Carrier,
    Cart,
    Carton,
    Channel,
    CrossAisle,
    Demo,
    Depot,
    Fefo,
    Handheld,
    Item,
    Lot,
    Order,
    OrderHead,
    OrderLine,
    Person,
    Pin,
    Place,
    Printer,
    Row,
    Scarce,
    Service,
    Station,
    Stock,
    Stories,
    Totes,
    Warehouse,
    Zone,
)

# File → the tables that it holds; and the files of lines.
TABLES: Final = {
    "warehouse": ("warehouse", "depot", "zone", "cross_aisle", "aisle", "place"),
    "people": ("person",),
    "equipment": ("handheld", "printer", "station", "cart", "totes", "carton"),
    "trade": ("carrier", "service", "channel"),
    "stories": ("fefo", "pin", "scarce", "order"),
}
LINES: Final = ("bins", "items", "barcodes", "lots", "stock", "orders", "order_lines")


class Fault(NamedTuple):
    """One slip: where it stands, what was wanted there, what was found."""

    file: str
    line: int
    field: str
    wanted: str
    got: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: wanted {self.wanted}, got {self.got}"


class DemoError(Exception):
    """The demo's data is wrong. `faults` has every slip; the text is one line for each."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


R = TypeVar("R", bound=Row)


class Located(NamedTuple, Generic[R]):
    """A row with the place it was read from: `lines` by field, where the file tells it, else `line`."""

    value: R
    file: str
    line: int
    lines: Mapping[str, int]

    def fault(self, field: str, wanted: object, got: object) -> Fault:
        return Fault(self.file, self.lines.get(field, self.line), field, str(wanted), repr(got))


class _Raw(NamedTuple):
    """A table or line before its shape is checked."""

    file: str
    line: int
    lines: Mapping[str, int]
    fields: Mapping[str, Any]


class Rows:
    """All rows with their places. A row of a wrong shape is left out and told in `faults`."""

    def __init__(self, folder: Path) -> None:
        self.faults: list[Fault] = []
        self._raw: dict[str, list[_Raw]] = {}
        for file in TABLES:
            self._read_toml(folder / f"{file}.toml")
        for file in LINES:
            self._read_csv(folder / f"{file}.csv")
        self.warehouse = self._one("warehouse", Warehouse)
        self.depot = self._one("depot", Depot)
        self.zones = self._all("zone", Zone)
        self.cross_aisles = self._all("cross_aisle", CrossAisle)
        self.aisles = self._all("aisle", Aisle)
        self.bins = self._all("bins", Bin)
        self.places = self._all("place", Place)
        self.items = self._all("items", Item)
        self.barcodes = self._all("barcodes", Barcode)
        self.lots = self._all("lots", Lot)
        self.stock = self._all("stock", Stock)
        self.people = self._all("person", Person)
        self.handhelds = self._all("handheld", Handheld)
        self.printers = self._all("printer", Printer)
        self.stations = self._all("station", Station)
        self.carts = self._all("cart", Cart)
        self.totes = self._one("totes", Totes)
        self.cartons = self._all("carton", Carton)
        self.carriers = self._all("carrier", Carrier)
        self.services = self._all("service", Service)
        self.channels = self._all("channel", Channel)
        self.orders = self._all("orders", OrderHead)
        self.order_lines = self._all("order_lines", OrderLine)
        self.fefo = self._one("fefo", Fefo)
        self.pins = self._all("pin", Pin)
        self.scarce = self._all("scarce", Scarce)

    def _text(self, path: Path) -> str:
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.faults.append(Fault(path.name, 1, "file", "UTF-8 text that can be read", str(error)))
            return ""

    def _read_toml(self, path: Path) -> None:
        text = self._text(path)
        try:
            tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"line (\d+)", str(error))
            self.faults.append(Fault(path.name, int(at[1]) if at else 1, "file", "TOML", str(error)))
            return
        places = _toml_places(text)
        for name, value in tables.items():
            entries = value if isinstance(value, list) else [value]
            found = places.get(name, [])
            if name not in TABLES[path.stem] or len(found) != len(entries):
                wanted = "[table] or [[table]] headers of " + ", ".join(TABLES[path.stem])
                self.faults.append(Fault(path.name, found[0][0] if found else 1, name, wanted, repr(name)))
                continue
            self._raw[name] = [
                _Raw(path.name, line, lines, fields) for fields, (line, lines) in zip(entries, found, strict=True)
            ]

    def _read_csv(self, path: Path) -> None:
        reader = csv.DictReader(io.StringIO(self._text(path), newline=""), restkey="more columns", strict=True)
        raw = self._raw.setdefault(path.stem, [])
        try:
            raw += (_Raw(path.name, reader.line_num, {}, _unfold(row)) for row in reader)
        except csv.Error as error:
            self.faults.append(Fault(path.name, reader.line_num + 1, "line", "CSV", str(error)))

    def _all(self, name: str, kind: type[R]) -> list[Located[R]]:
        return [row for raw in self._raw.get(name, []) if (row := self._shaped(raw, kind)) is not None]

    def _one(self, name: str, kind: type[R]) -> Located[R]:
        rows = self._all(name, kind)
        if len(rows) != 1:
            raise DemoError([*self.faults, Fault(f"[{name}]", 0, name, "exactly one table", str(len(rows)))])
        return rows[0]

    def _shaped(self, raw: _Raw, kind: type[R]) -> Located[R] | None:
        try:
            value = msgspec.convert(raw.fields, kind, strict=raw.file.endswith(".toml"))
        except msgspec.ValidationError as error:
            self.faults.append(_shape_fault(raw, str(error)))
            return None
        return Located(value, raw.file, raw.line, raw.lines)

    def demo(self) -> Demo:
        """The values without their places, each order with its lines."""
        lines: dict[str, list[OrderLine]] = {}
        for row in self.order_lines:
            lines.setdefault(row.value.reference, []).append(row.value)
        return Demo(
            warehouse=self.warehouse.value,
            depot=self.depot.value,
            zones=_values(self.zones),
            cross_aisles=_values(self.cross_aisles),
            aisles=_values(self.aisles),
            bins=_values(self.bins),
            places=_values(self.places),
            items=_values(self.items),
            barcodes=_values(self.barcodes),
            lots=_values(self.lots),
            stock=_values(self.stock),
            people=_values(self.people),
            handhelds=_values(self.handhelds),
            printers=_values(self.printers),
            stations=_values(self.stations),
            carts=_values(self.carts),
            totes=self.totes.value,
            cartons=_values(self.cartons),
            carriers=_values(self.carriers),
            services=_values(self.services),
            channels=_values(self.channels),
            orders=tuple(
                Order(**msgspec.structs.asdict(head), lines=tuple(lines.get(head.reference, ())))
                for head in _values(self.orders)
            ),
            stories=Stories(self.fefo.value, _values(self.pins), _values(self.scarce)),
        )


def _values(rows: Iterable[Located[R]]) -> tuple[R, ...]:
    return tuple(row.value for row in rows)


def _toml_places(text: str) -> dict[str, list[tuple[int, dict[str, int]]]]:
    """For each top-level table of a TOML text, in order: its line, and the line of each of its fields."""
    places: dict[str, list[tuple[int, dict[str, int]]]] = {}
    fields: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\[\[?([a-z_]+)\]", line):
            fields = {}
            places.setdefault(header[1], []).append((number, fields))
        elif header := re.match(r"\[\[?[a-z_]+\.([a-z_]+)\]", line):
            fields.setdefault(header[1], number)
            fields = {**fields}
        elif field := re.match(r"([a-z0-9_]+) *=", line):
            fields.setdefault(field[1], number)
    return places


def _unfold(row: Mapping[str, Any]) -> dict[str, Any]:
    """A CSV line as nested fields: `address.city` goes into `address`, an empty cell is no value."""
    fields: dict[str, Any] = {}
    for name, value in row.items():
        if value in ("", None):
            continue
        outer, _, inner = name.partition(".")
        if inner:
            fields.setdefault(outer, {})[inner] = value
        else:
            fields[outer] = value
    return fields


def _shape_fault(raw: _Raw, message: str) -> Fault:
    """msgspec's message as a fault: `Expected … - at `$.field``, or a field that is missing or unknown."""
    wanted, _, path = message.partition(" - at `$")
    named = re.search(r"field `([^`]+)`", wanted)
    field = ".".join(part for part in (path.strip("`.").split("[")[0], named[1] if named else "") if part)
    lookup: Any = raw.fields
    for part in field.split("."):
        lookup = lookup.get(part, "nothing") if isinstance(lookup, Mapping) else lookup
    outer = field.split(".")[0]
    if named:
        wanted = "a value" if "missing" in wanted else "no such field"
    return Fault(raw.file, raw.lines.get(outer, raw.line), field, wanted.removeprefix("Expected "), repr(lookup))
