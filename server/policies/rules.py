"""Why: what is doubtful, where it is sent from, what waits and what is refused is configured, and decided here.

A rule set is of a kind (`KINDS`); its rules are walked in their order. A rule has a condition and one action. In a
kind where the first rule decides, that ends the walk; elsewhere all rules speak, until one lets pass or refuses. A
rule that cannot be worked out holds the order and names itself. Pure: facts come in, a verdict goes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta

from server.auth.permissions import ROLES
from server.policies.checking import MOST_STEPS
from server.policies.expressions import Broken, Condition, compiled, context
from server.policies.facts import Facts, paths
from server.policies.troubles import Trouble, Wrong

MOST_RULES: Final = 50
MOST_STEPS_OF_SET: Final = 4 * MOST_STEPS
"""Of all conditions of a rule set together."""
MOST_SHOWN: Final = 5
"""Values of one fact of the lines that are kept with a decision."""

Moment = Literal["sourcing", "capture", "payment", "release"]


class Both(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Words in both languages; without German ones the English ones are said."""

    en: Annotated[str, Meta(min_length=1, max_length=120)]
    de: Annotated[str, Meta(max_length=120)] = ""

    def said(self, language: str) -> str:
        """In that language."""
        return self.de if language == "de" and self.de else self.en


class Said(msgspec.Struct, frozen=True):
    """A sentence of the house in both languages."""

    en: str
    de: str


# --- what a rule can do --------------------------------------------------------------------------------------------


class Pass(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="pass"):
    """Nothing further of this kind is looked at."""


class Hold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="hold", kw_only=True):
    """The order waits for a person."""

    reason: Annotated[str, Meta(max_length=40, examples=["fraud_suspected"])]
    owner: Annotated[str, Meta(max_length=40, description="The role that looks after it.", examples=["supervisor"])]
    due_hours: Annotated[int, Meta(ge=1, le=720, description="Then it is escalated.", examples=[4])]


class Refuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="refuse", kw_only=True):
    """The order is not taken; the channel is told these words."""

    words: Both


class Route(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="route", kw_only=True):
    """This warehouse sends it, where the channel asked for none."""

    warehouse: Annotated[int, Meta(ge=1, le=32767)]


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="service", kw_only=True):
    """It goes by this service instead."""

    code: Annotated[str, Meta(min_length=1, max_length=64)]


class Choose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="choose", kw_only=True):
    """This policy is used: one of the kind's `choices`."""

    policy: Annotated[str, Meta(max_length=40)]


class Tag(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="tag", kw_only=True):
    """The order carries a word that people see and search."""

    text: Annotated[str, Meta(min_length=1, max_length=30, pattern=r"^[a-z0-9][a-z0-9-]*(?!\n)$")]


Action = Pass | Hold | Refuse | Route | Service | Choose | Tag


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When this is so, that is done."""

    name: Both
    when: Annotated[str, Meta(max_length=2000, description="CEL over the facts.", examples=["customer.orders == 0"])]
    then: Action


# --- the kinds -----------------------------------------------------------------------------------------------------

_KNOWN_AT_ONCE: Final = ("order", "customer", "items", "destination", "payment")
_ALL: Final = (*_KNOWN_AT_ONCE, "stock")
_JUDGE: Final = ("hold", "refuse", "tag", "pass")


class Kind(NamedTuple):
    """One kind of rule set: its words, what it decides, when, of which facts, by which actions."""

    name: str
    words: tuple[str, str]
    decides: tuple[str, str]
    moments: tuple[Moment, ...]
    facts: tuple[str, ...]
    actions: tuple[str, ...]
    first: bool = False
    choices: tuple[str, ...] = ()
    otherwise: tuple[str, str] = ("Then the order goes on.", "Dann geht der Auftrag weiter.")


_KINDS: Final = (
    Kind("routing", ("Routing", "Weg"),
         ("Which warehouse sends an order, and by which service.",
          "Welches Lager einen Auftrag versendet, und mit welcher Versandart."),
         ("sourcing",), _KNOWN_AT_ONCE, ("route", "service", "pass"), first=True,
         otherwise=("Then it goes as the channel asked, else from the first warehouse.",
                    "Dann geht er, wie der Kanal es will, sonst aus dem ersten Lager.")),
    Kind("reservation", ("Reservation", "Reservierung"),
         ("When units are promised to an order, so that nobody else is sold them.",
          "Wann einem Auftrag Stücke zugesagt sind, sodass niemand anders sie bekommt."),
         ("sourcing",), _KNOWN_AT_ONCE, ("choose", "pass"), first=True, choices=("at_capture", "when_paid"),
         otherwise=("Then units are promised at capture.", "Dann wird bei der Erfassung zugesagt.")),
    Kind("accuracy", ("Accuracy", "Richtigkeit"),
         ("Whether an order can be meant as it is.", "Ob ein Auftrag so gemeint sein kann."),
         ("capture",), _ALL, _JUDGE),
    Kind("availability", ("Availability", "Verfügbarkeit"),
         ("What happens when not everything is in stock.", "Was geschieht, wenn nicht alles vorrätig ist."),
         ("capture",), _ALL, _JUDGE),
    Kind("backorder", ("Backorder and split", "Rückstand und Teilung"),
         ("Whether a short order ships in parts or waits until it is whole.",
          "Ob ein unvollständiger Auftrag in Teilen geht oder wartet, bis er ganz ist."),
         ("capture",), _ALL, ("choose", "pass"), first=True, choices=("ship_available", "ship_complete"),
         otherwise=("Then it is as the channel asked.", "Dann gilt, was der Kanal will.")),
    Kind("address", ("Address", "Adresse"),
         ("Whether a parcel can arrive there.", "Ob ein Paket dort ankommen kann."),
         ("capture",), _ALL, _JUDGE),
    Kind("compliance", ("Compliance", "Vorschriften"),
         ("What the law and the carriers forbid: hazardous goods, countries, age.",
          "Was Gesetz und Versender verbieten: Gefahrgut, Länder, Alter."),
         ("capture",), _ALL, _JUDGE),
    Kind("credit", ("Credit", "Bonität"),
         ("Whether a customer may owe this much: limit, overdue, history.",
          "Ob jemand so viel schulden darf: Rahmen, Überfälliges, Geschichte."),
         ("capture",), _ALL, _JUDGE),
    Kind("fraud", ("Fraud signals", "Betrugszeichen"),
         ("Whether an order looks like fraud: too fast, things that do not fit, the gateway's score.",
          "Ob ein Auftrag nach Betrug aussieht: zu schnell, was nicht passt, die Risikozahl des Zahlungsanbieters."),
         ("capture", "payment"), _ALL, _JUDGE),
    Kind("release", ("Release", "Freigabe"),
         ("What is looked at once more before an order goes to the floor.",
          "Was noch einmal angesehen wird, bevor ein Auftrag auf die Fläche geht."),
         ("release",), _ALL, ("hold", "pass"), first=True),
)  # fmt: skip

KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in _KINDS}
"""Every kind, in the order in which they are decided."""

MOMENTS: Final[Mapping[Moment, tuple[str, str]]] = {
    "sourcing": ("when an order comes in, before stock is looked at",
                 "wenn ein Auftrag hereinkommt, vor dem Blick auf den Bestand"),
    "capture": ("when an order comes in", "wenn ein Auftrag hereinkommt"),
    "payment": ("when the payment is good", "wenn die Zahlung in Ordnung ist"),
    "release": ("when an order is released to the floor", "wenn ein Auftrag an die Fläche gegeben wird"),
}  # fmt: skip


# --- why an order waits --------------------------------------------------------------------------------------------


class Reason(NamedTuple):
    """A reason for which a rule may hold: words, and the permission that releases it."""

    en: str
    de: str
    permission: str = "orders.release_hold"


GUARDED: Final = "orders.release_guarded"
BROKEN: Final = "rule_broken"

REASONS: Final[Mapping[str, Reason]] = {
    "address_doubtful": Reason("The address does not look right.", "Die Adresse sieht nicht richtig aus."),
    "phone_doubtful": Reason("The phone number does not look right.", "Die Telefonnummer sieht nicht richtig aus."),
    "not_available": Reason("Not everything is in stock. Released, what there is ships.",
                            "Nicht alles ist vorrätig. Aufgehoben, geht hinaus, was da ist."),
    "order_doubtful": Reason("It can hardly be meant like this.", "So kann er kaum gemeint sein."),
    "not_permitted": Reason("It may not go there like this.", "So darf er dort nicht hin.", GUARDED),
    "age_to_check": Reason("The customer's age is to be checked.", "Das Alter ist zu prüfen."),
    "credit_doubtful": Reason("The customer may owe too much.", "Die Kundschaft schuldet vielleicht zu viel.", GUARDED),
    "fraud_suspected": Reason("It looks like fraud.", "Er sieht nach Betrug aus.", GUARDED),
    "look_before_release": Reason("Somebody looks at it before it goes to the floor.",
                                  "Jemand sieht ihn an, bevor er auf die Fläche geht."),
    BROKEN: Reason("A rule could not be worked out.", "Eine Regel ließ sich nicht auswerten.", GUARDED),
}  # fmt: skip
"""Code → why; orders adds the ones that no rule places."""

BROKEN_HOLD: Final = Hold(reason=BROKEN, owner="supervisor", due_hours=4)


# --- checking a set ------------------------------------------------------------------------------------------------


class SetFault(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong with a rule set: the field, words in both languages, in a condition also the place."""

    field: str
    en: str
    de: str
    line: int = 0
    column: int = 0


def faults(kind: Kind, rules: Sequence[Rule]) -> list[SetFault]:
    """Everything that is wrong with the rules of a set; none: it may go live."""
    found = []
    if len(rules) > MOST_RULES:
        found.append(SetFault("rules", f"A rule set has at most {MOST_RULES} rules.",
                              f"Ein Regelwerk hat höchstens {MOST_RULES} Regeln."))  # fmt: skip
    names: set[str] = set()
    steps = 0
    for at, rule in enumerate(rules[:MOST_RULES]):
        if rule.name.en in names:
            found.append(SetFault(f"rules[{at}].name", "Another rule has this name.", "So heißt schon eine Regel."))
        names.add(rule.name.en)
        found.extend(_action_faults(kind, f"rules[{at}].then", rule.then))
        try:
            steps += compiled(rule.when, kind.facts, kind.words).checked.steps
        except Wrong as wrong:
            found.append(_placed(f"rules[{at}].when", wrong.trouble))
    if steps > MOST_STEPS_OF_SET:
        found.append(SetFault("rules", f"All rules together take up to {steps} steps, {MOST_STEPS_OF_SET} are allowed.",
                              f"Alle Regeln zusammen brauchen bis zu {steps} Schritte, "
                              f"erlaubt sind {MOST_STEPS_OF_SET}."))  # fmt: skip
    return found


def _placed(field: str, trouble: Trouble) -> SetFault:
    return SetFault(field, trouble.en, trouble.de, trouble.line, trouble.column)


def _action_faults(kind: Kind, field: str, action: Action) -> list[SetFault]:
    name = str(action.__struct_config__.tag)
    if name not in kind.actions:
        listed = ", ".join(kind.actions)
        return [SetFault(field, f"This kind of rule does {listed}, not {name}.",
                         f"Diese Art Regel macht {listed}, nicht {name}.")]  # fmt: skip
    if isinstance(action, Hold) and (action.reason not in REASONS or action.reason == BROKEN):
        return [_choice(f"{field}.reason", action.reason, [each for each in REASONS if each != BROKEN])]
    if isinstance(action, Hold) and action.owner not in ROLES:
        return [_choice(f"{field}.owner", action.owner, list(ROLES))]
    if isinstance(action, Choose) and action.policy not in kind.choices:
        return [_choice(f"{field}.policy", action.policy, list(kind.choices))]
    return []


def _choice(field: str, got: str, choices: Sequence[str]) -> SetFault:
    listed = ", ".join(choices)
    return SetFault(field, f"There is no {got}. There is: {listed}.", f"{got} gibt es nicht. Es gibt: {listed}.")


# --- deciding ------------------------------------------------------------------------------------------------------


class Ready(NamedTuple):
    """A rule that can be worked out, or why it cannot any more."""

    rule: Rule
    condition: Condition | None
    trouble: str


class LiveSet(NamedTuple):
    """The rules that decide now, compiled, and the facts that they look at."""

    kind: Kind
    version: int
    rules: tuple[Ready, ...]
    facts: frozenset[str]


class Matched(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule that spoke: its name, what it does, the values that it looked at, and why it broke where it did."""

    rule: Both
    then: Action
    because: dict[str, Any] = {}
    broken: str = ""


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one kind's rules said of an order, and which version they were."""

    kind: str
    version: int
    matched: list[Matched] = []


def ready(kind: Kind, version: int, rules: Sequence[Rule]) -> LiveSet:
    """The rules compiled. One that no longer fits the facts is kept with its trouble: it will hold orders."""
    made, facts = [], set[str]()
    for rule in rules:
        try:
            condition = compiled(rule.when, kind.facts, kind.words)
        except Wrong as wrong:
            made.append(Ready(rule, None, str(wrong)))
        else:
            facts |= condition.checked.facts
            made.append(Ready(rule, condition, ""))
    return LiveSet(kind, version, tuple(made), frozenset(facts))


class Told:
    """The facts of one order, made ready once for all rule sets.

    `looked_at`: those that any of them looks at; without it all are made ready, which takes longer than the rules.
    """

    def __init__(self, facts: Facts, looked_at: frozenset[str] | None = None) -> None:
        self.values: dict[str, Any] = msgspec.to_builtins(facts)
        self._wanted = None if looked_at is None else _by_root(looked_at)
        self.context = context({root: self._ready(root) for root in self.values})

    def learn(self, root: str, facts: msgspec.Struct) -> None:
        """Says what was not known before."""
        self.values[root] = msgspec.to_builtins(facts)
        self.context.add_variable(root, self._ready(root))

    def _ready(self, root: str) -> Any:
        known = self.values[root]
        if self._wanted is None:
            return known
        names = self._wanted.get(root, ())
        if isinstance(known, list):
            return [{name: line[name] for name in names} for line in known]
        return {name: known[name] for name in names}

    def at(self, path: str) -> Any:
        """The value of a fact; of the lines the first few different ones."""
        root, _, name = path.partition(".")
        if root.endswith("[]"):
            return list(dict.fromkeys(line[name] for line in self.values[root[:-2]]))[:MOST_SHOWN]
        return self.values[root][name]


@lru_cache(maxsize=64)
def _by_root(paths: frozenset[str]) -> Mapping[str, Sequence[str]]:
    """The names of facts by what they are facts of."""
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        root, _, name = path.partition(".")
        found.setdefault(root.removesuffix("[]"), []).append(name)
    return found


_PERSONAL: Final = frozenset(path for path, field in paths() if field.personal)


def decide(live: LiveSet, told: Told) -> Verdict:
    """What the rules of a set say of an order."""
    matched: list[Matched] = []
    for each in live.rules:
        spoke = _asked(each, told)
        if spoke is None:
            continue
        matched.append(spoke)
        if not spoke.broken and (live.kind.first or isinstance(spoke.then, Pass | Refuse)):
            break
    return Verdict(live.kind.name, live.version, matched)


def _asked(each: Ready, told: Told) -> Matched | None:
    if each.condition is None:
        return Matched(each.rule.name, BROKEN_HOLD, {}, each.trouble)
    try:
        if not each.condition.holds(told.context):
            return None
    except Broken as broken:
        return Matched(each.rule.name, BROKEN_HOLD, _because(each.condition, told), str(broken))
    return Matched(each.rule.name, each.rule.then, _because(each.condition, told))


def _because(condition: Condition, told: Told) -> dict[str, Any]:
    return {path: told.at(path) for path in sorted(condition.checked.facts - _PERSONAL)}
