"""Why: labels and label printers, apart from everything else. It imports nothing of the server.

    units, profiles        millimetres to dots, one row for each kind of printer
    zpl                    the only place that writes bytes: escaping, ranges, letters
    symbologies            check digits, SSCC, Code 128, GS1-128, EAN-13, QR
    glyphs, wrap           what ^A0 can print, how wide it is, where a line breaks
    label, templates/      typed parts on a label; the labels of the warehouse
    protocol, conversation bytes in, status out; one print job as a state machine. No socket, no clock
    transport              the only socket that speaks to printers
    virtual/               a printer for people who have none, with faults and a journal
    draw                   ZPL as a picture, where Node and the renderer are found

>>> from printers import Barcode, Code128, Label, Text, profile_named
>>> label = Label(profile_named("zd421-203"), width_mm=76, height_mm=50)
>>> label.add(Text(4, 4, "Bob^XZ~JR", height_mm=6), Barcode(Code128("B-A-01-03"), y_mm=15, height_mm=20))
>>> b"Bob_5EXZ_7EJR" in label.zpl()
True
"""

from printers.errors import BadAnswer, BadSymbol, CannotDraw, DoesNotFit, OutOfRange, PrinterDataError
from printers.label import Barcode, Box, Label, Line, Text, Unprintable
from printers.profiles import PROFILES, PrinterProfile, PrintMode, Tracking, profile_named
from printers.symbologies import Code128, Ean13, Gs1128, Qr, check_digit, gtin, has_check_digit, sscc18

__all__ = [
    "PROFILES",
    "BadAnswer",
    "BadSymbol",
    "Barcode",
    "Box",
    "CannotDraw",
    "Code128",
    "DoesNotFit",
    "Ean13",
    "Gs1128",
    "Label",
    "Line",
    "OutOfRange",
    "PrintMode",
    "PrinterDataError",
    "PrinterProfile",
    "Qr",
    "Text",
    "Tracking",
    "Unprintable",
    "check_digit",
    "gtin",
    "has_check_digit",
    "profile_named",
    "sscc18",
]
