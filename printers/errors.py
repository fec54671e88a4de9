"""Why: every refusal of this library is one of a few types, and its sentence says what was wanted and what
came.

    PrinterDataError (a ValueError)
    ├── OutOfRange      a number that a ZPL command does not take
    ├── BadSymbol       data that a barcode cannot or must not carry
    ├── DoesNotFit      an element that leaves the label or crosses a quiet zone
    └── BadAnswer       bytes from a printer that are no answer
    CannotDraw (a RuntimeError)  no renderer on this machine, or it failed
"""

from __future__ import annotations


class PrinterDataError(ValueError):
    """What was given cannot be printed or read. The message says wanted and got."""


class OutOfRange(PrinterDataError):
    """A number or letter outside what the ZPL command takes."""


class BadSymbol(PrinterDataError):
    """Data that the barcode cannot carry, or that this library refuses to carry."""


class DoesNotFit(PrinterDataError):
    """An element leaves the printable part of the label, or stands in a barcode's quiet zone."""


class BadAnswer(PrinterDataError):
    """Bytes from a printer that do not have the shape of the answer that was asked for."""


class CannotDraw(RuntimeError):
    """No picture: the renderer or Node is missing, or it refused the label."""
