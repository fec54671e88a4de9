"""Why: every kind answers alike what its rows come to, so that checking, writing and counting are written once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

import sqlalchemy as sa

from server.core.refusal import Fault, Refusal
from server.db.work import Work
from server.integrations.drafts import SHOWN, Draft, Options, RowFault
from server.integrations.kinds import Kind
from server.orders.currencies import shown

Verdict = Literal["made", "changed", "skipped"]


class Found(NamedTuple):
    """What a draft comes to by what is true now; with faults it cannot be taken."""

    verdict: Verdict = "made"
    faults: tuple[RowFault, ...] = ()
    held: bool = False


class Ways(NamedTuple):
    """How a kind is looked at and written. `look` reads only.

    `write` writes one draft that `look` found right, and says what it is called here (empty: as in the file);
    `together` does the same for several where that costs less. It refuses as one of them alone would be.
    """

    look: Callable[[sa.Connection, Kind, Sequence[Draft], Options], list[Found]]
    write: Callable[[Work, Draft, Options], str]
    prepare: Callable[[Work, Options], None] = lambda _work, _options: None
    together: Callable[[Work, Sequence[Draft], Options], list[str]] | None = None


_CODES: Final = {
    "There is no such item.": "unknown",
    "This item is no longer sold.": "unknown",
    "There is no such service.": "unknown",
    "This service does not go there.": "unknown",
    "There is no such warehouse.": "unknown",
    "There is no warehouse yet.": "unknown",
    "There is no such country.": "unknown",
    "The lines add up to another sum.": "sum",
    "Items + shipping + tax is another sum.": "sum",
    "This text has the wrong length.": "wrong",
    "This text has the wrong form.": "wrong",
    "This text holds control characters.": "control",
    "This number is out of range.": "wrong",
    "This barcode stands twice.": "twice",
    "Another item has this barcode.": "taken",
}
"""The services' own faults, by their sentence."""
_LISTED: Final = frozenset({"service", "warehouse"})
"""Fields whose faults list what there is."""


def fault_of(kind: Kind, draft: Draft, fault: Fault, currency: str = "") -> RowFault:
    """A service's fault at its row and column."""
    row, column = draft.place(kind, fault.field)
    code = _CODES.get(fault.message, "empty" if fault.got == "nothing" else "refused")
    wanted, got = fault.wanted, fault.got
    if code == "sum" and currency and wanted.isdigit() and got.isdigit():
        wanted, got = shown(int(wanted), currency), shown(int(got), currency)
    elif code == "refused":
        wanted = wanted or fault.message
    elif code != "sum" and fault.field not in _LISTED:
        wanted = ""
    return RowFault(row, column, code, wanted, got[: SHOWN + 1], fault.params)


def faults_of(kind: Kind, draft: Draft, refusal: Refusal) -> tuple[RowFault, ...]:
    """What a service refused, at its rows and columns."""
    if not refusal.faults:
        return (RowFault(draft.first, "", "refused", str(refusal)),)
    return tuple(fault_of(kind, draft, each) for each in refusal.faults)
