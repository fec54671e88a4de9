"""Why: what is wrong with a row, and what was assumed of a file, is said in words, in both languages, in one table."""

from __future__ import annotations

from typing import Final, NamedTuple

from server.core.words import Language


class Told(NamedTuple):
    """A sentence in both languages. `{…}` are parameters."""

    en: str
    de: str

    def say(self, language: Language) -> str:
        """The sentence in this language."""
        return self.de if language == "de" else self.en


FAULTS: Final[dict[str, Told]] = {
    # --- of a row
    "row_too_long": Told("This row is longer than any may be.", "Diese Zeile ist länger, als eine sein darf."),
    "quote_wrong": Told(
        "A quotation mark is not closed, or something follows the closing one.",
        "Ein Anführungszeichen wird nicht geschlossen, oder nach dem schließenden folgt noch etwas.",
    ),
    "too_many_cells": Told("This row has more cells than any may have.", "Diese Zeile hat mehr Felder als erlaubt."),
    "nul": Told(
        "This row holds a character that is no text (NUL).", "Diese Zeile enthält ein Zeichen, das kein Text ist (NUL)."
    ),
    "cell_too_long": Told("A cell of this row is too long.", "Ein Feld dieser Zeile ist zu lang."),
    "cells_missing": Told(
        "This row has fewer cells than the header. Was the file cut off?",
        "Diese Zeile hat weniger Felder als die Kopfzeile. Ist die Datei abgeschnitten?",
    ),
    "cells_more": Told("This row has more cells than the header.", "Diese Zeile hat mehr Felder als die Kopfzeile."),
    "beside_unreadable": Told(
        "A row beside it cannot be read and may belong to it.",
        "Eine Zeile daneben ist nicht lesbar und gehört vielleicht dazu.",
    ),
    "comes_back": Told(
        "It stood further up already. Rows that belong together stand together.",
        "Das stand weiter oben schon. Zusammengehörige Zeilen stehen beieinander.",
    ),
    "twice": Told("It stands in this file twice.", "Das steht in dieser Datei zweimal."),
    "another_value": Told(
        "This differs from the first row of the same order.", "Das weicht von der ersten Zeile desselben Auftrags ab."
    ),
    # --- of a cell
    "empty": Told("This cell must not be empty.", "Dieses Feld darf nicht leer sein."),
    "lost": Told("A character cannot be read in this encoding.", "Ein Zeichen ist in dieser Kodierung nicht lesbar."),
    "wrong": Told("This cannot be meant.", "Das kann nicht gemeint sein."),
    "control": Told("This text holds control characters.", "Dieser Text enthält Steuerzeichen."),
    "decimals": Told(
        "So many decimals this currency does not have.", "So viele Nachkommastellen hat diese Währung nicht."
    ),
    "unknown": Told("Nobody knows this.", "Das ist nicht bekannt."),
    "taken": Told("This belongs to another one already.", "Das gehört schon zu einem anderen."),
    "sum": Told("It adds up to another sum.", "Das ergibt eine andere Summe."),
    "not_tracked": Told(
        "This item is kept without it: leave the cell empty.", "Der Artikel wird ohne das geführt: Feld leer lassen."
    ),
    "virtual": Told(
        "Such a place closes the books and is not made by a file.",
        "So ein Platz schließt die Bücher und kommt nicht aus einer Datei.",
    ),
    "receipt_ended": Told(
        "This delivery has arrived or was called off.", "Diese Lieferung ist eingetroffen oder abgesagt."
    ),
    "receipt_arrived": Told("More of it has arrived already.", "Davon ist schon mehr eingetroffen."),
    "refused": Told("This cannot be taken.", "Das kann nicht angenommen werden."),
    "broken": Told(
        "It could not be written; the log says more.", "Es ließ sich nicht schreiben; mehr steht im Protokoll."
    ),
    # --- of a file
    "file_empty": Told("The file is empty.", "Die Datei ist leer."),
    "file_binary": Told(
        "This is no text file. Save the table as CSV.", "Das ist keine Textdatei. Speichere die Tabelle als CSV."
    ),
    "file_gone": Told(
        "The file is no longer there. Bring it in again.", "Die Datei ist nicht mehr da. Lade sie neu hoch."
    ),
    "file_stuck": Told(
        "It failed again and again; the log says why.", "Es ging immer wieder schief; im Protokoll steht, warum."
    ),
    "column_missing": Told("This column is missing.", "Diese Spalte fehlt."),
    "column_twice": Told("Two columns mean the same.", "Zwei Spalten bedeuten dasselbe."),
}
"""Every fault by its code."""

SKIPPED: Final[dict[str, Told]] = {
    "items": Told("The item is here just as this row says.", "Den Artikel gibt es schon genau so."),
    "bins": Told("The bin is here just as this row says.", "Den Platz gibt es schon genau so."),
    "stock": Told(
        "The bin holds this item already, or got its opening stock before.",
        "Der Platz hat den Artikel schon oder bekam bereits Anfangsbestand.",
    ),
    "receipts": Told("The delivery is announced just so.", "Die Lieferung ist schon genau so angekündigt."),
    "orders": Told("The order is here already.", "Den Auftrag gibt es schon."),
}
"""Why a row is left out though nothing is wrong with it, by the kind of the import."""

OUTCOMES: Final[dict[str, Told]] = {
    "made": Told("taken in", "übernommen"),
    "changed": Told("changed", "geändert"),
    "skipped": Told("skipped, it is here already", "übersprungen, schon da"),
    "faulty": Told("not taken", "nicht übernommen"),
    "undone": Told("from here on nothing was done", "ab hier ist nichts geschehen"),
}
"""What became of a record, in the report."""

NOTES: Final[dict[str, Told]] = {
    "assumed": Told(
        "Nothing in the file says how its letters are encoded, and it is not UTF-8. Windows-1252 is assumed: look at "
        "the first rows whether umlauts are right.",
        "In der Datei steht nicht, wie ihre Zeichen kodiert sind, und UTF-8 ist es nicht. Angenommen wird "
        "Windows-1252: Sieh an den ersten Zeilen, ob die Umlaute stimmen.",
    ),
    "ignored": Told(
        "These columns are not known and are ignored: {columns}",
        "Diese Spalten sind unbekannt und werden übergangen: {columns}",
    ),
    "no_rows": Told("There is a header but no row.", "Es gibt eine Kopfzeile, aber keine weitere Zeile."),
    "already": Told("{count} are there already and are skipped.", "{count} sind schon da und werden übersprungen."),
    "holds": Told(
        "{count} rows are skipped: that bin holds this item already, or got its opening stock before.",
        "{count} Zeilen werden übersprungen: Der Platz hat den Artikel schon oder bekam bereits Anfangsbestand.",
    ),
    "held": Told(
        "{count} orders will wait for a person: address or phone number look doubtful.",
        "{count} Aufträge werden auf einen Menschen warten: Adresse oder Telefonnummer sind zweifelhaft.",
    ),
    "floor": Told(
        "Where a bin has no position, one is derived from its aisle and bay.",
        "Wo ein Platz keine Lage hat, wird sie aus Gang und Feld abgeleitet.",
    ),
    "more_skipped": Told(
        "Only the first {count} skipped rows are listed.",
        "Nur die ersten {count} übersprungenen Zeilen sind aufgeführt.",
    ),
    "more_faults": Told("Only the first {count} faults are listed.", "Nur die ersten {count} Fehler sind aufgeführt."),
}
"""Everything that is told of a file besides its faults."""


def say(table: dict[str, Told], code: str, language: Language, **params: object) -> str:
    """The sentence of a code with its parameters."""
    return table[code].say(language).format_map(params)
