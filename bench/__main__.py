"""Measures all rows and writes docs/performance.md, or only the named ones and prints them."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Row, machine, table
from bench.rows import FULL, QUICK, ROWS, measure

REPORT = Path(__file__).parents[1] / "docs" / "performance.md"
HEAD = """# How fast it is

Written by `make bench`; `make bench-ROW` measures one row ({rows}). Ratios of one run on one machine: short rounds
of what is compared take turns, the median stands with its range, latencies of an open loop count from the moment at
which a request was due. The load client is a process of its own on the same two cores and says how busy it was. One
run settles nothing below a factor of two.

Measured {day} on {machine}.
"""


def main() -> None:
    """Reads what to measure, measures, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", help=f"of {', '.join(ROWS)}; all of them when none is named")
    parser.add_argument("--quick", action="store_true", help="tiny rounds: shows that a row works, says nothing")
    chosen = parser.parse_args()
    if strange := set(chosen.rows) - ROWS.keys():
        parser.error(f"no such row: {', '.join(sorted(strange))}; there are {', '.join(ROWS)}")
    found: list[Row] = []
    for name in chosen.rows or ROWS:
        print(f"measuring {name}", flush=True)
        found += measure(name, QUICK if chosen.quick else FULL)
    said = table(found)
    print(said)
    if not chosen.rows and not chosen.quick:
        day = datetime.now(UTC).date().isoformat()
        REPORT.write_text(HEAD.format(rows=", ".join(ROWS), day=day, machine=machine()) + "\n" + said + "\n")


if __name__ == "__main__":
    main()
