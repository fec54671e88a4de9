"""Why: a rule's text is walked before it may decide, so that its size, its names and its places are known.

This reads the part of CEL that rules are written in, and nothing more: what it takes the CEL library takes as well.
Left out on purpose: maps, bytes, unsigned numbers, null, `filter` (slow on lists of records). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from server.policies.troubles import At, Wrong

LONGEST: Final = 1000
"""Characters of a condition."""
DEEPEST: Final = 20
"""Brackets, calls and signs inside each other."""
HIGHEST: Final = 100
"""Of the whole tree: a long row of signs is high too."""
LARGEST: Final = 2**63 - 1

Plain = bool | int | float | str


class Literal(NamedTuple):
    """A value as it is written."""

    value: Plain
    at: At


class Name(NamedTuple):
    """A fact, or the element of a loop."""

    name: str
    at: At


class Select(NamedTuple):
    """`of.field`."""

    of: Node
    field: str
    at: At


class Index(NamedTuple):
    """`of[which]`."""

    of: Node
    which: Node
    at: At


class Call(NamedTuple):
    """`name(args)`, or `on.name(args)`."""

    name: str
    on: Node | None
    args: tuple[Node, ...]
    at: At


class Unary(NamedTuple):
    """`!of` or `-of`."""

    sign: str
    of: Node
    at: At


class Binary(NamedTuple):
    """`left sign right`."""

    sign: str
    left: Node
    right: Node
    at: At


class Choice(NamedTuple):
    """`test ? yes : no`."""

    test: Node
    yes: Node
    no: Node
    at: At


class Listing(NamedTuple):
    """`[a, b]`."""

    elements: tuple[Node, ...]
    at: At


Node = Literal | Name | Select | Index | Call | Unary | Binary | Choice | Listing
NODES: Final = (Literal, Name, Select, Index, Call, Unary, Binary, Choice, Listing)


class Token(NamedTuple):
    """A piece of the text: `name`, `int`, `double`, `text`, `sign` or `end`."""

    kind: str
    text: str
    value: Plain
    at: At


# --- pieces --------------------------------------------------------------------------------------------------------

_SIGNS: Final = ("&&", "||", "==", "!=", "<=", ">=", *"<>!?:+-*/%.,()[]")
_PIECE: Final = re.compile(
    r"(?P<blank>[ \t\r\n]+)|(?P<number>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<quote>[\"'])|(?P<sign>" + "|".join(re.escape(sign) for sign in _SIGNS) + ")"
)
_ESCAPES: Final = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t", "r": "\r"}
_WORDS_FOR_SIGNS: Final = {"and": "&&", "or": "||", "not": "!", "und": "&&", "oder": "||", "nicht": "!"}
_RESERVED: Final = frozenset(
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "namespace",
        "null", "package", "return", "var", "void", "while",
    }
)  # fmt: skip
END: Final = "the end"


def pieces(text: str) -> list[Token]:
    """The text in its pieces; raises Wrong for what is none."""
    found = []
    place, line, begins = 0, 1, 0
    while place < len(text):
        at = At(line, place - begins + 1)
        match = _PIECE.match(text, place)
        if match is None:
            code = "one_equals" if text[place] == "=" else "strange_character"
            raise Wrong(code, at, got=text[place] if text[place].isprintable() else repr(text[place]))
        kind, piece = str(match.lastgroup), match[0]
        place = match.end()
        if kind == "blank":
            if "\n" in piece:
                line += piece.count("\n")
                begins = match.start() + piece.rindex("\n") + 1
        elif kind == "quote":
            value, place = _text(text, place, piece, at)
            found.append(Token("text", text[match.start() : place], value, at))
        elif kind == "number":
            found.append(_number(piece, at))
        else:
            found.append(Token(kind, piece, piece, at))
    found.append(Token("end", "", "", At(line, len(text) - begins + 1)))
    return found


def _text(text: str, place: int, quote: str, at: At) -> tuple[str, int]:
    value: list[str] = []
    while place < len(text):
        char = text[place]
        if char == quote:
            return "".join(value), place + 1
        if char == "\n" or not (char.isprintable() or char == "\t"):
            break
        if char == "\\":
            escape = text[place + 1 : place + 2]
            if escape not in _ESCAPES or not escape:
                raise Wrong(
                    "escape_unknown", At(at.line, at.column + place - _begin(text, place, at)), got=f"\\{escape}"
                )
            value.append(_ESCAPES[escape])
            place += 2
            continue
        value.append(char)
        place += 1
    raise Wrong("text_open", at)


def _begin(text: str, place: int, at: At) -> int:
    """Where in the whole text the column `at` is: texts hold no line breaks."""
    return text.rfind("\n", 0, place) + at.column


def _number(piece: str, at: At) -> Token:
    if piece.isdigit():
        if int(piece) > LARGEST or (len(piece) > 1 and piece[0] == "0"):
            raise Wrong("number_wrong", at, got=piece)
        return Token("int", piece, int(piece), at)
    value = float(piece)
    if value in (float("inf"), float("-inf")):
        raise Wrong("number_wrong", at, got=piece)
    return Token("double", piece, value, at)


# --- put together --------------------------------------------------------------------------------------------------


def read(text: str) -> Node:
    """A condition as a tree; raises Wrong with the place of the first thing that is wrong."""
    if not text.strip():
        raise Wrong("empty", At(1, 1))
    if len(text) > LONGEST:
        raise Wrong("too_long", At(1, 1), most=LONGEST, got=len(text))
    root = _Reader(pieces(text)).whole()
    if _height(root) > HIGHEST:
        raise Wrong("too_deep", root.at, most=HIGHEST)
    return root


def parts(node: Node) -> Iterator[Node]:
    """Every part of a tree, itself first."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(_inside(part))


def _inside(node: Node) -> Iterator[Node]:
    for value in node:
        if isinstance(value, NODES):
            yield value
        elif isinstance(value, tuple) and not isinstance(value, At):
            yield from value


def _height(root: Node) -> int:
    """How far it is from the root to the farthest part, without climbing there by calls."""
    height, level = 0, [root]
    while level:
        height, level = height + 1, [each for node in level for each in _inside(node)]
    return height


_LEVELS: Final = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/", "%"))
"""Signs that bind weaker, before those that bind stronger."""


class _Reader:
    """Walks the pieces once, from the weakest sign inwards."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        """Everything, to the end."""
        found = self._choice()
        if self._now.kind != "end":
            raise self._unexpected("a sign such as && or ==", "ein Zeichen wie && oder ==")
        return found

    @property
    def _now(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._now
        self._next += 1
        return token

    def _is(self, *signs: str) -> bool:
        token = self._now
        return token.text in signs and (token.kind == "sign" or token.text == "in")

    def _demand(self, sign: str) -> Token:
        if not self._is(sign):
            raise self._unexpected(sign, sign)
        return self._take()

    def _unexpected(self, wanted: str, wanted_de: str) -> Wrong:
        token = self._now
        if token.kind == "end":
            return Wrong("unexpected_end", token.at, wanted=wanted, wanted_de=wanted_de)
        if token.kind == "name" and token.text.lower() in _WORDS_FOR_SIGNS:
            return Wrong("word_for_sign", token.at, got=token.text, sign=_WORDS_FOR_SIGNS[token.text.lower()])
        return Wrong("unexpected", token.at, got=token.text, wanted=wanted, wanted_de=wanted_de)

    def _deeper(self, part: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Wrong("too_deep", self._now.at, most=DEEPEST)
        found = part()
        self._depth -= 1
        return found

    def _choice(self) -> Node:
        test = self._level(0)
        if not self._is("?"):
            return test
        at = self._take().at
        yes = self._deeper(lambda: self._level(0))
        self._demand(":")
        return Choice(test, yes, self._deeper(self._choice), at)

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._level(level + 1)
        while self._is(*_LEVELS[level]):
            sign = self._take()
            left = Binary(sign.text, left, self._level(level + 1), sign.at)
        return left

    def _unary(self) -> Node:
        if not self._is("!", "-"):
            return self._member()
        sign = self._take()
        return Unary(sign.text, self._deeper(self._unary), sign.at)

    def _member(self) -> Node:
        found = self._primary()
        while self._is(".", "["):
            sign = self._take()
            if sign.text == "[":
                found = Index(found, self._deeper(self._choice), sign.at)
                self._demand("]")
                continue
            name = self._name()
            if self._is("("):
                found = Call(name.text, found, self._listed("(", ")"), name.at)
            else:
                found = Select(found, name.text, name.at)
        return found

    def _name(self) -> Token:
        if self._now.kind != "name" or self._now.text in ("true", "false", "in") or self._now.text in _RESERVED:
            raise self._unexpected("a name", "ein Name")
        return self._take()

    def _listed(self, opens: str, closes: str) -> tuple[Node, ...]:
        self._demand(opens)
        found: list[Node] = []
        while not self._is(closes):
            if found:
                self._demand(",")
            found.append(self._deeper(self._choice))
        self._take()
        return tuple(found)

    def _primary(self) -> Node:
        token = self._now
        if token.kind in ("int", "double", "text"):
            return Literal(self._take().value, token.at)
        if token.kind == "name" and token.text in ("true", "false"):
            return Literal(self._take().text == "true", token.at)
        if token.kind == "name" and token.text.lower() not in _WORDS_FOR_SIGNS:
            name = self._name()
            return Call(name.text, None, self._listed("(", ")"), name.at) if self._is("(") else Name(name.text, name.at)
        if self._is("("):
            self._take()
            inner = self._deeper(self._choice)
            self._demand(")")
            return inner
        if self._is("["):
            return Listing(self._listed("[", "]"), token.at)
        raise self._unexpected("a fact, a value or (", "ein Fakt, ein Wert oder (")
