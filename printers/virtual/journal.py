"""Why: a virtual printer's paper.

What came out, in order and with its time; on disk it outlives the printer.
"""

from __future__ import annotations

import json
import os
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from printers.virtual.machine import Sheet

INDEX: Final = "journal.jsonl"
KEPT_IN_MEMORY: Final = 1000


@dataclass(frozen=True)
class PrintedLabel:
    """A label that came out. `sequence` counts from 1 over the printer's life; `printed_at` is UTC."""

    sequence: int
    printed_at: datetime
    zpl: bytes
    copy: int
    copies: int


class Journal:
    """Printed labels, the newest thousand in memory.

    With a folder also `NNNNNN.zpl` and one line each in an index.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._recent: deque[PrintedLabel] = deque(maxlen=KEPT_IN_MEMORY)
        self.count = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._load(folder)

    @property
    def labels(self) -> tuple[PrintedLabel, ...]:
        """The newest labels, oldest first."""
        return tuple(self._recent)

    def add(self, sheet: Sheet, printed_at: datetime) -> PrintedLabel:
        """One more label. On disk before it counts."""
        label = PrintedLabel(self.count + 1, printed_at, sheet.zpl, sheet.copy, sheet.copies)
        if self._folder is not None:
            _write(self._folder, label)
        self._recent.append(label)
        self.count = label.sequence
        return label

    def label(self, sequence: int) -> PrintedLabel | None:
        """The label of this number, as far as memory reaches."""
        return next((each for each in self._recent if each.sequence == sequence), None)

    def _load(self, folder: Path) -> None:
        index = folder / INDEX
        text = index.read_text("utf-8") if index.exists() else ""
        whole, newline, torn = text.rpartition("\n")
        if torn:
            # The printer died while it wrote this line; the label's own file will be written over.
            index.write_text(whole + newline, "utf-8")
        lines = whole.splitlines()
        for line in lines[-KEPT_IN_MEMORY:]:
            self._recent.append(_read(folder, json.loads(line)))
        self.count = self._recent[-1].sequence if lines else 0


def _read(folder: Path, entry: dict[str, Any]) -> PrintedLabel:
    sequence = int(entry["sequence"])
    printed_at = datetime.fromisoformat(entry["printed_at"])
    zpl = _file(folder, sequence).read_bytes()
    return PrintedLabel(sequence, printed_at, zpl, int(entry["copy"]), int(entry["copies"]))


def _file(folder: Path, sequence: int) -> Path:
    return folder / f"{sequence:06d}.zpl"


def _write(folder: Path, label: PrintedLabel) -> None:
    _file(folder, label.sequence).write_bytes(label.zpl)
    entry = {
        "sequence": label.sequence,
        "printed_at": label.printed_at.isoformat(),
        "copy": label.copy,
        "copies": label.copies,
    }
    with (folder / INDEX).open("a", encoding="utf-8") as index:
        index.write(json.dumps(entry) + "\n")
        index.flush()
        os.fsync(index.fileno())
