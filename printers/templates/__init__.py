"""Why: each paper of the warehouse is one module: what it says (a frozen dataclass) and where it stands.

shipping.carton_label(profile, Carton(...))    4 x 6 inch or A6
bin.bin_label(profile, Bin(...))               a shelf
tote.tote_label(profile, Tote(...))            a tote or another handling unit
badge.badge_label(profile, Badge(...))         a person
test_label.printer_test_label(profile, PrinterTest(...))   "does this printer print well?"
"""
