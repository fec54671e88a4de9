"""Why: the cards of a warehouse in the words of its people, for the sheets that are printed at the set-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from printers.paper import cards
from printers.paper.cards import Command
from printers.paper.sheet import Box, Sheet
from server.core.barcodes import command
from server.setup.schemas import Card, Order

_COMMANDS: Final = (
    ("DONE", "Done with this stop", "Mit diesem Halt fertig"),
    ("SHORT", "Not enough in the bin", "Zu wenig im Fach"),
    ("DAMAGED", "This one is damaged", "Dieses ist beschädigt"),
    ("SKIP", "Come back to this stop later", "Später wiederkommen"),
    ("UNDO", "Take back the last scan", "Letzten Scan zurücknehmen"),
    ("FULL", "The tote is full", "Die Wanne ist voll"),
    ("YES", "Yes", "Ja"),
    ("NO", "No", "Nein"),
    ("CLOSE", "Close the carton", "Karton schließen"),
    ("NEW_CARTON", "Take another carton", "Neuen Karton nehmen"),
    ("REPRINT", "Print the label again", "Etikett noch einmal drucken"),
    ("HELP", "Call the supervisor", "Hilfe rufen"),
)
"""Name as in `%CMD:NAME:`, what it does, the same in German."""

COMMANDS: Final = tuple(Command(name, command(name), english, german) for name, english, german in _COMMANDS)
"""What can be scanned instead of pressed; nothing that cannot be undone, nothing privileged."""


class Kind(NamedTuple):
    """A sheet: its title, what stands beside it, cards across and down, and how one is drawn."""

    title: str
    note: str
    across: int
    down: int
    draw: Callable[[Sheet, Box, Card], None]


def _badge(sheet: Sheet, box: Box, card: Card) -> None:
    cards.badge(sheet, box, cards.Badge(card.name, card.note, card.barcode))


def _bin(sheet: Sheet, box: Box, card: Card) -> None:
    cards.bin(sheet, box, cards.Bin(card.name, card.note, card.barcode))


def _place(sheet: Sheet, box: Box, card: Card) -> None:
    cards.place(sheet, box, cards.Place(card.name, card.note, card.barcode))


def _cart(sheet: Sheet, box: Box, card: Card) -> None:
    cards.cart(sheet, box, cards.Cart(card.name, card.slots))


def _tote(sheet: Sheet, box: Box, card: Card) -> None:
    cards.tote(sheet, box, card.name)


def _command(sheet: Sheet, box: Box, card: Card) -> None:
    english, german = card.note.split("\n")
    cards.command(sheet, box, Command(card.name, card.barcode, english, german))


KINDS: Final[Mapping[str, Kind]] = {
    "badges": Kind("Badges · Ausweise", "cut out, wear it; the PIN stands nowhere", 2, 6, _badge),
    "bins": Kind("Bins · Plätze", "one on each bin, digits to read out", 3, 10, _bin),
    "places": Kind("Stations and places · Stationen", "pack stations, receiving, staging", 2, 5, _place),
    "carts": Kind("Carts · Wagen", "slots by number, colour and shape", 2, 5, _cart),
    "totes": Kind("Totes · Wannen", "one on each short side", 3, 10, _tote),
    "commands": Kind("Commands · Befehle", "scan instead of pressing", 2, 6, _command),
}
"""What can be printed."""

COMMAND_CARDS: Final = [Card(each.name, each.barcode, f"{each.english}\n{each.german}") for each in COMMANDS]


def drawn(order: Order) -> bytes:
    """The sheet as a PDF; a sheet without cards says so on its one page."""
    kind = KINDS[order.kind]
    sheet = Sheet(f"{order.of}: {kind.title}", order.of)
    sheet.grid(kind.title, kind.note, order.cards, kind.across, kind.down, kind.draw)
    return sheet.finish()
