"""Why: a carton holds what lines, scans and the ledger say, all three alike, or something is broken."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from server.packing.service import places
from server.packing.store import invariants


def broken(conn: sa.Connection) -> list[str]:
    """What is broken of invariant 5: what lines say is packed lies in cartons, unit by unit; and of the places."""
    inside = dict(invariants.packed_by_line(conn))
    wrong = []
    for line, packed in invariants.packed_facts(conn):
        found = inside.pop(line, 0)
        if found != packed:
            wrong.append(f"line {line}: {packed} packed, {found} lie in cartons")
    wrong.extend(f"line {line}: nothing packed, {found} lie in cartons" for line, found in inside.items())
    scanned, lying = Counter(invariants.scanned_goods(conn)), invariants.lying_goods(conn)
    scanned.update(invariants.going_goods(conn))
    for goods in sorted(scanned.keys() | lying.keys(), key=str):
        sscc, state, item, lot = goods
        there = lying.get(goods, 0)
        if there != scanned.get(goods, 0) and (there or state != "closed"):  # what was closed may have left
            said = f"{scanned.get(goods, 0)} scanned, {there} in the ledger"
            wrong.append(f"carton {sscc}, {state}: item {item}, lot {lot!r}: {said}")
    return [*wrong, *places.stray(conn)]
