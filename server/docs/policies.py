"""The facts that rules may speak of, the kinds of rules, and the sets that are live as delivered, as a page."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from server.docs.text import markdown, table
from server.policies import checking, grammar, saying
from server.policies.defaults import DEFAULTS
from server.policies.facts import paths, tree
from server.policies.rules import KINDS, MOMENTS, MOST_RULES, MOST_STEPS_OF_SET, REASONS, Kind

_ABOUT = f"""
A rule is a condition and what is done when it holds. Conditions are written in the Common Expression Language over the
facts below: `order.total_minor > 50000 && customer.orders == 0`, `items.exists(i, i.hazmat != "")`. Signs:
`&& || ! == != < <= > >= + - * / % in ? :`, lists `["DE", "AT"]`. Functions:
{", ".join(f"`{each}`" for each in checking.FUNCTIONS)}.
A pattern for `matches` is written out and has `[A-Za-z]`, `\\d`, `.`, `* + ?`, `|`, brackets and counts.

Checked when it is saved: every name, every type, that it says true or false, at most {grammar.LONGEST:,} characters,
{grammar.DEEPEST} brackets deep, {checking.MOST_LOOPS} of `exists`, `all`, `exists_one`, `map` inside each other,
{checking.MOST_STEPS:,} steps for an order of {checking.MOST_LINES} lines; a set has at most {MOST_RULES} rules and
{MOST_STEPS_OF_SET:,} steps.

A rule that breaks all the same (a division by nought, an index beyond the end) holds the order for `rule_broken` and
names itself.

Every fact is always there; one that is not known yet has the value that its description names.
""".strip()


def page() -> str:
    """Kinds, facts, reasons, and what is delivered."""
    return markdown("Rules", _ABOUT, *_kinds(), *_facts(), *_reasons(), *_delivered())


def _kinds() -> Iterator[str]:
    yield from ("", "## Kinds, in the order in which they are decided", "")
    yield from table(("kind", "decides", "when", "does", "which rule"), map(_kind, KINDS.values()))


def _kind(kind: Kind) -> tuple[str, ...]:
    does = ", ".join((*kind.actions, *(f"`{each}`" for each in kind.choices)))
    when = "; ".join(MOMENTS[each][0] for each in kind.moments)
    return f"`{kind.name}`", kind.decides[0], when, does, "the first" if kind.first else "all"


def _facts() -> Iterator[str]:
    rows = [
        (f"`{path}`", str(field.type), field.what[0], f"`{msgspec.json.encode(field.example).decode()}`",
         "not kept with a decision" if field.personal else "")
        for path, field in paths()
    ]  # fmt: skip
    for root, field in tree().fields.items():
        yield from ("", f"## {root}", "", field.what[0], "")
        own = [row for row in rows if row[0].startswith((f"`{root}.", f"`{root}[]."))]
        yield from table(("fact", "type", "what", "example", ""), own)


def _reasons() -> Iterator[str]:
    yield from ("", "## Reasons for a hold", "")
    rows = ((f"`{code}`", why.en, why.de, f"`{why.permission}`") for code, why in REASONS.items())
    yield from table(("reason", "English", "Deutsch", "released by"), rows)


def _delivered() -> Iterator[str]:
    yield from ("", "## As delivered (version 0)", "")
    for kind, rules in DEFAULTS.items():
        for rule in rules:
            yield f"- **{KINDS[kind].words[0]}, {rule.name.en}**: `{rule.when}`: {saying.action(rule.then, 'en')}"
