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

WHY = """
## What holds back what is not met

- **A scan beside the durable POST.** The rung is the house's own writer with three statements over the barest HTTP; it
  got faster together with the scan. A scan is twelve statements, a ticket's signature, the rules and the whole edge
  (guards, headers, log, metrics): some 1.2 ms of a core, half of it in the writer's thread and half on the loop, under
  one interpreter lock.
- **A batch beside single scans.** A batch saves the edge and the savepoint's wait, not the twelve statements: the
  writer's thread is then all there is.
- **PostgreSQL.** Each of the twelve statements is a round trip on one connection; asyncpg has no pipeline for
  statements that differ.
- **Memory.** What grows is SQLite's page cache, up to its bound (64 MB for the writer, 16 MB for each reader), while
  the file outgrows it: with caches of 2 and 1 MB the same shift began at 221 MB and ended at 225.
- **A million orders beside ten thousand.** Everything stays far below 50 ms. What grows are pieces of text that
  nearly every order has (`@exam`, the digits of a number): their places are read from the index one by one. And a list
  by two things at once, of which one is rare, is read along the index of one of them.
- **Single orders.** An order is some thirty statements, each a round trip; a batch sends them once for a hundred.
- **A scan beside a wave.** The wave's last unit shows everything at once (about 30 ms for 1,000 lines), and on two
  cores the planner's process takes one of them.
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
        REPORT.write_text(HEAD.format(rows=", ".join(ROWS), day=day, machine=machine()) + "\n" + said + "\n" + WHY)


if __name__ == "__main__":
    main()
