"""Why: where in somebody's JSON a value stands is written down in a few signs that anybody can read. Pure.

order.number                a member of a member
lines[0].sku                the first of a list
lines[].sku                 of each of a list: in the fields of lines
first + " " + last          values and texts beside each other
"web"                       a text that is always the same
['order number'].value      a name that has other signs than letters, digits, _ and -
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

_STEP: Final = re.compile(
    r"""(?:^|\.)(?P<name>[A-Za-z_@$][\w-]*)|\[(?P<index>\d{1,4})\]|\[(?P<each>)\]|\[(?P<q>['"])(?P<quoted>[^'"]{1,100})(?P=q)\]""",
    re.ASCII,
)
_TEXT: Final = re.compile(r'"([^"]*)"')
EACH: Final = None
"""The step `[]`."""
MOST_DEEP: Final = 12

Steps = tuple[str | int | None, ...]


class BadPath(ValueError):
    """It is no expression; says where it ends to be one."""


class Text(NamedTuple):
    """A text that is always the same."""

    text: str


class Path(NamedTuple):
    """Where a value stands."""

    steps: Steps

    @property
    def list(self) -> Steps | None:
        """The list of whose every member it speaks."""
        return self.steps[: self.steps.index(EACH)] if EACH in self.steps else None


Expression = tuple[Text | Path, ...]


def parse(text: str) -> Expression:
    """What an expression means; BadPath for none."""
    parts = tuple(_part(each.strip()) for each in _split(text))
    if not parts:
        raise BadPath("nothing")
    return parts


def _split(text: str) -> Iterator[str]:
    """At each plus sign outside quotes."""
    at, quote = 0, ""
    for index, sign in enumerate(text):
        if sign in "'\"":
            quote = "" if quote == sign else quote or sign
        elif sign == "+" and not quote:
            yield text[at:index]
            at = index + 1
    if text.strip():
        yield text[at:]


def _part(text: str) -> Text | Path:
    if found := _TEXT.fullmatch(text):
        return Text(found[1])
    steps: list[str | int | None] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise BadPath(text[at : at + 20])
        if found["index"] is not None:
            steps.append(int(found["index"]))
        else:
            steps.append(EACH if found["each"] is not None else found["name"] or found["quoted"])
        at = found.end()
    if not steps or len(steps) > MOST_DEEP or steps.count(EACH) > 1:
        raise BadPath(text[:20] or "nothing")
    return Path(tuple(steps))


def value(expression: Expression, of: Any, index: int = 0) -> Any:
    """What stands there, None where nothing does; `index` counts in the list of `[]`. Several parts are one text."""
    if len(expression) == 1:
        return _one(expression[0], of, index)
    return "".join(shown(_one(part, of, index)) for part in expression).strip()


def shown(found: Any) -> str:
    """A value as a text; nothing, lists and objects are none."""
    if isinstance(found, bool):
        return "true" if found else "false"
    return str(found) if isinstance(found, str | int | float) else ""


def _one(part: Text | Path, of: Any, index: int) -> Any:
    if isinstance(part, Text):
        return part.text
    for step in part.steps:
        at = index if step is EACH else step
        if isinstance(at, int):
            of = of[at] if isinstance(of, list) and at < len(of) else None
        else:
            of = of.get(at) if isinstance(of, dict) else None
    return of


def length(steps: Steps, of: Any) -> int:
    """How many stand in the list there."""
    found = _one(Path(steps), of, 0) if steps else of
    return len(found) if isinstance(found, list) else 0
