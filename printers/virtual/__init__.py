"""Why: a printer made of software: the same wire, the same habits, faults on demand, a journal instead of
paper.

    python -m printers.virtual --port 9100 --page-port 0 --journal labels/
"""

from printers.virtual.faults import MEANING, Fault, fault_named
from printers.virtual.journal import Journal, PrintedLabel
from printers.virtual.page import ControlPage
from printers.virtual.printer import VirtualPrinter
from printers.virtual.run import run_virtual_printer

__all__ = [
    "MEANING",
    "ControlPage",
    "Fault",
    "Journal",
    "PrintedLabel",
    "VirtualPrinter",
    "fault_named",
    "run_virtual_printer",
]
