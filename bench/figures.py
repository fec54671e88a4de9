"""Figures of short rounds that were interleaved: medians with their ranges, and the table that they become."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from server import sqlite3


@dataclass(frozen=True)
class Row:
    """One line of the report: what was measured, what was wanted, what came out."""

    name: str
    got: str
    target: str = ""
    met: bool | None = None
    note: str = ""


@dataclass
class Rounds:
    """The rounds of one measure: rates a second, latencies in ms, and how busy the load client was."""

    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The median rate."""
        return statistics.median(self.rates)

    def at(self, part: float) -> float:
        """A percentile of the latencies, in ms."""
        return percentile(self.latencies, part)

    def said(self) -> str:
        """As it stands in the table."""
        low, high = min(self.rates), max(self.rates)
        return f"{self.rate:,.0f}/s ({low:,.0f}–{high:,.0f}), p50 {self.at(0.5):.1f} ms, p99 {self.at(0.99):.1f} ms"


def percentile(values: Iterable[float], part: float) -> float:
    """The value below which `part` of them lie; nought where there are none."""
    found = sorted(values)
    return found[min(len(found) - 1, int(part * len(found)))] if found else 0.0


def machine() -> str:
    """What it was measured on, without a name that tells more than is needed."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            model = next(line.partition(":")[2].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.machine()
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| row | measured | target | met |", "|---|---|---|---|"]
    for row in rows:
        met = {True: "yes", False: "**no**", None: ""}[row.met]
        lines.append(f"| {row.name} | {row.got} | {row.target} | {met} |")
    notes = [f"- {row.name}: {row.note}" for row in rows if row.note]
    return "\n".join([*lines, *([""] if notes else []), *notes])
