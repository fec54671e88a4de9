"""The columns of every kind of file as a page and as the PWA's copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.docs.text import constant, markdown, table
from server.docs.text import typescript as module
from server.integrations import reading
from server.integrations.drafts import MOST_LINES
from server.integrations.importer import KEPT
from server.integrations.kinds import KINDS, Column, Kind
from server.integrations.service.imports import FAULTS_KEPT, MOST_FAULTS
from server.integrations.told import FAULTS, Told

_RULES = f"""
A file is a table of text: a header, then rows. UTF-8 (with or without its mark) and UTF-16 (with it) are known by
themselves; anything else is taken for Windows-1252, and said so: look at the first rows whether umlauts are right,
or choose another encoding. Cells are separated by comma, semicolon or tabulator (the one the header has most of)
and may stand in quotation marks. A row has at most {reading.MOST_ROW:,} characters, a cell {reading.MOST_CELL:,};
what is longer is a fault of that row. A cell that begins with `=`, `+`, `-` or `@` is text here and is never worked
out; in files that we write it gets a `'` in front.

Columns are known by name, in any order and any capitals; `Artikel-Nr`, `artikel nr` and `ARTIKEL_NR` are the same.
Unknown columns are named and ignored, missing required ones are refused at once. Amounts are `1234.50`, `1234,50`,
`1.234,50` or `1,234.50`: a single separator is the decimal one, more decimals than the currency has are a fault,
nothing is rounded. Days are `2027-03-31` or `31.03.2027`. Row 1 is the header, as a spreadsheet counts.

1. **Bring it in** on the screen *Imports*, or `curl --data-binary @orders.csv -H "Authorization: Bearer $KEY"
   "$SITE/api/orders/import?name=orders.csv"`; for the other kinds `/api/imports/items`, `/bins`, `/stock`, `/receipts`.
   The body is the file itself, up to `PICKWAVE_MAX_IMPORT_BYTES`; it goes to the data folder as it comes.
   `encoding=windows-1252` chooses, `warehouse=2` says whose it is. `channel=fair` reads orders as that
   [channel](channels.md) is set up: its columns, its decimal sign, its words, what each row says unspoken.
2. **It is looked at** and nothing is changed: `checking`, then `checked`. `GET /api/imports/{{id}}` says what would
   be made, changed and skipped, `…/faults` and `…/faults.csv` every fault with row, column, wanted and got (the
   first {MOST_FAULTS:,}; all are counted), `…/skipped` the rows that are known already.
3. **Start it** (`POST …/start`, `{{"faults": "skip"}}` leaves rows with faults out). `dry_run=false` starts it by
   itself where there are no faults; with `faults=skip` also where there are some. It is written a few rows at a
   time behind the scans of the floor, each row looked at again. `POST …/cancel` breaks it off: what is written
   stays. A server that dies goes on behind the last row that is written. A checked file that nobody starts is
   called off after {KEPT.days} days.

`GET /api/imports/{{id}}/report.csv` says of each record what became of it: taken in, with the number of its order,
skipped because it is there, or what was wrong; and of an import that was broken off from which row on nothing was done.

Faults and report can be read for {FAULTS_KEPT.days} days after the end of an import; the file goes at its end.

The same file again does no harm: what is there already is skipped.
""".strip()

_ORDERS = f"""
Several rows are one order when they have the same channel and reference and stand next to each other, at most
{MOST_LINES} of them. What belongs to the whole order (customer, address, service, shipping, …) is taken from the
first row; further rows say the same or leave it empty. A reference that comes back further down is a fault, and so
is an order beside a row that cannot be read: it may have been one of its lines. Each order is captured whole or not
at all.
""".strip()


def page() -> str:
    """What a file may bring, and how."""
    return markdown("Importing files", _RULES, *(line for kind in KINDS.values() for line in _kind(kind)), *_faults())


def _kind(kind: Kind) -> Iterator[str]:
    yield from ("", f"## {kind.words.en}", "", kind.rule.en)
    if kind.name == "orders":
        yield from ("", _ORDERS)
    yield from ("", f"Permission `{kind.permission}`.", "")
    yield from table(("column", "what", "wanted", "example", "also known as"), (_row(each) for each in kind.columns))


def _row(column: Column) -> tuple[str, ...]:
    name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
    example = f"`{column.example}`" if column.example else ""
    return name, column.what.en, column.wanted.en, example, ", ".join(column.aliases)


def _faults() -> Iterator[str]:
    yield from ("", "Bold columns are required, and none of their cells may be empty.", "", "## Faults", "")
    yield from table(("code", "English", "Deutsch"), ((f"`{code}`", told.en, told.de) for code, told in FAULTS.items()))


def typescript() -> str:
    """The kinds and their columns for the screen."""
    return module("What a file may bring: kinds and their columns.", constant("KINDS", [*map(_shown, KINDS.values())]))


def _shown(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "permission": kind.permission,
        "words": _both(kind.words),
        "rule": _both(kind.rule),
        "columns": [
            {
                "name": column.name,
                "required": column.required,
                "what": _both(column.what),
                "wanted": _both(column.wanted),
                "example": column.example,
            }
            for column in kind.columns
        ],
    }


def _both(told: Told) -> dict[str, str]:
    return {"en": told.en, "de": told.de}
