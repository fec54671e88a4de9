"""Why: whoever must follow a rule reads it in words, not in signs: what happens, who lets it go, by when.

A condition's tree is said with the facts' own words; actions and moments by tables. Made from the rules that are
live, so that a page never tells of yesterday's. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from server.auth.permissions import PERMISSIONS
from server.core.words import Language
from server.policies.checking import check, path_of
from server.policies.facts import Record, Type, paths, tree
from server.policies.grammar import Binary, Call, Choice, Index, Listing, Literal, Name, Node, Select, Unary
from server.policies.rules import REASONS, Action, Choose, Hold, Kind, Pass, Refuse, Route, Said, Service
from server.policies.troubles import At, Wrong

ROLE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "picker": ("a picker", "eine Pickkraft"),
    "packer": ("a packer", "eine Packkraft"),
    "receiver": ("the receiving dock", "der Wareneingang"),
    "supervisor": ("the shift lead", "die Schichtleitung"),
    "desk": ("the order desk", "die Auftragsannahme"),
    "integrator": ("whoever connects other systems", "wer andere Systeme anbindet"),
    "operator": ("the operator", "der Betrieb"),
    "admin": ("an administrator", "die Administration"),
}

POLICY_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "at_capture": ("units are promised at once", "Stücke werden sofort zugesagt"),
    "when_paid": ("units are promised when the payment is good",
                  "Stücke werden zugesagt, wenn die Zahlung in Ordnung ist"),
    "ship_available": ("what there is ships, the rest follows", "was da ist, geht; der Rest folgt"),
    "ship_complete": ("it waits until everything is there", "er wartet, bis alles da ist"),
}  # fmt: skip

_SIGNS: Final[Mapping[str, tuple[str, str]]] = {
    "&&": ("{a} and {b}", "{a} und {b}"),
    "||": ("{a} or {b}", "{a} oder {b}"),
    "==": ("{a} is {b}", "{a} ist {b}"),
    "!=": ("{a} is not {b}", "{a} ist nicht {b}"),
    "<": ("{a} is less than {b}", "{a} ist kleiner als {b}"),
    "<=": ("{a} is at most {b}", "{a} ist höchstens {b}"),
    ">": ("{a} is more than {b}", "{a} ist größer als {b}"),
    ">=": ("{a} is at least {b}", "{a} ist mindestens {b}"),
    "in": ("{a} is one of {b}", "{a} ist eines von {b}"),
    "+": ("{a} plus {b}", "{a} plus {b}"),
    "-": ("{a} minus {b}", "{a} minus {b}"),
    "*": ("{a} times {b}", "{a} mal {b}"),
    "/": ("{a} divided by {b}", "{a} geteilt durch {b}"),
    "%": ("the rest of {a} by {b}", "der Rest von {a} durch {b}"),
    "!": ("not so: {a}", "nicht so: {a}"),
    "neg": ("minus {a}", "minus {a}"),
    "index": ("number {b} of {a}, counted from 0", "Nummer {b} von {a}, ab 0 gezählt"),
    "choice": ("{b} if {a}, else {c}", "{b}, wenn {a}, sonst {c}"),
    "size": ("the length of {a}", "die Länge von {a}"),
    "startsWith": ("{a} begins with {b}", "{a} beginnt mit {b}"),
    "endsWith": ("{a} ends with {b}", "{a} endet mit {b}"),
    "contains": ("{a} contains {b}", "{a} enthält {b}"),
    "matches": ("{a} fits the pattern {b}", "{a} passt auf das Muster {b}"),
    "exists": ("for at least one of {a}: {b}", "{a}, mindestens einmal: {b}"),
    "all": ("for each of {a}: {b}", "{a}, jedes Mal: {b}"),
    "exists_one": ("for exactly one of {a}: {b}", "{a}, genau einmal: {b}"),
    "map": ("of each of {a}: {b}", "{a}, jeweils: {b}"),
    "turned": ("{a} as {b}", "{a} als {b}"),
    "true": ("always", "immer"),
    "false": ("never", "nie"),
}
"""Signs and functions in a sentence."""

_ACTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "pass": ("nothing further is looked at here", "hier wird nichts weiter angesehen"),
    "hold": ("it is held: {reason} {owner} looks after it within {hours} h, then it is escalated. "
             "Released by: {releases}.",
             "er wird gesperrt: {reason} Zuständig: {owner}, innerhalb von {hours} h, danach wird eskaliert. "
             "Aufheben darf: {releases}."),
    "refuse": ("it is not taken, and the channel is told: {words}",
               "er wird nicht angenommen, und der Kanal erfährt: {words}"),
    "route": ("warehouse {warehouse} sends it", "Lager {warehouse} versendet ihn"),
    "service": ("it goes by {code}", "er geht mit {code}"),
    "choose": ("{policy}", "{policy}"),
    "tag": ("it is marked “{text}”", "er wird als „{text}“ markiert"),
}  # fmt: skip

_BINDS: Final = {"||": 1, "&&": 2}
_MINOR: Final = "_minor"
_FIELDS: Final = dict(paths())


def condition(kind: Kind, text: str, language: Language) -> str:
    """A condition in words; as it is written where it cannot be read."""
    try:
        root = check(text, kind.facts, kind.words).tree
    except Wrong:
        return text
    return _Voice(language).say(root, {})


class _Voice:
    """Says a tree in one language."""

    def __init__(self, language: Language) -> None:
        self._de = language == "de"

    def say(self, node: Node, names: Mapping[str, tuple[Type, str]], minor: bool = False) -> str:
        """A part in words; `minor`: a number beside an amount is an amount."""
        if isinstance(node, Literal):
            return self._literal(node, minor)
        if isinstance(node, Name | Select):
            return self._fact(node, names)
        if isinstance(node, Index):
            return self._put("index", a=self.say(node.of, names), b=self.say(node.which, names))
        if isinstance(node, Unary):
            return self._put("!" if node.sign == "!" else "neg", a=self.say(node.of, names, minor))
        if isinstance(node, Binary):
            return self._binary(node, names)
        if isinstance(node, Choice):
            return self._put("choice", a=self.say(node.test, names), b=self.say(node.yes, names, minor),
                             c=self.say(node.no, names, minor))  # fmt: skip
        if isinstance(node, Listing):
            return ", ".join(self.say(each, names, minor) for each in node.elements)
        return self._call(node, names)

    def _put(self, sign: str, **parts: str) -> str:
        return _SIGNS[sign][self._de].format_map(parts)

    def _literal(self, node: Literal, minor: bool) -> str:
        if isinstance(node.value, bool):
            return self._put(str(node.value).lower())
        if isinstance(node.value, str):
            return f"„{node.value}“" if self._de else f"“{node.value}”"
        if isinstance(node.value, int):
            text = f"{node.value / 100:,.2f}" if minor else f"{node.value:,}"
        else:
            text = f"{node.value:,}"
        return text.translate(str.maketrans(",.", ".,")) if self._de else text

    def _fact(self, node: Name | Select, names: Mapping[str, tuple[Type, str]]) -> str:
        path = path_of(node, names) or ""
        if path in _FIELDS:
            return _FIELDS[path].words[self._de]
        root = tree().fields.get(path)
        return path if root is None else root.words[self._de]

    def _binary(self, node: Binary, names: Mapping[str, tuple[Type, str]]) -> str:
        minor = any((path_of(side, names) or "").endswith(_MINOR) for side in _leaves(node))
        said = []
        for side in (node.left, node.right):
            words = self.say(side, names, minor)
            inner = _BINDS.get(side.sign, 9) if isinstance(side, Binary) else 9
            said.append(f"({words})" if inner < _BINDS.get(node.sign, 0) else words)
        return self._put(node.sign, a=said[0], b=said[1])

    def _call(self, node: Call, names: Mapping[str, tuple[Type, str]]) -> str:
        if node.name in ("int", "double", "string"):
            return self._put("turned", a=self.say(node.args[0], names), b=node.name)
        on, *args = (node.on, *node.args) if node.on is not None else node.args
        if node.name in ("exists", "all", "exists_one", "map") and isinstance(args[0], Name):
            path = path_of(on, names)
            inner = {**names, args[0].name: (Record("", {}), f"{path}[]" if path else "")}
            body = self.say(args[1], inner)
            return self._put(node.name, a=self.say(on, names), b=body)
        return self._put(node.name, a=self.say(on, names), b=self.say(args[0], names) if args else "")


def _leaves(node: Node) -> list[Node]:
    """The values that a comparison is about, through sums."""
    if isinstance(node, Binary) and node.sign not in ("&&", "||", "*", "/", "%"):
        return [*_leaves(node.left), *_leaves(node.right)]
    return [node]


def fact(path: str) -> Said:
    """What a fact is called; its path where it is none any more."""
    field = _FIELDS.get(path)
    return Said(path, path) if field is None else Said(*field.words)


def value(path: str, found: object) -> Said:
    """A value of a fact as people write it."""
    return Said(_written(path, found, "en"), _written(path, found, "de"))


def _written(path: str, found: object, language: Language) -> str:
    if isinstance(found, list):
        return ", ".join(_written(path, each, language) for each in found)
    if isinstance(found, bool):
        return _YES[language][found]
    if isinstance(found, str):
        return found or "–"
    return _Voice(language).say(Literal(found, At(1, 1)), {}, path.endswith(_MINOR))  # type: ignore[arg-type]


_YES: Final[Mapping[Language, tuple[str, str]]] = {"en": ("no", "yes"), "de": ("nein", "ja")}


def does(then: Action) -> Said:
    """What a rule does, in both languages."""
    return Said(action(then, "en"), action(then, "de"))


def action(then: Action, language: Language) -> str:
    """What a rule does, in words."""
    de = language == "de"
    text = _ACTIONS[str(then.__struct_config__.tag)][de]
    if isinstance(then, Hold):
        reason = REASONS[then.reason]
        return text.format(
            reason=reason.de if de else reason.en,
            owner=_capital(ROLE_WORDS[then.owner][de]),
            hours=then.due_hours,
            releases=releases(reason.permission, language),
        )
    if isinstance(then, Refuse):
        return text.format(words=then.words.said(language))
    if isinstance(then, Route):
        return text.format(warehouse=then.warehouse)
    if isinstance(then, Service):
        return text.format(code=then.code)
    if isinstance(then, Choose):
        return text.format(policy=POLICY_WORDS[then.policy][de])
    return text if isinstance(then, Pass) else text.format(text=then.text)


def releases(permission: str, language: Language) -> str:
    """Who may let go what needs this permission, in words."""
    roles = PERMISSIONS[permission].roles
    return ", ".join(words[language == "de"] for role, words in ROLE_WORDS.items() if role in roles)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
