"""Why: whoever runs a shop writes its words; what they write can name an order's facts and do nothing else.

A template is text with names in braces: `{order.number}`. `{{` and `}}` are braces. There is nothing to compute, no
attribute and no format to reach: a name is looked up in the table of `fields`, or the template is not saved. A line
whose names all turn out to be empty is left out. Pure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from server.core.refusal import Fault
from server.notify.fields import FIELDS, Field

_PIECES: Final = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_BRACES: Final = {"{{": "{", "}}": "}"}

Values = Mapping[str, str | Sequence[str]]
"""What each name stands for: a text, or several lines."""


class Name(NamedTuple):
    """A name in braces, and where it stands: line and column from 1."""

    name: str
    line: int
    column: int


Line = Sequence[str | Name]


def faults(field: str, template: str, known: Mapping[str, Field]) -> Iterator[Fault]:
    """What is wrong in a template, each with its place; `known` are the names that it may use."""
    for number, text in enumerate(template.split("\n"), 1):
        for found in _PIECES.finditer(text):
            place: dict[str, str | int] = {"line": number, "column": found.start() + 1}
            if found[0] in _BRACES:
                continue
            if found[1] is None:
                yield Fault(
                    field, "{line}:{column} A brace stands alone; two of them mean one.", "{{ }}", found[0], place
                )
            elif found[1] not in known:
                said = (
                    "{line}:{column} {name} is not known at this moment of an order."
                    if found[1] in FIELDS
                    else "{line}:{column} {name} is no name."
                )
                name = found[1][:40]
                yield Fault(field, said, ", ".join(known), name, {**place, "name": f"{{{name}}}"})


def lines(template: str) -> list[Line]:
    """A template in pieces, line by line. Braces that stand alone are taken as they are."""
    return [list(_pieces(text, number)) for number, text in enumerate(template.split("\n"), 1)]


def _pieces(text: str, number: int) -> Iterator[str | Name]:
    at = 0
    for found in _PIECES.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        at = found.end()
        yield _BRACES.get(found[0], found[0]) if found[1] is None else Name(found[1], number, found.start() + 1)
    if at < len(text):
        yield text[at:]


def one_line(template: str, values: Values) -> str:
    """A subject: whatever it is made of, it is one line."""
    parts = (
        piece if isinstance(piece, str) else _flat(values, piece.name) for line in lines(template) for piece in line
    )
    return " ".join("".join(each if each.isprintable() else " " for each in "".join(parts)).split())


def plain(template: str, values: Values) -> str:
    """The text of a message."""
    kept = (_plain(line, values) for line in _kept(template, values))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() + "\n"


def _plain(line: Line, values: Values, *, flat: bool = False) -> str:
    if not flat and (listed := _list(line, values)):
        return "\n".join(f"- {each}" for each in listed)
    return "".join(piece if isinstance(piece, str) else _flat(values, piece.name) for piece in line)


def rich(template: str, values: Values, *, language: str, title: str, colour: str) -> str:
    """The same as HTML: every text escaped, lists as lists, links as links. `colour` is `#rrggbb`, for the title."""
    body = "\n".join(_paragraphs(_kept(template, values), values))
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{html.escape(title)}</title></head>\n'
        '<body style="margin:0;padding:24px;background:#f3f5f8;color:#0e1620;'
        'font:16px/1.5 system-ui,sans-serif">\n'
        '<div style="max-width:36em;margin:0 auto;padding:24px;background:#ffffff;border-radius:14px;'
        f'border-top:6px solid {html.escape(colour)}">\n'
        f"<p><strong>{html.escape(title)}</strong></p>\n{body}\n</div>\n</body>\n</html>\n"
    )


def _paragraphs(kept: Iterable[Line], values: Values) -> Iterator[str]:
    open_: list[str] = []
    for line in kept:
        listed = _list(line, values)
        if line and not listed:
            open_.append("".join(_escaped(piece, values) for piece in line))
            continue
        if open_:
            yield f"<p>{'<br>'.join(open_)}</p>"
            open_ = []
        if listed:
            yield f"<ul>{''.join(f'<li>{html.escape(each)}</li>' for each in listed)}</ul>"
    if open_:
        yield f"<p>{'<br>'.join(open_)}</p>"


def _escaped(piece: str | Name, values: Values) -> str:
    if isinstance(piece, str):
        return html.escape(piece)
    said = html.escape(_flat(values, piece.name))
    is_link = FIELDS[piece.name].kind == "link" and said
    return f'<a href="{said}">{said}</a>' if is_link else said


def _kept(template: str, values: Values) -> Iterator[Line]:
    """The lines that say something: without those whose names all stand for nothing."""
    for line in lines(template):
        names = [piece.name for piece in line if isinstance(piece, Name)]
        if not names or any(values.get(name) for name in names):
            yield line


def _list(line: Line, values: Values) -> Sequence[str]:
    """The lines that a name alone on its line stands for; nothing where it is not so."""
    if len(line) != 1 or isinstance(line[0], str):
        return ()
    found = values.get(line[0].name, "")
    return () if isinstance(found, str) else found


def _flat(values: Values, name: str) -> str:
    found = values.get(name, "")
    return found if isinstance(found, str) else ", ".join(found)
