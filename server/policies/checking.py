"""Why: a rule that would break at night, in front of a customer's order, is refused by day, while it is being written.

A condition's tree is held against the facts: every name, every type, every function, the steps it may take, and that
it says true or false. What passes can at run time only divide by nought, overflow, count beyond a list's end or turn
a text into a number that is none. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from math import prod
from typing import Final, NamedTuple

from server.policies.facts import Field, ListOf, Record, Type, tree
from server.policies.grammar import Binary, Call, Choice, Index, Listing, Literal, Name, Node, Select, Unary, read
from server.policies.troubles import At, Wrong

MOST_LOOPS: Final = 2
"""exists, all, exists_one, map inside each other."""
MOST_LINES: Final = 200
"""Lines of an order, so elements of `items`."""
MOST_STEPS: Final = 10_000
"""Of one condition; a step takes about a microsecond."""
MOST_PATTERN: Final = 200
MOST_REPEATED: Final = 100
"""What a pattern's counts in braces multiply to: beyond that it is slow to prepare."""
_PATTERN_STEPS: Final = 300
"""A pattern is prepared at every use."""
_CLASS = re.compile(r"\\[^\W_d]")
"""Escapes other than of signs and `\\d`: their tables hold every alphabet of the world and are slow to prepare."""
_COUNTS = re.compile(r"\{(\d+)(?:,(\d*))?\}")
LOOPS: Final = ("exists", "all", "exists_one", "map")

_NUMBERS: Final = ("int", "double")
_OF_TEXT: Final = ("startsWith", "endsWith", "contains", "matches")
_TURNS: Final[Mapping[str, tuple[str, ...]]] = {
    "int": ("double", "string"),
    "double": ("int", "string"),
    "string": ("int", "double", "bool"),
}
FUNCTIONS: Final = ("size", *_OF_TEXT, *LOOPS, *_TURNS)
"""Everything that can be called."""


class Checked(NamedTuple):
    """A condition that holds: its tree, the facts that it looks at, and the steps it may take."""

    tree: Node
    facts: frozenset[str]
    steps: int


def check(text: str, known: Iterable[str], kind: tuple[str, str] = ("this", "dies")) -> Checked:
    """Reads and checks a condition that may speak of the `known` roots (`order`, `items`, …).

    `kind` is what it decides, in words of both languages. Raises Wrong with the place.
    """
    root = read(text)
    walk = _Walk(frozenset(known), kind)
    found, steps = walk.look(root, {})
    if found != "bool":
        raise Wrong("no_condition", _at(root), got=_said(found))
    if steps > MOST_STEPS:
        raise Wrong("too_much_work", _at(root), got=steps, lines=MOST_LINES, most=MOST_STEPS)
    return Checked(root, frozenset(walk.facts), steps)


def _at(node: Node) -> At:
    return node.at


def _said(kind: Type) -> str:
    if isinstance(kind, ListOf):
        return f"list of {_said(kind.of)}" if kind.of != "" else "empty list"
    return kind.name if isinstance(kind, Record) else kind


def _numeric(*kinds: Type) -> bool:
    return all(kind in _NUMBERS for kind in kinds)


def _alike(left: Type, right: Type) -> bool:
    if isinstance(left, ListOf) and isinstance(right, ListOf):
        return "" in (left.of, right.of) or _alike(left.of, right.of)
    return left == right or _numeric(left, right)


_Names = Mapping[str, tuple[Type, str]]
"""The elements of the loops around: name → type, path."""


class _Walk:
    """Goes through a tree once; each step gives a type and the steps it takes."""

    def __init__(self, known: frozenset[str], kind: tuple[str, str]) -> None:
        self.facts: set[str] = set()
        self._known = known
        self._kind = kind
        self._loops = 0

    def look(self, node: Node, names: _Names) -> tuple[Type, int]:
        """The type of a part and the steps it takes; raises Wrong."""
        if isinstance(node, Literal):
            return _type_of(node), 1
        if isinstance(node, Name):
            return self._name(node, names)
        if isinstance(node, Select):
            return self._select(node, names)
        if isinstance(node, Index):
            return self._index(node, names)
        if isinstance(node, Call):
            return self._call(node, names)
        if isinstance(node, Unary):
            return self._unary(node, names)
        if isinstance(node, Binary):
            return self._binary(node, names)
        if isinstance(node, Choice):
            return self._choice(node, names)
        return self._listing(node, names)

    # --- names

    def _name(self, node: Name, names: _Names) -> tuple[Type, int]:
        if node.name in names:
            return names[node.name][0], 1
        field = tree().fields.get(node.name)
        if field is None:
            raise _unknown("name_unknown", node.at, node.name, (*names, *sorted(self._known)))
        if node.name not in self._known:
            raise Wrong("not_known_yet", node.at, got=node.name, kind=self._kind[0], kind_de=self._kind[1])
        return field.type, 1

    def _select(self, node: Select, names: _Names) -> tuple[Type, int]:
        kind, steps = self.look(node.of, names)
        if isinstance(kind, ListOf):
            raise Wrong("list_has_no", node.at, got=path_of(node.of, names) or "list", field=node.field)
        if not isinstance(kind, Record):
            raise Wrong("no_facts_of", node.at, got=_said(kind), field=node.field)
        field: Field | None = kind.fields.get(node.field)
        if field is None:
            path = path_of(node.of, names) or kind.name
            raise _unknown("name_unknown", node.at, f"{path}.{node.field}", kind.fields, node.field)
        if (looked_at := path_of(node, names)) is not None:
            self.facts.add(looked_at)
        return field.type, steps + 1

    def _index(self, node: Index, names: _Names) -> tuple[Type, int]:
        kind, steps = self.look(node.of, names)
        index, more = self.look(node.which, names)
        if not isinstance(kind, ListOf):
            raise Wrong("wanted_type", node.at, wanted="list", got=_said(kind))
        if index != "int":
            raise Wrong("wanted_type", _at(node.which), wanted="int", got=_said(index))
        return kind.of, steps + more + 1

    # --- what is worked out

    def _unary(self, node: Unary, names: _Names) -> tuple[Type, int]:
        kind, steps = self.look(node.of, names)
        wanted = ("bool",) if node.sign == "!" else _NUMBERS
        if kind not in wanted:
            raise Wrong("wanted_type", _at(node.of), wanted=" or ".join(wanted), got=_said(kind))
        return kind, steps + 1

    def _binary(self, node: Binary, names: _Names) -> tuple[Type, int]:
        left, steps = self.look(node.left, names)
        right, more = self.look(node.right, names)
        told = {"left": _said(left), "right": _said(right), "sign": node.sign}
        if node.sign in ("&&", "||"):
            for side, kind in ((node.left, left), (node.right, right)):
                if kind != "bool":
                    raise Wrong("wanted_type", _at(side), wanted="bool", got=_said(kind))
            return "bool", steps + more + 1
        if node.sign in ("==", "!="):
            if not _alike(left, right) or isinstance(left, Record):
                raise Wrong("types_differ", node.at, **told)
            return "bool", steps + more + 1
        if node.sign == "in":
            if (
                not isinstance(right, ListOf)
                or isinstance(left, Record)
                or not (right.of == "" or _alike(left, right.of))
            ):
                raise Wrong("types_differ", node.at, **told)
            return "bool", steps + more + _length(node.right)
        if node.sign in ("<", "<=", ">", ">="):
            if not (_numeric(left, right) or left == right == "string"):
                raise Wrong("types_differ", node.at, **told)
            return "bool", steps + more + 1
        return self._sum(node, left, right, told), steps + more + 1

    def _sum(self, node: Binary, left: Type, right: Type, told: Mapping[str, str]) -> Type:
        allowed = {"+": ("int", "double", "string"), "%": ("int",)}.get(node.sign, _NUMBERS)
        if left != right or left not in allowed:
            raise Wrong("no_sum", node.at, **told)
        return left

    def _choice(self, node: Choice, names: _Names) -> tuple[Type, int]:
        test, steps = self.look(node.test, names)
        if test != "bool":
            raise Wrong("wanted_type", _at(node.test), wanted="bool", got=_said(test))
        yes, first = self.look(node.yes, names)
        no, second = self.look(node.no, names)
        if yes != no:
            raise Wrong("branches_differ", node.at, left=_said(yes), right=_said(no))
        return yes, steps + first + second + 1

    def _listing(self, node: Listing, names: _Names) -> tuple[Type, int]:
        kinds: list[Type] = []
        steps = 1
        for element in node.elements:
            kind, more = self.look(element, names)
            if kinds and kind != kinds[0]:
                raise Wrong("elements_differ", _at(element), left=_said(kinds[0]), right=_said(kind))
            kinds.append(kind)
            steps += more
        return ListOf(kinds[0] if kinds else ""), steps

    # --- functions

    def _call(self, node: Call, names: _Names) -> tuple[Type, int]:
        if node.name == "size":
            return self._size(node, names)
        if node.on is not None and node.name in LOOPS:
            return self._loop(node, names)
        if node.on is not None and node.name in _OF_TEXT:
            return self._text(node, names)
        if node.on is None and node.name in _TURNS:
            return self._turn(node, names)
        raise _unknown("function_unknown", node.at, node.name, FUNCTIONS)

    def _size(self, node: Call, names: _Names) -> tuple[Type, int]:
        given = node.args if node.on is None else (node.on, *node.args)
        if len(given) != 1:
            raise Wrong("arguments", node.at, got="size", wanted="1")
        kind, steps = self.look(given[0], names)
        if not isinstance(kind, ListOf) and kind != "string":
            raise Wrong("wanted_type", _at(given[0]), wanted="list or string", got=_said(kind))
        return "int", steps + 1

    def _text(self, node: Call, names: _Names) -> tuple[Type, int]:
        if node.on is None or len(node.args) != 1:
            raise Wrong("arguments", node.at, got=node.name, wanted="1")
        steps = 1
        for part in (node.on, node.args[0]):
            kind, more = self.look(part, names)
            steps += more
            if kind != "string":
                raise Wrong("wanted_type", _at(part), wanted="string", got=_said(kind))
        if node.name == "matches":
            _pattern(node.args[0])
            steps += _PATTERN_STEPS
        return "bool", steps

    def _turn(self, node: Call, names: _Names) -> tuple[Type, int]:
        if len(node.args) != 1:
            raise Wrong("arguments", node.at, got=node.name, wanted="1")
        kind, steps = self.look(node.args[0], names)
        if kind not in _TURNS[node.name]:
            raise Wrong("wanted_type", _at(node.args[0]), wanted=" or ".join(_TURNS[node.name]), got=_said(kind))
        return node.name, steps + 1

    def _loop(self, node: Call, names: _Names) -> tuple[Type, int]:
        assert node.on is not None
        if len(node.args) != 2:
            raise Wrong("arguments", node.at, got=node.name, wanted="2")
        element, body = node.args
        over, steps = self.look(node.on, names)
        if not isinstance(over, ListOf):
            raise Wrong("wanted_type", _at(node.on), wanted="list", got=_said(over))
        if not isinstance(element, Name):
            raise Wrong("loop_name", _at(element))
        if element.name in tree().fields or element.name in names or element.name in FUNCTIONS:
            raise Wrong("name_taken", element.at, got=element.name)
        self._loops += 1
        if self._loops > MOST_LOOPS:
            raise Wrong("too_many_loops", node.at, most=MOST_LOOPS)
        path = path_of(node.on, names)
        kind, each = self.look(body, {**names, element.name: (over.of, f"{path}[]" if path else "")})
        self._loops -= 1
        if node.name != "map" and kind != "bool":
            raise Wrong("wanted_type", _at(body), wanted="bool", got=_said(kind))
        if node.name == "map" and isinstance(kind, Record):
            raise Wrong("wanted_type", _at(body), wanted="string or int", got=_said(kind))
        weight = 8 if node.name == "map" else 1  # a list is copied for every element that is put to it
        found: Type = ListOf(kind) if node.name == "map" else "bool"
        return found, steps + _length(node.on) * (each + 1) * weight


def _type_of(node: Literal) -> Type:
    if isinstance(node.value, bool):
        return "bool"
    return {int: "int", float: "double", str: "string"}[type(node.value)]


def _length(node: Node) -> int:
    """How many elements a list may have."""
    return max(len(node.elements), 1) if isinstance(node, Listing) else MOST_LINES


def path_of(node: Node, names: _Names) -> str | None:
    """The path of a fact as the docs name it, `items[].sku`; None for what is worked out."""
    if isinstance(node, Name):
        return names[node.name][1] or None if node.name in names else node.name
    if isinstance(node, Select):
        of = path_of(node.of, names)
        return None if of is None else f"{of}.{node.field}"
    if isinstance(node, Index):
        of = path_of(node.of, names)
        return None if of is None else f"{of}[]"
    return None


def _pattern(node: Node) -> None:
    if not isinstance(node, Literal) or not isinstance(node.value, str):
        raise Wrong("regex_literal", _at(node))
    try:
        if len(node.value) > MOST_PATTERN:
            raise ValueError("too long")
        re.compile(node.value)
        if prod(int(high or low) for low, high in _COUNTS.findall(node.value)) > MOST_REPEATED:
            raise ValueError("too often")
        if _CLASS.search(node.value):
            raise ValueError("too large a class")
    except (re.error, ValueError, RecursionError, OverflowError) as error:
        raise Wrong("regex_wrong", node.at, got=node.value[:60]) from error


def _unknown(code: str, at: At, got: str, known: Iterable[str], part: str | None = None) -> Wrong:
    """Says what is not there, and what it may have meant."""
    names = list(known)
    near = get_close_matches(part or got, names, n=1, cutoff=0.6)
    before = got.rpartition(".")[0]
    listed = [f"{before}.{each}" if before and part else each for each in (near or names)]
    shown = ", ".join(listed[:20])
    hint = f"Did you mean {shown}?" if near else f"There is: {shown}."
    hint_de = f"Ist {shown} gemeint?" if near else f"Es gibt: {shown}."
    return Wrong(code, at, got=got[:80], hint=hint, hint_de=hint_de)
