"""Why: scan-to-verify: nothing leaves that was not scanned, into the box it belongs to, with the weight it should have.

Procedure at a station: (1) scan a tote, its orders appear (`totes`); (2) scan every item, it goes into its order's
carton, which opens by itself in the suggested size (`items`, `cartons`); (3) at the last one the carton is complete
and its label is wanted (the later room `shipping` asks for it); (4) weigh (`weights`); (5) scan the label. Items are
facts: what cannot be booked is set aside. Off the straight way: `shorts`, `undo`, `cancels`.
"""
