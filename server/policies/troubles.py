"""Why: whoever writes a rule is told what is wrong with it at its place, in words of the floor, in both languages.

One row for each kind of trouble; `{name}` is a parameter. Pure.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec


class At(NamedTuple):
    """A place in a text, both counted from 1."""

    line: int
    column: int


class Trouble(msgspec.Struct, frozen=True):
    """What is wrong at a place of an expression: a code of TROUBLES and its parameters."""

    code: str
    line: int
    column: int
    params: dict[str, str] = {}

    @property
    def en(self) -> str:
        """In English."""
        return TROUBLES[self.code][0].format_map(self.params)

    @property
    def de(self) -> str:
        """In German."""
        return TROUBLES[self.code][1].format_map(self.params)


class Wrong(Exception):
    """An expression that is no rule's condition."""

    def __init__(self, code: str, at: At, **params: object) -> None:
        self.trouble = Trouble(code, at.line, at.column, {name: str(value) for name, value in params.items()})
        super().__init__(f"{at.line}:{at.column}: {self.trouble.en}")


TROUBLES: Final[dict[str, tuple[str, str]]] = {
    "empty": ("There is no condition. Write true for always.", "Hier steht keine Bedingung. true heißt: immer."),
    "too_long": (
        "A condition has at most {most} characters, this one has {got}.",
        "Eine Bedingung hat höchstens {most} Zeichen, diese hat {got}.",
    ),
    "too_deep": (
        "This is nested more than {most} deep. Make two rules of it.",
        "Das ist tiefer als {most}-fach verschachtelt. Mach zwei Regeln daraus.",
    ),
    "too_many_loops": (
        "Only {most} of exists, all, exists_one, map may stand inside each other.",
        "Höchstens {most} von exists, all, exists_one, map dürfen ineinander stehen.",
    ),
    "too_much_work": (
        "This takes up to {got} steps for an order of {lines} lines, at most {most} are allowed.",
        "Das braucht bei {lines} Positionen bis zu {got} Schritte, erlaubt sind {most}.",
    ),
    "strange_character": ("{got} has no meaning here.", "{got} hat hier keine Bedeutung."),
    "text_open": ("This text has no closing quotation mark.", "Diesem Text fehlt das Anführungszeichen am Ende."),
    "escape_unknown": ("There is no escape {got} in a text.", "Im Text gibt es kein {got}."),
    "number_wrong": ("{got} is no number that can be used.", "{got} ist keine brauchbare Zahl."),
    "one_equals": ("To compare, write ==.", "Zum Vergleichen == schreiben."),
    "word_for_sign": ("Write {sign} instead of {got}.", "Statt {got} bitte {sign} schreiben."),
    "unexpected": ("{got} cannot stand here, wanted {wanted}.",
                   "{got} kann hier nicht stehen, gebraucht wird {wanted_de}."),
    "unexpected_end": ("The condition ends too early, wanted {wanted}.",
                       "Die Bedingung endet zu früh, gebraucht wird {wanted_de}."),
    "name_unknown": ("There is no {got}. {hint}", "{got} gibt es nicht. {hint_de}"),
    "not_known_yet": (
        "{got} is not known yet when {kind} is decided.",
        "{got} ist noch nicht bekannt, wenn darüber entschieden wird: {kind_de}.",
    ),
    "no_facts_of": ("{got} is a single value, it has nothing called {field}.",
                    "{got} ist ein einzelner Wert und hat kein {field}."),
    "list_has_no": (
        "These are several. Use {got}.exists(i, i.{field} …) or all.",
        "Das sind mehrere. Bitte {got}.exists(i, i.{field} …) oder all verwenden.",
    ),
    "function_unknown": ("There is no function {got}. {hint}", "Die Funktion {got} gibt es nicht. {hint_de}"),
    "arguments": ("{got} wants {wanted}.", "{got} braucht {wanted}."),
    "name_taken": ("{got} is the name of a fact. Choose another one.", "{got} ist ein Fakt. Bitte anders nennen."),
    "loop_name": ("Wanted a name for the element, such as i.", "Hier gehört ein Name für das Element hin, etwa i."),
    "regex_wrong": (
        "{got} is no pattern. There are [A-Za-z], \\d, ., *, +, ?, |, ^, $, brackets and counts up to {{100}}.",
        "{got} ist kein Muster. Es gibt [A-Za-z], \\d, ., *, +, ?, |, ^, $, Klammern und Anzahlen bis {{100}}.",
    ),
    "regex_literal": ("A pattern is written out as a text.", "Ein Muster wird als Text ausgeschrieben."),
    "types_differ": ("{left} and {right} cannot be compared with {sign}.",
                     "{left} und {right} lassen sich nicht mit {sign} vergleichen."),
    "no_sum": ("{left} {sign} {right} is nothing that can be worked out.",
               "{left} {sign} {right} lässt sich nicht rechnen."),
    "wanted_type": ("Wanted {wanted}, got {got}.", "Gebraucht wird {wanted}, hier steht {got}."),
    "elements_differ": ("A list holds values of one kind, this one {left} and {right}.",
                        "Eine Liste hat Werte einer Art, diese {left} und {right}."),
    "branches_differ": ("Both sides of ? : must be of one kind, got {left} and {right}.",
                        "Beide Seiten von ? : müssen von einer Art sein, hier {left} und {right}."),
    "no_condition": (
        "A condition is true or false, this is {got}.", "Eine Bedingung ist wahr oder falsch, das hier ist {got}."),
    "refused": ("This cannot be read: {got}", "Das ist nicht lesbar: {got}"),
}  # fmt: skip
"""Code → English, German."""
